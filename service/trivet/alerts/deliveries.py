"""What is still to be sent, and what was: taken in turns by workers, each try kept.

Of the events of one provider (a lane) an endpoint is sent one after the other: a later one waits until the one before
it was delivered or given up. So what concerns one watch comes in order.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.alerts.endpoints import Disabled, disable_endpoint
from trivet.alerts.events import EventData, EventType
from trivet.alerts.journal import add_notice, new_delivery
from trivet.alerts.tables import deliveries, endpoints, events, tries

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each try that failed the next one comes; after the last it is given up."""

DISABLED_AFTER = timedelta(days=5)
"""How long an endpoint may fail before nothing is sent to it any more."""

CLAIMED_FOR = timedelta(seconds=60)
"""How long a delivery is left to the worker that took it: longer than any try takes."""

_LEFT_ALONE = timedelta(seconds=5)
_LEFT_ALONE_AT_MOST = timedelta(minutes=5)
"""How long an endpoint that fails is left alone with everything else, doubled with each failure, and at most."""

KEPT_FOR = timedelta(days=90)
"""How long ended deliveries and their tries are kept."""

_NOT_NOW = 503, 429


class DeliveryState(StrEnum):
    """What became of a delivery: `failed` is given up, and can be sent again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that a worker has taken: which event is to be sent where, and how often that was tried."""

    id: str
    endpoint: str
    account: str
    url: str
    version: str
    event: int
    tries: int
    tries_now: int


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One try of a delivery: when it began (UTC), how long it took, and what was answered."""

    claimed: Claimed
    at: datetime
    seconds: float
    status: int | None
    failure: str | None
    answer: str
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        """Whether it was taken: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


async def claim(
    connection: AsyncConnection, worker: str, busy: Mapping[str, int], room: "Room", now: datetime
) -> list[Claimed]:
    """Take deliveries that are due at an instant (UTC), in a transaction that writes.

    `busy` is how many of each endpoint's the worker has in hand already.
    """
    claimed: list[Claimed] = []
    left = room.at_once - sum(busy.values())
    for endpoint, failures in await due_endpoints(connection, now):
        own = 1 if failures else room.of_one
        most = min(own - busy.get(endpoint, 0), left - len(claimed))
        if most > 0:
            claimed += await _claim_of(connection, worker, endpoint, most, now)
    return claimed


class Room(msgspec.Struct, frozen=True):
    """How many deliveries a worker has in hand at most: all together, and of one endpoint's."""

    at_once: int = 256
    of_one: int = 16


def _waiting(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= now)
    return and_(deliveries.c.state == "pending", deliveries.c.due_at <= now, unclaimed)


async def due_endpoints(connection: AsyncConnection, now: datetime) -> list[tuple[str, int]]:
    """Return the endpoints that something is due for, those that were left alone the longest first."""
    due = (
        select(deliveries.c.id)
        .where(deliveries.c.endpoint == endpoints.c.id, _waiting(now))
        .exists()
    )
    rows = await connection.execute(
        select(endpoints.c.id, endpoints.c.failures)
        .where(
            endpoints.c.disabled_at.is_(None),
            endpoints.c.deleted_at.is_(None),
            or_(endpoints.c.not_before.is_(None), endpoints.c.not_before <= now),
            due,
        )
        .order_by(endpoints.c.failures, func.random())
    )
    return [(row.id, row.failures) for row in rows]


async def _claim_of(
    connection: AsyncConnection, worker: str, endpoint: str, most: int, now: datetime
) -> list[Claimed]:
    earlier = deliveries.alias()
    first = ~(
        select(earlier.c.id)
        .where(
            earlier.c.endpoint == endpoint,
            earlier.c.lane == deliveries.c.lane,
            earlier.c.state == "pending",
            earlier.c.event < deliveries.c.event,
        )
        .exists()
    )
    found = (
        select(deliveries.c.id)
        .where(deliveries.c.endpoint == endpoint, _waiting(now), first)
        .order_by(deliveries.c.event)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(deliveries)
        .where(deliveries.c.id.in_(found))
        .values(claimed_by=worker, claimed_until=now + CLAIMED_FOR)
        .returning(deliveries.c.id)
    )
    ids = [*await connection.scalars(taken)]
    if not ids:
        return []
    rows = await connection.execute(
        select(deliveries, endpoints.c.account, endpoints.c.url, endpoints.c.version)
        .join_from(deliveries, endpoints)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.event)
    )
    return [_claimed(row) for row in rows.mappings()]


def _claimed(row: RowMapping) -> Claimed:
    return Claimed(**{name: row[name] for name in Claimed.__struct_fields__})


async def record(
    connection: AsyncConnection, worker: str, done: Sequence[Tried], now: datetime
) -> Mapping[str, Disabled]:
    """Keep what came of tries, at an instant (UTC), in a transaction that writes.

    A try of a delivery that another worker has taken since is kept too: it was made. What becomes of the delivery is
    then the other's to say, unless it was delivered.

    Returns the endpoints that nothing should be sent to any more, and why.
    """
    lost: dict[str, Disabled] = {}
    for tried in done:
        await _keep_try(connection, tried)
        if tried.delivered:
            await _delivered(connection, tried, now)
        elif by := await _failed(connection, worker, tried, now):
            lost[tried.claimed.endpoint] = by
    return lost


async def _keep_try(connection: AsyncConnection, tried: Tried) -> None:
    last = select(func.coalesce(func.max(tries.c.number), 0) + 1).where(
        tries.c.delivery == tried.claimed.id
    )
    row = {
        "delivery": tried.claimed.id,
        "number": await connection.scalar(last),
        "at": tried.at,
        "seconds": tried.seconds,
        "status": tried.status,
        "failure": tried.failure,
        "answer": tried.answer,
    }
    await connection.execute(insert(tries), row)


async def _delivered(connection: AsyncConnection, tried: Tried, now: datetime) -> None:
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id == tried.claimed.id)
        .values(
            state="delivered",
            tries=deliveries.c.tries + 1,
            tries_now=deliveries.c.tries_now + 1,
            ended_at=now,
            claimed_by=None,
            claimed_until=None,
        )
    )
    await connection.execute(
        update(endpoints)
        .where(endpoints.c.id == tried.claimed.endpoint, endpoints.c.failing_since.is_not(None))
        .values(failing_since=None, failures=0, not_before=None)
    )


async def _failed(
    connection: AsyncConnection, worker: str, tried: Tried, now: datetime
) -> Disabled | None:
    claimed = tried.claimed
    wait = SCHEDULE[claimed.tries_now] if claimed.tries_now < len(SCHEDULE) else None
    values: dict[str, object] = {
        "tries": deliveries.c.tries + 1,
        "tries_now": deliveries.c.tries_now + 1,
        "claimed_by": None,
        "claimed_until": None,
    }
    if wait is None:
        values |= {"state": "failed", "ended_at": now}
    else:
        values["due_at"] = now + max(wait, tried.retry_after or wait)
    mine = deliveries.c.claimed_by == worker, deliveries.c.state == "pending"
    await connection.execute(
        update(deliveries).where(deliveries.c.id == claimed.id, *mine).values(**values)
    )
    return await _leave_alone(connection, tried, now)


async def _leave_alone(connection: AsyncConnection, tried: Tried, now: datetime) -> Disabled | None:
    """Let an endpoint that failed rest with everything else; say whether it is gone, or failed for too long."""
    endpoint = tried.claimed.endpoint
    row = (
        await connection.execute(
            select(endpoints.c.failures, endpoints.c.failing_since, endpoints.c.disabled_at)
            .where(endpoints.c.id == endpoint)
            .with_for_update()
        )
    ).one()
    since = row.failing_since or tried.at
    rest = min(_LEFT_ALONE * 2 ** min(row.failures, 10), _LEFT_ALONE_AT_MOST)
    if tried.status in _NOT_NOW and tried.retry_after:
        rest = max(rest, tried.retry_after)
    await connection.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint)
        .values(failures=row.failures + 1, failing_since=since, not_before=now + rest)
    )
    if row.disabled_at is not None:
        return None
    if tried.status == 410:
        return Disabled.GONE
    return Disabled.FAILING if now - since >= DISABLED_AFTER else None


_WHY: Mapping[Disabled, str] = {
    Disabled.GONE: "it answered 410 Gone",
    Disabled.FAILING: f"nothing could be delivered for {DISABLED_AFTER.days} days",
}


async def disable(connection: AsyncConnection, endpoint: str, by: Disabled, now: datetime) -> None:
    """Disable an endpoint at an instant (UTC) and tell its account, in a transaction that writes alone."""
    account = await connection.scalar(
        select(endpoints.c.account).where(
            endpoints.c.id == endpoint, endpoints.c.disabled_at.is_(None)
        )
    )
    if account is None:
        return
    await disable_endpoint(connection, endpoint, by, now)
    text = f"The webhook endpoint {endpoint} is disabled: {_WHY[by]}. Enable it, and recover what was not delivered."
    await add_notice(connection, account, EventType.ENDPOINT_DISABLED, EventData(text=text), now)


async def release(connection: AsyncConnection, worker: str, ids: Collection[str]) -> None:
    """Give back what a worker that ends has in hand."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids), deliveries.c.claimed_by == worker)
        .values(claimed_by=None, claimed_until=None)
    )


class TryListed(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One try of a delivery: when (UTC), how long it took, and the beginning of what was answered."""

    at: datetime
    seconds: float
    status: int | None
    failure: str | None
    answer: str | None


class DeliveryListed(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A delivery of an event to an endpoint: its state, when it is tried next (UTC), its tries, the oldest first."""

    id: str
    event: str
    type: EventType
    state: DeliveryState
    created_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    tries: list[TryListed]


_LISTED = select(deliveries, events.c.id.label("event_id"), events.c.type.label("event_type"))


async def list_deliveries(
    connection: AsyncConnection,
    endpoint: str,
    state: DeliveryState | None,
    before: str | None,
    limit: int,
) -> Sequence[DeliveryListed]:
    """Return deliveries to an endpoint, the newest first; `before` is the id to go on after."""
    query = _LISTED.join_from(deliveries, events).where(deliveries.c.endpoint == endpoint)
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    if before is not None:
        query = query.where(deliveries.c.id < before)
    rows = await connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit))
    return await _listed(connection, [*rows.mappings()])


async def find_delivery(
    connection: AsyncConnection, endpoint: str, delivery: str
) -> DeliveryListed | None:
    """Return a delivery to an endpoint, or None if there is none such."""
    rows = await connection.execute(
        _LISTED.join_from(deliveries, events).where(
            deliveries.c.endpoint == endpoint, deliveries.c.id == delivery
        )
    )
    found = await _listed(connection, [*rows.mappings()])
    return found[0] if found else None


async def _listed(
    connection: AsyncConnection, rows: Sequence[RowMapping]
) -> Sequence[DeliveryListed]:
    made = await connection.execute(
        select(tries)
        .where(tries.c.delivery.in_([row["id"] for row in rows]))
        .order_by(tries.c.delivery, tries.c.number)
    )
    by_delivery: dict[str, list[TryListed]] = {}
    for row in made.mappings():
        one = TryListed(**{name: row[name] for name in TryListed.__struct_fields__})
        by_delivery.setdefault(row["delivery"], []).append(one)
    return [
        DeliveryListed(
            id=row["id"],
            event=row["event_id"],
            type=EventType(row["event_type"]),
            state=DeliveryState(row["state"]),
            created_at=row["created_at"],
            next_try_at=row["due_at"] if row["state"] == "pending" else None,
            ended_at=row["ended_at"],
            tries=by_delivery.get(row["id"], []),
        )
        for row in rows
    ]


_THERE = events.c.data.is_not(None)
"""What is kept no more is not sent any more."""


async def redeliver(
    connection: AsyncConnection, endpoint: str, delivery: str, now: datetime
) -> None:
    """Have a delivery to an endpoint sent again, from an instant (UTC) on; one that waits is sent at once."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery,
            deliveries.c.endpoint == endpoint,
            deliveries.c.event.in_(select(events.c.number).where(_THERE)),
        )
        .values(**_anew(now))
    )
    await connection.execute(
        update(endpoints).where(endpoints.c.id == endpoint).values(not_before=None)
    )


def _anew(now: datetime) -> dict[str, object]:
    return {"state": "pending", "tries_now": 0, "due_at": now, "ended_at": None}


async def recover(
    connection: AsyncConnection,
    endpoint: str,
    account: str,
    types: Sequence[EventType] | None,
    since: datetime,
    now: datetime,
) -> int:
    """Have every event since an instant (UTC) sent that was not delivered to an endpoint; return how many those are."""
    wanted = [events.c.account == account, events.c.at >= since, _THERE]
    if types is not None:
        wanted.append(events.c.type.in_([kind.value for kind in types]))
    numbers = select(events.c.number).where(*wanted)
    again = await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.endpoint == endpoint,
            deliveries.c.state == "failed",
            deliveries.c.event.in_(numbers),
        )
        .values(**_anew(now))
    )
    known = select(deliveries.c.event).where(deliveries.c.endpoint == endpoint)
    missing = await connection.execute(
        select(events.c.number, events.c.lane).where(*wanted, events.c.number.not_in(known))
    )
    rows = [new_delivery(endpoint, row.number, row.lane, now) for row in missing]
    if rows:
        await connection.execute(insert(deliveries), rows)
    return again.rowcount + len(rows)


async def forget_deliveries(connection: AsyncConnection, now: datetime) -> None:
    """Take away what ended so long ago that it is kept no more at an instant (UTC), with its tries."""
    old = select(deliveries.c.id).where(deliveries.c.ended_at < now - KEPT_FOR)
    await connection.execute(delete(tries).where(tries.c.delivery.in_(old)))
    await connection.execute(delete(deliveries).where(deliveries.c.ended_at < now - KEPT_FOR))
