"""Verifications over HTTP: ask, read again, list; and the data that verdicts are made of."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.guards import PUBLIC, needs
from trivet.access.keys import Caller, Scope
from trivet.database import reading, writing
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.problems import FieldError, Problem
from trivet.ids import new_id
from trivet.london import day_of
from trivet.register.current import AskedOf
from trivet.register.identifiers import comparable_id
from trivet.register.index import Index
from trivet.register.people import person_hash
from trivet.verification import store
from trivet.verification.answer import Asking, Verification, answer
from trivet.verification.next_steps import STEPS, NextStep
from trivet.verification.question import (
    Fault,
    Purpose,
    Question,
    TrainerScheme,
    faults,
    knowledge_faults,
)
from trivet.verification.reasons import REASONS, Element, Verdict
from trivet.verification.receipts import SigningKeys, receipt_for
from trivet.verification.requirements import NATIONS, SETTINGS, Requirement, requirement
from trivet.verification.schemas import one_of
from trivet.verification.store import Asked

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
)
async def create_verification(
    data: JSONBody[Question],
    caller: NamedDependency[Caller],
    asked_of: NamedDependency[AskedOf],
    state: State,
) -> Response[Verification]:
    """Say whether training is certified on a day: pass, fail or cannot confirm, with every reason.

    The answer is kept before it is sent. It is made in the transaction that keeps it, so that nothing is published
    between the two: the same question with the same clocks gets the same answer for ever.
    """
    engine: AsyncEngine = state.engine
    async with writing(engine) as connection:
        now: datetime = state.clock()
        _refuse(knowledge_faults(data, now))
        asked_at = data.known_at.astimezone(UTC) if data.known_at else None
        known = await asked_of.known(connection, asked_at, now)
        if known is None:
            raise nothing_mirrored()
        used = known.index.words if known.index else {}
        _refuse(faults(data, day_of(known.at), used))
        asking = Asking(
            id=new_id("ver"),
            now=now,
            purpose=data.purpose or Purpose(caller.purpose),
            accepts_declared=caller.accepts_declared,
        )
        verification = _signed(answer(data, known, asking), data, caller, state.signing)
        person = _person(data, known.index, state.pepper)
        asked = Asked(caller.account, caller.key, caller.test, person)
        await store.add_verification(connection, asked, data, verification)
    return Response(verification, headers={"Location": f"/v1/verifications/{verification.id}"})


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


def _signed(
    verification: Verification, question: Question, caller: Caller, keys: SigningKeys
) -> Verification:
    receipt = receipt_for(
        verification, question, caller.account, accepts_declared=caller.accepts_declared
    )
    return msgspec.structs.replace(verification, receipt=keys.sign(receipt))


def _person(question: Question, index: Index | None, pepper: bytes) -> str | None:
    """Return the keyed hash of the trainer asked about, by their reference where the register knows it."""
    trainer = question.trainer
    if not trainer:
        return None
    if index and trainer.scheme is TrainerScheme.AUTHORISATION:
        numbered = index.authorisations.get(comparable_id(trainer.value))
        return person_hash(numbered.record.trainer if numbered else trainer.value, pepper)
    return person_hash(trainer.value, pepper)


@get(
    "/v1/verifications/{verification_id:str}",
    operation_id="getVerification",
    tags=["verifications"],
    summary="Read a verification again",
    guards=[needs(Scope.VERIFY, Scope.READ)],
)
async def get_verification(
    verification_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> Verification:
    """Return a verification of the caller's own account as it was answered."""
    async with reading(state.engine) as connection:
        kept = await store.find_verification(
            connection, caller.account, verification_id, test=caller.test
        )
    if kept is None:
        raise Problem(404, "not_found", "This account has no verification of that id.")
    return kept


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
