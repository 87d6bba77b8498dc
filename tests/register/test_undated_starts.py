"""A start that is not recorded never counts back over what was stated before."""

from datetime import date
from typing import Any

import msgspec
import pytest

from tests.registers import NAME_KEY
from trivet.register.changes import applied, statements_after
from trivet.register.merge import Statements
from trivet.register.periods import State, standing
from trivet.register.records import CoverageByKind, Document, Kind, Provider

FIRST, SECOND = date(2024, 5, 1), date(2026, 5, 1)
BETWEEN = date(2025, 5, 1)


def _document(*periods: dict[str, Any]) -> Document:
    provider = {"register": "p", "name": "P (fictional)", "body": "b", "periods": [*periods]}
    return msgspec.convert(
        {"format": "register/1", "publisher": "fictional", "providers": [provider]}, Document
    )


def _undated(status: str) -> dict[str, Any]:
    return {"status": status, "from": None}


def _read(before: Statements, document: Document, today: date) -> Statements:
    fresh = statements_after(before, document, CoverageByKind(), today, NAME_KEY)
    return applied(before, fresh)


def _state(statements: Statements, on: date) -> State:
    statement = statements[Kind.PROVIDERS]["p"]
    assert isinstance(statement.record, Provider)
    return standing(statement.record.periods, on, statement.first_seen).state


@pytest.mark.parametrize("earlier", ["applied", "suspended", "withdrawn"])
def test_what_came_into_force_at_an_unknown_day_was_not_in_force_while_it_was_stated_otherwise(
    earlier: str,
) -> None:
    first = _read({}, _document(_undated(earlier)), FIRST)
    second = _read(first, _document(_undated("in_force")), SECOND)

    assert _state(second, BETWEEN) is State.START_NOT_RECORDED
    assert _state(second, SECOND) is State.IN_FORCE


def test_what_is_stated_alike_again_counts_from_when_it_was_first_seen() -> None:
    first = _read({}, _document(_undated("in_force")), FIRST)
    second = _read(first, _document(_undated("in_force")), SECOND)

    assert _state(second, BETWEEN) is State.IN_FORCE


@pytest.mark.parametrize(
    "periods",
    [
        [{"status": "suspended", "from": "2024-01-01", "to": "2026-01-01"}, _undated("in_force")],
        [{"status": "in_force", "from": "2024-01-01", "to": "2026-01-01"}, _undated("suspended")],
    ],
)
def test_where_a_dated_and_an_undated_period_both_hold_the_worse_one_stands(
    periods: list[dict[str, Any]],
) -> None:
    statements = _read({}, _document(*periods), FIRST)

    assert _state(statements, BETWEEN) is State.SUSPENDED
