"""Many questions at once: the rows as they are sent, and the results as they come."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trivet_client.answers import Answer
from trivet_client.problems import UnexpectedAnswer

PATH = "/v1/verifications/batch"
LINES = "application/x-ndjson"


@dataclass(frozen=True)
class RowProblem:
    """Why a row could not be asked: a stable code, a sentence, and the fields at fault with their pointers."""

    code: str
    detail: str
    errors: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a row, counted from 1. It is true only for `pass`; one that was not asked has a problem instead."""

    row: int
    reference: str | None
    answer: Answer | None
    problem: RowProblem | None
    document: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.answer)


@dataclass(frozen=True)
class Finished:
    """A batch that is complete: its id, how many rows had which end, and the receipt over all of them."""

    id: str
    rows: int
    passed: int
    failed: int
    cannot_confirm: int
    problems: int
    receipt: str


def lines_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield rows as they are sent, as each is needed."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"


class Reader:
    """Reads what comes line by line, in order, to its end; each row once."""

    def __init__(self) -> None:
        self._rows = 0
        self.finished: Finished | None = None

    def read(self, line: str) -> Result | None:
        """Return the result in a line; None for the line that ends the batch.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is not what the contract says.
        """
        document = json.loads(line)
        if self.finished is not None:
            raise ValueError("something follows the end of the batch")
        if "batch" in document:
            self.finished = _finished(document["batch"], self._rows)
            return None
        self._rows += 1
        if document["row"] != self._rows:
            raise ValueError(f"row {self._rows} is missing")
        return _result(document)

    def end(self) -> None:
        """Raise for a batch that was cut off before its end: what came of the rest is not known."""
        if self.finished is None:
            raise UnexpectedAnswer(
                f"the results broke off after row {self._rows}: what came of the rest is not known. Send the same "
                "rows again with the same idempotency_key"
            )


def _result(document: Mapping[str, Any]) -> Result:
    answer = Answer.from_dict(document["verification"]) if "verification" in document else None
    problem = None
    if answer is None:
        told = document["problem"]
        problem = RowProblem(told["code"], told["detail"], tuple(told.get("errors", ())))
    return Result(document["row"], document["reference"], answer, problem, document)


def _finished(told: Mapping[str, Any], rows: int) -> Finished:
    if told["state"] != "complete" or told["rows"] != rows or not told["receipt"]:
        raise ValueError("the batch ends without its receipt, or with another number of rows")
    return Finished(
        id=told["id"],
        rows=told["rows"],
        passed=told["passed"],
        failed=told["failed"],
        cannot_confirm=told["cannotConfirm"],
        problems=told["problems"],
        receipt=told["receipt"],
    )


class Batch:
    """The results of many questions, in order, as they come; go through them once. `finished` is set at their end."""

    def __init__(self, results: Iterator[Result], reader: Reader) -> None:
        self._results, self._reader = results, reader

    def __iter__(self) -> Iterator[Result]:
        return self._results

    @property
    def finished(self) -> Finished | None:
        """The counts and the receipt, once the last result was read."""
        return self._reader.finished


class AsyncBatch:
    """As `Batch`, for `async for`."""

    def __init__(self, results: AsyncIterator[Result], reader: Reader) -> None:
        self._results, self._reader = results, reader

    def __aiter__(self) -> AsyncIterator[Result]:
        return self._results

    @property
    def finished(self) -> Finished | None:
        """The counts and the receipt, once the last result was read."""
        return self._reader.finished


def headers(idempotency_key: str | None) -> dict[str, str]:
    """Return the headers of a batch."""
    asked = {"Content-Type": LINES, "Accept": LINES}
    return asked | ({"Idempotency-Key": idempotency_key} if idempotency_key else {})
