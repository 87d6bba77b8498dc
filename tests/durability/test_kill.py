"""Killed in the middle: what was answered is kept, and a register is mirrored whole or not at all."""

import json
import random
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.commands import Operator
from tests.processes import COMMAND, PATIENCE, environment, served, until
from tests.register.documents import authorisation, body, document, programme, provider
from tests.service import PROFILE

QUESTION = {
    "provider": {"scheme": "register", "value": "p-0"},
    "programme": {"scheme": "register", "value": "p-0-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-0"},
    "deliveredOn": "2026-03-12",
}
ASKING = 4
"""How many callers ask at once."""

ANSWERS_BEFORE = 20
"""How many answers each round waits for before the service is killed."""


def put(operator: Operator, records: int, *, edition: str = "1.2") -> None:
    """Put a register of so many providers, each with two programmes and a trainer, in place to be mirrored."""
    (operator.sources / "register.toml").write_text(PROFILE)
    numbers = range(records)
    written = document(
        bodies=[body()],
        providers=[provider(f"p-{n}", standardsEdition=edition) for n in numbers],
        programmes=[
            programme(f"p-{n}-{m}", provider=f"p-{n}", modules=[f"edition_{edition[0]}"])
            for n in numbers
            for m in (1, 2)
        ],
        authorisations=[
            authorisation(f"AU-{n}", trainer=f"tr-{n}", provider=f"p-{n}") for n in numbers
        ],
    )
    (operator.sources / "register.json").write_text(json.dumps(written))


class Asking:
    """Callers that ask as fast as they are answered, each time under a reference of its own, until nobody answers."""

    def __init__(self, address: str, key: str, name: str) -> None:
        self._address, self._key, self._name = address, key, name
        self.answers: list[dict[str, Any]] = []
        self._callers = [threading.Thread(target=self._ask, args=(n,)) for n in range(ASKING)]
        for caller in self._callers:
            caller.start()

    def _ask(self, caller: int) -> None:
        headers = {"Authorization": f"Bearer {self._key}"}
        with httpx.Client(base_url=self._address, headers=headers, trust_env=False) as client:
            for asked in range(100_000):
                question = {**QUESTION, "reference": f"{self._name}-{caller}-{asked}"}
                try:
                    response = client.post("/v1/verifications", json=question, timeout=PATIENCE)
                except httpx.TransportError:
                    return
                assert response.status_code == 200, response.text
                self.answers.append(response.json())

    def ended(self) -> list[dict[str, Any]]:
        """Return every answer that arrived, once all callers gave up."""
        for caller in self._callers:
            caller.join(PATIENCE)
            assert not caller.is_alive()
        return self.answers


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    """Someone who has mirrored a small register."""
    put(operator, 3)
    operator.done("sync")
    return operator


def kill_while_asked(operator: Operator, rounds: int) -> int:
    """Kill the service so many times while it is asked, and find every answer again; return how many there were."""
    key = operator.key()
    answered: dict[str, dict[str, Any]] = {}
    moments = random.Random(20261122)  # noqa: S311 - moments to kill at, no secrets
    for nth in range(rounds + 1):
        with served(operator.folder) as service:
            with service.client(key) as client:
                for kept in list(answered.values()) if nth else ():
                    again = client.get(f"/v1/verifications/{kept['id']}")
                    assert again.status_code == 200, kept
                    assert again.json() == kept
            if nth == rounds:
                return len(answered)
            if nth and nth % 10 == 0:  # those found again so often need not be asked for each time
                answered.clear()
            asking = Asking(service.address, key, f"round-{nth}")
            wanted = ANSWERS_BEFORE + moments.randrange(50)
            until(lambda: len(asking.answers) >= wanted)  # noqa: B023 - asked within the round
            service.kill()
            arrived = asking.ended()
            assert len(arrived) >= wanted
            answered |= {answer["id"]: answer for answer in arrived}
    raise AssertionError("never ended")


def test_every_answer_is_there_after_the_service_was_killed(mirrored: Operator) -> None:
    assert kill_while_asked(mirrored, rounds=3) >= 3 * ANSWERS_BEFORE
    assert _whole(mirrored.folder)


@pytest.mark.soak
def test_every_answer_is_there_after_a_hundred_kills(mirrored: Operator) -> None:
    assert kill_while_asked(mirrored, rounds=100)
    assert _whole(mirrored.folder)


def _whole(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "trivet.db")) as connection:
        sound = connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return sound and connection.execute("pragma foreign_key_check").fetchall() == []


# ---- syncs


MANY = 1000
"""Providers of the larger register; with their programmes and trainers four times as many records."""

TABLES = ("snapshots", "snapshot_sources", "statements", "changes", "fetches", "raw_documents")


def held(folder: Path) -> dict[str, int]:
    """Return how many rows each table of the register has."""
    with closing(sqlite3.connect(folder / "trivet.db")) as connection:
        return {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
            for table in TABLES
        }


def sync_killed_after(folder: Path, seconds: float) -> bool:
    """Kill a sync so long after its first write shows that it is at work; say whether it had ended by itself."""
    process = subprocess.Popen(  # noqa: S603
        [COMMAND, "sync"], env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    return process.returncode == 0


def kill_syncs(operator: Operator, times: int) -> tuple[int, int]:
    """Kill so many syncs at moments all over their run; return how many were cut off and how many had ended."""
    folder = operator.folder
    put(operator, MANY)
    operator.done("sync")
    moments = random.Random(20261122)  # noqa: S311 - moments to kill at, no secrets
    added = MANY * 3  # providers and programmes are stated afresh by another edition
    cut = ended = 0
    took = _seconds(operator)
    for nth in range(times):
        put(operator, MANY, edition=f"{nth % 7 + 3}.0")
        before = held(folder)
        begun = time.monotonic()
        by_itself = sync_killed_after(folder, moments.uniform(0.3, 1.1) * took)
        if by_itself:  # the machine has less to do than when it was measured
            took = min(took, time.monotonic() - begun)
        after = held(folder)
        assert _whole(folder)
        grown = {table: after[table] - before[table] for table in TABLES}
        cut, ended = cut + (not by_itself), ended + by_itself
        if grown == dict.fromkeys(TABLES, 0):
            assert not by_itself
        else:
            assert (grown["snapshots"], grown["fetches"], grown["snapshot_sources"]) == (1, 1, 1)
            assert (grown["statements"], grown["changes"]) == (added, added)
        assert "snapshot snp_" in operator.done("sync")
        assert held(folder)["statements"] == before["statements"] + added
    return cut, ended


def _seconds(operator: Operator) -> float:
    """Return how long a sync of the larger register takes that isn't killed, in a process of its own."""
    put(operator, MANY, edition="2.0")
    begun = time.monotonic()
    assert sync_killed_after(operator.folder, PATIENCE)
    return time.monotonic() - begun


def test_a_sync_that_is_killed_leaves_the_old_register_or_the_new_one_whole(
    operator: Operator,
) -> None:
    cut, _ = kill_syncs(operator, times=3)
    assert cut


@pytest.mark.soak
def test_a_hundred_syncs_that_are_killed_leave_a_whole_register(operator: Operator) -> None:
    cut, _ = kill_syncs(operator, times=100)
    assert cut > 20


def test_a_sync_that_is_killed_while_it_writes_leaves_the_old_register_answering(
    mirrored: Operator,
) -> None:
    folder, key = mirrored.folder, mirrored.key()
    with served(folder) as service:
        before = service.ask(QUESTION, key)
        put(mirrored, MANY, edition="9.0")
        idle = _log_size(folder)
        process = subprocess.Popen(  # noqa: S603
            [COMMAND, "sync"],
            env=environment(folder),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with process:
            until(lambda: _log_size(folder) > idle + 2**19)
            process.kill()
        assert held(folder)["snapshots"] == 1
        after = service.ask(QUESTION, key)
        assert (after["verdict"], after["register"]) == (before["verdict"], before["register"])
        mirrored.done("sync")
        until(lambda: _digest(service.ask(QUESTION, key)) != _digest(before))
    assert _whole(folder)


def _digest(answer: dict[str, Any]) -> str:
    return str(answer["register"]["digest"])


def _log_size(folder: Path) -> int:
    """Return how large the log of writes is, in bytes: it grows while a large transaction is under way."""
    return (folder / "trivet.db-wal").stat().st_size
