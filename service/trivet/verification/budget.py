"""The budget of unknown trainers: references can be guessed, so guessing is counted, and refused where it goes on."""

import logging
from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from sqlalchemy import (
    Column,
    Date,
    Integer,
    String,
    Table,
    and_,
    exists,
    insert,
    literal,
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


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one question that names a trainer may be answered, decided before the register is asked.

    Once the budget is spent a trainer whom the account has not asked about before is refused, known or not: a refusal
    of the unknown alone would tell them apart.
    """

    key: str
    day: date
    naming: str
    spending: Spending
    per_day: int
    asked_before: bool
    first: bool

    @property
    def refuses(self) -> bool:
        """Whether the question is not to be answered."""
        spent = self.spending.unknown >= self.spending.limit(self.per_day)
        return spent and not self.asked_before


async def allowance(
    connection: AsyncConnection,
    *,
    key: str,
    account: str,
    naming: str,
    now: datetime,
    per_day: int,
) -> Allowance:
    """Return what the budget says to a question at an instant (UTC), before it is judged.

    `naming` is the keyed hash of how it names the trainer. To be called in the transaction that answers it, for each
    row of a batch too: what comes of it is then counted with `count_answer` or `count_refusal`.
    """
    day = day_of(now)
    await one_at_a_time(connection, f"budget of {key}")
    before = exists().where(verifications.c.account == account, verifications.c.naming == naming)
    one = select(literal(1).label("one")).subquery()
    of_day = and_(unknown_trainers.c.key == key, unknown_trainers.c.day == day)
    counts = [unknown_trainers.c[name] for name in Spending.__struct_fields__]
    rows = await connection.execute(
        select(*counts, before.label("before")).select_from(one.outerjoin(unknown_trainers, of_day))
    )
    row = rows.mappings().one()
    first = row["asked"] is None
    return Allowance(
        key=key,
        day=day,
        naming=naming,
        spending=Spending() if first else Spending(**{c.name: row[c] for c in counts}),
        per_day=per_day,
        asked_before=row["before"],
        first=first,
    )


async def count_answer(connection: AsyncConnection, allowed: Allowance, sought: Sought) -> None:
    """Count a question that is answered; asking again about a trainer asked about before costs nothing."""
    spent = allowed.spending
    new = sought is Sought.UNKNOWN and not allowed.asked_before
    await _count(
        connection,
        allowed,
        msgspec.structs.replace(spent, asked=spent.asked + 1, unknown=spent.unknown + new),
    )


async def count_refusal(connection: AsyncConnection, allowed: Allowance) -> None:
    """Count a question that is refused; nothing else is kept of it. The operator is told of a key's first on a day."""
    spent = allowed.spending
    if not spent.refused:
        _log.warning(
            "key %s has asked about %d unknown trainers today, which is all it may: new ones are refused until "
            "midnight in London; see `trivet keys list`",
            allowed.key,
            spent.unknown,
        )
    counted = msgspec.structs.replace(spent, refused=spent.refused + 1)
    await _count(connection, allowed, counted)


async def _count(connection: AsyncConnection, allowed: Allowance, spending: Spending) -> None:
    counts = msgspec.structs.asdict(spending)
    if allowed.first:
        row = {"key": allowed.key, "day": allowed.day, **counts}
        await connection.execute(insert(unknown_trainers), row)
        return
    await connection.execute(
        update(unknown_trainers)
        .where(unknown_trainers.c.key == allowed.key, unknown_trainers.c.day == allowed.day)
        .values(**counts)
    )


async def spending_on(connection: AsyncConnection, day: date) -> Mapping[str, Spending]:
    """Return what each key that asked about trainers has asked on a London day."""
    rows = await connection.execute(select(unknown_trainers).where(unknown_trainers.c.day == day))
    return {
        row["key"]: Spending(row["asked"], row["unknown"], row["refused"])
        for row in rows.mappings()
    }
