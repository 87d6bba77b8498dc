"""ISO 8601 durations, as sources state them."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

import msgspec

_ISO = re.compile(
    r"P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


LONGEST_YEARS = 1000


class Duration(msgspec.Struct, frozen=True):
    """A duration with a calendar part (months) and an exact part (seconds)."""

    months: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `P3Y`, `P1D`, `PT12H`, `P2W` and the like; ValueError says what was expected."""
        match = _ISO.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not an ISO 8601 duration such as P3Y, P1D or PT12H")
        years, months, weeks, days, hours, minutes, seconds = (
            int(part or 0) for part in match.groups()
        )
        if max(years, months // 12, weeks // 52, days // 365, hours // 8760) > LONGEST_YEARS:
            raise ValueError(f"{text!r} is longer than {LONGEST_YEARS} years")
        exact = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
        return cls(months=12 * years + months, seconds=int(exact.total_seconds()))

    def after(self, start: date) -> date:
        """Return the day this long after `start`; a day the month lacks becomes the first of the next (R11)."""
        year, month = divmod(start.year * 12 + start.month - 1 + self.months, 12)
        try:
            day = date(year, month + 1, start.day)
        except ValueError:
            year, month = divmod(year * 12 + month + 1, 12)
            day = date(year, month + 1, 1)
        return day + timedelta(seconds=self.seconds)

    def before(self, instant: datetime) -> datetime:
        """Return the instant this long before another, in its zone; a day that the month lacks becomes its last."""
        year, month = divmod(instant.year * 12 + instant.month - 1 - self.months, 12)
        last = monthrange(year, month + 1)[1]
        earlier = instant.replace(year=year, month=month + 1, day=min(instant.day, last))
        return earlier - timedelta(seconds=self.seconds)

    def as_timedelta(self) -> timedelta:
        """Return the length with a month taken as 30 days and a year as 365: for ages, not for terms."""
        years, months = divmod(self.months, 12)
        return timedelta(days=365 * years + 30 * months, seconds=self.seconds)
