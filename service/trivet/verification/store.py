"""Table and queries of verifications: each kept before its answer is sent, with who asked and what for."""

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, metadata
from trivet.verification.answer import Verification
from trivet.verification.question import Question, without_names

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
    Column("known_at", Instant, nullable=False),
    # None where the question was about a time before the first snapshot.
    Column("snapshot", String(40), nullable=True),
    Column("checked_at", Instant, nullable=False),
    # Finds what was asked about a person, for erasure and audit; None where no trainer was named.
    Column("person", String(64), nullable=True, index=True),
    # Emptied when their retention is over; the digests stay. Never a family name.
    Column("question", Text, nullable=True),
    Column("answer", Text, nullable=True),
    Column("question_digest", String(80), nullable=False),
    Column("answer_digest", String(80), nullable=False),
    Index(None, "account", "id"),
)


class Asked(msgspec.Struct, frozen=True):
    """Who asked: the account, the key, whether it is a test key, and the keyed hash of the trainer asked about."""

    account: str
    key: str
    test: bool
    person: str | None


async def add_verification(
    connection: AsyncConnection, asked: Asked, question: Question, verification: Verification
) -> None:
    """Keep a question and its answer."""
    asked_text = msgspec.json.encode(without_names(question)).decode()
    answer_text = msgspec.json.encode(verification).decode()
    row = {
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
        "question": asked_text,
        "answer": answer_text,
        "question_digest": _digest(asked_text),
        "answer_digest": _digest(answer_text),
    }
    await connection.execute(insert(verifications), row)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


async def find_verification(
    connection: AsyncConnection, account: str, verification_id: str, *, test: bool
) -> Verification | None:
    """Return an account's verification as it was answered, or None if the account has none of that id."""
    kept = await connection.scalar(
        select(verifications.c.answer).where(
            verifications.c.id == verification_id,
            verifications.c.account == account,
            verifications.c.test == test,
        )
    )
    return None if kept is None else msgspec.json.decode(kept, type=Verification)


async def find_question(connection: AsyncConnection, verification_id: str) -> Question | None:
    """Return the question of a verification as it is kept, without names."""
    kept = await connection.scalar(
        select(verifications.c.question).where(verifications.c.id == verification_id)
    )
    return None if kept is None else msgspec.json.decode(kept, type=Question)


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
