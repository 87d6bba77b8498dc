"""Recording a confirmation: a snapshot, committed with the evidence or not at all."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.ids import new_id
from trivet.leases import Lease
from trivet.london import day_of
from trivet.register import store
from trivet.register.changes import undated_alike
from trivet.register.confirmations.asked import Confirming, Fault, Refused, faults
from trivet.register.confirmations.desk import Desk, logged, preparing
from trivet.register.confirmations.doubts import Doubt, doubts
from trivet.register.confirmations.records import confirmed_record, held_record
from trivet.register.confirmations.references import Timeline
from trivet.register.confirmations.table import (
    Confirmation,
    End,
    Ending,
    add_confirmation,
    current_confirmation,
    end_confirmation,
)
from trivet.register.identifiers import comparable_id
from trivet.register.index import Index
from trivet.register.merge import Statement, Statements
from trivet.register.people import authorisation_hash, family_name_hash, person_hash
from trivet.register.publishing import Draft, Restate, publish
from trivet.register.records import (
    Authorisation,
    Kind,
)


class NothingMirrored(Exception):
    """There is no register yet for a confirmation to refer to."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation with the record as it was confirmed, the snapshot that has it, and what to look at again."""

    confirmation: Confirmation
    record: Timeline
    snapshot: str
    doubts: tuple[Doubt, ...]


class RecordedBefore(Exception):
    """The same request was sent before, and recorded then."""


First = Callable[[AsyncConnection, str, datetime], Awaitable[bool]]
"""Says, in the transaction that records, whether a request comes first: given the new id and the instant (UTC)."""


async def _always(_connection: AsyncConnection, _identity: str, _now: datetime) -> bool:
    return True


class _Overtaken(Exception):
    """Another snapshot was published since the record was looked up."""


async def record(desk: Desk, asked: Confirming, first: First = _always) -> Recorded:
    """Record what the body confirmed, and publish it, unless the same request did so before: `first` says so.

    Raises:
        Refused: something asked can't be; each fault names its field.
        NothingMirrored: there is no register that it could refer to.
        RecordedBefore: the request does not come first.
        Taken: another confirmation has been in the making for too long.
    """
    async with desk.lease() as lease:
        while True:
            wrong = [*faults(asked, day_of(desk.clock()))]
            if wrong:
                raise Refused(*wrong)
            await desk.current.refresh()
            if desk.current.index is None:
                raise NothingMirrored("no register has been mirrored yet: run `trivet sync` first")
            try:
                return await _record(desk, asked, lease, desk.current.index, first)
            except _Overtaken:
                continue


async def _record(
    desk: Desk, asked: Confirming, lease: Lease, index: Index, first: First
) -> Recorded:
    stated = confirmed_record(asked, index, desk.name_key)
    kept: list[Confirmation] = []

    async def log(connection: AsyncConnection, draft: Draft, now: datetime) -> store.Fetch:
        await lease.confirm(connection, now)
        if draft.latest is None or draft.latest.id != index.snapshot.id:
            raise _Overtaken
        await _refuse_erased(connection, stated, desk.name_key)
        confirmation = _confirmation(asked, stated.register, now, desk.by)
        if not await first(connection, confirmation.id, now):
            raise RecordedBefore
        await _replace_current(connection, confirmation)
        await add_confirmation(connection, confirmation, _person(stated, desk.name_key))
        kept.append(confirmation)
        return await logged(connection, confirmation.id, draft, now)

    prepare = preparing(desk, _restating(asked, stated, desk.name_key))
    published = await publish(
        desk.engine, prepare, log, desk.name_key, desk.clock, herald=desk.herald
    )
    before = held_record(asked.kind, index, stated.register)
    await desk.current.refresh()
    answers = desk.current.index or index
    after = held_record(asked.kind, answers, stated.register)
    looked_at = (
        doubts(
            asked,
            stated,
            before,
            after,
            today=day_of(kept[0].recorded_at),
            name_key=desk.name_key,
        )
        if after
        else ()
    )
    return Recorded(
        confirmation=kept[0],
        record=stated,
        snapshot=published.snapshot.id if published.snapshot else answers.snapshot.id,
        doubts=tuple(looked_at),
    )


def _restating(asked: Confirming, stated: Timeline, name_key: bytes) -> Restate:
    kind, key = asked.kind.of, comparable_id(stated.register)

    def restate(before: Statements, _today: date) -> Iterator[tuple[Kind, str, Statement]]:
        known = before.get(kind, {}).get(key)
        going_on = known if known and known.absent_since is None else None
        first_seen = asked.confirmed_on
        if going_on and undated_alike(going_on.record, stated):
            first_seen = min(first_seen, going_on.first_seen)
        hashed = going_on.family_name_hash if going_on else None
        if asked.family_name:
            hashed = family_name_hash(asked.family_name, name_key)
        statement = Statement(stated, first_seen, None, hashed, asked.stood_by)
        if statement != known:
            yield kind, key, statement

    return restate


def _confirmation(asked: Confirming, register: str, now: datetime, by: str | None) -> Confirmation:
    return Confirmation(
        id=new_id("cnf"),
        kind=asked.kind,
        register=register,
        recorded_at=now,
        recorded_by=by,
        confirmed_by=asked.confirmed_by.strip(),
        confirmed_on=asked.confirmed_on,
        good_until=asked.stood_by.until,
        document=asked.document,
        note=asked.note or None,
    )


async def _replace_current(connection: AsyncConnection, confirmation: Confirmation) -> None:
    """Let a confirmation take the place of the one that the record has; the later letter is the one that counts."""
    register = confirmation.register or ""
    current = await current_confirmation(connection, confirmation.kind, register)
    if current is None:
        return
    if current.confirmed_on > confirmation.confirmed_on:
        detail = (
            f"{confirmation.confirmed_on} is before {current.confirmed_on}, the day of {current.id}, "
            "which holds of this record: the later one counts, and would have to be ended first"
        )
        raise Refused(Fault("/confirmedOn", "overtaken", detail))
    reason = f"replaced by {confirmation.id}"
    end = End(Ending.REPLACED, confirmation.recorded_at, confirmation.recorded_by, reason)
    await end_confirmation(connection, current.id, end)


async def _refuse_erased(connection: AsyncConnection, stated: Timeline, name_key: bytes) -> None:
    if not isinstance(stated, Authorisation):
        return
    subjects = person_hash(stated.trainer, name_key), authorisation_hash(stated.register, name_key)
    erased = select(store.erasures.c.subject).where(store.erasures.c.subject.in_(subjects))
    if await connection.scalar(erased.limit(1)):
        detail = "this person's records were erased on request: nothing may be recorded of them"
        raise Refused(Fault("/trainer", "erased", detail))


def _person(stated: Timeline, name_key: bytes) -> str | None:
    return person_hash(stated.trainer, name_key) if isinstance(stated, Authorisation) else None
