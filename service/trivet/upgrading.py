"""Bringing a database's tables up to date."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from trivet.database import connect, make_folder
from trivet.settings import SettingError

MIGRATIONS = Path(__file__).parent / "migrations"

_PATIENCE = 20
"""How long to wait for a database that is busy or does not answer, in seconds."""


async def upgrade(url: str) -> None:
    """Bring a database's tables up to date; safe to repeat, and to run by several processes at once.

    Raises:
        SettingError: the database can't be opened or is none.
    """
    # Alembic drives its own event loop, so it gets a thread of its own.
    await asyncio.to_thread(_upgrade, url)


def _upgrade(url: str) -> None:
    with _opened(make_url(url)) as connection:
        known = inspect(connection).has_table("alembic_versions")
        version = connection.execute(_VERSION).scalar() if known else None
        if version == _newest():  # Alembic alone takes a second to say so
            return
        if connection.dialect.name == "sqlite":
            connection.rollback()
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a file may be there only to be read
    # Imported here, for they take half a second: only what migrates needs them.
    from advanced_alchemy.alembic.commands import AlembicCommands  # noqa: PLC0415
    from advanced_alchemy.config import AlembicAsyncConfig, SQLAlchemyAsyncConfig  # noqa: PLC0415

    config = SQLAlchemyAsyncConfig(
        engine_instance=connect(url),
        alembic_config=AlembicAsyncConfig(script_location=str(MIGRATIONS)),
    )
    AlembicCommands(config).upgrade()


_VERSION = text("SELECT version_num FROM alembic_versions")


def _newest() -> str:
    return max(
        script.name.partition("_")[0] for script in (MIGRATIONS / "versions").glob("[0-9]*.py")
    )


@contextmanager
def _opened(url: URL) -> Iterator[Connection]:
    """Open a database for a moment; what is wrong with it is said here, in one line."""
    sqlite = url.get_backend_name() == "sqlite"
    shown = url.database if sqlite else url.render_as_string(hide_password=True)
    try:
        make_folder(url)
        with _plain(url).connect() as connection:
            yield connection
    except (DBAPIError, OSError) as error:
        why = error.orig if isinstance(error, DBAPIError) else error
        raise SettingError(f"TRIVET_DATABASE_URL: {shown} can't be used: {why}") from error


def _plain(url: URL) -> Engine:
    """Return an engine that waits for its answers: one question is not worth an event loop."""
    if url.get_backend_name() == "sqlite":
        waiting = {"timeout": _PATIENCE}
        return create_engine(url.set(drivername="sqlite"), poolclass=NullPool, connect_args=waiting)
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _PATIENCE})
