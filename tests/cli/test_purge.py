"""`trivet purge`: one line for each kind of what was emptied, or would be."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from tests.commands import Operator
from tests.register.documents import provider, whole
from tests.service import PROFILE


@pytest.fixture
def aged(operator: Operator) -> Operator:
    """An operator whose register was read three times, two years ago."""
    (operator.sources / "cases.toml").write_text(PROFILE)
    for name in ("First", "Second", "Third"):
        document = whole(providers=[provider(name=f"{name} (fictional)")])
        (operator.sources / "register.json").write_text(json.dumps(document))
        operator.done("sync")
    with closing(sqlite3.connect(operator.folder / "trivet.db")) as database:
        database.execute("UPDATE raw_documents SET stored_at = datetime(stored_at, '-2 years')")
        database.commit()
    return operator


def lines(operator: Operator, *arguments: str) -> list[str]:
    told = operator.done("purge", *arguments).splitlines()
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "…", line) for line in told]


def test_a_purge_tells_what_it_empties_and_a_rehearsal_empties_nothing(aged: Operator) -> None:
    would = [
        "raw documents stored before … UTC: 2 would be emptied",
        "questions answered before … UTC: 0 would be emptied",
    ]
    assert lines(aged, "--dry-run") == lines(aged, "--dry-run") == would
    assert lines(aged) == [line.replace("would be emptied", "emptied") for line in would]
    assert lines(aged)[0] == "raw documents stored before … UTC: 0 emptied"


def test_how_long_is_kept_is_a_setting(aged: Operator) -> None:
    aged.set("TRIVET_KEEP_RAW", "P3Y")
    assert lines(aged)[0] == "raw documents stored before … UTC: 0 emptied"
    aged.set("TRIVET_KEEP_RAW", "P23M")
    assert lines(aged)[0] == "raw documents stored before … UTC: 2 emptied"


@pytest.mark.parametrize("name", ["TRIVET_KEEP_RAW", "TRIVET_KEEP_QUESTIONS"])
@pytest.mark.parametrize("command", [["purge"], ["serve", "--port", "0"]], ids=" ".join)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a year", "'a year' is not an ISO 8601 duration such as P1Y, P18M or P90D"),
        ("-P1Y", "'-P1Y' is not an ISO 8601 duration"),
        ("P0D", "'P0D' is not between P1D and P1000Y"),
        ("PT23H", "'PT23H' is not between P1D and P1000Y"),
        ("P1001Y", "'P1001Y' is not an ISO 8601 duration"),
        ("P900Y40000W", "'P900Y40000W' is not between P1D and P1000Y"),
    ],
)
def test_a_retention_that_is_none_is_told(
    operator: Operator, name: str, command: list[str], text: str, said: str
) -> None:
    operator.set(name, text)
    assert operator.refused(*command).startswith(f"{name}: {said}")


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "¹", "1" * 10])
def test_a_budget_of_unknown_trainers_that_is_none_is_told(operator: Operator, text: str) -> None:
    operator.set("TRIVET_UNKNOWN_TRAINERS_PER_DAY", text)
    for command in (["serve", "--port", "0"], ["keys", "list"]):
        line = operator.refused(*command)
        assert line.startswith("TRIVET_UNKNOWN_TRAINERS_PER_DAY: ")
        assert line.endswith("is not a whole number from 1 on, such as 100")
