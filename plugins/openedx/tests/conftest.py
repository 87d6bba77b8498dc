"""A small platform and a real service, for all tests."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_folder = tempfile.TemporaryDirectory(prefix="platform-")
os.environ["PLATFORM_DATABASE"] = str(Path(_folder.name) / "platform.db")
os.environ["DJANGO_SETTINGS_MODULE"] = "platform_settings"

import django  # noqa: E402 - only now are its settings there

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from platform_settings import STEPS  # noqa: E402

from beside import Trivet, serving  # noqa: E402
from trivet_client import TrivetClient  # noqa: E402


@pytest.fixture(scope="session")
def trivet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    """A service with the sample register. Whoever changes that puts it right."""
    with serving(tmp_path_factory.mktemp("trivet")) as running:
        yield running


@pytest.fixture(scope="session")
def tables() -> Iterator[None]:
    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    yield
    connection.close()
    for each in gc.get_objects():  # a client lives as long as its process, and that ends here
        if isinstance(each, TrivetClient):
            each.close()


@pytest.fixture(autouse=True)
def platform(tables: None, trivet: Trivet) -> Iterator[None]:
    """The platform with its settings; after a test nothing is left in it."""
    chosen = {"URL": trivet.url, "KEY": trivet.key, "TIME_LIMIT_SECONDS": 20}
    with override_settings(TRIVET_OPENEDX=chosen):
        yield
    call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(params=[True, False], ids=["silently", "loudly"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pipelines that fail silently, and pipelines that don't."""
    filters = {
        filter_type: {
            "pipeline": [f"trivet_openedx.steps.{step}"],
            "fail_silently": request.param,
        }
        for filter_type, step in STEPS.items()
    }
    with override_settings(OPEN_EDX_FILTERS_CONFIG=filters):
        yield
