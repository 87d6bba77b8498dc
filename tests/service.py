"""The real service for tests: its own database, sources and keys, asked in process or over a socket."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from litestar import Litestar

from tests.databases import execute, held, rows, settings_of, tables_made
from tests.replicas import FileClock, Replicas, one_address, set_quotas
from trivet.access.keys import Scope, Secret
from trivet.access.store import Grant, add_key
from trivet.alerts.rounds import Rounds
from trivet.app import create_app
from trivet.database import connect, writing
from trivet.register.current import CurrentRegister
from trivet.register.mirror import Synced, sync
from trivet.register.sources import load_profile
from trivet.settings import Settings, load_settings

PEPPER = "a pepper for tests, and only for tests"
PROFILE = (
    'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P36500D"\n'
)

ON_LOOPBACK = {"TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8", "TRIVET_WEBHOOK_PORTS": "1-65535"}
"""Lets a receiver of webhooks be a server of the test's own."""


def environment_in(folder: Path) -> dict[str, str]:
    """Return the variables of a service whose database and sources are in a folder."""
    (folder / "sources").mkdir(exist_ok=True)
    return {
        **settings_of(folder),
        "TRIVET_SOURCES": str(folder / "sources"),
        "TRIVET_KEY_PEPPER": PEPPER,
        # A test's clock may stand still: its minute never ends.
        "TRIVET_REQUESTS_PER_MINUTE": "1000000",
        "TRIVET_TRAINER_QUESTIONS_PER_MINUTE": "1000000",
        "TRIVET_REQUESTS_AT_ONCE": "1000",
        **ON_LOOPBACK,
    }


def settings_in(folder: Path) -> Settings:
    """Return settings whose database and sources are in a folder."""
    return load_settings(environment_in(folder))


class Clock:
    """A clock that stands still until it is set; it begins at the machine's time, in UTC."""

    def __init__(self, shown: FileClock | None = None) -> None:
        """`shown` is what other processes look at."""
        self._shown = shown
        self.now = datetime.now(UTC)

    @property
    def now(self) -> datetime:
        """The instant that it shows."""
        return self._now

    @now.setter
    def now(self, now: datetime) -> None:
        self._now = now
        if self._shown:
            self._shown.set(now)

    def __call__(self) -> datetime:
        return self.now


class Running(Protocol):
    """The processes that answer, or the one that is this one."""

    async def refresh(self) -> None:
        """Have them look for a new snapshot now."""

    async def set(self, **state: Any) -> None:
        """Have them go by something else than their settings say."""

    async def set_quotas(self, **quotas: int) -> None:
        """Have them allow so many requests a minute, by policy."""

    async def write_usage(self) -> None:
        """Have them write down which keys were used."""


class InThisProcess:
    """The service as it runs in the test's own process."""

    def __init__(self, app: Litestar) -> None:
        self.app = app

    async def refresh(self) -> None:
        """Look for a new snapshot now."""
        current: CurrentRegister = self.app.state.current
        await current.refresh()

    async def set(self, **state: Any) -> None:
        """Go by something else than the settings say."""
        for name, value in state.items():
            self.app.state[name] = value

    async def set_quotas(self, **quotas: int) -> None:
        """Allow so many requests a minute, by policy."""
        set_quotas(self.app, quotas)

    async def write_usage(self) -> None:
        """Write down which keys were used."""
        await self.app.state.usage.write()


class InTwoProcesses:
    """The service as it runs in two processes behind one address."""

    def __init__(self, replicas: Replicas) -> None:
        self._replicas = replicas

    async def refresh(self) -> None:
        """Have both look for a new snapshot now."""
        self._replicas.tell("refresh")

    async def set(self, **state: Any) -> None:
        """Have both go by something else than their settings say."""
        self._replicas.tell("set", state=state)

    async def set_quotas(self, **quotas: int) -> None:
        """Have both allow so many requests a minute, by policy."""
        self._replicas.tell("set_quotas", quotas=quotas)

    async def write_usage(self) -> None:
        """Have both write down which keys were used."""
        self._replicas.tell("write_usage")


class Service:
    """A running service, and what an operator and a caller do with it."""

    def __init__(
        self, running: Running, http: httpx.AsyncClient, settings: Settings, clock: Clock
    ) -> None:
        self.running, self.http, self.settings, self.clock = running, http, settings, clock
        self.engine = connect(settings.database_url)

    @property
    def in_two_processes(self) -> bool:
        """Whether it runs in other processes than the test's own, and is asked over a socket."""
        return isinstance(self.running, InTwoProcesses)

    @property
    def app(self) -> Litestar:
        """The app itself, where it runs in this process; a test that needs it is skipped where it does not."""
        if not isinstance(self.running, InThisProcess):
            pytest.skip("looks into the process that answers")
        return self.running.app

    async def key(
        self,
        *scopes: Scope,
        account: str = "Test trust (fictional)",
        test: bool = False,
        ends: datetime | None = None,
    ) -> str:
        """Make a key; without scopes named, it may verify and read."""
        secret = Secret.new(test=test)
        async with writing(self.engine) as connection:
            await add_key(
                connection,
                secret,
                PEPPER.encode(),
                Grant(
                    expires_at=ends,
                    account=account,
                    scopes=scopes or (Scope.VERIFY, Scope.READ),
                    purpose="order",
                ),
                self.clock(),
            )
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
        key = PEPPER.encode()
        synced = await sync(
            self.engine, load_profile(file), key, self.clock, herald=Rounds(self.engine, key)
        )
        await self.running.refresh()
        return synced

    async def go_round(self) -> bool:
        """Look through the watches as the clock has it now; say whether anything can have moved."""
        return await Rounds(self.engine, PEPPER.encode()).go_round(self.clock())

    async def post(self, path: str, body: object, key: str) -> httpx.Response:
        """Send something in JSON over HTTP."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.http.post(path, json=body, headers=headers)

    def kept(self) -> int:
        """Count the verifications that were kept, in the database's own file."""
        return int(self.rows("SELECT count(*) FROM verifications")[0][0])

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, asked of the database itself; each `?` in it stands for the next value."""
        return rows(self.settings.database_url, query, *values)

    def execute(self, statement: str) -> None:
        """Change what is kept, past the service."""
        execute(self.settings.database_url, statement)

    def held(self) -> bytes:
        """Return all that is kept, as bytes."""
        return held(self.settings.database_url)

    async def ask(self, question: Mapping[str, Any], key: str) -> httpx.Response:
        """Ask one question over HTTP."""
        headers = {"Authorization": f"Bearer {key}"}
        return await self.http.post("/v1/verifications", json=question, headers=headers)


@asynccontextmanager
async def running_service(folder: Path) -> AsyncIterator[Service]:
    """Run the service in this process, with everything of its own in a folder."""
    settings, clock = settings_in(folder), Clock()
    await tables_made(settings.database_url)
    app = create_app(settings, clock)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx types scopes as plain dicts
    http = httpx.AsyncClient(transport=transport, base_url="http://service")
    async with app.lifespan(), http:
        service = Service(InThisProcess(app), http, settings, clock)
        yield service
        await service.engine.dispose()


@asynccontextmanager
async def replicated_service(folder: Path, replicas: Replicas) -> AsyncIterator[Service]:
    """Run the service in two processes behind one address, with everything of its own in a folder."""
    shown = folder / "clock"
    settings, clock = settings_in(folder), Clock(FileClock(shown))
    ports = replicas.tell("open", environ=environment_in(folder), clock=str(shown))
    try:
        # A connection for each request: the next one meets the other process.
        apart = httpx.Limits(max_keepalive_connections=0)
        async with (
            one_address(ports) as address,
            httpx.AsyncClient(base_url=address, limits=apart, timeout=60, trust_env=False) as http,
        ):
            service = Service(InTwoProcesses(replicas), http, settings, clock)
            yield service
            await service.engine.dispose()
    finally:
        replicas.tell("close")
