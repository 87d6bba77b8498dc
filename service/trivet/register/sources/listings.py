"""How the pages of an html source hold rows and columns: what a profile may say of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from trivet.register.sources.errors import Key, Misstated

MAX_PAGES = 4000
"""The most pages of a release, all together; an archive of more could not be unpacked again."""

_EMPTY = LexborHTMLParser("")


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value stands: in what a selector matches, or beside a label.

    `on` says in what it is looked for: the row, the whole page that the row is on, or the row's detail
    page. Several matches are an error without `join`, the text to put between them.
    """

    selector: str | None = None
    label: str | None = None
    term: str = "dt"
    definition: str = "dd"
    attribute: str | None = None
    pattern: str | None = None
    join: str | None = None
    on: Literal["row", "page", "detail"] = "row"
    may_be_absent: bool = False

    def __str__(self) -> str:
        if self.selector is not None:
            return repr(self.selector)
        return f"{self.definition!r} beside {self.term!r} {self.label!r}"


class Detail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pages that describe one row each: the link to them in the row, and the part that is read."""

    link: str
    content: str
    max_pages: int = 500


class Paging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list that goes on over several pages: the link to the next."""

    next: str
    max_pages: int = 100


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a table on the pages of a list, or on the detail pages of another table's rows."""

    rows: str
    columns: dict[str, Column]
    on: Literal["list", "detail"] = "list"
    detail: Detail | None = None


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for all pages: how they are paged, their encoding, and what is left out of texts."""

    paging: Paging | None = None
    encoding: str | None = None
    ignore: str | None = None


class ListingKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A listing as the profile states it."""

    rows: str | None = None
    columns: dict[str, Any] = {}
    on: Literal["list", "detail"] = "list"
    detail: Detail | None = None


def listing(keys: ListingKeys, key: Key) -> Listing | None:
    """Return the listing that a profile states under `key`, if any; Misstated if it can't be."""
    if keys.rows is None:
        return None
    check_selector(keys.rows, (*key, "rows"))
    if keys.detail:
        check_selector(keys.detail.link, (*key, "detail", "link"))
        check_selector(keys.detail.content, (*key, "detail", "content"))
        check_max_pages(keys.detail.max_pages, (*key, "detail"))
        if keys.on == "detail":
            raise Misstated((*key, "detail"), "rows on detail pages can't have such pages again")
    columns = dict(_columns(keys, (*key, "columns")))
    return Listing(rows=keys.rows, columns=columns, on=keys.on, detail=keys.detail)


def _columns(keys: ListingKeys, key: Key) -> Iterator[tuple[str, Column]]:
    for name, raw in keys.columns.items():
        column = _column(raw, (*key, name))
        if column.on == "detail" and not keys.detail:
            raise Misstated((*key, name, "on"), "there is no `detail` to say where these pages are")
        yield name, column


def _column(raw: object, key: Key) -> Column:
    try:
        column = msgspec.convert({"selector": raw} if isinstance(raw, str) else raw, Column)
    except msgspec.ValidationError as error:
        raise Misstated(key, str(error)) from None
    if (column.selector is None) == (column.label is None):
        raise Misstated(key, "needs either a `selector` or a `label`")
    for name in ("selector", "term", "definition"):
        selector = getattr(column, name)
        if selector is not None:
            check_selector(selector, (*key, name))
    _check_pattern(column.pattern, (*key, "pattern"))
    return column


def _check_pattern(pattern: str | None, key: Key) -> None:
    if pattern is None:
        return
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise Misstated(key, f"is no regular expression: {error}") from None
    if groups != 1:
        raise Misstated(key, f"has {groups} groups: put brackets round the one part to be read")


def check_selector(selector: str, key: Key) -> None:
    """Raise Misstated if a text is no CSS selector."""
    try:
        _EMPTY.css(selector)
    except SelectolaxError:
        raise Misstated(
            key, f"{selector!r} is no CSS selector (one can't begin with > or :scope)"
        ) from None


def check_max_pages(max_pages: int, key: Key) -> None:
    """Raise Misstated if a number of pages can't be kept."""
    if not 0 < max_pages <= MAX_PAGES:
        raise Misstated((*key, "max_pages"), f"should be from 1 to {MAX_PAGES}")


def check_family_name(columns: Mapping[str, Column], secret: frozenset[str], key: Key) -> None:
    """Raise Misstated if the place of a family name is also read under another column's name."""
    places = {_place(columns[name]) for name in secret & columns.keys()}
    for name in columns.keys() - secret:
        if _place(columns[name]) in places:
            raise Misstated((*key, "columns", name), "is read from the place of the family name")


def _place(column: Column) -> tuple[object, ...]:
    return column.selector, column.label, column.term, column.definition, column.on
