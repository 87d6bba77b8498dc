"""The real service for tests: its own database, sources and keys, asked in process or over a socket."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from sqlalchemy import make_url

from trivet.access.keys import Scope, Secret
from trivet.access.store import add_key
from trivet.app import create_app
from trivet.database import connect, upgrade, writing
from trivet.register.current import CurrentRegister
from trivet.register.mirror import Synced, sync
from trivet.register.sources import load_profile
from trivet.settings import Settings, load_settings

PEPPER = "a pepper for tests, and only for tests"
PROFILE = (
    'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P36500D"\n'
)


def settings_in(folder: Path) -> Settings:
    """Return settings whose database and sources are in a folder."""
    (folder / "sources").mkdir(exist_ok=True)
    return load_settings(
        {
            "TRIVET_DATABASE_URL": f"sqlite:///{folder / 'trivet.db'}",
            "TRIVET_SOURCES": str(folder / "sources"),
            "TRIVET_KEY_PEPPER": PEPPER,
        }
    )


class Clock:
    """A clock that stands still until it is set; it begins at the machine's time, in UTC."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class Service:
    """A running service, and what an operator and a caller do with it."""

    def __init__(self, app: Litestar, settings: Settings, clock: Clock) -> None:
        self.app, self.settings, self.clock = app, settings, clock
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx types scopes as plain dicts
        self.http = httpx.AsyncClient(transport=transport, base_url="http://service")

    async def key(
        self, *scopes: Scope, account: str = "Test trust (fictional)", test: bool = False
    ) -> str:
        """Make a key; without scopes named, it may verify and read."""
        secret = Secret.new(test=test)
        engine = connect(self.settings.database_url)
        async with writing(engine) as connection:
            await add_key(
                connection,
                secret,
                PEPPER.encode(),
                account=account,
                scopes=scopes or (Scope.VERIFY, Scope.READ),
                purpose="order",
                now=self.clock(),
            )
        await engine.dispose()
        return str(secret)

    async def publish(self, document: Mapping[str, Any], profile: str = PROFILE) -> Synced:
        """Mirror an interchange document through a profile, and answer from it at once."""
        sources = self.settings.sources_folder
        (sources / "register.json").write_text(json.dumps(document))
        return await self.sync(profile)

    async def publish_as(self, name: str, document: Mapping[str, Any]) -> Synced:
        """Mirror an interchange document as a source of its own, beside others that the register vouches for too."""
        (self.settings.sources_folder / f"{name}.json").write_text(json.dumps(document))
        return await self.sync(PROFILE.replace("register.json", f"{name}.json"), name)

    async def get(self, path: str, key: str) -> httpx.Response:
        """Read something over HTTP."""
        return await self.http.get(path, headers={"Authorization": f"Bearer {key}"})

    async def sync(self, profile: str = PROFILE, name: str = "cases") -> Synced:
        """Read what lies in the sources' folder through a profile."""
        file = self.settings.sources_folder / f"{name}.toml"
        file.write_text(profile)
        engine = connect(self.settings.database_url)
        try:
            synced = await sync(engine, load_profile(file), PEPPER.encode(), self.clock)
        finally:
            await engine.dispose()
        current: CurrentRegister = self.app.state.current
        await current.refresh()
        return synced

    def kept(self) -> int:
        """Count the verifications that were kept, in the database's own file."""
        with closing(sqlite3.connect(self.database)) as connection:
            return int(connection.execute("SELECT count(*) FROM verifications").fetchone()[0])

    @property
    def database(self) -> Path:
        """The file of the database."""
        return Path(str(make_url(self.settings.database_url).database))

    async def ask(self, question: Mapping[str, Any], key: str) -> httpx.Response:
        """Ask one question over HTTP."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.http.post("/v1/verifications", json=question, headers=headers)


@asynccontextmanager
async def running_service(folder: Path) -> AsyncIterator[Service]:
    """Run the service in this process, with everything of its own in a folder."""
    settings, clock = settings_in(folder), Clock()
    await upgrade(settings.database_url)
    app = create_app(settings, clock)
    async with app.lifespan():
        service = Service(app, settings, clock)
        async with service.http:
            yield service
