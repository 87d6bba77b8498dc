"""What is still to be sent, and what was: taken in turns by workers, each try kept.

Of the events of one provider (a lane) an endpoint is sent one after the other: a later one waits until the one before
it was delivered or given up. So what concerns one watch comes in order.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    RowMapping,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
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

CLAIMED_FOR = timedelta(seconds=30)
"""How long a delivery is left to the worker that took it: as long as a try takes at most, and as long again to keep
what came of it. What a killed worker had is another's after that, so it is no longer than it has to be.
"""

_LEFT_ALONE = timedelta(seconds=5)
_LEFT_ALONE_AT_MOST = timedelta(minutes=5)
"""How long an endpoint that fails is left alone with everything else, doubled with each failure, and at most."""

_LONG_AGO = SCHEDULE[-1] + _LEFT_ALONE_AT_MOST
"""After how long without a try an endpoint that failed fails anew: nobody knows how it was in between."""

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
    url: str
    event: int
    tries_now: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that may be taken, where it goes, and how often in a row its endpoint has failed."""

    id: str
    endpoint: str
    url: str
    failures: int


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


class Room(msgspec.Struct, frozen=True):
    """How many deliveries a worker has in hand at most: all together, and of one endpoint's."""

    at_once: int = 256
    of_one: int = 16

    def takes(self, waiting: Waiting, own: int, free: int) -> bool:
        """Say whether one more may be taken of an endpoint of which there are `own` in hand, with so many places free.

        The fewer places are free, the fewer one endpoint may have: those that hang must not take all of them until
        they have failed. One that has failed is tried with a single delivery, and leaves a quarter to the others.
        """
        if waiting.failures:
            return own == 0 and free > self.at_once // 4
        return own < self.of_one and free > own * self.of_one


async def claim(
    connection: AsyncConnection, worker: str, busy: Mapping[str, int], room: Room, now: datetime
) -> list[Claimed]:
    """Take deliveries that are due at an instant (UTC), in a transaction that writes.

    `busy` is how many of each endpoint's the worker has in hand already.
    """
    in_hand, free = Counter(busy), room.at_once - sum(busy.values())
    picked: dict[str, Waiting] = {}
    for waiting in await due(connection, now, room.of_one):
        if room.takes(waiting, in_hand[waiting.endpoint], free):
            picked[waiting.id] = waiting
            in_hand[waiting.endpoint] += 1
            free -= 1
    if not picked:
        return []
    # Another worker may have been quicker since they were looked for: whatever it has is left to it.
    left = (
        select(deliveries.c.id)
        .where(deliveries.c.id.in_(picked), _pending(deliveries), _free(deliveries, now))
        .with_for_update(skip_locked=True)
    )
    taken = await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(left))
        .values(claimed_by=worker, claimed_until=now + CLAIMED_FOR)
        .returning(deliveries.c.id, deliveries.c.event, deliveries.c.tries_now)
    )
    return [_claimed(picked[row["id"]], row) for row in taken.mappings()]


def _claimed(waiting: Waiting, row: RowMapping) -> Claimed:
    return Claimed(endpoint=waiting.endpoint, url=waiting.url, **row)


def _pending(of: FromClause) -> ColumnElement[bool]:
    """Return that a delivery is pending, told so that a database uses the indexes of those alone."""
    return of.c.state == literal("pending", literal_execute=True)


def _free(of: FromClause, now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(of.c.claimed_until.is_(None), of.c.claimed_until <= now)
    return and_(of.c.due_at <= now, unclaimed)


def _lanes(now: datetime) -> CTE:
    """Return the lanes of every endpoint that may be sent to in which something is pending, and None after the last.

    They are gone through from one to the next by the index: what it costs depends on how many lanes there are, and not
    on how much is piled up in them.
    """
    ready = and_(
        endpoints.c.disabled_at.is_(None),
        endpoints.c.deleted_at.is_(None),
        or_(endpoints.c.not_before.is_(None), endpoints.c.not_before <= now),
    )
    held, later = deliveries.alias("held"), deliveries.alias("later")
    first = select(func.min(held.c.lane)).where(held.c.endpoint == endpoints.c.id, _pending(held))
    lanes = (
        select(endpoints.c.id.label("endpoint"), first.scalar_subquery().label("lane"))
        .where(ready)
        .cte("lanes", recursive=True)
    )
    following = select(func.min(later.c.lane)).where(
        later.c.endpoint == lanes.c.endpoint, later.c.lane > lanes.c.lane, _pending(later)
    )
    return lanes.union_all(
        select(lanes.c.endpoint, following.scalar_subquery()).where(lanes.c.lane.is_not(None))
    )


async def due(connection: AsyncConnection, now: datetime, of_one: int) -> list[Waiting]:
    """Return what may be sent at an instant (UTC): of each lane the first, and of each endpoint so many at most.

    In the order in which they are to be taken: first one of each endpoint, beginning with those that do not fail.
    """
    lanes, head = _lanes(now), deliveries.alias("head")
    # Its id, or None where it is another's or is due later: whatever is behind it waits with it.
    free = (
        select(case((_free(head, now), head.c.id)))
        .where(head.c.endpoint == lanes.c.endpoint, head.c.lane == lanes.c.lane, _pending(head))
        .order_by(head.c.event)
        .limit(1)
        .scalar_subquery()
    )
    heads = select(lanes.c.endpoint, free.label("id")).where(lanes.c.lane.is_not(None)).cte("heads")
    heads = heads.prefix_with("MATERIALIZED")  # so that each is looked up once
    place = func.row_number().over(partition_by=heads.c.endpoint, order_by=heads.c.id)
    ranked = select(heads, place.label("place")).where(heads.c.id.is_not(None)).subquery("ranked")
    rows = await connection.execute(
        select(
            ranked.c.id,
            ranked.c.endpoint,
            endpoints.c.url,
            endpoints.c.failures,
        )
        .join_from(ranked, endpoints, endpoints.c.id == ranked.c.endpoint)
        .where(ranked.c.place <= of_one)
        .order_by(endpoints.c.failures > 0, ranked.c.place, func.random())
    )
    return [Waiting(**row) for row in rows.mappings()]


async def record(
    connection: AsyncConnection, worker: str, done: Sequence[Tried], now: datetime
) -> Mapping[str, Disabled]:
    """Keep what came of tries, at an instant (UTC), in a transaction that writes.

    A try of a delivery that another worker has taken since is kept too: it was made. What becomes of the delivery is
    then the other's to say, unless it was delivered.

    Returns the endpoints that nothing should be sent to any more, and why.
    """
    if not done:
        return {}
    await _keep_tries(connection, done)
    delivered = [tried for tried in done if tried.delivered]
    failed = [tried for tried in done if not tried.delivered]
    await _delivered(connection, delivered, now)
    # In one order, so that two workers never wait for each other.
    for tried in sorted(failed, key=lambda tried: tried.claimed.id):
        await _failed(connection, worker, tried, now)
    return await _rest(connection, delivered, failed, now)


async def _keep_tries(connection: AsyncConnection, done: Sequence[Tried]) -> None:
    kept = await connection.execute(
        select(tries.c.delivery, func.max(tries.c.number))
        .where(tries.c.delivery.in_({tried.claimed.id for tried in done}))
        .group_by(tries.c.delivery)
    )
    last = Counter({row[0]: row[1] for row in kept})
    rows = []
    for tried in done:
        last[tried.claimed.id] += 1
        row = {
            "delivery": tried.claimed.id,
            "number": last[tried.claimed.id],
            "at": tried.at,
            "seconds": tried.seconds,
            "status": tried.status,
            "failure": tried.failure,
            "answer": tried.answer,
        }
        rows.append(row)
    await connection.execute(insert(tries), rows)


async def _delivered(connection: AsyncConnection, done: Sequence[Tried], now: datetime) -> None:
    if not done:
        return
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_({tried.claimed.id for tried in done}))
        .values(
            state="delivered",
            tries=deliveries.c.tries + 1,
            tries_now=deliveries.c.tries_now + 1,
            ended_at=now,
            claimed_by=None,
            claimed_until=None,
        )
    )


async def _failed(connection: AsyncConnection, worker: str, tried: Tried, now: datetime) -> None:
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


async def _rest(
    connection: AsyncConnection,
    delivered: Sequence[Tried],
    failed: Sequence[Tried],
    now: datetime,
) -> Mapping[str, Disabled]:
    """Let endpoints that failed rest with everything else, and no longer those to which something was delivered.

    Returns those that are gone, or have failed for too long.
    """
    well = {tried.claimed.endpoint for tried in delivered}
    unwell = {tried.claimed.endpoint for tried in failed}
    rows = await connection.execute(
        select(endpoints)
        .where(
            or_(
                endpoints.c.id.in_(unwell),
                and_(endpoints.c.id.in_(well), endpoints.c.failing_since.is_not(None)),
            )
        )
        .order_by(endpoints.c.id)
        .with_for_update(key_share=True)
    )
    lost: dict[str, Disabled] = {}
    for row in rows.mappings().all():
        theirs = [tried for tried in failed if tried.claimed.endpoint == row["id"]]
        if row["id"] in well:
            rests: dict[str, object] = {"failing_since": None, "failures": 0, "not_before": None}
        else:
            rests = _resting(row, theirs, now)
        await connection.execute(
            update(endpoints).where(endpoints.c.id == row["id"]).values(**rests)
        )
        since = rests["failing_since"]
        if row["disabled_at"] is not None:
            continue
        if any(tried.status == 410 for tried in theirs):
            lost[row["id"]] = Disabled.GONE
        elif isinstance(since, datetime) and now - since >= DISABLED_AFTER:
            lost[row["id"]] = Disabled.FAILING
    return lost


def _resting(row: RowMapping, failed: Sequence[Tried], now: datetime) -> dict[str, object]:
    """Return since when an endpoint fails, how often it did, and until when it is left alone.

    What failed long ago is another story. Those that were under way together failed together: only a try that began
    after the last rest counts anew.
    """
    since, failures, until = row["failing_since"], row["failures"], row["not_before"]
    first = min(tried.at for tried in failed)
    if since is None or first - (row["failed_at"] or since) > _LONG_AGO:
        since, failures, until = first, 0, None
    if until is None or any(tried.at >= until for tried in failed):
        until = now + min(_LEFT_ALONE * 2 ** min(failures, 10), _LEFT_ALONE_AT_MOST)
        failures += 1
    asked = [tried.retry_after for tried in failed if tried.status in _NOT_NOW if tried.retry_after]
    until = max(until, *(now + wait for wait in asked), until)
    last = max(tried.at for tried in failed)
    return {
        "failing_since": since,
        "failed_at": last,
        "failures": failures,
        "not_before": until,
    }


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
