"""From what a profile states of tables to the tables: what they are, and whether they can be."""

import codecs
from collections.abc import Iterator, Mapping

import msgspec

from trivet.register.faults import Known, record_faults
from trivet.register.records import Coverage, CoverageByKind, Document, Kind, Record
from trivet.register.sources.errors import Key, Misstated
from trivet.register.sources.keys import CsvKeys, HtmlKeys, RecordKeys, TablesKeys, misstated
from trivet.register.sources.listings import Pages, check_max_pages, check_selector
from trivet.register.sources.locations import is_address
from trivet.register.sources.tables import (
    Defaults,
    Lookup,
    LookupKeys,
    Table,
    TableKeys,
    Tables,
    lookup,
    table,
)


def tabulated(keys: TablesKeys, coverage: Mapping[Kind, Coverage]) -> Tables:
    """Return the tables that a profile states, given what it covers; Misstated if they can't be."""
    defaults = Defaults(
        ends=keys.ends,
        dates=keys.dates,
        null_values=keys.null_values,
        on_difference=keys.guards.on_difference,
    )
    found = Tables(
        tables=tuple(table(Kind(key[0]), raw, defaults, key) for key, raw in _stated(keys)),
        lookups={name: _lookup(name, raw) for name, raw in keys.lookups.items()},
        records=tuple(_records(keys.records)),
        encoding=_encoding(keys) or "utf-8-sig",
        delimiter=_delimiter(keys),
        pages=_pages(keys),
    )
    _check_places(keys, found)
    _check_pages(keys, found)
    _check_lookups(keys, found)
    _check_coverage(coverage, found)
    return found


def _stated(keys: TablesKeys) -> Iterator[tuple[tuple[str, int], TableKeys]]:
    """Yield the tables with the key of each."""
    for kind in Kind:
        for position, raw in enumerate(getattr(keys, kind.value)):
            yield (kind.value, position), raw


def _lookup(name: str, raw: object) -> Lookup:
    key = ("lookups", name)
    try:
        return lookup(msgspec.convert(raw, LookupKeys), key)
    except msgspec.ValidationError as error:
        raise misstated(error, key) from None


def _records(records: RecordKeys) -> Iterator[tuple[Kind, Record]]:
    unknown = Known(Document(format="register/1", publisher="-"), CoverageByKind())
    for kind in Kind:
        for position, record in enumerate(getattr(records, kind.value)):
            for field, reason in record_faults(record, unknown):
                raise Misstated(("records", kind.value, position, field), reason)
            yield kind, record


def _encoding(keys: TablesKeys) -> str | None:
    encoding = keys.encoding if isinstance(keys, CsvKeys | HtmlKeys) else None
    if encoding is None:
        return None
    try:
        codecs.lookup(encoding)
        "".encode(encoding)
    except LookupError:
        raise Misstated(("encoding",), f"{encoding!r} is not an encoding of text") from None
    return encoding


def _delimiter(keys: TablesKeys) -> str:
    if not isinstance(keys, CsvKeys):
        return ","
    if len(keys.delimiter) != 1 or keys.delimiter in '"\r\n':
        raise Misstated(("delimiter",), "should be one character, such as ; or a tab")
    return keys.delimiter


def _pages(keys: TablesKeys) -> Pages | None:
    if not isinstance(keys, HtmlKeys):
        return None
    if keys.paging:
        check_selector(keys.paging.next, ("paging", "next"))
        check_max_pages(keys.paging.max_pages, ("paging",))
    if keys.ignore is not None:
        check_selector(keys.ignore, ("ignore",))
    return Pages(paging=keys.paging, encoding=_encoding(keys), ignore=keys.ignore)


def _check_places(keys: TablesKeys, found: Tables) -> None:
    """See to it that each table and lookup says where in the source it is, in the words of its kind."""
    for key, place in _places(keys, found):
        for name, hint in _NOT_OF[keys.kind].items():
            if getattr(place, "listing" if name == "rows" else name) is not None:
                raise Misstated((*key, name), hint)
        if keys.kind == "xlsx" and not place.sheet:
            raise Misstated((*key, "sheet"), "is missing: an xlsx table names its sheet")
        if keys.kind == "html" and not place.listing:
            raise Misstated((*key, "rows"), "is missing: the selector of the rows on the pages")
        if found.files:
            _check_file(place.file, (*key, "file"))
    if found.files:
        _check_folder(keys)


_NO_SHEET = {"sheet": "a csv file has no sheets: name a `file`"}
_NO_FILE = {"file": "an xlsx table names its sheet, and no file"}
_NO_GRID = dict.fromkeys(("sheet", "file", "header"), "is for csv and xlsx: html has `rows`")
_NO_PAGES = {"rows": "is for html"}
_NOT_OF = {"csv": _NO_SHEET | _NO_PAGES, "xlsx": _NO_FILE | _NO_PAGES, "html": _NO_GRID}


def _check_folder(keys: TablesKeys) -> None:
    if keys.files:
        raise Misstated(("files",), "chooses one file, but the tables name several")
    if is_address(keys.location) and not keys.location.endswith("/"):
        raise Misstated(("location",), "should end with / : the tables name the files below it")


def _check_file(name: str | None, key: Key) -> None:
    if not name:
        raise Misstated(key, "is missing: the other tables name theirs")
    if name.startswith(".") or set(name) & set("/\\\0"):
        raise Misstated(key, "is the name of a file within the folder of `location`")


def _places(keys: TablesKeys, found: Tables) -> Iterator[tuple[Key, Table | Lookup]]:
    for (key, _), each in zip(_stated(keys), found.tables, strict=True):
        yield key, each
    for name, looked_up in found.lookups.items():
        yield ("lookups", name), looked_up


def _check_pages(keys: TablesKeys, found: Tables) -> None:
    """See to it that rows on detail pages have such pages, and that all pages can be kept."""
    details = [t.listing.detail for t in found.tables if t.listing and t.listing.detail]
    for key, place in _places(keys, found):
        if place.listing and place.listing.on == "detail" and not details:
            raise Misstated((*key, "on"), "no table says by `detail` where these pages are")


def _check_lookups(keys: TablesKeys, found: Tables) -> None:
    for (key, _), each in zip(_stated(keys), found.tables, strict=True):
        for name, field in each.fields.items():
            if field.lookup and field.lookup not in found.lookups:
                raise Misstated(
                    (*key, "fields", *name.split("."), "lookup"),
                    f"there is no [lookups.{field.lookup}]",
                )


def _check_coverage(coverage: Mapping[Kind, Coverage], found: Tables) -> None:
    """Refuse to cover what nothing describes: every record of that kind would count as absent."""
    described = {each.kind for each in found.tables} | {kind for kind, _ in found.records}
    if not coverage:
        raise Misstated(("coverage",), "is missing: say complete, partial or none for each kind")
    if not described:
        raise Misstated((), "no table says how to read the source: write [[providers]], say")
    for kind, covered in coverage.items():
        if covered is not Coverage.NONE and kind not in described:
            raise Misstated(
                ("coverage", kind.value),
                f"is {covered.value}, but no table and no [[records.{kind.value}]] describes any",
            )
