"""Confirmations over HTTP, for the operator alone. Trainers appear by reference, never by name."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import reading, writing
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.problems import FieldError, Problem, documented_problem
from trivet.http.repeats import (
    REPEAT_HEADER,
    REPEATED,
    Repeatable,
    answer_kept,
    created_before,
    keep_answer,
    repeatable,
)
from trivet.leases import Lost, Taken
from trivet.london import day_of
from trivet.register.confirmations import table
from trivet.register.confirmations.asked import (
    LONGEST_NOTE,
    Confirmable,
    Confirming,
    Refused,
)
from trivet.register.confirmations.desk import Desk
from trivet.register.confirmations.doubts import Doubt, in_words, subject_of
from trivet.register.confirmations.ending import Ended, Unknown, end
from trivet.register.confirmations.recording import NothingMirrored, RecordedBefore, record
from trivet.register.confirmations.records import held_record
from trivet.register.confirmations.shapes import EndOfConfirmation
from trivet.register.confirmations.table import Confirmation, ConfirmationState
from trivet.register.current import CurrentRegister
from trivet.register.identifiers import unfit_text

MOST_BYTES = 64 * 1024
_ID = re.compile(r"cnf_[0-9a-f]{32}")
_BUSY = documented_problem(
    "No register has been mirrored yet, or another confirmation is being recorded."
)


class ConfirmationAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A confirmation as it is kept. `goodUntil` is the last day for which it is good.

    `register` and `subject` are null once the person was erased whose record it was. `recordedBy` and `endedBy` are ids
    of keys, null at the command line.
    """

    id: str
    kind: Confirmable
    register: str | None
    subject: str | None
    state: ConfirmationState
    confirmed_by: str
    confirmed_on: date
    good_until: date
    document: str
    note: str | None
    recorded_at: datetime
    recorded_by: str | None
    ended_at: datetime | None
    ended_by: str | None
    end_reason: str | None


class RecordedAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A confirmation that was recorded, the record in words as it is confirmed, and what to look at again."""

    confirmation: ConfirmationAnswer
    record: dict[str, str]
    doubts: list[Doubt]
    snapshot: str


class ConfirmationPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of confirmations, the newest first."""

    items: list[ConfirmationAnswer]
    next_cursor: str | None


@post(
    "/v1/confirmations",
    operation_id="createConfirmation",
    tags=["confirmations"],
    summary="Record a confirmation",
    responses={503: _BUSY, **REPEATED},
    response_headers=[
        ResponseHeader(
            name="Location",
            value="",  # its type is what the document says of it
            description="Where it can be read again.",
            documentation_only=True,
        )
    ],
    request_max_body_size=MOST_BYTES,
)
async def create_confirmation(
    data: JSONBody[Confirming],
    request: Request[Any, Any, State],
    state: State,
    idempotency_key: Annotated[str | None, REPEAT_HEADER] = None,
) -> Response[RecordedAnswer]:
    """Record what the certification body confirmed; it is vouched for as `certifier_confirmed` from the next answer on.

    What is left out of the record is taken from the register as it stands. It is recorded even where a better vouched
    source says otherwise, which goes on being believed: see `doubts`.
    """
    repeated = repeatable(request, idempotency_key, await request.body(), state.pepper)

    async def first(connection: AsyncConnection, identity: str, now: datetime) -> bool:
        return not repeated or not await created_before(connection, repeated, identity, now)

    try:
        async with _told():
            recorded = await record(_desk(request), data, first)
    except RecordedBefore:
        return await _again(repeated, state)
    told = RecordedAnswer(
        confirmation=_answer(recorded.confirmation, state),
        record=in_words(recorded.record),
        doubts=list(recorded.doubts),
        snapshot=recorded.snapshot,
    )
    if repeated:
        async with writing(state.engine) as connection:
            await keep_answer(connection, repeated, msgspec.json.encode(told).decode())
    return _sent(told)


async def _again(repeated: Repeatable | None, state: State) -> Response[RecordedAnswer]:
    assert repeated is not None  # noqa: S101 - only such a request can have come before
    async with reading(state.engine) as connection:
        answer = await answer_kept(connection, repeated)
    return _sent(msgspec.json.decode(answer, type=RecordedAnswer), {"Idempotency-Replayed": "true"})


def _sent(
    told: RecordedAnswer, headers: Mapping[str, str] | None = None
) -> Response[RecordedAnswer]:
    place = {"Location": f"/v1/confirmations/{told.confirmation.id}"}
    return Response(told, headers={**place, **(headers or {})})


@get(
    "/v1/confirmations",
    operation_id="listConfirmations",
    tags=["confirmations"],
    summary="List confirmations",
)
async def list_confirmations(
    state: State,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> ConfirmationPage:
    """Return the confirmations, the newest first, those that ended too."""
    async with reading(state.engine) as connection:
        found = await table.list_confirmations(
            connection, before=from_cursor(cursor, _ID), limit=limit + 1
        )
    items = [_answer(confirmation, state) for confirmation in found[:limit]]
    return ConfirmationPage(items, _next(found, limit))


def _next(found: Sequence[Confirmation], limit: int) -> str | None:
    return to_cursor(found[limit - 1].id) if len(found) > limit else None


@get(
    "/v1/confirmations/{confirmation_id:str}",
    operation_id="getConfirmation",
    tags=["confirmations"],
    summary="Read a confirmation again",
)
async def get_confirmation(confirmation_id: FromPath[str], state: State) -> ConfirmationAnswer:
    """Return a confirmation as it is kept."""
    async with reading(state.engine) as connection:
        found = await table.find_confirmation(connection, confirmation_id)
    if found is None:
        raise _not_found()
    return _answer(found, state)


@post(
    "/v1/confirmations/{confirmation_id:str}/end",
    operation_id="endConfirmation",
    tags=["confirmations"],
    summary="End a confirmation",
    status_code=200,
    responses={409: documented_problem("It has ended already."), 503: _BUSY},
    request_max_body_size=MOST_BYTES,
)
async def end_confirmation(
    confirmation_id: FromPath[str],
    data: JSONBody[EndOfConfirmation],
    request: Request[Any, Any, State],
    state: State,
) -> ConfirmationAnswer:
    """End a confirmation: from today on nothing rests on it, or, if it was `mistaken`, never has.

    What was answered before stays as it was answered.
    """
    unfit = unfit_text(data.reason, LONGEST_NOTE)
    if unfit:
        error = FieldError(pointer="/reason", code="ill_formed", detail=unfit)
        raise Problem(400, "invalid_confirmation", "Say why it ends.", errors=[error])
    async with _told():
        ended = await end(
            _desk(request), confirmation_id, data.reason.strip(), mistaken=data.mistaken
        )
    return _answer(ended, state)


ROUTES = [create_confirmation, list_confirmations, get_confirmation, end_confirmation]
"""What only a live key with the scope `admin` may ask."""


def _desk(request: Request[Any, Any, State]) -> Desk:
    state = request.app.state
    return Desk(
        state.engine, state.current, state.pepper, state.clock, state.herald, by=str(request.auth)
    )


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """Tell over HTTP why a confirmation could not be recorded or ended."""
    try:
        yield
    except Refused as refused:
        errors = [
            FieldError(pointer=f.pointer, code=f.code, detail=f.detail) for f in refused.faults
        ]
        detail = "The confirmation can't be recorded; see errors."
        raise Problem(400, "invalid_confirmation", detail, errors=errors) from None
    except NothingMirrored as error:
        raise Problem(503, "no_snapshot", str(error), headers={"Retry-After": "30"}) from None
    except (Taken, Lost):
        detail = "Another confirmation is being recorded: try again."
        raise Problem(503, "busy", detail, headers={"Retry-After": "5"}) from None
    except Unknown:
        raise _not_found() from None
    except Ended as ended:
        raise Problem(409, "already_ended", f"{ended}.") from None


def _not_found() -> Problem:
    return Problem(404, "not_found", "There is no confirmation of that id.")


def _answer(confirmation: Confirmation, state: State) -> ConfirmationAnswer:
    kept = {
        name: getattr(confirmation, name)
        for name in ConfirmationAnswer.__struct_fields__
        if name not in ("state", "subject")
    }
    today = day_of(state.clock())
    return ConfirmationAnswer(
        **kept, subject=_subject(confirmation, state), state=confirmation.state(today)
    )


def _subject(confirmation: Confirmation, state: State) -> str | None:
    current: CurrentRegister = state.current
    if current.index is None or confirmation.register is None:
        return None
    entry = held_record(confirmation.kind, current.index, confirmation.register)
    return subject_of(entry.record) if entry else None
