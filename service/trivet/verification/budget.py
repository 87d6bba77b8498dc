"""The budget of unknown trainers: references can be guessed, so guessing is counted, and refused where it goes on."""

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Date,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import metadata, one_at_a_time
from trivet.london import day_of
from trivet.verification.rules import Sought
from trivet.verification.store import verifications

_log = logging.getLogger(__name__)

ONE_IN = 50
"""A key may ask about one unknown trainer in so many questions, where that is more than the number a day."""

unknown_trainers = Table(
    "unknown_trainers",
    metadata,
    Column("key", String(40), primary_key=True),
    # Europe/London.
    Column("day", Date, primary_key=True),
    # The questions that named a trainer and were answered.
    Column("asked", Integer, nullable=False),
    # Those of them that named one who was unknown, for the first time.
    Column("unknown", Integer, nullable=False),
    # All that is kept of those that were refused.
    Column("refused", Integer, nullable=False),
)


class Spending(msgspec.Struct, frozen=True):
    """What a key has asked on one London day: questions about trainers, first ones about unknown trainers, refused."""

    asked: int = 0
    unknown: int = 0
    refused: int = 0

    def limit(self, per_day: int) -> int:
        """Return how many unknown trainers the key may ask about on this day; it grows with what is asked."""
        return max(per_day, self.asked // ONE_IN)


class Budget:
    """What one key may still ask about trainers today, for the questions of one transaction.

    Once it is spent a trainer whom the account has not asked about before is refused, known or not: a refusal of the
    unknown alone would tell them apart.
    """

    def __init__(self, key: str, day: date, per_day: int, spent: Spending | None) -> None:
        """Take the key, the London day, how many unknown trainers it may ask about, and what it asked, if anything."""
        self._key, self._day, self._per_day = key, day, per_day
        self._first = spent is None
        self._spent = spent or Spending()
        self._asked_before: set[str] = set()

    @classmethod
    async def opened(
        cls,
        connection: AsyncConnection,
        *,
        key: str,
        account: str,
        namings: Collection[str],
        now: datetime,
        per_day: int,
    ) -> "Budget":
        """Open the budget of a day at an instant (UTC), before the questions are judged.

        `namings` are the keyed hashes of how they name their trainers. To be called in the transaction that answers
        them; what comes of them is then counted, and kept with `close`.
        """
        day = day_of(now)
        await one_at_a_time(connection, f"budget of {key}")
        counts = [unknown_trainers.c[name] for name in Spending.__struct_fields__]
        rows = await connection.execute(
            select(*counts).where(unknown_trainers.c.key == key, unknown_trainers.c.day == day)
        )
        row = rows.mappings().first()
        budget = cls(key, day, per_day, Spending(**row) if row else None)
        before = await connection.scalars(
            select(verifications.c.naming)
            .where(verifications.c.account == account, verifications.c.naming.in_(namings))
            .distinct()
        )
        budget._asked_before.update(naming for naming in before if naming)
        return budget

    def refuses(self, naming: str) -> bool:
        """Say whether a question is not to be answered."""
        spent = self._spent.unknown >= self._spent.limit(self._per_day)
        return spent and naming not in self._asked_before

    def count_answer(self, naming: str, sought: Sought) -> None:
        """Count a question that is answered; asking again about a trainer asked about before costs nothing."""
        new = sought is Sought.UNKNOWN and naming not in self._asked_before
        if sought is not Sought.NOT_LOOKED_UP:
            self._asked_before.add(naming)
        asked, unknown = self._spent.asked + 1, self._spent.unknown + new
        self._spent = replace(self._spent, asked=asked, unknown=unknown)

    def count_refusal(self) -> None:
        """Count a question that is refused; nothing else is kept of it. The operator is told of the day's first."""
        if not self._spent.refused:
            _log.warning(
                "key %s has asked about %d unknown trainers today, which is all it may: new ones are refused until "
                "midnight in London; see `trivet keys list`",
                self._key,
                self._spent.unknown,
            )
        self._spent = replace(self._spent, refused=self._spent.refused + 1)

    async def close(self, connection: AsyncConnection) -> None:
        """Keep what was counted."""
        counts = msgspec.structs.asdict(self._spent)
        if self._first:
            row = {"key": self._key, "day": self._day, **counts}
            await connection.execute(insert(unknown_trainers), row)
            return
        await connection.execute(
            update(unknown_trainers)
            .where(unknown_trainers.c.key == self._key, unknown_trainers.c.day == self._day)
            .values(**counts)
        )


async def spending_on(connection: AsyncConnection, day: date) -> Mapping[str, Spending]:
    """Return what each key that asked about trainers has asked on a London day."""
    rows = await connection.execute(select(unknown_trainers).where(unknown_trainers.c.day == day))
    return {
        row["key"]: Spending(row["asked"], row["unknown"], row["refused"])
        for row in rows.mappings()
    }
