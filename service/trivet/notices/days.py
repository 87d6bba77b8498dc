"""The days that a notice names, as days in Europe/London."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from trivet.london import day_of

_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(T.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A day as a notice names it, and where; `day` is None if it names none or one that can't be read."""

    day: date | None
    place: str
    written: str | None = None

    @property
    def lack(self) -> str:
        """Why there is no day, for people."""
        if self.written:
            return f"{self.place} is {self.written[:40]!a}, which is no date that can be read"
        return f"{self.place} is missing"


def named(written: str | None, place: str) -> Named:
    """Return the London day of a date with an offset; without an offset it is the day that is written."""
    return Named(_day(written) if written else None, place, written or None)


def _day(written: str) -> date | None:
    found = _DATED.fullmatch(written.strip())
    if not found:
        return None
    try:
        if not found[2]:
            return date.fromisoformat(found[1])
        said = datetime.fromisoformat(written.strip())
        return day_of(said) if said.tzinfo else said.date()
    except (ValueError, OverflowError):
        return None
