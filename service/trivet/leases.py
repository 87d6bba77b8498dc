"""Leases: what only one process may do at a time, on whatever machine, and what a dead one no longer holds."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, String, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import Instant, metadata, writing
from trivet.ids import new_id
from trivet.waiting import ended_within

LASTS = timedelta(seconds=10)
"""How long a lease holds unless it is renewed: as long as a killed process keeps others waiting."""

_RENEWED_EVERY = 3.0
_LOOKED_FOR_EVERY = 0.2
"""In seconds."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Instant, nullable=False),
)


class Taken(Exception):
    """Another process holds the lease; the message says until when."""


class Lost(Exception):
    """The lease lapsed, and another process may have taken it: nothing may be done under it any more."""


class Lease(msgspec.Struct, frozen=True):
    """What one holder may do alone for now."""

    name: str
    holder: str

    async def confirm(self, connection: AsyncConnection, now: datetime) -> None:
        """Make sure, within a transaction that writes, that the lease still holds; Lost if it does not.

        What is then written in the same transaction can't meet another holder's: the row of the lease is ours until the
        transaction ends. `now` is UTC.
        """
        renewed = await connection.execute(
            update(leases)
            .where(leases.c.name == self.name, leases.c.holder == self.holder)
            .values(until=now + LASTS)
        )
        if not renewed.rowcount:
            raise Lost(f"the lease {self.name} was lost: another process may be at work")


@asynccontextmanager
async def holding(
    engine: AsyncEngine, name: str, clock: Clock, patience: float = 0.0
) -> AsyncIterator[Lease]:
    """Hold a lease for as long as the block runs, renewed meanwhile.

    `patience` is how long to wait for another holder, in seconds; `clock` gives the instant (UTC).

    Raises:
        Taken: another process held it all that time.
    """
    lease = Lease(name, new_id("lea"))
    await _take(engine, lease, clock, patience)
    ended = asyncio.Event()
    renewing = asyncio.create_task(_renew(engine, lease, clock, ended))
    try:
        yield lease
    finally:
        ended.set()
        await renewing
        async with writing(engine) as connection:
            await connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.holder == lease.holder)
            )


async def _take(engine: AsyncEngine, lease: Lease, clock: Clock, patience: float) -> None:
    loop = asyncio.get_running_loop()
    given_up = loop.time() + patience
    while True:
        async with writing(engine) as connection:
            until = await _taken_until(connection, lease, clock())
        if until is None:
            return
        if loop.time() >= given_up:
            raise Taken(f"another process is at it, at the latest until {until.isoformat()}")
        await asyncio.sleep(_LOOKED_FOR_EVERY)


async def _taken_until(connection: AsyncConnection, lease: Lease, now: datetime) -> datetime | None:
    """Take the lease, or return until when another holds it."""
    held = await connection.scalar(select(leases.c.until).where(leases.c.name == lease.name))
    row = {"name": lease.name, "holder": lease.holder, "until": now + LASTS}
    if held is None:
        try:
            async with connection.begin_nested():
                await connection.execute(insert(leases), row)
        except IntegrityError:  # somebody was quicker
            return now + LASTS
        return None
    taken = await connection.execute(
        update(leases).where(leases.c.name == lease.name, leases.c.until <= now).values(row)
    )
    return None if taken.rowcount else held


async def _renew(engine: AsyncEngine, lease: Lease, clock: Clock, ended: asyncio.Event) -> None:
    while not await ended_within(ended, _RENEWED_EVERY):
        try:
            async with writing(engine) as connection:
                await lease.confirm(connection, clock())
        except Lost:
            return  # whoever works under it finds out when it comes to write
        except Exception:  # noqa: BLE001 - a database that is busy now may not be the next time
            _log.exception("could not renew the lease %s; trying again", lease.name)
