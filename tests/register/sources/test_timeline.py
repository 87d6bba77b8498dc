from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trivet.register.faults import period_faults
from trivet.register.periods import Period, Status
from trivet.register.sources.timeline import Conflict, Dates, merged, periods_of

START, END, CHANGE = date(2022, 1, 1), date(2025, 1, 1), date(2023, 6, 1)
TODAY = date(2024, 5, 1)
IN_FORCE, SUSPENDED, WITHDRAWN, EXPIRED = (
    Status.IN_FORCE,
    Status.SUSPENDED,
    Status.WITHDRAWN,
    Status.EXPIRED,
)


@pytest.mark.parametrize(
    ("status", "dates", "expected"),
    [
        (IN_FORCE, Dates(START, END), [Period(IN_FORCE, START, END)]),
        (IN_FORCE, Dates(START, None, CHANGE), [Period(IN_FORCE, START, None)]),
        (Status.APPLIED, Dates(START, END), [Period(Status.APPLIED, START, END)]),
        (EXPIRED, Dates(START, date(2023, 1, 1)), [Period(IN_FORCE, START, date(2023, 1, 1))]),
        # Expired, they say, but the end is still to come: the day on which it lapsed is not known.
        (EXPIRED, Dates(START, END), [Period(EXPIRED, None, None)]),
        (EXPIRED, Dates(START, None), [Period(EXPIRED, None, None)]),
        (EXPIRED, Dates(None, date(2023, 1, 1)), [Period(EXPIRED, None, None)]),
        (SUSPENDED, Dates(START, END), [Period(SUSPENDED, None, None)]),
        (WITHDRAWN, Dates(START, END), [Period(WITHDRAWN, None, None)]),
        (
            WITHDRAWN,
            Dates(START, END, CHANGE),
            [Period(IN_FORCE, START, CHANGE), Period(WITHDRAWN, CHANGE, None)],
        ),
        (
            WITHDRAWN,
            Dates(START, date(2023, 1, 1), CHANGE),
            [Period(IN_FORCE, START, date(2023, 1, 1)), Period(WITHDRAWN, CHANGE, None)],
        ),
        (WITHDRAWN, Dates(CHANGE, END, CHANGE), [Period(WITHDRAWN, CHANGE, None)]),
        (
            SUSPENDED,
            Dates(None, END, CHANGE),
            [Period(IN_FORCE, None, CHANGE), Period(SUSPENDED, CHANGE, None)],
        ),
    ],
)
def test_a_status_and_its_dates_make_periods(
    status: Status, dates: Dates, expected: list[Period]
) -> None:
    assert list(periods_of(status, dates, TODAY)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # equal, overlapping, touching
        ([(1, 5), (1, 5)], [(1, 5)]),
        ([(1, 5), (3, 8)], [(1, 8)]),
        ([(1, 5), (5, 8)], [(1, 8)]),
        ([(6, None), (1, 5)], [(1, 5), (6, None)]),
        # A start not recorded stays so, and takes no recorded start away.
        ([(None, 5), (None, 8)], [(None, 8)]),
        ([(None, 5), (3, None)], [(None, 3), (3, None)]),
        ([(None, None), (3, 5)], [(3, 5), (None, None)]),
        ([(None, 9), (3, 5)], [(3, 5), (None, 9)]),
    ],
)
def test_periods_of_one_status_are_united(
    given: list[tuple[int | None, int | None]], expected: list[tuple[int | None, int | None]]
) -> None:
    assert [(p.from_, p.to) for p in merged(_period(*pair) for pair in given)] == [
        (_day(begins), _day(ends)) for begins, ends in expected
    ]


@pytest.mark.parametrize(
    "suspended", [(3, 4), (None, None), (None, 3), (4, None)], ids=lambda pair: f"{pair}"
)
def test_periods_of_different_statuses_may_not_overlap(
    suspended: tuple[int | None, int | None],
) -> None:
    with pytest.raises(Conflict, match="overlap"):
        merged([_period(2, 5), _period(6, 7), _period(*suspended, SUSPENDED)])


def test_a_conflict_is_seen_behind_a_shorter_period_of_the_same_status() -> None:
    with pytest.raises(Conflict):
        merged([_period(None, 20), _period(2, 4), _period(10, 12, SUSPENDED)])


def _day(number: int | None) -> date | None:
    return None if number is None else date(2020, 1, 1) + timedelta(days=number)


def _period(begins: int | None, ends: int | None, status: Status = IN_FORCE) -> Period:
    return Period(status, _day(begins), _day(ends))


@st.composite
def _periods(draw: st.DrawFn) -> Period:
    begins = draw(st.none() | st.integers(0, 20))
    length = draw(st.none() | st.integers(1, 8))
    ends = None if length is None else (0 if begins is None else begins) + length
    return _period(begins, ends, draw(st.sampled_from(Status)))


@given(st.lists(_periods(), min_size=1, max_size=6), st.integers(-2, 30), st.integers(-2, 30))
def test_merging_keeps_every_day_and_adds_none(
    periods: list[Period], day: int, first_seen: int
) -> None:
    on, seen = date(2020, 1, 1) + timedelta(days=day), date(2020, 1, 1) + timedelta(days=first_seen)
    try:
        timeline = merged(periods)
    except Conflict:
        return
    assert list(period_faults(timeline)) == []
    for status in Status:
        before = any(p.contains(on, seen) for p in periods if p.status is status)
        after = any(p.contains(on, seen) for p in timeline if p.status is status)
        assert before == after
