"""One at a time, over processes: a lease is held, waited for, lost and found."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service import Clock, settings_in
from trivet.database import connect, reading, writing
from trivet.leases import LASTS, Lost, Taken, holding, leases
from trivet.upgrading import upgrade


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    url = settings_in(tmp_path).database_url
    await upgrade(url)
    made = connect(url)
    yield made
    await made.dispose()


async def _held(engine: AsyncEngine) -> list[str]:
    async with reading(engine) as connection:
        return [*await connection.scalars(select(leases.c.name))]


async def test_a_lease_is_held_by_one_and_given_back(engine: AsyncEngine) -> None:
    clock = Clock()
    async with holding(engine, "source a", clock):
        assert await _held(engine) == ["source a"]
        with pytest.raises(Taken, match="until"):
            async with holding(engine, "source a", clock):
                raise AssertionError("held twice")
        async with holding(engine, "source b", clock):
            assert sorted(await _held(engine)) == ["source a", "source b"]
    assert await _held(engine) == []
    async with holding(engine, "source a", clock):
        pass


async def test_a_lease_is_given_back_by_who_fails(engine: AsyncEngine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with holding(engine, "source a", Clock()):
            raise ZeroDivisionError
    assert await _held(engine) == []


async def test_whoever_has_patience_gets_the_lease_when_it_is_given_back(
    engine: AsyncEngine,
) -> None:
    clock, order = Clock(), []

    async def second() -> None:
        async with holding(engine, "source a", clock, patience=30):
            order.append("second")

    async with holding(engine, "source a", clock):
        waiting = asyncio.create_task(second())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.5)
        order.append("first")
    await waiting
    assert order == ["first", "second"]


async def test_a_lease_that_lapsed_is_taken_and_its_holder_finds_out(engine: AsyncEngine) -> None:
    clock = Clock()
    async with holding(engine, "source a", clock) as paused:
        clock.now += LASTS + timedelta(seconds=1)  # the machine slept, or the process did
        async with holding(engine, "source a", clock), writing(engine) as connection:
            with pytest.raises(Lost):
                await paused.confirm(connection, clock())
    assert await _held(engine) == []


async def test_a_lease_that_is_confirmed_lasts_longer(engine: AsyncEngine) -> None:
    clock = Clock()
    async with holding(engine, "source a", clock) as lease:
        clock.now += LASTS - timedelta(seconds=1)
        async with writing(engine) as connection:
            await lease.confirm(connection, clock())
        clock.now += LASTS - timedelta(seconds=1)
        with pytest.raises(Taken):
            async with holding(engine, "source a", clock):
                raise AssertionError("held twice")
