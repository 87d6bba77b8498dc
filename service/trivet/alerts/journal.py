"""The events of every account, as they are kept for ever: written with what caused them, read in that order."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.alerts.events import (
    MOST_WATCHES,
    REGISTER_LANE,
    VERSION,
    Affected,
    AffectedWatch,
    Event,
    EventData,
    EventType,
    Group,
    data_of,
    watch_of,
)
from trivet.alerts.standing import Stands, Subject
from trivet.alerts.tables import deliveries, endpoints, event_watches, events
from trivet.database import can_hold
from trivet.ids import new_id

_KEPT_NO_MORE = "What this was about is kept no more."
_EXTENTS = ("renewed", "shortened")


class Undone(msgspec.Struct, frozen=True):
    """The last event that told where a record moved: from which day that held, and what was before it."""

    id: str
    effective_on: date
    before: str


async def last_move(connection: AsyncConnection, group: Group) -> Undone | None:
    """Return the last event of the account that a move of the same record might undo; None if there is none."""
    happening, leg = group.happening, group.happening.leg
    if leg is None or leg.register is None or happening.notice is not None:
        return None
    extents = [f"{happening.type.partition('.')[0]}.{extent}" for extent in _EXTENTS]
    alike = events.c.type.in_(extents)
    if happening.type not in extents:
        alike = events.c.type.not_in(extents)
    rows = await connection.execute(
        select(events.c.id, events.c.effective_on, events.c.before)
        .where(
            events.c.account == group.account,
            events.c.subject_kind == leg.subject.value,
            events.c.subject == leg.register,
            events.c.before.is_not(None),
            alike,
        )
        .order_by(events.c.number.desc())
        .limit(1)
    )
    row = rows.mappings().first()
    return Undone(**row) if row else None


def before_of(group: Group) -> str | None:
    """Return what an event that undoes this one has to bring back: where the record stood, or until when it held."""
    happening = group.happening
    if happening.leg is None or happening.before is None:
        return None
    if happening.before is happening.after is Stands.IN_FORCE:
        return str(happening.ended)
    return happening.before.value


async def add_event(
    connection: AsyncConnection,
    group: Group,
    corrects: str | None,
    snapshot: str | None,
    now: datetime,
) -> str:
    """Keep the event of what happened to some watches, at an instant (UTC), and have it sent; return its id."""
    leg = group.happening.leg
    of_person = leg is not None and leg.subject is Subject.AUTHORISATION
    corrects = corrects or group.affected[0].corrects
    row = {
        "type": group.happening.type,
        "effective_on": group.happening.effective_on,
        "subject_kind": leg.subject.value if leg else None,
        "subject": leg.register if leg else None,
        "person": group.affected[0].person if of_person else None,
        "before": before_of(group),
        "lane": f"provider {group.happening.provider}",
        "corrects": corrects,
        "snapshot": snapshot,
    }
    data = data_of(group, corrects=corrects is not None)
    return await _add(connection, group.account, row, data, group.affected, now)


async def add_notice(
    connection: AsyncConnection,
    account: str,
    kind: EventType,
    data: EventData,
    now: datetime,
    affected: Sequence[Affected] = (),
) -> str:
    """Keep an event that is about no record, and have it sent; return its id."""
    row = {"type": kind.value, "lane": REGISTER_LANE, "snapshot": data.snapshot}
    return await _add(connection, account, row, data, affected, now)


async def _add(
    connection: AsyncConnection,
    account: str,
    row: Mapping[str, object],
    data: EventData,
    affected: Sequence[Affected],
    now: datetime,
) -> str:
    identity = new_id("evt")
    added = {
        **row,
        "id": identity,
        "account": account,
        "at": now,
        "watch_count": len(affected),
        "data": msgspec.json.encode(data).decode(),
    }
    inserted = await connection.execute(insert(events).values(added).returning(events.c.number))
    number = inserted.scalar_one()
    if affected:
        await connection.execute(insert(event_watches), [*_watch_rows(number, affected)])
    await _send(connection, account, number, row, now)
    return identity


def _watch_rows(number: int, affected: Iterable[Affected]) -> Iterable[dict[str, object]]:
    for position, one in enumerate(affected):
        watch = watch_of(one)
        yield {
            "event": number,
            "position": position,
            "watch": watch.id,
            "kind": watch.kind.value,
            "reference": watch.reference,
            "trainer": msgspec.to_builtins(watch.trainer) if watch.trainer else None,
            "person": one.person,
            "before": watch.before.value,
            "after": watch.after.value,
        }


async def _send(
    connection: AsyncConnection,
    account: str,
    number: int,
    row: Mapping[str, object],
    now: datetime,
) -> None:
    """Have an event sent to each endpoint of the account that wants it; one that is disabled can recover it later."""
    wanting = await connection.execute(
        select(endpoints.c.id, endpoints.c.types).where(
            endpoints.c.account == account,
            endpoints.c.test.is_(False),
            endpoints.c.deleted_at.is_(None),
            endpoints.c.disabled_at.is_(None),
        )
    )
    rows = [
        new_delivery(endpoint, number, str(row["lane"]), now)
        for endpoint, types in wanting
        if types is None or row["type"] in types
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


def new_delivery(endpoint: str, event: int, lane: str, now: datetime) -> dict[str, object]:
    """Return the row of a delivery that is due at an instant (UTC)."""
    return {
        "id": new_id("dlv"),
        "endpoint": endpoint,
        "event": event,
        "lane": lane,
        "state": "pending",
        "tries": 0,
        "tries_now": 0,
        "due_at": now,
        "created_at": now,
    }


async def list_events(
    connection: AsyncConnection,
    account: str,
    after: str | None,
    kinds: Sequence[EventType],
    limit: int,
) -> Sequence[Event] | None:
    """Return up to `limit` events of an account, the oldest first: those after the one of the id `after`.

    Of some types only, unless none are named. None: the account has no event of that id.
    """
    query = select(events).where(events.c.account == account)
    if after is not None:
        number = await connection.scalar(
            select(events.c.number).where(events.c.id == after, events.c.account == account)
        )
        if number is None:
            return None
        query = query.where(events.c.number > number)
    if kinds:
        query = query.where(events.c.type.in_([kind.value for kind in kinds]))
    rows = await connection.execute(query.order_by(events.c.number).limit(limit))
    return await _events(connection, [*rows.mappings()])


async def find_event(connection: AsyncConnection, account: str, event: str) -> Event | None:
    """Return an event of an account, or None if it has none such."""
    if not can_hold(event):
        return None
    rows = await connection.execute(
        select(events).where(events.c.id == event, events.c.account == account)
    )
    found = await _events(connection, [*rows.mappings()])
    return found[0] if found else None


async def events_numbered(
    connection: AsyncConnection, numbers: Iterable[int]
) -> Mapping[int, Event]:
    """Return events by their numbers."""
    rows = await connection.execute(select(events).where(events.c.number.in_([*numbers])))
    kept = [*rows.mappings()]
    found = await _events(connection, kept)
    return {row["number"]: event for row, event in zip(kept, found, strict=True)}


async def list_affected(
    connection: AsyncConnection, event: str, after: int, limit: int
) -> Sequence[AffectedWatch]:
    """Return up to `limit` of the watches that an event affects, in their order, from a position on."""
    number = select(events.c.number).where(events.c.id == event).scalar_subquery()
    rows = await connection.execute(
        select(event_watches)
        .where(event_watches.c.event == number, event_watches.c.position >= after)
        .order_by(event_watches.c.position)
        .limit(limit)
    )
    return [_affected(row) for row in rows.mappings()]


async def _events(connection: AsyncConnection, rows: Sequence[RowMapping]) -> Sequence[Event]:
    numbers = [row["number"] for row in rows if row["watch_count"]]
    listed: dict[int, list[AffectedWatch]] = {number: [] for number in numbers}
    if numbers:
        watched = await connection.execute(
            select(event_watches)
            .where(
                event_watches.c.event.in_(numbers),
                event_watches.c.position < MOST_WATCHES,
            )
            .order_by(event_watches.c.event, event_watches.c.position)
        )
        for row in watched.mappings():
            listed[row["event"]].append(_affected(row))
    return [_event(row, listed.get(row["number"], [])) for row in rows]


def _event(row: RowMapping, watches: list[AffectedWatch]) -> Event:
    kept = row["data"]
    data = (
        EventData(text=_KEPT_NO_MORE) if kept is None else msgspec.json.decode(kept, type=EventData)
    )
    return Event(
        id=row["id"],
        type=EventType(row["type"]),
        version=VERSION,
        timestamp=row["at"],
        data=msgspec.structs.replace(
            data,
            effective_on=row["effective_on"],
            watches=watches,
            watch_count=row["watch_count"],
            corrects=row["corrects"],
            snapshot=row["snapshot"],
        ),
    )


def _affected(row: RowMapping) -> AffectedWatch:
    listed = {
        "id": row["watch"],
        **{name: row[name] for name in ("kind", "reference", "trainer", "before", "after")},
    }
    return msgspec.convert(listed, AffectedWatch)


async def forget_people_in_events(connection: AsyncConnection, subjects: Set[str]) -> None:
    """Empty what events told of a person; that something was told stays."""
    await _empty(connection, events.c.person.in_(subjects), event_watches.c.person.in_(subjects))


async def forget_old_people(connection: AsyncConnection, before: datetime) -> None:
    """Empty what events that came before an instant (UTC) told of trainers."""
    old = select(events.c.number).where(events.c.at < before)
    held = or_(event_watches.c.trainer.is_not(None), event_watches.c.reference.is_not(None))
    named = and_(event_watches.c.person.is_not(None), event_watches.c.event.in_(old))
    await _empty(
        connection,
        and_(events.c.person.is_not(None), events.c.data.is_not(None), events.c.at < before),
        and_(named, held),
    )


async def _empty(
    connection: AsyncConnection, told: ColumnElement[bool], watched: ColumnElement[bool]
) -> None:
    await connection.execute(update(events).where(told).values(data=None, subject=None))
    await connection.execute(
        update(event_watches).where(watched).values(reference=None, trainer=None)
    )
