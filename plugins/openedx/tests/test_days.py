"""For which day a course is asked about."""

from datetime import UTC, date, datetime

import pytest

from trivet_openedx.clock import day_of
from trivet_openedx.days import DayRule, delivered_on

TODAY = date(2026, 3, 12)
BEFORE, AFTER = date(2026, 3, 1), date(2026, 3, 20)


@pytest.mark.parametrize(
    ("rule", "fixed", "sessions", "day"),
    [
        (DayRule.TODAY, AFTER, [BEFORE], TODAY),
        (DayRule.FIXED, BEFORE, [AFTER], BEFORE),
        (DayRule.FIXED, None, [AFTER], None),
        (DayRule.SESSION, BEFORE, [AFTER, BEFORE], AFTER),
        (DayRule.SESSION, None, [TODAY, AFTER], TODAY),
        (DayRule.SESSION, None, [BEFORE, date(2026, 3, 11)], date(2026, 3, 11)),
        (DayRule.SESSION, AFTER, [], None),
    ],
)
def test_the_rule_names_the_day(
    rule: DayRule, fixed: date | None, sessions: list[date], day: date | None
) -> None:
    assert delivered_on(rule, TODAY, fixed, sessions) == day


def test_a_day_is_london_s() -> None:
    assert day_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)
