"""Two API processes behind one address, for tests of what has to hold whichever of them answers.

The processes live as long as the test run: each test has them open an app of its own, on a database of its own.
"""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar

from trivet.access.limits import Limits, Policy, counts_for
from trivet.app import create_app
from trivet.settings import load_settings


class FileClock:
    """A clock that shows the instant (UTC) that a file says."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text())

    def set(self, now: datetime) -> None:
        """Let it show another instant, to every process that looks at the file."""
        written = self._file.with_suffix(".new")
        written.write_text(now.isoformat())
        written.replace(self._file)


class Replicas:
    """Two processes that open apps as they are told."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.replicas"]
        self._processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
            for _ in range(2)
        ]

    def tell(self, command: str, **given: Any) -> list[Any]:
        """Have both do something, and return what each says of it."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(json.dumps({"command": command, **given}) + "\n")
            process.stdin.flush()
        return [self._said(process) for process in self._processes]

    def _said(self, process: subprocess.Popen[str]) -> Any:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline() or '{"error": "it has ended"}')
        assert "error" not in said, said["error"]
        return said["done"]

    def end(self) -> None:
        """End both."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in self._processes:
            process.wait(30)
            assert process.stdout is not None
            process.stdout.close()


@asynccontextmanager
async def one_address(ports: list[int]) -> AsyncIterator[str]:
    """Listen at one address, and hand each new connection to the next of several ports."""
    turns = itertools.cycle(ports)

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", next(turns))
        with suppress(asyncio.CancelledError):  # the test is over
            await asyncio.gather(_copy(reader, back), _copy(there, writer))

    server = await asyncio.start_server(passed_on, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


def set_quotas(app: Litestar, quotas: Mapping[str, int]) -> None:
    """Let an app allow so many requests a minute, by policy."""
    engine, clock = app.state.engine, app.state.clock
    policies = {Policy(name): quota for name, quota in quotas.items()}
    app.state.limits = Limits(policies, counts_for(engine), clock)


class _Replica:
    """What one of the processes does."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._app: Any = None

    async def open(self, environ: Mapping[str, str], clock: str) -> int:
        self._app = create_app(load_settings(environ), FileClock(Path(clock)))
        config = uvicorn.Config(self._app, port=0, log_config=None, lifespan="on")
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
            assert not self._serving.done(), "the app did not start"
        port: int = self._server.servers[0].sockets[0].getsockname()[1]
        return port

    async def refresh(self) -> None:
        await self._app.state.current.refresh()

    async def set(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            self._app.state[name] = value

    async def set_quotas(self, quotas: Mapping[str, int]) -> None:
        set_quotas(self._app, quotas)

    async def write_usage(self) -> None:
        await self._app.state.usage.write()

    async def close(self) -> None:
        assert self._server is not None
        assert self._serving is not None
        self._server.should_exit = True
        await self._serving


async def _serve() -> None:
    replica = _Replica()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what else is printed must not look like an answer
    while line := await asyncio.to_thread(sys.stdin.readline):
        given = json.loads(line)
        try:
            done = await getattr(replica, given.pop("command"))(**given)
        except Exception as error:  # noqa: BLE001 - told to the test
            said = {"error": repr(error)}
        else:
            said = {"done": done}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


if __name__ == "__main__":
    asyncio.run(_serve())
