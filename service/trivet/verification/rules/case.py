"""One question before one index: what every rule is given."""

from datetime import date

import msgspec

from trivet.register.index import Index
from trivet.register.merge import Timed, as_judged, is_delisted, standing_of
from trivet.register.periods import Standing, State
from trivet.register.records import Coverage, Kind, VouchedBy
from trivet.verification.question import Question
from trivet.verification.reasons import REASONS, Verdict
from trivet.verification.rules.judgement import Finding, Ground, Params


class Case(msgspec.Struct, frozen=True):
    """A question, the index it is asked of, and the day of delivery (Europe/London)."""

    question: Question
    index: Index
    on: date

    def absent(self, kind: Kind, reasons: "Absence") -> Finding:
        """Judge a record that is not there by what the sources cover: only a complete list proves absence (R21)."""
        coverage = self.index.coverage(kind)
        if coverage is Coverage.COMPLETE:
            return Finding(reason=reasons.complete, absence_of=(kind,))
        return Finding(reason=reasons.partial if coverage is Coverage.PARTIAL else reasons.none)


class Absence(msgspec.Struct, frozen=True):
    """The reason for a record's absence, by the coverage of its kind."""

    complete: str
    partial: str
    none: str


def timed(
    entry: Timed,
    on: date,
    reasons: dict[State, str],
    *,
    delisted: str,
    declared: str,
    fields: tuple[str, ...] = ("periods",),
) -> Finding:
    """Judge a record by its timeline; one that holds may be delisted instead (R20, R21)."""
    entry = as_judged(entry, on)
    stands = standing_of(entry, on)
    ground = Ground(entry, fields)
    lapsed = reasons.get(stands.state)
    if is_delisted(entry, on) and (lapsed is None or REASONS[lapsed].verdict is not Verdict.FAIL):
        params = {"since": str(entry.delisted_on)}
        return Finding(reason=delisted, grounds=(ground,), standing=stands, params=params)
    params = {"on": on.isoformat(), **_since(stands)} if lapsed else {}
    return Finding(
        reason=lapsed, grounds=(ground,), standing=stands, declared=declared, params=params
    )


def is_declared(entry: Timed) -> bool:
    """Say whether a record's timeline rests on the provider's own word alone (R10)."""
    return entry.said["periods"].vouched_by is VouchedBy.PROVIDER_DECLARED


def good(entry: Timed, on: date) -> bool:
    """Say whether a record is in force on a day and still listed."""
    entry = as_judged(entry, on)
    return standing_of(entry, on).state is State.IN_FORCE and not is_delisted(entry, on)


def _since(stands: Standing) -> Params:
    return {"since": stands.begins.isoformat()} if stands.begins else {}
