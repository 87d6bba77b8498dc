"""From a status and some dates to periods, and from several rows' periods to one timeline."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce

import msgspec

from trivet.register.periods import Period, Status

_ENDED = (Status.SUSPENDED, Status.WITHDRAWN, Status.EXPIRED)


class Conflict(Exception):
    """Periods of different statuses overlap."""


class Dates(msgspec.Struct, frozen=True):
    """What a row says of time: the half-open days [from, to), and the day its status changed."""

    from_: date | None
    to: date | None
    changed: date | None = None


def periods_of(status: Status, dates: Dates, as_of: date) -> tuple[Period, ...]:
    """Return the periods of one row; `as_of` is the London day for which the list stands.

    `expired` is read as in force between its dates, if both are given and the end has come.
    Otherwise the day from which a record was suspended, withdrawn or expired must be given; where
    it isn't, nothing is said of the days before: a period of that status, whose start is not
    recorded.
    """
    if status not in _ENDED:
        return (Period(status, dates.from_, dates.to),)
    if dates.changed:
        return (*_before_change(dates, dates.changed), Period(status, dates.changed, None))
    if status is Status.EXPIRED and dates.from_ and dates.to and dates.to <= as_of:
        return (Period(Status.IN_FORCE, dates.from_, dates.to),)
    return (Period(status, None, None),)


def _before_change(dates: Dates, changed: date) -> Iterator[Period]:
    if dates.from_ is None or dates.from_ < changed:
        yield Period(Status.IN_FORCE, dates.from_, min(dates.to or changed, changed))


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return one timeline for the periods of several rows.

    Equal periods count once; overlapping or touching ones of one status are united. A start not
    recorded stays so, and takes no recorded start away from another row.

    Raises:
        Conflict: periods of different statuses overlap.
    """
    given = sorted(set(periods), key=_order)
    timeline = [
        united for status in Status for united in _united([p for p in given if p.status is status])
    ]
    timeline.sort(key=_order)
    _refuse_conflicts(timeline)
    return tuple(timeline)


def _refuse_conflicts(periods: Iterable[Period]) -> None:
    """Raise Conflict for overlapping periods; a start not recorded may be any day."""
    ends: dict[Status, date] = {}
    for period in sorted(periods, key=lambda p: p.from_ or date.min):
        for status, end in ends.items():
            if status is not period.status and (period.from_ or date.min) < end:
                raise Conflict(f"{status.value} and {period.status.value} overlap")
        ends[period.status] = max(ends.get(period.status, date.min), period.to or date.max)


def _order(period: Period) -> tuple[date, bool]:
    """Order by start; a period without one stands where it ends, ahead of what begins then."""
    return period.from_ or period.to or date.max, period.from_ is not None


def _united(periods: Sequence[Period]) -> list[Period]:
    dated: list[Period] = []
    for period in (p for p in periods if p.from_ is not None):
        last = dated[-1] if dated else None
        if last and period.from_ and (last.to is None or period.from_ <= last.to):
            dated[-1] = Period(last.status, last.from_, _later(last.to, period.to))
        else:
            dated.append(period)
    undated = [p for p in periods if p.from_ is None]
    return [*_undated(undated, dated), *dated]


def _undated(undated: Sequence[Period], dated: Sequence[Period]) -> Iterator[Period]:
    """Yield the longest period without a start, cut where a dated one goes on for as long."""
    if not undated:
        return
    end = reduce(_later, (period.to for period in undated))
    for period in dated:
        goes_on = _later(period.to, end) == period.to
        if goes_on and period.from_ and (end is None or period.from_ <= end):
            end = period.from_
    yield Period(undated[0].status, None, end)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
