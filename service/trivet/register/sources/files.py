"""Fetching a source from the file system: which file is the release, its bytes and its age."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote

from trivet.register.sources.archive import pack
from trivet.register.sources.errors import SourceError
from trivet.register.sources.pages import Found, packed, walk
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw

MAX_BYTES = 64 * 2**20
"""The largest release that is taken, in bytes, all its files together."""


def fetch_files(profile: Profile) -> Raw:
    """Return the source's newest release as it lies in the file system.

    Several files that the profile names are one release: its content is an archive of them, see
    `archive.pack`, and its age that of the oldest. So are the pages of html, even a single one.

    Raises:
        SourceError: the release is missing, can't be read or is too large; names the file and what
        to do.
    """
    place = profile.path.parent / profile.location
    try:
        if profile.kind == "html":
            return _pages(profile, place)
        return _several(profile, place) if _named(profile) else _one(profile, place)
    except OSError as error:
        raise SourceError(f"{error.filename or place}: can't be read: {error.strerror}") from None


def _one(profile: Profile, place: Path) -> Raw:
    path = _newest(profile, place) if place.is_dir() else _checked(place)
    as_of = _as_of(profile, path)  # before reading: no content counts as fresher than it is
    return Raw.of(str(path), _bytes(path, MAX_BYTES), as_of)


def _several(profile: Profile, place: Path) -> Raw:
    if not place.is_dir():
        raise SourceError(
            f"{place}: is not a folder, but the tables of the profile name files in one"
        )
    needed = profile.tables.required_files if profile.tables else frozenset()
    names = [name for name in _named(profile) if name in needed or (place / name).exists()]
    if not names:
        raise SourceError(f"{place}: holds none of {', '.join(_named(profile))}")
    as_of = _as_of_several(profile, place, [_checked(place / name).name for name in names])
    parts: dict[str, bytes] = {}
    for name in names:
        parts[name] = _bytes(place / name, MAX_BYTES - sum(map(len, parts.values())))
    return Raw.of(str(place), pack(parts), as_of)


def _pages(profile: Profile, place: Path) -> Raw:
    """Return saved pages: all those of a folder, or one with those it links to beside it."""
    if profile.tables is None:
        raise SourceError(f"{profile.path.name}: says nothing about tables")
    folder = _Folder(profile, place if place.is_dir() else _checked(place).parent)
    starts = sorted(p.name for p in _candidates(profile, place)) if place.is_dir() else [place.name]
    if not starts:
        raise _nothing(profile, place)
    walked = walk(profile.tables, starts, folder.get, paged=not place.is_dir())
    whole = profile.releases.get(place.resolve().name)
    return Raw.of(str(place), packed(walked), whole or min(folder.ages))


class _Folder:
    """A folder of saved pages."""

    def __init__(self, profile: Profile, folder: Path) -> None:
        self.ages: list[datetime] = []
        self._profile = profile
        self._folder = folder
        self._room = MAX_BYTES

    def get(self, address: str) -> Found:
        name = unquote(address)
        if name.startswith(".") or set(name) & set("/\\\0"):
            raise SourceError(
                f"{self._folder}: a link leads to {name[:200]!a}, not to a file in it"
            )
        path = _checked(self._folder / name)
        self.ages.append(_as_of(self._profile, path))
        content = _bytes(path, self._room)
        self._room -= len(content)
        return Found(address, content)


def _named(profile: Profile) -> tuple[str, ...]:
    return profile.tables.files if profile.tables else ()


def _newest(profile: Profile, folder: Path) -> Path:
    candidates = list(_candidates(profile, folder))
    if not candidates:
        raise _nothing(profile, folder)
    return max(candidates, key=lambda path: (_as_of(profile, path), path.name))


def _nothing(profile: Profile, folder: Path) -> SourceError:
    wanted = profile.files or profile.pattern
    return SourceError(f"{folder}: holds no file named {wanted}: put the release there")


def _candidates(profile: Profile, folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        # Editors leave such files beside one that they have open.
        passing = path.name.startswith((".", "~$"))
        if not passing and fnmatch(path.name.lower(), profile.pattern) and path.is_file():
            yield path


def _as_of(profile: Profile, path: Path) -> datetime:
    return profile.releases.get(path.name) or datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _as_of_several(profile: Profile, folder: Path, names: Iterable[str]) -> datetime:
    """Return the folder's date in the profile, else the oldest of its files'."""
    whole = profile.releases.get(folder.resolve().name)
    return whole or min(_as_of(profile, folder / name) for name in names)


def _checked(path: Path) -> Path:
    if not path.exists():
        raise SourceError(
            f"{path}: is missing: put the file there, or mend `location` in the profile"
        )
    if not path.is_file():
        raise SourceError(f"{path}: is not a regular file")
    return path


def _bytes(path: Path, room: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(room + 1)
    if len(content) > room:
        raise SourceError(f"{path}: is larger than {MAX_BYTES // 2**20} MiB: is it the right file?")
    return content
