"""The files of a batch: csv, xlsx and NDJSON, read row by row, and written with what came of each row."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from python_calamine import CalamineError, load_workbook

from trivet.cli import CouldNot
from trivet.cli.batch_mapping import ColumnMapping
from trivet.verification.batch_formats import last_day, neutral

NOT_ASKED = "not_asked"
"""What stands in the place of a verdict where a row could not be asked."""

ADDED = ("verdict", "why", "valid_until", "reasons", "known_at", "verification")
"""The columns that an output has behind those of the input; `valid_until` is the last day on which all holds."""


ENDINGS = (".csv", ".xlsx", ".ndjson", ".jsonl")
"""The endings of the outputs that can be written."""


class Rows(Protocol):
    """The rows of an input, which may be gone through again and again."""

    def columns(self) -> Sequence[str]:
        """Return the names of the columns that an output shows again."""

    def cells(self) -> Iterator[Sequence[object]]:
        """Yield each row's cells under those columns."""

    def questions(self) -> Iterator[Mapping[str, Any]]:
        """Yield each row as a question on the wire."""

    def count(self) -> int:
        """Count the rows."""


def read_rows(source: Path, mapping: ColumnMapping) -> Rows:
    """Return the rows of a file by its ending; CouldNot says why it can't be read."""
    if not source.is_file():
        raise CouldNot(f"{source} is not there")
    match source.suffix.lower():
        case ".csv":
            return _Csv(source, mapping)
        case ".xlsx":
            return _Xlsx(source, mapping)
        case ".ndjson" | ".jsonl":
            return _Ndjson(source)
    raise CouldNot(f"{source}: give a file that ends in .csv, .xlsx or .ndjson")


class _Table:
    """What csv and xlsx have in common: the first row names the columns."""

    def __init__(self, source: Path, mapping: ColumnMapping) -> None:
        self._source, self._mapping = source, mapping
        self._columns = next(self._lines(), None)
        if not self._columns:
            raise CouldNot(f"{source} is empty: the first row names the columns")
        wanted = mapping.columns.values()
        missing = [column for column in wanted if column not in self._columns]
        if (missing and len(missing) == len(wanted)) or self._lacks_a_mapped_one(missing):
            raise CouldNot(
                f"{source} has no column {missing[0]!a}: it has {', '.join(map(ascii, self._columns))}; say with --map "
                "which column holds what"
            )

    def _lacks_a_mapped_one(self, missing: Sequence[str]) -> bool:
        """Say whether a column is missing that somebody mapped: those of a plain file may all be left out."""
        named = {column for name, column in self._mapping.columns.items() if name != column}
        return bool(named & set(missing))

    def columns(self) -> Sequence[str]:
        return [str(column) for column in self._columns or ()]

    def cells(self) -> Iterator[Sequence[object]]:
        lines = self._lines()
        next(lines)
        return (line for line in lines if any(cell not in ("", None) for cell in line))

    def questions(self) -> Iterator[Mapping[str, Any]]:
        columns = self.columns()
        for line in self.cells():
            yield self._mapping.question(dict(zip(columns, line, strict=False)))

    def count(self) -> int:
        return sum(1 for _ in self.cells())

    def _lines(self) -> Iterator[Sequence[object]]:
        raise NotImplementedError


class _Csv(_Table):
    def _lines(self) -> Iterator[Sequence[object]]:
        try:
            with self._source.open(encoding="utf-8-sig", newline="") as file:
                yield from csv.reader(file, strict=True)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CouldNot(f"{self._source} is no csv in UTF-8: {error}") from None


class _Xlsx(_Table):
    def _lines(self) -> Iterator[Sequence[object]]:
        try:
            book = load_workbook(self._source)
            yield from book.get_sheet_by_index(0).iter_rows()
        except (OSError, CalamineError) as error:
            raise CouldNot(f"{self._source} is no xlsx that can be read: {error}") from None


class _Ndjson:
    """Questions as the wire contract writes them, one a line."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def columns(self) -> Sequence[str]:
        return ("reference",)

    def cells(self) -> Iterator[Sequence[object]]:
        for row in self.questions():
            yield (row.get("reference") if isinstance(row, dict) else None,)

    def questions(self) -> Iterator[Mapping[str, Any]]:
        number = 0
        try:
            with self._source.open(encoding="utf-8") as file:
                for number, line in enumerate(file, 1):  # noqa: B007 - told where a line is no JSON
                    if line.strip():
                        yield json.loads(line)
        except (OSError, UnicodeDecodeError) as error:
            raise CouldNot(f"{self._source} can't be read: {error}") from None
        except ValueError as error:
            raise CouldNot(f"{self._source}, line {number}, is not JSON: {error}") from None

    def count(self) -> int:
        return sum(1 for _ in self.questions())


def write_results(out: Path, rows: Rows, results: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Write what came of each row by the output's ending, whole or not at all; return how many of each verdict."""
    verdicts: Counter[str] = Counter()
    with written_whole(out) as write:
        write([*rows.columns(), *ADDED], None)
        for cells, result in zip(rows.cells(), results, strict=True):
            added = _added(result)
            verdicts[added[0]] += 1
            write([*cells, *added], result)
    return verdicts


class Write(Protocol):
    """Writes an output row by row."""

    def __call__(self, cells: Sequence[object], result: Mapping[str, Any] | None, /) -> object:
        """Write a row; without a result, the names of the columns."""


@contextmanager
def written_whole(out: Path) -> Iterator[Write]:
    """Give what writes an output by its ending; the file is there once the block is left well, and not before."""
    passing = out.with_name(f".{out.name}.passing")
    try:
        with _writer(out.suffix.lower(), passing) as write:
            yield write
        passing.replace(out)
    finally:
        passing.unlink(missing_ok=True)


@contextmanager
def _writer(suffix: str, file: Path) -> Iterator[Write]:
    match suffix:
        case ".csv":
            with file.open("w", encoding="utf-8-sig", newline="") as written:
                to_csv = csv.writer(written)
                yield lambda cells, _result: to_csv.writerow([_shown(cell) for cell in cells])
        case ".xlsx":
            with _workbook(file) as write:
                yield write
        case ".ndjson" | ".jsonl":
            with file.open("w", encoding="utf-8") as lines:
                yield lambda _cells, result: result and lines.write(f"{json.dumps(result)}\n")
        case _:
            raise CouldNot(f"give an output that ends in .csv, .xlsx or .ndjson, not {suffix!a}")


@contextmanager
def _workbook(file: Path) -> Iterator[Write]:
    from xlsxwriter import Workbook

    book = Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "in_memory": False}
    )
    sheet, bold = book.add_worksheet("Certification"), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    row = 0

    def write(cells: Sequence[object], result: Mapping[str, Any] | None) -> None:
        nonlocal row
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, _shown(cell), bold if result is None else None)
        if result is None:
            last = len(cells) - 1
            sheet.set_column(0, last, 18)
            sheet.autofilter(0, 0, 1_048_575, last)
        row += 1

    yield write
    book.close()


def _shown(cell: object) -> str:
    """Return a cell as text that no spreadsheet takes for a formula."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return neutral("" if cell is None else str(cell))


def _added(result: Mapping[str, Any]) -> Sequence[str]:
    """Return what an output says of a row, in plain words."""
    problem = result.get("problem")
    if problem:
        errors = [f"{error['pointer']} {error['detail']}" for error in problem.get("errors", ())]
        return (NOT_ASKED, "; ".join([problem["detail"], *errors]), "", problem["code"], "", "")
    answer = result["verification"]
    reasons = answer["reasons"]
    return (
        answer["verdict"],
        " ".join(dict.fromkeys(reason["text"] for reason in reasons)),
        _valid_until(answer),
        " ".join(dict.fromkeys(reason["code"] for reason in reasons)),
        answer["knownAt"],
        answer["id"],
    )


def _valid_until(answer: Mapping[str, Any]) -> str:
    ends = [element["validTo"] for element in answer["elements"] if element["validTo"]]
    return last_day(answer["verdict"], [date.fromisoformat(end) for end in ends])
