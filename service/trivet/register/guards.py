"""Guards: what a reading must not look like if it is to be believed (R21)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, Protocol

import msgspec

from trivet.register.durations import Duration
from trivet.register.identifiers import comparable_id
from trivet.register.merge import Statement, Statements
from trivet.register.periods import State, standing
from trivet.register.records import Body, Document, Kind, Record

Guard = Literal["min_rows", "max_shrink", "required", "duplicates", "max_status_change"]

_NAMED = 5


class Guards(msgspec.Struct, frozen=True, kw_only=True):
    """What a source profile expects of every reading; None and empty: nothing.

    `min_rows` counts the rows that could be read, for a kind or, under None, for all kinds together.
    `max_shrink` is the largest fraction of the records of a kind that may be missing at once,
    `max_status_change` the largest that may change in standing. `required` names the fields that
    every record of a kind has. `no_duplicates`: no two rows contradict each other on one record.
    """

    min_rows: Mapping[Kind | None, int] = {}
    max_shrink: float | None = None
    required: Mapping[Kind, tuple[str, ...]] = {}
    no_duplicates: bool = False
    max_status_change: float | None = None


class Trip(msgspec.Struct, frozen=True):
    """A guard that a reading tripped, on which kind of record if on one, and what it saw."""

    guard: Guard
    kind: Kind | None
    sentence: str


class Counted(Protocol):
    """What became of the rows of a kind."""

    @property
    def read(self) -> int:
        """How many rows there were."""

    @property
    def rejected(self) -> int:
        """How many of them were left out."""

    @property
    def differing(self) -> int:
        """How many of them contradict another row of their record."""


class Read(Protocol):
    """A reading: the document, and what became of the rows it was made of."""

    @property
    def document(self) -> Document:
        """The records that could be read."""

    @property
    def counts(self) -> Mapping[Kind, Counted]:
        """The rows of each kind."""


def tripped(
    guards: Guards, before: Statements, reading: Read, today: date, term: Duration | None = None
) -> tuple[Trip, ...]:
    """Return the guards that a reading trips, none if it may be believed.

    `before` is what the source states so far, empty before its first reading; `today` the London day
    on which standings are compared; `term` that of the source's certificates without an end.
    """
    trips = [*_too_few(guards, reading), *_incomplete(guards, reading), *_doubled(guards, reading)]
    for kind in Kind:
        listed = {k: s for k, s in before.get(kind, {}).items() if s.absent_since is None}
        records = {comparable_id(r.register): r for r in reading.document.of(kind)}
        trips += _shrunk(guards.max_shrink, kind, listed, records)
        changed = _changed(listed, records, today, term if kind is Kind.PROVIDERS else None)
        trips += _restated(guards.max_status_change, kind, listed, changed)
    return tuple(trips)


def _too_few(guards: Guards, reading: Read) -> Iterator[Trip]:
    readable = {kind: counts.read - counts.rejected for kind, counts in reading.counts.items()}
    for kind, least in guards.min_rows.items():
        found = readable.get(kind, 0) if kind else sum(readable.values())
        if found < least:
            what = f"rows of {kind.value}" if kind else "rows of all kinds together"
            yield Trip(
                "min_rows", kind, f"{found} {what} could be read; there should be at least {least}"
            )


def _incomplete(guards: Guards, reading: Read) -> Iterator[Trip]:
    for kind, fields in guards.required.items():
        records = reading.document.of(kind)
        for field in fields:
            lacking = [r for r in records if not _has(msgspec.to_builtins(r), field.split("."))]
            if lacking:
                yield Trip(
                    "required",
                    kind,
                    f"{len(lacking)} of {len(records)} {kind.value} have no {field}"
                    f"{_named(kind, lacking)}",
                )


def _has(plain: Any, path: list[str]) -> bool:
    """Say whether a record, as plain values, has a field, named as in the tables of a profile."""
    name, *rest = path
    if name in ("status", "from", "to"):
        return all(period[name] is not None for period in plain["periods"])
    if name == "identifiers":
        return any(i["scheme"] == rest[0] for i in plain.get(name, ()))
    value = plain.get(name)
    if not rest:
        return value not in (None, "", [], ())
    return value is not None and _has_within(value, rest)


def _has_within(value: Any, rest: list[str]) -> bool:
    return value.get(rest[0]) is not None if len(rest) == 1 else _has(value, rest)


def _named(kind: Kind, records: list[Record]) -> str:
    if kind is Kind.AUTHORISATIONS:
        return ""
    more = ", …" if len(records) > _NAMED else ""
    return f": {', '.join(r.register for r in records[:_NAMED])}{more}"


def _doubled(guards: Guards, reading: Read) -> Iterator[Trip]:
    for kind, counts in reading.counts.items():
        if guards.no_duplicates and counts.differing:
            yield Trip(
                "duplicates",
                kind,
                f"rows of {kind.value} that contradict another row of the same record:"
                f" {counts.differing}",
            )


def _shrunk(
    most: float | None,
    kind: Kind,
    listed: Mapping[str, Statement],
    records: Mapping[str, Record],
) -> Iterator[Trip]:
    missing = listed.keys() - records.keys()
    if most is not None and len(missing) > most * len(listed):
        yield Trip(
            "max_shrink",
            kind,
            f"{len(missing)} of the {len(listed)} {kind.value} listed before are missing;"
            f" at most {most:.0%} may be",
        )


def _restated(
    most: float | None, kind: Kind, listed: Mapping[str, Statement], changed: int
) -> Iterator[Trip]:
    if most is not None and changed > most * len(listed):
        yield Trip(
            "max_status_change",
            kind,
            f"{changed} of the {len(listed)} {kind.value} listed before change in standing at once;"
            f" at most {most:.0%} may",
        )


def _changed(
    listed: Mapping[str, Statement],
    records: Mapping[str, Record],
    today: date,
    term: Duration | None,
) -> int:
    """Count the records that stand otherwise today than by what was stated of them before."""

    def state(record: Record, known: Statement) -> State | None:
        if isinstance(record, Body):
            return None
        return standing(record.periods, today, known.first_seen, term).state

    both = [(listed[key], records[key]) for key in listed.keys() & records.keys()]
    return sum(state(known.record, known) != state(record, known) for known, record in both)
