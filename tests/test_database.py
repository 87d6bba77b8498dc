"""The database: whoever writes waits for their turn, and nobody else's process waits with them."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from tests.databases import opened
from trivet.database import connect, reading, writing

INTO = sa.text("INSERT INTO turns VALUES (:whose)")


async def test_a_writer_waits_for_its_turn_for_longer_than_sqlite_does_at_a_stretch(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'trivet.db'}"
    with opened(url) as made:
        made.exec_driver_sql("CREATE TABLE turns (whose TEXT)")
    engine = connect(url.replace("sqlite", "sqlite+aiosqlite", 1))
    first_has_it = asyncio.Event()

    async def first() -> None:
        async with writing(engine) as connection:
            first_has_it.set()
            at_a_stretch = await connection.scalar(sa.text("PRAGMA busy_timeout"))
            assert at_a_stretch is not None
            # What it holds while it waits may be what the whole process comes to wait for.
            assert at_a_stretch <= 500
            await asyncio.sleep(2.5 * at_a_stretch / 1000)
            await connection.execute(INTO, {"whose": "first"})

    async def second() -> None:
        await first_has_it.wait()
        async with writing(engine) as connection:
            await connection.execute(INTO, {"whose": "second"})

    await asyncio.gather(first(), second())
    async with reading(engine) as connection:
        turns = await connection.scalars(sa.text("SELECT whose FROM turns ORDER BY rowid"))
    await engine.dispose()
    assert turns.all() == ["first", "second"]
