"""A first look at what was read, field by field, for whoever writes a profile."""

from collections.abc import Iterator
from typing import Any

import msgspec

from trivet.register.records import Kind, Record
from trivet.register.sources.reading import Reading, Rejected

_NOT_SHOWN = "(read, and not shown)"


class Preview(msgspec.Struct, frozen=True):
    """The first records of a kind, as fields and what was read into each; None where nothing was.

    `unread` are the fields that no record of the kind has, `rejected` the first rows left out.
    """

    kind: Kind
    records: tuple[dict[str, str | None], ...]
    unread: tuple[str, ...]
    rejected: tuple[Rejected, ...]


def preview(reading: Reading, rows: int = 3) -> tuple[Preview, ...]:
    """Return the first `rows` records and rejected rows of each kind that has any.

    A family name is only said to be there.
    """
    return tuple(_previews(reading, rows))


def _previews(reading: Reading, rows: int) -> Iterator[Preview]:
    for kind in Kind:
        records = [_fields(record) for record in reading.document.of(kind)]
        rejected = [each for each in reading.rejected if each.kind is kind]
        if records or rejected:
            fields = records[0] if records else {}
            unread = tuple(f for f in fields if all(record[f] is None for record in records))
            yield Preview(kind, tuple(records[:rows]), unread, tuple(rejected[:rows]))


def _fields(record: Record) -> dict[str, str | None]:
    plain: dict[str, Any] = msgspec.to_builtins(record)
    if plain.get("familyName") is not None:
        plain["familyName"] = _NOT_SHOWN
    return {name: _shown(value) for name, value in plain.items()}


def _shown(value: object) -> str | None:
    """Return a value as people read it, None for one that says nothing."""
    if isinstance(value, dict):
        return _together(value)
    if isinstance(value, list | tuple):
        return "; ".join(_shown(item) or "" for item in value) or None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _together(plain: dict[str, Any]) -> str | None:
    match plain:
        case {"status": status, "from": begins, "to": ends}:
            return f"{status} from {begins or 'a day not recorded'} to {ends or 'no end'}"
        case {"scheme": scheme, "value": text}:
            return f"{scheme} {text}"
    said = {name: _shown(part) for name, part in plain.items()}
    return ", ".join(f"{name} {text}" for name, text in said.items() if text) or None
