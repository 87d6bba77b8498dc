"""Recording a confirmation from the command line."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Group, Parameter

from trivet.cli import CouldNot

if TYPE_CHECKING:
    from datetime import date

    from trivet.register.confirmations.asked import Fault

_LETTER = Group("Who confirmed it, when, and by which letter", sort_key=1)
_RECORD = Group("Which record: by id one that the mirror holds, else what it says", sort_key=2)
_TIMELINE = Group("Since when and until when, where that is not as the mirror holds it", sort_key=3)
Several = Annotated[tuple[str, ...], Parameter(negative="")]

_KINDS = {
    "certification": "providers",
    "programme": "programmes",
    "authorisation": "authorisations",
    "affiliation": "affiliations",
}
_OF_A_NEW_ONE = {
    "trainer": "authorisations",
    "title": "programmes",
    "name": "providers",
    "organisation": "affiliations",
}
"""What tells of which kind a record is for which no id is given: the first of these that is."""


@Parameter(name="*", group=_RECORD)
@dataclass(frozen=True, kw_only=True)
class Record:
    """Which record: by id one that the mirror holds, else what it says."""

    authorisation: str | None = None
    """A trainer's authorisation, by its number."""
    programme: str | None = None
    """A programme's approval, by the programme's register id."""
    certification: str | None = None
    """A provider's certification, by the provider's register id."""
    affiliation: str | None = None
    """An affiliation, by its register id."""
    provider: str | None = None
    """Of whose programme, trainer or affiliate: the provider's register id."""
    title: str | None = None
    """The programme's title."""
    trainer: str | None = None
    """The trainer's reference."""
    family_name: str | None = None
    """The trainer's family name: kept as a keyed hash only."""
    role: Literal["senior", "associate"] | None = None
    """Of which sort the trainer is."""
    programmes: str | None = None
    """For which programmes: register ids with commas between, or all."""
    organisation: str | None = None
    """The name of the affiliate, or of the organisation in which an associate delivers."""
    organisation_identifier: Several = ()
    """An identifier of that organisation as scheme:value, such as ods:RX9; once for each."""
    name: str | None = None
    """The provider's name."""
    body: str | None = None
    """The register id of the certification body."""
    certificate: str | None = None
    """The provider's certificate number."""
    identifier: Several = ()
    """An identifier of the provider as scheme:value, such as companies-house:01234567; once for each."""
    setting: Several = ()
    """A setting that the scope covers, such as mental_health_unit; once for each, all of them or none."""
    nation: Several = ()
    """A nation that the scope covers; once for each."""
    population: Several = ()
    """A population that the scope covers; once for each."""
    module: Several = ()
    """A specialist module that the scope covers; once for each."""


@Parameter(name="*", group=_TIMELINE)
@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Since when and until when, where that is not as the mirror holds it."""

    status: Literal["in_force", "suspended", "withdrawn", "applied"] | None = None
    """What the body says it is; in_force by default."""
    from_: Annotated[str | None, Parameter(name="--from")] = None
    """The first day of that, such as 2026-03-12. What was before stays as it is."""
    to: str | None = None
    """The last day of that, which it still covers."""


@Parameter(name="*", group=_LETTER)
@dataclass(frozen=True, kw_only=True)
class Letter:
    """Who confirmed it, when, and by which letter."""

    confirmed_by: str
    """The desk or role at the body, such as "Certification desk, Bild ACT". No person's name is needed."""
    confirmed_on: str
    """The day of the letter, such as 2026-03-03."""
    document: Path
    """The letter or mail as a file: its SHA-256 digest is kept, the file itself is not. Keep it."""
    good_until: str | None = None
    """The last day for which the confirmation is good: a year after the letter by default, three at most."""
    note: str | None = None
    """What else to keep with it, such as where the letter is filed. No person's name is needed."""


def add(
    *,
    letter: Letter,
    record: Record = Record(),
    timeline: Timeline = Timeline(),
) -> None:
    """Record a confirmation by a document that can be read; see the command's help."""
    from trivet.cli import confirming

    confirming.add(_asked(record, timeline, letter), letter.document)


def _asked(record: Record, timeline: Timeline, letter: Letter) -> dict[str, Any]:
    """Return what is asked to be recorded, in the shape of the API, but for the digest of the document."""
    kind, register = _kind(record)
    ends = _day("to", timeline.to)
    said = {
        "kind": kind,
        "register": register,
        "confirmedBy": letter.confirmed_by,
        "confirmedOn": _day("confirmed-on", letter.confirmed_on),
        "goodUntil": _day("good-until", letter.good_until),
        "note": letter.note,
        "status": timeline.status,
        "from": _day("from", timeline.from_),
        "to": _first_day_after(ends) if ends else None,
        "provider": record.provider,
        "title": record.title,
        "trainer": record.trainer,
        "familyName": record.family_name,
        "role": record.role,
        "programmes": _programmes(record.programmes),
        "organisation": _organisation(record),
        "name": record.name,
        "body": record.body,
        "certificate": record.certificate,
        "identifiers": _identifiers("identifier", record.identifier),
        "settings": record.setting or None,
        "populations": record.population or None,
        "nations": record.nation or None,
        "modules": record.module or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _kind(record: Record) -> tuple[str, str | None]:
    given = [name for name in _KINDS if getattr(record, name) is not None]
    if len(given) > 1:
        raise CouldNot(f"--{given[0]}, --{given[1]}: give one record at a time")
    if given:
        return _KINDS[given[0]], getattr(record, given[0])
    for name, kind in _OF_A_NEW_ONE.items():
        if getattr(record, name) is not None:
            return kind, None
    options = ", ".join(f"--{name}" for name in _KINDS)
    raise CouldNot(f"say which record was confirmed: {options}, or what it says: see --help")


def _day(option: str, text: str | None) -> "date | None":
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CouldNot(f"--{option}: {text!a} is not a day such as 2026-03-03") from None


def _first_day_after(day: "date") -> "date":
    from datetime import timedelta

    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise CouldNot(f"--to: {day} is too far away") from None


def _programmes(text: str | None) -> str | list[str] | None:
    if text is None or text.strip() == "all":
        return text and "all"
    return [programme.strip() for programme in text.split(",")]


def _organisation(record: Record) -> dict[str, Any] | None:
    if record.organisation is None:
        if record.organisation_identifier:
            raise CouldNot("--organisation: give the organisation's name beside its identifier")
        return None
    identifiers = _identifiers("organisation-identifier", record.organisation_identifier)
    return {"name": record.organisation, "identifiers": identifiers or []}


def _identifiers(option: str, given: tuple[str, ...]) -> list[dict[str, str]] | None:
    return [_identifier(option, text) for text in given] or None


def _identifier(option: str, text: str) -> dict[str, str]:
    scheme, colon, value = text.partition(":")
    if not colon:
        raise CouldNot(f"--{option}: {text!a} is not scheme:value, such as ods:RX9")
    return {"scheme": scheme, "value": value}


_OPTIONS = {
    "settings": "setting",
    "populations": "population",
    "nations": "nation",
    "modules": "module",
    "identifiers": "identifier",
    "organisation/identifiers": "organisation-identifier",
}


def told(faults: "Iterable[Fault]", asked: dict[str, Any]) -> str:
    """Return what is wrong in one line, by the options with which it was said."""
    return "; ".join(f"--{option_of(fault.pointer, asked)}: {fault.detail}" for fault in faults)


def option_of(pointer: str, asked: dict[str, Any]) -> str:
    """Return the option by which the field that a pointer points to is given."""
    path = pointer.removeprefix("/")
    if path == "register":
        return next(name for name, kind in _KINDS.items() if kind == asked["kind"])
    for field, option in _OPTIONS.items():
        if path == field or path.startswith(f"{field}/"):
            return option
    field = path.partition("/")[0]
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in field).replace("_", "-")
