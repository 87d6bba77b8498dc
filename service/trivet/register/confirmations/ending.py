"""Ending a confirmation: nothing rests on it any more, or never has."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import reading
from trivet.leases import Lease
from trivet.register import store
from trivet.register.confirmations.desk import Desk, logged, preparing
from trivet.register.confirmations.table import (
    Confirmation,
    End,
    Ending,
    end_confirmation,
    find_confirmation,
)
from trivet.register.identifiers import comparable_id
from trivet.register.merge import NEVER, Statement, Statements
from trivet.register.publishing import Draft, publish
from trivet.register.records import Kind


class Unknown(Exception):
    """There is no confirmation of that id."""


class Ended(Exception):
    """The confirmation has ended already; the message says when and why."""


async def end(desk: Desk, confirmation_id: str, reason: str, *, mistaken: bool) -> Confirmation:
    """End a confirmation: from today (London) on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays what the mirror knew then.

    Raises:
        Unknown, Ended: there is none of that id, or it has ended already.
        Taken: another confirmation has been in the making for too long.
    """
    async with desk.lease() as lease:
        ending = Ending.MISTAKEN if mistaken else Ending.ENDED
        ended = await _end(desk, confirmation_id, ending, reason, lease)
    await desk.current.refresh()
    return ended


async def _end(
    desk: Desk, confirmation_id: str, ending: Ending, reason: str, lease: Lease
) -> Confirmation:
    async with reading(desk.engine) as connection:
        found = await find_confirmation(connection, confirmation_id)
    if found is None:
        raise Unknown(f"there is no confirmation {confirmation_id!a}")
    if found.ending is not None:
        raise Ended(f"{found.id} has ended already ({found.ending}: {found.end_reason})")
    kind, key = found.kind.of, comparable_id(found.register or "")

    def restate(before: Statements, today: date) -> Iterator[tuple[Kind, str, Statement]]:
        known = before.get(kind, {}).get(key)
        if known and known.absent_since is None:
            since = NEVER if ending is Ending.MISTAKEN else today
            yield kind, key, replace(known, absent_since=since)

    async def log(connection: AsyncConnection, draft: Draft, now: datetime) -> store.Fetch:
        await lease.confirm(connection, now)
        await end_confirmation(connection, found.id, End(ending, now, desk.by, reason))
        return await logged(connection, found.id, draft, now)

    prepare = preparing(desk, restate)
    await publish(desk.engine, prepare, log, desk.name_key, desk.clock, herald=desk.herald)
    async with reading(desk.engine) as connection:
        return await find_confirmation(connection, confirmation_id) or found
