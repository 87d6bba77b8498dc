"""Readings that tripped a guard: which of them wait for the operator, and what was decided of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Column, Index, Integer, String, Table, Text, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, metadata
from trivet.register.sources.reading import Raw
from trivet.register.store import BELIEVED, fetches, raw_documents, raw_of

quarantine_decisions = Table(
    "quarantine_decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("source", String(100), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "source", "digest"),
)


class Decision(StrEnum):
    """What an operator decides of a quarantined document: to believe it, or not to."""

    RELEASED = "released"
    DROPPED = "dropped"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A quarantined document that waits to be released or dropped.

    `id` is that of its last reading; `since` and `last_read` say when it was first and last read, `as_of` when the
    publisher stood by it (UTC). `why` names the guards that it tripped.
    """

    id: str
    source: str
    since: datetime
    last_read: datetime
    as_of: datetime
    digest: str
    why: str


async def held(connection: AsyncConnection) -> Sequence[Held]:
    """Return the documents that wait, the last one of each source first.

    One that was decided waits no more, nor one of a source that has been believed since: what it says is overtaken.
    """
    same = fetches.c.source, fetches.c.digest
    first = func.min(fetches.c.finished_at).over(partition_by=same)
    last = func.max(fetches.c.id).over(partition_by=same)
    readings = (
        select(fetches, first.label("since"), last.label("newest"))
        .where(fetches.c.outcome == "quarantined")
        .subquery()
    )
    believed = await _last_believed(connection)
    decided = await _decisions(connection)
    rows = await connection.execute(
        select(readings)
        .where(readings.c.id == readings.c.newest)
        .order_by(readings.c.source, readings.c.id.desc())
    )
    return [
        Held(
            id=row["id"],
            source=row["source"],
            since=row["since"],
            last_read=row["finished_at"],
            as_of=row["as_of"],
            digest=row["digest"],
            why=row["error"],
        )
        for row in rows.mappings()
        if (row["source"], row["digest"]) not in decided
        and row["id"] > believed.get(row["source"], "")
    ]


async def _last_believed(connection: AsyncConnection) -> Mapping[str, str]:
    rows = await connection.execute(
        select(fetches.c.source, func.max(fetches.c.id).label("id"))
        .where(fetches.c.outcome.in_(BELIEVED))
        .group_by(fetches.c.source)
    )
    return {row.source: row.id for row in rows}


async def _decisions(connection: AsyncConnection) -> Mapping[tuple[str, str], Decision]:
    rows = await connection.execute(
        select(quarantine_decisions).order_by(quarantine_decisions.c.number)
    )
    return {(row.source, row.digest): Decision(row.decision) for row in rows}


async def was_released(connection: AsyncConnection, source: str, digest: str) -> bool:
    """Say whether an operator believes this document of a source, so that no guard need look at it again."""
    last = await connection.scalar(
        select(quarantine_decisions.c.decision)
        .where(quarantine_decisions.c.source == source, quarantine_decisions.c.digest == digest)
        .order_by(quarantine_decisions.c.number.desc())
        .limit(1)
    )
    return last == Decision.RELEASED


async def held_document(connection: AsyncConnection, waiting: Held) -> Raw | None:
    """Return a quarantined document as it was fetched, or None if its retention is over."""
    rows = await connection.execute(
        select(fetches, raw_documents.c.content)
        .join_from(fetches, raw_documents)
        .where(fetches.c.id == waiting.id)
    )
    row = rows.mappings().one()
    return None if row["content"] is None else raw_of(row)


async def decide(
    connection: AsyncConnection, waiting: Held, decision: Decision, note: str, now: datetime
) -> None:
    """Keep what was decided of a document, with why, at an instant (UTC)."""
    row = {
        "source": waiting.source,
        "digest": waiting.digest,
        "decision": decision.value,
        "decided_at": now,
        "note": note,
    }
    await connection.execute(insert(quarantine_decisions), row)
