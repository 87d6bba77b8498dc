"""The tool as it is served, in a thread of the test's process, with a clock that tests move."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from sqlalchemy import text

from trivet_client import AsyncTrivetClient
from trivet_client.retries import Retries
from trivet_lti import database, registry
from trivet_lti.app import application
from trivet_lti.settings import Settings
from trivet_lti.tool import Tool

T = TypeVar("T")

PATIENCE = 20.0

NOWHERE = "http://127.0.0.1:9"
"""Where no service answers."""


class ServingTool:
    """A running tool. `now` is its clock."""

    def __init__(self, folder: Path, trivet_url: str, key: str) -> None:
        self.later = timedelta(0)
        self.loop = asyncio.new_event_loop()
        self._config = uvicorn.Config(
            "", host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none"
        )
        self._socket = self._config.bind_socket()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.settings = Settings(url=self.url, folder=folder, loopback=True)
        trivet = AsyncTrivetClient(trivet_url, key, timeout=5, retries=Retries(attempts=1))
        self._app = application(self.settings, trivet, self.now, pause=None)
        self._config.app = self._app
        self._server = uvicorn.Server(self._config)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    @property
    def tool(self) -> Tool:
        tool: Tool = self._app.state.tool
        return tool

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the tool's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def register(self, **told: Any) -> str:
        """Register a platform, and return its id. One that had its port in an earlier test goes."""

        async def add() -> str:
            async with database.writing(self.tool.engine) as connection:
                for each in await registry.every(connection):
                    if each.issuer == told["issuer"]:
                        await registry.remove(connection, each.id)
                return (await registry.add(connection, **told)).id

        return self.run(add())

    def rows(self, query: str, **asked: str) -> list[Any]:
        """Return what the database has."""

        async def read() -> list[Any]:
            async with self.tool.engine.connect() as connection:
                return list((await connection.execute(text(query), asked)).all())

        return self.run(read())

    def round(self) -> None:
        """Make the round that the tool makes by itself every minute."""
        self.run(self.tool.rechecker.round())

    @contextmanager
    def serving(self) -> Iterator["ServingTool"]:
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        started = threading.Event()
        while not self._server.started:
            assert thread.is_alive(), "the tool did not start"
            started.wait(0.01)
        try:
            yield self
        finally:
            self._server.should_exit = True
            thread.join(PATIENCE)
            self._socket.close()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._server.serve([self._socket]))
        finally:
            self.loop.close()
