"""Many questions at once: each row answered and kept as one asked alone is, all by what was known at one instant.

Rows are kept some at a time, each time in a transaction that nothing can be published or erased beside. What is sent
is read back from what was kept: whoever reads slowly, or goes away, keeps nobody waiting.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import writing
from trivet.http.problems import FieldError
from trivet.ids import new_id
from trivet.london import day_of
from trivet.register.current import AskedOf
from trivet.register.index import Known
from trivet.verification import batch_store
from trivet.verification.answering import Answering, Signed
from trivet.verification.batch_store import Counts, ProblemRow, Result
from trivet.verification.budget import Budget
from trivet.verification.question import Fault, Question, faults, knowledge_faults
from trivet.verification.receipts import STATES, BatchReceipt
from trivet.verification.rows import Row, RowProblem, in_columns
from trivet.verification.store import row_of

_AT_ONCE = 25
"""How many rows one transaction keeps at most: others write in between."""

_WAITING = 200
"""How many rows wait to be answered at most; no more are read from the caller meanwhile."""

MOST_ROWS = 1_000_000

Clock = Callable[[], datetime]
_SPENT = RowProblem(
    code="unknown_trainers_spent",
    detail="This key has asked about as many unknown trainers as it may in a day: ask this row again tomorrow.",
)
_TOO_MANY = RowProblem(
    code="too_many_rows",
    detail=f"A batch has at most {MOST_ROWS} rows: this one, and what follows it, was not read.",
)


class NothingMirrored(Exception):
    """There is no register to answer from."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Where batches are answered: for whom, from which register each question, with which clock (UTC) and budget."""

    engine: AsyncEngine
    answering: Answering
    asked_of: Callable[[Question], AskedOf]
    clock: Clock
    unknown_trainers_per_day: int


class Batching:
    """One batch under way."""

    def __init__(self, desk: Desk, identity: str, *, by_column: bool) -> None:
        """`by_column`: what is wrong with a row is told by the columns of csv."""
        self._desk, self.id, self._by_column = desk, identity, by_column
        self._questions, self._results = hashlib.sha256(), hashlib.sha256()
        self._known: Known | None = None
        self.counts = Counts()
        self.progress = asyncio.Event()

    async def keep(self, rows: AsyncIterator[Row]) -> None:
        """Answer and keep every row; `progress` is set each time that some were."""
        waiting: asyncio.Queue[Row | None] = asyncio.Queue(_WAITING)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_read(rows, waiting))
            ended = False
            while not ended:
                some, ended = await _some(waiting)
                if some:
                    await self._keep(some)

    def receipt(self, now: datetime) -> BatchReceipt:
        """Return what is signed once every row was kept."""
        snapshot = self._known.index.snapshot if self._known and self._known.index else None
        return BatchReceipt(
            states=STATES,
            batch=self.id,
            account=self._desk.answering.caller.account,
            rows=self.counts.rows,
            passed=self.counts.passed,
            failed=self.counts.failed,
            cannot_confirm=self.counts.unconfirmed,
            problems=self.counts.problems,
            questions=f"sha256:{self._questions.hexdigest()}",
            results=f"sha256:{self._results.hexdigest()}",
            known_at=self._known.at if self._known else None,
            finished_at=now,
            snapshot=snapshot.id if snapshot else None,
            digest=snapshot.digest if snapshot else None,
            accepts_declared=self._desk.answering.caller.accepts_declared,
        )

    async def _keep(self, rows: Sequence[Row]) -> None:
        desk = self._desk
        async with writing(desk.engine) as connection:
            now = desk.clock()
            registers = _Registers(connection, now)
            checked = [await self._checked(registers, row) for row in rows]
            answered, problems = await self._answered(connection, checked, now)
            await batch_store.add_rows(connection, self.id, answered, problems, now)
            counts = _added(self.counts, answered, problems)
            known_at = self._known.at if self._known else None
            await batch_store.count_rows(connection, self.id, counts, known_at, now)
        self._digest(checked, answered, problems)
        self.counts = counts
        self.progress.set()

    async def _checked(self, registers: "_Registers", row: Row) -> "tuple[Row, Known | None]":
        """Return a row that may be asked with what was known, or the row with what is wrong with it."""
        question = row.question
        if question is None:
            return row, None
        wrong = [*knowledge_faults(question, registers.now)]
        known = None
        if not wrong:
            known = await self._what_was_known(registers, question)
            used = known.index.words if known.index else {}
            wrong = [*faults(question, day_of(known.at), used)]
        if not wrong:
            return row, known
        problem = RowProblem(
            code="invalid_question",
            detail="The question can't be asked; see errors.",
            errors=[*self._errors(wrong)],
        )
        return Row(number=row.number, problem=problem, reference=row.reference), None

    def _errors(self, wrong: Iterable[Fault]) -> Iterable[FieldError]:
        for fault in wrong:
            error = FieldError(pointer=fault.pointer, code=fault.code, detail=fault.detail)
            yield in_columns(error) if self._by_column else error

    async def _what_was_known(self, registers: "_Registers", question: Question) -> Known:
        """Return what was known at the instant that the row names, or at that of the batch: of its first row."""
        at = question.known_at.astimezone(UTC) if question.known_at else None
        of_batch = self._known.at if self._known else None
        known = await registers.known(self._desk.asked_of(question), at or of_batch)
        if at is None and self._known is None:
            self._known = known
        return known

    async def _answered(
        self,
        connection: AsyncConnection,
        checked: "Sequence[tuple[Row, Known | None]]",
        now: datetime,
    ) -> tuple[list[dict[str, object]], list[ProblemRow]]:
        answering = self._desk.answering
        namings = {r.number: answering.naming(r.question) for r, _ in checked if r.question}
        named = {naming for naming in namings.values() if naming}
        budget = await self._budget(connection, named, now) if named else None
        answered, problems = [], []
        for row, known in checked:
            naming = namings.get(row.number)
            if row.question is None or known is None:
                problems.append(_problem(row, row.problem or _TOO_MANY))
            elif budget and naming and budget.refuses(naming):
                budget.count_refusal()
                problems.append(_problem(row, _SPENT))
            else:
                signed = answering.answer(row.question, known, new_id("ver"), now)
                if budget and naming:
                    budget.count_answer(naming, signed.trainer)
                answered.append(self._row(row, row.question, signed))
        if budget:
            await budget.close(connection)
        return answered, problems

    async def _budget(self, connection: AsyncConnection, named: set[str], now: datetime) -> Budget:
        caller = self._desk.answering.caller
        return await Budget.opened(
            connection,
            key=caller.key,
            account=caller.account,
            namings=named,
            now=now,
            per_day=self._desk.unknown_trainers_per_day,
        )

    def _row(self, row: Row, question: Question, signed: Signed) -> dict[str, object]:
        kept = row_of(signed.asked, question, signed.verification)
        return {**kept, "batch": self.id, "batch_row": row.number}

    def _digest(
        self,
        checked: "Sequence[tuple[Row, Known | None]]",
        answered: Sequence[dict[str, object]],
        problems: Sequence[ProblemRow],
    ) -> None:
        by_number = {row["batch_row"]: row for row in answered}
        wrong = {problem.batch_row: problem for problem in problems}
        for row, _ in checked:
            kept = by_number.get(row.number)
            self._questions.update(f"{kept['question'] if kept else ''}\n".encode())
            if kept:
                result = Result(row.number, _text(kept["reference"]), _text(kept["answer"]), None)
            else:
                problem = wrong[row.number]
                result = Result(row.number, problem.reference, None, problem.problem)
            self._results.update(result_line(result) + b"\n")


class _Registers:
    """What was known at the instants that the questions of one transaction name: looked up once each."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection, self.now = connection, now
        self._known: dict[tuple[AskedOf, datetime | None], Known] = {}

    async def known(self, register: AskedOf, asked: datetime | None) -> Known:
        found = self._known.get((register, asked))
        if found is None:
            found = await register.known(self._connection, asked, self.now)
            if found is None:
                raise NothingMirrored
            self._known[register, asked] = found
        return found


async def _read(rows: AsyncIterator[Row], waiting: asyncio.Queue[Row | None]) -> None:
    async for row in rows:
        if row.number > MOST_ROWS:
            await waiting.put(Row(number=row.number, problem=_TOO_MANY))
            break
        await waiting.put(row)
    await waiting.put(None)


async def _some(waiting: asyncio.Queue[Row | None]) -> tuple[list[Row], bool]:
    """Return the rows that are there, at least one, and whether they are the last."""
    some: list[Row] = []
    row = await waiting.get()
    while row is not None:
        some.append(row)
        if len(some) == _AT_ONCE or waiting.empty():
            return some, False
        row = waiting.get_nowait()
    return some, True


def _problem(row: Row, problem: RowProblem) -> ProblemRow:
    return ProblemRow(row.number, row.reference, msgspec.json.encode(problem).decode())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _added(
    counts: Counts, answered: Sequence[dict[str, object]], problems: Sequence[ProblemRow]
) -> Counts:
    verdicts = [row["verdict"] for row in answered]
    return Counts(
        rows=counts.rows + len(answered) + len(problems),
        passed=counts.passed + verdicts.count("pass"),
        failed=counts.failed + verdicts.count("fail"),
        unconfirmed=counts.unconfirmed + verdicts.count("cannot_confirm"),
        problems=counts.problems + len(problems),
    )


def result_line(result: Result) -> bytes:
    """Return what came of a row as a line of NDJSON without its line feed: the digest of results is of such lines."""
    head = msgspec.json.encode({"row": result.row, "reference": result.reference})[:-1]
    if result.answer is not None:
        return head + b',"verification":' + result.answer.encode() + b"}"
    if result.problem is not None:
        return head + b',"problem":' + result.problem.encode() + b"}"
    return head + b',"problem":' + _EMPTIED + b"}"


_EMPTIED = msgspec.json.encode(
    RowProblem(
        code="kept_no_more",
        detail="What came of this row is kept no more: its retention is over, or a person was erased.",
    )
)
