"""The pages of an html source: walked from the first one, kept in one archive, walked again from it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
from selectolax.lexbor import LexborNode

from trivet.register.sources.archive import ArchiveFault, pack, unpack
from trivet.register.sources.errors import SourceError
from trivet.register.sources.listings import MAX_PAGES, Detail, Listing, Pages, Paging
from trivet.register.sources.locations import shown
from trivet.register.sources.page import Got, Page
from trivet.register.sources.tables import Table, Tables

_REDIRECTS = "redirects"

Get = Callable[[str], Got]
"""Gets the page of an address; raises SourceError if it can't."""


class Found(msgspec.Struct, frozen=True):
    """A page got from an archive or a folder."""

    address: str
    content: bytes


class Walk(msgspec.Struct, frozen=True):
    """All pages of a release: those of the list in order, the detail pages, and each as it was got."""

    lists: Sequence[Page]
    details: Mapping[str, Page]
    got: Mapping[str, Got]


def walk(tables: Tables, starts: Iterable[str], get: Get, *, paged: bool = True) -> Walk:
    """Get the pages of a list, from those it starts with on to the last, and the detail pages.

    Raises:
        SourceError: a page can't be had, or lacks what the profile expects on it; the links to the
        next page go in a circle; there are more pages than the profile allows.
    """
    walker = _Walker(tables, get)
    paging = walker.pages.paging if paged else None
    lists = [page for start in starts for page in walker.paged(start, paging)]
    details: dict[str, Page] = {}
    for table in tables.tables:
        if table.listing and table.listing.detail:
            details |= walker.details(table.listing, table.listing.detail, lists)
    return Walk(lists, details, walker.got)


class _Walker:
    def __init__(self, tables: Tables, get: Get) -> None:
        self.pages = tables.pages or Pages()
        self.got: dict[str, Got] = {}
        self._tables = tables.tables
        self._get = get

    def paged(self, start: str, paging: Paging | None) -> Iterator[Page]:
        """Yield the pages of a list, from one on to the last."""
        page = self._list(start)
        read = {start, page.address}
        yield page
        count = 1
        while paging and (following := _next(page, paging)):
            if count == paging.max_pages:
                raise SourceError(
                    f"{page.shown}: the list goes on after {count} pages: raise max_pages in [paging]"
                )
            before, page, count = page, self._list(following), count + 1
            if read & {following, page.address}:
                raise SourceError(
                    f"{before.shown}: its link to the next page, {paging.next!r}, leads to one that"
                    " was read before"
                )
            read |= {following, page.address}
            yield page

    def _list(self, address: str) -> Page:
        page = self._page(address)
        for table in self._tables:
            _refuse_listless(page, table)
        return page

    def details(
        self, listing: Listing, detail: Detail, lists: Iterable[Page]
    ) -> Iterator[tuple[str, Page]]:
        """Yield the detail pages of the rows of a listing, by the address that the row gives."""
        found: set[str] = set()
        for page in lists:
            for row in page.rows(listing):
                address = detail_address(page, row, detail)
                if address is None or address in found:
                    continue
                found.add(address)
                if len(found) > detail.max_pages:
                    raise SourceError(
                        f"{page.shown}: the rows have more than {detail.max_pages} detail pages:"
                        " raise max_pages in `detail`"
                    )
                described = self._page(address)
                described.content(detail)
                yield address, described

    def _page(self, address: str) -> Page:
        if address not in self.got:
            if len(self.got) == MAX_PAGES:
                raise SourceError(f"{shown(address)}: a release has at most {MAX_PAGES} pages")
            self.got[address] = self._get(address)
        return Page(self.got[address], self.pages)


def _next(page: Page, paging: Paging) -> str | None:
    nodes = page.tree.css(paging.next)
    links = page.links(nodes)
    if nodes and len(links) != 1:
        raise SourceError(
            f"{page.shown}: {paging.next!r} should match the link to the next page and nothing else,"
            f" but leads to {len(links)} addresses; if it has none on the last page, add [href]"
        )
    return links.pop() if links else None


def _refuse_listless(page: Page, table: Table) -> None:
    listing = table.listing
    if listing and listing.on == "list" and not table.optional and not page.rows(listing):
        raise page.without(listing.rows)


def detail_address(page: Page, row: LexborNode, detail: Detail) -> str | None:
    """Return the address of a row's detail page, None unless the row has just one."""
    links = page.links(row.css(detail.link))
    return links.pop() if len(links) == 1 else None


def packed(walked: Walk) -> bytes:
    """Return an archive of all pages under the addresses they were asked for by."""
    parts = {address: got.content for address, got in walked.got.items()}
    moved = {asked: got.address for asked, got in walked.got.items() if got.address != asked}
    if moved:
        parts[_REDIRECTS] = json.dumps(moved, sort_keys=True).encode()
    return pack(parts)


class Archive:
    """The pages of a release as they were kept."""

    def __init__(self, name: str, content: bytes) -> None:
        """Take the name of the release and its archive; SourceError if it can't be unpacked."""
        try:
            self._parts = unpack(content)
        except ArchiveFault as fault:
            raise SourceError(f"{name}: the archive of its pages can't be read: {fault}") from None
        self._moved: dict[str, str] = json.loads(self._parts.pop(_REDIRECTS, b"{}"))

    @property
    def names(self) -> list[str]:
        """The addresses of the pages."""
        return sorted(self._parts)

    def get(self, address: str) -> Found:
        """Return a page; SourceError if it was not kept."""
        if address not in self._parts:
            raise SourceError(
                f"{shown(address)}: is not among the pages that were kept of this release: fetch it"
                " again"
            )
        return Found(self._moved.get(address, address), self._parts[address])
