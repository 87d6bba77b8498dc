"""Fixtures that every room's tests share."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Operator
from tests.databases import on_postgresql, postgresql
from tests.processes import environment
from tests.replicas import Replicas
from tests.service import Service, replicated_service, running_service

_UNTIL_THE_END = ExitStack()
_KEEPS = {"service", "workshop", "engine"}
"""The fixtures that keep something in a database, whichever it is."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run keep everything in PostgreSQL instead of SQLite files."""
    parser.addoption("--postgresql", action="store_true", help="keep everything in PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once: the processes that share a run's tests between them find it in the environment."""
    if config.getoption("--postgresql") and not on_postgresql():
        _UNTIL_THE_END.enter_context(postgresql())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose, for a run on PostgreSQL, the tests that keep anything there, but for those that need one process only."""
    if not on_postgresql():
        return
    kept = [
        item
        for item in items
        if _KEEPS & set(fixtures_of(item)) or item.get_closest_marker("keeps")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    for item in kept:
        marked = item.get_closest_marker("in_process")
        if marked:
            item.add_marker(pytest.mark.skip(reason=f"one process only: {marked.args[0]}"))


def fixtures_of(item: pytest.Item) -> Sequence[str]:
    """Return the names of the fixtures that a test is given, directly or not."""
    names: Sequence[str] = getattr(item, "fixturenames", ())
    return names


def pytest_unconfigure() -> None:
    """End the server with the run that started it."""
    _UNTIL_THE_END.close()


DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def replicas() -> Iterator[Replicas | None]:
    """Two processes to answer, where everything is kept in PostgreSQL; on SQLite one is all there may be."""
    two = Replicas() if on_postgresql() else None
    yield two
    if two:
        two.end()


@pytest.fixture
async def service(tmp_path: Path, replicas: Replicas | None) -> AsyncIterator[Service]:
    """The service, running in this process, or in two with PostgreSQL; nothing is mirrored yet."""
    ready: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    # In a task of its own: a lifespan has to be left in the task that entered it, and a fixture
    # is set up and taken down in two.
    async def run() -> None:
        started = replicated_service(tmp_path, replicas) if replicas else running_service(tmp_path)
        async with started as running:
            ready.set_result(running)
            await done.wait()

    task = asyncio.create_task(run())
    await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        task.result()
    yield ready.result()
    done.set()
    await task


@pytest.fixture
def register() -> dict[str, Any]:
    """The register that the labelled cases are asked of: fictional, anew for each test."""
    document: dict[str, Any] = json.loads((DATA / "cases" / "register.json").read_text())
    return document


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Someone at the command line with everything set, and nothing mirrored yet."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    return Operator(tmp_path, monkeypatch.setenv)
