"""Reading html: the rows of tables, lists and cards, their detail pages and the pages they are on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

import msgspec
from selectolax.lexbor import LexborNode

from trivet.register.sources.cells import Cell, Unusable, clean
from trivet.register.sources.errors import SourceError
from trivet.register.sources.grids import Grids
from trivet.register.sources.listings import Column, Listing
from trivet.register.sources.locations import is_address
from trivet.register.sources.mapping import read_tables
from trivet.register.sources.page import Page
from trivet.register.sources.pages import Archive, Walk, detail_address, walk
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Reading
from trivet.register.sources.sheets import Entry
from trivet.register.sources.tables import Lookup, Table, folded, restricts

_LINKLESS = Unusable("has no link to a detail page, or several")


def read_html(profile: Profile, raw: Raw) -> Reading:
    """Return what the rows on the pages of a release say.

    Raises:
        SourceError: a page is not what the profile expects, or lacks what it names.
    """
    if profile.tables is None:
        raise SourceError(f"{profile.path.name}: says nothing about tables")
    archive = Archive(raw.location, raw.content)
    starts, paged = _starts(profile, raw, archive)
    walked = walk(profile.tables, starts, archive.get, paged=paged)
    return read_tables(profile, raw, _Listings(raw.location, walked))


def _starts(profile: Profile, raw: Raw, archive: Archive) -> tuple[list[str], bool]:
    """Return the pages the release starts with, and whether others follow by links."""
    if is_address(raw.location):
        return [raw.location], True
    name = Path(raw.location).name
    if name in archive.names:
        return [name], True
    return [n for n in archive.names if fnmatch(n.lower(), profile.pattern)], False


class _Listings:
    """What a profile finds on the pages of a release."""

    def __init__(self, name: str, walked: Walk) -> None:
        self.name = name
        self._walked = walked

    def find(self, place: Table | Lookup) -> "_Listed | None":
        if place.listing is None:
            return None
        restricting: set[str] = set()
        if isinstance(place, Table):
            for name, field in place.fields.items():
                restricting.update(field.columns if restricts(name) else ())
        return _Listed(place.listing, self._walked, frozenset(restricting))

    def titles(self) -> list[str]:
        return [page.shown for page in self._walked.lists]


class _Place(msgspec.Struct, frozen=True):
    """A row, and what else its columns may be read from."""

    page: Page
    row: LexborNode
    grids: Grids
    detail: LexborNode | None


class _Listed:
    """The rows of one listing.

    What isn't there is not the same as what is blank: an end or a status that is missing from a
    row would make its record look in force for longer, so it can't be used (`restricting` are the
    columns of such fields).
    """

    def __init__(self, listing: Listing, walked: Walk, restricting: frozenset[str]) -> None:
        self._listing = listing
        self._walked = walked
        self._restricting = restricting

    def __str__(self) -> str:
        return f"{self._walked.lists[0].shown}: {self._listing.rows!r}"

    def entries(
        self,
        columns: Sequence[str],
        optional: Sequence[str],
        header: int | None,  # noqa: ARG002 - pages have no numbered row of names
    ) -> Iterator[Entry]:
        """Yield the rows, but for those without any text."""
        found: list[tuple[str, dict[str, Cell | None]]] = []
        for page in self._pages():
            grids = Grids()
            for number, row in enumerate(page.rows(self._listing), 1):
                if clean(row.text()):
                    place = _Place(page, row, grids, self._detail(page, row))
                    cells = self._cells(place, columns, optional)
                    found.append((f"{page.shown} row {number}", cells))
        self._refuse_unmatched(columns, [cells for _, cells in found])
        for name, cells in found:
            yield Entry(name, {c: self._present(c, cell) for c, cell in cells.items()})

    def _pages(self) -> Sequence[Page]:
        if self._listing.on == "detail":
            return list(self._walked.details.values())
        return self._walked.lists

    def _detail(self, page: Page, row: LexborNode) -> LexborNode | None:
        detail = self._listing.detail
        address = detail_address(page, row, detail) if detail else None
        if detail is None or address is None:
            return None
        return self._walked.details[address].content(detail)

    def _cells(
        self, place: _Place, columns: Sequence[str], optional: Sequence[str]
    ) -> dict[str, Cell | None]:
        """Return the cells of a row; None where nothing matches."""
        cells: dict[str, Cell | None] = {}
        for name in (*columns, *optional):
            column = self._listing.columns.get(name)
            if column:
                cells[name] = _declared(column, place)
            elif name in columns or place.grids.has(place.row, name):
                cells[name] = place.grids.cell(place.row, name, str(self))
        return cells

    def _refuse_unmatched(
        self, columns: Sequence[str], rows: Sequence[Mapping[str, Cell | None]]
    ) -> None:
        for name in columns:
            if rows and all(cells[name] is None for cells in rows):
                raise SourceError(
                    f"{self}: column {name!r}: {self._listing.columns[name]} matches nothing in any of"
                    f" {len(rows)} rows: mend the profile, or ask the publisher"
                )

    def _present(self, name: str, cell: Cell | None) -> Cell:
        if cell is not None:
            return cell
        if name in self._restricting and not self._listing.columns[name].may_be_absent:
            return Unusable(
                "is not there in this row: if that means there is none, say `may_be_absent = true`"
            )
        return ""


def _declared(column: Column, place: _Place) -> Cell | None:
    if column.on == "page":
        return _cell(column, place.page.tree.root)
    if column.on == "detail":
        return _cell(column, place.detail) if place.detail else _LINKLESS
    return _cell(column, place.row)


def _cell(column: Column, node: LexborNode | None) -> Cell | None:
    """Return what a column says, None if nothing matches; a reason why not quotes none of it."""
    matches = list(_matches(column, node)) if node else []
    texts = [text for match in matches if (text := _text(column, match)) is not None]
    if not texts:
        return None
    if len(texts) > 1 and column.join is None:
        return Unusable(f"is {len(texts)} values: say `join`, or a selector that matches just one")
    if column.pattern:
        found = [re.search(column.pattern, text) for text in texts if text]
        if None in found:
            return Unusable("is not of the column's `pattern`")
        texts = [clean(match[1] or "") for match in found if match]
    return (column.join or "").join(text for text in texts if text)


def _text(column: Column, node: LexborNode) -> str | None:
    if column.attribute is None:
        return clean(node.text())
    if column.attribute not in node.attributes:
        return None
    return clean(node.attributes[column.attribute] or "")


def _matches(column: Column, node: LexborNode) -> Iterator[LexborNode]:
    if column.selector is not None:
        yield from node.css(column.selector)
        return
    for term in node.css(column.term):
        if folded(term.text()).rstrip(" :") == folded(column.label or "").rstrip(" :"):
            yield from _beside(term, column)


def _beside(term: LexborNode, column: Column) -> Iterator[LexborNode]:
    """Yield the definitions that follow a term, up to the next term."""
    following = term.next
    while following is not None:
        if following.is_element_node:
            if following.css_matches(column.term):
                return
            if following.css_matches(column.definition):
                yield following
        following = following.next
