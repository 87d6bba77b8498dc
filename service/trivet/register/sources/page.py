"""One page: its text, its elements, its rows and its links."""

import codecs
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Protocol
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from trivet.register.sources.errors import SourceError
from trivet.register.sources.listings import Detail, Listing, Pages
from trivet.register.sources.locations import shown

_BLOCKS = (
    "address,article,aside,blockquote,br,caption,dd,details,div,dl,dt,fieldset,figcaption,figure,"
    "footer,form,h1,h2,h3,h4,h5,h6,header,hr,li,main,nav,ol,p,pre,section,summary,table,tbody,td,"
    "tfoot,th,thead,tr,ul"
)
_NESTING = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figcaption|"
    r"figure|footer|form|header|hgroup|listing|main|menu|nav|ol|pre|search|section|summary|ul)\b",
    re.IGNORECASE,
)
_DEEPEST = 1000
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE
)
_READ_AS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "utf-16": "utf-8-sig",
}


class Got(Protocol):
    """A page as it was got: under which address it stands in the end, and its bytes."""

    @property
    def address(self) -> str:
        """The address to which its links are relative."""

    @property
    def content(self) -> bytes:
        """What was got."""


class Page:
    """A page, made ready for selecting from it."""

    def __init__(self, got: Got, pages: Pages) -> None:
        """Take the page as it was got, and what the profile says of all pages."""
        self.address = got.address
        self.shown = shown(got.address)
        self._content = got.content
        self._pages = pages

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page's elements; a block's text is set apart from what stands beside it."""
        text = _text(self.shown, self._content, self._pages.encoding)
        _refuse_deep(self.shown, text)
        tree = LexborHTMLParser(text)
        for node in tree.css(",".join(filter(None, ("script,style", self._pages.ignore)))):
            node.inner_html = ""
        for node in tree.css(_BLOCKS):
            node.insert_before(" ")
            node.insert_after(" ")
        return tree

    def rows(self, listing: Listing) -> list[LexborNode]:
        """Return the rows of a listing, those of column names left out."""
        return [row for row in self.tree.css(listing.rows) if not is_heading(row)]

    def content(self, detail: Detail) -> LexborNode:
        """Return the part of a detail page that is read; SourceError unless there is just one."""
        found = self.tree.css(detail.content)
        if not found:
            raise self.without(detail.content)
        if len(found) > 1:
            raise SourceError(f"{self.shown}: has {len(found)} of {detail.content!r}, not just one")
        return found[0]

    def without(self, selector: str) -> SourceError:
        """Return the error that the page lacks what it should have."""
        return SourceError(
            f"{self.shown}: the page has no {selector!r}: is it a login page, or a notice in place of"
            " the list? If the publisher has changed the page, mend the profile"
        )

    def links(self, nodes: Iterable[LexborNode]) -> set[str]:
        """Return where links lead, in full; what has no address is left out."""
        hrefs = (node.attributes.get("href") for node in nodes)
        return {urldefrag(urljoin(self._base, href.strip()))[0] for href in hrefs if href}

    @property
    def _base(self) -> str:
        stated = self.tree.css_first("base[href]")
        return urljoin(self.address, (stated.attributes.get("href") if stated else "") or "")


def is_heading(row: LexborNode) -> bool:
    """Say whether a row of an HTML table holds column names."""
    if row.tag != "tr":
        return False
    in_head = row.parent is not None and row.parent.tag == "thead"
    return in_head or {cell.tag for cell in row.iter()} == {"th"}


def _text(name: str, content: bytes, encoding: str | None) -> str:
    encoding = _encoding(content, encoding)
    try:
        return content.decode(encoding)
    except LookupError:
        fault = f"says it is {encoding!a}, which is no encoding"
    except UnicodeError as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        fault = f"is not {encoding}{place}"
    raise SourceError(f"{name}: {fault}: say `encoding` in the profile, cp1252 perhaps")


def _encoding(content: bytes, stated: str | None) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    declared = _DECLARED.search(content[:4096])
    found = declared[1].decode().lower() if declared else "utf-8-sig"
    return stated or _READ_AS.get(found, found)


def _refuse_deep(name: str, text: str) -> None:
    """Refuse what would take the parser an age: its work grows with the square of the nesting."""
    depth = 0
    for tag in _NESTING.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _DEEPEST:
            raise SourceError(f"{name}: is nested too deeply to be a list")
