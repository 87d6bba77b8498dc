"""One verdict: every element judged, so that a commissioner sees every problem at once (R1)."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from trivet.london import end_of
from trivet.register.index import Index
from trivet.verification.question import Question, Scope
from trivet.verification.reasons import EVIDENCE_REASONS, Element, Verdict
from trivet.verification.rules.body import judge_body
from trivet.verification.rules.case import Case
from trivet.verification.rules.delivering import delivering_organisation
from trivet.verification.rules.delivery import affiliate_candidates, judge_delivery
from trivet.verification.rules.grounds import Terms, element, worst
from trivet.verification.rules.judgement import Finding, Given, Judged, Judgement, Sought
from trivet.verification.rules.programme import ProgrammeFound, find_programme
from trivet.verification.rules.provider import find_provider
from trivet.verification.rules.scope import asks, judge_scope
from trivet.verification.rules.trainer import find_trainer


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
    provider = find_provider(case)
    delivering = delivering_organisation(case, provider.entry) if provider.entry else None
    programme = find_programme(case, provider)
    trainer = find_trainer(case, provider, programme.entry, delivering)
    delivery = judge_delivery(case, provider.entry, programme.entry, trainer, delivering)
    scope = question.scope or Scope()
    findings = {
        Element.BODY: [*judge_body(case, provider.entry)],
        Element.PROVIDER: [provider.finding],
        Element.PROGRAMME: [programme.finding],
        Element.TRAINER: _resting_on(programme, [trainer.finding]),
        Element.DELIVERY: _resting_on(programme, delivery),
    }
    if asks(scope):
        within = judge_scope(scope, provider.entry, programme.entry)
        findings[Element.SCOPE] = _resting_on(programme, within)
    terms = Terms(on, min(end_of(on), known_at), question.oldest, accepts_declared)
    elements = [element(name, found, index, terms) for name, found in findings.items()]
    verdict = worst([judged.verdict for judged in elements])
    given = [reason for judged in elements for reason in judged.reasons]
    return Judgement(
        verdict=verdict,
        elements=elements,
        reasons=given if verdict is Verdict.PASS else [*given, *_of_evidence(question)],
        candidates=(
            *provider.candidates,
            *programme.candidates,
            *affiliate_candidates(case, provider.entry, delivering),
        ),
        trainer=trainer.sought,
    )


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
