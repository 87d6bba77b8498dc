"""One verdict: every element judged, so that a commissioner sees every problem at once (R1)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from trivet.london import end_of
from trivet.register.index import Index
from trivet.register.merge import Entry
from trivet.register.records import Record
from trivet.verification.question import Question, Scope
from trivet.verification.reasons import EVIDENCE_REASONS, Element, Verdict
from trivet.verification.rules.body import judge_body
from trivet.verification.rules.case import Case, Matter
from trivet.verification.rules.delivering import Delivering, delivering_organisation
from trivet.verification.rules.delivery import affiliate_candidates, judge_delivery
from trivet.verification.rules.grounds import Terms, element, worst
from trivet.verification.rules.judgement import Finding, Given, Judged, Judgement, Sought
from trivet.verification.rules.programme import ProgrammeFound, find_programme
from trivet.verification.rules.provider import ProviderFound, find_provider
from trivet.verification.rules.scope import asks, judge_scope
from trivet.verification.rules.trainer import TrainerFound, find_trainer


def judge(
    question: Question,
    index: Index,
    on: date,
    known_at: datetime,
    *,
    accepts_declared: bool = False,
) -> Judgement:
    """Answer a question from one snapshot.

    `on` is the London day of delivery, `known_at` the instant (UTC) whose knowledge is asked for: now, or earlier.
    `accepts_declared`: the account takes a provider's own word (R10).
    """
    case = Case(question, index, on)
    found = _find(case)
    terms = Terms(on, min(end_of(on), known_at), question.oldest, accepts_declared)
    elements = [element(name, f, index, terms) for name, f in found.findings.items()]
    verdict = worst([judged.verdict for judged in elements])
    given = [reason for judged in elements for reason in judged.reasons]
    return Judgement(
        verdict=verdict,
        elements=elements,
        reasons=given if verdict is Verdict.PASS else [*given, *_of_evidence(question)],
        candidates=(
            *found.provider.candidates,
            *found.programme.candidates,
            *affiliate_candidates(case, found.provider.entry, found.delivering),
        ),
        trainer=found.trainer.sought,
    )


class Part(msgspec.Struct, frozen=True):
    """One element judged, and the records that it rests on, the main one first."""

    judged: Judged
    entries: tuple[Entry[Record], ...]


class Parts(msgspec.Struct, frozen=True):
    """Some elements judged, and what came of looking up the trainer."""

    elements: Mapping[Element, Part]
    trainer: Sought


def judge_parts(
    matter: Matter,
    parts: Collection[Element],
    index: Index,
    on: date,
    known_at: datetime,
    *,
    accepts_declared: bool = False,
) -> Parts:
    """Judge some elements of what may leave out a programme or a trainer, each as it would be in a verdict.

    `on` is a London day, `known_at` an instant (UTC).
    """
    found = _find(Case(matter, index, on))
    terms = Terms(on, min(end_of(on), known_at), accepts_declared=accepts_declared)
    elements = {
        name: Part(
            element(name, findings, index, terms),
            tuple(ground.entry for finding in findings for ground in finding.grounds),
        )
        for name, findings in found.findings.items()
        if name in parts
    }
    return Parts(elements, found.trainer.sought)


class _Found(msgspec.Struct, frozen=True):
    """What a question leads to in an index, and what is found of each element."""

    provider: ProviderFound
    programme: ProgrammeFound
    delivering: Delivering | None
    trainer: TrainerFound
    findings: Mapping[Element, Sequence[Finding]]


def _find(case: Case) -> _Found:
    provider = find_provider(case)
    delivering = delivering_organisation(case, provider.entry) if provider.entry else None
    programme = find_programme(case, provider)
    trainer = find_trainer(case, provider, programme.entry, delivering)
    delivery = judge_delivery(case, provider.entry, programme.entry, trainer, delivering)
    findings = {
        Element.BODY: [*judge_body(case, provider.entry)],
        Element.PROVIDER: [provider.finding],
        Element.PROGRAMME: [programme.finding],
        Element.TRAINER: _resting_on(programme, [trainer.finding]),
        Element.DELIVERY: _resting_on(programme, delivery),
    }
    scope = case.question.scope or Scope()
    if asks(scope):
        within = judge_scope(scope, provider.entry, programme.entry)
        findings[Element.SCOPE] = _resting_on(programme, within)
    return _Found(provider, programme, delivering, trainer, findings)


def _resting_on(programme: ProgrammeFound, findings: Iterable[Finding]) -> list[Finding]:
    """Rest each fail by a record on what makes the programme the one that is meant, where that is disputed."""
    return [
        replace(finding, grounds=(*finding.grounds, *programme.disputed))
        if finding.grounds and finding.verdict is Verdict.FAIL
        else finding
        for finding in findings
    ]


def judge_before_first_snapshot(question: Question) -> Judgement:
    """Answer for an instant at which nothing had been mirrored: no element can be confirmed."""
    named = (
        [*Element]
        if asks(question.scope or Scope())
        else [e for e in Element if e is not Element.SCOPE]
    )
    return Judgement(
        verdict=Verdict.CANNOT_CONFIRM,
        elements=[Judged(element=name, verdict=Verdict.CANNOT_CONFIRM) for name in named],
        reasons=[Given(code="known_at_before_first_snapshot", element=None)],
        candidates=[],
        trainer=Sought.NOT_LOOKED_UP,
    )


def _of_evidence(question: Question) -> list[Given]:
    """Say of each piece of evidence offered that it is not certification (R2, R3, R8, R12, R19)."""
    offered = dict.fromkeys(question.evidence or ())
    return [
        Given(code=EVIDENCE_REASONS[evidence], element=None)
        for evidence in offered
        if evidence in EVIDENCE_REASONS
    ]
