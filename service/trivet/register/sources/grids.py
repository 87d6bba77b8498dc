"""HTML tables as grids: which cell of a row stands under which column name."""

from collections import deque
from collections.abc import Sequence

import msgspec
from selectolax.lexbor import LexborNode

from trivet.register.sources.cells import Cell, Unusable, clean
from trivet.register.sources.errors import SourceError
from trivet.register.sources.page import is_heading
from trivet.register.sources.tables import folded

_WIDEST = 1000
_LONGEST = 65_534  # what HTML allows a cell to span
_SPANS = Unusable("is a cell over several columns: what it means for each can't be known")


class _Slot(msgspec.Struct):
    """A cell in its place; `left` is how many more rows it spans."""

    text: str
    spans: bool
    left: int


class _Grid(msgspec.Struct):
    """A table: its rows by element, and its rows of column names, folded."""

    rows: dict[int, list[_Slot]]
    headings: list[list[str]]


class Grids:
    """The tables of one page, each laid out when one of its rows is first asked for."""

    def __init__(self) -> None:
        self._grids: dict[int, _Grid] = {}

    def has(self, row: LexborNode, column: str) -> bool:
        """Say whether the table of a row has a column of that name."""
        grid = self._grid(row)
        return grid is not None and any(folded(column) in names for names in grid.headings)

    def cell(self, row: LexborNode, column: str, place: str) -> Cell:
        """Return the cell of a row under a column name; SourceError if there is no such name, or two."""
        grid = self._grid(row)
        names = _headings(grid, column) if grid else []
        if grid is None or names.count(folded(column)) != 1:
            raise SourceError(f"{place}: {_what_instead(names, column)}")
        slots = grid.rows[row.mem_id]
        if len(slots) != len(names):
            return Unusable(
                f"can't be told: the row has {len(slots)} cells for {len(names)} columns"
            )
        slot = slots[names.index(folded(column))]
        return _SPANS if slot.spans else slot.text

    def _grid(self, row: LexborNode) -> _Grid | None:
        table = _table(row)
        if table is None:
            return None
        if table.mem_id not in self._grids:
            self._grids[table.mem_id] = _laid_out(table)
        return self._grids[table.mem_id]


def _headings(grid: _Grid, column: str) -> list[str]:
    """Return the row of column names that holds a name, else the last one."""
    holding = [names for names in grid.headings if folded(column) in names]
    return (holding or grid.headings or [[]])[-1]


def _what_instead(names: Sequence[str], column: str) -> str:
    if folded(column) in names:
        return f"has two columns {column!r}: which one counts can't be known"
    shown = ", ".join(repr(name[:60]) for name in names[:40] if name) or "no column names (th)"
    return (
        f"has no column {column!r}; there are {shown}: mend the profile, or ask the publisher; a"
        " column without a name needs a selector in `columns`"
    )


def _table(row: LexborNode) -> LexborNode | None:
    """Return the table that a row of one belongs to; None for what is no row of a table."""
    above = row.parent if row.tag == "tr" else None
    while above is not None and above.tag != "table":
        above = above.parent
    return above


def _laid_out(table: LexborNode) -> _Grid:
    rows: dict[int, list[_Slot]] = {}
    headings: list[list[str]] = []
    above: list[_Slot] = []
    group: int | None = None
    for row in table.css("tr"):
        holder = _table(row)
        if holder is None or holder.mem_id != table.mem_id:
            continue  # of a table within this one
        if row.parent is None or row.parent.mem_id != group:
            group, above = row.parent.mem_id if row.parent else None, []
        above = rows[row.mem_id] = _slots(row, above)
        if is_heading(row):
            headings.append([folded(slot.text) for slot in above])
    return _Grid(rows, headings)


def _slots(row: LexborNode, above: Sequence[_Slot]) -> list[_Slot]:
    """Return the cells of a row in their places, those that reach down from above among them."""
    cells = deque(node for node in row.iter() if node.tag in ("td", "th"))
    slots: list[_Slot] = []
    while len(slots) < _WIDEST:
        over = above[len(slots)] if len(slots) < len(above) else None
        if over and over.left:
            slots.append(_Slot(over.text, over.spans, over.left - 1))
        elif cells:
            slots += _spanning(cells.popleft())
        else:
            break
    return slots


def _spanning(cell: LexborNode) -> list[_Slot]:
    width = _span(cell, "colspan", _WIDEST)
    left = (_span(cell, "rowspan", _LONGEST) or _LONGEST) - 1
    text = clean(cell.text())
    return [_Slot(text, width > 1, left) for _ in range(max(1, width))]


def _span(cell: LexborNode, name: str, most: int) -> int:
    stated = (cell.attributes.get(name) or "1").strip()
    return min(int(stated), most) if stated.isascii() and stated.isdecimal() else 1
