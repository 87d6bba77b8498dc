"""Queries of batches: what was asked at once, row by row, and what came of it. The rows' answers are verifications."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import can_hold, reading
from trivet.verification.store import batch_problems, batches, verifications

DEAD_AFTER = timedelta(seconds=60)
"""How long a batch that is running may go without a row before its process is taken for dead."""

PROBLEMS_KEPT = timedelta(hours=24)
"""How long it is kept what was wrong with a row: as long as a request may be sent again."""

_AT_ONCE = 100


class State(StrEnum):
    """How far a batch has come: rows are still read, all were answered, or its caller or its process was lost."""

    RUNNING = "running"
    COMPLETE = "complete"
    BROKEN_OFF = "broken_off"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were kept, of which verdict, and with how many something was wrong."""

    rows: int = 0
    passed: int = 0
    failed: int = 0
    unconfirmed: int = 0
    problems: int = 0


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as it is kept. Instants are UTC; `body` is the keyed hash of what was sent, once all of it was."""

    id: str
    account: str
    key: str
    test: bool
    received_at: datetime
    touched_at: datetime
    state: str
    known_at: datetime | None
    rows: int
    passed: int
    failed: int
    unconfirmed: int
    problems: int
    body: str | None
    receipt: str | None

    def state_at(self, now: datetime) -> State:
        """Say how far it has come; one that was not touched for long was lost with its process. `now` is UTC."""
        dead = self.state == State.RUNNING and now - self.touched_at > DEAD_AFTER
        return State.BROKEN_OFF if dead else State(self.state)


class ProblemRow(msgspec.Struct, frozen=True):
    """A row that could not be asked: its number, the caller's reference, and what was wrong as JSON."""

    batch_row: int
    reference: str | None
    problem: str


async def add_batch(connection: AsyncConnection, batch: Batch) -> None:
    """Keep a batch of which nothing was read yet."""
    await connection.execute(insert(batches), msgspec.structs.asdict(batch))


async def find_batch(
    connection: AsyncConnection, account: str, batch: str, *, test: bool
) -> Batch | None:
    """Return an account's batch; None if the account has none such."""
    if not can_hold(batch):
        return None
    rows = await connection.execute(
        select(batches).where(
            batches.c.id == batch, batches.c.account == account, batches.c.test == test
        )
    )
    row = rows.mappings().first()
    return Batch(**row) if row else None


async def add_rows(
    connection: AsyncConnection,
    batch: str,
    answered: Sequence[dict[str, object]],
    problems: Sequence[ProblemRow],
    now: datetime,
) -> None:
    """Keep some rows of a batch: answered ones as verifications, and what was wrong with others."""
    if answered:
        await connection.execute(insert(verifications), answered)
    if problems:
        wrong = [{**msgspec.structs.asdict(p), "batch": batch, "at": now} for p in problems]
        await connection.execute(insert(batch_problems), wrong)


async def count_rows(
    connection: AsyncConnection,
    batch: str,
    counts: Counts,
    known_at: datetime | None,
    now: datetime,
) -> None:
    """Keep how far a batch has come, at an instant (UTC)."""
    values = {**msgspec.structs.asdict(counts), "known_at": known_at, "touched_at": now}
    await connection.execute(update(batches).where(batches.c.id == batch).values(**values))


async def end_batch(
    connection: AsyncConnection,
    batch: str,
    state: State,
    now: datetime,
    *,
    body: str | None = None,
    receipt: str | None = None,
) -> None:
    """Keep how a batch ended."""
    ended = {"state": state.value, "touched_at": now, "body": body, "receipt": receipt}
    await connection.execute(update(batches).where(batches.c.id == batch).values(**ended))


class Result(msgspec.Struct, frozen=True):
    """What came of a row: the answer as JSON, or what was wrong as JSON; neither where it was emptied since."""

    row: int
    reference: str | None
    answer: str | None
    problem: str | None


async def results(engine: AsyncEngine, batch: str, after: int, up_to: int) -> AsyncIterator[Result]:
    """Yield what came of the rows after a number, up to another, in order; no transaction is open in between."""
    while after < up_to:
        page = min(after + _AT_ONCE, up_to)
        async with reading(engine) as connection:
            found = await _page(connection, batch, after, page)
        for row in range(after + 1, page + 1):
            yield found.get(row) or Result(row, None, None, None)
        after = page


async def _page(
    connection: AsyncConnection, batch: str, after: int, up_to: int
) -> dict[int, Result]:
    kept, wrong = verifications.c, batch_problems.c
    answered = await connection.execute(
        select(kept.batch_row, kept.reference, kept.answer).where(
            kept.batch == batch, kept.batch_row > after, kept.batch_row <= up_to
        )
    )
    problems = await connection.execute(
        select(wrong.batch_row, wrong.reference, wrong.problem).where(
            wrong.batch == batch, wrong.batch_row > after, wrong.batch_row <= up_to
        )
    )
    found = {row: Result(row, reference, answer, None) for row, reference, answer in answered}
    found |= {row: Result(row, reference, None, problem) for row, reference, problem in problems}
    return found


async def forget_problems(connection: AsyncConnection, now: datetime) -> None:
    """Forget what was wrong with rows that came more than a day before an instant (UTC)."""
    await connection.execute(
        delete(batch_problems).where(batch_problems.c.at <= now - PROBLEMS_KEPT)
    )
