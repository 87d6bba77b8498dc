"""What a new reading changes: in what a source states, and in the register made of all sources (R20, R21)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from trivet.register.identifiers import comparable_id
from trivet.register.merge import Entry, Merged, SourceState, Statement, Statements
from trivet.register.people import family_name_hash
from trivet.register.records import (
    Authorisation,
    Body,
    Coverage,
    CoverageByKind,
    Document,
    Kind,
    Record,
)


class ChangeKind(StrEnum):
    """What happened to a record between two snapshots."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    DELISTED = "delisted"
    DROPPED = "dropped"
    RELISTED = "relisted"
    CONTRADICTED = "contradicted"
    AGREED = "agreed"


class Change(msgspec.Struct, frozen=True):
    """One record's change: what, from which day (London) it holds, and which fields differ.

    `delisted` is a record that vanished from a complete source while it was open; `dropped` one that had ended.
    `contradicted` is one on which equally vouched sources began to contradict each other in these fields; `agreed` one
    on which they do so no longer. Neither holds from a day: it was known at an instant.
    """

    kind: Kind
    register: str
    change: ChangeKind
    valid_from: date | None = None
    fields: tuple[str, ...] = ()


class Fresh(msgspec.Struct, frozen=True):
    """A statement that a source did not make before."""

    source: str
    kind: Kind
    key: str
    statement: Statement


def statements_after(
    before: Statements,
    document: Document,
    coverage: CoverageByKind,
    today: date,
    name_key: bytes,
    left_out: Set[str] = frozenset(),
) -> Iterator[tuple[Kind, str, Statement]]:
    """Return the statements by which a reading differs from what the source stated before.

    `today` is the London day of the reading; `name_key` hashes family names. Absence is concluded only where the
    reading is complete: everywhere else a record that is not read stays as it was. `left_out` are the keys of
    authorisations that are an erased person's now: another trainer's statement under such a key is made no more.
    """
    for kind in Kind:
        known = before.get(kind, {})
        listed = {comparable_id(r.register): r for r in document.of(kind)}
        for key, record in listed.items():
            statement = _stated(known.get(key), record, today, name_key)
            if statement != known.get(key):
                yield kind, key, statement
        missing = known.keys() - listed.keys()
        if coverage.of(kind) is not Coverage.COMPLETE:
            missing &= left_out if kind is Kind.AUTHORISATIONS else frozenset()
        for key in missing:
            if known[key].absent_since is None:
                yield kind, key, replace(known[key], absent_since=today)


def _stated(known: Statement | None, record: Record, today: date, name_key: bytes) -> Statement:
    hashed = None
    if isinstance(record, Authorisation):
        hashed = family_name_hash(record.family_name, name_key)
        record = replace(record, family_name=None)
    first_seen = known.first_seen if known and undated_alike(known.record, record) else today
    return Statement(record=record, first_seen=first_seen, family_name_hash=hashed)


def undated_alike(known: Record, record: Record) -> bool:
    """Say whether what has no recorded start is what was seen before, so that it counts from that day on.

    A status that is new may not be counted back over one that was stated until now.
    """
    return not _undated(record) or _undated(record) == _undated(known)


def _undated(record: Record) -> list[str]:
    if isinstance(record, Body):
        intervals = {"licensed": record.licensed, "accreditation": record.accreditation}
        return [name for name, interval in intervals.items() if interval.from_ is None]
    return [period.status.value for period in record.periods if period.from_ is None]


def applied(before: Statements, fresh: Iterable[tuple[Kind, str, Statement]]) -> Statements:
    """Return what a source states once its fresh statements are added."""
    after = {kind: dict(before.get(kind, {})) for kind in Kind}
    for kind, key, statement in fresh:
        after[kind][key] = statement
    return after


def register_changes(before: Merged | None, after: Merged, today: date) -> Iterator[Change]:
    """Return how the merged register differs from the one before, in the order of kinds and ids.

    A record that changes and is contradicted at once has a change of each sort, in that order.
    """
    for kind in Kind:
        old = before.entries[kind] if before else {}
        for key, entry in sorted(after.entries[kind].items()):
            change = _change(kind, old.get(key), entry, today)
            if change:
                yield change
            yield from _disputes(kind, old.get(key), entry)
        yield from _retracted(kind, old, after.entries[kind], today)


def _retracted(
    kind: Kind,
    old: Mapping[str, Entry[Record]],
    new: Mapping[str, Entry[Record]],
    today: date,
) -> Iterator[Change]:
    """Return the records that are gone altogether: nobody but a confirmation stated them, and that was a mistake."""
    gone = old.keys() - new.keys()
    if gone:  # one that is known by another id now is still there
        gone -= {other for entry in new.values() for other in entry.other_ids}
    for key in sorted(gone):
        record = old[key].record
        yield Change(kind, record.register, _vanishing(record, today), today)


def _change(
    kind: Kind, old: Entry[Record] | None, new: Entry[Record], today: date
) -> Change | None:
    register = new.record.register
    if old is None:
        return Change(kind, register, ChangeKind.ADDED, _begins(new.record))
    if old.delisted_on is None and new.delisted_on is not None:
        return Change(kind, register, _vanishing(new.record, today), new.delisted_on)
    if old.delisted_on is not None and new.delisted_on is None:
        return Change(kind, register, ChangeKind.RELISTED, today, _differing(old, new))
    fields = _differing(old, new)
    if not fields:
        return None
    ends = _ends(new.record)
    if "periods" in fields and ends and ends != _ends(old.record):
        return Change(kind, register, ChangeKind.ENDED, ends, fields)
    return Change(kind, register, ChangeKind.CHANGED, None, fields)


def _disputes(kind: Kind, old: Entry[Record] | None, new: Entry[Record]) -> Iterator[Change]:
    before, after = old.contradictions if old else (), new.contradictions
    for change, fields in (
        (ChangeKind.CONTRADICTED, tuple(f for f in after if f not in before)),
        (ChangeKind.AGREED, tuple(f for f in before if f not in after)),
    ):
        if fields:
            yield Change(kind, new.record.register, change, None, fields)


def _differing(old: Entry[Record], new: Entry[Record]) -> tuple[str, ...]:
    names = new.record.__struct_fields__
    return tuple(f for f in names if getattr(old.record, f, None) != getattr(new.record, f))


def _begins(record: Record) -> date | None:
    return None if isinstance(record, Body) else record.periods[0].from_


def _ends(record: Record) -> date | None:
    return None if isinstance(record, Body) else record.periods[-1].to


def _vanishing(record: Record, today: date) -> ChangeKind:
    """Return what it is for a record to vanish: one that is open is delisted."""
    ends = _ends(record)
    return ChangeKind.DELISTED if ends is None or ends > today else ChangeKind.DROPPED


def statement_digest(fresh: Fresh, salt: bytes) -> str:
    """Return the digest of a statement; `salt` (empty but for a person's record) makes it tell nothing once erased.

    A family name's hash is left out: it depends on a key of the installation.
    """
    record = msgspec.json.encode(fresh.statement.record)
    days = (fresh.statement.first_seen, fresh.statement.absent_since)
    own = fresh.statement.stood_by
    # Left out where there is none: what was signed before there were any must go on being reproduced.
    said = (fresh.source, fresh.kind, days, own) if own else (fresh.source, fresh.kind, days)
    rest = msgspec.json.encode(said)
    return "sha256:" + hashlib.sha256(salt + record + rest).hexdigest()


def register_digest(sources: Iterable[SourceState], digests: Iterable[str]) -> str:
    """Return the digest of a snapshot: SHA-256 over who vouches for what, and every statement's digest in order."""
    canonical = hashlib.sha256()
    for state in sorted(sources, key=lambda s: s.source):
        terms = (
            state.source,
            state.publisher,
            state.vouched_by,
            None if state.max_age is None else int(state.max_age.total_seconds()),
            state.term,
        )
        canonical.update(msgspec.json.encode((*terms, state.coverage)) + b"\n")
    for digest in sorted(digests):
        canonical.update(digest.encode() + b"\n")
    return "sha256:" + canonical.hexdigest()


Digests = Mapping[tuple[str, Kind, str], str]
"""The digest of the last statement by source, kind and comparable id."""
