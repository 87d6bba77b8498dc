"""A day is a Europe/London day, wherever the machine stands; an instant is UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


def day_of(instant: datetime) -> date:
    """Return the London day in which an instant falls."""
    return instant.astimezone(_LONDON).date()


def start_of(day: date) -> datetime:
    """Return the instant (UTC) at which a London day begins."""
    return datetime.combine(day, time(), _LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the instant (UTC) at which a London day ends: the beginning of the next."""
    return start_of(day + timedelta(days=1))
