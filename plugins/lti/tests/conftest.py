import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from browsing import Browser
from serving_tool import ServingTool
from small_platform import SmallPlatform

from beside import PATIENCE, Trivet, serving


@pytest.fixture(scope="session")
def trivet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    with serving(tmp_path_factory.mktemp("trivet") / "service") as service:
        yield service


@pytest.fixture(scope="session")
def served(trivet: Trivet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingTool]:
    folder = tmp_path_factory.mktemp("tool")
    with ServingTool(folder, trivet.url, trivet.key).serving() as serving_tool:
        yield serving_tool


@pytest.fixture
def tool(served: ServingTool) -> Iterator[ServingTool]:
    """The tool, with its clock put right again afterwards."""
    yield served
    served.later *= 0


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
