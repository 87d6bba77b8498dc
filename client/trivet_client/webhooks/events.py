"""What a service tells of: one class for each kind of event, each as it stood when the mirror learned of it.

Words for a status or a verdict stay text: a word that is not known yet is kept, and is never permission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

_ENDINGS = frozenset({"lapsed", "suspended", "withdrawn", "delisted", "ended"})


class VerdictWord(str):
    """A verdict as it came, such as `fail`. Of all words only `pass` is true: nothing else opens a gate."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return self == "pass"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why it is so: a code of the service's list of reasons, the element that it is about, and the rule."""

    code: str
    element: str | None
    rule: str | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The record that an event is about. It is valid from the first day until the day before `valid_to`."""

    kind: str
    """`provider`, `programme`, `authorisation` or `affiliation`."""
    register: str
    """The id under which the register lists it."""
    name: str | None
    """What it is called; None for an authorisation, which is a person's."""
    provider: str | None
    """The id of the provider that it belongs to."""
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Trainer:
    """How a watch names a trainer; `verify(trainer=…)` takes it as it is."""

    scheme: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One of your watches that an event concerns, and what becomes of its verdict."""

    id: str
    kind: str
    """`triple`, `provider`, `programme`, `trainer` or `delivery`."""
    reference: str | None
    """Your own reference, as you gave it to the watch."""
    trainer: Trainer | None = field(repr=False)  # of a person, and so for no log
    before: VerdictWord | None
    after: VerdictWord | None

    @property
    def permits(self) -> bool:
        """Whether what is watched is certified now. Only a pass is; an unknown word is not."""
        return bool(self.after)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source that the register is mirrored from: how old what is known from it is, and why."""

    source: str
    as_of: datetime | None
    why: str | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that the mirror learned.

    Of this class itself is what this version does not know yet, and what is not told any more because the person whom
    it was about was erased.
    """

    id: str
    """The same at every delivery: what was handled once is known by it."""
    type: str
    version: str
    timestamp: datetime
    """When the mirror learned of it (UTC), not from when on it holds."""
    text: str
    """One sentence for people; no trainer is named in it."""
    test: bool
    """Whether it was made up, because somebody asked for a test. Do nothing in earnest."""
    effective_on: date | None
    """The day in Europe/London from which it holds."""
    reasons: tuple[Reason, ...]
    watches: tuple[Watch, ...]
    """Those of your watches that it concerns; the first thousand of them."""
    watch_count: int
    """How many there are in all. The service lists them under `/v1/events/{id}/watches`."""
    corrects: str | None
    """The id of an earlier event that this one undoes."""
    snapshot: str | None
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """The body as it came, read from its JSON."""


@dataclass(frozen=True, kw_only=True)
class StandingChanged(Event):
    """A certification, programme, authorisation or affiliation came to stand otherwise, or for longer or shorter."""

    subject: Subject
    before: str | None
    """Its status: `in_force`, `suspended`, `withdrawn`, `lapsed`, `delisted` or `none`."""
    after: str | None

    @property
    def lost(self) -> bool:
        """Whether it is not in force any more. A status of an unknown word is not in force."""
        if self.after is None:
            return self.type.rpartition(".")[2] in _ENDINGS
        return self.after != "in_force"


@dataclass(frozen=True, kw_only=True)
class Expiring(Event):
    """A certification, programme, authorisation or affiliation ends soon, as the register has it now."""

    subject: Subject
    expires_on: date
    """The first day on which it does not hold any more, unless it is renewed."""
    notice: str | None
    """How long before that this was to be told, as an ISO 8601 duration such as `P30D`."""


@dataclass(frozen=True, kw_only=True)
class VerificationChanged(Event):
    """What was asked before would be answered otherwise now."""

    before: VerdictWord
    after: VerdictWord

    @property
    def permits(self) -> bool:
        """Whether the answer would be a pass now."""
        return bool(self.after)


@dataclass(frozen=True, kw_only=True)
class RegisterEvent(Event):
    """The mirror itself: sources are too old to rely on, are fresh again, or sent what is not believed yet."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class WatchEnded(Event):
    """Watches have ended, because the person whom they watched was erased: no more will be told of them."""
