"""Watches over HTTP: what an account relies on, answered at once, and told of when it moves."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.di import NamedDependency
from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIType,
    Reference,
    RequestBody,
    Schema,
)
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller
from trivet.access.limits import Limits, Policy
from trivet.alerts import watches
from trivet.alerts.bulk import (
    COLUMNS,
    MOST_ROWS,
    BulkProblem,
    BulkRow,
    csv_watches,
    json_watches,
    problem_of,
)
from trivet.alerts.opening import Opener, Opening, Outcome
from trivet.alerts.shapes import REPLACE, WatchAnswer, answer_watch
from trivet.alerts.watched import Watched
from trivet.alerts.watches import Ending, Watch
from trivet.database import reading, writing
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.problems import Problem, documented_problem
from trivet.http.repeats import REPEAT_HEADER, REPEATED, created_before, forget_repeat, repeatable
from trivet.http.schemas import PlainOperation
from trivet.ids import new_id
from trivet.register.current import AskedOf
from trivet.register.index import Index
from trivet.verification.api import unknown_trainers_spent
from trivet.verification.batch_formats import CSV, JSON
from trivet.verification.question import Question
from trivet.verification.reasons import Verdict

MOST_BYTES, MOST_BULK_BYTES = 64 * 1024, 8 * 1024 * 1024
_AT_ONCE = 25
"""How many rows one transaction keeps."""

_IN_BETWEEN = 0.02
"""How long others have for a turn after each, in seconds: SQLite lets no one queue."""

_ID = re.compile(r"wat_[0-9a-f]{32}")
AskedOfEach = Callable[[Question], AskedOf]


class WatchPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of watches, the newest first."""

    items: list[WatchAnswer]
    next_cursor: str | None


@post(
    "/v1/watches",
    operation_id="createWatch",
    tags=["watches"],
    summary="Watch what is relied on",
    status_code=201,
    response_headers=[
        ResponseHeader(
            name="Location",
            value="",  # its type is what the document says of it
            description="Where it can be read again.",
            documentation_only=True,
        )
    ],
    request_max_body_size=MOST_BYTES,
    responses={
        **REPEATED,
        409: documented_problem(
            "The reference is that of a watch on something else, the account has too many watches, or the first "
            "request with this Idempotency-Key has not ended yet."
        ),
        429: documented_problem(
            "The key has sent too many requests in this minute, or asked about too many unknown trainers today; try "
            "again after Retry-After."
        ),
    },
)
async def create_watch(
    data: JSONBody[Watched],
    caller: NamedDependency[Caller],
    asked_of_each: NamedDependency[AskedOfEach],
    request: Request[Caller, Any, State],
    state: State,
    *,
    replace: Annotated[bool, REPLACE] = False,
    idempotency_key: Annotated[str | None, REPEAT_HEADER] = None,
) -> Response[WatchAnswer]:
    """Watch a triple, a provider, a programme, a trainer or a delivering organisation, and say where it stands now.

    Asked for again under the same reference it is the same watch: 200 instead of 201.
    """
    if data.trainer:
        limits: Limits = state.limits
        await limits.take(request, Policy.TRAINERS)
    opening = opening_for(caller, asked_of_each, state, replace=replace)
    repeated = repeatable(request, idempotency_key, await request.body(), state.pepper)
    new = new_id("wat")
    async with writing(state.engine) as connection:
        now: datetime = state.clock()
        before = await created_before(connection, repeated, new, now) if repeated else None
        if before:
            watch = await _found(connection, caller, before)
            return await _sent(
                connection, opening, watch, now, 201, {"Idempotency-Replayed": "true"}
            )
        opener = await opening.begin(connection, [data], now)
        opened = await opener.open(data, new)
        await opener.close()
        if opened and opened[1] is not Outcome.UNCHANGED:
            return await _sent(connection, opening, opened[0], now, 201)
        if repeated:
            await forget_repeat(connection, repeated)
        if opened:
            return await _sent(connection, opening, opened[0], now, 200)
    raise unknown_trainers_spent(now)


def opening_for(
    caller: Caller, asked_of_each: AskedOfEach, state: State, *, replace: bool
) -> Opening:
    """Return what opens watches for a caller."""
    return Opening(
        caller=caller,
        asked_of=asked_of_each,
        pepper=state.pepper,
        unknown_per_day=state.unknown_trainers_per_day,
        replace=replace,
    )


async def _sent(
    connection: AsyncConnection,
    opening: Opening,
    watch: Watch,
    now: datetime,
    status: int,
    headers: dict[str, str] | None = None,
) -> Response[WatchAnswer]:
    known = await opening.known(connection, watch.watched, now)
    place = {"Location": f"/v1/watches/{watch.id}"}
    answer = answer_watch(watch, known, now)
    return Response(answer, status_code=status, headers={**place, **(headers or {})})


async def _found(connection: AsyncConnection, caller: Caller, watch: str) -> Watch:
    found = await watches.find_watch(connection, caller, watch)
    if found is None:
        raise Problem(404, "not_found", "There is no watch of this id that goes on.")
    return found


@dataclass
class BulkOperation(PlainOperation):
    """An operation that reads watches in JSON or csv."""

    def __post_init__(self) -> None:
        """Add what it reads."""
        super().__post_init__()
        rows = Schema(
            type=OpenAPIType.ARRAY,
            items=Schema(
                any_of=[Reference(ref="#/components/schemas/Watched"), Schema()],
                description="A watch with a reference; anything else is a problem of its row.",
            ),
            max_items=MOST_ROWS,
        )
        whole = Schema(
            type=OpenAPIType.OBJECT,
            properties={"items": rows},
            required=["items"],
            max_properties=1,
        )
        self.request_body = RequestBody(
            required=True,
            description="One watch a row. As csv, with the columns " + ", ".join(COLUMNS) + ".",
            content={
                JSON: OpenAPIMediaType(schema=whole),
                CSV: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING)),
            },
        )


class BulkResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a row, with the watch's id and verdict, or why it is refused."""

    row: int
    reference: str | None
    outcome: Outcome
    watch: str | None = None
    verdict: Verdict | None = None
    problem: BulkProblem | None = None


class BulkResults(msgspec.Struct, frozen=True, kw_only=True):
    """What came of each row, in order, and how many of each there were."""

    items: list[BulkResult]
    created: int
    unchanged: int
    replaced: int
    refused: int


@post(
    "/v1/watches/batch",
    operation_id="createWatches",
    tags=["watches"],
    summary="Watch many",
    status_code=200,
    operation_class=BulkOperation,
    request_max_body_size=MOST_BULK_BYTES,
    responses={
        413: documented_problem("The body is too large."),
        415: documented_problem("Watches are sent as JSON or csv."),
    },
)
async def create_watches(
    caller: NamedDependency[Caller],
    asked_of_each: NamedDependency[AskedOfEach],
    index: NamedDependency[Index],  # noqa: ARG001 - 503 before the first snapshot
    request: Request[Caller, Any, State],
    state: State,
    *,
    replace: Annotated[bool, REPLACE] = False,
) -> BulkResults:
    """Open one watch a row, each under its reference: the same file can be sent as often as one likes.

    A row that can't be watched is a problem of its own. Rows are kept some at a time; should the connection break, send
    the file again.
    """
    kind = request.content_type[0]
    if kind not in _READ:
        raise Problem(415, "unsupported_media_type", f"Send one of {', '.join(_READ)}.")
    rows = [*_READ[kind](await request.body())]
    opening = opening_for(caller, asked_of_each, state, replace=replace)
    results: list[BulkResult] = []
    for first in range(0, len(rows), _AT_ONCE):
        async with writing(state.engine) as connection:
            now: datetime = state.clock()
            some = rows[first : first + _AT_ONCE]
            opener = await opening.begin(connection, [r.watched for r in some if r.watched], now)
            results += [await _opened(opener, row, now, by_column=kind == CSV) for row in some]
            await opener.close()
        await asyncio.sleep(_IN_BETWEEN)
    counted = Counter(result.outcome for result in results)
    return BulkResults(
        items=results,
        created=counted[Outcome.CREATED],
        unchanged=counted[Outcome.UNCHANGED],
        replaced=counted[Outcome.REPLACED],
        refused=counted[Outcome.REFUSED],
    )


_READ = {JSON: json_watches, CSV: csv_watches}


async def _opened(opener: Opener, row: BulkRow, now: datetime, *, by_column: bool) -> BulkResult:
    wrong = row.problem
    if row.watched is not None:
        try:
            opened = await opener.open(row.watched, new_id("wat"))
            if opened is None:
                raise unknown_trainers_spent(now)
        except Problem as problem:
            wrong = problem_of(problem, by_column=by_column)
        else:
            watch, outcome = opened
            return BulkResult(
                row=row.number,
                reference=row.reference,
                outcome=outcome,
                watch=watch.id,
                verdict=watch.state.standing.verdict,
            )
    return BulkResult(
        row=row.number, reference=row.reference, outcome=Outcome.REFUSED, problem=wrong
    )


@get(
    "/v1/watches/{watch_id:str}",
    operation_id="getWatch",
    tags=["watches"],
    summary="Read a watch",
)
async def get_watch(
    watch_id: FromPath[str],
    caller: NamedDependency[Caller],
    asked_of_each: NamedDependency[AskedOfEach],
    now: NamedDependency[datetime],
    state: State,
) -> WatchAnswer:
    """Return a watch of the caller's account that goes on, and where it stands now."""
    opening = opening_for(caller, asked_of_each, state, replace=False)
    async with reading(state.engine) as connection:
        watch = await _found(connection, caller, watch_id)
        return answer_watch(watch, await opening.known(connection, watch.watched, now), now)


@get("/v1/watches", operation_id="listWatches", tags=["watches"], summary="List watches")
async def list_watches(
    caller: NamedDependency[Caller],
    asked_of_each: NamedDependency[AskedOfEach],
    now: NamedDependency[datetime],
    state: State,
    reference: Annotated[
        str | None, QueryParameter(description="Only the one with this reference.")
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> WatchPage:
    """Return the watches of the caller's account that go on, the newest first, each with where it stands now."""
    opening = opening_for(caller, asked_of_each, state, replace=False)
    async with reading(state.engine) as connection:
        found = await watches.list_watches(
            connection,
            caller,
            reference=reference,
            before=from_cursor(cursor, _ID),
            limit=limit + 1,
        )
        items = [
            answer_watch(watch, await opening.known(connection, watch.watched, now), now)
            for watch in found[:limit]
        ]
    return WatchPage(items, _next(found, limit))


def _next(found: Sequence[Watch], limit: int) -> str | None:
    return to_cursor(found[limit - 1].id) if len(found) > limit else None


@delete(
    "/v1/watches/{watch_id:str}",
    operation_id="deleteWatch",
    tags=["watches"],
    summary="End a watch",
)
async def delete_watch(
    watch_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> None:
    """End a watch of the caller's account: nothing is told of it any more. What was told stays."""
    async with writing(state.engine) as connection:
        watch = await _found(connection, caller, watch_id)
        await watches.end_watch(connection, watch.id, Ending.DELETED, state.clock())


ROUTES = [create_watch, create_watches, list_watches, get_watch, delete_watch]
"""What a key with the scope `watch` may ask about watches."""
