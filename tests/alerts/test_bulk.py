"""What a file of watches says, row by row."""

import json

import pytest

from trivet.alerts.bulk import COLUMNS, MOST_ROWS, csv_watches, json_watches
from trivet.alerts.watched import WatchKind
from trivet.http.problems import Problem

HEADER = "provider_scheme,provider,reference"


def csv_of(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def test_a_row_is_what_its_cells_say_and_an_empty_cell_says_nothing() -> None:
    lines = "kind,provider_scheme,provider,trainer_scheme,trainer,reference,expiry_notice\n"
    (row,) = csv_watches(f"{lines}provider,register,heron,, ,PO-1, P30D  P2W ".encode())
    assert row.watched is not None
    assert row.watched.kind is WatchKind.PROVIDER
    assert not row.watched.trainer
    assert row.watched.expiry_notice == ("P30D", "P2W")
    assert (row.number, row.reference) == (1, "PO-1")


def test_rows_are_counted_from_one_and_a_bad_one_among_them_too() -> None:
    rows = [*csv_watches(csv_of("register,heron,1", "register,heron", "register,heron,3"))]
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.problem is None for row in rows] == [True, False, True]


def test_as_many_rows_as_may_be_are_read_and_one_more_is_none() -> None:
    row = "register,heron,PO"
    assert sum(1 for _ in csv_watches(csv_of(*[row] * MOST_ROWS))) == MOST_ROWS
    assert (
        sum(1 for _ in json_watches(json.dumps({"items": [0] * MOST_ROWS}).encode())) == MOST_ROWS
    )
    with pytest.raises(Problem, match="at most"):
        [*csv_watches(csv_of(*[row] * (MOST_ROWS + 1)))]


def test_no_column_takes_a_name_of_a_person() -> None:
    assert not [column for column in COLUMNS if "name" in column]


def test_a_quoted_reference_is_not_quoted_back_at_any_length() -> None:
    (row,) = csv_watches(csv_of(f"register,heron,{'x' * 100_000}"))
    assert row.reference is not None
    assert len(row.reference) < 500
