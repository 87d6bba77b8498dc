"""Emptying what has been kept for long enough, and proving what was emptied."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Column, Integer, Select, String, Table, func, insert, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.alerts.forgetting import forget_old
from trivet.database import Instant, metadata, writing, writing_alone
from trivet.ids import new_id
from trivet.people.retention import Retention
from trivet.register.store import fetches, raw_documents
from trivet.verification.store import EMPTY, verifications

QUESTIONS_AT_ONCE, DOCUMENTS_AT_ONCE = 500, 10
"""How many rows one transaction empties at most, so that whoever writes meanwhile does not wait for long.

A document may be some megabytes large, all of which are overwritten.
"""


class What(StrEnum):
    """What is emptied when its retention is over."""

    RAW_DOCUMENTS = "raw_documents"
    QUESTIONS = "questions"


purges = Table(
    "purges",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("what", String(20), nullable=False),
    # Only what was stored, or answered, before this was emptied.
    Column("before", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
    # SHA-256 over the digests of the emptied rows, a line each, in the order of their keys. The rows name this purge:
    # it can be made again.
    Column("digest", String(80), nullable=False),
)


class Purge(msgspec.Struct, frozen=True):
    """What one transaction emptied: how many rows, from before when (UTC), and the digest over their digests."""

    id: str
    at: datetime
    what: str
    before: datetime
    rows: int
    digest: str


async def due(
    connection: AsyncConnection, now: datetime, retention: Retention
) -> Mapping[What, int]:
    """Return how many rows of each kind a purge at an instant (UTC) would empty."""
    counted = func.count()
    raw = _raw_due(retention.raw.before(now)).subquery()
    questions = _questions_due(retention.questions.before(now)).subquery()
    return {
        What.RAW_DOCUMENTS: await connection.scalar(select(counted).select_from(raw)) or 0,
        What.QUESTIONS: await connection.scalar(select(counted).select_from(questions)) or 0,
    }


async def purge(
    connection: AsyncConnection,
    now: datetime,
    retention: Retention,
    *,
    documents: int = DOCUMENTS_AT_ONCE,
    questions: int = QUESTIONS_AT_ONCE,
) -> Sequence[Purge]:
    """Empty what has been kept for longer than its retention at an instant (UTC), and prove it in the same transaction.

    At most so many `documents` and `questions`: the rest is left for the next call. Nothing is returned once nothing is
    due.
    """
    raw = await _purge_raw(connection, now, retention.raw.before(now), documents)
    asked = await _purge_questions(connection, now, retention.questions.before(now), questions)
    return [done for done in (raw, asked) if done]


async def purge_all(engine: AsyncEngine, now: datetime, retention: Retention) -> Sequence[Purge]:
    """Purge to the end, in as many transactions as it takes: whoever writes meanwhile has a turn in between.

    What watches and events say of trainers goes with the questions.
    """
    async with writing(engine) as connection:
        await forget_old(connection, now, retention.questions.before(now))
    done: list[Purge] = []
    while True:
        async with writing_alone(engine) as connection:
            part = await purge(connection, now, retention)
        if not part:
            return done
        done += part


def digest_of(digests: Iterable[str]) -> str:
    """Return the digest that proves a purge, over the digests of its rows in order."""
    lines = "".join(f"{digest}\n" for digest in digests)
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def _raw_due(before: datetime) -> Select[tuple[str]]:
    """Select the documents stored before an instant, but for those that are still wanted.

    The last document read of a source is what a site is asked about next time. A quarantined one can still be released
    while its reading, perhaps of bytes that were there long before, is younger than the retention.
    """
    last = (
        select(func.max(fetches.c.id))
        .where(fetches.c.digest.is_not(None), fetches.c.outcome.not_in(("failed", "quarantined")))
        .group_by(fetches.c.source)
    )
    wanted = union(
        select(fetches.c.digest).where(fetches.c.id.in_(last)),
        select(fetches.c.digest).where(
            fetches.c.outcome == "quarantined",
            fetches.c.finished_at >= before,
            fetches.c.digest.is_not(None),
        ),
    )
    return (
        select(raw_documents.c.digest)
        .where(
            raw_documents.c.content.is_not(None),
            raw_documents.c.stored_at < before,
            raw_documents.c.digest.not_in(wanted),
        )
        .order_by(raw_documents.c.digest)
    )


async def _purge_raw(
    connection: AsyncConnection, now: datetime, before: datetime, at_once: int
) -> Purge | None:
    digests = (await connection.scalars(_raw_due(before).limit(at_once))).all()
    if not digests:
        return None
    done = await _proved(connection, now, What.RAW_DOCUMENTS, before, digests, len(digests))
    await connection.execute(
        update(raw_documents)
        .where(raw_documents.c.digest.in_(digests))
        .values(content=None, emptied_by=done.id)
    )
    return done


def _questions_due(before: datetime) -> Select[tuple[str, str, str]]:
    """Select the verifications answered before an instant, with the digests of question and answer."""
    columns = (
        verifications.c.id,
        verifications.c.question_digest,
        verifications.c.answer_digest,
    )
    return (
        select(*columns)
        .where(verifications.c.answer.is_not(None), verifications.c.checked_at < before)
        .order_by(verifications.c.checked_at)
    )


async def _purge_questions(
    connection: AsyncConnection, now: datetime, before: datetime, at_once: int
) -> Purge | None:
    rows = sorted((await connection.execute(_questions_due(before).limit(at_once))).all())
    if not rows:
        return None
    digests = [digest for _, *both in rows for digest in both]
    done = await _proved(connection, now, What.QUESTIONS, before, digests, len(rows))
    await connection.execute(
        update(verifications)
        .where(verifications.c.id.in_([row[0] for row in rows]))
        .values(**EMPTY, emptied_by=done.id)
    )
    return done


async def _proved(
    connection: AsyncConnection,
    now: datetime,
    what: What,
    before: datetime,
    digests: Sequence[str],
    rows: int,
) -> Purge:
    done = Purge(new_id("pur"), now, what.value, before, rows, digest_of(digests))
    await connection.execute(insert(purges), msgspec.structs.asdict(done))
    return done
