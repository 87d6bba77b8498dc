"""What a finding rests on may be stale, contradicted or only declared: then it can't be confirmed (R10, R21)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from trivet.london import start_of
from trivet.register.index import Index
from trivet.register.merge import SourceState, StoodBy
from trivet.register.records import RECORD_TYPES, Kind, VouchedBy
from trivet.verification.reasons import Element, Verdict
from trivet.verification.rules.judgement import CONTRADICTED, Finding, Given, Judged, Params

_BEST_FIRST = tuple(VouchedBy)
_KINDS = {of: kind for kind, of in RECORD_TYPES.items()}


class Terms(msgspec.Struct, frozen=True):
    """What the caller and its account ask of the sources.

    `on` is the London day of delivery, `until` the instant (UTC) up to which they had to be fresh, `oldest` how old
    they may be where that is stricter than their own maximum age, and `accepts_declared` whether the provider's own
    word is enough.
    """

    on: date
    until: datetime
    oldest: timedelta | None = None
    accepts_declared: bool = False

    def allow(self, source: SourceState) -> bool:
        """Say whether a source was fresh enough."""
        return not source.is_stale(self.until) and self._young_enough(source.as_of)

    def allow_word(self, word: StoodBy) -> bool:
        """Say whether the body's word on one record is good for the day, and was given lately enough for the caller."""
        return not self.is_over(word) and self._young_enough(start_of(word.on))

    def is_over(self, word: StoodBy) -> bool:
        """Say whether the day of delivery, today's or to come, is one for which the body's word is good no more."""
        return self.on > word.until

    def _young_enough(self, since: datetime) -> bool:
        return self.oldest is None or self.until - since <= self.oldest


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
    stale = _stale(finding, index, terms, by_record=not (holds or finding.absence_of))
    if stale:
        return replace(finding, reason="register_stale", params=stale)
    if holds and finding.declared and not terms.accepts_declared and _is_declared(finding):
        return replace(finding, reason=finding.declared)
    return finding


def _is_declared(finding: Finding) -> bool:
    return _least_vouched([finding]) is VouchedBy.PROVIDER_DECLARED


def _contradicted(finding: Finding) -> bool:
    return any(ground.entry.contradicted(*ground.fields) for ground in finding.grounds)


def _stale(finding: Finding, index: Index, terms: Terms, *, by_record: bool) -> Params:
    """Return which sources are too old for a finding, and until when the body's word was good; nothing if it stands.

    `by_record`: it fails by a record. By a list that is stale it still does, by a confirmation that is over it doesn't.
    """
    lists, words = _resting_on(finding, terms)
    for kind in finding.absence_of:
        lists |= index.covering(kind)
    if by_record:
        lists, words = set(), [word for word in words if terms.is_over(word.given)]
    old = {source for source in lists if not terms.allow(index.sources[source])}
    old |= {word.source for word in words}
    params = {"sources": ", ".join(sorted(old))} if old else {}
    if words:
        params["goodUntil"] = min(word.given.until for word in words).isoformat()
        params["records"] = ", ".join(sorted({word.of for word in words}))
    return params


class _Word(msgspec.Struct, frozen=True):
    """The body's word on a record of some kind, and the source that has it."""

    source: str
    given: StoodBy
    of: Kind


def _resting_on(finding: Finding, terms: Terms) -> tuple[set[str], list[_Word]]:
    """Return the lists behind a finding, and the body's words behind it that can't carry it.

    Where the body's word can carry a field, no list that agrees need be fresh; where it can't, such a list is enough.
    """
    lists: set[str] = set()
    words: list[_Word] = []
    for entry, field in ((g.entry, field) for g in finding.grounds for field in g.fields):
        sources = entry.said[field].sources
        given = {source: entry.stood_by[source] for source in sources & entry.stood_by.keys()}
        if any(map(terms.allow_word, given.values())):
            continue
        lists |= sources - given.keys()
        if not sources - given.keys():
            kind = _KINDS[type(entry.record)]
            words += (_Word(source, word, kind) for source, word in given.items())
    return lists, words


def _least_vouched(findings: Sequence[Finding]) -> VouchedBy | None:
    said = [g.entry.said[f].vouched_by for x in findings for g in x.grounds for f in g.fields]
    return max(said, key=_BEST_FIRST.index, default=None)
