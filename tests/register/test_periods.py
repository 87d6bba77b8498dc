"""Where a record's timeline stands on a day: rule 1, clause by clause (R11, R12, R20)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trivet.register.durations import Duration
from trivet.register.faults import period_faults
from trivet.register.periods import (
    Period,
    Standing,
    State,
    Status,
    continued,
    last_begins,
    standing,
)

THREE_YEARS = Duration.parse("P3Y")
SEEN = date(2024, 6, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def timeline(text: str) -> tuple[Period, ...]:
    """Return the periods of a timeline written `status from to; …`, `-` for a day not recorded or no end."""
    periods = []
    for part in text.split(";"):
        status, *days = part.split()
        begins, ends = (None if d == "-" else day(d) for d in days)
        periods.append(Period(Status(status), begins, ends))
    return tuple(periods)


DATED = "in_force 2020-01-01 2022-01-01"
GAP = "in_force 2020-01-01 2022-01-01; in_force 2022-07-01 2024-01-01"
SUSPENSION = "in_force 2020-01-01 2021-01-01; suspended 2021-01-01 2021-06-01; in_force 2021-06-01 2023-01-01"
WITHDRAWN = "in_force 2020-01-01 2021-01-01; withdrawn 2021-01-01 2021-02-01"
LONG_WITHDRAWN = "in_force 2020-01-01 2021-01-01; withdrawn 2021-01-01 -"
RESTORED = "withdrawn 2020-01-01 2021-01-01; in_force 2021-01-01 2022-01-01"
APPLIED = "applied 2020-01-01 2021-01-01; in_force 2021-06-01 2022-01-01"
ONLY_SUSPENDED = "suspended 2020-01-01 2021-01-01"
SUSPENDED_LAST = "in_force 2020-01-01 2021-01-01; suspended 2021-01-01 2021-06-01"
NULL = "in_force - -"
NULL_TO = "in_force - 2025-01-01"
NULL_AFTER = "in_force 2020-01-01 2022-01-01; suspended - -"
NULL_PAST = "in_force - 2023-01-01"

STATES = [
    # inside a period, its status; half-open
    (DATED, "2019-12-31", "not_yet"),
    (DATED, "2020-01-01", "in_force"),
    (DATED, "2021-12-31", "in_force"),
    (DATED, "2022-01-01", "expired"),
    (SUSPENSION, "2020-12-31", "in_force"),
    (SUSPENSION, "2021-01-01", "suspended"),
    (SUSPENSION, "2021-05-31", "suspended"),
    (SUSPENSION, "2021-06-01", "in_force"),
    (LONG_WITHDRAWN, "2020-12-31", "in_force"),
    (LONG_WITHDRAWN, "2021-01-01", "withdrawn"),
    # outside: withdrawn or expired if the last period begun was
    (WITHDRAWN, "2021-02-01", "withdrawn"),
    (WITHDRAWN, "2030-01-01", "withdrawn"),
    ("in_force 2020-01-01 2021-01-01; expired 2021-01-01 2021-02-01", "2021-02-01", "expired"),
    ("expired 2020-01-01 2021-01-01", "2021-06-01", "expired"),
    (RESTORED, "2022-01-01", "expired"),
    # not yet if none that was in force has begun
    (APPLIED, "2019-12-31", "not_yet"),
    (APPLIED, "2020-06-01", "applied"),
    (APPLIED, "2021-01-01", "not_yet"),
    (APPLIED, "2021-06-01", "in_force"),
    (ONLY_SUSPENDED, "2021-01-01", "not_yet"),
    # else expired
    (GAP, "2022-01-01", "expired"),
    (GAP, "2022-06-30", "expired"),
    (GAP, "2022-07-01", "in_force"),
    (SUSPENDED_LAST, "2021-06-01", "expired"),
    # a start not recorded counts from the day on which the record was first seen
    (NULL, "2024-05-31", "start_not_recorded"),
    (NULL, "2024-06-01", "in_force"),
    (NULL_TO, "2024-05-31", "start_not_recorded"),
    (NULL_TO, "2024-06-01", "in_force"),
    (NULL_TO, "2024-12-31", "in_force"),
    (NULL_TO, "2025-01-01", "expired"),
    # days that a dated period contains are as it says
    (NULL_AFTER, "2021-12-31", "in_force"),
    (NULL_AFTER, "2022-01-01", "start_not_recorded"),
    (NULL_AFTER, "2024-05-31", "start_not_recorded"),
    (NULL_AFTER, "2024-06-01", "suspended"),
    ("suspended - -", "2024-05-31", "start_not_recorded"),
    ("withdrawn - -", "2024-06-01", "withdrawn"),
    # nor can it confirm a day that its own end shuts out
    (NULL_PAST, "2022-12-31", "start_not_recorded"),
    (NULL_PAST, "2023-01-01", "not_yet"),
    (NULL_PAST, "2024-06-01", "expired"),
]


@pytest.mark.parametrize(("written", "on", "state"), STATES)
def test_a_timeline_stands_on_a_day(written: str, on: str, state: str) -> None:
    periods = timeline(written)
    assert list(period_faults(periods)) == []
    assert standing(periods, day(on), SEEN).state == state


STANDINGS = [
    (DATED, "2021-01-01", Standing(State.IN_FORCE, day("2020-01-01"), day("2022-01-01"))),
    (DATED, "2023-01-01", Standing(State.EXPIRED, day("2022-01-01"))),
    (LONG_WITHDRAWN, "2023-01-01", Standing(State.WITHDRAWN, day("2021-01-01"))),
    (WITHDRAWN, "2023-01-01", Standing(State.WITHDRAWN, day("2021-01-01"))),
    (NULL, "2025-01-01", Standing(State.IN_FORCE)),
    (NULL_TO, "2024-07-01", Standing(State.IN_FORCE, None, day("2025-01-01"))),
]


@pytest.mark.parametrize(("written", "on", "expected"), STANDINGS)
def test_a_standing_tells_the_days_over_which_it_holds(
    written: str, on: str, expected: Standing
) -> None:
    assert standing(timeline(written), day(on), SEEN) == expected


OPEN = "in_force 2020-02-29 -"
TERMS = [
    (OPEN, "2020-02-28", "not_yet", False),
    (OPEN, "2020-02-29", "in_force", True),
    (OPEN, "2023-02-28", "in_force", True),
    (OPEN, "2023-03-01", "term_elapsed", True),
    (OPEN, "2033-03-01", "term_elapsed", True),
    # an end that is stated is not derived, however far
    ("in_force 2020-01-01 2030-01-01", "2029-12-31", "in_force", False),
    # the term runs from the open period's own start
    ("in_force 2016-01-01 2020-01-01; in_force 2020-01-01 -", "2022-12-31", "in_force", True),
    ("in_force 2016-01-01 2020-01-01; in_force 2020-01-01 -", "2023-01-01", "term_elapsed", True),
    ("in_force 2016-01-01 2020-01-01; in_force 2020-01-01 -", "2019-12-31", "in_force", False),
    # nothing but an open certificate in force has one
    ("suspended 2020-01-01 -", "2026-01-01", "suspended", False),
    ("applied 2020-01-01 -", "2026-01-01", "applied", False),
    (LONG_WITHDRAWN, "2026-01-01", "withdrawn", False),
    # a start not recorded starts no term
    (NULL, "2030-01-01", "in_force", False),
]


@pytest.mark.parametrize(("written", "on", "state", "derived"), TERMS)
def test_an_open_certificate_is_good_for_its_term_and_that_is_marked_derived(
    written: str, on: str, state: str, *, derived: bool
) -> None:
    stands = standing(timeline(written), day(on), SEEN, THREE_YEARS)
    assert (stands.state, stands.derived) == (state, derived)


def test_a_derived_end_is_the_day_on_which_the_term_is_over() -> None:
    good = standing(timeline(OPEN), day("2022-01-01"), SEEN, THREE_YEARS)
    assert (good.begins, good.ends) == (day("2020-02-29"), day("2023-03-01"))
    over = standing(timeline(OPEN), day("2024-01-01"), SEEN, THREE_YEARS)
    assert (over.begins, over.ends) == (day("2023-03-01"), None)


def test_without_a_term_no_end_means_open() -> None:
    assert standing(timeline(OPEN), day("2099-01-01"), SEEN) == Standing(
        State.IN_FORCE, day("2020-02-29")
    )


def test_the_last_period_begins_when_first_seen_where_its_start_is_not_recorded() -> None:
    assert last_begins(timeline(NULL_AFTER), SEEN) == SEEN
    assert last_begins(timeline(GAP), SEEN) == day("2022-07-01")


days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@st.composite
def timelines(draw: st.DrawFn) -> tuple[Period, ...]:
    """Draw periods in order, with and without gaps; the first start and the last end may be missing."""
    edges = sorted(draw(st.lists(days, min_size=2, max_size=8, unique=True)))
    begins: list[date | None] = [*edges[:-1]]
    ends: list[date | None] = [*edges[1:]]
    if draw(st.booleans()):
        begins[0] = None
    if draw(st.booleans()):
        ends[-1] = None
    kept = [i for i in range(len(begins)) if draw(st.booleans())] or [0]
    status = st.sampled_from(list(Status))
    return tuple(Period(draw(status), begins[i], ends[i]) for i in kept)


@given(timelines(), days, days)
def test_inside_a_dated_period_its_status_holds(
    periods: tuple[Period, ...], on: date, first_seen: date
) -> None:
    assert list(period_faults(periods)) == []
    inside = [p for p in periods if p.from_ and p.from_ <= on and (p.to is None or on < p.to)]
    stands = standing(periods, on, first_seen)
    for period in inside:
        assert stands.state.value == period.status.value


@given(timelines(), days, days)
def test_outside_every_period_nothing_is_in_force(
    periods: tuple[Period, ...], on: date, first_seen: date
) -> None:
    if not any(p.contains(on, first_seen) for p in periods):
        state = standing(periods, on, first_seen, THREE_YEARS).state
        assert state not in (State.IN_FORCE, State.APPLIED, State.SUSPENDED, State.TERM_ELAPSED)


@given(timelines(), days, days, st.none() | st.just(THREE_YEARS))
def test_a_standing_in_force_holds_on_every_day_of_its_own_and_on_none_beside(
    periods: tuple[Period, ...], on: date, first_seen: date, term: Duration | None
) -> None:
    stands = standing(periods, on, first_seen, term)
    if stands.state is State.IN_FORCE and stands.begins and stands.ends:
        assert stands.begins <= on < stands.ends
        for inside in (stands.begins, stands.ends - timedelta(days=1)):
            assert standing(periods, inside, first_seen, term) == stands
        for beside in (stands.begins - timedelta(days=1), stands.ends):
            assert standing(periods, beside, first_seen, term) != stands


@given(timelines(), days, days)
def test_a_term_touches_nothing_but_an_open_period_in_force(
    periods: tuple[Period, ...], on: date, first_seen: date
) -> None:
    bare = standing(periods, on, first_seen)
    termed = standing(periods, on, first_seen, THREE_YEARS)
    last = periods[-1]
    is_open = last.status is Status.IN_FORCE and last.to is None and last.from_ is not None
    if not is_open or not last.contains(on, first_seen):
        assert termed == bare
    else:
        assert termed.derived
        assert termed.state in (State.IN_FORCE, State.TERM_ELAPSED)


@given(timelines(), days)
def test_a_start_not_recorded_never_confirms_a_day_before_the_record_was_seen(
    periods: tuple[Period, ...], first_seen: date
) -> None:
    dated = [p for p in periods if p.from_]
    for earlier in (first_seen - timedelta(days=n) for n in (1, 30, 1000)):
        state = standing(periods, earlier, first_seen).state
        if not any(p.contains(earlier, first_seen) for p in dated):
            assert state is not State.IN_FORCE


@given(timelines(), days, days)
def test_what_comes_later_never_changes_where_a_record_stood(
    periods: tuple[Period, ...], on: date, first_seen: date
) -> None:
    for before, after in pairwise(range(1, len(periods) + 1)):
        shorter, longer = periods[:before], periods[:after]
        begins = longer[-1].from_
        if begins and on < begins:
            assert standing(longer, on, first_seen) == standing(shorter, on, first_seen)


CONTINUED = [
    # nothing but the status: the last period, where it has it
    (DATED, "in_force", None, None, DATED),
    (GAP, "in_force", None, None, GAP),
    # another end
    (DATED, "in_force", None, "2023-01-01", "in_force 2020-01-01 2023-01-01"),
    # a renewal: what was before stays
    (DATED, "in_force", "2022-01-01", "2025-01-01", DATED + "; in_force 2022-01-01 2025-01-01"),
    (DATED, "in_force", "2022-01-01", None, DATED + "; in_force 2022-01-01 -"),
    # from within the last period on: it goes on to its end
    (
        DATED,
        "in_force",
        "2021-01-01",
        None,
        "in_force 2020-01-01 2021-01-01; in_force 2021-01-01 2022-01-01",
    ),
    # a suspension cuts what holds, and drops what was to come
    (
        GAP,
        "suspended",
        "2021-01-01",
        None,
        "in_force 2020-01-01 2021-01-01; suspended 2021-01-01 -",
    ),
    (
        "in_force 2020-01-01 -",
        "suspended",
        "2021-01-01",
        "2021-06-01",
        "in_force 2020-01-01 2021-01-01; suspended 2021-01-01 2021-06-01",
    ),
    # a start that was not recorded stays unknown before a day that is
    (
        "in_force - -",
        "in_force",
        "2021-01-01",
        None,
        "in_force - 2021-01-01; in_force 2021-01-01 -",
    ),
    # a beginning earlier than all that is held
    (DATED, "in_force", "2019-01-01", None, "in_force 2019-01-01 2022-01-01"),
    ("", "in_force", None, None, "in_force - -"),
    ("", "withdrawn", "2021-01-01", None, "withdrawn 2021-01-01 -"),
]


@pytest.mark.parametrize(("before", "status", "begins", "ends", "after"), CONTINUED)
def test_a_timeline_goes_on_from_a_day_and_keeps_what_was_before(
    before: str, status: str, begins: str | None, ends: str | None, after: str
) -> None:
    days = (day(d) if d else None for d in (begins, ends))
    went_on = continued(timeline(before) if before else (), Status(status), *days)
    assert went_on == timeline(after)
    assert [*period_faults(went_on)] == []
