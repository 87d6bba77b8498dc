"""Commands that show the audit log."""

import hashlib
import os
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access import acts
from trivet.access.store import list_accounts
from trivet.cli import CouldNot
from trivet.cli.opened import in_transaction
from trivet.london import end_of, start_of
from trivet.register.people import authorisation_hash, person_hash
from trivet.settings import load_settings
from trivet.verification.audit import Wanted, entries


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which questions are to be exported, as they are given on the command line; the days are London days."""

    account: str | None = None
    trainer: str | None = None
    authorisation: str | None = None
    since: date | None = None
    until: date | None = None


def export(out: Path, asked: Asked) -> None:
    """Write who asked what, of whom and what for into a new file, a JSON object a line, and note that it was done."""
    key = load_settings().key_pepper
    if out.exists():
        raise CouldNot(f"{out} is there already: name a new file")

    async def written(connection: AsyncConnection) -> tuple[int, str]:
        rows, digest = await _write(connection, out, await _wanted(connection, asked, key))
        detail = f"{rows} questions, {digest}"
        who = asked.account or "every account"
        await acts.note(connection, acts.Act.AUDIT_EXPORTED, who, detail, datetime.now(UTC))
        return rows, digest

    try:
        rows, digest = in_transaction(written)
    except OSError as error:
        raise CouldNot(f"{out} could not be written: {error}") from error
    print(f"{out}: {rows} questions, {digest} over their lines.")


async def _write(connection: AsyncConnection, out: Path, wanted: Wanted) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    passing = out.with_name(f".{out.name}.part")
    with passing.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)  # who asked about whom is for few to read
        async for entry in entries(connection, wanted):
            line = msgspec.json.encode(entry) + b"\n"
            digest.update(line)
            file.write(line)
            rows += 1
    passing.replace(out)
    return rows, f"sha256:{digest.hexdigest()}"


async def _wanted(connection: AsyncConnection, asked: Asked, key: bytes) -> Wanted:
    person = None
    if asked.trainer and asked.authorisation:
        raise CouldNot("--trainer, --authorisation: give one of them")
    if asked.trainer:
        person = person_hash(asked.trainer, key)
    if asked.authorisation:
        person = authorisation_hash(asked.authorisation, key)
    return Wanted(
        account=await _account(connection, asked.account) if asked.account else None,
        person=person,
        since=start_of(asked.since) if asked.since else None,
        before=end_of(asked.until) if asked.until else None,
    )


async def _account(connection: AsyncConnection, name: str) -> str:
    known = {account.name: account.id for account in await list_accounts(connection)}
    if name not in known:
        raise CouldNot(f"there is no account {name!a}: see `trivet accounts list`")
    return known[name]


def list_acts() -> None:
    """List what was done to accounts and keys, and which exports were made of the audit log."""
    table = Table("when", "what", "of", "how", box=None)
    for act in in_transaction(acts.list_operator_acts):
        what = act.act.replace("_", " ")
        table.add_row(f"{act.at:%Y-%m-%d %H:%M} UTC", what, act.subject, act.detail)
    Console(markup=False, highlight=False, soft_wrap=True).print(table)
