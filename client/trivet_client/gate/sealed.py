"""What a host stores: read back strictly, or not at all. Pure."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

T = TypeVar("T")

VERSION = 1


class Unreadable(ValueError):
    """What was stored is not as it was written, or of a version that is not known. It permits nothing."""


def digest_of(value: object) -> str:
    """Return the SHA-256 of a value as canonical JSON: keys in order, no spaces, ASCII."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def sealed(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored: the fields, what they are, the version, and a digest over all of it."""
    stored = {"kind": kind, "version": VERSION, **fields}
    return stored | {"digest": digest_of(stored)}


def unsealed(kind: str, stored: object, names: Collection[str]) -> "Stored":
    """Return the fields of what was stored; Unreadable for anything that `sealed` did not write."""
    if not isinstance(stored, Mapping):
        raise Unreadable(f"this is no {kind}")
    fields = dict(stored)
    digest = fields.pop("digest", None)
    try:
        as_written = digest == digest_of(fields)
    except (TypeError, ValueError, RecursionError):
        as_written = False
    if not as_written or fields.pop("kind", None) != kind:
        raise Unreadable(f"this is no {kind} as it was written")
    if fields.pop("version", None) != VERSION:
        raise Unreadable(f"this {kind} is of a version that is not known")
    return Stored(fields, names)


class Stored:
    """The fields of one stored object, each read as what it has to be; Unreadable names the one that is not."""

    def __init__(self, found: object, names: Collection[str]) -> None:
        if not isinstance(found, Mapping) or set(found) != set(names):
            raise Unreadable("a field is missing, or one is not known")
        self._found = found

    def text(self, name: str) -> str:
        """Return a text that is not blank."""
        return text(self._found[name], name)

    def day(self, name: str) -> date:
        """Return a day that was written in the one form."""
        return self._read(name, date.fromisoformat)

    def instant(self, name: str) -> datetime:
        """Return an instant in UTC."""
        return utc(self._read(name, datetime.fromisoformat), name)

    def maybe(self, name: str, read: Callable[[str], T]) -> T | None:
        """Return what a reader of this object makes of a field, and None where it is null."""
        return None if self._found[name] is None else read(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(text(each, name) for each in self.each(name))

    def each(self, name: str) -> list[Any]:
        """Return a list."""
        found = self._found[name]
        if not isinstance(found, list):
            raise Unreadable(f"{name} is no list")
        return found

    def raw(self, name: str) -> Any:
        """Return a field as it is, for another reader."""
        return self._found[name]

    def maybe_blank(self, name: str) -> str:
        """Return a text that may be blank."""
        return maybe_blank(self._found[name], name)

    def _read(self, name: str, form: Callable[[str], T]) -> T:
        try:
            return form(self.text(name))
        except ValueError as error:
            raise Unreadable(f"{name} is not as it was written") from error


def text(value: object, name: str) -> str:
    """Return a text that is not blank; Unreadable for anything else."""
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{name} is no text")
    return value


def maybe_blank(value: object, name: str) -> str:
    """Return a text, blank or not; Unreadable for anything else."""
    if not isinstance(value, str):
        raise Unreadable(f"{name} is no text")
    return value


def utc(value: object, name: str) -> datetime:
    """Return an instant in UTC; Unreadable for one without an offset."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise Unreadable(f"{name} is no instant")
    return value.astimezone(UTC)
