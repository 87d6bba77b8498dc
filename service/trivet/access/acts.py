"""What an operator did to accounts and keys, and what was taken out of the audit log: appended, never changed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Column, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, metadata
from trivet.ids import new_id


class Act(StrEnum):
    """What was done."""

    KEY_CREATED = "key_created"
    KEY_ROTATED = "key_rotated"
    KEY_REVOKED = "key_revoked"
    DECLARED_ACCEPTED = "declared_accepted"
    DECLARED_REFUSED = "declared_refused"
    AUDIT_EXPORTED = "audit_exported"


acts = Table(
    "acts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("act", String(40), nullable=False),
    # The id of a key, or the name of an account.
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False),
)


class Acted(msgspec.Struct, frozen=True):
    """One act: when (UTC), what, to which key or account, and how, in words."""

    id: str
    at: datetime
    act: str
    subject: str
    detail: str


async def note(
    connection: AsyncConnection, act: Act, subject: str, detail: str, now: datetime
) -> None:
    """Note an act at an instant (UTC), in the transaction that does it."""
    row = {"id": new_id("act"), "at": now, "act": act.value, "subject": subject, "detail": detail}
    await connection.execute(insert(acts), row)


async def list_operator_acts(connection: AsyncConnection) -> Sequence[Acted]:
    """Return every act, the oldest first."""
    rows = await connection.execute(select(acts).order_by(acts.c.id))
    return [Acted(**row) for row in rows.mappings()]
