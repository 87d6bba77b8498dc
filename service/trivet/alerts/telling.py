"""Telling what was found: written where it is committed, each thing once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.alerts import journal
from trivet.alerts.events import EventData, EventSource, EventType, Group, grouped
from trivet.alerts.looking import Looked, Register
from trivet.alerts.movements import VERIFICATION_CHANGED, Happening, Turn
from trivet.alerts.standing import Stands
from trivet.alerts.tables import endpoints
from trivet.alerts.watches import Watch, live_ids, remember, watches_of, watching_accounts

_STALE = "register_stale"
_NOT_BELIEVED = (
    "A reading was not believed: it differs too much from what was known. The operator decides."
)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """How far the watches were looked through: up to which London day, by which snapshot, and how the sources were."""

    number: int
    day: date
    snapshot: int | None
    erasures: int
    stale: frozenset[str] = frozenset()
    # Those of which a document waits for the operator.
    quarantined: frozenset[str] = frozenset()


async def tell_of_sources(
    connection: AsyncConnection,
    last: Round,
    coming: Round,
    as_of: Mapping[str, datetime],
    snapshot: str | None,
    now: datetime,
) -> None:
    """Tell everybody who relies on the register when it can't be trusted, and when it can again."""
    stale, fresh = coming.stale - last.stale, last.stale - coming.stale
    doubted = coming.quarantined - last.quarantined
    believed = last.quarantined - coming.quarantined - coming.stale
    told = [
        (EventType.REGISTER_QUARANTINED, doubted, "{} was read and not believed.", _NOT_BELIEVED),
        (
            EventType.REGISTER_STALE,
            stale,
            "{} has not been confirmed for too long: what rests on it can't be confirmed.",
            "It is older than it may be.",
        ),
        (EventType.REGISTER_RECOVERED, fresh | believed, "{} can be relied on again.", None),
    ]
    for kind, sources, text, why in told:
        if not sources:
            continue
        data = EventData(
            text=text.format(", ".join(sorted(sources))),
            sources=[EventSource(source=s, as_of=as_of.get(s), why=why) for s in sorted(sources)],
            snapshot=snapshot,
        )
        for account in await _relying(connection):
            await journal.add_notice(connection, account, kind, data, now)


async def _relying(connection: AsyncConnection) -> Sequence[str]:
    """Return the accounts that watch anything or have events sent to them."""
    having = await connection.scalars(
        select(endpoints.c.account)
        .where(endpoints.c.deleted_at.is_(None), endpoints.c.test.is_(False))
        .distinct()
    )
    return sorted({*having, *await watching_accounts(connection)})


async def tell_of_watches(
    connection: AsyncConnection,
    looked_at: Sequence[Looked],
    register: Register,
    snapshot: str | None,
    now: datetime,
) -> None:
    """Tell what happened to watches that were looked at, and to those that were made meanwhile; then remember them.

    In the transaction of its cause, at an instant (UTC).
    """
    live = await live_ids(connection)
    looked = {one.watch.id: one for one in looked_at if one.watch.id in live}
    for one in register.look(await watches_of(connection, live - looked.keys())):
        looked[one.watch.id] = one
    states = {identity: one.state for identity, one in looked.items()}
    watches = {identity: one.watch for identity, one in looked.items()}
    for group in grouped(affected for one in looked.values() for affected in one.affected):
        corrects = await _corrected(connection, group, watches, register)
        event = await journal.add_event(connection, group, corrects, snapshot, now)
        if group.happening.type == VERIFICATION_CHANGED:
            turn = _turn(event, group.happening)
            for member in group.affected:
                states[member.watch] = replace(states[member.watch], turn=turn)
    moved = {i: s for i, s in states.items() if not s.is_as(watches[i].state)}
    await remember(connection, moved)


def _turn(event: str, happening: Happening) -> Turn:
    stale = any(reason.code == _STALE for reason in happening.reasons)
    return Turn(event, happening.effective_on, happening.verdicts[0], stale)


async def _corrected(
    connection: AsyncConnection,
    group: Group,
    watches: Mapping[str, Watch],
    register: Register,
) -> str | None:
    """Return the event that a record's move undoes: by what is known now, it never was as that event told."""
    last, happening = await journal.last_move(connection, group), group.happening
    if last is None or happening.leg is None:
        return None
    if happening.before is happening.after is Stands.IN_FORCE:
        return last.id if str(happening.leg.ends) == last.before else None
    if happening.after is None or happening.after.value != last.before:
        return None
    watch = watches[group.affected[0].watch]
    known_now = register.standing(watch, last.effective_on).leg(happening.leg.subject)
    return last.id if known_now and known_now.stands.value == last.before else None
