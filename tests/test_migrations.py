"""Migrations lead an older database to the tables that the code has, with what was in it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from advanced_alchemy.alembic.commands import AlembicCommands
from advanced_alchemy.config import AlembicAsyncConfig, SQLAlchemyAsyncConfig

import trivet.access.store
import trivet.alerts.tables
import trivet.register.confirmations.table
import trivet.register.quarantine
import trivet.verification.store  # noqa: F401 - a room's tables join the metadata when its store is imported
from trivet.database import connect, metadata, reading
from trivet.upgrading import MIGRATIONS, upgrade

BEFORE_CONFIRMATIONS = """
insert into snapshots values (1, 'snp_1', null, 'sha256:1', '2026-11-01 09:00:00');
insert into fetches (id, source, started_at, finished_at, location, outcome)
  values ('fch_1', 'list', '2026-11-01 09:00:00', '2026-11-01 09:00:01', 'register.json', 'updated');
insert into snapshot_sources values
  (1, 'list', 'fch_1', 'body', 'register', '2026-11-01 09:00:00', 86400, null, '{}');
insert into statements (snapshot, source, kind, key, record, first_seen, digest)
  values (1, 'list', 'bodies', 'body', '{}', '2026-11-01', 'sha256:2');
"""


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'trivet.db'}"


async def upgraded_to(folder: Path, revision: str) -> None:
    """Bring an empty database to a revision, as Alembic does: with an event loop of its own."""
    config = SQLAlchemyAsyncConfig(
        engine_instance=connect(url(folder)),
        alembic_config=AlembicAsyncConfig(script_location=str(MIGRATIONS)),
    )
    await asyncio.to_thread(AlembicCommands(config).upgrade, revision)


async def test_what_was_mirrored_before_confirmations_stays_as_it_was(tmp_path: Path) -> None:
    await upgraded_to(tmp_path, "0002")
    file = tmp_path / "trivet.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(BEFORE_CONFIRMATIONS)

    await upgrade(url(tmp_path))

    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma foreign_keys = on")
        aged = connection.execute("select max_age_seconds from snapshot_sources").fetchall()
        assert aged == [(86400,)]
        stated = connection.execute("select key, confirmed_on, good_until from statements")
        assert stated.fetchall() == [("body", None, None)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        connection.execute(
            "insert into snapshot_sources values "
            "(1, 'confirmations', 'fch_1', 'body', 'certifier_confirmed', '2026-11-01', null, null, '{}')"
        )


async def test_the_tables_are_those_that_the_code_has(tmp_path: Path) -> None:
    await upgrade(url(tmp_path))
    made = sa.MetaData()
    engine = connect(url(tmp_path))
    async with reading(engine) as connection:
        await connection.run_sync(made.reflect)
    await engine.dispose()
    for name, expected in metadata.tables.items():
        held = made.tables[name]
        assert {(c.name, c.nullable, c.primary_key) for c in held.columns} == {
            (c.name, c.nullable, c.primary_key) for c in expected.columns
        }, name
        assert {tuple(c.name for c in i.columns) for i in held.indexes} == {
            tuple(c.name for c in i.columns) for i in expected.indexes
        }, name
        assert {fk.target_fullname for fk in held.foreign_keys} == {
            fk.target_fullname for fk in expected.foreign_keys
        }, name
