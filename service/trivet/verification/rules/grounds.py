"""What a finding rests on may be stale, contradicted or only declared: then it can't be confirmed (R10, R21)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from trivet.register.index import Index
from trivet.register.merge import SourceState
from trivet.register.records import VouchedBy
from trivet.verification.reasons import Element, Verdict
from trivet.verification.rules.judgement import CONTRADICTED, Finding, Given, Judged

_BEST_FIRST = tuple(VouchedBy)


class Terms(msgspec.Struct, frozen=True):
    """What the caller and its account ask of the sources.

    `until` is the instant (UTC) up to which they had to be fresh, `oldest` how old they may be where that is stricter
    than their own maximum age, and `accepts_declared` whether the provider's own word is enough.
    """

    until: datetime
    oldest: timedelta | None = None
    accepts_declared: bool = False

    def allow(self, source: SourceState) -> bool:
        """Say whether a source was fresh enough."""
        age = self.until - source.as_of
        return age <= source.max_age and (self.oldest is None or age <= self.oldest)


def element(name: Element, findings: Sequence[Finding], index: Index, terms: Terms) -> Judged:
    """Make an element of its findings: fail if one fails, else cannot confirm if one can't be, else pass.

    No findings: it can't be judged.
    """
    holds = bool(findings) and all(finding.reason is None for finding in findings)
    tested = [_tested(finding, index, terms, holds=holds) for finding in findings]
    verdict = worst([finding.verdict for finding in tested]) if tested else Verdict.CANNOT_CONFIRM
    reasons = {
        t.reason: Given(code=t.reason, element=name, params=t.params) for t in tested if t.reason
    }
    main = next((f for f in findings if f.grounds), None)
    if main is None:
        return Judged(element=name, verdict=verdict, reasons=tuple(reasons.values()))
    return Judged(
        element=name,
        verdict=verdict,
        reasons=tuple(reasons.values()),
        record=main.grounds[0].entry.record.register,
        valid_from=main.standing.begins if main.standing else None,
        valid_to=main.standing.ends if main.standing else None,
        provenance=_least_vouched(findings),
        derived=any(f.standing is not None and f.standing.derived for f in findings),
    )


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a conjunction (R1)."""
    for verdict in (Verdict.FAIL, Verdict.CANNOT_CONFIRM):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS


def _tested(finding: Finding, index: Index, terms: Terms, *, holds: bool) -> Finding:
    """Return the finding as its sources let it stand; `holds` says that the whole element is good."""
    if finding.verdict is Verdict.CANNOT_CONFIRM:
        return finding
    if _contradicted(finding):
        return replace(finding, reason=CONTRADICTED, params={})
    stale = _stale_sources(finding, index, terms) if holds or finding.absence_of else []
    if stale:
        return replace(finding, reason="register_stale", params={"sources": ", ".join(stale)})
    if holds and finding.declared and not terms.accepts_declared and _is_declared(finding):
        return replace(finding, reason=finding.declared)
    return finding


def _is_declared(finding: Finding) -> bool:
    return _least_vouched([finding]) is VouchedBy.PROVIDER_DECLARED


def _contradicted(finding: Finding) -> bool:
    return any(ground.entry.contradicted(*ground.fields) for ground in finding.grounds)


def _stale_sources(finding: Finding, index: Index, terms: Terms) -> list[str]:
    resting_on = {s for g in finding.grounds for f in g.fields for s in g.entry.said[f].sources}
    for kind in finding.absence_of:
        resting_on |= index.covering(kind)
    return sorted(source for source in resting_on if not terms.allow(index.sources[source]))


def _least_vouched(findings: Sequence[Finding]) -> VouchedBy | None:
    said = [g.entry.said[f].vouched_by for x in findings for g in x.grounds for f in g.fields]
    return max(said, key=_BEST_FIRST.index, default=None)
