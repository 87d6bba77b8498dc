"""Killed while webhooks are under way: everything arrives, in order, and again only under the same id."""

import asyncio
import random
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from tests.databases import SERVER, Server, execute, on_postgresql, postgresql, rows, settings_of
from tests.processes import COMMAND, PATIENCE, environment, served, until
from tests.receiving import Receiving, receiving
from tests.telling import Told, make_endpoints, tell
from trivet.alerts import sending
from trivet.alerts.deliveries import CLAIMED_FOR
from trivet.alerts.outbound import LIMIT
from trivet.alerts.sealing import Sealing
from trivet.database import connect
from trivet.settings import load_settings
from trivet.upgrading import upgrade

SECRETS_KEY = "dGhlIHNlY3JldHMga2V5IG9mIHRlc3RzLCAzMiBieXQ="
EVERY_STATE = "SELECT state, count(*) FROM deliveries GROUP BY state"


class Site:
    """A database in a folder, the endpoints in it and what they are told, and the receiver of them all."""

    def __init__(self, folder: Path, receiver: Receiving) -> None:
        self.folder, self.receiver = folder, receiver
        self.url = settings_of(folder)["TRIVET_DATABASE_URL"]
        self.told: list[Told] = []
        port = receiver.address.rpartition(":")[2]
        self.environ = {
            "TRIVET_SECRETS_KEY": SECRETS_KEY,
            "TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "TRIVET_WEBHOOK_PORTS": port,
        }

    def tell(self, ways: Mapping[str, int], *, lanes: int, each: int) -> int:
        """Tell endpoints that answer in these ways, so many of each, of so much; return how many deliveries that is."""
        asyncio.run(self._tell(ways, lanes, each))
        self.receiver.trust({one.id: one.secret for one in self.told})
        return sum(ways.values()) * lanes * each

    async def _tell(self, ways: Mapping[str, int], lanes: int, each: int) -> None:
        url = load_settings({"TRIVET_DATABASE_URL": self.url}).database_url
        await upgrade(url)
        engine, keys = connect(url), Sealing([SECRETS_KEY.encode()])
        urls = [
            partial(self.receiver.url, way) for way, count in ways.items() for _ in range(count)
        ]
        self.told = await make_endpoints(engine, keys, urls)
        await tell(engine, self.told, lanes=lanes, each=each)
        await engine.dispose()

    def states(self) -> dict[str, int]:
        """Return how many deliveries there are in each state."""
        return {str(state): int(count) for state, count in rows(self.url, EVERY_STATE)}

    def in_hand(self) -> int:
        """Return how many deliveries are taken by a worker."""
        taken = "SELECT count(*) FROM deliveries WHERE claimed_by IS NOT NULL"
        return int(rows(self.url, taken)[0][0])

    def let_time_pass(self) -> None:
        """Let what workers took be theirs no more, as it is once its time has passed."""
        execute(self.url, "UPDATE deliveries SET claimed_until = due_at WHERE state = 'pending'")

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run `trivet worker` until the block is left."""
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [COMMAND, "worker"],
                env={**environment(self.folder), **self.environ},
                stdout=log,
                stderr=log,
            )
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                process.wait(PATIENCE)


@pytest.fixture
def receiver() -> Iterator[Receiving]:
    """A receiver in a process of its own."""
    with receiving() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, receiver: Receiving, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A SQLite file, also while the server of other tests here runs."""
    monkeypatch.delenv(SERVER, raising=False)
    return Site(tmp_path, receiver)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server of our own, which may be killed."""
    if on_postgresql():
        pytest.skip("it runs a server of its own")
    with postgresql() as running:
        yield running


@pytest.fixture
def pg_site(server: Server, tmp_path: Path, receiver: Receiving) -> Site:
    """A database of the server's."""
    return Site(tmp_path, receiver)


def confirm(site: Site, count: int, name: str) -> float:
    """Make sure that all that was told arrived, in order, each under one id with one body; return the repeats' rate."""
    arrivals = site.receiver.arrivals()
    lane_of = {
        event: (one.id, lane)
        for one in site.told
        for lane, events in one.lanes.items()
        for event in events
    }
    first: dict[tuple[str, int], list[str]] = defaultdict(list)
    digests: dict[str, str] = {}
    for arrival in arrivals:
        endpoint, lane = lane_of[arrival.event]
        assert arrival.endpoint == endpoint
        if arrival.event not in digests:
            first[endpoint, lane].append(arrival.event)
        assert digests.setdefault(arrival.event, arrival.digest) == arrival.digest
    expected = {(one.id, lane): events for one in site.told for lane, events in one.lanes.items()}
    assert first == expected
    assert len(digests) == count
    assert site.states() == {"delivered": count}
    repeats = (len(arrivals) - count) / count
    print(f"\n{name}: {count} deliveries, {len(arrivals)} arrivals, repeats {repeats:.2%}")  # noqa: T201 - a figure to see
    return repeats


def delivered(site: Site, count: int) -> bool:
    return site.states() == {"delivered": count}


def some_come(site: Site, answers: int, seed: int) -> None:
    """Let so many be answered, and wait until some moment after that many came: others are under way at it."""
    came = site.receiver.count()
    site.receiver.answer(answers)
    until(lambda: site.receiver.count() > came + answers // 2, PATIENCE * 4)
    time.sleep(random.Random(seed).uniform(0, 0.2))  # noqa: S311 - a moment to kill at, no secret


def kill_one_worker(site: Site, count: int, kills: int, *, patient: bool) -> None:
    """Kill the one worker there is so many times, each at a moment when it waits for answers."""
    for nth in range(kills):
        with served(site.folder, **site.environ) as service:
            some_come(site, count // (kills + 2), seed=nth)
            service.kill()
        if not patient:
            site.let_time_pass()
    site.receiver.answer(count * 2)
    with served(site.folder, **site.environ):
        until(lambda: delivered(site, count), PATIENCE * 4)


def test_all_arrives_in_order_though_the_worker_is_killed_again_and_again(site: Site) -> None:
    count = site.tell({"held": 20}, lanes=5, each=4)
    kill_one_worker(site, count, kills=3, patient=False)
    assert confirm(site, count, "SQLite, 3 kills") > 0  # it was killed in the middle


@pytest.mark.soak
def test_ten_thousand_arrive_though_the_worker_is_killed_throughout(site: Site) -> None:
    count = site.tell({"held": 100}, lanes=10, each=10)
    kill_one_worker(site, count, kills=20, patient=True)
    assert confirm(site, count, "SQLite, 20 kills") > 0


def kill_workers_in_turn(site: Site, count: int, kills: int) -> None:
    """Have three workers send, kill one after another while it waits for answers, and have another take its place."""
    with ExitStack() as running:
        workers = [running.enter_context(site.worker()) for _ in range(3)]
        for nth in range(kills):
            some_come(site, count // (kills + 2), seed=nth)
            workers[nth].kill()
            workers[nth].wait(PATIENCE)
            workers.append(running.enter_context(site.worker()))
        site.receiver.answer(count * 2)
        until(lambda: delivered(site, count), PATIENCE * 10)


def test_all_arrives_in_order_though_one_of_three_workers_after_another_is_killed(
    pg_site: Site,
) -> None:
    count = pg_site.tell({"held": 20}, lanes=10, each=2)
    kill_workers_in_turn(pg_site, count, kills=3)
    confirm(pg_site, count, "PostgreSQL, three workers, 3 kills")


@pytest.mark.soak
def test_ten_thousand_arrive_though_workers_are_killed_throughout(pg_site: Site) -> None:
    count = pg_site.tell({"held": 100}, lanes=10, each=10)
    kill_workers_in_turn(pg_site, count, kills=20)
    confirm(pg_site, count, "PostgreSQL, three workers, 20 kills")


def test_all_arrives_though_postgresql_is_killed_under_the_workers(
    pg_site: Site, server: Server
) -> None:
    count = pg_site.tell({"held": 20}, lanes=5, each=4)
    with pg_site.worker() as worker:
        until(lambda: pg_site.receiver.count() >= count // 4)
        server.kill()
        pg_site.receiver.answer(count * 2)  # what is answered meanwhile can't be kept
        time.sleep(1)
        server.start()
        until(lambda: delivered(pg_site, count), PATIENCE * 2)
        assert worker.poll() is None
    confirm(pg_site, count, "PostgreSQL killed once")


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_end_while_receivers_hang_gives_back_what_it_has(
    site: Site, told: signal.Signals
) -> None:
    count = site.tell({"never": 10}, lanes=4, each=1)
    with site.worker() as worker:
        until(lambda: site.receiver.count() >= count)
        assert site.in_hand() == count
        began = time.monotonic()
        worker.send_signal(told)
        assert worker.wait(PATIENCE) == 0
        assert time.monotonic() - began < LIMIT  # it waits for no try to end by itself
    assert site.in_hand() == 0
    assert site.states() == {"pending": count}


def test_what_a_worker_takes_is_left_to_it_for_as_long_as_any_try_may_take() -> None:
    assert CLAIMED_FOR.total_seconds() >= LIMIT + sending.ENDS_WITHIN + 5
