"""For which day a course is asked about. Pure.

A verdict is for the day of delivery (R18), and a suspension counts while it lasts (R20).
"""

from collections.abc import Collection
from datetime import date
from enum import Enum


class DayRule(Enum):
    """How a course's day of delivery is found."""

    TODAY = "today"
    """Delivered day by day, as what is learned online is."""
    FIXED = "fixed"
    """Delivered on one day."""
    SESSION = "session"
    """Delivered in sessions: the next one counts, and after the last of them that one."""


def delivered_on(
    rule: DayRule, today: date, fixed: date | None, sessions: Collection[date]
) -> date | None:
    """Return the day to ask about, all of them Europe/London days; None where the record names none."""
    if rule is DayRule.TODAY:
        return today
    if rule is DayRule.FIXED:
        return fixed
    to_come = [day for day in sessions if day >= today]
    return min(to_come) if to_come else max(sessions, default=None)
