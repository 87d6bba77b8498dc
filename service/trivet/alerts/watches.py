"""Watches as they are kept: made, found, ended, and what is remembered of each."""

from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller
from trivet.access.store import accounts
from trivet.alerts.movements import State
from trivet.alerts.tables import watches
from trivet.alerts.watched import Watched
from trivet.database import can_hold


class Ending(StrEnum):
    """Why a watch goes on no more."""

    DELETED = "deleted"
    REPLACED = "replaced"
    ERASURE = "erasure"


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A watch that goes on: what is watched, for whom, since when (UTC), and what is remembered of it."""

    id: str
    account: str
    test: bool
    watched: Watched
    person: str | None
    created_at: datetime
    state: State
    accepts_declared: bool


async def add_watch(
    connection: AsyncConnection,
    caller: Caller,
    identity: str,
    watched: Watched,
    state: State,
    *,
    person: str | None,
    now: datetime,
) -> Watch:
    """Keep a new watch; `person` is the hash of the trainer whom it names."""
    row = {
        "id": identity,
        "account": caller.account,
        "key": caller.key,
        "test": caller.test,
        "kind": watched.kind.value,
        "reference": watched.reference or None,
        "watched": msgspec.json.encode(watched).decode(),
        "person": person,
        "created_at": now,
        "state": msgspec.json.encode(state).decode(),
    }
    await connection.execute(insert(watches), row)
    return Watch(
        id=identity,
        account=caller.account,
        test=caller.test,
        watched=watched,
        person=person,
        created_at=now,
        state=state,
        accepts_declared=caller.accepts_declared,
    )


def _going_on(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(watches.c.ended_at.is_(None), *conditions)


_COLUMNS = [
    watches.c[name]
    for name in ("id", "account", "test", "watched", "person", "created_at", "state")
]
_SELECTED = select(*_COLUMNS, accounts.c.accepts_declared).join_from(
    watches, accounts, accounts.c.id == watches.c.account
)


def _watch(row: RowMapping) -> Watch:
    return Watch(
        **{
            **row,
            "watched": msgspec.json.decode(row["watched"], type=Watched),
            "state": msgspec.json.decode(row["state"], type=State),
        }
    )


async def find_watch(connection: AsyncConnection, caller: Caller, watch: str) -> Watch | None:
    """Return a watch of the caller's account that goes on, or None."""
    if not can_hold(watch):
        return None
    return await _one(connection, caller, watches.c.id == watch)


async def find_by_reference(
    connection: AsyncConnection, caller: Caller, reference: str
) -> Watch | None:
    """Return the watch of the caller's account that goes on under a reference, or None."""
    if not can_hold(reference):
        return None
    return await _one(connection, caller, watches.c.reference == reference)


async def _one(
    connection: AsyncConnection, caller: Caller, which: ColumnElement[bool]
) -> Watch | None:
    mine = watches.c.account == caller.account, watches.c.test == caller.test
    rows = await connection.execute(_SELECTED.where(_going_on(*mine, which)))
    row = rows.mappings().first()
    return None if row is None else _watch(row)


async def list_watches(
    connection: AsyncConnection,
    caller: Caller,
    *,
    reference: str | None,
    before: str | None,
    limit: int,
) -> Sequence[Watch]:
    """Return the watches of the caller's account that go on, the newest first; `before` is the id to go on after."""
    if reference is not None and not can_hold(reference):
        return []
    mine = watches.c.account == caller.account, watches.c.test == caller.test
    query = _SELECTED.where(_going_on(*mine)).order_by(watches.c.id.desc()).limit(limit)
    if reference is not None:
        query = query.where(watches.c.reference == reference)
    if before is not None:
        query = query.where(watches.c.id < before)
    return [_watch(row) for row in (await connection.execute(query)).mappings()]


async def end_watch(connection: AsyncConnection, watch: str, ending: Ending, now: datetime) -> None:
    """End a watch at an instant (UTC): nothing is told of it any more."""
    await connection.execute(
        update(watches).where(watches.c.id == watch).values(ended_at=now, ended_by=ending.value)
    )


async def live_watches(connection: AsyncConnection) -> Sequence[Watch]:
    """Return every account's watches on the mirrored register that go on; those of the sandbox never move."""
    rows = await connection.execute(_SELECTED.where(_going_on(watches.c.test.is_(False))))
    return [_watch(row) for row in rows.mappings()]


async def live_ids(connection: AsyncConnection) -> frozenset[str]:
    """Return the ids of the watches that `live_watches` would return."""
    query = select(watches.c.id).where(_going_on(watches.c.test.is_(False)))
    return frozenset(await connection.scalars(query))


async def watches_of(connection: AsyncConnection, ids: Collection[str]) -> Sequence[Watch]:
    """Return the watches of some ids, which go on."""
    rows = await connection.execute(_SELECTED.where(_going_on(watches.c.id.in_(ids))))
    return [_watch(row) for row in rows.mappings()]


async def watching_accounts(connection: AsyncConnection) -> Sequence[str]:
    """Return the accounts that watch anything on the mirrored register."""
    query = select(watches.c.account).where(_going_on(watches.c.test.is_(False))).distinct()
    return [*await connection.scalars(query.order_by(watches.c.account))]


async def count_of(connection: AsyncConnection, caller: Caller) -> int:
    """Return how many watches of the caller's account go on."""
    mine = watches.c.account == caller.account, watches.c.test == caller.test
    query = select(func.count()).select_from(watches).where(_going_on(*mine))
    return await connection.scalar(query) or 0


_REMEMBERED = (
    update(watches).where(watches.c.id == bindparam("which")).values(state=bindparam("kept"))
)


async def remember(connection: AsyncConnection, states: Mapping[str, State]) -> None:
    """Keep what is to be remembered of some watches, by id."""
    rows = [
        {"which": watch, "kept": msgspec.json.encode(state).decode()}
        for watch, state in states.items()
    ]
    if rows:
        await connection.execute(_REMEMBERED, rows)


async def watches_about(connection: AsyncConnection, subjects: Set[str]) -> Sequence[Watch]:
    """Return the watches that go on, any account's, on a person: by the hashes of their references and numbers."""
    rows = await connection.execute(_SELECTED.where(_going_on(watches.c.person.in_(subjects))))
    return [_watch(row) for row in rows.mappings()]


async def count_about(connection: AsyncConnection, subjects: Set[str]) -> int:
    """Return how many watches, any account's, say anything of a person; those that ended too."""
    said = watches.c.person.in_(subjects), watches.c.watched.is_not(None)
    query = select(func.count()).select_from(watches).where(*said)
    return await connection.scalar(query) or 0


async def forget_watched(connection: AsyncConnection, subjects: Set[str]) -> None:
    """Empty what watches said of a person, those that ended long ago too."""
    await connection.execute(
        update(watches)
        .where(watches.c.person.in_(subjects))
        .values(watched=None, state=None, reference=None)
    )


async def forget_ended(connection: AsyncConnection, before: datetime) -> None:
    """Empty what watches said that ended before an instant (UTC)."""
    await connection.execute(
        update(watches)
        .where(watches.c.ended_at < before, watches.c.watched.is_not(None))
        .values(watched=None, state=None, reference=None)
    )
