"""Watches from a file: many rows at once, each by its reference, as often as the file is sent."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trivet.alerts.watched import Watched
from trivet.http.bodies import clipped, parse_json, typed
from trivet.http.problems import FieldError, Problem

MOST_ROWS = 10_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "provider_scheme": ("provider", "scheme"),
    "provider": ("provider", "value"),
    "programme_scheme": ("programme", "scheme"),
    "programme": ("programme", "value"),
    "trainer_scheme": ("trainer", "scheme"),
    "trainer": ("trainer", "value"),
    "delivered_on": ("deliveredOn",),
    "delivered_by_scheme": ("deliveredBy", "scheme"),
    "delivered_by": ("deliveredBy", "value"),
    "reference": ("reference",),
    "expiry_notice": ("expiryNotice",),
}
"""The columns of csv, and where each stands in a watch; `expiry_notice` divides its durations by spaces."""

_NEEDED = ("provider_scheme", "provider", "reference")
_COLUMN_OF = {
    # What is missing whole is missed in the column of its value.
    **{f"/{path[0]}": column for column, path in COLUMNS.items() if path[-1] != "scheme"},
    **{"/" + "/".join(path): column for column, path in COLUMNS.items()},
}


class BulkProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row is not watched: a stable code, a sentence, and the fields at fault."""

    code: str
    detail: str
    errors: list[FieldError] = []


class BulkRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row by its number, counted from 1: what is to be watched, or why it can't be."""

    number: int
    reference: str | None = None
    watched: Watched | None = None
    problem: BulkProblem | None = None


def problem_of(problem: Problem, *, by_column: bool) -> BulkProblem:
    """Return what is wrong with a row; in csv the fields are columns."""
    errors = [_in_columns(error) if by_column else error for error in problem.errors]
    return BulkProblem(code=problem.code, detail=problem.detail, errors=errors)


def json_watches(body: bytes) -> Iterator[BulkRow]:
    """Yield the rows of `{"items": [...]}`; a Problem of 400 if the body is no such thing."""
    held = parse_json(body)
    items = held.get("items") if isinstance(held, dict) else None
    if not isinstance(items, list) or len(held) != 1:
        raise _unreadable('is {"items": [...]} and nothing else')
    _not_too_many(len(items))
    for number, item in enumerate(items, 1):
        yield _row(number, item, by_column=False)


def csv_watches(body: bytes) -> Iterator[BulkRow]:
    """Yield the rows of a csv file (RFC 4180) whose first row names its columns; Problem of 400 if that can't be."""
    try:
        text = body.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(f"is no csv in UTF-8: {error}") from None
    if not rows:
        raise _unreadable("is empty: the first row names the columns")
    names = _header(rows[0])
    _not_too_many(len(rows) - 1)
    for number, cells in enumerate(rows[1:], 1):
        if len(cells) != len(names):
            detail = f"The row has {len(cells)} cells where the first row has {len(names)}."
            yield BulkRow(number=number, problem=BulkProblem(code="invalid_body", detail=detail))
        else:
            yield _row(number, _of_cells(dict(zip(names, cells, strict=True))), by_column=True)


def _of_cells(cells: Mapping[str, str]) -> dict[str, Any]:
    watched: dict[str, Any] = {}
    for column, cell in cells.items():
        if cell.strip():
            *outer, name = COLUMNS[column]
            place = watched.setdefault(outer[0], {}) if outer else watched
            place[name] = cell.split() if column == "expiry_notice" else cell
    return watched


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    unknown = [clipped(name) for name in names if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in names]
    if unknown or missing or len(set(names)) < len(names):
        wrong = f"unknown: {', '.join(unknown)}; " if unknown else ""
        wrong += f"missing: {', '.join(missing)}; " if missing else ""
        known = ", ".join(COLUMNS)
        raise _unreadable(f"names columns that can't be ({wrong}known: {known}), each once")
    return names


def _row(number: int, value: Any, *, by_column: bool) -> BulkRow:
    reference = value.get("reference") if isinstance(value, dict) else None
    reference = clipped(reference) if isinstance(reference, str) else None
    try:
        watched: Watched = typed(value, Watched)
        _needs_reference(watched)
    except Problem as problem:
        wrong = problem_of(problem, by_column=by_column)
        return BulkRow(number=number, reference=reference, problem=wrong)
    return BulkRow(number=number, reference=reference, watched=watched)


def _needs_reference(watched: Watched) -> None:
    if not (watched.reference and watched.reference.strip()):
        detail = "is missing: by its reference a row is the same watch when it is sent again"
        error = FieldError(pointer="/reference", code="missing", detail=detail)
        raise Problem(400, "invalid_watch", f"`reference` {detail}.", errors=[error])


def _in_columns(error: FieldError) -> FieldError:
    within, _, _ = error.pointer.rpartition("/")  # one of several notices stands in the same column
    column = _COLUMN_OF.get(error.pointer) or _COLUMN_OF.get(within)
    return msgspec.structs.replace(error, pointer=f"column {column}") if column else error


def _not_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise _unreadable(f"has {rows} rows: send at most {MOST_ROWS} at a time")


def _unreadable(detail: str) -> Problem:
    error = FieldError(pointer="", code="invalid", detail=detail)
    return Problem(400, "invalid_body", f"The body {detail}.", errors=[error])
