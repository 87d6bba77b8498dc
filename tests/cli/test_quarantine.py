"""What an operator does with a reading that tripped a guard: look at it, believe it or not."""

import json
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.commands import Operator
from tests.register.documents import body, document, programme, provider

GUARDED = """kind = "json"
location = "register.json"
vouched_by = "register"
max_age = "P36500D"
[guards]
max_shrink = 0.3
min_rows = 8
"""


def put(operator: Operator, providers: int, edition: str = "1.2") -> None:
    (operator.sources / "list.toml").write_text(GUARDED)
    numbers = range(providers)
    written = document(
        bodies=[body()],
        providers=[provider(f"p-{n}", standardsEdition=edition) for n in numbers],
        programmes=[programme(f"p-{n}-1", provider=f"p-{n}") for n in numbers],
    )
    (operator.sources / "register.json").write_text(json.dumps(written))


@pytest.fixture
def held(operator: Operator) -> Operator:
    """Someone whose list shrank to less than half since it was read."""
    put(operator, 10)
    operator.done("sync")
    put(operator, 4)
    assert operator("sync").status == 3
    return operator


def waiting(operator: Operator) -> list[str]:
    return re.findall(r"fch_[0-9a-f]{32}", operator.done("quarantine", "list"))


def counted(operator: Operator) -> str:
    found = re.search(r"providers: (\d+ \(\w+\))", operator.done("register", "status"))
    assert found
    return found[1]


def test_nothing_waits_where_nothing_was_held(operator: Operator) -> None:
    put(operator, 10)
    operator.done("sync")
    assert "Nothing is in quarantine" in operator.done("quarantine", "list")


def test_what_waits_is_told_with_why(held: Operator) -> None:
    told = held.done("quarantine", "list")
    assert "list, held since" in told
    assert "6 of the 10 providers listed before are missing" in told
    assert "sha256:" in told
    assert len(waiting(held)) == 1


def test_the_same_document_read_again_waits_once(held: Operator) -> None:
    first = waiting(held)
    assert held("sync").status == 3
    assert len(waiting(held)) == 1
    assert waiting(held) != first  # its last reading


def test_another_document_waits_beside_it(held: Operator) -> None:
    put(held, 5)
    assert held("sync").status == 3
    assert len(waiting(held)) == 2


def test_a_released_document_is_published_and_trips_no_guard_again(held: Operator) -> None:
    [reading] = waiting(held)
    told = held.done("quarantine", "release", reading, "--note", "Confirmed by telephone")
    assert "list: updated" in told
    assert counted(held) == "10 (complete)"  # six of them delisted
    assert waiting(held) == []
    again = held.done("sync")  # though it has fewer rows than `min_rows` asks for
    assert "list: unchanged" in again


def test_what_was_released_is_evidence_with_its_note(held: Operator) -> None:
    [reading] = waiting(held)
    held.done("quarantine", "release", reading, "--note", "Confirmed by telephone")
    with closing(sqlite3.connect(held.folder / "trivet.db")) as connection:
        decided = connection.execute("select source, decision, note from quarantine_decisions")
        assert decided.fetchall() == [("list", "released", "Confirmed by telephone")]


def test_a_dropped_document_waits_no_more_and_is_still_not_believed(held: Operator) -> None:
    [reading] = waiting(held)
    assert "is dropped" in held.done("quarantine", "drop", reading, "--note", "A broken export")
    assert waiting(held) == []
    assert held("sync").status == 3  # read again, quarantined again
    assert waiting(held) == []  # and decided already
    assert counted(held) == "10 (complete)"


def test_a_good_reading_overtakes_what_waits(held: Operator) -> None:
    [reading] = waiting(held)
    put(held, 10, edition="2")
    held.done("sync")
    assert waiting(held) == []
    assert "does not wait" in held.refused("quarantine", "release", reading, "--note", "Too late")


@pytest.mark.parametrize("what", ["release", "drop"])
def test_what_does_not_wait_can_not_be_decided(held: Operator, what: str) -> None:
    line = held.refused("quarantine", what, "fch_none", "--note", "Why not")
    assert "'fch_none' does not wait in quarantine: see `trivet quarantine list`" in line


@pytest.mark.parametrize("what", ["release", "drop"])
@pytest.mark.parametrize("note", [[], ["--note", " "]], ids=["none", "blank"])
def test_a_decision_says_why(held: Operator, what: str, note: list[str]) -> None:
    [reading] = waiting(held)
    line = held.refused("quarantine", what, reading, *note)
    assert "note" in line.lower()
    assert waiting(held) == [reading]


def test_a_document_whose_profile_is_gone_can_not_be_released(held: Operator) -> None:
    [reading] = waiting(held)
    (held.sources / "list.toml").rename(held.sources / "other.toml")
    line = held.refused("quarantine", "release", reading, "--note", "Confirmed")
    assert "no profile of TRIVET_SOURCES is named list" in line


def test_a_document_that_its_profile_no_longer_reads_stays_held(held: Operator) -> None:
    [reading] = waiting(held)
    profile = GUARDED.replace('"json"', '"csv"').replace("[guards]", 'ends = "exclusive"\n[guards]')
    table = '[[providers]]\n[providers.fields]\nregister = "Ref"\nname = "Name"\nbody = "Body"\n'
    (held.sources / "list.toml").write_text(profile + table)
    assert held("quarantine", "release", reading, "--note", "Confirmed").status == 3
    assert counted(held) == "10 (complete)"


def test_a_first_reading_that_trips_is_told_too(operator: Operator) -> None:
    put(operator, 2)
    assert operator("sync").status == 3
    told: Any = operator("register", "status")
    assert told.status == 3
    assert "quarantined" in told.out
    [reading] = waiting(operator)
    operator.done("quarantine", "release", reading, "--note", "It is a small register")
    assert counted(operator) == "2 (complete)"
