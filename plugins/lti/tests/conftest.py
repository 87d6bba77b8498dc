import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from browsing import Browser
from serving_tool import NOWHERE, ServingTool
from small_platform import SmallPlatform
from xdist.scheduler import LoadScopeScheduling

from beside import PATIENCE, Trivet, serving

BESIDE_A_SERVICE = frozenset(
    f"test_{name}.py"
    for name in ("choosing", "course_page", "in_a_browser", "openedx", "rechecking")
)
"""The files whose tests ask a service. One worker runs them all, so that one starts it."""


class OneForTheService(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hands out tests one by one, but those that ask a service all together."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0]).name
        return "service" if file in BESIDE_A_SERVICE else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneForTheService:
    return OneForTheService(config, log)


@pytest.fixture(scope="session")
def trivet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    with serving(tmp_path_factory.mktemp("trivet") / "service") as service:
        yield service


@pytest.fixture(scope="session")
def served(trivet: Trivet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingTool]:
    """The tool beside a service."""
    folder = tmp_path_factory.mktemp("tool")
    with ServingTool(folder, trivet.url, trivet.key).serving() as serving_tool:
        yield serving_tool


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingTool]:
    """The tool for tests in which nothing comes to be asked: where nobody is mapped, nothing is."""
    folder = tmp_path_factory.mktemp("alone")
    with ServingTool(folder, NOWHERE, "tvt_live_unused").serving() as serving_tool:
        yield serving_tool


@pytest.fixture
def tool(request: pytest.FixtureRequest) -> Iterator[ServingTool]:
    """The tool, beside a service where the file asks one, with its clock put right again afterwards."""
    kind = "served" if request.path.name in BESIDE_A_SERVICE else "alone"
    running: ServingTool = request.getfixturevalue(kind)
    yield running
    running.later *= 0


@pytest.fixture
def platform(tool: ServingTool) -> Iterator[SmallPlatform]:
    """A platform of the test's own."""
    with SmallPlatform().serving() as small:
        tool.register(**small.registration)
        yield small


@pytest.fixture
def browser(tool: ServingTool) -> Iterator[Browser]:
    one = Browser(tool)
    yield one
    one.http.close()


@pytest.fixture
def course() -> str:
    """A course that no other test has."""
    return f"course-{uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def openedx(
    served: ServingTool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The LTI consumer of Open edX in a process of its own; it and the tool are registered with each other."""
    folder = tmp_path_factory.mktemp("openedx")
    script = Path(__file__).with_name("openedx_platform.py")
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(  # noqa: S603  # our own script
            [sys.executable, script, folder, served.url], stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        assert process.stdout
        try:
            told = process.stdout.readline()
            assert told, (folder / "log").read_text()
            registered = json.loads(told)
            served.register(**registered | {"deployments": tuple(registered["deployments"])})
            yield registered
        finally:
            process.terminate()
            process.wait(PATIENCE)
