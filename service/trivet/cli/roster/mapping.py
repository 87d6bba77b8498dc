"""The mapping of a roster: which column, or which attribute of a directory, says what, and what course codes stand for.

A mapping is believed only whole: what is unknown, or doubtful, is told by its key before anything is asked.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from trivet.cli import CouldNot
from trivet.cli.roster.attributes import Attribute, NoAttribute
from trivet_client import InvalidArgument
from trivet_client.questions import question

T = TypeVar("T")

PROVIDER_ITSELF = "provider"
"""What a site stands for where the provider of the course delivers there."""

_EMPLOYEE_NUMBER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"
_A_DAY = date(2026, 3, 12)


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The columns of the file, by what they say; None where no column says it."""

    staff: str | None = None
    trainer: str | None = None
    family_name: str | None = None
    course: str | None = None
    day: str | None = None
    site: str | None = None
    reference: str | None = None

    def given(self) -> Mapping[str, str]:
        """Return those that there are."""
        return {name: column for name, column in msgspec.structs.asdict(self).items() if column}


class Constants(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is the same in every row."""

    course: str | None = None
    site: str | None = None


class Split(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands between several in one cell."""

    trainers: list[str] = []
    courses: list[str] = []


class References(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How trainers are referred to. What does not have the form is not sent: it may be a name."""

    scheme: Literal["authorisation", "register"] = "authorisation"
    form: str = r"\S*\d\S*"


class Course(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a course code stands for."""

    provider: str | list[str]
    programme: str
    scope: dict[str, str | list[str]] = {}


class Scim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which attributes of a directory's users say what, and which of the users are asked for."""

    trainer: str
    staff: str = _EMPLOYEE_NUMBER
    family_name: str | None = None
    filter: str | None = None
    show: dict[str, str] = {}

    def attributes(self) -> Mapping[str, Attribute]:
        """Return the attributes by what they say; those that are only shown by their columns."""
        named = {"trainer": self.trainer, "staff": self.staff, "family_name": self.family_name}
        shown = {f"show.{column}": path for column, path in self.show.items()}
        return {name: Attribute.parse(path) for name, path in {**named, **shown}.items() if path}


class RosterMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a roster is read. `show` are the columns that the output may hold of the input."""

    days: str | list[str] = []
    show: Literal["all"] | list[str] | None = None
    columns: Columns = Columns()
    constants: Constants = Constants()
    split: Split = Split()
    trainers: References = References()
    courses: dict[str, Course] = {}
    sites: dict[str, str] = {}
    scim: Scim | None = None

    @property
    def day_formats(self) -> list[str]:
        """How days are written, as strptime reads them, beside 2026-03-12."""
        return [self.days] if isinstance(self.days, str) else self.days

    @property
    def by_row(self) -> bool:
        """Whether each row says its one course; else it stands for all courses, or for several."""
        said = self.columns.course or self.constants.course
        return bool(said) and not self.split.courses

    def course(self, code: str) -> Course | None:
        """Return what a code stands for, whatever its case."""
        return _found(self.courses, code)

    def site(self, name: str) -> str | None:
        """Return which organisation delivers at a site, as scheme:value or `PROVIDER_ITSELF`."""
        return _found(self.sites, name)


def load_roster_mapping(file: Path) -> RosterMapping:
    """Read a mapping and check it by itself; CouldNot says what is wrong with it, by its key."""
    try:
        mapping = msgspec.convert(tomllib.loads(file.read_text("utf-8")), RosterMapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CouldNot(f"--map: {file} can't be read: {error}") from None
    except msgspec.ValidationError as error:
        raise CouldNot(f"--map: {file}: {error}") from None
    refuse_first(file, _faults(mapping))
    return mapping


def refuse_first(file: Path, faults: Iterable[str]) -> None:
    """Raise CouldNot with the first fault of a mapping, where there is one."""
    for fault in faults:
        raise CouldNot(f"--map: {file}: {fault}")


def _faults(mapping: RosterMapping) -> Iterator[str]:
    yield from _of_courses(mapping)
    yield from _of_sites(mapping)
    yield from _of_days(mapping)
    yield from _of_references(mapping)
    yield from _of_scim(mapping)
    for name in ("course", "site"):
        if getattr(mapping.columns, name) and getattr(mapping.constants, name):
            yield f"{name} is in [columns] and in [constants]: take one out"


def _of_courses(mapping: RosterMapping) -> Iterator[str]:
    if not mapping.courses:
        yield '[courses] names none: write [courses."CODE"] with provider and programme'
    yield from _twice("courses", mapping.courses)
    for code, course in mapping.courses.items():
        yield from _unaskable(
            f'courses."{code}"',
            provider=course.provider,
            programme=course.programme,
            scope=course.scope or None,
        )
    constant = mapping.constants.course
    if constant and not mapping.course(constant):
        yield f"constants.course: [courses] has no {constant!a}"


def _of_sites(mapping: RosterMapping) -> Iterator[str]:
    yield from _twice("sites", mapping.sites)
    for name, organisation in mapping.sites.items():
        if organisation != PROVIDER_ITSELF:
            asked = {"provider": "register:a", "programme": "register:a"}
            yield from _unaskable(f'sites."{name}"', **asked, delivered_by=organisation)
    if mapping.columns.site and not mapping.sites:
        yield "columns.site: [sites] says of no site which organisation delivers there"
    constant = mapping.constants.site
    if constant and not mapping.site(constant):
        yield f"constants.site: [sites] has no {constant!a}"


def _of_days(mapping: RosterMapping) -> Iterator[str]:
    for form in mapping.day_formats:
        try:
            whole = datetime.strptime(_A_DAY.strftime(form), form).date() == _A_DAY  # noqa: DTZ007 - a day
        except ValueError:
            whole = False
        if not whole:
            yield f"days: {form!a} is no whole day as strptime reads it, such as %d/%m/%Y"


def _of_references(mapping: RosterMapping) -> Iterator[str]:
    try:
        groups = re.compile(mapping.trainers.form).groups
    except re.error as error:
        yield f"trainers.form is no regular expression: {error}"
    else:
        if groups > 1:
            yield "trainers.form has several groups: the reference is one, or all of it"
    for name in ("trainers", "courses"):
        if "" in getattr(mapping.split, name):
            yield f"split.{name} names nothing to split at"


def _of_scim(mapping: RosterMapping) -> Iterator[str]:
    try:
        _ = mapping.scim and mapping.scim.attributes()
    except NoAttribute as error:
        yield f"scim: {error}"


def _unaskable(key: str, **asked: Any) -> Iterator[str]:
    try:
        question(**asked)
    except InvalidArgument as error:
        yield f"{key}: {error}"


def _twice(table: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if _same(name) in seen:
            yield f"{table} has {name!a} twice: case does not tell them apart"
        seen.add(_same(name))


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _found(table: Mapping[str, T], name: str) -> T | None:
    wanted = _same(name)
    return next((value for key, value in table.items() if _same(key) == wanted), None)
