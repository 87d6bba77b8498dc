"""The rows of a batch, one question each, read as they come: a row that can't be read is a problem of its own."""

import csv
import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from trivet.http.bodies import clipped, parse_json, typed
from trivet.http.problems import FieldError, Problem
from trivet.verification.question import Question

LONGEST_ROW = 64 * 1024
"""In bytes; the limit of a single question too."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "provider_scheme": ("provider", "scheme"),
    "provider": ("provider", "value"),
    "programme_scheme": ("programme", "scheme"),
    "programme": ("programme", "value"),
    "trainer_scheme": ("trainer", "scheme"),
    "trainer": ("trainer", "value"),
    "trainer_family_name": ("trainer", "familyName"),
    "delivered_on": ("deliveredOn",),
    "delivered_by_scheme": ("deliveredBy", "scheme"),
    "delivered_by": ("deliveredBy", "value"),
    "reference": ("reference",),
}
"""The columns of csv, and where each stands in a question."""

_NEEDED = ("provider_scheme", "provider", "programme_scheme", "programme")
_COLUMN_OF = {"/" + "/".join(path): column for column, path in COLUMNS.items()}


class RowProblem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a row could not be asked: a stable code, a sentence, and the fields at fault."""

    code: str
    detail: str
    errors: Sequence[FieldError] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row by its number, counted from 1: a question, or why it is none; the reference as far as it could be read."""

    number: int
    question: Question | None = None
    problem: RowProblem | None = None
    reference: str | None = None


async def json_rows(body: bytes, most: int) -> AsyncIterator[Row]:
    """Yield the rows of `{"items": [...]}`; a Problem of 400 if the body is no such thing."""
    held = parse_json(body)
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list) or len(held) != 1:
        raise _no_batch('is {"items": [...]} and nothing else')
    if len(items) > most:
        detail = f"has {len(items)} items: send at most {most}, or stream them as NDJSON or csv"
        raise _no_batch(detail)
    for number, item in enumerate(items, 1):
        yield _row(number, item)


async def ndjson_rows(chunks: AsyncIterable[bytes]) -> AsyncIterator[Row]:
    """Yield the rows of JSON texts divided by line feeds; blank lines are none."""
    number = 0
    async for line in _lines(chunks):
        if line is not None and not line.strip():
            continue
        number += 1
        yield _too_long(number) if line is None else _parsed(number, line)


async def csv_rows(chunks: AsyncIterable[bytes]) -> AsyncIterator[Row]:
    """Yield the rows of a csv file (RFC 4180) whose first row names its columns; Problem of 400 if that can't be."""
    columns: Sequence[str] | None = None
    number = 0
    async for record in _records(chunks):
        if columns is None:
            columns = _header(record)
            continue
        if record is not None and not record.strip():
            continue
        number += 1
        yield _too_long(number) if record is None else _of_cells(number, record, columns)
    if columns is None:
        raise _no_batch("is empty: the first row names the columns")


async def _lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes | None]:
    """Divide bytes at line feeds; None is a line that is longer than any row may be."""
    waiting, skipping = b"", False
    async for chunk in chunks:
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in whole:
            yield None if skipping or len(line) > LONGEST_ROW else line
            skipping = False
        if len(waiting) > LONGEST_ROW:
            waiting, skipping = b"", True
    if waiting or skipping:
        yield None if skipping else waiting


async def _records(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes | None]:
    """Join lines that a quoted cell runs over; None is a record that is longer than any row may be."""
    waiting = b""
    async for line in _lines(chunks):
        if line is None:
            waiting = b""
            yield None
            continue
        waiting = waiting + b"\n" + line if waiting else line
        if waiting.count(b'"') % 2 == 0:
            yield waiting
            waiting = b""
        elif len(waiting) > LONGEST_ROW:
            waiting = b""
            yield None
    if waiting:
        yield waiting


def _header(record: bytes | None) -> Sequence[str]:
    cells = _cells((record or b"").removeprefix(b"\xef\xbb\xbf"))
    names = [cell.strip().lower() for cell in cells or ()]
    unknown = [clipped(name) for name in names if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        wrong = f"unknown: {', '.join(unknown)}; " if unknown else ""
        wrong += f"missing: {', '.join(missing)}; " if missing else ""
        detail = f"names columns that can't be ({wrong}known: {', '.join(COLUMNS)})"
        raise _no_batch(f"{detail}, each once")
    return names


def _cells(record: bytes) -> list[str] | None:
    try:
        (cells,) = csv.reader([record.decode().rstrip("\r")], strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None
    return cells


def _of_cells(number: int, record: bytes, columns: Sequence[str]) -> Row:
    cells = _cells(record)
    if cells is None:
        return _faulty(number, "is no row of csv in UTF-8: a quote may be missing")
    if len(cells) != len(columns):
        return _faulty(number, f"has {len(cells)} cells where the first row has {len(columns)}")
    question: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell.strip():
            *outer, name = COLUMNS[column]
            place = question.setdefault(outer[0], {}) if outer else question
            place[name] = cell
    return _row(number, question, by_column=True)


def _parsed(number: int, line: bytes) -> Row:
    try:
        value = parse_json(line)
    except Problem as problem:
        return Row(number=number, problem=_problem(problem))
    return _row(number, value)


def _row(number: int, value: Any, *, by_column: bool = False) -> Row:
    reference = value.get("reference") if isinstance(value, dict) else None
    reference = reference if isinstance(reference, str) else None
    if len(json.dumps(value)) > LONGEST_ROW:
        return _too_long(number)
    try:
        question: Question = typed(value, Question)
    except Problem as problem:
        return Row(
            number=number,
            problem=_problem(problem, by_column=by_column),
            reference=reference and clipped(reference),
        )
    return Row(number=number, question=question, reference=reference)


def _problem(problem: Problem, *, by_column: bool = False) -> RowProblem:
    return RowProblem(
        code=problem.code,
        detail=problem.detail,
        errors=[in_columns(e) if by_column else e for e in problem.errors],
    )


def in_columns(error: FieldError) -> FieldError:
    """Return an error whose pointer is the column of csv, where the field has one."""
    column = _COLUMN_OF.get(error.pointer)
    return msgspec.structs.replace(error, pointer=f"column {column}") if column else error


def _faulty(number: int, detail: str) -> Row:
    return Row(number=number, problem=RowProblem(code="invalid_body", detail=f"The row {detail}."))


def _too_long(number: int) -> Row:
    return _faulty(number, f"is longer than {LONGEST_ROW} bytes")


def _no_batch(detail: str) -> Problem:
    error = FieldError(pointer="", code="invalid", detail=detail)
    return Problem(400, "invalid_body", f"The body {detail}.", errors=[error])
