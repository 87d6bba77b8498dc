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
    due,
    record,
    release,
)
from trivet.alerts.endpoints import sealed_secrets
from trivet.alerts.events import Event
from trivet.alerts.journal import events_numbered
from trivet.alerts.outbound import Answered, Outbound
from trivet.alerts.sealing import Sealing, Unsealed
from trivet.database import reading, writing, writing_alone
from trivet.ids import new_id

LOOKED_EVERY = 0.5
"""How often it is looked for what is due while nothing is under way, in seconds."""

GATHERED_FOR = 0.03
"""How long it is waited, once a try ended, for others to be kept with it, in seconds."""

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
                await self._turn_and_rest(stopping)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=ENDS_WITHIN)
            await self._end()
        finally:
            stopping.cancel()

    async def _turn_and_rest(self, stopping: "asyncio.Task[Any]") -> None:
        """Take a turn, and rest until a try ends, or for a while: something may have become due meanwhile."""
        waiting = {stopping}
        try:
            await self.turn()
        except Exception:  # noqa: BLE001 - a database that is busy now may not be the next time
            _log.exception("could not send what is due; trying again")
        else:
            waiting |= {*self._under_way}
        await asyncio.wait(waiting, timeout=LOOKED_EVERY, return_when=asyncio.FIRST_COMPLETED)
        # Others end soon after the first: what came of them all is kept together.
        await asyncio.wait({stopping}, timeout=GATHERED_FOR)

    async def turn(self, *, takes: bool = True) -> int:
        """Keep what came of the tries that ended, and take what is due; return how much was taken."""
        done = [task for task in self._under_way if task.done()]
        if not done and not (takes and await self._anything_due()):
            return 0
        busy = Counter(c.endpoint for task, c in self._under_way.items() if task not in done)
        async with writing(self._engine) as connection:
            now = self._clock()  # it may have taken a while until it could write
            lost = await record(connection, self._worker, [task.result() for task in done], now)
            taken: Sequence[Claimed] = []
            if takes:
                taken = await claim(connection, self._worker, busy, self._room, now)
            # Read before what was taken is committed: what can't be begun isn't taken either.
            to_send = await self._to_send(connection, taken, now)
        for task in done:
            del self._under_way[task]
        self._start(to_send)
        for endpoint, by in lost.items():
            async with writing_alone(self._engine) as connection:
                await disable(connection, endpoint, by, now)
        return len(taken)

    async def _anything_due(self) -> bool:
        async with reading(self._engine) as connection:
            return bool(await due(connection, self._clock(), 1))

    async def _to_send(
        self, connection: AsyncConnection, taken: Sequence[Claimed], now: datetime
    ) -> Sequence["_ToSend"]:
        if not taken:
            return []
        events = await events_numbered(connection, {claimed.event for claimed in taken})
        sealed = await sealed_secrets(connection, {claimed.endpoint for claimed in taken}, now)
        secrets = {endpoint: self._unsealed(endpoint, kept) for endpoint, kept in sealed.items()}
        bodies = {number: rendered(event) for number, event in events.items()}
        return [
            _ToSend(
                claimed,
                events[claimed.event].id,
                bodies[claimed.event],
                secrets[claimed.endpoint],
            )
            for claimed in taken
        ]

    def _unsealed(self, endpoint: str, sealed: Sequence[str]) -> Sequence[str] | None:
        try:
            return self._sealing.open_all(sealed)
        except Unsealed as error:
            _log.error("%s: %s", endpoint, error)
            return None

    def _start(self, to_send: Sequence["_ToSend"]) -> None:
        for one in to_send:
            sent = self._try(one.claimed, one.event, one.body, one.secrets)
            self._under_way[asyncio.create_task(sent)] = one.claimed

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

    async def _end(self) -> None:
        """Keep what came of what ended, and give back the rest: it may have arrived, and comes again under its id."""
        try:
            await self.turn(takes=False)
            left = {claimed.id for claimed in self._under_way.values()}
            if left:
                async with writing(self._engine) as connection:
                    await release(connection, self._worker, left)
        except Exception:  # noqa: BLE001 - whoever ends must end; what it had is another's after a while
            _log.exception("could not give back what was under way")
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            self._under_way.clear()


class _ToSend(msgspec.Struct, frozen=True):
    """A delivery with all that it takes to send it; the secrets are None where they can't be read."""

    claimed: Claimed
    event: str
    body: bytes
    secrets: Sequence[str] | None


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
