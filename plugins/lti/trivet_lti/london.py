"""Days in Europe/London."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_of(instant: datetime) -> date:
    """Return the day of an instant in Europe/London."""
    return instant.astimezone(_LONDON).date()


def in_words(day: date) -> str:
    """Return a day as people write it, by no locale of the machine's."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(instant: str) -> str:
    """Return an instant as it is kept, as people in London read it."""
    there = datetime.fromisoformat(instant).astimezone(_LONDON)
    return f"{in_words(there.date())}, {there:%H:%M}"
