"""The table of confirmations: who confirmed what, when, until when, by which letter, and how it ended."""

from collections.abc import Sequence, Set
from datetime import date, datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Column, Date, Index, String, Table, Text, func, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, can_hold, metadata
from trivet.register.confirmations.asked import Confirmable
from trivet.register.identifiers import comparable_id

confirmations = Table(
    "confirmations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    # None once a person was erased; `person` finds their rows.
    Column("register", String(100), nullable=True),
    Column("person", String(64), nullable=True, index=True),
    Column("recorded_at", Instant, nullable=False),
    # The key that recorded it; None at the command line.
    Column("recorded_by", String(40), nullable=True),
    Column("confirmed_by", String(200), nullable=False),
    Column("confirmed_on", Date, nullable=False),
    Column("good_until", Date, nullable=False),
    Column("document", String(80), nullable=False),
    Column("note", Text, nullable=True),
    Column("ending", String(20), nullable=True),
    Column("ended_at", Instant, nullable=True),
    Column("ended_by", String(40), nullable=True),
    Column("end_reason", Text, nullable=True),
    Index(None, "kind", "register"),
)


class Ending(StrEnum):
    """Why a confirmation holds no more: the operator ended it, it was a mistake, or a later one took its place."""

    ENDED = "ended"
    MISTAKEN = "mistaken"
    REPLACED = "replaced"


class ConfirmationState(StrEnum):
    """How a confirmation stands on a day: good, over since its last day, or ended in one of three ways."""

    GOOD = "good"
    OVER = "over"
    ENDED = "ended"
    MISTAKEN = "mistaken"
    REPLACED = "replaced"


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation as it is kept. Instants are UTC; days are London days, `good_until` the last one.

    `recorded_by` and `ended_by` are ids of keys, None at the command line; `document` is the digest of the letter.
    """

    id: str
    kind: Confirmable
    register: str | None
    recorded_at: datetime
    recorded_by: str | None
    confirmed_by: str
    confirmed_on: date
    good_until: date
    document: str
    note: str | None
    ending: Ending | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str | None = None

    def state(self, today: date) -> ConfirmationState:
        """Say how it stands on a London day."""
        if self.ending is not None:
            return ConfirmationState(self.ending.value)
        return ConfirmationState.OVER if self.good_until < today else ConfirmationState.GOOD


class End(msgspec.Struct, frozen=True):
    """How a confirmation ends: when (UTC), why, and by which key."""

    ending: Ending
    at: datetime
    by: str | None
    reason: str


_COLUMNS = [confirmations.c[name] for name in Confirmation.__struct_fields__]


async def add_confirmation(
    connection: AsyncConnection, confirmation: Confirmation, person: str | None
) -> None:
    """Keep a confirmation; `person` is the keyed hash of the trainer whose record it is."""
    kept = msgspec.structs.asdict(confirmation)
    row = {**kept, "kind": confirmation.kind.value, "person": person}
    await connection.execute(insert(confirmations), row)


async def current_confirmation(
    connection: AsyncConnection, kind: Confirmable, register: str
) -> Confirmation | None:
    """Return the confirmation of a record that has not ended, or None."""
    rows = await connection.execute(
        select(*_COLUMNS).where(
            confirmations.c.kind == kind.value,
            func.lower(confirmations.c.register) == comparable_id(register),
            confirmations.c.ending.is_(None),
        )
    )
    row = rows.mappings().first()
    return None if row is None else _read(row)


async def find_confirmation(
    connection: AsyncConnection, confirmation_id: str
) -> Confirmation | None:
    """Return the confirmation of an id, or None."""
    if not can_hold(confirmation_id):
        return None
    rows = await connection.execute(select(*_COLUMNS).where(confirmations.c.id == confirmation_id))
    row = rows.mappings().first()
    return None if row is None else _read(row)


async def list_confirmations(
    connection: AsyncConnection, *, before: str | None = None, limit: int | None = None
) -> Sequence[Confirmation]:
    """Return the confirmations, the newest first; `before` is the id to go on after, `limit` None: all of them."""
    query = select(*_COLUMNS).order_by(confirmations.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(confirmations.c.id < before)
    return [_read(row) for row in (await connection.execute(query)).mappings()]


async def end_confirmation(connection: AsyncConnection, confirmation_id: str, end: End) -> None:
    """Mark a confirmation as ended."""
    await connection.execute(
        update(confirmations)
        .where(confirmations.c.id == confirmation_id)
        .values(ending=end.ending.value, ended_at=end.at, ended_by=end.by, end_reason=end.reason)
    )


async def forget_confirmed(connection: AsyncConnection, subjects: Set[str]) -> None:
    """Empty what confirmations say of a person: which record they were of, and what the operator wrote down.

    That there was one, when, on whose word and by which letter stays.
    """
    await connection.execute(
        update(confirmations)
        .where(confirmations.c.person.in_(subjects))
        .values(register=None, note=None, end_reason=None)
    )


def _read(row: RowMapping) -> Confirmation:
    ending = row["ending"]
    kind = Confirmable(row["kind"])
    return Confirmation(**{**row, "kind": kind, "ending": ending and Ending(ending)})
