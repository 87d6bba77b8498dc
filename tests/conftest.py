"""Fixtures that every room's tests share."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Operator
from tests.processes import environment
from tests.service import Service, running_service

DATA = Path(__file__).parent / "data"


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """The service, running in this process; nothing is mirrored yet."""
    ready: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    # In a task of its own: a lifespan has to be left in the task that entered it, and a fixture
    # is set up and taken down in two.
    async def run() -> None:
        async with running_service(tmp_path) as running:
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
