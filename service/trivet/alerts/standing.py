"""Where what is watched stands: its verdict, and the records that it rests on. Pure: day and instant are arguments."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import cast

import msgspec

from trivet.alerts.watched import ELEMENTS, Watched
from trivet.register.identifiers import comparable_id
from trivet.register.index import Index
from trivet.register.merge import Entry, Timed, as_judged, is_delisted, standing_of
from trivet.register.periods import State
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Programme,
    Provider,
    Record,
)
from trivet.verification.reasons import Element, Verdict
from trivet.verification.rules import Given, Part, Parts, judge_parts, worst


class Subject(StrEnum):
    """What kind of record an event is about."""

    PROVIDER = "provider"
    PROGRAMME = "programme"
    AUTHORISATION = "authorisation"
    AFFILIATION = "affiliation"


class Stands(StrEnum):
    """Where a record stands on a day; only `in_force` is good. `none`: it is not there, or has not begun."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DELISTED = "delisted"
    NONE = "none"


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """A record that what is watched rests on, as of a London day; `begins` and `ends` are of where it stands.

    `register` None: there never was such a record; not `listed`: there is none now. `name` is an organisation's or a
    programme's, never a trainer's.
    """

    subject: Subject
    register: str | None = None
    name: str | None = None
    listed: bool = False
    stands: Stands = Stands.NONE
    begins: date | None = None
    ends: date | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where what is watched stands as of a London day.

    `on` is the day that the verdict is for, `provider` the id of the provider that is meant, if it is known.
    """

    day: date
    on: date
    verdict: Verdict
    reasons: tuple[Given, ...] = ()
    legs: tuple[Leg, ...] = ()
    provider: str | None = None

    def leg(self, subject: Subject) -> Leg | None:
        """Return the record of a kind that it rests on."""
        return next((leg for leg in self.legs if leg.subject is subject), None)


def stand(
    watched: Watched,
    index: Index,
    day: date,
    now: datetime,
    *,
    accepts_declared: bool,
    before: Standing | None = None,
) -> Standing:
    """Say where what is watched stands as of a London day, by what is known at an instant (UTC).

    The verdict is for the day that the watch names, or else for this one. The records are judged as of this day; none
    matters any more once the day that is named is over. `before` is where it stood: a record that it rested on, and is
    led to no more because it is doubtful who is meant, is still the one that is looked at.
    """
    on = watched.delivered_on or day
    judged = _parts(watched, index, on, now, accepts_declared=accepts_declared)
    today = (
        judged if on == day else _parts(watched, index, day, now, accepts_declared=accepts_declared)
    )
    provider = _first(today.elements.get(Element.PROVIDER), Provider)
    legs = () if on < day else tuple(_legs(watched, today, day))
    return Standing(
        day=day,
        on=on,
        verdict=worst([part.judged.verdict for part in judged.elements.values()]),
        reasons=tuple(r for part in judged.elements.values() for r in part.judged.reasons),
        legs=tuple(_still(leg, before, index, day) for leg in legs) if before else legs,
        provider=provider.record.register if provider else (before.provider if before else None),
    )


def _still(leg: Leg, before: Standing, index: Index, day: date) -> Leg:
    rested = before.leg(leg.subject)
    if leg.register is not None or rested is None or rested.register is None:
        return leg
    entries = cast("Mapping[str, Timed]", getattr(index, _ENTRIES[leg.subject]))
    found = _leg(leg.subject, entries.get(comparable_id(rested.register)), day)
    return msgspec.structs.replace(found, register=rested.register, name=rested.name)


_ENTRIES: Mapping[Subject, str] = {
    Subject.PROVIDER: "providers",
    Subject.PROGRAMME: "programmes",
    Subject.AUTHORISATION: "authorisations",
    Subject.AFFILIATION: "affiliations",
}


def _parts(
    watched: Watched, index: Index, on: date, now: datetime, *, accepts_declared: bool
) -> Parts:
    return judge_parts(
        watched, ELEMENTS[watched.kind], index, on, now, accepts_declared=accepts_declared
    )


def _legs(watched: Watched, parts: Parts, day: date) -> Iterator[Leg]:
    elements = parts.elements
    provider = _first(elements.get(Element.PROVIDER), Provider)
    yield _certification(provider, elements.get(Element.BODY), day)
    if watched.programme:
        programme = _first(elements.get(Element.PROGRAMME), Programme)
        yield _leg(Subject.PROGRAMME, _of(programme, provider), day)
    if watched.trainer:
        authorisation = _first(elements.get(Element.TRAINER), Authorisation)
        yield _leg(Subject.AUTHORISATION, authorisation, day)
    if watched.delivered_by:
        affiliation = _first(elements.get(Element.DELIVERY), Affiliation)
        if affiliation or not _delivers(elements.get(Element.DELIVERY), provider):
            yield _leg(Subject.AFFILIATION, affiliation, day)


def _certification(provider: Timed | None, body: Part | None, day: date) -> Leg:
    """Return how a provider is certified: it is not while its body is not licensed and accredited (R14)."""
    leg = _leg(Subject.PROVIDER, provider, day)
    lapsed = body and {reason.code for reason in body.judged.reasons} & _BODY_LAPSED
    if leg.stands is not Stands.IN_FORCE or not lapsed:
        return leg
    return msgspec.structs.replace(leg, stands=Stands.LAPSED, begins=None, ends=None)


_BODY_LAPSED = frozenset({"body_not_licensed", "body_not_accredited"})


def _leg(subject: Subject, entry: Timed | None, day: date) -> Leg:
    if entry is None:
        return Leg(subject=subject)
    judged = as_judged(entry, day)
    stands = standing_of(judged, day)
    delisted = is_delisted(judged, day) and stands.state in _OPEN
    ends = _good_until(entry, day) if stands.state is State.IN_FORCE else stands.ends
    return Leg(
        subject=subject,
        register=entry.record.register,
        name=_name(entry.record),
        listed=True,
        stands=Stands.DELISTED if delisted else _STANDS[stands.state],
        begins=judged.delisted_on if delisted else stands.begins,
        ends=None if delisted else ends,
    )


def _good_until(entry: Timed, day: date) -> date | None:
    """Return the day on which a record in force is so no more: where another period goes on, nothing ends."""
    ends = standing_of(as_judged(entry, day), day).ends
    while ends is not None:
        after = standing_of(as_judged(entry, ends), ends)
        if after.state is not State.IN_FORCE:
            break
        ends = after.ends
    return ends


_STANDS: Mapping[State, Stands] = {
    State.IN_FORCE: Stands.IN_FORCE,
    State.SUSPENDED: Stands.SUSPENDED,
    State.WITHDRAWN: Stands.WITHDRAWN,
    State.EXPIRED: Stands.LAPSED,
    State.TERM_ELAPSED: Stands.LAPSED,
    State.APPLIED: Stands.NONE,
    State.NOT_YET: Stands.NONE,
    State.START_NOT_RECORDED: Stands.NONE,
}
_OPEN = frozenset({State.IN_FORCE, State.TERM_ELAPSED, State.START_NOT_RECORDED})
"""Where a record stands that does not fail anyway: if it vanished, that is what is told (Exactly, 11)."""


def _name(record: Provider | Programme | Authorisation | Affiliation) -> str | None:
    match record:
        case Provider():
            return record.name
        case Programme():
            return record.title
        case Affiliation():
            return record.organisation.name
        case _:
            return None


def _first(part: Part | None, of: type[Record]) -> Timed | None:
    """Return the record of a type that an element rests on."""
    entries = part.entries if part else ()
    return cast("Timed | None", next((e for e in entries if isinstance(e.record, of)), None))


def _of(programme: Timed | None, provider: Timed | None) -> Timed | None:
    """Return a programme if it is the provider's: another's is not what is watched."""
    if programme is None or provider is None or not isinstance(programme.record, Programme):
        return None
    return programme if comparable_id(programme.record.provider) == provider.key else None


def _delivers(part: Part | None, provider: Timed | None) -> bool:
    """Say whether it is the provider itself that delivers."""
    entries: tuple[Entry[Record], ...] = part.entries if part else ()
    return provider is not None and any(entry.key == provider.key for entry in entries[:1])
