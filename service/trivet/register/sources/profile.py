"""Source profiles: where a source is, how to read it, what it covers and who vouches for it."""

import codecs
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from trivet.london import start_of
from trivet.register.durations import Duration
from trivet.register.faults import Known, record_faults
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Body,
    Coverage,
    CoverageByKind,
    Document,
    Kind,
    Programme,
    Provider,
    Record,
    VouchedBy,
)
from trivet.register.sources.errors import Key, Misstated, ProfileError, dotted
from trivet.register.sources.lines import line_of
from trivet.register.sources.tables import (
    Defaults,
    Ends,
    Lookup,
    TableKeys,
    Tables,
    table,
)

SourceKind = Literal["json", "csv", "xlsx"]

_CRON = re.compile(r"[A-Za-z0-9*/,-]+( [A-Za-z0-9*/,-]+){4}")
_TERM = "P3Y"  # R11


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A source profile: `location` is as written, relative to the folder of `path`.

    `coverage` holds only the kinds that the profile states. `releases` gives the instant (UTC) for
    which the publisher stood by a file, by the file's name. `term` None: a certificate without an
    end stays open.
    """

    name: str
    path: Path
    kind: SourceKind
    location: str
    files: str | None
    vouched_by: VouchedBy
    max_age: timedelta
    coverage: dict[Kind, Coverage]
    term: Duration | None
    permission: str | None
    schedule: str | None
    publisher: str | None
    releases: dict[str, datetime]
    tables: Tables | None = None


class _Keys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What any profile may state."""

    kind: SourceKind
    location: str
    vouched_by: VouchedBy
    max_age: str
    files: str | None = None
    coverage: dict[str, Any] = {}
    term: str = _TERM
    permission: str | None = None
    schedule: str | None = None
    publisher: str | None = None
    releases: dict[str, Any] = {}


class _Records(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Records that stand in the profile itself."""

    bodies: tuple[Body, ...] = ()
    providers: tuple[Provider, ...] = ()
    programmes: tuple[Programme, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()


class _TableKeys(_Keys, frozen=True, kw_only=True):
    """What the profile of a source made of tables may state besides."""

    bodies: tuple[TableKeys, ...] = ()
    providers: tuple[TableKeys, ...] = ()
    programmes: tuple[TableKeys, ...] = ()
    authorisations: tuple[TableKeys, ...] = ()
    affiliations: tuple[TableKeys, ...] = ()
    lookups: dict[str, Any] = {}
    records: _Records = _Records()
    ends: Ends | None = None
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    null_values: tuple[str, ...] = ()


class _CsvKeys(_TableKeys, frozen=True, kw_only=True):
    encoding: str = "utf-8-sig"
    delimiter: str = ","


_SHAPES: dict[str, type[_Keys]] = {"json": _Keys, "csv": _CsvKeys, "xlsx": _TableKeys}


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Return the profiles of a folder, its `*.toml` files by name.

    Raises:
        ProfileError: the folder is missing or holds none, or one of them can't be.
    """
    if not folder.is_dir():
        raise ProfileError(folder, "is not a folder: source profiles are read from one")
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ProfileError(folder, "holds no source profile: put at least one *.toml file there")
    return tuple(load_profile(path) for path in paths)


def load_profile(path: Path) -> Profile:
    """Return the profile that a TOML file states; its name is the file's stem.

    Raises:
        ProfileError: the file is missing or something in it can't be; names file, line and key.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(path, f"is not TOML: {error}") from None
    try:
        return _profile(path, data)
    except Misstated as fault:
        line = line_of(text, fault.key)
        raise ProfileError(path, fault.reason, line, dotted(fault.key)) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProfileError(path, f"is not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise ProfileError(path, f"can't be read: {error.strerror}") from None


def _profile(path: Path, data: dict[str, Any]) -> Profile:
    keys = _keys(data)
    return Profile(
        name=path.stem,
        path=path,
        kind=keys.kind,
        location=_location(keys.location),
        files=_files(keys.files),
        vouched_by=keys.vouched_by,
        max_age=_max_age(keys.max_age),
        coverage=dict(_coverage(kind, stated) for kind, stated in keys.coverage.items()),
        term=None if keys.term == "none" else _duration("term", keys.term),
        permission=keys.permission,
        schedule=_schedule(keys.schedule),
        publisher=keys.publisher,
        releases={name: _release(name, stated) for name, stated in keys.releases.items()},
        tables=_tables(keys) if isinstance(keys, _TableKeys) else None,
    )


def _keys(data: dict[str, Any]) -> _Keys:
    kind = data.get("kind")
    if kind in ("html", "http", "https"):
        raise Misstated(("kind",), f"{kind!r} is not supported yet: use json, csv or xlsx")
    if not isinstance(kind, str) or kind not in _SHAPES:
        raise Misstated(("kind",), "should be one of json, csv and xlsx")
    try:
        return msgspec.convert(data, _SHAPES[kind])
    except msgspec.ValidationError as error:
        raise _misstated(error) from None


def _misstated(error: msgspec.ValidationError, within: Key = ()) -> Misstated:
    reason, _, place = str(error).partition(" - at `")
    key: list[str | int] = list(within)
    for name, position in re.findall(r"\.([^.\[`]+)|\[(\d+)\]", place.removeprefix("key` in `")):
        key.append(name or int(position))
    unknown = re.fullmatch(r"Object contains unknown field `(.+)`", reason)
    missing = re.fullmatch(r"Object missing required field `(.+)`", reason)
    if unknown:
        return Misstated((*key, unknown[1]), "is not a key that a profile of this kind has here")
    if missing:
        return Misstated((*key, missing[1]), "is missing")
    return Misstated(key, reason)


def _coverage(kind: str, stated: object) -> tuple[Kind, Coverage]:
    if kind not in set(Kind):
        raise Misstated(("coverage", kind), f"is not a kind of record: {', '.join(Kind)}")
    if not isinstance(stated, str) or stated not in set(Coverage):
        raise Misstated(("coverage", kind), f"should be one of {', '.join(Coverage)}")
    return Kind(kind), Coverage(stated)


def _location(location: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", location):
        raise Misstated(("location",), "addresses are not supported yet: give a file or a folder")
    if not location.strip() or "\0" in location:
        raise Misstated(("location",), "should be the path of a file or a folder")
    return location


def _files(files: str | None) -> str | None:
    if files is not None and (not files or "/" in files or "\\" in files):
        raise Misstated(
            ("files",), "is a pattern for names within the folder, such as register-*.xlsx"
        )
    return files


def _max_age(text: str) -> timedelta:
    try:
        age = _duration("max_age", text).as_timedelta()
    except OverflowError:
        raise Misstated(("max_age",), f"{text!r} is too long") from None
    if not age:
        raise Misstated(("max_age",), "should be longer than nothing")
    return age


def _duration(key: str, text: str) -> Duration:
    try:
        return Duration.parse(text)
    except (ValueError, OverflowError) as error:
        raise Misstated((key,), str(error)) from None


def _schedule(text: str | None) -> str | None:
    if text is not None and not _CRON.fullmatch(text):
        raise Misstated(("schedule",), f"{text!r} is not a cron expression of five fields")
    return text


def _release(name: str, stated: object) -> datetime:
    """Return the instant for which a release stands; a day stands for its start in London.

    The start is the cautious end of a day: content never counts as fresher than it can be shown to
    be.
    """
    if isinstance(stated, datetime):
        if stated.utcoffset() is None:
            raise Misstated(("releases", name), "an instant needs a UTC offset")
        return stated.astimezone(UTC)
    if isinstance(stated, date):
        return start_of(stated)
    raise Misstated(("releases", name), "should be a date such as 2024-05-01, without quotes")


def _tables(keys: _TableKeys) -> Tables:
    defaults = Defaults(ends=keys.ends, dates=keys.dates, null_values=keys.null_values)
    stated = [
        (kind, position, raw)
        for kind in Kind
        for position, raw in enumerate(getattr(keys, kind.value))
    ]
    found = Tables(
        tables=tuple(table(k, raw, defaults, (k.value, i)) for k, i, raw in stated),
        lookups={name: _lookup(name, raw) for name, raw in keys.lookups.items()},
        records=tuple(_records(keys.records)),
        encoding=_encoding(keys),
        delimiter=_delimiter(keys),
    )
    _check_places(keys, found)
    _check_lookups(found)
    _check_coverage(keys, found)
    return found


def _lookup(name: str, raw: object) -> Lookup:
    try:
        return msgspec.convert(raw, Lookup)
    except msgspec.ValidationError as error:
        raise _misstated(error, ("lookups", name)) from None


def _records(records: _Records) -> Iterator[tuple[Kind, Record]]:
    unknown = Known(Document(format="register/1", publisher="-"), CoverageByKind())
    for kind in Kind:
        for position, record in enumerate(getattr(records, kind.value)):
            for field, reason in record_faults(record, unknown):
                raise Misstated(("records", kind.value, position, field), reason)
            yield kind, record


def _encoding(keys: _TableKeys) -> str:
    if not isinstance(keys, _CsvKeys):
        return "utf-8-sig"
    try:
        codecs.lookup(keys.encoding)
        "".encode(keys.encoding)
    except LookupError:
        raise Misstated(("encoding",), f"{keys.encoding!r} is not an encoding of text") from None
    return keys.encoding


def _delimiter(keys: _TableKeys) -> str:
    if not isinstance(keys, _CsvKeys):
        return ","
    if len(keys.delimiter) != 1 or keys.delimiter in '"\r\n':
        raise Misstated(("delimiter",), "should be one character, such as ; or a tab")
    return keys.delimiter


def _check_places(keys: _TableKeys, found: Tables) -> None:
    """See to it that each table and lookup says where in the source it is."""
    named = bool(found.files)
    for key, place in _places(keys, found):
        if keys.kind == "xlsx" and (not place.sheet or place.file):
            raise Misstated((*key, "sheet"), "an xlsx table names its sheet, and no file")
        if keys.kind == "csv" and place.sheet:
            raise Misstated((*key, "sheet"), "a csv file has no sheets: name a `file`")
        if keys.kind == "csv" and named and not place.file:
            raise Misstated((*key, "file"), "is missing: the other tables name theirs")
        if place.file and (place.file.startswith(".") or set(place.file) & set("/\\\0")):
            raise Misstated((*key, "file"), "is the name of a file within the folder of `location`")
    if named and keys.files:
        raise Misstated(("files",), "chooses one file, but the tables name several")


def _places(keys: _TableKeys, found: Tables) -> Iterator[tuple[Key, TableKeys | Lookup]]:
    for kind in Kind:
        for position, raw in enumerate(getattr(keys, kind.value)):
            yield (kind.value, position), raw
    for name, lookup in found.lookups.items():
        yield ("lookups", name), lookup


def _check_lookups(found: Tables) -> None:
    positions: dict[Kind, int] = {}
    for each in found.tables:
        position = positions[each.kind] = positions.get(each.kind, -1) + 1
        for name, field in each.fields.items():
            if field.lookup and field.lookup not in found.lookups:
                key = (each.kind.value, position, "fields", *name.split("."), "lookup")
                raise Misstated(key, f"there is no [lookups.{field.lookup}]")


def _check_coverage(keys: _TableKeys, found: Tables) -> None:
    """Refuse to cover what nothing describes: every record of that kind would count as absent."""
    described = {each.kind for each in found.tables} | {kind for kind, _ in found.records}
    if not keys.coverage:
        raise Misstated(("coverage",), "is missing: say complete, partial or none for each kind")
    if not described:
        raise Misstated((), "no table says how to read the source: write [[providers]], say")
    for kind, coverage in (_coverage(*stated) for stated in keys.coverage.items()):
        if coverage is not Coverage.NONE and kind not in described:
            raise Misstated(
                ("coverage", kind.value),
                f"is {coverage.value}, but no table and no [[records.{kind.value}]] describes any",
            )
