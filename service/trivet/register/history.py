"""The register over time: which snapshots were published, and what changed from each to the next. No trainers in it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

import msgspec
from sqlalchemy import RowMapping, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.register.changes import ChangeKind
from trivet.register.contradictions import field_names
from trivet.register.index import Index
from trivet.register.records import Kind, VouchedBy
from trivet.register.store import changes, snapshot_sources, snapshots


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes of the history have in common; it is sent as it is read."""


class SnapshotSource(_Sent, frozen=True):
    """A source as the snapshot holds it: as of when (UTC), and who vouches for it."""

    source: str
    as_of: datetime
    vouched_by: VouchedBy


class SnapshotListed(_Sent, frozen=True):
    """A published snapshot; `changes` are how many of its changes are listed. `publishedAt` is UTC."""

    id: str
    digest: str
    parent: str | None
    published_at: datetime
    changes: int
    sources: list[SnapshotSource]


class ChangeListed(_Sent, frozen=True):
    """What happened to a record: `validFrom` is the London day from which it holds, `knownAt` (UTC) when we learned it.

    `fields` are named as in the interchange document; `snapshot` is the one that brought the change.
    """

    id: str
    kind: Kind
    register: str
    change: ChangeKind
    valid_from: date | None
    known_at: datetime
    fields: list[str]
    snapshot: str


@runtime_checkable
class History(Protocol):
    """What became of a register: of the mirrored one, or of one that is not stored."""

    async def snapshots(
        self, connection: AsyncConnection, before: str | None, limit: int
    ) -> Sequence[SnapshotListed] | None:
        """Return up to `limit` snapshots, the newest first: those before the one of the id `before`.

        None: there is no snapshot of that id.
        """

    async def changes(
        self, connection: AsyncConnection, after: str | None, until: datetime | None, limit: int
    ) -> Sequence[ChangeListed] | None:
        """Return up to `limit` changes, the oldest first, those of trainers' records left out.

        Those after the one of the id `after`, known at the instant `until` (UTC). None: there is no change of that id.
        """


class MirrorHistory:
    """The history of the mirrored register, from the database."""

    async def snapshots(
        self, connection: AsyncConnection, before: str | None, limit: int
    ) -> Sequence[SnapshotListed] | None:
        """Return snapshots, the newest first."""
        query = select(snapshots).order_by(snapshots.c.number.desc()).limit(limit)
        if before is not None:
            number = await _number(connection, snapshots, before)
            if number is None:
                return None
            query = query.where(snapshots.c.number < number)
        rows = (await connection.execute(query)).mappings().all()
        numbers = [row["number"] for row in rows]
        counted = await _changes_in(connection, numbers)
        sources = await _sources_in(connection, numbers)
        return [
            SnapshotListed(
                id=row["id"],
                digest=row["digest"],
                parent=row["parent"],
                published_at=row["published_at"],
                changes=counted.get(row["number"], 0),
                sources=sources[row["number"]],
            )
            for row in rows
        ]

    async def changes(
        self, connection: AsyncConnection, after: str | None, until: datetime | None, limit: int
    ) -> Sequence[ChangeListed] | None:
        """Return changes, the oldest first: rows are numbered in the order in which they were committed."""
        query = (
            select(changes, snapshots.c.id.label("published_in"))
            .join(snapshots, snapshots.c.number == changes.c.snapshot)
            .where(_LISTED)
            .order_by(changes.c.number)
            .limit(limit)
        )
        if after is not None:
            number = await _number(connection, changes, after)
            if number is None:
                return None
            query = query.where(changes.c.number > number)
        if until is not None:
            query = query.where(changes.c.known_at <= until)
        return [_change(row) for row in (await connection.execute(query)).mappings()]


class OneSnapshot:
    """The history of a register that is not stored: it has always been as it is."""

    def __init__(self, index: Index) -> None:
        """Take the register's index."""
        self._index = index

    async def snapshots(
        self, _connection: AsyncConnection, before: str | None, _limit: int
    ) -> Sequence[SnapshotListed] | None:
        """Return the one snapshot there is."""
        if before is not None:
            return None
        held = self._index.snapshot
        only = SnapshotListed(
            id=held.id,
            digest=held.digest,
            parent=None,
            published_at=held.published_at,
            changes=0,
            sources=[
                SnapshotSource(source=name, as_of=state.as_of, vouched_by=state.vouched_by)
                for name, state in sorted(self._index.sources.items())
            ],
        )
        return [only]

    async def changes(
        self, _connection: AsyncConnection, after: str | None, _until: datetime | None, _limit: int
    ) -> Sequence[ChangeListed] | None:
        """Return that nothing ever changed."""
        return [] if after is None else None


_LISTED = changes.c.kind != Kind.AUTHORISATIONS.value
"""Nothing lists trainers: not their records' changes either."""


async def _number(connection: AsyncConnection, table: Table, row_id: str) -> int | None:
    number: int | None = await connection.scalar(select(table.c.number).where(table.c.id == row_id))
    return number


def _change(row: RowMapping) -> ChangeListed:
    kind = Kind(row["kind"])
    return ChangeListed(
        id=row["id"],
        kind=kind,
        register=row["register"],
        change=ChangeKind(row["change"]),
        valid_from=row["valid_from"],
        known_at=row["known_at"],
        fields=field_names(kind, row["fields"]),
        snapshot=row["published_in"],
    )


async def _changes_in(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, int]:
    rows = await connection.execute(
        select(changes.c.snapshot, func.count())
        .where(changes.c.snapshot.in_(numbers), _LISTED)
        .group_by(changes.c.snapshot)
    )
    return {row[0]: row[1] for row in rows}


async def _sources_in(
    connection: AsyncConnection, numbers: Sequence[int]
) -> dict[int, list[SnapshotSource]]:
    held: dict[int, list[SnapshotSource]] = {number: [] for number in numbers}
    rows = await connection.execute(
        select(snapshot_sources)
        .where(snapshot_sources.c.snapshot.in_(numbers))
        .order_by(snapshot_sources.c.source)
    )
    for row in rows.mappings():
        held[row["snapshot"]].append(
            SnapshotSource(
                source=row["source"],
                as_of=row["as_of"],
                vouched_by=VouchedBy(row["vouched_by"]),
            )
        )
    return held
