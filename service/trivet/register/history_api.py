"""The register over time, over HTTP: the snapshots that were published, and what changed. Nothing lists trainers."""

import re
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from trivet.database import reading, reading_what_is_settled
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, not_a_cursor, to_cursor
from trivet.http.instants import past_instant
from trivet.register.history import ChangeListed, History, SnapshotListed

_SNAPSHOT = re.compile(r"snp_[0-9a-f]{32}")
# A change's own id tells nothing of how many are not listed, as its number would.
_START = "chg_start"
_CHANGE = re.compile(rf"{_START}|chg_[0-9a-f]{{32}}")


class SnapshotPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of snapshots, the newest first."""

    items: list[SnapshotListed]
    next_cursor: str | None


class ChangePage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of changes, the oldest first. `nextCursor` is always there, and never expires."""

    items: list[ChangeListed]
    next_cursor: str


@get(
    "/v1/register/snapshots",
    operation_id="listSnapshots",
    tags=["register"],
    summary="The snapshots that were published",
)
async def list_snapshots(
    history: NamedDependency[History],
    state: State,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> SnapshotPage:
    """Return the snapshots of the register, the newest first, each with its sources and how much it changed."""
    before = from_cursor(cursor, _SNAPSHOT)
    async with reading(state.engine) as connection:
        found = await history.snapshots(connection, before, limit + 1)
    if found is None:
        raise not_a_cursor()
    more = len(found) > limit
    return SnapshotPage([*found[:limit]], to_cursor(found[limit - 1].id) if more else None)


@get(
    "/v1/register/changes",
    operation_id="listChanges",
    tags=["register"],
    summary="What changed in the register",
)
async def list_changes(
    history: NamedDependency[History],
    now: NamedDependency[datetime],
    state: State,
    after: Annotated[
        str | None,
        QueryParameter(description="The `nextCursor` of the page before, however long ago."),
    ] = None,
    known_at: Annotated[
        str | None,
        QueryParameter(
            name="knownAt",
            description="Only what was known at this instant: with an offset, never to come.",
            schema_extra={"format": "date-time"},
        ),
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> ChangePage:
    """Return the changes, the oldest first; changes of trainers' records are not listed.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full is the last
    until something changes.
    """
    last = from_cursor(after, _CHANGE, "after") or _START
    until = None if known_at is None else past_instant(known_at, now, "knownAt")
    opened = reading if until is None else reading_what_is_settled
    async with opened(state.engine) as connection:
        found = await history.changes(connection, None if last == _START else last, until, limit)
    if found is None:
        raise not_a_cursor("after")
    return ChangePage([*found], to_cursor(found[-1].id if found else last))
