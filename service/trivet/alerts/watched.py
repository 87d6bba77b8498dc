"""What may be watched, and what makes a watch impossible: a fault names its field. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trivet.register.identifiers import Identifier
from trivet.verification.question import (
    Fault,
    ProgrammeReference,
    ProgrammeScheme,
    Question,
    Scope,
    TrainerReference,
    TrainerScheme,
    faults,
)
from trivet.verification.reasons import Element

MOST_NOTICES, LONGEST_NOTICE = 10, 730
"""How many notices a watch asks for at most, and how many days before the end the earliest may come."""

_NOTICE = re.compile(r"P([1-9]\d{0,3})(D|W)")


class WatchKind(StrEnum):
    """What a watch is on."""

    TRIPLE = "triple"
    PROVIDER = "provider"
    PROGRAMME = "programme"
    TRAINER = "trainer"
    DELIVERY = "delivery"


_FIELDS: Mapping[WatchKind, tuple[frozenset[str], frozenset[str]]] = {
    WatchKind.TRIPLE: (
        frozenset({"programme"}),
        frozenset({"trainer", "delivered_by", "delivered_on", "scope"}),
    ),
    WatchKind.PROVIDER: (frozenset(), frozenset()),
    WatchKind.PROGRAMME: (frozenset({"programme"}), frozenset()),
    WatchKind.TRAINER: (frozenset({"trainer"}), frozenset()),
    WatchKind.DELIVERY: (frozenset({"delivered_by"}), frozenset()),
}
"""Beside the provider: what a watch of each kind has to name, and what it may."""

_NAMES = {"delivered_by": "deliveredBy", "delivered_on": "deliveredOn"}

ELEMENTS: Mapping[WatchKind, frozenset[Element]] = {
    WatchKind.TRIPLE: frozenset(Element),
    WatchKind.PROVIDER: frozenset({Element.BODY, Element.PROVIDER}),
    WatchKind.PROGRAMME: frozenset({Element.BODY, Element.PROVIDER, Element.PROGRAMME}),
    WatchKind.TRAINER: frozenset({Element.BODY, Element.PROVIDER, Element.TRAINER}),
    WatchKind.DELIVERY: frozenset({Element.BODY, Element.PROVIDER, Element.DELIVERY}),
}
"""The elements that a watch of each kind is judged by; all of them have to hold."""


class WatchedTrainer(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """The trainer who is watched, by reference or number. A watch keeps no names, so none is asked."""

    scheme: TrainerScheme
    value: str

    @property
    def family_name(self) -> UnsetType:
        """No name: whoever bears the reference is watched."""
        return UNSET


class Watched(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What is watched, as the caller states it.

    `delivered_on` is a Europe/London day; left out, the watch goes on from day to day. `expiry_notice` says how long
    before the end of what it rests on the caller is told, in ISO 8601 days or weeks.
    """

    kind: WatchKind = WatchKind.TRIPLE
    provider: Identifier | tuple[Identifier, ...]
    programme: ProgrammeReference | UnsetType = UNSET
    trainer: WatchedTrainer | UnsetType = UNSET
    delivered_by: Identifier | UnsetType = UNSET
    delivered_on: date | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    expiry_notice: tuple[str, ...] | UnsetType = UNSET

    @property
    def providers(self) -> Sequence[Identifier]:
        """The provider's identifiers as a list, however they were given."""
        return (self.provider,) if isinstance(self.provider, Identifier) else self.provider

    @property
    def question(self) -> Question:
        """What is watched as a question; where no programme is named, one stands in its place that nobody judges."""
        nothing = ProgrammeReference(scheme=ProgrammeScheme.REGISTER, value="-")
        return Question(
            provider=self.provider,
            programme=self.programme or nothing,
            trainer=TrainerReference(scheme=self.trainer.scheme, value=self.trainer.value)
            if self.trainer
            else UNSET,
            delivered_on=self.delivered_on,
            delivered_by=self.delivered_by,
            scope=self.scope,
            reference=self.reference,
        )

    @property
    def notices(self) -> Sequence[int]:
        """How many days before an end to tell, the longest first. ValueError if one is ill-formed."""
        return sorted({days_of(notice) for notice in self.expiry_notice or ()}, reverse=True)


def days_of(notice: str) -> int:
    """Return how many days an ISO 8601 duration of days or weeks is; ValueError if it is none."""
    match = _NOTICE.fullmatch(notice)
    if match is None:
        raise ValueError("is not a number of days or weeks such as P30D or P2W")
    days = int(match[1]) * (7 if match[2] == "W" else 1)
    if days > LONGEST_NOTICE:
        raise ValueError(f"is more than {LONGEST_NOTICE} days")
    return days


def settled(watched: Watched) -> Watched:
    """Return what is watched in one form: the reference trimmed, notices in days, the longest first, each once."""
    notices = tuple(f"P{days}D" for days in watched.notices)
    reference = watched.reference.strip() if watched.reference else UNSET
    return replace(watched, reference=reference, expiry_notice=notices or UNSET)


def watch_faults(
    watched: Watched, today: date, used: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    """Yield what is wrong with what is to be watched; nothing if it may be.

    `today` is the London day, `used` the scope words of the register by dimension.
    """
    yield from _field_faults(watched)
    yield from faults(watched.question, today, used)
    yield from _notice_faults(watched)


def _field_faults(watched: Watched) -> Iterator[Fault]:
    needed, optional = _FIELDS[watched.kind]
    for field in ("programme", "trainer", "delivered_by", "delivered_on", "scope"):
        given = getattr(watched, field) is not UNSET
        pointer = f"/{_NAMES.get(field, field)}"
        if field in needed and not given:
            yield Fault(pointer, "missing", f"is missing: a watch of kind {watched.kind} names it")
        elif given and field not in needed | optional:
            yield Fault(pointer, "unknown_field", f"is no part of a watch of kind {watched.kind}")


def _notice_faults(watched: Watched) -> Iterator[Fault]:
    notices = watched.expiry_notice or ()
    if len(notices) > MOST_NOTICES:
        detail = f"gives {len(notices)}: give at most {MOST_NOTICES}"
        yield Fault("/expiryNotice", "out_of_range", detail)
    for i, notice in enumerate(notices[:MOST_NOTICES]):
        try:
            days_of(notice)
        except ValueError as error:
            yield Fault(f"/expiryNotice/{i}", "ill_formed", str(error))
    if notices and watched.delivered_on is not UNSET:
        detail = "is for what goes on: what ends before deliveredOn is told at once"
        yield Fault("/expiryNotice", "conflict", detail)
