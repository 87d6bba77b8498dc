"""The answer as it is sent and kept."""

from datetime import date, datetime

import msgspec

from trivet.london import day_of
from trivet.register.index import Index, Known
from trivet.register.records import VouchedBy
from trivet.verification.caveats import DECLARED, caveats, is_declared
from trivet.verification.letters import Matter, with_letters
from trivet.verification.next_steps import NextStep, next_steps
from trivet.verification.question import Purpose, Question, Scope
from trivet.verification.reasons import REASONS, Element, Verdict
from trivet.verification.requirements import Requirement, requirement
from trivet.verification.rules import (
    Candidate,
    Given,
    Judged,
    Judgement,
    Sought,
    judge,
    judge_before_first_snapshot,
)


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes of an answer have in common."""


class ElementAnswer(_Sent, frozen=True):
    """One element; the days are half-open [validFrom, validTo)."""

    element: Element
    verdict: Verdict
    reasons: list[str]
    record: str | None
    valid_from: date | None
    valid_to: date | None
    provenance: VouchedBy | None
    derived: bool


class ReasonAnswer(_Sent, frozen=True):
    """Why: a stable code, the rule it rests on and where that was published."""

    code: str
    element: Element | None
    rule: str
    text: str
    source: str
    params: dict[str, str]


class CandidateAnswer(_Sent, frozen=True):
    """A record that an ambiguous organisation or programme might be; never a trainer."""

    element: Element
    register: str
    name: str


class SourceAnswer(_Sent, frozen=True):
    """A source that the answer rests on, and as of when."""

    source: str
    as_of: datetime
    stale: bool


class RegisterAnswer(_Sent, frozen=True):
    """Which snapshot answered; null before the first."""

    snapshot: str | None
    digest: str | None
    as_of: datetime | None
    stale: bool
    sources: list[SourceAnswer]


class Verification(_Sent, frozen=True):
    """One question answered. Only `pass` is permission."""

    id: str
    verdict: Verdict
    elements: list[ElementAnswer]
    reasons: list[ReasonAnswer]
    candidates: list[CandidateAnswer]
    next_steps: list[NextStep]
    requirement: Requirement
    caveats: list[str]
    delivered_on: date
    known_at: datetime
    reference: str | None
    purpose: Purpose
    register: RegisterAnswer
    checked_at: datetime
    receipt: str


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """How a question is asked: the id of its answer, when (UTC), what for, and whether a provider's word is enough."""

    id: str
    now: datetime
    purpose: Purpose
    accepts_declared: bool = False


class Answered(msgspec.Struct, frozen=True):
    """An answer, and what came of looking up the trainer: for the budget of unknown ones, and not part of it."""

    verification: Verification
    trainer: Sought


def answer(question: Question, known: Known, asking: Asking) -> Answered:
    """Answer a question by what was known; the receipt is still to be signed."""
    on = question.delivered_on or day_of(known.at)
    judgement = _judged(question, known, on, asking)
    scope = question.scope or Scope()
    setting, nation = scope.setting or None, scope.nation or None
    steps = next_steps(judgement.reasons, nation=nation, setting=setting)
    verification = Verification(
        id=asking.id,
        verdict=judgement.verdict,
        elements=[element_answer(judged) for judged in judgement.elements],
        reasons=[reason_answer(given) for given in judgement.reasons],
        candidates=[_candidate(candidate) for candidate in judgement.candidates],
        next_steps=with_letters(steps, Matter(asking.id, question, judgement, on, known.index)),
        requirement=requirement(setting, nation, on),
        caveats=_caveats(judgement, known, on, asking),
        delivered_on=on,
        known_at=known.at,
        reference=question.reference or None,
        purpose=asking.purpose,
        register=describe_register(known.index, known.at) if known.index else _NO_REGISTER,
        checked_at=asking.now,
        receipt="",
    )
    return Answered(verification, judgement.trainer)


def _judged(question: Question, known: Known, on: date, asking: Asking) -> Judgement:
    if known.index is None:
        return judge_before_first_snapshot(question)
    return judge(question, known.index, on, known.at, accepts_declared=asking.accepts_declared)


def _caveats(judgement: Judgement, known: Known, on: date, asking: Asking) -> list[str]:
    if known.index is None:
        return []
    lists = [s for s in known.index.sources.values() if s.max_age is not None]
    publishers = [source.publisher for source in lists]
    said = [*caveats(judgement, on, day_of(asking.now), publishers, known.index.as_of)]
    return [DECLARED, *said] if asking.accepts_declared and is_declared(judgement) else said


_NO_REGISTER = RegisterAnswer(snapshot=None, digest=None, as_of=None, stale=False, sources=[])


def describe_register(index: Index, now: datetime) -> RegisterAnswer:
    """Say which snapshot an index holds and how fresh each of its sources is at an instant (UTC).

    The whole is as of its oldest list.
    """
    sources = [
        SourceAnswer(source=name, as_of=s.as_of, stale=s.is_stale(now))
        for name, s in sorted(index.sources.items())
    ]
    return RegisterAnswer(
        snapshot=index.snapshot.id,
        digest=index.snapshot.digest,
        as_of=index.as_of,
        stale=any(s.stale for s in sources),
        sources=sources,
    )


def element_answer(judged: Judged) -> ElementAnswer:
    """Return an element as it is sent."""
    return ElementAnswer(
        element=judged.element,
        verdict=judged.verdict,
        reasons=[reason.code for reason in judged.reasons],
        record=judged.record,
        valid_from=judged.valid_from,
        valid_to=judged.valid_to,
        provenance=judged.provenance,
        derived=judged.derived,
    )


def reason_answer(given: Given) -> ReasonAnswer:
    """Return a reason as it is sent."""
    known = REASONS[given.code]
    return ReasonAnswer(
        code=given.code,
        element=given.element,
        rule=known.rule,
        text=known.text,
        source=known.source,
        params=dict(given.params),
    )


def _candidate(candidate: Candidate) -> CandidateAnswer:
    return CandidateAnswer(
        element=candidate.element, register=candidate.register, name=candidate.name
    )
