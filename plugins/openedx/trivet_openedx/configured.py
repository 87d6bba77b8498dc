"""The setting `TRIVET_OPENEDX`, read and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from trivet_openedx.held import Point

LONGEST_WAIVER = 31
"""A waiver names each day that it is for, and each day is a question."""

WORK_HERE = ("staff", "teachers")
"""Who opens a course to work on it."""


@dataclass(frozen=True)
class Configured:
    """What an installation chose. The key and the secrets are not shown."""

    url: str = ""
    key: str = field(default="", repr=False)
    hold: tuple[str, ...] = tuple(point.value for point in Point)
    """The points at which courses are held up, where a course does not say otherwise."""
    teaching_roles: tuple[str, ...] = ("instructor", "staff", "limited_staff")
    """Which course roles are asked about."""
    courseware_open_to: tuple[str, ...] = WORK_HERE
    """Who may open a course that is on hold: the platform's staff, and whoever has a teaching role in it."""
    time_limit_seconds: float = 2.0
    """How long the asking may take."""
    ask_again_minutes: int = 5
    """How old an answer may be that is not asked for again, for an enrolment or a certificate."""
    ask_again_minutes_courseware: int = 60
    """The same for opening a course."""
    outage_hours: int = 0
    """How old a kept pass may be that stands in while the service can't be asked; by default none does."""
    waiver_days: int = 14
    """How many days after today a waiver may last."""
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)

    def fresh_for(self, point: Point) -> timedelta:
        """Return how old an answer may be that is not asked for again."""
        courseware = point is Point.COURSEWARE
        minutes = self.ask_again_minutes_courseware if courseware else self.ask_again_minutes
        return timedelta(minutes=minutes)


def configured() -> Configured:
    """Return the settings.

    Raises:
        ImproperlyConfigured: something in them can't be what it should; it names each.
    """
    given = getattr(settings, "TRIVET_OPENEDX", {})
    wrong = list(mistakes(given))
    if wrong:
        raise ImproperlyConfigured(" ".join(wrong))
    return Configured(**{name.lower(): _fixed(value) for name, value in given.items()})


def mistakes(given: object) -> Iterator[str]:
    """Yield what is wrong, by the setting's name and never with its value."""
    if not isinstance(given, Mapping):
        yield "TRIVET_OPENEDX has to be a dictionary."
        return
    known = {each.name.upper(): each.default for each in fields(Configured)}
    for name, value in given.items():
        if name not in known:
            yield f"TRIVET_OPENEDX has {name!r}, which is not known; known are {', '.join(known)}."
        elif not _is_like(value, known[name]):
            yield f"TRIVET_OPENEDX[{name!r}] has to be {_KINDS[type(known[name])]}."
    yield from _out_of_range(given)


_KINDS = {
    str: "a text",
    tuple: "a list of texts",
    int: "a whole number, not below 0",
    float: "a number above 0",
}


def _out_of_range(given: Mapping[str, Any]) -> Iterator[str]:
    limit = given.get("TIME_LIMIT_SECONDS", 1)
    if isinstance(limit, int | float) and not 0 < limit <= 30:
        yield "TRIVET_OPENEDX['TIME_LIMIT_SECONDS'] has to be above 0 and at most 30."
    days = given.get("WAIVER_DAYS", 0)
    if isinstance(days, int) and days > LONGEST_WAIVER:
        yield f"TRIVET_OPENEDX['WAIVER_DAYS'] has to be at most {LONGEST_WAIVER}."
    for name, known in {"HOLD": [p.value for p in Point], "COURSEWARE_OPEN_TO": WORK_HERE}.items():
        words = given.get(name, ())
        if isinstance(words, list | tuple) and not {*map(str, words)} <= {*known}:
            yield f"TRIVET_OPENEDX[{name!r}] takes {', '.join(known)}."


def _is_like(value: object, default: object) -> bool:
    if isinstance(default, str):
        return isinstance(value, str)
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    if isinstance(value, bool):
        return False
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, int) and value >= 0


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
