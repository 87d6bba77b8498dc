"""Tables and queries of the register: append-only; what a sync learned is never changed by a later one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    column,
    func,
    insert,
    select,
    table,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, metadata
from trivet.ids import new_unordered_id
from trivet.register.changes import Change, Fresh
from trivet.register.durations import Duration
from trivet.register.merge import SourceState, Statement, StoodBy
from trivet.register.records import RECORD_TYPES, CoverageByKind, Kind, VouchedBy
from trivet.register.schedule import Attempt
from trivet.register.sources.reading import Raw, Validators

ERASURE = "erasure"
"""What emptied a row of which `emptied_by` names no purge."""

raw_documents = Table(
    "raw_documents",
    metadata,
    Column("digest", String(80), primary_key=True),
    # Emptied when its retention is over; the digest stays.
    Column("content", LargeBinary, nullable=True),
    Column("size", BigInteger, nullable=False),
    Column("stored_at", Instant, nullable=False),
    # The purge (`pur_…`) that emptied it, or ERASURE; None while the content is there.
    Column("emptied_by", String(40), nullable=True),
)

fetches = Table(
    "fetches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("source", String(100), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, nullable=False),
    Column("location", Text, nullable=False),
    Column("http_status", Integer, nullable=True),
    Column("validators", JSON, nullable=True),
    Column("digest", String(80), ForeignKey(raw_documents.c.digest), nullable=True),
    Column("as_of", Instant, nullable=True),
    Column("outcome", String(20), nullable=False),
    Column("error", Text, nullable=True),
    Column("counts", JSON, nullable=True),
    Column("rejected", JSON, nullable=True),
    Index(None, "source", "started_at"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("parent", String(40), nullable=True),
    Column("digest", String(80), nullable=False),
    Column("published_at", Instant, nullable=False, index=True),
)

snapshot_sources = Table(
    "snapshot_sources",
    metadata,
    Column("snapshot", Integer, ForeignKey(snapshots.c.number), primary_key=True),
    Column("source", String(100), primary_key=True),
    Column("fetch", String(40), ForeignKey(fetches.c.id), nullable=False),
    Column("publisher", String(300), nullable=False),
    Column("vouched_by", String(30), nullable=False),
    Column("as_of", Instant, nullable=False),
    # None: each of its statements says how long it is good.
    Column("max_age_seconds", BigInteger, nullable=True),
    Column("term", JSON, nullable=True),
    Column("coverage", JSON, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("snapshot", Integer, ForeignKey(snapshots.c.number), nullable=False),
    Column("source", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    # What an erasure empties: record, family_name_hash and salt. The digest stays, and proves nothing without them. In
    # the place of the key it leaves a mark of no meaning, so that a row still takes the place of those before it.
    Column("key", String(100), nullable=True),
    Column("record", Text, nullable=True),
    Column("family_name_hash", String(64), nullable=True),
    Column("salt", LargeBinary, nullable=True),
    Column("person", String(64), nullable=True, index=True),
    Column("first_seen", Date, nullable=False),
    Column("absent_since", Date, nullable=True),
    # Of a confirmation: the London day on which it was given, and the last one for which it is good.
    Column("confirmed_on", Date, nullable=True),
    Column("good_until", Date, nullable=True),
    Column("digest", String(80), nullable=False),
    Index(None, "source", "kind", "key"),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("snapshot", Integer, ForeignKey(snapshots.c.number), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    # None once a person was erased; `person` finds their rows.
    Column("register", String(100), nullable=True),
    Column("person", String(64), nullable=True, index=True),
    Column("change", String(20), nullable=False),
    Column("valid_from", Date, nullable=True),
    Column("known_at", Instant, nullable=False),
    Column("fields", JSON, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    # The keyed hash of a trainer's reference or authorisation number: enough to keep it out, not enough to tell it.
    Column("subject", String(64), primary_key=True),
    # Which subjects are one person: the hash of the reference by which the erasure was asked for.
    Column("person", String(64), nullable=False, index=True),
    Column("erased_at", Instant, nullable=False),
    Column("ground", Text, nullable=False),
)


class Published(msgspec.Struct, frozen=True):
    """A snapshot's row: its number in this database, its id, digest, parent and when it was published (UTC)."""

    number: int
    id: str
    parent: str | None
    digest: str
    published_at: datetime


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a source, as the log keeps it. Instants are UTC."""

    id: str
    source: str
    started_at: datetime
    finished_at: datetime
    location: str
    http_status: int | None
    validators: dict[str, dict[str, str]] | None
    digest: str | None
    as_of: datetime | None
    outcome: str
    error: str | None
    counts: dict[str, dict[str, int]] | None
    rejected: list[dict[str, str | None]] | None


class Stated(msgspec.Struct, frozen=True):
    """What the database holds of one snapshot: its sources with their statements, and each statement's digest.

    Of what an erased person's statements said there is the digest alone, under a mark instead of a key.
    """

    sources: Mapping[str, SourceState]
    digests: Mapping[tuple[str, Kind, str], str]


async def latest_snapshot(connection: AsyncConnection) -> Published | None:
    """Return the newest snapshot, or None while nothing was ever published."""
    rows = await connection.execute(select(snapshots).order_by(snapshots.c.number.desc()).limit(1))
    row = rows.mappings().first()
    return None if row is None else Published(**row)


async def last_answered(connection: AsyncConnection) -> datetime | None:
    """Return the latest instant (UTC) whose knowledge was ever asked for, or None.

    The table is another room's, and only this instant of it is ours to know: no snapshot may be published at or before
    it, or the same question would get another answer.
    """
    asked = table("verifications", column("known_at", Instant))
    found: datetime | None = await connection.scalar(select(func.max(asked.c.known_at)))
    return found


class Newest(msgspec.Struct, frozen=True):
    """The newest snapshot, and how many hashes of erased people there are: both only ever grow."""

    published: Published
    erasures: int


async def newest(connection: AsyncConnection) -> Newest | None:
    """Return what an index must be no older than, or None while nothing was ever published."""
    erased = select(func.count()).select_from(erasures).scalar_subquery().label("erased")
    rows = await connection.execute(
        select(erased, *snapshots.c).order_by(snapshots.c.number.desc()).limit(1)
    )
    row = rows.mappings().first()
    if row is None:
        return None
    return Newest(Published(**{c.name: row[c] for c in snapshots.c}), row["erased"])


async def erased_subjects(connection: AsyncConnection) -> frozenset[str]:
    """Return the keyed hashes of the references and numbers of everybody who was erased."""
    return frozenset(await connection.scalars(select(erasures.c.subject)))


async def snapshot_at(connection: AsyncConnection, known_at: datetime) -> Published | None:
    """Return the snapshot that was the newest at an instant (UTC), or None if there was none yet."""
    rows = await connection.execute(
        select(snapshots)
        .where(snapshots.c.published_at <= known_at)
        .order_by(snapshots.c.number.desc())
        .limit(1)
    )
    row = rows.mappings().first()
    return None if row is None else Published(**row)


async def load_snapshot(connection: AsyncConnection, number: int) -> Stated:
    """Return what each source stated as of a snapshot."""
    held = await _load_statements(connection, number)
    rows = await connection.execute(
        select(snapshot_sources).where(snapshot_sources.c.snapshot == number)
    )
    sources = {
        row["source"]: SourceState(
            source=row["source"],
            publisher=row["publisher"],
            vouched_by=VouchedBy(row["vouched_by"]),
            as_of=row["as_of"],
            max_age=_max_age(row["max_age_seconds"]),
            term=None if row["term"] is None else msgspec.convert(row["term"], Duration),
            coverage=msgspec.convert(row["coverage"], CoverageByKind),
            statements=held[0].get(row["source"], {}),
        )
        for row in rows.mappings()
    }
    return Stated(sources, held[1])


def _max_age(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


async def load_as_of(connection: AsyncConnection, number: int) -> Mapping[str, datetime]:
    """Return the instant (UTC) at which each source's publisher stood by what a snapshot holds of it."""
    rows = await connection.execute(
        select(snapshot_sources.c.source, snapshot_sources.c.as_of).where(
            snapshot_sources.c.snapshot == number
        )
    )
    return {row.source: row.as_of for row in rows}


async def stale_sources(connection: AsyncConnection, number: int, now: datetime) -> frozenset[str]:
    """Return the sources that at an instant (UTC) are older than they may be, as a snapshot holds them."""
    columns = (snapshot_sources.c[name] for name in ("source", "as_of", "max_age_seconds"))
    rows = await connection.execute(select(*columns).where(snapshot_sources.c.snapshot == number))
    return frozenset(
        row.source
        for row in rows
        if (oldest := _max_age(row.max_age_seconds)) is not None and now - row.as_of > oldest
    )


async def _load_statements(
    connection: AsyncConnection, number: int
) -> tuple[dict[str, dict[Kind, dict[str, Statement]]], dict[tuple[str, Kind, str], str]]:
    newest = (
        select(func.max(statements.c.number))
        .where(statements.c.snapshot <= number)
        .group_by(statements.c.source, statements.c.kind, statements.c.key)
    )
    rows = await connection.execute(select(statements).where(statements.c.number.in_(newest)))
    held: dict[str, dict[Kind, dict[str, Statement]]] = {}
    digests: dict[tuple[str, Kind, str], str] = {}
    for row in rows.mappings():
        kind = Kind(row["kind"])
        by_kind = held.setdefault(row["source"], {k: {} for k in Kind})
        digests[row["source"], kind, row["key"]] = row["digest"]
        if row["record"] is None:
            continue
        by_kind[kind][row["key"]] = Statement(
            record=msgspec.json.decode(row["record"], type=RECORD_TYPES[kind]),
            first_seen=row["first_seen"],
            absent_since=row["absent_since"],
            family_name_hash=row["family_name_hash"],
            stood_by=_stood_by(row),
        )
    return held, digests


def _stood_by(row: RowMapping) -> StoodBy | None:
    on = row["confirmed_on"]
    return None if on is None else StoodBy(on, row["good_until"])


async def keep_raw(
    connection: AsyncConnection, digest: str, content: bytes, now: datetime, *, whole: bool = True
) -> None:
    """Keep a source's raw bytes under their digest; the same bytes are kept once.

    `whole` False: they name a person who was erased, so digest and size are all that is kept.
    """
    known = await connection.execute(
        select(raw_documents.c.digest).where(raw_documents.c.digest == digest)
    )
    if known.first() is None:
        row = {
            "digest": digest,
            "content": content if whole else None,
            "size": len(content),
            "stored_at": now,
            "emptied_by": None if whole else ERASURE,
        }
        await connection.execute(insert(raw_documents), row)


async def add_fetch(connection: AsyncConnection, fetch: Fetch) -> None:
    """Log one reading of a source."""
    await connection.execute(insert(fetches), msgspec.structs.asdict(fetch))


async def add_snapshot(
    connection: AsyncConnection, published: Published, sources: Iterable[SourceState], fetch: Fetch
) -> None:
    """Add a snapshot and the state of its sources; those that were not read keep their last fetch."""
    await connection.execute(insert(snapshots), msgspec.structs.asdict(published))
    last = await _last_fetches(connection)
    rows = [
        {
            "snapshot": published.number,
            "source": state.source,
            "fetch": fetch.id if state.source == fetch.source else last[state.source],
            "publisher": state.publisher,
            "vouched_by": state.vouched_by.value,
            "as_of": state.as_of,
            "max_age_seconds": None
            if state.max_age is None
            else int(state.max_age.total_seconds()),
            "term": None if state.term is None else msgspec.to_builtins(state.term),
            "coverage": msgspec.to_builtins(state.coverage),
        }
        for state in sources
    ]
    await connection.execute(insert(snapshot_sources), rows)


async def _last_fetches(connection: AsyncConnection) -> dict[str, str]:
    newest = select(func.max(snapshot_sources.c.snapshot)).group_by(snapshot_sources.c.source)
    rows = await connection.execute(
        select(snapshot_sources.c.source, snapshot_sources.c.fetch).where(
            snapshot_sources.c.snapshot.in_(newest)
        )
    )
    return {row.source: row.fetch for row in rows}


class Row(msgspec.Struct, frozen=True):
    """A fresh statement with what makes it erasable."""

    fresh: Fresh
    digest: str
    salt: bytes
    person: str | None


async def add_statements(connection: AsyncConnection, snapshot: int, rows: Sequence[Row]) -> None:
    """Append statements to a snapshot."""
    if rows:
        await connection.execute(insert(statements), [_statement_row(snapshot, r) for r in rows])


def _statement_row(snapshot: int, row: Row) -> dict[str, object]:
    said = row.fresh.statement
    return {
        "snapshot": snapshot,
        "source": row.fresh.source,
        "kind": row.fresh.kind.value,
        "key": row.fresh.key,
        "record": msgspec.json.encode(said.record).decode(),
        "family_name_hash": said.family_name_hash,
        "salt": row.salt or None,
        "person": row.person,
        "first_seen": said.first_seen,
        "absent_since": said.absent_since,
        "confirmed_on": said.stood_by.on if said.stood_by else None,
        "good_until": said.stood_by.until if said.stood_by else None,
        "digest": row.digest,
    }


class ChangeRow(msgspec.Struct, frozen=True):
    """A change and, for a trainer's record, the keyed hash of the person."""

    change: Change
    person: str | None


async def add_changes(
    connection: AsyncConnection, snapshot: int, rows: Sequence[ChangeRow], now: datetime
) -> None:
    """Append a snapshot's changes; `now` (UTC) is when they became known.

    Their ids are not in order: those that are listed would tell how many are not, for they are trainers'.
    """
    if rows:
        await connection.execute(
            insert(changes),
            [
                {
                    "id": new_unordered_id("chg"),
                    "snapshot": snapshot,
                    "kind": row.change.kind.value,
                    "register": row.change.register,
                    "person": row.person,
                    "change": row.change.change.value,
                    "valid_from": row.change.valid_from,
                    "known_at": now,
                    "fields": list(row.change.fields),
                }
                for row in rows
            ],
        )


BELIEVED = ("updated", "unchanged")
"""The outcomes of readings that the register rests on."""


async def last_raw(connection: AsyncConnection, source: str) -> Raw | None:
    """Return what the source was believed by last, as it was fetched; None if there is none, or no more."""
    rows = await connection.execute(
        select(fetches, raw_documents.c.content)
        .join_from(fetches, raw_documents)
        .where(fetches.c.source == source, fetches.c.outcome.in_(BELIEVED))
        .order_by(fetches.c.id.desc())
        .limit(1)
    )
    row = rows.mappings().first()
    return None if row is None or row["content"] is None else raw_of(row)


def raw_of(row: RowMapping) -> Raw:
    """Return a source's bytes as they were fetched, from a row of `fetches` with its `content`."""
    return Raw(
        location=row["location"],
        content=row["content"],
        digest=row["digest"],
        as_of=row["as_of"],
        http_status=row["http_status"],
        validators=msgspec.convert(row["validators"] or {}, dict[str, Validators]),
    )


async def last_attempts(connection: AsyncConnection, source: str, most: int) -> Sequence[Attempt]:
    """Return a source's last readings, the newest first, however they went."""
    rows = await connection.execute(
        select(fetches.c.started_at, fetches.c.outcome)
        .where(fetches.c.source == source)
        .order_by(fetches.c.id.desc())
        .limit(most)
    )
    return [Attempt(row.started_at, row.outcome == "failed") for row in rows]


async def last_fetch_of(connection: AsyncConnection) -> Sequence[Fetch]:
    """Return the last reading of every source, failed ones too, by source."""
    newest = select(func.max(fetches.c.id)).group_by(fetches.c.source)
    columns = [fetches.c[name] for name in Fetch.__struct_fields__]
    rows = await connection.execute(
        select(*columns).where(fetches.c.id.in_(newest)).order_by(fetches.c.source)
    )
    return [Fetch(**row) for row in rows.mappings()]
