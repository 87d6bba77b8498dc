"""How much a key may ask in a minute, counted for all processes together, and told in every answer.

The headers are those of draft-ietf-httpapi-ratelimit-headers; a refusal is a 429 with Retry-After (RFC 6585, RFC 9110).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import Column, Integer, String, Table, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.keys import Caller
from trivet.database import Instant, metadata
from trivet.http.problems import Problem

WINDOW = timedelta(minutes=1)
"""Windows begin with the minute."""

_STATE = "allowances"
Clock = Callable[[], datetime]

request_counts = Table(
    "request_counts",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("policy", String(20), primary_key=True),
    Column("began", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
)


class Policy(StrEnum):
    """What is counted: every request, and the questions that name a trainer, whose references can be guessed."""

    REQUESTS = "requests"
    TRAINERS = "trainers"


class Allowance(msgspec.Struct, frozen=True):
    """What is left of a policy's quota, and for how many more seconds it has to last."""

    policy: Policy
    quota: int
    taken: int
    seconds: int

    @property
    def left(self) -> int:
        """How many more may be asked in this window."""
        return max(0, self.quota - self.taken)


class Counts(Protocol):
    """Counts what each key asked in a window."""

    async def add(self, key: str, policy: Policy, window: datetime) -> int:
        """Count one more and return how many that makes; `window` is the instant (UTC) at which it began."""


class CountsInMemory:
    """The counts of the one process that answers from a SQLite file."""

    def __init__(self) -> None:
        self._window = datetime.min.replace(tzinfo=UTC)
        self._counted: dict[tuple[str, Policy], int] = {}

    async def add(self, key: str, policy: Policy, window: datetime) -> int:
        """Count one more; what was counted in another window is forgotten."""
        if window != self._window:
            self._window, self._counted = window, {}
        taken = self._counted[key, policy] = self._counted.get((key, policy), 0) + 1
        return taken


class CountsTogether:
    """The counts of all processes that answer from one PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, key: str, policy: Policy, window: datetime) -> int:
        """Count one more in the database."""
        row = {"key": key, "policy": policy.value, "began": window, "count": 1}
        counted = (
            insert(request_counts)
            .values(row)
            .on_conflict_do_update(
                index_elements=["key", "policy", "began"],
                set_={"count": request_counts.c.count + 1},
            )
            .returning(request_counts.c.count)
        )
        async with self._engine.begin() as connection:
            # A count that is lost with the server is no loss: nobody has to wait for the disk.
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            taken = await connection.scalar(counted)
        return int(taken or 0)


def counts_for(engine: AsyncEngine) -> Counts:
    """Return what counts for the processes of a database."""
    return CountsInMemory() if engine.dialect.name == "sqlite" else CountsTogether(engine)


async def forget_counts(engine: AsyncEngine, now: datetime) -> None:
    """Take the counts of windows that ended out of the database; `now` is UTC."""
    async with engine.begin() as connection:
        await connection.execute(
            delete(request_counts).where(request_counts.c.began < now - 2 * WINDOW)
        )


class Limits:
    """The quotas, and what was taken of them."""

    def __init__(self, quotas: Mapping[Policy, int], counts: Counts, clock: Clock) -> None:
        """Take how much each policy allows a key in a window, what counts, and a clock (UTC)."""
        self._quotas, self._counts, self._clock = quotas, counts, clock

    async def take(self, connection: ASGIConnection[Any, Any, Any, Any], policy: Policy) -> None:
        """Count a request of the caller's key; a Problem of 429 says when to come again if that is one too many."""
        caller: Caller = connection.user
        now = self._clock()
        window = now.replace(second=0, microsecond=0)
        seconds = max(1, int((window + WINDOW - now).total_seconds()))
        taken = await self._counts.add(caller.key, policy, window)
        allowance = Allowance(policy, self._quotas[policy], taken, seconds)
        connection.scope["state"].setdefault(_STATE, {})[policy] = allowance
        if taken > allowance.quota:
            raise Problem(
                429,
                "too_many_requests",
                f"The key may send {allowance.quota} {_COUNTED[policy]} a minute: "
                f"try again in {seconds} s, or ask many at once in a batch.",
                headers={"Retry-After": str(seconds), **_headers(connection.scope)},
            )


_COUNTED = {Policy.REQUESTS: "requests", Policy.TRAINERS: "questions that name a trainer"}


class RateLimits(ASGIMiddleware):
    """Counts every request of a key, and tells in each answer what is left."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request through while its key may send one, and add the headers to the answer."""
        if not isinstance(scope.get("user"), Caller):
            await next_app(scope, receive, send)
            return
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
        limits: Limits = connection.app.state.limits
        await limits.take(connection, Policy.REQUESTS)

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in _headers(scope).items():
                    # An operation may have told of a limit of its own.
                    headers[name] = f"{headers[name]}, {value}" if name in headers else value
            await send(message)

        await next_app(scope, receive, send_with_limits)


def _headers(scope: Scope) -> dict[str, str]:
    allowances: Mapping[Policy, Allowance] = scope["state"].get(_STATE, {})
    window = int(WINDOW.total_seconds())
    return {
        "RateLimit-Policy": ", ".join(
            f'"{a.policy}";q={a.quota};w={window}' for a in allowances.values()
        ),
        "RateLimit": ", ".join(
            f'"{a.policy}";r={a.left};t={a.seconds}' for a in allowances.values()
        ),
    }
