"""Sending: a worker takes what is due, sends it at once with everything else that is, and keeps what came of it.

What is to be sent stands in the database since the change that caused it, so a worker that is killed loses nothing:
what it had in hand is another's after a while, and is sent again under the same id.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from standardwebhooks import Webhook

from trivet import __version__
from trivet.alerts.deliveries import (
    Claimed,
    Room,
    Tried,
    claim,
    disable,
    due_endpoints,
    record,
    release,
)
from trivet.alerts.endpoints import secrets_of
from trivet.alerts.events import Event
from trivet.alerts.journal import events_numbered
from trivet.alerts.outbound import Answered, Outbound
from trivet.alerts.sealing import Sealing, Unsealed
from trivet.database import reading, writing, writing_alone
from trivet.ids import new_id

LOOKED_EVERY = 0.5
"""How often it is looked for what is due while nothing is under way, in seconds."""

ENDS_WITHIN = 5.0
"""How long a worker that ends waits for answers, in seconds."""

UNREADABLE = "the secret can't be read"
"""Why nothing was sent where no key of TRIVET_SECRETS_KEY opens an endpoint's secret: it could not be signed."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Sender:
    """One worker's part in sending."""

    def __init__(
        self,
        engine: AsyncEngine,
        sealing: Sealing,
        outbound: Outbound,
        clock: Clock,
        *,
        room: Room = Room(),  # noqa: B008 - it never changes
    ) -> None:
        """Take the database, what reads secrets, the way out (opened), a clock (UTC), and how much to do at a time."""
        self._engine, self._sealing, self._outbound = engine, sealing, outbound
        self._clock, self._room = clock, room
        self._worker = new_id("wrk")
        self._under_way: dict[asyncio.Task[Tried], Claimed] = {}

    async def send_until(self, ended: asyncio.Event) -> None:
        """Send whatever is due until an end; what is under way then gets a little time, and is given back after it."""
        stopping = asyncio.create_task(ended.wait())
        try:
            while not ended.is_set():
                await self._turn_or_rest(stopping)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=ENDS_WITHIN)
            await self.turn(takes=False)
            await self._give_back()
        finally:
            stopping.cancel()

    async def _turn_or_rest(self, stopping: "asyncio.Task[Any]") -> None:
        try:
            took = await self.turn()
        except Exception:  # noqa: BLE001 - a database that is busy now may not be the next time
            _log.exception("could not send what is due; trying again")
            took = 0
        if not took or len(self._under_way) >= self._room.at_once:
            # Until a try ends, or for a while: something may have become due meanwhile.
            waiting = [stopping, *self._under_way]
            await asyncio.wait(waiting, timeout=LOOKED_EVERY, return_when=asyncio.FIRST_COMPLETED)

    async def turn(self, *, takes: bool = True) -> int:
        """Keep what came of the tries that ended, and take what is due; return how much was taken."""
        now = self._clock()
        done = [task for task in self._under_way if task.done()]
        if not done and not (takes and await self._anything_due(now)):
            return 0
        busy = Counter(c.endpoint for task, c in self._under_way.items() if task not in done)
        async with writing(self._engine) as connection:
            tried = [task.result() for task in done]
            lost = await record(connection, self._worker, tried, now)
            taken = await claim(connection, self._worker, busy, self._room, now) if takes else []
        for task in done:
            del self._under_way[task]
        for endpoint, by in lost.items():
            async with writing_alone(self._engine) as connection:
                await disable(connection, endpoint, by, now)
        if taken:
            await self._start(taken)
        return len(taken)

    async def _anything_due(self, now: datetime) -> bool:
        async with reading(self._engine) as connection:
            return bool(await due_endpoints(connection, now))

    async def _start(self, taken: Sequence[Claimed]) -> None:
        async with reading(self._engine) as connection:
            events = await events_numbered(connection, {claimed.event for claimed in taken})
            signing = {
                claimed.endpoint: await self._signing(connection, claimed.endpoint)
                for claimed in {claimed.endpoint: claimed for claimed in taken}.values()
            }
        bodies = {number: rendered(event) for number, event in events.items()}
        for claimed in taken:
            event, body = events[claimed.event], bodies[claimed.event]
            sent = self._try(claimed, event.id, body, signing[claimed.endpoint])
            self._under_way[asyncio.create_task(sent)] = claimed

    async def _signing(self, connection: AsyncConnection, endpoint: str) -> Sequence[str] | None:
        try:
            return await secrets_of(connection, endpoint, self._sealing, self._clock())
        except Unsealed as error:
            _log.error("%s: %s", endpoint, error)
            return None

    async def _try(
        self, claimed: Claimed, event: str, body: bytes, secrets: Sequence[str] | None
    ) -> Tried:
        at = self._clock()
        if secrets is None:
            answered = Answered(status=None, seconds=0.0, failure=UNREADABLE)
        else:
            headers = signed(event, body, secrets, at)
            answered = await self._outbound.send(claimed.url, headers, body)
        return Tried(
            claimed=claimed,
            at=at,
            seconds=answered.seconds,
            status=answered.status,
            failure=answered.failure,
            answer=answered.answer.decode("utf-8", "replace").replace("\0", "\ufffd"),
            retry_after=answered.retry_after,
        )

    async def _give_back(self) -> None:
        """Give back what did not end in time: it may have arrived, and is sent again under the same id."""
        left = {claimed.id for claimed in self._under_way.values()}
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._under_way.clear()
        if left:
            async with writing(self._engine) as connection:
                await release(connection, self._worker, left)


def rendered(event: Event) -> bytes:
    """Return the body that an event is sent with, in the form that endpoints are pinned to."""
    return msgspec.json.encode(event)


def signed(event: str, body: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers of a webhook sent at an instant (UTC), signed with each secret (Standard Webhooks 1.0)."""
    text = body.decode()
    signatures = [Webhook(secret).sign(event, now, text) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"trivet/{__version__}",
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
