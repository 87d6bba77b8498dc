"""Profiles and releases that tests write for themselves; every organisation in them is fictional."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from trivet.register.records import Kind
from trivet.register.sources import Profile, Raw, Reading, load_profile, read

AS_OF = datetime(2024, 5, 1, tzinfo=UTC)

JSON = """\
kind = "json"
location = "register.json"
vouched_by = "register"
max_age = "P1D"
"""

HEAD = """\
kind = "{kind}"
location = "register.{kind}"
vouched_by = "register"
max_age = "P1D"
ends = "exclusive"

[coverage]
providers = "complete"
"""

PROVIDERS = """
[[providers]]
{place}
{table}

[providers.fields]
register = "Ref"
name = "Name"
body = {{ value = "body" }}
{fields}
"""


def raw(content: bytes, name: str) -> Raw:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Raw(location=f"/nowhere/{name}", content=content, digest=digest, as_of=AS_OF)


def profile(folder: Path, text: str, name: str = "fictional.toml") -> Profile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def providers(fields: str = "", *, kind: str = "csv", table: str = "", top: str = "") -> str:
    """Return a profile with one table of providers: columns Ref, Name and those that `fields` names."""
    place = 'sheet = "Providers"' if kind == "xlsx" else ""
    stated = PROVIDERS.format(place=place, table=table, fields=fields)
    return top + HEAD.format(kind=kind) + stated


def read_csv(folder: Path, text: str, csv: str | bytes) -> Reading:
    content = csv.encode() if isinstance(csv, str) else csv
    return read(profile(folder, text), raw(content, "register.csv"))


def read_xlsx(folder: Path, text: str, content: bytes) -> Reading:
    return read(profile(folder, text), raw(content, "register.xlsx"))


def workbook(
    sheets: Mapping[str, Sequence[Sequence[object]]], *, epoch: datetime | None = None
) -> bytes:
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    del book[book.sheetnames[0]]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def counts(reading: Reading, kind: Kind) -> tuple[int, int, int, int]:
    """Return how many rows were read, merged and rejected, and how many records they made."""
    found = reading.counts[kind]
    return found.read, found.merged, found.rejected, found.records
