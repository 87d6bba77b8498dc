"""What a killed process can't show: that a commit is on the disk before it is believed."""

from pathlib import Path

from trivet.database import connect, reading, writing


async def test_a_commit_waits_for_the_disk_so_that_it_outlives_a_loss_of_power(
    tmp_path: Path,
) -> None:
    engine = connect(f"sqlite+aiosqlite:///{tmp_path / 'trivet.db'}")
    for opened in (writing, reading):
        async with opened(engine) as connection:
            asked = [
                await connection.exec_driver_sql(f"PRAGMA {name}")
                for name in ("synchronous", "journal_mode")
            ]
            assert [row.scalar() for row in asked] == [2, "wal"]  # 2: FULL
    await engine.dispose()


async def test_what_is_emptied_is_overwritten_however_sqlite_was_built(tmp_path: Path) -> None:
    engine = connect(f"sqlite+aiosqlite:///{tmp_path / 'trivet.db'}")
    async with writing(engine) as connection:
        asked = await connection.exec_driver_sql("PRAGMA secure_delete")
        assert asked.scalar() == 1  # 2 would leave free pages as they were
    await engine.dispose()
