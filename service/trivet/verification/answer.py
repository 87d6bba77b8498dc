"""The answer as it is sent and kept."""

from datetime import date, datetime

import msgspec

from trivet.register.index import Index
from trivet.register.records import VouchedBy
from trivet.verification.caveats import caveats
from trivet.verification.next_steps import NextStep, next_steps
from trivet.verification.question import Purpose, Question, Scope
from trivet.verification.reasons import REASONS, Element, Verdict
from trivet.verification.requirements import Requirement, requirement
from trivet.verification.rules import Candidate, Given, Judged, judge


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
    """Which snapshot answered."""

    snapshot: str
    digest: str
    as_of: datetime
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
    reference: str | None
    purpose: Purpose
    register: RegisterAnswer
    checked_at: datetime


def answer(
    question: Question,
    index: Index,
    *,
    verification_id: str,
    on: date,
    today: date,
    now: datetime,
    purpose: Purpose,
) -> Verification:
    """Answer a question: `on` and `today` are London days, `now` the instant (UTC) it is answered at."""
    judgement = judge(question, index, on, now)
    scope = question.scope or Scope()
    setting, nation = scope.setting or None, scope.nation or None
    register = describe_register(index, now)
    publishers = [source.publisher for source in index.sources.values()]
    codes = dict.fromkeys(reason.code for reason in judgement.reasons)
    return Verification(
        id=verification_id,
        verdict=judgement.verdict,
        elements=[_element(judged) for judged in judgement.elements],
        reasons=[_reason(given) for given in judgement.reasons],
        candidates=[_candidate(candidate) for candidate in judgement.candidates],
        next_steps=list(next_steps(codes, nation=nation, setting=setting)),
        requirement=requirement(setting, nation, on),
        caveats=[*caveats(judgement, on, today, publishers, register.as_of)],
        delivered_on=on,
        reference=question.reference or None,
        purpose=purpose,
        register=register,
        checked_at=now,
    )


def describe_register(index: Index, now: datetime) -> RegisterAnswer:
    """Say which snapshot an index holds and how fresh each of its sources is at an instant (UTC).

    The whole is as of its oldest source.
    """
    sources = [
        SourceAnswer(source=name, as_of=s.as_of, stale=now - s.as_of > s.max_age)
        for name, s in sorted(index.sources.items())
    ]
    return RegisterAnswer(
        snapshot=index.snapshot.id,
        digest=index.snapshot.digest,
        as_of=min(s.as_of for s in sources),
        stale=any(s.stale for s in sources),
        sources=sources,
    )


def _element(judged: Judged) -> ElementAnswer:
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


def _reason(given: Given) -> ReasonAnswer:
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
