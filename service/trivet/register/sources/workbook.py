"""What has to be known of a workbook before its cells are read.

The reader of cells shows a formula's error as an empty cell, and an empty end date means no end; so
the cells that hold an error, or a formula whose value was never worked out, are looked for here. It
also lays a sheet out in full, from the first cell to the last, so a sheet that would be
unreasonably large is refused here.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

import msgspec

from trivet.register.sources.cells import Unusable

MAX_CELLS = 5_000_000
"""The most cells that a sheet may span, from its corner to the last that holds anything."""

_ERROR = Unusable("is the error of a formula: mend it in the sheet")
_NOT_WORKED_OUT = Unusable(
    "is a formula without a stored value: open the file, let it calculate, and save it"
)
_ROW = re.compile(r"[A-Z]{0,3}([1-9][0-9]{0,6})")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class WorkbookFault(Exception):
    """A workbook is not put together as a workbook should be."""


class Oddities(msgspec.Struct):
    """The cells of a sheet that can't be used, though not empty, by row and column from 1."""

    unusable: dict[tuple[int, int], Unusable]


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name, in the order of the workbook."""
    targets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    sheets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets[attributes.get("name", "")] = attributes.get("id", "")

    _walk(parts.get("xl/_rels/workbook.xml.rels", b""), relation)
    _walk(parts["xl/workbook.xml"], sheet)
    places = {name: _part(targets.get(relation_id, "")) for name, relation_id in sheets.items()}
    return {name: place for name, place in places.items() if place in parts}


def _part(target: str) -> str:
    return (
        target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    )


def oddities(part: bytes) -> Oddities:
    """Return the cells of a sheet that can't be used; WorkbookFault if it spans too many."""
    walk = _Cells()
    _walk(part, walk.start, walk.end, walk.text)
    return Oddities(walk.unusable)


class _Cells:
    """Goes through a sheet's cells, keeping count of rows and columns where they aren't stated."""

    def __init__(self) -> None:
        self.unusable: dict[tuple[int, int], Unusable] = {}
        self._row = self._column = 0
        self._last_row = self._last_column = 0
        self._cell_type = ""
        self._formula = self._value = self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row = _row(attributes.get("r")) or self._row + 1
            self._column = 0
        elif name == "c":
            self._row, self._column = _position(attributes.get("r")) or (
                self._row,
                self._column + 1,
            )
            self._cell_type = attributes.get("t", "")
            self._formula = self._value = False
        elif name == "f":
            self._formula = True
        self._inside = name in {"v", "t"}

    def text(self, text: str) -> None:
        self._value = self._value or (self._inside and bool(text.strip()))

    def end(self, name: str) -> None:
        self._inside = False
        if name != "c":
            return
        if self._formula or self._value or self._cell_type:
            self._widen()
        if self._cell_type == "e":
            self.unusable[self._row, self._column] = _ERROR
        elif self._formula and not self._value and self._cell_type != "str":
            self.unusable[self._row, self._column] = _NOT_WORKED_OUT

    def _widen(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * self._last_column > MAX_CELLS:
            raise WorkbookFault(
                f"it spans more than {MAX_CELLS:,} cells: delete what stands far off"
            )


def _row(reference: str | None) -> int | None:
    match = _ROW.fullmatch(reference or "")
    return int(match[1]) if match else None


def _position(reference: str | None) -> tuple[int, int] | None:
    if reference is None:
        return None
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise WorkbookFault(f"a cell is said to be at {reference[:20]!a}")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _walk(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """Go through an XML part; names come without a namespace, and DOCTYPEs are refused."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(_local(name), _plain(attributes))
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(part, True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as error:
        raise WorkbookFault(f"it holds broken XML: {error}") from None


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _no_doctype(*_: object) -> None:
    raise WorkbookFault("it defines XML of its own, as no workbook does")
