"""Whoever hangs holds nobody else up, what is piled up makes nothing slower, and sending costs little itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from statistics import median

import aiohttp
import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.databases import settings_of
from tests.receiving import Receiving, receiving
from tests.telling import Told, make_endpoints, pile_up, tell
from trivet.alerts.deliveries import Room, claim
from trivet.alerts.journal import events_numbered
from trivet.alerts.outbound import LIMIT, Outbound
from trivet.alerts.sealing import Sealing
from trivet.alerts.sending import Sender, rendered, signed
from trivet.alerts.tables import deliveries
from trivet.database import connect, reading, writing
from trivet.settings import load_settings
from trivet.upgrading import upgrade

KEYS = Sealing([b"dGhlIHNlY3JldHMga2V5IG9mIHRlc3RzLCAzMiBieXQ="])
LOOPBACK = ip_network("127.0.0.0/8")


def utc_now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def receiver() -> Iterator[Receiving]:
    """A receiver in a process of its own."""
    with receiving() as running:
        yield running


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database."""
    url = load_settings(settings_of(tmp_path)).database_url
    await upgrade(url)
    opened = connect(url)
    yield opened
    await opened.dispose()


@asynccontextmanager
async def sending_from(engine: AsyncEngine, receiver: Receiving) -> AsyncIterator[Sender]:
    """Send whatever is due for as long as the block runs."""
    port = int(receiver.address.rpartition(":")[2])
    async with Outbound([LOOPBACK], [range(port, port + 1)]) as outbound:
        sender, ended = Sender(engine, KEYS, outbound, utc_now), asyncio.Event()
        running = asyncio.create_task(sender.send_until(ended))
        yield sender
        ended.set()
        await running


async def pending(engine: AsyncEngine, told: Sequence[Told]) -> int:
    """Return how much is still to be sent to some endpoints."""
    ids = [one.id for one in told]
    waiting = select(deliveries.c.id).where(
        deliveries.c.state == "pending", deliveries.c.endpoint.in_(ids)
    )
    async with reading(engine) as connection:
        return len([*await connection.scalars(waiting)])


async def all_sent(engine: AsyncEngine, told: Sequence[Told]) -> None:
    """Wait until nothing is left to be sent to some endpoints."""
    async with asyncio.timeout(300):
        while await pending(engine, told):  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.1)


# ---- who hangs


async def delays(
    engine: AsyncEngine, receiver: Receiving, well: Sequence[Told], others: Sequence[Told]
) -> list[float]:
    """Tell others at once and those that are well one after another; return how long it took from commit to arrival."""
    receiver.forget()
    if others:
        await tell(engine, others, lanes=1, each=1)
    committed = {}
    for one in well:
        committed[one.id] = (await tell(engine, [one], lanes=1, each=1)).timestamp()
        await asyncio.sleep(0.03)  # so that a worker is met at every moment between its looks
    await all_sent(engine, well)
    came = [one for one in receiver.arrivals() if one.endpoint in committed]
    assert len(came) == len(well)
    return [one.at - committed[one.endpoint] for one in came]


async def slowed_by(
    engine: AsyncEngine, receiver: Receiving, *, hanging: int, rounds: int
) -> tuple[float, float]:
    """Return the median delays to 100 endpoints, in seconds: alone, and beside others that hang, in turns."""
    ways = ["now"] * 100 + ["never"] * hanging
    told = await make_endpoints(engine, KEYS, [partial(receiver.url, way) for way in ways])
    receiver.trust({one.id: one.secret for one in told})
    alone: list[float] = []
    beside: list[float] = []
    async with sending_from(engine, receiver):
        await delays(engine, receiver, told[:5], [])  # to warm up
        for _ in range(rounds):
            alone += await delays(engine, receiver, told[:100], [])
            # What hangs is under way from now on, until it has failed.
            beside += await delays(engine, receiver, told[:100], told[100:])
    print(f"\n{hanging} hang: {median(alone):.3f} s alone, {median(beside):.3f} s beside")  # noqa: T201
    return median(alone), median(beside)


async def test_twenty_that_hang_starve_nobody(engine: AsyncEngine, receiver: Receiving) -> None:
    ways = ["never"] * 20 + ["now"] * 80
    told = await make_endpoints(engine, KEYS, [partial(receiver.url, way) for way in ways])
    receiver.trust({one.id: one.secret for one in told})
    hang, well = told[:20], told[20:]
    await pile_up(engine, hang, lanes=30, each=1)
    began = time.monotonic()
    async with sending_from(engine, receiver):
        for _ in range(2):  # and again while they hang
            await pile_up(engine, well, lanes=2, each=1)
            await all_sent(engine, well)
        assert time.monotonic() - began < LIMIT  # none of those that hang has ended
        assert await pending(engine, hang) == 20 * 30


async def test_one_that_hangs_slows_nobody(engine: AsyncEngine, receiver: Receiving) -> None:
    alone, beside = await slowed_by(engine, receiver, hanging=1, rounds=1)
    # Few samples, on a machine with much else to do; held up, they would wait for a whole try.
    assert beside < 3 * alone


@pytest.mark.soak
async def test_one_that_hangs_changes_the_median_delay_of_others_by_less_than_a_tenth(
    engine: AsyncEngine, receiver: Receiving
) -> None:
    alone, beside = await slowed_by(engine, receiver, hanging=1, rounds=10)
    assert abs(beside / alone - 1) < 0.1


# ---- what is piled up


async def claimed_in(engine: AsyncEngine, count: int) -> float:
    """Return how long it takes at best to take whatever is due, in seconds of this process and its threads."""
    took = []
    for _ in range(5):
        async with writing(engine) as connection:
            began = time.perf_counter()
            assert len(await claim(connection, "a worker", {}, Room(), utc_now())) == count
            took.append(time.perf_counter() - began)
            await connection.rollback()
    return min(took)


async def claims_beside(engine: AsyncEngine, piled_up: int) -> None:
    urls = [lambda endpoint: f"http://127.0.0.1:1/{endpoint}"] * 51
    *well, dead = await make_endpoints(engine, KEYS, urls)
    await pile_up(engine, well, lanes=4, each=5)
    await pile_up(engine, [dead], lanes=1, each=1)
    without = await claimed_in(engine, 201)
    await pile_up(engine, [dead], lanes=1, each=piled_up)
    with_it = await claimed_in(engine, 201)
    print(f"\nclaims: {without * 1000:.1f} ms, beside {piled_up}: {with_it * 1000:.1f} ms")  # noqa: T201
    assert with_it < 3 * without


async def test_what_is_piled_up_for_one_makes_taking_no_slower(engine: AsyncEngine) -> None:
    await claims_beside(engine, 10_000)


@pytest.mark.soak
async def test_a_hundred_thousand_piled_up_make_taking_no_slower(engine: AsyncEngine) -> None:
    await claims_beside(engine, 100_000)


# ---- what sending costs

AT_ONCE = 40
"""How many requests the bare clients have under way at once."""


@pytest.mark.soak
async def test_what_a_delivery_costs_beside_bare_clients(
    engine: AsyncEngine, receiver: Receiving
) -> None:
    told = await make_endpoints(engine, KEYS, [partial(receiver.url, "now")] * 20)
    receiver.trust({one.id: one.secret for one in told})
    await tell(engine, told, lanes=10, each=10)
    count = 20 * 10 * 10
    began = time.process_time()
    async with sending_from(engine, receiver):
        await all_sent(engine, told)
    trivet = count / (time.process_time() - began)
    assert receiver.count() == count
    body = await _a_body(engine)
    headers = signed("evt_x", body, [told[0].secret], utc_now())
    url = receiver.url("now", told[0].id)
    async with aiohttp.ClientSession() as session:

        async def by_aiohttp() -> None:
            async with session.post(url, data=body, headers=headers) as response:
                await response.read()

        bare_aiohttp = await _per_second(by_aiohttp, count)
    async with httpx.AsyncClient(trust_env=False) as client:

        async def by_httpx() -> None:
            await client.post(url, content=body, headers=headers)

        bare_httpx = await _per_second(by_httpx, count)
    print(  # noqa: T201 - figures to see
        f"\na CPU-second: trivet {trivet:.0f} deliveries, aiohttp {bare_aiohttp:.0f} ({trivet / bare_aiohttp:.2f}), "
        f"httpx {bare_httpx:.0f} ({trivet / bare_httpx:.2f})"
    )
    assert trivet > 0.1 * bare_aiohttp


async def _a_body(engine: AsyncEngine) -> bytes:
    async with reading(engine) as connection:
        return rendered((await events_numbered(connection, [1]))[1])


async def _per_second(post: Callable[[], Awaitable[None]], count: int) -> float:
    """Return how many requests a CPU-second is enough for, with some under way at once."""
    left = iter(range(count))

    async def some() -> None:
        for _ in left:
            await post()

    began = time.process_time()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return count / (time.process_time() - began)
