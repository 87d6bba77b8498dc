"""The real service on loopback with the fictional sample register, in a thread of its own."""

import asyncio
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypedDict

import uvicorn

from tests.databases import tables_made
from tests.service import PEPPER, environment_in, settings_in
from trivet.access.keys import Scope, Secret
from trivet.access.store import Grant, add_key
from trivet.alerts.rounds import Rounds
from trivet.app import create_app
from trivet.database import connect, writing
from trivet.people.erasure import erase
from trivet.register.mirror import sync
from trivet.register.sources import load_profiles
from trivet.sample import FOLDER
from trivet.settings import Settings, load_settings

TO_LOOPBACK = {
    "TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8",
    "TRIVET_WEBHOOK_PORTS": "1-65535",
}
"""Settings by which webhooks may go to whoever receives them on this machine."""


class Legs(TypedDict):
    """What makes training certified, named."""

    provider: str
    programme: str
    trainer: str


PASSES: Legs = {
    "provider": "certificate:SAMPLE-0001",
    "programme": "register:lf-foundation",
    "trainer": "authorisation:AUTH-01",
}
"""A question about the sample register that passes on any day until 2034."""


@dataclass(frozen=True)
class Answering:
    """Where the service answers, and with which keys."""

    url: str
    key: str
    watching_key: str
    """A key that may watch and no more."""
    folder: Path
    """Where all that is the service's own is kept."""

    def publish(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the document of the sample register, and mirror it."""
        settings = settings_in(self.folder)
        file = settings.sources_folder / "register.json"
        document = json.loads(file.read_text())
        change(document)
        file.write_text(json.dumps(document))
        asyncio.run(_mirror(settings))

    def erase(self, trainer: str) -> None:
        """Erase a trainer, as an operator does on request."""
        asyncio.run(_erase(settings_in(self.folder), trainer))


class _Announced(uvicorn.Server):
    """A server that tells when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def answering_service(folder: Path) -> Iterator[Answering]:
    """Run the service on a free port of loopback, with everything of its own in a folder.

    Its webhooks may go to loopback.
    """
    settings = load_settings({**environment_in(folder), **TO_LOOPBACK})
    for name in ("sample.toml", "register.json"):
        shutil.copy(FOLDER / name, settings.sources_folder)
    key, watching = Secret.new(test=False), Secret.new(test=False)
    asyncio.run(_prepare(settings, key, watching))
    listening = socket.create_server(("127.0.0.1", 0))
    server = _Announced(uvicorn.Config(create_app(settings), log_config=None, lifespan="on"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        assert server.ready.wait(30), "the service did not start"
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield Answering(url, str(key), str(watching), folder)
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


async def _prepare(settings: Settings, key: Secret, watching: Secret) -> None:
    now = datetime.now(UTC)
    await tables_made(settings.database_url)
    await _mirror(settings)
    engine = connect(settings.database_url)
    async with writing(engine) as connection:
        for secret, scopes in ((key, (Scope.VERIFY, Scope.READ)), (watching, (Scope.WATCH,))):
            await add_key(
                connection,
                secret,
                PEPPER.encode(),
                Grant(account="Test trust (fictional)", scopes=scopes, purpose="order"),
                now,
            )
    await engine.dispose()


async def _mirror(settings: Settings) -> None:
    engine, pepper, now = connect(settings.database_url), settings.key_pepper, datetime.now(UTC)
    for profile in load_profiles(settings.sources_folder):
        await sync(engine, profile, pepper, lambda: now, herald=Rounds(engine, pepper))
    await engine.dispose()


async def _erase(settings: Settings, trainer: str) -> None:
    engine, now = connect(settings.database_url), datetime.now(UTC)
    async with writing(engine) as connection:
        await erase(connection, {trainer}, "on request", settings.key_pepper, now)
    await engine.dispose()
