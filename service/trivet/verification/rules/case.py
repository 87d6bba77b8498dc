"""One question before one index: what every rule is given."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec
from msgspec import UnsetType

from trivet.register.identifiers import Identifier
from trivet.register.index import Index
from trivet.register.merge import Timed, as_judged, is_delisted, standing_of
from trivet.register.periods import Standing, State
from trivet.register.records import Coverage, Kind, VouchedBy
from trivet.verification.question import ProgrammeReference, Scope, TrainerScheme
from trivet.verification.reasons import REASONS, Verdict
from trivet.verification.rules.judgement import Finding, Ground, Params


class Named(Protocol):
    """How a trainer is named."""

    @property
    def scheme(self) -> TrainerScheme:
        """By their reference, or by the number of one authorisation."""

    @property
    def value(self) -> str:
        """The reference or number."""

    @property
    def family_name(self) -> str | UnsetType:
        """The family name that must match; UNSET: none is given."""


class Matter(Protocol):
    """What the rules judge: a question's, or what is watched, where some of it may be left out."""

    @property
    def providers(self) -> Sequence[Identifier]:
        """The identifiers of the provider."""

    @property
    def programme(self) -> ProgrammeReference | UnsetType:
        """The programme; UNSET: none is asked about."""

    @property
    def trainer(self) -> Named | UnsetType:
        """The trainer; UNSET: nobody is named."""

    @property
    def delivered_by(self) -> Identifier | UnsetType:
        """The organisation that delivers; UNSET: the provider itself."""

    @property
    def scope(self) -> Scope | UnsetType:
        """For what the training is wanted; UNSET: nothing in particular."""


class Case(msgspec.Struct, frozen=True):
    """What is asked about, the index it is asked of, and the day of delivery (Europe/London)."""

    question: Matter
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
