"""Keys at the command line: shown once, listed without their secret, and of no use once revoked."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands import Operator
from tests.people.keeping import about, register
from tests.processes import served
from tests.service import PROFILE

ACCOUNT = "Test trust (fictional)"
KEY = re.compile(r"tvt_(live|test)_[0-9a-f]{16}_[0-9a-f]{64}\n")


@pytest.fixture
def wide(operator: Operator) -> Operator:
    operator.set("COLUMNS", "20")
    return operator


def key_id(shown: str) -> str:
    return shown.split("_")[2]


def test_a_key_is_printed_once_and_kept_only_as_a_hash(operator: Operator) -> None:
    made = operator("keys", "create", "--account", ACCOUNT)
    assert (made.status, made.err) == (0, "")
    assert KEY.fullmatch(made.out)
    secret = made.out.strip().rpartition("_")[2]
    kept = (operator.folder / "trivet.db").read_bytes() + _journal(operator.folder)
    assert key_id(made.out).encode() in kept
    assert secret.encode() not in kept


def _journal(folder: Path) -> bytes:
    file = folder / "trivet.db-wal"
    return file.read_bytes() if file.exists() else b""


def test_keys_are_listed_by_id_without_their_secret_even_in_a_narrow_window(
    wide: Operator,
) -> None:
    live = wide("keys", "create", "--account", ACCOUNT, "--scopes", "read, verify").out
    test = wide("keys", "create", "--account", ACCOUNT, "--test", "--purpose", "audit").out
    listed = wide("keys", "list").out
    head, one, other = listed.splitlines()
    columns = [
        "id",
        "account",
        "kind",
        "scopes",
        "purpose",
        "made",
        "ends",
        "last",
        "used",
        "today",
    ]
    assert head.split() == columns
    for shown, line, said in (
        (live, one, "live read,verify other unknown trainers 0 of 100, 0 refused"),
        (test, other, "test verify,read audit"),
    ):
        assert key_id(shown) in line
        assert ACCOUNT in line
        for word in said.split():
            assert word in line
        assert shown.strip().rpartition("_")[2] not in listed


def test_what_a_key_asked_today_of_unknown_trainers_is_listed_beside_it(wide: Operator) -> None:
    two = {"TRIVET_UNKNOWN_TRAINERS_PER_DAY": "2"}
    key = wide.key()
    (wide.sources / "cases.toml").write_text(PROFILE)
    (wide.sources / "register.json").write_text(json.dumps(register()))
    wide.done("sync")
    with served(wide.folder, **two) as service, service.client(key) as client:
        asked = [client.post("/v1/verifications", json=about(f"guess-{i}")) for i in range(5)]
        client.post("/v1/verifications", json=about("guess-0"))

    wide.set(*two.popitem())
    (line,) = wide.done("keys", "list").splitlines()[1:]

    assert [response.status_code for response in asked] == [200, 200, 429, 429, 429]
    assert line.rstrip().endswith("unknown trainers 2 of 2, 3 refused")
    wide.set("TRIVET_UNKNOWN_TRAINERS_PER_DAY", "7")
    assert "unknown trainers 2 of 7, 3 refused" in wide.done("keys", "list")


def test_a_revoked_key_is_listed_with_when_and_can_not_be_revoked_again(wide: Operator) -> None:
    made = key_id(wide("keys", "create", "--account", ACCOUNT).out)
    assert wide("keys", "revoke", made).out == f"Key {made} is revoked.\n"
    assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", wide("keys", "list").out)) == 2
    line = wide.refused("keys", "revoke", made)
    assert line == f"there is no key {made!r} that is not revoked yet: see `trivet keys list`"


def test_one_name_is_one_account(operator: Operator) -> None:
    for name in (ACCOUNT, f"  {ACCOUNT} ", "Another (fictional)"):
        assert operator("keys", "create", "--account", name).status == 0
    with closing(sqlite3.connect(operator.folder / "trivet.db")) as connection:
        accounts = connection.execute("select name from accounts order by created_at").fetchall()
    assert accounts == [(ACCOUNT,), ("Another (fictional)",)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--account", " "], "--account: give a name of 1 to 200 characters"),
        (["--account", "x" * 201], "--account: give a name of 1 to 200 characters"),
        (
            ["--account", "A", "--scopes", "verify,write"],
            "--scopes: 'verify,write' is not a list of",
        ),
        (["--account", "A", "--scopes", ""], "--scopes: '' is not a list of verify, read"),
        (["--account", "A", "--purpose", "fun"], "Invalid value"),
        ([], "--account"),
    ],
)
def test_a_key_that_can_not_be_made_is_told_in_one_line(
    operator: Operator, given: list[str], said: str
) -> None:
    assert said in operator.refused("keys", "create", *given)


def test_a_secret_given_by_mistake_where_an_id_belongs_is_not_repeated(operator: Operator) -> None:
    made = operator("keys", "create", "--account", ACCOUNT).out.strip()
    assert made.rpartition("_")[2] not in operator.refused("keys", "revoke", made)


def test_a_running_service_refuses_a_key_from_the_moment_it_is_revoked(
    operator: Operator,
) -> None:
    key = operator.key()
    with served(operator.folder) as service, service.client(key) as client:
        assert client.get("/v1/verifications").status_code == 200
        operator.done("keys", "revoke", key_id(key))
        refused = client.get("/v1/verifications")
    assert refused.status_code == 401
    assert refused.json()["code"] == "unauthenticated"
