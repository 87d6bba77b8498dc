"""A day is a Europe/London day, wherever the machine stands; an instant is UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""The time zone in which days are counted and schedules read."""


def day_of(instant: datetime) -> date:
    """Return the London day in which an instant falls."""
    return instant.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """Return the instant (UTC) at which a London day begins."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the instant (UTC) at which a London day ends: the beginning of the next."""
    return start_of(day + timedelta(days=1))
