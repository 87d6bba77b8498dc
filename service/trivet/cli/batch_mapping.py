"""The mapping of a batch: which column of a file says what, and what is the same in every row."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from trivet.cli import CouldNot
from trivet.verification.rows import COLUMNS


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which column of a file holds what.

    `columns` maps the names of the wire contract's csv columns to those of the file; `constants` says what is the same
    in every row; `days` is how days are written where that is not 2026-03-12, as Python's strptime reads them.
    """

    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    days: str | None = None

    def question(self, row: Mapping[str, object]) -> dict[str, Any]:
        """Return a row as a question on the wire; what can't be asked of it, the service will say."""
        said = dict(self.constants)
        for name, column in self.columns.items():
            text = self._text(name, row.get(column))
            if text:
                said[name] = text
        question: dict[str, Any] = {}
        for name, text in said.items():
            *outer, last = COLUMNS[name]
            place = question.setdefault(outer[0], {}) if outer else question
            place[last] = text
        # A scheme that is the same in every row says nothing where there is no value for it.
        return {n: p for n, p in question.items() if not isinstance(p, dict) or "value" in p}

    def _text(self, name: str, cell: object) -> str:
        text = text_of(cell)
        if name == "delivered_on" and self.days and text:
            return _iso(text, self.days)
        return text


def text_of(cell: object) -> str:
    """Return what a cell says: a day as the wire contract writes it, a whole number without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _iso(text: str, days: str) -> str:
    """Return a day as the wire contract writes it; one that is not written so is left for the service to refuse."""
    try:
        return datetime.strptime(text, days).date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text


PLAIN = ColumnMapping(columns={name: name for name in COLUMNS})
"""The mapping of a file whose columns are named as the wire contract names them."""


def load_mapping(file: Path) -> ColumnMapping:
    """Read a mapping; CouldNot says what is wrong with it, by its key."""
    try:
        mapping = msgspec.convert(tomllib.loads(file.read_text()), ColumnMapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CouldNot(f"--map: {file} can't be read: {error}") from None
    except msgspec.ValidationError as error:
        raise CouldNot(f"--map: {file}: {error}") from None
    for table in ("columns", "constants"):
        unknown = [name for name in getattr(mapping, table) if name not in COLUMNS]
        if unknown:
            known = ", ".join(COLUMNS)
            raise CouldNot(f"--map: {file}: {table}.{unknown[0]} is none of {known}")
    return mapping
