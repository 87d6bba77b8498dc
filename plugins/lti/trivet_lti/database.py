"""What the tool keeps, in one SQLite file. No name of anybody who teaches is in it.

Instants are written as text in UTC, so that they sort; days are Europe/London days.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

metadata = MetaData()


def _text(name: str, *, null: bool = False) -> "Column[str]":
    return Column(name, String, nullable=null)


def _owned(name: str, by: str) -> "Column[str]":
    return Column(
        name, String, ForeignKey(f"{by}.id", ondelete="CASCADE"), nullable=False, index=True
    )


platforms = Table(
    "platforms",
    metadata,
    Column("id", String, primary_key=True),
    _text("issuer"),
    _text("client_id"),
    Column("deployments", JSON, nullable=False),
    _text("auth_url"),
    _text("token_url"),
    _text("token_audience"),
    _text("jwks_url"),
    Column("origins", JSON, nullable=False),
    Column("asks_role", Boolean, nullable=False),
    UniqueConstraint("issuer", "client_id"),
)

logins = Table(  # begun and not ended; each is used once, and gone after minutes
    "logins",
    metadata,
    Column("state", String, primary_key=True),
    _text("nonce"),  # asked back within minutes, and worth nothing without the platform's signature
    _text("browser"),
    _owned("platform", "platforms"),
    Column("begun_with", JSON, nullable=False),
    _text("expires"),
)

sessions = Table(  # who has a page open; gone after hours
    "sessions",
    metadata,
    Column("token", String, primary_key=True),
    _text("browser"),
    _owned("platform", "platforms"),
    _owned("course", "courses"),
    _text("deployment"),
    _text("user"),
    Column("manages", Boolean, nullable=False),
    Column("teaches", Boolean, nullable=False),
    _text("memberships", null=True),
    Column("choice", JSON, nullable=True),
    _text("expires"),
)

courses = Table(
    "courses",
    metadata,
    Column("id", String, primary_key=True),
    _owned("platform", "platforms"),
    _text("deployment"),
    _text("context"),
    _text("link"),
    _text("title"),
    _text("provider", null=True),
    _text("programme", null=True),
    Column("set_by", JSON, nullable=True),
    _text("set_at", null=True),
    UniqueConstraint("platform", "deployment", "context", "link"),
)

mappings = Table(  # which authorisation somebody has with a provider
    "mappings",
    metadata,
    Column("id", String, primary_key=True),
    _owned("platform", "platforms"),
    _text("user"),
    _text("provider"),
    _text("trainer"),
    Column("mapped_by", JSON, nullable=False),
    _text("mapped_at"),
    UniqueConstraint("platform", "user", "provider"),
)

teaching = Table(  # where somebody who is mapped teaches, as last read of a roster
    "teaching",
    metadata,
    _owned("course", "courses"),
    _owned("mapping", "mappings"),
    UniqueConstraint("course", "mapping"),
)

verdicts = Table(  # the last one of each instructor of each course, for a day
    "verdicts",
    metadata,
    _owned("course", "courses"),
    _owned("mapping", "mappings"),
    _text("day"),
    Column("kept", JSON, nullable=False),
    UniqueConstraint("course", "mapping", "day"),
)

news = Table(
    "news",
    metadata,
    _owned("course", "courses"),
    _owned("mapping", "mappings"),
    _text("event"),
    _text("at"),
    _text("text"),
    UniqueConstraint("course", "mapping", "event"),
)

watches = (
    Table(  # what the service watches for us; kept when its line is gone, until it has been ended
        "watches",
        metadata,
        Column("reference", String, primary_key=True),
        _text("watch"),
        _text("asked"),
    )
)

unasked = Table(  # what an event concerns, until it has been asked about
    "unasked", metadata, Column("reference", String, primary_key=True)
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    _owned("course", "courses"),
    _owned("mapping", "mappings"),
    Column("review", JSON, nullable=False),
)

attestations = Table(
    "attestations",
    metadata,
    Column("id", String, primary_key=True),
    _text("platform"),
    _text("deployment"),
    _text("context"),
    _text("day"),
    _text("at"),
    Column("record", JSON, nullable=False),
)

places = Table("places", metadata, Column("name", String, primary_key=True), _text("value"))
"""How far something was read: the cursor of events, the last round."""

_NEVER_CHANGED = (
    "CREATE TRIGGER IF NOT EXISTS {0}_stand BEFORE UPDATE ON {0} "
    "BEGIN SELECT RAISE(ABORT, '{0} stand as written'); END"
)


async def opened(file: Path) -> AsyncEngine:
    """Return the database of a file, with the tables that it lacks."""
    _private(file)
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    event.listen(engine.sync_engine, "connect", _set_up)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for table in ("attestations", "reviews"):
            await connection.execute(text(_NEVER_CHANGED.format(table)))
    return engine


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Write something whole or not at all. Nobody else writes meanwhile, so that what was read goes on to be so."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def written(instant: datetime) -> str:
    """Return an instant as it is kept: UTC, to the second, so that text sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def _private(file: Path) -> None:
    """Make a file that its owner alone reads, where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)


def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
