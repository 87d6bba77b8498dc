"""A record's timeline, and where it stands on a day (R11, R20)."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from trivet.register.durations import Duration


class Status(StrEnum):
    """What a period of a timeline says."""

    APPLIED = "applied"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A status over the half-open days [from, to); `from` None: not recorded; `to` None: no end."""

    status: Status
    from_: date | None = msgspec.field(name="from")
    to: date | None = None

    def begins(self, first_seen: date) -> date:
        """Return the day from which the period counts; a start not recorded counts from `first_seen`."""
        return first_seen if self.from_ is None else self.from_

    def contains(self, on: date, first_seen: date) -> bool:
        """Say whether `on` lies inside."""
        return self.begins(first_seen) <= on and (self.to is None or on < self.to)


class State(StrEnum):
    """Where a record stands on a day. Only `IN_FORCE` is good."""

    IN_FORCE = "in_force"
    APPLIED = "applied"
    NOT_YET = "not_yet"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    START_NOT_RECORDED = "start_not_recorded"
    TERM_ELAPSED = "term_elapsed"


class Standing(msgspec.Struct, frozen=True):
    """A record's state on a day, with the days [begins, ends) over which that state holds where it is known."""

    state: State
    begins: date | None = None
    ends: date | None = None
    derived: bool = False


def standing(
    periods: Sequence[Period], on: date, first_seen: date, term: Duration | None = None
) -> Standing:
    """Return where a timeline stands on a day.

    `first_seen` is the London day on which the mirror first saw the record. `term` is how long an `in_force` period
    without an end is good for (a provider's, R11); None means that no end is open.
    """
    current = _containing(periods, on, first_seen)
    if current is not None:
        return _inside(current, on, term)
    if any(p.from_ is None and on < first_seen and (p.to is None or on < p.to) for p in periods):
        return Standing(State.START_NOT_RECORDED)
    begun = [p for p in periods if p.begins(first_seen) <= on]
    if begun and begun[-1].status in (Status.WITHDRAWN, Status.EXPIRED):
        return Standing(State(begun[-1].status), begins=begun[-1].from_)
    if not any(p.status is Status.IN_FORCE for p in begun):
        return Standing(State.NOT_YET)
    return Standing(State.EXPIRED, begins=begun[-1].to)


def last_begins(periods: Sequence[Period], first_seen: date) -> date:
    """Return the day on which the last period of a timeline begins."""
    return periods[-1].begins(first_seen)


def continued(
    periods: Sequence[Period], status: Status, begins: date | None, ends: date | None
) -> tuple[Period, ...]:
    """Return a timeline as somebody goes on with it: what was before a day stays, and from that day on it is `status`.

    `begins` None: the last period, or where it has another status one whose start is not recorded. `ends` None: where
    the last period has the same status and ends later still, it ends as that does; else it has no end.
    """
    last = periods[-1] if periods else None
    going_on = last if last and last.status is status else None
    if begins is None:
        begins = going_on.from_ if going_on else None
        before = periods[:-1] if going_on else ()
    else:
        before = [*_until(begins, periods)]
    if ends is None and going_on and going_on.to and (begins is None or begins < going_on.to):
        ends = going_on.to
    return (*before, Period(status, begins, ends))


def _until(day: date, periods: Sequence[Period]) -> Iterator[Period]:
    """Yield what of a timeline lies before a day; a start that is not recorded may."""
    for period in periods:
        if period.from_ is None or period.from_ < day:
            ends = day if period.to is None or period.to > day else period.to
            yield replace(period, to=ends)


def _containing(periods: Sequence[Period], on: date, first_seen: date) -> Period | None:
    # A start not recorded may fall inside a dated period once it counts: what is not good stands.
    containing = [p for p in periods if p.contains(on, first_seen)]
    ended = [p for p in containing if p.status is not Status.IN_FORCE]
    return next(iter([*ended, *containing]), None)


def _inside(period: Period, on: date, term: Duration | None) -> Standing:
    state = State(period.status)
    if state is not State.IN_FORCE or period.to or period.from_ is None or term is None:
        return Standing(state, period.from_, period.to)
    ends = term.after(period.from_)
    if on < ends:
        return Standing(State.IN_FORCE, period.from_, ends, derived=True)
    return Standing(State.TERM_ELAPSED, begins=ends, derived=True)
