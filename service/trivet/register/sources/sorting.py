"""What becomes of the rows of a source: records, merged rows, rejected rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from trivet.register.faults import Known, record_faults
from trivet.register.identifiers import comparable_id
from trivet.register.records import Body, Coverage, CoverageByKind, Document, Kind, Record
from trivet.register.sources.reading import Counts, Rejected
from trivet.register.sources.rows import DerivedId, Row
from trivet.register.sources.timeline import Conflict, merged

_ANOTHER_ROW = "another row of this record was rejected"


class Sorted(msgspec.Struct, frozen=True):
    """The records of each kind, the rows rejected, and how many rows went where."""

    records: dict[Kind, tuple[Record, ...]]
    rejected: tuple[Rejected, ...]
    counts: dict[Kind, Counts]


def sort_rows(rows: Sequence[Row], coverage: CoverageByKind) -> Sorted:
    """Merge the rows of each record; reject what can't stand and what refers to the rejected."""
    _reject_collisions(rows)
    records: dict[Kind, tuple[Record, ...]] = {}
    for kind in Kind:  # in this order, a kind refers only to the ones before it
        groups = _groups(row for row in rows if row.kind is kind)
        known = _known(records, rows, coverage)
        found = (_record(group, known) for group in groups)
        records[kind] = tuple(record for record in found if record)
    return Sorted(
        records=records,
        rejected=tuple(_rejected(row) for row in rows if row.reason is not None),
        counts={kind: _counts(kind, rows, len(records[kind])) for kind in Kind},
    )


def _reject_collisions(rows: Sequence[Row]) -> None:
    """Reject the rows that use one id for what their source tells apart."""
    uses: dict[tuple[str, str], set[DerivedId]] = defaultdict(set)
    for row in rows:
        for made in row.ids:
            uses[made.target, made.id].add(made)
    ambiguous = {key for key, made in uses.items() if _differ(made)}
    for row in rows:
        for made in row.ids:
            if (made.target, made.id) in ambiguous:
                row.reject(f"the id {made.id!a} is also made from something else", made.field)


def _differ(made: Iterable[DerivedId]) -> bool:
    rendered = {one.rendered for one in made}
    sources: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for one in made:
        sources[one.template].add(one.parts)
    return len(rendered) > 1 or any(len(parts) > 1 for parts in sources.values())


def _groups(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.register is not None:
            groups[comparable_id(row.register)].append(row)
    return list(groups.values())


def _known(
    records: dict[Kind, tuple[Record, ...]], rows: Sequence[Row], coverage: CoverageByKind
) -> Known:
    """Return what references may name; a kind with rows is listed, even if none of them stands."""
    listed = {row.kind.value: Coverage.PARTIAL for row in rows}
    stated = {k.value: coverage.of(k) for k in Kind if coverage.of(k) is not Coverage.NONE}
    return Known(_document(records), CoverageByKind(**{**listed, **stated}))


def _document(records: dict[Kind, tuple[Record, ...]]) -> Document:
    fields: dict[str, Any] = {kind.value: found for kind, found in records.items()}
    return Document(format="register/1", publisher="-", **fields)


def _record(group: Sequence[Row], known: Known) -> Record | None:
    """Return the one record that a group of rows describes, or reject them all."""
    if not any(row.reason for row in group):
        record = _merged(group)
        for row in group:
            for field, reason in record_faults(record, known) if record else ():
                row.reject_record_fault(field, reason)
    if any(row.reason for row in group):
        for row in group:
            row.reject(_ANOTHER_ROW)
        return None
    return record


def _merged(group: Sequence[Row]) -> Record | None:
    first = group[0].record
    for row in group[1:]:
        fields = _differing(first, row.record) if first and row.record else []
        row.differs = bool(fields)
        if any(each.on_difference == "reject" for each in group):
            for field in fields:
                reason = f"differs from {group[0].place}, which describes the same record"
                row.reject(reason, field)
    if first is None or isinstance(first, Body):
        return first
    try:
        periods = merged(p for row in group for p in getattr(row.record, "periods", ()))
    except Conflict as conflict:
        for row in group:
            row.reject(f"periods of rows that describe the same record: {conflict}", "from")
        return None
    return msgspec.structs.replace(first, periods=periods)


def _differing(one: Record, other: Record) -> list[str]:
    mine, theirs = msgspec.to_builtins(one), msgspec.to_builtins(other)
    apart = {name for name in mine if mine[name] != theirs[name]} - {"periods", "register"}
    return sorted(apart)


def _rejected(row: Row) -> Rejected:
    column = row.columns.get(row.field or "")
    place = f"{row.place}, column {column}" if column else row.place
    return Rejected(row.kind, place, row.register, row.field, row.reason or "")


def _counts(kind: Kind, rows: Sequence[Row], records: int) -> Counts:
    mine = [row for row in rows if row.kind is kind]
    rejected = sum(row.reason is not None for row in mine)
    return Counts(
        read=len(mine),
        merged=len(mine) - rejected - records,
        rejected=rejected,
        records=records,
        differing=sum(row.differs for row in mine),
    )
