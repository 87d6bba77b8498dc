"""The parts of a running tool, put together once."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet_client import AsyncTrivetClient
from trivet_client.gate import AsyncGate
from trivet_lti import database
from trivet_lti.looking import Looking
from trivet_lti.outbound import http_client
from trivet_lti.platform_keys import PlatformKeys
from trivet_lti.rechecking import Rechecker
from trivet_lti.roster import Rosters
from trivet_lti.settings import Settings
from trivet_lti.tool_key import ToolKey

PAGE_SECONDS, ROUND_SECONDS = 2.5, 60.0
"""How long a page waits for the service, and a round."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Tool:
    """What the handlers of requests work with."""

    settings: Settings
    engine: AsyncEngine
    trivet: AsyncTrivetClient
    key: ToolKey
    keys: PlatformKeys
    looking: Looking
    rechecker: Rechecker
    now: Callable[[], datetime]


@asynccontextmanager
async def running(
    settings: Settings, trivet: AsyncTrivetClient, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[Tool]:
    """Put a tool together for as long as the block lasts; `now` is the clock that all but the network goes by."""
    key = ToolKey.kept_in(settings.key)
    engine = await database.opened(settings.database)
    try:
        async with http_client() as http:
            yield _tool(settings, engine, trivet, key, http, now)
    finally:
        await engine.dispose()


def _tool(  # it is where all parts meet
    settings: Settings,
    engine: AsyncEngine,
    trivet: AsyncTrivetClient,
    key: ToolKey,
    http: httpx.AsyncClient,
    now: Callable[[], datetime],
) -> Tool:
    at_a_look = AsyncGate(
        trivet, time_limit=PAGE_SECONDS, kept_for=settings.kept_for, purpose="delivery"
    )
    in_a_round = AsyncGate(trivet, time_limit=ROUND_SECONDS, purpose="delivery")
    rosters = Rosters(http, key, now, time.monotonic)
    return Tool(
        settings=settings,
        engine=engine,
        trivet=trivet,
        key=key,
        keys=PlatformKeys(http, time.monotonic),
        looking=Looking(engine, rosters, at_a_look, now),
        rechecker=Rechecker(engine, trivet, in_a_round, settings.check_every, now),
        now=now,
    )
