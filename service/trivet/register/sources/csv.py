"""Reading csv: one file, or several in a folder."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from trivet.register.sources.archive import ArchiveFault, unpack
from trivet.register.sources.cells import clean
from trivet.register.sources.errors import SourceError
from trivet.register.sources.mapping import read_tables
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Reading
from trivet.register.sources.sheets import Line, Sheet
from trivet.register.sources.tables import Lookup, Table, Tables


def read_csv(profile: Profile, raw: Raw) -> Reading:
    """Return what the rows of csv files say.

    Raises:
        SourceError: a file can't be read at all, or lacks a column that the profile names.
    """
    tables = profile.tables
    if tables is None:
        raise SourceError(f"{profile.path.name}: says nothing about tables")
    return read_tables(profile, raw, _Files(tables, raw))


class _Files:
    """The files of a release; each is one sheet."""

    def __init__(self, tables: Tables, raw: Raw) -> None:
        self.name = Path(raw.location).name
        contents = _contents(tables, raw)
        self._sheets = {name: _sheet(name, content, tables) for name, content in contents.items()}

    def find(self, place: Table | Lookup) -> Sheet | None:
        return self._sheets.get(place.file or self.name)

    def titles(self) -> list[str]:
        return list(self._sheets)


def _contents(tables: Tables, raw: Raw) -> dict[str, bytes]:
    name = Path(raw.location).name
    if not tables.files:
        return {name: raw.content}
    try:
        return unpack(raw.content)
    except ArchiveFault as fault:
        raise SourceError(f"{name}: the archive of its files can't be read: {fault}") from None


def _sheet(name: str, content: bytes, tables: Tables) -> Sheet:
    text = _text(name, content, tables.encoding)
    lines = tuple(_lines(name, text, tables.delimiter))
    return Sheet(name, name, lines, unit="line")


def _text(name: str, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise SourceError(
            f"{name}: is not {encoding}{place}: say `encoding` in the profile, cp1252 perhaps"
        ) from None
    if not text.strip():
        raise SourceError(f"{name}: is empty")
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise SourceError(
            f"{name}: is a web page or XML, not csv: was a login page saved in its place?"
        )
    if text.startswith("PK\x03\x04") or "\0" in text:
        raise SourceError(f"{name}: is not text: is it a spreadsheet, or in another encoding?")
    return text


def _lines(name: str, text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    try:
        for row in reader:
            yield Line(started, [clean(cell) for cell in row])
            started = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{name} line {started}: is not csv: {error}") from None
