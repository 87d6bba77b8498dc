"""The database, SQLite or PostgreSQL: its engine, and the three kinds of transaction."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator
from sqlalchemy.util import await_only

_PATIENCE = 20
"""How long a writer waits for its turn, in seconds."""

_AT_A_STRETCH = 0.5
"""How much of that SQLite itself waits before we look again, in seconds.

While it waits it holds the connection. Python's garbage collector may come upon something of that connection's just
then, and waits for it with the whole process: whoever has the turn could not end it.
"""

_WRITING = 0x7472_6976_6574
"""The number of PostgreSQL's advisory lock that who writes alone excludes, and every other writer shares."""

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
        if value is None:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connect(url: str) -> AsyncEngine:
    """Make the engine for a database URL; a SQLite file's folder is made where it is missing."""
    # What is bound to a statement may be a person's: no error text shows it.
    if make_url(url).get_backend_name() == "sqlite":
        make_folder(make_url(url))
        engine = create_async_engine(url, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        pool_pre_ping=True,  # a server that was restarted is found again
        connect_args={
            "connect_timeout": _PATIENCE,
            "options": f"-c timezone=UTC -c lock_timeout={_PATIENCE}s",
        },
    )


def make_folder(url: URL) -> None:
    """Make the folder of a SQLite file where it is missing; OSError if it can't be."""
    file = url.database or ":memory:"
    if url.get_backend_name() == "sqlite" and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)


def can_hold(text: str) -> bool:
    """Say whether a text can stand in a database at all: PostgreSQL has no place for the character 0."""
    return "\0" not in text


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that only reads: everything it sees is of one moment."""
    seeing = engine
    if engine.dialect.name != "sqlite":
        seeing = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    async with seeing.connect() as connection, connection.begin():
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
    """Open a transaction that writes, beside others but not beside one that does so alone; leaving it commits, durably.

    On SQLite writers go one after another, so it waits for its turn first.
    """
    async with _writing(engine, func.pg_advisory_xact_lock_shared) as connection:
        yield connection


@asynccontextmanager
async def writing_alone(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that writes while no other does: what was answered by an instant can't be overtaken (0008).

    It is for what changes the register, or anything else that an answer rests on.
    """
    async with _writing(engine, func.pg_advisory_xact_lock) as connection:
        yield connection


async def one_at_a_time(connection: AsyncConnection, what: str) -> None:
    """Wait, within a transaction that writes, until no other that does the same of `what` is under way.

    On SQLite there never is another.
    """
    if connection.dialect.name != "sqlite":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def clear_journal(url: str) -> bool:
    """Write SQLite's journal into the file and cut it off, so that what was erased stands in neither.

    Returns whether that was done: somebody who reads for long may be in the way. Blocks for as long as a writer waits.
    PostgreSQL's journal goes where its server is told to put it: nothing is done about that here.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    with closing(sqlite3.connect(parsed.database or ":memory:", timeout=_PATIENCE)) as opened:
        busy, *_ = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


@asynccontextmanager
async def _writing(
    engine: AsyncEngine, lock: Callable[[int], ColumnElement[Any]]
) -> AsyncIterator[AsyncConnection]:
    async with engine.execution_options(trivet_writes=True).begin() as connection:
        if engine.dialect.name != "sqlite":
            await connection.execute(select(lock(_WRITING)))
        yield connection


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
    cursor.execute(f"PRAGMA busy_timeout={int(_AT_A_STRETCH * 1000)}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at once: a transaction that read first could be refused when it comes to write.
    if not connection.get_execution_options().get("trivet_writes"):
        connection.exec_driver_sql("BEGIN")
        return
    given_up = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= given_up:
                raise
            await_only(asyncio.sleep(0))
        else:
            return


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY
