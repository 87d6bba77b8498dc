"""From the tables of a source to a document, by what its profile says of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from trivet.london import day_of
from trivet.register.records import Coverage, CoverageByKind, Document, Kind
from trivet.register.sources.cells import Cell, Unusable, text_of
from trivet.register.sources.errors import SourceError
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Reading
from trivet.register.sources.rows import LookedUp, Row, RowReader
from trivet.register.sources.sheets import Book, Rows
from trivet.register.sources.sorting import Sorted, sort_rows
from trivet.register.sources.tables import Field, Lookup, Table, Tables, folded


def read_tables(profile: Profile, raw: Raw, book: Book) -> Reading:
    """Return what the tables of a source say.

    Raises:
        SourceError: a sheet or column that the profile names is missing, or a table has no rows.
    """
    tables = profile.tables
    if tables is None:
        raise SourceError(f"{profile.path.name}: says nothing about tables")
    lookups = {name: _looked_up(tables, name, book) for name in tables.lookups}
    as_of = day_of(raw.as_of)
    rows = list(_stated(profile, tables))
    for table in tables.tables:
        rows += _rows(table, book, RowReader(table, lookups, as_of))
    coverage = _coverage(profile)
    _refuse_unlisted(book, coverage, rows)
    return _reading(profile, raw, coverage, sort_rows(rows, coverage))


def _coverage(profile: Profile) -> CoverageByKind:
    stated = {kind.value: coverage for kind, coverage in profile.coverage.items()}
    return CoverageByKind(**stated)


def _stated(profile: Profile, tables: Tables) -> Iterator[Row]:
    """Yield the records that stand in the profile itself, as if each were a row."""
    for kind, record in tables.records:
        place = f"{profile.path.name} records.{kind.value}"
        yield Row(kind=kind, place=place, columns={}, register=record.register, record=record)


def _rows(table: Table, book: Book, reader: RowReader) -> list[Row]:
    sheet = book.find(table)
    if sheet is None and table.optional:
        return []
    sheet = sheet or _missing(table, book)
    columns, optional = _columns(table.fields.values())
    rows = [reader.read(entry) for entry in sheet.entries(columns, optional, table.header)]
    if not rows and not table.optional:
        raise SourceError(f"{sheet}: has no rows below the column names")
    return rows


def _missing(place: Table | Lookup, book: Book) -> Rows:
    wanted = place.sheet or place.file
    found = ", ".join(repr(title) for title in book.titles())
    raise SourceError(
        f"{book.name}: has no {wanted!r}, only {found}: mend the profile, or ask the publisher"
    )


def _columns(fields: Iterable[Field]) -> tuple[list[str], list[str]]:
    """Return the columns that a table must have, and those that it may have."""
    needed, optional = dict[str, None](), dict[str, None]()
    for field in fields:
        (optional if field.optional else needed).update(dict.fromkeys(field.columns))
    return list(needed), [column for column in optional if column not in needed]


def _looked_up(tables: Tables, name: str, book: Book) -> LookedUp:
    lookup = tables.lookups[name]
    asked = [f.column for t in tables.tables for f in t.fields.values() if f.lookup == name]
    columns = list(dict.fromkeys([lookup.key, *(column for column in asked if column)]))
    rows: dict[str, list[Mapping[str, Cell]]] = defaultdict(list)
    sheet = book.find(lookup) or _missing(lookup, book)
    for entry in sheet.entries(columns, (), lookup.header):
        key = entry.cells.get(lookup.key, "")
        if key != "" and not isinstance(key, Unusable):
            rows[folded(text_of(key))].append(entry.cells)
    return LookedUp(name, rows)


def _refuse_unlisted(book: Book, coverage: CoverageByKind, rows: Iterable[Row]) -> None:
    """Refuse a release without a row of a kind it covers: all of that kind would count as gone."""
    found = {row.kind for row in rows}
    for kind in Kind:
        if coverage.of(kind) is not Coverage.NONE and kind not in found:
            raise SourceError(
                f"{book.name}: has no rows of {kind.value}, although the profile covers them"
            )


def _reading(profile: Profile, raw: Raw, coverage: CoverageByKind, rows: Sorted) -> Reading:
    covered = _less_rejected(coverage, rows)
    records: dict[str, Any] = {kind.value: found for kind, found in rows.records.items()}
    publisher = profile.publisher or profile.name
    return Reading(
        document=Document(format="register/1", publisher=publisher, coverage=covered, **records),
        coverage=covered,
        as_of=raw.as_of,
        counts=rows.counts,
        rejected=rows.rejected,
    )


def _less_rejected(coverage: CoverageByKind, rows: Sorted) -> CoverageByKind:
    """Return the coverage with `partial` for each complete kind of which a row was rejected."""
    lessened = {
        kind.value: Coverage.PARTIAL
        for kind in Kind
        if rows.counts[kind].rejected and coverage.of(kind) is Coverage.COMPLETE
    }
    return msgspec.structs.replace(coverage, **lessened)
