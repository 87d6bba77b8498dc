"""A backup is the database as it was at one moment, taken while the service goes on; restored, it answers alike."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import Operator
from tests.processes import served
from tests.register.documents import whole
from tests.service import PROFILE

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
}


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    (operator.sources / "register.json").write_text(json.dumps(whole()))
    (operator.sources / "list.toml").write_text(PROFILE)
    operator.done("sync")
    return operator


def test_what_was_answered_before_a_backup_is_found_in_it_and_answers_after_it_go_on(
    mirrored: Operator,
) -> None:
    key, copy = mirrored.key(), mirrored.folder / "copy.db"
    place = mirrored.folder / "trivet.db"
    with served(mirrored.folder) as service:
        before = [service.ask(QUESTION, key)["id"] for _ in range(5)]
        assert "whole and checked" in mirrored.done("backup", str(copy))
        after = service.ask(QUESTION, key)["id"]
    for part in mirrored.folder.glob("trivet.db*"):
        part.unlink()

    mirrored.done("restore", str(copy))

    with closing(sqlite3.connect(place)) as database:
        found = {row[0] for row in database.execute("SELECT id FROM verifications")}
    assert found == set(before)
    assert after not in found
    with served(mirrored.folder) as service, service.client(key) as client:
        assert client.get(f"/v1/verifications/{before[0]}").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("backup", "trivet.db"), "is there already"),
        (("restore", "missing.db"), "stop the service and move it away first"),
    ],
)
def test_nothing_that_is_there_is_written_over(
    mirrored: Operator, given: tuple[str, str], said: str
) -> None:
    command, name = given
    kept = (mirrored.folder / "trivet.db").read_bytes()
    assert said in mirrored.refused(command, str(mirrored.folder / name))
    assert (mirrored.folder / "trivet.db").read_bytes() == kept


def test_what_is_no_backup_is_not_restored(operator: Operator, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    operator.refused("restore", str(wrong))
    with closing(sqlite3.connect(tmp_path / "other.db")) as other, other:
        other.execute("CREATE TABLE something (id)")
    assert "no database of trivet" in operator.refused("restore", str(tmp_path / "other.db"))
    assert not (operator.folder / "trivet.db").exists()


def test_there_is_nothing_to_back_up_before_there_is_a_database(
    operator: Operator, tmp_path: Path
) -> None:
    assert "nothing to back up" in operator.refused("backup", str(tmp_path / "copy.db"))
