"""ISO 8601 durations: which are taken, and how long they are (R11)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trivet.register.durations import Duration

ENDS = [
    ("P3Y", date(2024, 2, 28), date(2027, 2, 28)),
    ("P3Y", date(2024, 2, 29), date(2027, 3, 1)),
    ("P4Y", date(2024, 2, 29), date(2028, 2, 29)),
    ("P3Y", date(2021, 3, 1), date(2024, 3, 1)),
    ("P36M", date(2024, 2, 29), date(2027, 3, 1)),
    ("P1M", date(2025, 1, 31), date(2025, 3, 1)),
    ("P1M", date(2025, 3, 31), date(2025, 5, 1)),
    ("P1M", date(2025, 12, 31), date(2026, 1, 31)),
    ("P11M", date(2025, 12, 31), date(2026, 12, 1)),
    ("P2W", date(2025, 12, 25), date(2026, 1, 8)),
    ("P1D", date(2025, 3, 29), date(2025, 3, 30)),
    ("P1Y2M3W4D", date(2025, 1, 1), date(2026, 3, 26)),
    ("P0D", date(2025, 1, 1), date(2025, 1, 1)),
]


@pytest.mark.parametrize(("text", "start", "end"), ENDS)
def test_a_term_ends_on_the_same_day_or_on_the_first_of_the_next_month(
    text: str, start: date, end: date
) -> None:
    assert Duration.parse(text).after(start) == end


BEGINS = [
    ("P1Y", "2026-11-05", "2025-11-05"),
    ("P1Y", "2024-02-29", "2023-02-28"),
    ("P4Y", "2028-02-29", "2024-02-29"),
    ("P1M", "2025-03-31", "2025-02-28"),
    ("P1M", "2025-01-31", "2024-12-31"),
    ("P18M", "2026-11-05", "2025-05-05"),
    ("P12M", "2026-12-31", "2025-12-31"),
    ("P90D", "2026-03-31", "2025-12-31"),
    ("P1Y1D", "2026-01-01", "2024-12-31"),
]


@pytest.mark.parametrize(("text", "end", "start"), BEGINS)
def test_what_was_kept_before_the_same_day_of_the_month_has_been_kept_for_long_enough(
    text: str, end: str, start: str
) -> None:
    at = "T08:09:10.000011+00:00"
    before = Duration.parse(text).before(datetime.fromisoformat(end + at))
    assert before.isoformat() == start + at


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1D", timedelta(days=1)),
        ("PT12H", timedelta(hours=12)),
        ("P1DT1H30M10S", timedelta(days=1, hours=1, minutes=30, seconds=10)),
        ("P2W", timedelta(weeks=2)),
        ("P1M", timedelta(days=30)),
        ("P1Y", timedelta(days=365)),
        ("P36500D", timedelta(days=36500)),
    ],
)
def test_an_age_takes_a_month_as_thirty_days_and_a_year_as_365(
    text: str, length: timedelta
) -> None:
    assert Duration.parse(text).as_timedelta() == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1",
        "3Y",
        "p3y",
        "P-1D",
        "P1.5D",
        "P1YT",
        "P1H",
        "PT1D",
        "P3Y ",
        "P1D1Y",
        "\u0663",
    ],
)
def test_what_is_no_duration_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 duration such as P3Y"):
        Duration.parse(text)


days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@given(days, st.integers(0, 1200))
def test_more_months_never_end_earlier(start: date, months: int) -> None:
    assert Duration(months, 0).after(start) <= Duration(months + 1, 0).after(start)


@given(days, st.integers(0, 100))
def test_a_term_of_years_ends_on_its_day_or_the_day_after(start: date, years: int) -> None:
    end = Duration.parse(f"P{years}Y").after(start)
    assert (end.month, end.day) in ((start.month, start.day), (3, 1))
    assert end.year == start.year + years
