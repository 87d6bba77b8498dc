"""Events over HTTP: all that an account was told, from the first on, for ever."""

import re
from typing import Annotated

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from trivet.access.keys import Caller
from trivet.alerts import journal
from trivet.alerts.events import AffectedWatch, Event, EventType
from trivet.database import reading
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, not_a_cursor, to_cursor
from trivet.http.problems import Problem

_START = "evt_start"
_EVENT = re.compile(rf"{_START}|evt_[0-9a-f]{{32}}")
_POSITION = re.compile(r"\d{1,9}")


class EventPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of events, the oldest first. `nextCursor` is always there, and never expires."""

    items: list[Event]
    next_cursor: str


class AffectedPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of the watches that an event affects."""

    items: list[AffectedWatch]
    next_cursor: str | None


@get("/v1/events", operation_id="listEvents", tags=["events"], summary="What was told")
async def list_events(
    caller: NamedDependency[Caller],
    state: State,
    after: Annotated[
        str | None,
        QueryParameter(description="The `nextCursor` of the page before, however long ago."),
    ] = None,
    kind: Annotated[
        EventType | None, QueryParameter(name="type", description="Only those of this type.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> EventPage:
    """Return the events of the caller's account, the oldest first. The sandbox has none: nothing in it ever moves.

    Ask again with `nextCursor`, for ever: none is missed and none comes twice. A page that is not full is the last
    until something happens.
    """
    last = from_cursor(after, _EVENT, "after") or _START
    if caller.test:
        return EventPage([], to_cursor(last))
    async with reading(state.engine) as connection:
        found = await journal.list_events(
            connection,
            caller.account,
            None if last == _START else last,
            [kind] if kind else [],
            limit,
        )
    if found is None:
        raise not_a_cursor("after")
    return EventPage([*found], to_cursor(found[-1].id if found else last))


@get(
    "/v1/events/{event_id:str}",
    operation_id="getEvent",
    tags=["events"],
    summary="Read an event again",
)
async def get_event(
    event_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> Event:
    """Return an event of the caller's account."""
    async with reading(state.engine) as connection:
        found = await journal.find_event(connection, caller.account, event_id)
    if found is None or caller.test:
        raise _no_event()
    return found


@get(
    "/v1/events/{event_id:str}/watches",
    operation_id="listEventWatches",
    tags=["events"],
    summary="Every watch that an event affects",
)
async def list_event_watches(
    event_id: FromPath[str],
    caller: NamedDependency[Caller],
    state: State,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> AffectedPage:
    """Return the watches that an event of the caller's account affects; the event itself lists the first thousand."""
    position = int(from_cursor(cursor, _POSITION) or 0)
    async with reading(state.engine) as connection:
        event = await journal.find_event(connection, caller.account, event_id)
        if event is None or caller.test:
            raise _no_event()
        found = await journal.list_affected(connection, event.id, position, limit + 1)
    more = len(found) > limit
    return AffectedPage([*found[:limit]], to_cursor(str(position + limit)) if more else None)


def _no_event() -> Problem:
    return Problem(404, "not_found", "There is no event of this id for this account.")


ROUTES = [list_events, get_event, list_event_watches]
"""What a key with the scope `watch` may ask about events."""
