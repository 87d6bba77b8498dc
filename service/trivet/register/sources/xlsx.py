"""Reading the sheets of an xlsx workbook."""

import io
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from trivet.register.sources.archive import ArchiveFault, pack, unpack
from trivet.register.sources.cells import Cell, cell
from trivet.register.sources.errors import SourceError
from trivet.register.sources.mapping import read_tables
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Reading
from trivet.register.sources.sheets import Line, Sheet
from trivet.register.sources.tables import Lookup, Table
from trivet.register.sources.workbook import Oddities, WorkbookFault, oddities, sheet_parts

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_WORKBOOK = "xl/workbook.xml"


def read_xlsx(profile: Profile, raw: Raw) -> Reading:
    """Return what the rows of a workbook's sheets say.

    Raises:
        SourceError: it is no workbook, or not a safe one, or lacks a sheet or column that the
        profile names.
    """
    name = Path(raw.location).name
    return read_tables(profile, raw, _Workbook(name, _parts(name, raw.content)))


def _parts(name: str, content: bytes) -> dict[str, bytes]:
    if not content.startswith(b"PK\x03\x04"):
        raise SourceError(f"{name}: {_what_instead(content)}")
    try:
        parts = unpack(content)
    except ArchiveFault as fault:
        raise SourceError(f"{name}: can't be unpacked: {fault}") from None
    if _WORKBOOK not in parts:
        raise SourceError(f"{name}: is a zip file but no xlsx workbook: save it as xlsx")
    return parts


def _what_instead(content: bytes) -> str:
    if not content.strip():
        return "is empty"
    if content.startswith(_OLD_OR_ENCRYPTED):
        return "is protected by a password or in the old xls format: save it as xlsx without one"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "is a web page or XML, not a workbook: was a login page saved in its place?"
    return "is not an xlsx workbook"


class _Workbook:
    """A workbook whose sheets are read when they are asked for."""

    def __init__(self, name: str, parts: dict[str, bytes]) -> None:
        self.name = name
        self._parts = parts
        self._read: dict[str, Sheet | None] = {}
        try:
            self._places = sheet_parts(parts)
            # Packed anew, so that the reader sees exactly the parts that were looked at here.
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(pack(parts)))
        except (WorkbookFault, CalamineError) as fault:
            raise SourceError(f"{name}: can't be read as a workbook: {fault}") from None

    def find(self, place: Table | Lookup) -> Sheet | None:
        title = place.sheet or ""
        if title not in self._read:
            self._read[title] = self._sheet(title) if title in self._places else None
        return self._read[title]

    def titles(self) -> list[str]:
        return list(self._places)

    def _sheet(self, title: str) -> Sheet:
        try:
            odd = oddities(self._parts[self._places[title]])
            rows = self._book.get_sheet_by_name(title)
            return Sheet(self.name, title, _lines(rows, odd))
        except (WorkbookFault, CalamineError) as fault:
            raise SourceError(f"{self.name}: sheet {title!r} can't be read: {fault}") from None


def _lines(sheet: CalamineSheet, odd: Oddities) -> tuple[Line, ...]:
    rows = sheet.to_python(skip_empty_area=False)
    return tuple(
        Line(number, [_cell(value, odd, number, column) for column, value in enumerate(row, 1)])
        for number, row in enumerate(rows, 1)
    )


def _cell(value: object, odd: Oddities, row: int, column: int) -> Cell:
    return odd.unusable.get((row, column)) or cell(value)
