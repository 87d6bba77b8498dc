"""From rows to lines that a gate decides: a session, or a course that a member of staff may deliver. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from trivet.cli.roster.mapping import PROVIDER_ITSELF, RosterMapping
from trivet.cli.roster.people import Teaching, parted
from trivet_client.gate import Line

_UNTOLD = ""
"""What a gate takes for a field that can't be asked about, where it must not be left out."""


@dataclass(frozen=True)
class Row:
    """A row of the input: its number from 1, the cells that an output may show, and what they say."""

    number: int
    cells: Sequence[object]
    said: Mapping[str, str]


@dataclass(frozen=True)
class Session:
    """A row with one of its courses: what a gate decides about, and what of the row keeps it from being asked."""

    row: Row
    course: str
    line: Line
    faults: tuple[str, ...]


class Staff(Protocol):
    """Knows who teaches in a row."""

    def teaching(self, said: Mapping[str, str]) -> Teaching:
        """Return them, by what the row says."""


def sessions(row: Row, mapping: RosterMapping, staff: Staff, on: date) -> Iterator[Session]:
    """Yield a line for each course of a row; `on` is the day (Europe/London) where no column says it.

    A certified delivery takes a provider, a programme and a trainer (R1), and another organisation than the provider
    may not deliver by itself (R8): so what a row does not tell of these is a fault of the row, and never left out.
    """
    who = staff.teaching(row.said)
    day, day_faults = _day(row, mapping, on)
    site, site_faults = _site(row, mapping)
    for number, code in enumerate(_codes(row, mapping), 1):
        course = mapping.course(code)
        line = Line(
            key=f"{row.number}/{number}",
            provider=course.provider if course else None,
            programme=course.programme if course else None,
            delivered_on=day,
            trainers=who.trainers,
            delivered_by=site,
            scope=(course.scope or None) if course else None,
            reference=row.said.get("reference") or None,
        )
        unknown = () if course else (_unknown("course", code),)
        yield Session(row, code, line, (*unknown, *day_faults, *site_faults, *who.faults))


def _codes(row: Row, mapping: RosterMapping) -> Sequence[str]:
    if mapping.constants.course:
        return [mapping.constants.course]
    if not mapping.columns.course:
        return list(mapping.courses)
    return parted(row.said.get("course", ""), mapping.split.courses) or [""]


def _day(row: Row, mapping: RosterMapping, on: date) -> tuple[date | str, tuple[str, ...]]:
    if not mapping.columns.day:
        return on, ()
    text = row.said.get("day", "")
    days = {*_days(text, mapping.day_formats)}
    if len(days) == 1:
        return days.pop(), ()
    if not text:
        return _UNTOLD, ()
    several = "is more than one day" if days else "is no day"
    return text if not days else "-", (f"“{text}” {several} as days are written here.",)


def _days(text: str, formats: Sequence[str]) -> Iterator[date]:
    """Yield the day that a text is by each form; one as spreadsheets give it needs none."""
    for form in ("%Y-%m-%d", *formats):
        try:
            yield datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue


def _site(row: Row, mapping: RosterMapping) -> tuple[str | None, tuple[str, ...]]:
    name = mapping.constants.site or row.said.get("site", "")
    if not (mapping.constants.site or mapping.columns.site):
        return None, ()
    organisation = mapping.site(name) if name else None
    if organisation is None:
        return _UNTOLD, (_unknown("site", name),)
    return None if organisation == PROVIDER_ITSELF else organisation, ()


def _unknown(what: str, name: str) -> str:
    return f"The mapping knows no {what} “{name}”." if name else f"The {what} is missing."
