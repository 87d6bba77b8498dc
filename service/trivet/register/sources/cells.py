"""The cells of tables: cleaned, and read as texts, days, yes or no."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec


class Unusable(msgspec.Struct, frozen=True):
    """A cell that holds no value, only a reason why not."""

    reason: str


Cell = str | date | Unusable
"""A cell's content; an empty text where there is none. Never a datetime."""

_FLAGS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_MOST_EXACT = 2**53  # beyond it a spreadsheet's numbers have gaps


class BadCell(Exception):
    """A cell doesn't hold what its column should: what it holds, where that helps, and why not."""

    def __init__(self, reason: str, held: str | None = None) -> None:
        """Take the reason, which quotes nothing, and what the cell holds."""
        self.reason, self.held = reason, held
        super().__init__(reason if held is None else f"{held!a} {reason}")

    @property
    def unquoted(self) -> str:
        """The reason without what the cell holds: beside a family name, it may be one."""
        return self.reason if self.held is None else f"what it holds {self.reason}"


def clean(text: str) -> str:
    """Return a text without white space at its ends (no-break spaces too) or runs of it within."""
    return " ".join(text.split())


def cell(value: object) -> Cell:
    """Return the cell for a spreadsheet's value: whole numbers as digits, midnights as days."""
    match value:
        case str():
            return clean(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case datetime():
            midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
            return value.date() if midnight else value.isoformat(" ")
        case date():
            return value
        case _:
            return str(value)


def _number(value: float) -> Cell:
    if abs(value) >= _MOST_EXACT:
        return Unusable("is a number too long for a spreadsheet to hold exactly: format it as text")
    return str(int(value)) if value == int(value) else repr(value)


def text_of(cell: Cell) -> str:
    """Return a cell as text, a day as 2024-05-01; BadCell if it has no value."""
    if isinstance(cell, Unusable):
        raise BadCell(cell.reason)
    return cell.isoformat() if isinstance(cell, date) else cell


def day_of(cell: Cell, formats: Iterable[str]) -> date:
    """Return a cell's day; BadCell if it has none, or if the formats disagree which one."""
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    days = {day for day in (_parsed(text, pattern) for pattern in formats) if day}
    if not days:
        raise BadCell("is not a date in any of the formats of the profile", text)
    if len(days) > 1:
        raise BadCell("is a different day in different formats of the profile", text)
    return days.pop()


def _parsed(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def flag_of(text: str) -> bool:
    """Return what a yes or no says; BadCell if it is neither."""
    flag = _FLAGS.get(text.casefold())
    if flag is None:
        raise BadCell("is neither yes nor no: add it to the field's map", text)
    return flag


def word_of(text: str) -> str:
    """Return a word of a vocabulary: lower-case, joined by underscores."""
    return "_".join(text.casefold().replace("-", " ").split())
