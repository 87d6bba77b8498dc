"""How the results of a batch are written: JSON, NDJSON or csv, as they come."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

import msgspec

from trivet.verification.answer import Verification
from trivet.verification.batch import result_line
from trivet.verification.batch_store import Result
from trivet.verification.rows import RowProblem

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
FORMATS = (JSON, NDJSON, CSV)

COLUMNS = (
    "row",
    "reference",
    "verdict",
    "reasons",
    "why",
    "valid_until",
    "delivered_on",
    "known_at",
    "verification",
)
"""The columns of csv. `why` is in plain words; `valid_until` is the last day on which all of it holds."""

_DAY = timedelta(days=1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(Protocol):
    """Writes results one after another."""

    media_type: str

    def begin(self) -> bytes:
        """Return what stands before the first result."""

    def result(self, result: Result) -> bytes:
        """Return one result."""

    def end(self, batch: bytes) -> bytes:
        """Return what stands behind the last result; `batch` is the batch with its receipt, as JSON."""


class Lines:
    """NDJSON: a result a line, and the batch in a line at the end."""

    media_type = NDJSON

    def begin(self) -> bytes:
        """Return nothing."""
        return b""

    def result(self, result: Result) -> bytes:
        """Return a line."""
        return result_line(result) + b"\n"

    def end(self, batch: bytes) -> bytes:
        """Return the batch's line."""
        return b'{"batch":' + batch + b"}\n"


class Document:
    """JSON: `{"items": [...], "batch": {...}}`."""

    media_type = JSON

    def __init__(self) -> None:
        self._between = b""

    def begin(self) -> bytes:
        """Return the beginning of the list."""
        return b'{"items":['

    def result(self, result: Result) -> bytes:
        """Return an item of the list."""
        between, self._between = self._between, b","
        return between + result_line(result)

    def end(self, batch: bytes) -> bytes:
        """Return the end of the list, and the batch."""
        return b'],"batch":' + batch + b"}"


class Table:
    """csv: a result a row, in words that a person can filter; the receipt is found at the batch's address."""

    media_type = CSV

    def begin(self) -> bytes:
        """Return the columns."""
        return _csv(COLUMNS)

    def result(self, result: Result) -> bytes:
        """Return a row."""
        return _csv([neutral(cell) for cell in cells(result)])

    def end(self, batch: bytes) -> bytes:  # noqa: ARG002 - there is no place for it
        """Return nothing."""
        return b""


def format_for(media_type: str) -> Format:
    """Return what writes a media type."""
    return _FORMATS[media_type]()


_FORMATS: Mapping[str, Callable[[], Format]] = {JSON: Document, NDJSON: Lines, CSV: Table}


def cells(result: Result) -> Sequence[str]:
    """Return a result as a row of the columns."""
    row, reference = str(result.row), result.reference or ""
    if result.answer is None:
        problem = msgspec.json.decode(result.problem or b'{"code":"","detail":""}', type=RowProblem)
        why = " ".join([problem.detail, *(f"{e.pointer}: {e.detail}." for e in problem.errors)])
        return (row, reference, "not_asked", problem.code, why, "", "", "", "")
    answer = msgspec.json.decode(result.answer, type=Verification)
    return (
        row,
        reference,
        answer.verdict.value,
        " ".join(dict.fromkeys(reason.code for reason in answer.reasons)),
        " ".join(dict.fromkeys(reason.text for reason in answer.reasons)),
        valid_until(answer),
        answer.delivered_on.isoformat(),
        answer.known_at.isoformat().replace("+00:00", "Z"),
        answer.id,
    )


def valid_until(answer: Verification) -> str:
    """Return the last day on which everything that passes goes on holding; nothing where nobody knows, or it fails."""
    ends = [element.valid_to for element in answer.elements if element.valid_to is not None]
    return last_day(answer.verdict, ends)


def last_day(verdict: str, ends: Sequence[date]) -> str:
    """Return the day before the first of some half-open ends, where there is a pass that they end."""
    return (min(ends) - _DAY).isoformat() if verdict == "pass" and ends else ""


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _csv(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()
