"""Commands that put a SQLite database aside, whole, and bring it back."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from trivet.cli import CouldNot
from trivet.settings import load_settings

_NOT_SQLITE = "PostgreSQL has tools of its own: see the page on operating trivet"


def backup(file: Path) -> None:
    """Copy the database into a new file as it is at one moment, while others go on writing."""
    kept = _database()
    if not kept.is_file():
        raise CouldNot(f"{kept} is not there: there is nothing to back up")
    if file.exists():
        raise CouldNot(f"{file} is there already: name a new file")
    passing = file.with_name(f".{file.name}.part")
    passing.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(passing)) as copy,
        ):
            source.backup(copy)
            _check(passing, copy)
        _put(passing, file)
    except (OSError, sqlite3.Error) as error:
        passing.unlink(missing_ok=True)
        raise CouldNot(f"{file} could not be written: {error}") from error
    print(f"{file}: the database of {kept}, whole and checked, {file.stat().st_size} bytes.")
    print(
        "The pepper, the signing keys and the key of webhook secrets are not in it: keep them too, elsewhere."
    )


def restore(file: Path) -> None:
    """Put a backup in the place of a database that is not there."""
    place = _database()
    if place.exists():
        raise CouldNot(f"{place} is there: stop the service and move it away first")
    if not file.is_file():
        raise CouldNot(f"{file} is not there")
    place.parent.mkdir(parents=True, exist_ok=True)
    passing = place.with_name(f".{place.name}.part")
    passing.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(passing)) as copy,
        ):
            _check(file, source)
            source.backup(copy)
        _put(passing, place)
    except (OSError, sqlite3.Error) as error:
        passing.unlink(missing_ok=True)
        raise CouldNot(f"{file} could not be restored: {error}") from error
    print(
        f"{place}: restored from {file}. Start the service with the same pepper, signing keys and key of "
        "webhook secrets."
    )


def _database() -> Path:
    url = make_url(load_settings().database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CouldNot(_NOT_SQLITE)
    return Path(url.database)


def _check(file: Path, opened: sqlite3.Connection) -> None:
    found = opened.execute("PRAGMA integrity_check").fetchall()
    tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
    if found != [("ok",)] or "verifications" not in tables:
        raise CouldNot(f"{file} is damaged, or no database of trivet")


def _put(passing: Path, file: Path) -> None:
    """Put a finished copy in its place, on the disk before it is believed."""
    with passing.open("rb+") as written:
        os.fsync(written.fileno())
    passing.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
