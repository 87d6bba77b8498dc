"""How what is watched moves from one day, or one snapshot, to the next. Pure.

Records move: they lapse, are suspended, hold again, end sooner or later than was known. A triple's verdict moves. And
an end comes near. Each is told once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from trivet.alerts.standing import Leg, Standing, Stands, Subject
from trivet.alerts.watched import Watched, WatchKind
from trivet.verification.reasons import Element, Verdict
from trivet.verification.rules import Given

VERIFICATION_CHANGED = "verification.changed"
MOST_DAYS_MISSED = 366
"""How many days at most are gone through one by one where nobody looked for so long."""

_PREFIX: Mapping[Subject, str] = {
    Subject.PROVIDER: "certification",
    Subject.PROGRAMME: "programme",
    Subject.AUTHORISATION: "authorisation",
    Subject.AFFILIATION: "affiliation",
}
_ELEMENT: Mapping[Subject, frozenset[Element]] = {
    Subject.PROVIDER: frozenset({Element.BODY, Element.PROVIDER}),
    Subject.PROGRAMME: frozenset({Element.PROGRAMME}),
    Subject.AUTHORISATION: frozenset({Element.TRAINER}),
    Subject.AFFILIATION: frozenset({Element.DELIVERY}),
}


class Turn(msgspec.Struct, frozen=True):
    """A verdict that moved: in which event that was told, for which day, from what, and whether for staleness."""

    event: str
    on: date
    before: Verdict
    stale: bool


class Noticed(msgspec.Struct, frozen=True):
    """That an end of a record comes near was told, for so many days before it."""

    subject: Subject
    register: str | None
    ends: date
    days: int

    def is_of(self, leg: Leg) -> bool:
        """Say whether it was told of where a record stands now."""
        return (self.subject, self.register, self.ends) == (leg.subject, leg.register, leg.ends)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a watch: where it stood last, which ends were told of, and its verdict's last turn."""

    standing: Standing
    noticed: tuple[Noticed, ...] = ()
    turn: Turn | None = None

    def is_as(self, other: "State") -> bool:
        """Say whether nothing but the day has passed between two states."""
        day = other.standing.day
        return replace(self, standing=replace(self.standing, day=day, on=day)) == replace(
            other, standing=replace(other.standing, on=day)
        )


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to what is watched, known of on a London day and holding from another.

    `before` and `after` are where the record stood, or None for a verdict that moved; `ended` is its end as it was
    known before. `notice` is how many days before its end a record was told to come near it.
    """

    type: str
    day: date
    effective_on: date
    provider: str | None
    leg: Leg | None = None
    before: Stands | None = None
    after: Stands | None = None
    ended: date | None = None
    notice: int | None = None
    reasons: tuple[Given, ...] = ()
    verdicts: tuple[Verdict, Verdict]


At = Callable[[date, Standing], Standing]
"""Returns where it stands as of a London day, given where it stood before."""


def opened(watched: Watched, standing: Standing) -> State:
    """Return the state of a new watch: what has come near its end already is in the answer, and told no more."""
    noticed = (_noticed(leg, watched.notices, standing.day) for leg in standing.legs)
    return State(standing=standing, noticed=tuple(one for one in noticed if one))


def run(
    watched: Watched, state: State, since: date, today: date, at: At
) -> tuple[State, list[Happening]]:
    """Return the state of a watch as of a London day, and what happened since it was looked at last.

    `since` is the day up to which every watch was looked at that is older.

    Days that were missed are gone through one by one, so that each lapse and each notice comes once, in order.
    """
    happened: list[Happening] = []
    for day in _days(max(state.standing.day, since), today):
        after = at(day, state.standing)
        happened += _record_moves(state.standing, after)
        happened += _verdict_moves(watched, state.standing, after)
        near = [*_nearing(watched, state, after)]
        happened += [happening for happening, _ in near]
        told = [noticed for _, noticed in near]
        # A record that does not hold for a while may hold again until the same end: that is not told twice.
        kept = [one for one in state.noticed if one.ends > day and not _anew(one, told)]
        state = replace(state, standing=after, noticed=(*kept, *told))
    return state, happened


def _days(last: date, today: date) -> Iterator[date]:
    first = max(last + timedelta(days=1), today - timedelta(days=MOST_DAYS_MISSED))
    if first > today:
        yield max(last, today)
    while first <= today:
        yield first
        first += timedelta(days=1)


def _record_moves(before: Standing, after: Standing) -> Iterator[Happening]:
    for leg in after.legs:
        stood = before.leg(leg.subject)
        moved = stood and _type(stood, leg)
        if stood and moved:
            yield Happening(
                type=f"{_PREFIX[leg.subject]}.{moved}",
                day=after.day,
                effective_on=_effective(stood, leg, after.day),
                provider=after.provider,
                leg=leg,
                before=stood.stands,
                after=leg.stands,
                ended=stood.ends,
                reasons=_reasons_of(leg, after),
                verdicts=(before.verdict, after.verdict),
            )


def _type(before: Leg, after: Leg) -> str | None:
    """Return what happened to a record, or None if nothing did that anybody need be told."""
    if before.stands is after.stands:
        return _extent(before, after) if after.stands is Stands.IN_FORCE else None
    if after.stands is Stands.IN_FORCE:
        return "granted" if before.stands is Stands.NONE else "reinstated"
    if before.stands is Stands.IN_FORCE and after.subject is Subject.AFFILIATION:
        return "ended"
    if after.subject is Subject.AFFILIATION:
        return None
    if after.stands is Stands.NONE:
        return _not_good(before, after)
    return after.stands.value


def _not_good(before: Leg, after: Leg) -> str | None:
    """Return what it is for a record that was good to be gone altogether, or to be in force only later."""
    if before.stands is not Stands.IN_FORCE:
        return None
    return "lapsed" if after.listed else "delisted"


def _extent(before: Leg, after: Leg) -> str | None:
    if before.ends == after.ends:
        return None
    later = after.ends is None or (before.ends is not None and after.ends > before.ends)
    return "renewed" if later else "shortened"


def _effective(before: Leg, after: Leg, day: date) -> date:
    """Return from which day a move holds: by the record, if that says so, or else since it was known."""
    if before.stands is after.stands or after.begins is None:
        return day
    return min(after.begins, day)


def _reasons_of(leg: Leg, standing: Standing) -> tuple[Given, ...]:
    return tuple(r for r in standing.reasons if r.element in _ELEMENT[leg.subject])


def _verdict_moves(watched: Watched, before: Standing, after: Standing) -> Iterator[Happening]:
    if watched.kind is WatchKind.TRIPLE and before.verdict is not after.verdict:
        yield Happening(
            type=VERIFICATION_CHANGED,
            day=after.day,
            effective_on=after.on,
            provider=after.provider,
            reasons=after.reasons,
            verdicts=(before.verdict, after.verdict),
        )


def _anew(noticed: Noticed, told: Sequence[Noticed]) -> bool:
    ends = (noticed.subject, noticed.register, noticed.ends)
    return any(ends == (one.subject, one.register, one.ends) for one in told)


def _nearing(
    watched: Watched, state: State, after: Standing
) -> Iterator[tuple[Happening, Noticed]]:
    """Yield the ends that come near: of several notices that are due at once only the last is told."""
    for leg in after.legs:
        due = _noticed(leg, watched.notices, after.day)
        told = [noticed.days for noticed in state.noticed if noticed.is_of(leg)]
        if due and not any(days <= due.days for days in told):
            happening = Happening(
                type=f"{_PREFIX[leg.subject]}.expiring",
                day=after.day,
                effective_on=after.day,
                provider=after.provider,
                leg=leg,
                notice=due.days,
                verdicts=(after.verdict, after.verdict),
            )
            yield happening, due


def _noticed(leg: Leg, notices: Sequence[int], day: date) -> Noticed | None:
    """Return the last notice that is due of a record's end, or None if none is yet."""
    if leg.stands is not Stands.IN_FORCE or leg.ends is None:
        return None
    left = (leg.ends - day).days
    due = [days for days in notices if days >= left]
    return Noticed(leg.subject, leg.register, leg.ends, min(due)) if due else None
