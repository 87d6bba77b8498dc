"""Jobs: a source is read when its schedule says so, by one worker of many, and never for ever."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar_queues.backends.advanced_alchemy.models import QueueMaintenanceModel, QueueTaskModel
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.register.documents import body, document, provider
from tests.service import PROFILE, Clock, settings_in
from trivet.database import connect, reading
from trivet.leases import holding
from trivet.register.store import fetches, latest_snapshot, raw_documents
from trivet.upgrading import upgrade
from trivet.worker import Workshop, look_for_due_sources, purge, read_source, working

HOURLY = PROFILE + 'schedule = "0 * * * *"\n'


@pytest.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    settings = settings_in(tmp_path)
    await upgrade(settings.database_url)
    engine = connect(settings.database_url)
    yield Workshop(engine, settings, Clock())
    await engine.dispose()


def put(workshop: Workshop, name: str = "cases", profile: str = HOURLY) -> None:
    folder = workshop.settings.sources_folder
    (folder / f"{name}.toml").write_text(profile)
    written = document(bodies=[body()], providers=[provider("heron")])
    (folder / "register.json").write_text(json.dumps(written))


async def read(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with reading(engine) as connection:
        rows = await connection.execute(
            sa.select(fetches.c.source, fetches.c.outcome).order_by(fetches.c.id)
        )
        return [(row.source, row.outcome) for row in rows]


async def queued(workshop: Workshop) -> list[Any]:
    """Look for what is due once, and return the sources that were queued to be read."""
    await look_for_due_sources(workshop=workshop)
    pending = await workshop.queue.get_queue_backend().list_pending(limit=50)
    return sorted(record.args[0] for record in pending if record.task_name == "read_source")


async def test_a_worker_reads_what_is_due_and_publishes_it(workshop: Workshop) -> None:
    put(workshop)
    async with working(workshop):
        await look_for_due_sources(workshop=workshop)
        async with asyncio.timeout(30):
            while not await read(workshop.engine):  # noqa: ASYNC110 - another task's doing, seen in the database
                await asyncio.sleep(0.05)
    assert await read(workshop.engine) == [("cases", "updated")]
    async with reading(workshop.engine) as connection:
        assert await latest_snapshot(connection)


async def test_a_source_is_queued_once_and_again_when_its_schedule_comes_round(
    workshop: Workshop,
) -> None:
    put(workshop)
    put(workshop, "by_hand", PROFILE)  # no schedule: `trivet sync` alone reads it
    async with workshop.queue:
        assert await queued(workshop) == ["cases"]
        assert await queued(workshop) == ["cases"]
        await read_source("cases", workshop=workshop)
        clock = workshop.clock
        assert isinstance(clock, Clock)
        for record in await workshop.queue.get_queue_backend().list_pending(limit=9):
            await workshop.queue.cancel_task(record.id)
        assert await queued(workshop) == []
        clock.now += timedelta(hours=1)
        assert await queued(workshop) == ["cases"]


async def test_a_source_that_fails_is_not_asked_again_at_once(workshop: Workshop) -> None:
    put(workshop, profile=HOURLY.replace("register.json", "nothing.json"))
    clock = workshop.clock
    assert isinstance(clock, Clock)
    async with workshop.queue:
        await read_source("cases", workshop=workshop)
        assert await read(workshop.engine) == [("cases", "failed")]
        clock.now += timedelta(seconds=59)
        assert await queued(workshop) == []
        clock.now += timedelta(seconds=1)
        assert await queued(workshop) == ["cases"]


async def test_what_another_process_reads_is_left_to_it(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    put(workshop)
    with caplog.at_level(logging.INFO, "trivet"):
        async with holding(workshop.engine, "source cases", workshop.clock):
            await read_source("cases", workshop=workshop)
    assert await read(workshop.engine) == []
    assert "left to another process" in caplog.text


async def test_a_profile_that_can_not_be_keeps_no_other_back_and_is_told_once(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    put(workshop)
    (workshop.settings.sources_folder / "broken.toml").write_text("kind = 1\n")
    async with workshop.queue:
        with caplog.at_level(logging.WARNING, "trivet"):
            assert await queued(workshop) == ["cases"]
            await queued(workshop)
    assert caplog.text.count("broken.toml") == 1


async def test_what_was_kept_long_enough_is_emptied_without_being_told(
    workshop: Workshop,
) -> None:
    put(workshop)
    for edition in ("1.2", "2"):  # the last document of a source is kept
        written = document(bodies=[body()], providers=[provider("heron", standardsEdition=edition)])
        (workshop.settings.sources_folder / "register.json").write_text(json.dumps(written))
        await read_source("cases", workshop=workshop)
    clock = workshop.clock
    assert isinstance(clock, Clock)
    await purge(workshop=workshop)
    assert await emptied(workshop.engine) == 0
    clock.now += timedelta(days=400)
    await purge(workshop=workshop)
    assert await emptied(workshop.engine) == 1


async def emptied(engine: AsyncEngine) -> int:
    async with reading(engine) as connection:
        return len(
            [
                *await connection.scalars(
                    sa.select(raw_documents.c.digest).where(raw_documents.c.content.is_(None))
                )
            ]
        )


async def test_the_queue_stands_in_tables_of_the_shape_that_it_expects(workshop: Workshop) -> None:
    async with reading(workshop.engine) as connection:
        made = sa.MetaData()
        await connection.run_sync(made.reflect)
    for model in (QueueTaskModel, QueueMaintenanceModel):
        expected = model.__table__
        assert isinstance(expected, sa.Table)
        held = made.tables[expected.name]
        assert {(c.name, c.nullable, c.primary_key) for c in held.columns} == {
            (c.name, c.nullable, c.primary_key) for c in expected.columns
        }
        assert {(i.name, tuple(c.name for c in i.columns)) for i in held.indexes} == {
            (i.name, tuple(c.name for c in i.columns)) for i in expected.indexes
        }
