"""What an operator can show of who asked what about whom; the log can only be added to."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.commands import Operator
from tests.databases import database_url, execute, rows
from tests.register.documents import whole
from tests.service import Service
from trivet.access.keys import Scope

QUESTION: dict[str, Any] = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
}
TRAINER = {"scheme": "register", "value": "wader-1", "familyName": "Quillfeather"}


@pytest.fixture
async def asked(service: Service, operator: Operator) -> Operator:
    """A service whose callers asked three questions."""
    await service.publish(whole())
    key = await service.key(account="First trust (fictional)")
    theirs = await service.key(Scope.VERIFY, account="Second trust (fictional)")
    await service.ask({**QUESTION, "reference": "PO-1", "purpose": "order"}, key)
    await service.ask({**QUESTION, "trainer": TRAINER}, key)
    await service.ask(QUESTION, theirs)
    return operator


def exported(operator: Operator, *options: str) -> list[dict[str, Any]]:
    out = operator.folder / "audit.ndjson"
    out.unlink(missing_ok=True)
    said = operator.done("audit", "export", str(out), *options)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert f"sha256:{digest}" in said
    assert out.stat().st_mode & 0o077 == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


@pytest.mark.in_process("a command runs beside it")
async def test_it_says_who_asked_what_of_whom_and_what_for(asked: Operator) -> None:
    every = await asyncio.to_thread(exported, asked)

    assert [(e["reference"], e["purpose"], e["verdict"]) for e in every] == [
        ("PO-1", "order", every[0]["verdict"]),
        (None, "order", "fail"),
        (None, "order", every[2]["verdict"]),
    ]
    assert every[1]["question"]["trainer"] == {"scheme": "register", "value": "wader-1"}
    assert every[0]["person"] is None
    assert every[1]["person"]
    assert "uillfeather" not in json.dumps(every)
    first = await asyncio.to_thread(exported, asked, "--account", "Second trust (fictional)")
    assert [e["id"] for e in first] == [every[2]["id"]]
    about = await asyncio.to_thread(exported, asked, "--trainer", "WADER-1")
    assert [e["id"] for e in about] == [every[1]["id"]]
    none = await asyncio.to_thread(exported, asked, "--to", "2020-01-01")
    assert none == []
    acts = await asyncio.to_thread(asked.done, "audit", "acts")
    assert acts.count("audit exported") == 4


def test_what_can_not_be_exported_is_told_in_a_line(operator: Operator, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    assert "is there already" in operator.refused("audit", "export", str(there))
    nobody = operator.refused("audit", "export", str(tmp_path / "x"), "--account", "Nobody")
    assert "no account 'Nobody'" in nobody
    assert there.read_text() == "mine"


async def test_nothing_of_it_can_be_changed_or_taken_away(service: Service) -> None:
    await service.publish(whole())
    await service.ask(QUESTION, await service.key())
    url = service.settings.database_url
    before = rows(url, "SELECT * FROM verifications")
    for statement in (
        "DELETE FROM verifications",
        "UPDATE verifications SET verdict = 'pass'",
        "UPDATE verifications SET key = 'another'",
        "UPDATE verifications SET answer_digest = 'sha256:0'",
    ):
        with pytest.raises(DBAPIError, match="appended only"):
            execute(url, statement)
    assert rows(url, "SELECT * FROM verifications") == before


def test_what_is_done_to_keys_is_noted_and_stays(operator: Operator) -> None:
    key = operator.key()
    identity = key.split("_")[2]
    new = operator.done("keys", "rotate", identity).strip()
    operator.done("keys", "revoke", new.split("_")[2])
    operator.done("accounts", "declared", "Test trust (fictional)", "accept")

    acts = operator.done("audit", "acts")

    told = ("key created", "key rotated", "key revoked", "declared accepted")
    assert [line for line in told if line not in acts] == []
    assert key.split("_")[3] not in acts
    with pytest.raises(DBAPIError, match="appended only"):
        execute(database_url(operator.folder), "DELETE FROM acts")
