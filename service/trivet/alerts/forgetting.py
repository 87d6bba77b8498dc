"""What alerts hold of people: forgotten when a person is erased, or once it was kept for long enough."""

from collections.abc import Set
from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.alerts.deliveries import forget_deliveries
from trivet.alerts.endpoints import forget_secrets
from trivet.alerts.events import Affected, EventData, EventType
from trivet.alerts.journal import add_notice, forget_old_people, forget_people_in_events
from trivet.alerts.movements import Happening
from trivet.alerts.tables import deliveries, event_watches, events, tries
from trivet.alerts.watches import (
    Ending,
    Watch,
    end_watch,
    forget_ended,
    forget_watched,
    watches_about,
)
from trivet.london import day_of
from trivet.verification.reasons import Verdict

_WHY = (
    "A watch has ended: what it watched was erased on a person's request, and can't be confirmed any more. "
    "Ask the provider or the certification body."
)


async def forget_person(connection: AsyncConnection, subjects: Set[str], now: datetime) -> int:
    """Forget a person, by the hashes of their references and numbers, in a transaction that writes alone.

    Whoever watched them is told, at an instant (UTC), that the watch has ended: by the watch's id, and nothing else.
    Returns how many watches those are.
    """
    ended = await watches_about(connection, subjects)
    for watch in ended:
        await end_watch(connection, watch.id, Ending.ERASURE, now)
    await forget_watched(connection, subjects)
    await forget_people_in_events(connection, subjects)
    await _forget_answered(connection, subjects)
    emptied = select(events.c.number).where(events.c.data.is_(None))
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.state == "pending", deliveries.c.event.in_(emptied))
        .values(state="failed", ended_at=now, claimed_by=None, claimed_until=None)
    )
    live = [watch for watch in ended if not watch.test]  # the sandbox is told nothing
    for account in sorted({watch.account for watch in live}):
        theirs = [_affected(watch, now) for watch in live if watch.account == account]
        data = EventData(text=_WHY)
        await add_notice(connection, account, EventType.WATCH_ENDED, data, now, theirs)
    return len(ended)


async def _forget_answered(connection: AsyncConnection, subjects: Set[str]) -> None:
    """Empty what receivers answered to what told of a person: some send back what they were sent."""
    told = union(
        select(events.c.number).where(events.c.person.in_(subjects)),
        select(event_watches.c.event).where(event_watches.c.person.in_(subjects)),
    )
    sent = select(deliveries.c.id).where(deliveries.c.event.in_(told))
    await connection.execute(update(tries).where(tries.c.delivery.in_(sent)).values(answer=None))


def _affected(watch: Watch, now: datetime) -> Affected:
    today, before = day_of(now), watch.state.standing.verdict
    happening = Happening(
        type=EventType.WATCH_ENDED,
        day=today,
        effective_on=today,
        provider=None,
        verdicts=(before, Verdict.CANNOT_CONFIRM),
    )
    return Affected(
        watch=watch.id,
        account=watch.account,
        watched=replace(watch.watched, reference=UNSET, trainer=UNSET),
        person=None,
        happening=happening,
    )


async def forget_old(connection: AsyncConnection, now: datetime, kept_since: datetime) -> None:
    """Empty what named people before an instant (UTC), and take away what serves no more by `now`."""
    await forget_ended(connection, kept_since)
    await forget_old_people(connection, kept_since)
    await forget_secrets(connection, now)
    await forget_deliveries(connection, now)
