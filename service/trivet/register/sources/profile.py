"""Source profiles: where a source is, how to read it, what it covers and who vouches for it."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from trivet.london import start_of
from trivet.register.durations import Duration
from trivet.register.guards import Guards
from trivet.register.records import CONFIRMATIONS, Coverage, Kind, VouchedBy
from trivet.register.schedule import ill_formed
from trivet.register.sources.errors import Misstated, ProfileError, dotted
from trivet.register.sources.guarding import guards
from trivet.register.sources.keys import Keys, SourceKind, TablesKeys, keys_of
from trivet.register.sources.lines import line_of
from trivet.register.sources.locations import (
    Web,
    checked_address,
    checked_path,
    is_address,
    web,
)
from trivet.register.sources.tables import Tables
from trivet.register.sources.tabulating import tabulated


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A source profile: `location` is a path, relative to the folder of `path`, or an address.

    `web` says how an address is to be asked; it is None for a path. `coverage` holds only the kinds
    that the profile states. `releases` gives the instant (UTC) for which the publisher stood by a
    file, by the file's name. `term` None: a certificate without an end stays open.
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
    guards: Guards = Guards()
    web: Web | None = None
    tables: Tables | None = None

    @property
    def pattern(self) -> str:
        """Which files of a folder count, in lower case."""
        return (self.files or f"*.{self.kind}").lower()


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
    if path.stem.casefold() == CONFIRMATIONS:
        raise ProfileError(
            path, "is the name of the mirror's own source of confirmations: name the file otherwise"
        )
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
    keys = keys_of(data)
    coverage = dict(_coverage(kind, stated) for kind, stated in keys.coverage.items())
    location, asked = _location(keys, data, path.parent)
    return Profile(
        name=path.stem,
        path=path,
        kind=keys.kind,
        location=location,
        files=_files(keys.files),
        vouched_by=keys.vouched_by,
        max_age=_max_age(keys.max_age),
        coverage=coverage,
        term=None if keys.term == "none" else _duration("term", keys.term),
        permission=keys.permission,
        schedule=_schedule(keys.schedule),
        publisher=keys.publisher,
        releases={name: _release(name, stated) for name, stated in keys.releases.items()},
        guards=guards(keys.guards),
        web=asked,
        tables=tabulated(keys, coverage) if isinstance(keys, TablesKeys) else None,
    )


def _location(keys: Keys, data: dict[str, Any], folder: Path) -> tuple[str, Web | None]:
    """Return where the source is, and how it is asked if that is an address."""
    if not is_address(keys.location):
        return checked_path(keys.location, data), None
    for key in ("files", "releases"):
        if key in data:
            raise Misstated((key,), "is for a location that is a path")
    return checked_address(keys.location, allow_http=keys.allow_http), web(keys, folder)


def _coverage(kind: str, stated: object) -> tuple[Kind, Coverage]:
    if kind not in set(Kind):
        raise Misstated(("coverage", kind), f"is not a kind of record: {', '.join(Kind)}")
    if not isinstance(stated, str) or stated not in set(Coverage):
        raise Misstated(("coverage", kind), f"should be one of {', '.join(Coverage)}")
    return Kind(kind), Coverage(stated)


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
    fault = None if text is None else ill_formed(text)
    if fault:
        raise Misstated(("schedule",), f"{text!r} {fault}")
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
