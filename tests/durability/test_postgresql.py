"""Two processes that answer and a worker on PostgreSQL: they see what another does, and make good what was killed."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.commands import Operator
from tests.databases import Server, on_postgresql, postgresql, rows, settings_of
from tests.durability.test_kill import MANY, QUESTION, TABLES, put
from tests.processes import COMMAND, PATIENCE, Served, environment, served, until

WITHIN = 2.0
"""Seconds within which every process has to go by what another did."""


class Site(NamedTuple):
    """Two processes behind one database, whoever operates them, and the database's server."""

    operator: Operator
    answering: tuple[Served, Served]
    server: Server
    key: str

    def folder(self) -> Path:
        return self.operator.folder

    def held(self) -> dict[str, int]:
        url = settings_of(self.folder())["TRIVET_DATABASE_URL"]
        return {table: rows(url, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}  # noqa: S608


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small register, mirrored; two processes that answer from a server of their own."""
    if on_postgresql():
        pytest.skip("it runs a server of its own")
    folder, patched = tmp_path_factory.mktemp("site"), pytest.MonkeyPatch()
    with postgresql() as server, patched.context() as patch, ExitStack() as running:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        operator = Operator(folder, patch.setenv)
        put(operator, 3)
        operator.done("sync")
        first, second = (running.enter_context(served(folder, log=f"{n}.log")) for n in "ab")
        yield Site(operator, (first, second), server, operator.key())


def test_what_one_process_publishes_or_revokes_the_other_goes_by_within_two_seconds(
    site: Site,
) -> None:
    before = {digest_of(each, site.key) for each in site.answering}
    assert len(before) == 1
    put(site.operator, 3, edition="8.0")

    site.operator.done("sync")

    took = waited(lambda: not before & {digest_of(each, site.key) for each in site.answering})
    assert took < WITHIN
    admin = site.operator.done("keys", "create", "--account", "x (fictional)").strip()
    assert {status(each, admin) for each in site.answering} == {200}

    site.operator.done("keys", "revoke", admin.split("_")[2])

    assert waited(lambda: {status(each, admin) for each in site.answering} == {401}) < WITHIN


def test_a_worker_that_is_killed_in_the_middle_publishes_nothing_in_part_and_another_ends_it(
    site: Site,
) -> None:
    put(site.operator, MANY, edition="9.0")  # three of them were there, and change
    profile = site.operator.sources / "register.toml"
    profile.write_text(profile.read_text() + 'schedule = "* * * * *"\n')
    before, url = site.held(), settings_of(site.folder())["TRIVET_DATABASE_URL"]

    with worker(site.folder()) as first:
        until(lambda: rows(url, "SELECT 1 FROM leases"), PATIENCE * 2)
        first.kill()
        first.wait(PATIENCE)
    assert site.held() == before
    for each in site.answering:
        assert each.ask(QUESTION, site.key)["verdict"] == "pass"

    with worker(site.folder()):
        until(lambda: site.held()["snapshots"] == before["snapshots"] + 1, PATIENCE * 3)
        after = site.held()
    assert after["statements"] == before["statements"] + MANY * 4 - 3
    assert after["snapshot_sources"] == before["snapshot_sources"] + 1


def test_when_postgresql_is_killed_under_load_no_answer_is_lost_and_the_service_goes_on(
    site: Site,
) -> None:
    answered: list[dict[str, Any]] = []
    statuses: list[int] = []
    stop = time.monotonic() + PATIENCE * 2
    with ExitStack() as opened:
        clients = [opened.enter_context(each.client(site.key)) for each in site.answering]

        def ask(times: int) -> None:
            for n in range(times):
                question = {**QUESTION, "reference": f"PO-{len(statuses)}"}
                response = clients[n % 2].post("/v1/verifications", json=question)
                statuses.append(response.status_code)
                if response.status_code == 200:
                    answered.append(response.json())

        for _ in range(3):
            ask(20)
            site.server.kill()
            ask(6)
            site.server.start()
            wanted = len(answered) + 20
            while len(answered) < wanted and time.monotonic() < stop:
                ask(4)
        for answer in answered:
            again = clients[0].get(f"/v1/verifications/{answer['id']}")
            assert again.status_code == 200, answer["id"]
            assert again.json() == answer
    assert len(answered) >= 120
    assert set(statuses) == {200, 503}
    assert {status(each, site.key) for each in site.answering} == {200}


def waited(condition: Any) -> float:
    """Return how many seconds it took until a condition held."""
    began = time.monotonic()
    until(condition)
    return time.monotonic() - began


def digest_of(service: Served, key: str) -> str:
    with service.client(key) as client:
        return str(client.get("/v1/register").json()["digest"])


def status(service: Served, key: str) -> int:
    with service.client(key) as client:
        return client.get("/v1/register").status_code


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `trivet worker` until the block is left."""
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [COMMAND, "worker"], env=environment(folder), stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            process.wait(PATIENCE)
