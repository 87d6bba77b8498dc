"""The plugin as its users have it: from its wheel, beside nothing of trivet but the client."""

from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_paths


def test_it_is_installed_from_its_wheel_beside_nothing_of_trivet_but_the_client() -> None:
    spec = find_spec("trivet_lti")

    assert spec
    assert spec.origin
    assert Path(spec.origin).is_relative_to(get_paths()["purelib"])
    names = {distribution.name for distribution in distributions()}
    assert {name for name in names if name.startswith("trivet")} == {
        "trivet-client",
        "trivet-lti",
    }
