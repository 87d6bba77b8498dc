"""The database: one engine, two kinds of transaction, and its migrations."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, DateTime, MetaData, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from trivet.settings import SettingError

MIGRATIONS = Path(__file__).parent / "migrations"

_PATIENCE = 20
"""How long a writer waits for its turn, in seconds."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC. SQLite keeps no zone: it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant as aware UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def connect(url: str) -> AsyncEngine:
    """Make the engine for a database URL; a SQLite file's folder is made where it is missing."""
    _make_folder(make_url(url).database or ":memory:")
    # What is bound to a statement may be a person's: no error text shows it.
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that only reads: everything it sees is of one moment."""
    async with engine.connect() as connection, connection.begin():
        yield connection


@asynccontextmanager
async def reading_what_is_settled(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that only reads, once whoever is writing has committed.

    What is published takes its instant in its writer's turn. So whatever is published up to now is seen, and what is
    published after it has a later instant: what was known by now is settled.
    """
    async with writing(engine):
        pass
    async with reading(engine) as connection:
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that writes, waiting for its turn first; leaving it commits, durably."""
    async with engine.execution_options(trivet_writes=True).begin() as connection:
        yield connection


def clear_journal(url: str) -> bool:
    """Write SQLite's journal into the file and cut it off, so that what was erased stands in neither.

    Returns whether that was done: somebody who reads for long may be in the way. Blocks for as long as a writer waits.
    """
    file = make_url(url).database or ":memory:"
    with closing(sqlite3.connect(file, timeout=_PATIENCE)) as opened:
        busy, *_ = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


async def upgrade(url: str) -> None:
    """Bring a database's tables up to date; safe to repeat, and to run by several processes at once.

    Raises:
        SettingError: the database can't be opened or is none.
    """
    if not _is_current(url):
        # Alembic drives its own event loop, so it gets a thread of its own.
        await asyncio.to_thread(_upgrade, url)


def _is_current(url: str) -> bool:
    """Say whether a SQLite file has had the newest migration: Alembic alone takes a second to say so."""
    file = make_url(url).database or ":memory:"
    newest = max(
        script.name.partition("_")[0] for script in (MIGRATIONS / "versions").glob("[0-9]*.py")
    )
    try:
        with closing(sqlite3.connect(f"file:{quote(file)}?mode=ro", uri=True)) as opened:
            return opened.execute("SELECT version_num FROM alembic_versions").fetchall() == [
                (newest,)
            ]
    except sqlite3.Error:
        return False


def _open_once(url: str) -> None:
    """Find out here, where it can be said in a line, that a database can't be written to."""
    file = make_url(url).database or ":memory:"
    try:
        _make_folder(file)
        with closing(sqlite3.connect(file, timeout=_PATIENCE)) as opened:
            opened.execute("BEGIN IMMEDIATE")
    except (OSError, sqlite3.Error) as error:
        raise SettingError(f"TRIVET_DATABASE_URL: {file} can't be used: {error}") from error


def _make_folder(file: str) -> None:
    if file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)


def _upgrade(url: str) -> None:
    _open_once(url)
    # Imported here, for they take half a second: only what migrates needs them.
    from advanced_alchemy.alembic.commands import AlembicCommands  # noqa: PLC0415
    from advanced_alchemy.config import AlembicAsyncConfig, SQLAlchemyAsyncConfig  # noqa: PLC0415

    config = SQLAlchemyAsyncConfig(
        engine_instance=connect(url),
        alembic_config=AlembicAsyncConfig(script_location=str(MIGRATIONS)),
    )
    AlembicCommands(config).upgrade()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # WAL lets readers go on beside one writer; FULL makes a commit survive loss of power, not only of the process.
    raw: sqlite3.Connection = connection
    raw.isolation_level = None
    cursor = raw.cursor()
    # Patience first: taking up WAL may have to wait for another process that does so too.
    for pragma in (
        f"busy_timeout={_PATIENCE * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is emptied is overwritten too: a row that was erased must not stand in the file's free pages.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at once: a transaction that read first could be refused when it comes to write.
    writes = connection.get_execution_options().get("trivet_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
