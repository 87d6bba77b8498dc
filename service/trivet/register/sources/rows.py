"""Reading one row of a table as one record."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from trivet.register.faults import Known, record_faults
from trivet.register.identifiers import comparable_id
from trivet.register.periods import Status
from trivet.register.records import RECORD_TYPES, CoverageByKind, Document, Kind, Record
from trivet.register.sources.cells import BadCell, Cell, day_of, flag_of, text_of, word_of
from trivet.register.sources.sheets import Entry
from trivet.register.sources.tables import (
    LISTS,
    REQUIRED,
    SORTS,
    TEMPLATE_COLUMN,
    VOCABULARIES,
    Field,
    OnDifference,
    Sort,
    Table,
    folded,
    is_end,
    template_columns,
)
from trivet.register.sources.timeline import Dates, periods_of

_TARGETS = {
    "provider": "providers",
    "programmes": "programmes",
    "body": "bodies",
    "trainer": "trainers",
}
_UNFIT_FOR_ID = re.compile(r"[^A-Za-z0-9._~-]+")
_NOTHING_KNOWN = Known(Document(format="register/1", publisher="-"), CoverageByKind())
_TIMES = frozenset({"status", "from", "to", "changed"})


class DerivedId(msgspec.Struct, frozen=True):
    """An id as a row uses it, with what it was made from, by which two sources are told apart."""

    target: str
    id: str
    field: str
    template: str
    parts: tuple[str, ...]
    rendered: str


class Row(msgspec.Struct):
    """A row, with the record it describes or the reason why it describes none."""

    kind: Kind
    place: str
    columns: Mapping[str, str]
    on_difference: OnDifference = "reject"
    register: str | None = None
    record: Record | None = None
    ids: tuple[DerivedId, ...] = ()
    field: str | None = None
    reason: str | None = None
    differs: bool = False

    def reject(self, reason: str, field: str | None = None) -> None:
        """Leave the row out; the first reason stands."""
        if self.reason is None:
            self.reason, self.field = reason, field

    def reject_record_fault(self, field: str, reason: str) -> None:
        """Leave the row out because its record breaks a rule."""
        self.reject(reason, self._table_field(field))

    def _table_field(self, field: str) -> str:
        """Return a table's name for a record's field: `identifiers.ukprn` for `identifiers[0]`."""
        numbered = re.match(r"(organisation\.)?identifiers\[(\d+)\]", field)
        if numbered and self.record:
            plain: dict[str, Any] = msgspec.to_builtins(self.record)
            holder = plain["organisation"] if numbered[1] else plain
            scheme = holder["identifiers"][int(numbered[2])]["scheme"]
            return f"{numbered[1] or ''}identifiers.{scheme}"
        bare = re.sub(r"\[\d+\]", "", field)
        return bare.removeprefix("periods.")


class LookedUp(msgspec.Struct, frozen=True):
    """The rows of a lookup by their key."""

    name: str
    rows: Mapping[str, Sequence[Mapping[str, Cell]]]

    def cell(self, key: str, column: str) -> Cell | None:
        """Return what the lookup has for a key, None if nothing; BadCell if its rows differ."""
        found = {row[column] for row in self.rows.get(folded(key), ())} - {""}
        if len(found) > 1:
            raise BadCell(f"has several values in lookup {self.name!r}")
        return found.pop() if found else None


class RowReader:
    """Reads the rows of one table; `as_of` is the London day for which its source stands."""

    def __init__(self, table: Table, lookups: Mapping[str, LookedUp], as_of: date) -> None:
        """Take the table, the lookups by name and the day."""
        self._table = table
        self._lookups = lookups
        self._as_of = as_of
        self._columns = {
            name: " + ".join(f.columns) for name, f in table.fields.items() if f.columns
        }

    def read(self, entry: Entry) -> Row:
        """Return the row with its record, or with the reason why it has none."""
        kind = self._table.kind
        row = Row(kind, entry.place, self._columns, self._table.on_difference)
        if entry.fault:
            row.reject(entry.fault)
            return row
        reading = _Reading(self._table, self._lookups, entry.cells)
        values = reading.values(row)
        row.register, row.ids = values.get("register"), tuple(reading.ids)
        self._refuse_blanks(row, values)
        self._refuse_backward(row, values)
        if row.reason is None:
            self._fill(row, values)
        return row

    def _refuse_blanks(self, row: Row, values: Mapping[str, Any]) -> None:
        needed = REQUIRED[row.kind] | ({"status"} & self._table.fields.keys())
        if any(values.get(name) for name in values if name.startswith("organisation.")):
            needed |= {"organisation.name"}
        for name in self._table.fields:
            if name in needed and values.get(name) is None:
                row.reject("is blank", name)

    def _refuse_backward(self, row: Row, values: Mapping[str, Any]) -> None:
        begins, ends = values.get("from"), values.get("to")
        if begins and ends and ends <= begins:
            row.reject("ends before it begins", "to")

    def _fill(self, row: Row, values: dict[str, Any]) -> None:
        plain = _nested(values)
        if row.kind is Kind.BODIES:
            for interval in ("licensed", "accreditation"):
                plain[interval] = {"from": None, **plain.get(interval, {})}
        else:
            plain["periods"] = self._periods(values)
        row.record = msgspec.convert(plain, RECORD_TYPES[row.kind])
        for field, reason in record_faults(row.record, _NOTHING_KNOWN):
            row.reject_record_fault(field, reason)

    def _periods(self, values: Mapping[str, Any]) -> object:
        begins, ends = values.get("from"), values.get("to")
        undated = self._table.undated_from
        if begins is None and undated and (ends is None or undated < ends):
            begins = undated
        dates = Dates(begins, ends, values.get("changed"))
        status = Status(values.get("status", Status.IN_FORCE))
        return msgspec.to_builtins(periods_of(status, dates, self._as_of))


class _Reading:
    """The values of one row, and the ids made on the way."""

    def __init__(
        self, table: Table, lookups: Mapping[str, LookedUp], cells: Mapping[str, Cell]
    ) -> None:
        self._table = table
        self._lookups = lookups
        self._cells = cells
        self.ids: list[DerivedId] = []

    def values(self, row: Row) -> dict[str, Any]:
        """Return the row's values by field; what can't be read rejects the row."""
        found: dict[str, Any] = {}
        for name, field in self._table.fields.items():
            try:
                found[name] = self._value(name, field)
            except BadCell as fault:
                named = "familyName" in self._table.fields
                row.reject(fault.unquoted if named else str(fault), name)
        return found

    def _value(self, name: str, field: Field) -> object:
        if field.value is not None:
            return field.value
        sort = SORTS[self._table.kind][name]
        if sort is Sort.DATE:
            return self._day(name, field)
        texts = self._texts(field, sort)
        if texts is None:
            return field.default
        values = list(dict.fromkeys(_said(name, sort, field, text) for text in texts))
        if sort in (Sort.ID, Sort.IDS):
            return self._made(name, field, sort, [str(value) for value in values])
        if field.template:
            return self._rendered(field.template, {})
        return values if sort in LISTS else values[0]

    def _day(self, name: str, field: Field) -> object:
        cell = self._cell(field)
        if cell is None:
            return field.default
        day = day_of(cell, self._table.dates)
        if not is_end(name) or self._table.ends == "exclusive":
            return day
        try:
            return day + timedelta(days=1)
        except OverflowError:
            raise BadCell(
                "is the end of the calendar: if it means no end, add it to null_values"
            ) from None

    def _texts(self, field: Field, sort: Sort) -> list[str] | None:
        """Return the texts that a field is read from, None if there are none."""
        if field.template and not field.column:
            parts = [self._own(column) for column in field.columns]
            return None if None in parts else [""]
        cell = self._cell(field)
        if cell is None:
            return None
        text = text_of(cell)
        if sort not in LISTS or field.separator is None:
            return [text]
        items = [item.strip() for item in text.split(field.separator)]
        return [item for item in items if not self._is_null(item)] or None

    def _cell(self, field: Field) -> Cell | None:
        """Return the cell that a field is read from, itself or by a lookup; None if it is blank."""
        if not field.lookup or not field.by:
            return self._present(self._cells.get(field.column or ""))
        key = self._own(field.by)
        if key is None:
            return None
        looked_up = self._present(self._lookups[field.lookup].cell(key, field.column or ""))
        if looked_up is None and field.default is None and not field.optional:
            raise BadCell(f"has nothing in lookup {field.lookup!r}", key)
        return looked_up

    def _own(self, column: str) -> str | None:
        cell = self._present(self._cells.get(column))
        return None if cell is None else text_of(cell)

    def _present(self, cell: Cell | None) -> Cell | None:
        if isinstance(cell, str | date) and self._is_null(text_of(cell)):
            return None
        return cell

    def _is_null(self, text: str) -> bool:
        return not text or folded(text) in self._table.null_values

    def _made(self, name: str, field: Field, sort: Sort, texts: Sequence[str]) -> object:
        """Return the id or ids of a field; `all` stands for every programme."""
        if name == "programmes" and "all" in map(str.casefold, texts):
            if len(texts) > 1:
                raise BadCell('has "all" beside programmes: which of the two holds can\'t be known')
            return "all"
        ids = [self._id(name, field, text) for text in texts]
        return list(dict.fromkeys(ids)) if sort is Sort.IDS else ids[0]

    def _id(self, name: str, field: Field, text: str) -> str:
        template = field.template or ""
        own = {field.column: text} if field.column else {}
        rendered = self._rendered(template, own) if template else text
        made = _slug(rendered) if template else text
        parts = tuple(own.get(c) or self._own(c) or "" for c in template_columns(template)) or (
            text,
        )
        target = self._table.kind.value if name == "register" else _TARGETS[name]
        same = tuple(folded(part) for part in parts)
        self.ids.append(
            DerivedId(target, comparable_id(made), name, template, same, folded(rendered))
        )
        return made

    def _rendered(self, template: str, own: Mapping[str, str]) -> str:
        def value(column: re.Match[str]) -> str:
            return own.get(column[1]) or self._own(column[1]) or ""

        return TEMPLATE_COLUMN.sub(value, template)


def _said(name: str, sort: Sort, field: Field, text: str) -> str | bool:
    """Return what a text of a table says in the words of the register."""
    if field.map is not None:
        words = {folded(source): word for source, word in field.map.items()}
        if folded(text) in words:
            return words[folded(text)]
        if sort is Sort.WORDS:
            raise BadCell("is not in the map of this field", text)
    if sort is Sort.FLAG:
        return flag_of(text)
    if sort not in (Sort.WORD, Sort.WORDS):
        return text
    word = word_of(text)
    if name in VOCABULARIES and word not in set(VOCABULARIES[name]):
        raise BadCell(
            f"is none of {', '.join(VOCABULARIES[name])}: add it to the field's map", text
        )
    return word


def _slug(text: str) -> str:
    """Return a text in the letters that a register's id may have, accents taken off."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _UNFIT_FOR_ID.sub("-", bare).strip("-")


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values in the shape of the interchange document, without the blank ones."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name in _TIMES:
            continue
        *parents, last = name.split(".")
        if "identifiers" in parents:
            holder = _within(plain, parents[:-1])
            holder.setdefault("identifiers", []).extend(_identifiers(last, value))
        else:
            _within(plain, parents)[last] = value
    return plain


def _within(plain: dict[str, Any], parents: Sequence[str]) -> dict[str, Any]:
    for parent in parents:
        plain = plain.setdefault(parent, {})
    return plain


def _identifiers(scheme: str, values: Sequence[str]) -> Iterator[dict[str, str]]:
    for value in values:
        yield {"scheme": scheme, "value": value}
