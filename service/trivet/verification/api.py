"""Verifications over HTTP: ask, read again, list; and the data that verdicts are made of."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.access.guards import PUBLIC, needs
from trivet.access.keys import Caller, Scope
from trivet.access.limits import Limits, Policy
from trivet.database import reading, writing
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.problems import FieldError, Problem, documented_problem
from trivet.http.repeats import REPEAT_HEADER, REPEATED, created_before, forget_repeat, repeatable
from trivet.ids import new_id
from trivet.london import day_of, end_of
from trivet.register.current import AskedOf
from trivet.register.index import Known
from trivet.verification import store
from trivet.verification.answer import Verification
from trivet.verification.answering import Answering
from trivet.verification.budget import Budget
from trivet.verification.gone import GONE, still_there
from trivet.verification.next_steps import STEPS, NextStep
from trivet.verification.question import (
    Fault,
    Question,
    faults,
    knowledge_faults,
)
from trivet.verification.reasons import REASONS, Element, Verdict
from trivet.verification.requirements import NATIONS, SETTINGS, Requirement, requirement
from trivet.verification.schemas import one_of

MOST_BYTES = 64 * 1024
_ID = re.compile(r"ver_[0-9a-f]{32}")


class VerificationPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of verifications, the newest first."""

    items: list[Verification]
    next_cursor: str | None


class ReasonListed(msgspec.Struct, frozen=True, rename="camel"):
    """A reason code with what it means and what to do about it."""

    code: str
    element: Element | None
    verdict: Verdict | None
    rule: str
    text: str
    source: str
    next_step: NextStep


class ReasonList(msgspec.Struct, frozen=True):
    """Every reason code there is."""

    items: list[ReasonListed]


@post(
    "/v1/verifications",
    operation_id="createVerification",
    tags=["verifications"],
    summary="Verify one",
    guards=[needs(Scope.VERIFY)],
    status_code=200,
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
        429: documented_problem(
            "The key has sent too many requests in this minute, or asked about too many unknown trainers today; try "
            "again after Retry-After."
        ),
        410: documented_problem(GONE),
        **REPEATED,
    },
)
async def create_verification(
    data: JSONBody[Question],
    caller: NamedDependency[Caller],
    asked_of: NamedDependency[AskedOf],
    request: Request[Caller, Any, State],
    state: State,
    idempotency_key: Annotated[str | None, REPEAT_HEADER] = None,
) -> Response[Verification]:
    """Say whether training is certified on a day: pass, fail or cannot confirm, with every reason.

    The answer is kept before it is sent. It is made in the transaction that keeps it, so that nothing is published
    between the two: the same question with the same clocks gets the same answer for ever. A key that has asked about
    too many unknown trainers on a day is refused new ones until the next.
    """
    engine: AsyncEngine = state.engine
    if data.trainer:
        limits: Limits = state.limits
        await limits.take(request, Policy.TRAINERS)
    repeated = repeatable(request, idempotency_key, await request.body(), state.pepper)
    new = new_id("ver")
    async with writing(engine) as connection:
        now: datetime = state.clock()
        before = await created_before(connection, repeated, new, now) if repeated else None
        if before:
            return await _again(connection, caller, before)
        _refuse(knowledge_faults(data, now))
        asked_at = data.known_at.astimezone(UTC) if data.known_at else None
        known = await asked_of.known(connection, asked_at, now)
        if known is None:
            raise nothing_mirrored()
        used = known.index.words if known.index else {}
        _refuse(faults(data, day_of(known.at), used))
        verification = await _answered(connection, data, known, caller, state, new, now)
        if verification is None and repeated:
            await forget_repeat(connection, repeated)
    if verification is None:
        raise unknown_trainers_spent(now)
    state.metrics.count(verification.verdict, test=caller.test)
    return Response(verification, headers={"Location": f"/v1/verifications/{verification.id}"})


async def _again(
    connection: AsyncConnection, caller: Caller, verification_id: str
) -> Response[Verification]:
    """Return the answer that the first of some identical requests got."""
    found = await store.find_verification(
        connection, caller.account, verification_id, test=caller.test
    )
    verification = still_there(found)
    headers = {"Location": f"/v1/verifications/{verification.id}", "Idempotency-Replayed": "true"}
    return Response(verification, headers=headers)


async def _answered(
    connection: AsyncConnection,
    question: Question,
    known: Known,
    caller: Caller,
    state: State,
    identity: str,
    now: datetime,
) -> Verification | None:
    """Answer a question and keep the answer; None if the budget of unknown trainers refuses it."""
    answering = Answering(caller=caller, pepper=state.pepper, signing=state.signing)
    naming = answering.naming(question)
    if naming is None:
        answered = answering.answer(question, known, identity, now)
        await store.add_verification(connection, answered.asked, question, answered.verification)
        return answered.verification
    spending = await _budget(connection, naming, caller, state, now)
    if spending.refuses(naming):
        spending.count_refusal()
        await spending.close(connection)
        return None
    answered = answering.answer(question, known, identity, now)
    await store.add_verification(connection, answered.asked, question, answered.verification)
    spending.count_answer(naming, answered.trainer)
    await spending.close(connection)
    return answered.verification


async def _budget(
    connection: AsyncConnection, naming: str, caller: Caller, state: State, now: datetime
) -> Budget:
    return await Budget.opened(
        connection,
        key=caller.key,
        account=caller.account,
        namings=[naming],
        now=now,
        per_day=state.unknown_trainers_per_day,
    )


def unknown_trainers_spent(now: datetime) -> Problem:
    """Return the problem of a key that may ask about no new trainer before the next London day."""
    wait = math.ceil((end_of(day_of(now)) - now).total_seconds())
    detail = (
        "This key has asked about as many unknown trainers as it may in a day. Until midnight in London it is "
        "answered only about trainers whom its account has asked about before, named as they were then."
    )
    headers = {"Retry-After": str(wait), "RateLimit": f'"unknown-trainers";r=0;t={wait}'}
    return Problem(429, "unknown_trainers_spent", detail, headers=headers)


def nothing_mirrored() -> Problem:
    """Return the problem of a service that has no register yet."""
    detail = "No register has been mirrored yet: the operator has to run `trivet sync`."
    return Problem(503, "no_snapshot", detail, headers={"Retry-After": "30"})


def _refuse(found: Iterable[Fault]) -> None:
    errors = [FieldError(pointer=f.pointer, code=f.code, detail=f.detail) for f in found]
    if errors:
        raise Problem(
            400, "invalid_question", "The question can't be asked; see errors.", errors=errors
        )


@get(
    "/v1/verifications/{verification_id:str}",
    operation_id="getVerification",
    tags=["verifications"],
    summary="Read a verification again",
    guards=[needs(Scope.VERIFY, Scope.READ)],
    responses={410: documented_problem(GONE)},
)
async def get_verification(
    verification_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> Verification:
    """Return a verification of the caller's own account as it was answered.

    One whose retention is over, or which asked about a person who was erased, is gone: when it was given is told.
    """
    async with reading(state.engine) as connection:
        found = await store.find_verification(
            connection, caller.account, verification_id, test=caller.test
        )
    return still_there(found)


@get(
    "/v1/verifications",
    operation_id="listVerifications",
    tags=["verifications"],
    summary="List verifications",
    guards=[needs(Scope.VERIFY, Scope.READ)],
)
async def list_verifications(
    caller: NamedDependency[Caller],
    state: State,
    reference: Annotated[
        str | None, QueryParameter(description="Only those with this reference.")
    ] = None,
    verdict: Annotated[
        Verdict | None, QueryParameter(description="Only those of this verdict.")
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> VerificationPage:
    """Return the caller's own account's verifications, the newest first."""
    async with reading(state.engine) as connection:
        items = await store.list_verifications(
            connection,
            caller.account,
            test=caller.test,
            reference=reference,
            verdict=verdict.value if verdict else None,
            before=from_cursor(cursor, _ID),
            limit=limit + 1,
        )
    return VerificationPage(list(items[:limit]), _next(items, limit))


def _next(items: Sequence[Verification], limit: int) -> str | None:
    return to_cursor(items[limit - 1].id) if len(items) > limit else None


@get(
    "/v1/reasons",
    operation_id="listReasons",
    tags=["reference"],
    summary="Reason codes",
    opt={PUBLIC: True},
    sync_to_thread=False,
)
def list_reasons() -> ReasonList:
    """Return every reason code with its rule, text, source and next step."""
    return ReasonList(
        [
            ReasonListed(r.code, r.element, r.verdict, r.rule, r.text, r.source, STEPS[r.next_step])
            for r in REASONS.values()
        ]
    )


@get(
    "/v1/requirements",
    operation_id="getRequirement",
    tags=["reference"],
    summary="Who requires certification",
    opt={PUBLIC: True},
    sync_to_thread=False,
)
def get_requirement(
    now: NamedDependency[datetime],
    setting: Annotated[
        str | None,
        QueryParameter(
            description="A setting, such as mental_health_unit.", schema_extra=one_of(SETTINGS)
        ),
    ] = None,
    nation: Annotated[
        str | None,
        QueryParameter(description="A nation, such as england.", schema_extra=one_of(NATIONS)),
    ] = None,
    on: Annotated[
        date | None, QueryParameter(description="A Europe/London day; today by default.")
    ] = None,
) -> Requirement:
    """Say who requires certified training in a setting and nation on a day, and on what basis (R23)."""
    for name, word, known in (("setting", setting, SETTINGS), ("nation", nation, NATIONS)):
        if word is not None and word not in known:
            detail = f"is not a known word: one of {', '.join(known)}"
            error = FieldError(pointer=f"?{name}", code="unknown_word", detail=detail)
            raise Problem(400, "unknown_word", f"The {name} is not known.", errors=[error])
    return requirement(setting, nation, on or day_of(now))
