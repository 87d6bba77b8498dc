"""Where equally vouched sources contradict each other, told for people; never of a trainer's record (R10)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trivet.register.merge import Entry
from trivet.register.records import (
    RECORD_TYPES,
    Affiliation,
    Kind,
    Programme,
    Record,
)

ContradictedByKind = Mapping[Kind, Sequence[Entry[Record]]]
"""The records on which equally vouched sources contradict each other, in the order of ids."""


class Version(msgspec.Struct, frozen=True):
    """What some sources say of a field, as text; `shown` is what the register shows of it."""

    value: str
    sources: list[str]
    shown: bool


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a record on which equally vouched sources contradict each other, and what each says of it.

    `name` is the record's name or title, of an affiliation the organisation's. `field` is named as in the interchange
    document.
    """

    kind: Kind
    register: str
    name: str
    field: str
    versions: list[Version]


def contradicted(entries: Mapping[str, Entry[Record]]) -> Sequence[Entry[Record]]:
    """Return the records of one kind on which equally vouched sources contradict each other, in the order of ids."""
    return [entry for _, entry in sorted(entries.items()) if entry.contradictions]


def contradictions(found: ContradictedByKind) -> Iterator[Contradiction]:
    """Yield each contradiction by kind, id and field; those on authorisations are told by nobody."""
    for kind in Kind:
        if kind is not Kind.AUTHORISATIONS:
            for entry in found[kind]:
                yield from sorted(_of(kind, entry), key=lambda told: told.field)


def field_names(kind: Kind, fields: Sequence[str]) -> list[str]:
    """Return fields of a kind of record by their names in the interchange document."""
    named = {f.name: f.encode_name for f in msgspec.structs.fields(RECORD_TYPES[kind])}
    return [named.get(field, field) for field in fields]


def _of(kind: Kind, entry: Entry[Record]) -> Iterator[Contradiction]:
    fields = entry.contradictions
    for field, named in zip(fields, field_names(kind, fields), strict=True):
        yield Contradiction(
            kind=kind,
            register=entry.record.register,
            name=_name(entry.record),
            field=named,
            versions=[*_versions(entry, field)],
        )


def _name(record: Record) -> str:
    match record:
        case Programme():
            return record.title
        case Affiliation():
            return record.organisation.name
    return "" if not hasattr(record, "name") else str(record.name)


def _versions(entry: Entry[Record], field: str) -> Iterator[Version]:
    said = entry.said[field]
    standing_by = frozenset[str]().union(*(other.against for other in said.others))
    shown = getattr(entry.record, field)
    if field == "identifiers":  # several sources together state them: only the schemes at issue
        schemes = {identifier.scheme for other in said.others for identifier in other.value}
        shown = tuple(identifier for identifier in shown if identifier.scheme in schemes)
    yield Version(_text(shown), sorted(standing_by), shown=True)
    by_text: dict[str, list[str]] = {}
    for other in said.others:
        by_text.setdefault(_text(other.value), []).append(other.source)
    for text, sources in by_text.items():
        yield Version(text, sorted(set(sources)), shown=False)


def _text(value: object) -> str:
    """Return a value as people read it."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list | tuple):
        return "; ".join(_together(item) if isinstance(item, dict) else item for item in plain)
    return _together(plain) if isinstance(plain, dict) else str(plain)


def _together(plain: dict[str, Any]) -> str:
    match plain:
        case {"status": status, "from": begins, "to": ends}:
            return f"{status} {_days(begins, ends)}"
        case {"from": begins, "to": ends}:
            number = plain.get("number")
            return f"{number}, {_days(begins, ends)}" if number else _days(begins, ends)
        case {"name": name, "identifiers": identifiers}:
            return ", ".join((name, *map(_together, identifiers)))
    return f"{plain['scheme']} {plain['value']}"


def _days(begins: str | None, ends: str | None) -> str:
    """Return half-open days in words."""
    return f"from {begins or 'a day not recorded'} to {ends or 'no end'}"
