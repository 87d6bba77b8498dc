"""What the rules find, element by element."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum, auto

import msgspec

from trivet.register.merge import Entry
from trivet.register.periods import Standing
from trivet.register.records import Kind, Record, VouchedBy
from trivet.verification.reasons import REASONS, Element, Verdict

Params = Mapping[str, str]

CONTRADICTED = "sources_contradict"


class Ground(msgspec.Struct, frozen=True):
    """A record that a finding rests on, and the fields of it that matter."""

    entry: Entry[Record]
    fields: tuple[str, ...]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One condition judged. `reason` None: it holds.

    `absence_of` names the kinds whose missing record makes it fail; `declared` is the reason it becomes where it holds
    on the provider's own word alone (R10).
    """

    reason: str | None
    grounds: tuple[Ground, ...] = ()
    standing: Standing | None = None
    absence_of: tuple[Kind, ...] = ()
    declared: str | None = None
    params: Params = {}

    @property
    def verdict(self) -> Verdict:
        """What this condition alone would come to."""
        return Verdict.PASS if self.reason is None else REASONS[self.reason].verdict or Verdict.PASS


class Sought(Enum):
    """What came of looking the trainer up among the provider's authorisations.

    An unknown reference, another provider's trainer, a family name that differs and a person who was erased are all
    unknown. Where no trainer was named, or the provider is not resolved, nobody was looked up.
    """

    NOT_LOOKED_UP = auto()
    KNOWN = auto()
    UNKNOWN = auto()


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A reason as it stands in an answer; `element` None: it comes from the evidence offered."""

    code: str
    element: Element | None
    params: Params = {}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """An element with its own verdict and the record it rests on; the days are half-open [from, to)."""

    element: Element
    verdict: Verdict
    reasons: tuple[Given, ...] = ()
    record: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    provenance: VouchedBy | None = None
    derived: bool = False


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A record that an ambiguous organisation or programme might be: a suggestion, never a trainer (R22)."""

    element: Element
    register: str
    name: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with every element judged, the evidence's reasons among the rest.

    `trainer` says whether the trainer was looked up, and known.
    """

    verdict: Verdict
    elements: Sequence[Judged]
    reasons: Sequence[Given]
    candidates: Sequence[Candidate]
    trainer: Sought
