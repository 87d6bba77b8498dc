"""Sheets: grids of cells with a row of column names somewhere near the top."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from trivet.register.sources.cells import Cell, Unusable, text_of
from trivet.register.sources.errors import SourceError
from trivet.register.sources.tables import Lookup, Table, folded

_HEADER_WITHIN = 50  # rows from the top among which column names are looked for


class Rows(Protocol):
    """What rows can be read from by the names of their columns; as text, where that is."""

    def entries(
        self, columns: Sequence[str], optional: Sequence[str], header: int | None
    ) -> "Iterable[Entry]":
        """Return the rows with the cells of `columns` and of those of `optional` that there are.

        `header` is the number of the row that holds the column names, None if it is to be found.

        Raises:
            SourceError: a column is missing, or can't be told from another.
        """


class Book(Protocol):
    """A source's sheets, or listings."""

    name: str

    def find(self, place: Table | Lookup) -> Rows | None:
        """Return what holds the rows of a table or lookup, or None if there is none."""

    def titles(self) -> list[str]:
        """Return the names of the sheets there are."""


class Line(msgspec.Struct, frozen=True):
    """A row of a sheet with its number, as people count it."""

    number: int
    cells: Sequence[Cell]


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of a workbook or a csv file; `unit` is what its rows are called."""

    file: str
    name: str
    lines: Sequence[Line]
    unit: str = "row"

    def __str__(self) -> str:
        return self.file if self.file == self.name else f"{self.file}: sheet {self.name!r}"

    def place(self, number: int) -> str:
        """Return the place of a row."""
        return f"{self.name} {self.unit} {number}"

    def entries(
        self, columns: Sequence[str], optional: Sequence[str], header: int | None
    ) -> Iterator["Entry"]:
        """Yield the rows below the column names, but for those blank in all the columns asked for.

        Column names compare without case and with white space folded. Without `header`, they are in
        the first row that holds all of `columns`.

        Raises:
            SourceError: a column is missing, or two have its name; names the columns found.
        """
        start, positions = _header(self, columns, optional, header)
        width = len(self.lines[start].cells)
        for line in self.lines[start + 1 :]:
            if not any(cell != "" for cell in line.cells):
                continue
            if len(line.cells) != width:
                reason = f"has {len(line.cells)} cells, but there are {width} columns"
                yield Entry(self.place(line.number), {}, reason)
                continue
            cells = {column: line.cells[position] for column, position in positions.items()}
            if any(cell != "" for cell in cells.values()):
                yield Entry(self.place(line.number), cells)


class Entry(msgspec.Struct, frozen=True):
    """A row under its column names, or the reason why its cells can't be told apart."""

    place: str
    cells: Mapping[str, Cell]
    fault: str | None = None


def _header(
    sheet: Sheet, columns: Sequence[str], optional: Sequence[str], header: int | None
) -> tuple[int, dict[str, int]]:
    if not sheet.lines:
        raise SourceError(f"{sheet}: is empty")
    best = _candidates(sheet, columns, header)
    names = _names(sheet.lines[best])
    missing = [column for column in columns if folded(column) not in names]
    if missing:
        # A row without any of the names is no header: it may name people, so it is not shown.
        known = len(missing) < len(columns)
        found = _listed(_shown(sheet.lines[best])) if known else "none of the columns"
        raise SourceError(
            f"{sheet}: has no column {_listed(missing)}; {sheet.unit} {sheet.lines[best].number}"
            f" has {found}: mend the profile, or ask the publisher"
        )
    wanted = [c for c in (*columns, *optional) if folded(c) in names]
    for column in wanted:
        if names.count(folded(column)) > 1:
            raise SourceError(
                f"{sheet}: has two columns {column!r}: which one counts can't be known"
            )
    return best, {column: names.index(folded(column)) for column in wanted}


def _candidates(sheet: Sheet, columns: Sequence[str], header: int | None) -> int:
    """Return the index of the row of column names: the one stated, else the fullest."""
    if header is not None:
        for index, line in enumerate(sheet.lines):
            if line.number == header:
                return index
        raise SourceError(f"{sheet}: has no {sheet.unit} {header} to hold the column names")
    wanted = {folded(column) for column in columns}
    top = range(min(len(sheet.lines), _HEADER_WITHIN))
    return max(top, key=lambda index: len(wanted & set(_names(sheet.lines[index]))))


def _names(line: Line) -> list[str]:
    return [folded(name) for name in _texts(line)]


def _texts(line: Line) -> list[str]:
    return ["" if isinstance(cell, Unusable) else text_of(cell) for cell in line.cells]


def _shown(line: Line) -> list[str]:
    return [name for name in _texts(line) if name]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name[:60]) for name in names[:40]) or "no names"
