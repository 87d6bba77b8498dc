"""What time it is, here and in London."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the instant, in Europe/London: a gate takes the days of waivers by the zone of its `now`."""
    return datetime.now(UTC).astimezone(LONDON)


def day_of(instant: datetime) -> date:
    """Return the Europe/London day of an instant."""
    return instant.astimezone(LONDON).date()
