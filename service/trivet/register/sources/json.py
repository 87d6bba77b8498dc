"""Reading an interchange document; one that breaks a rule is refused whole."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from trivet.register.faults import faults
from trivet.register.identifiers import unfit_text
from trivet.register.records import Coverage, CoverageByKind, Document, Kind
from trivet.register.sources.errors import SourceError
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Counts, Raw, Reading

_SHOWN = 5
_EARLIEST = 1900


class _Unfit(Exception):
    """Something in the text that JSON can't say, or should not."""


def read_json(profile: Profile, raw: Raw) -> Reading:
    """Return what a JSON document says.

    Raises:
        SourceError: it isn't an interchange document, or it breaks a rule; names the place and the
        reason.
    """
    name = Path(raw.location).name
    document = _document(name, _value(name, _text(name, raw.content)))
    coverage = _coverage(name, profile, document)
    _refuse_faults(name, document, coverage)
    return Reading(
        document=document,
        coverage=coverage,
        as_of=_as_of(document, raw),
        counts={kind: _counts(len(document.of(kind))) for kind in Kind},
    )


def _as_of(document: Document, raw: Raw) -> datetime:
    """Return when the publisher stood by it: for a site, when it answered; a file may lie for years."""
    if raw.http_status is not None or document.published_at is None:
        return raw.as_of
    return document.published_at.astimezone(UTC)


def _counts(records: int) -> Counts:
    return Counts(read=records, merged=0, rejected=0, records=records)


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: is not UTF-8 at byte {error.start}: save it as UTF-8") from None
    if not text.strip():
        raise SourceError(f"{name}: is empty")
    if text.lstrip().startswith("<"):
        raise SourceError(
            f"{name}: is a web page or XML, not JSON: was a login page saved in its place?"
        )
    return text


def _value(name: str, text: str) -> object:
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        for place in _surrogates(value, "$"):
            raise SourceError(
                f"{name}: {place} has half of a surrogate pair, which is no character"
            )
    except json.JSONDecodeError as error:
        raise SourceError(f"{name}: {_not_json(text, error)}") from None
    except (_Unfit, ValueError) as error:
        raise SourceError(f"{name}: {error}") from None
    except RecursionError:
        raise SourceError(f"{name}: is nested too deeply to be a register") from None
    return value


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    place = f"is not JSON at line {error.lineno}, column {error.colno}"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return f"{place}, where the text breaks off: fetch the file again"
    return f"{place}: {error.msg}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Unfit(f"an object has the key {key!a} twice: which one counts can't be known")
        found[key] = value
    return found


def _no_constant(constant: str) -> None:
    raise _Unfit(f"has {constant}, which is not JSON")


def _surrogates(value: object, place: str) -> Iterator[str]:
    """Yield the places of texts that no encoding can hold."""
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield place
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _surrogates(item, f"{place}[{position}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _surrogates(key, f"{place} (a key)")
            yield from _surrogates(item, f"{place}.{key}")


def _document(name: str, value: object) -> Document:
    try:
        document = msgspec.convert(value, Document)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `")
        place = re.sub(r"^\$\.?", "", place.rstrip("`")) or "the document"
        raise SourceError(f"{name}: {place}: {reason}") from None
    if document.published_at and document.published_at.year < _EARLIEST:
        raise SourceError(f"{name}: publishedAt: is before {_EARLIEST}: correct the date")
    publisher = unfit_text(document.publisher)
    if publisher:
        raise SourceError(f"{name}: publisher: {publisher}")
    return document


def _coverage(name: str, profile: Profile, document: Document) -> CoverageByKind:
    if document.coverage is None and not profile.coverage:
        raise SourceError(
            f"{name}: coverage: neither the document nor {profile.path.name} states any"
        )
    stated = document.coverage or CoverageByKind()
    overriding: dict[str, Coverage] = {kind.value: c for kind, c in profile.coverage.items()}
    return msgspec.structs.replace(stated, **overriding)


def _refuse_faults(name: str, document: Document, coverage: CoverageByKind) -> None:
    found = faults(document, coverage)
    shown = [str(fault) for fault in islice(found, _SHOWN)]
    if shown:
        more = sum(1 for _ in found)
        rest = f"; and {more} more" if more else ""
        raise SourceError(f"{name}: {'; '.join(shown)}{rest}")
