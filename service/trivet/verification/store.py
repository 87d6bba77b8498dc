"""Table and queries of verifications: each kept before its answer is sent, with who asked and what for."""

import hashlib
from collections.abc import Sequence, Set
from datetime import datetime

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, can_hold, metadata
from trivet.register.store import ERASURE
from trivet.verification.answer import Verification
from trivet.verification.question import Question, without_names

_THERE = text("answer IS NOT NULL")
_OF_BATCH = text("batch IS NOT NULL")

verifications = Table(
    "verifications",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(40), nullable=False),
    Column("key", String(40), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("reference", String(200), nullable=True),
    Column("verdict", String(20), nullable=False),
    Column("delivered_on", Date, nullable=False),
    # Indexed: no snapshot may be published at or before the latest of them.
    Column("known_at", Instant, nullable=False, index=True),
    # None where the question was about a time before the first snapshot.
    Column("snapshot", String(40), nullable=True),
    Column("checked_at", Instant, nullable=False),
    # Finds what was asked about a person, for erasure and audit: the keyed hash of the reference or the number that was
    # given; None where no trainer was named.
    Column("person", String(64), nullable=True, index=True),
    # By what the budget knows a trainer whom this account has asked about before: the keyed hash of what was given, the
    # family name too; None where nobody was looked up, or in the sandbox.
    Column("naming", String(64), nullable=True),
    # Emptied, with `reference` and `naming`, when their retention is over or the person was erased; the digests stay.
    # Never a family name.
    Column("question", Text, nullable=True),
    Column("answer", Text, nullable=True),
    Column("question_digest", String(80), nullable=False),
    Column("answer_digest", String(80), nullable=False),
    # The purge (`pur_…`) that emptied it, or ERASURE; None while the answer is there.
    Column("emptied_by", String(40), nullable=True),
    # The batch that it is a row of, and which, counted from 1.
    Column("batch", String(40), nullable=True),
    Column("batch_row", Integer, nullable=True),
    Index(None, "batch", "batch_row", sqlite_where=_OF_BATCH, postgresql_where=_OF_BATCH),
    Index(None, "account", "id"),
    Index(None, "account", "naming"),
    # What a purge may find.
    Index(None, "checked_at", sqlite_where=_THERE, postgresql_where=_THERE),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(40), nullable=False),
    Column("key", String(40), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    # When rows were last kept: one that is still running and was not touched for long has died.
    Column("touched_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("known_at", Instant, nullable=True),
    # How many rows were kept, of which verdict, and with how many something was wrong.
    Column("rows", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("unconfirmed", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    # Keyed, of the body as it came: what is sent again under the same key must be the same.
    Column("body", String(64), nullable=True),
    Column("receipt", Text, nullable=True),
    Index(None, "account", "id"),
)

batch_problems = Table(
    "batch_problems",
    metadata,
    Column("batch", String(40), primary_key=True),
    Column("batch_row", Integer, primary_key=True),
    Column("reference", Text, nullable=True),
    Column("problem", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

EMPTY = {"question": None, "answer": None, "reference": None, "naming": None}
"""What is emptied of a verification: all that the caller wrote, and what could be told from it."""


class Asked(msgspec.Struct, frozen=True):
    """Who asked: the account, the key and whether it is a test key; and of whom, by the hashes of the trainer."""

    account: str
    key: str
    test: bool
    person: str | None
    naming: str | None = None


class Emptied(msgspec.Struct, frozen=True):
    """A verification of which the answer is gone: when it was given (UTC), why it is gone, and what is left of it."""

    checked_at: datetime
    emptied_by: str
    question_digest: str
    answer_digest: str


async def add_verification(
    connection: AsyncConnection, asked: Asked, question: Question, verification: Verification
) -> None:
    """Keep a question and its answer."""
    await connection.execute(insert(verifications), row_of(asked, question, verification))


def row_of(asked: Asked, question: Question, verification: Verification) -> dict[str, object]:
    """Return a question and its answer as they are kept."""
    asked_text = msgspec.json.encode(without_names(question)).decode()
    answer_text = msgspec.json.encode(verification).decode()
    return {
        "id": verification.id,
        "account": asked.account,
        "key": asked.key,
        "test": asked.test,
        "purpose": verification.purpose.value,
        "reference": verification.reference,
        "verdict": verification.verdict.value,
        "delivered_on": verification.delivered_on,
        "known_at": verification.known_at,
        "snapshot": verification.register.snapshot,
        "checked_at": verification.checked_at,
        "person": asked.person,
        "naming": asked.naming,
        "question": asked_text,
        "answer": answer_text,
        "question_digest": _digest(asked_text),
        "answer_digest": _digest(answer_text),
    }


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


async def find_verification(
    connection: AsyncConnection, account: str, verification_id: str, *, test: bool
) -> Verification | Emptied | None:
    """Return an account's verification as it was answered, or what is left of it; None if the account has none such."""
    if not can_hold(verification_id):
        return None
    left = [verifications.c[name] for name in Emptied.__struct_fields__]
    rows = await connection.execute(
        select(verifications.c.answer, *left).where(
            verifications.c.id == verification_id,
            verifications.c.account == account,
            verifications.c.test == test,
        )
    )
    row = rows.mappings().first()
    if row is None:
        return None
    if row["answer"] is None:
        return Emptied(**{column.name: row[column] for column in left})
    return msgspec.json.decode(row["answer"], type=Verification)


async def question_of(connection: AsyncConnection, verification: Verification) -> Question:
    """Return the question of a verification that was found, as it is kept: without names."""
    kept = await connection.execute(
        select(verifications.c.question).where(verifications.c.id == verification.id)
    )
    return msgspec.json.decode(kept.scalar_one(), type=Question)


async def list_verifications(
    connection: AsyncConnection,
    account: str,
    *,
    test: bool,
    reference: str | None,
    verdict: str | None,
    before: str | None,
    limit: int,
) -> Sequence[Verification]:
    """Return an account's verifications, the newest first; `before` is the id to go on after."""
    if reference is not None and not can_hold(reference):
        return []
    query = (
        select(verifications.c.answer)
        .where(
            verifications.c.account == account,
            verifications.c.test == test,
            verifications.c.answer.is_not(None),
        )
        .order_by(verifications.c.id.desc())
        .limit(limit)
    )
    if reference is not None:
        query = query.where(verifications.c.reference == reference)
    if verdict is not None:
        query = query.where(verifications.c.verdict == verdict)
    if before is not None:
        query = query.where(verifications.c.id < before)
    return [
        msgspec.json.decode(kept, type=Verification) for kept in await connection.scalars(query)
    ]


async def find_about(connection: AsyncConnection, subjects: Set[str]) -> Sequence[str]:
    """Return the ids of the verifications, any account's, that asked about a person and whose answer is there."""
    found = await connection.scalars(
        select(verifications.c.id).where(_about(subjects)).order_by(verifications.c.id)
    )
    return found.all()


async def forget_about(connection: AsyncConnection, subjects: Set[str]) -> None:
    """Empty the verifications that asked about a person; those that a purge emptied stay its own."""
    await connection.execute(
        update(verifications).where(_about(subjects)).values(**EMPTY, emptied_by=ERASURE)
    )
    # What was wrong with rows of batches may quote anybody; it is kept for a day or so at most.
    await connection.execute(delete(batch_problems))


def _about(subjects: Set[str]) -> ColumnElement[bool]:
    return and_(verifications.c.answer.is_not(None), verifications.c.person.in_(subjects))
