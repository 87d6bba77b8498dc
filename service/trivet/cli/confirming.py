"""Commands for confirmations: record one, list them, end one."""

import asyncio
import hashlib
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rich.console import Console
from rich.table import Table

from trivet.alerts.rounds import Rounds
from trivet.cli import CouldNot
from trivet.cli.confirmation_options import option_of, told
from trivet.cli.mirroring import instant
from trivet.database import connect, reading
from trivet.london import day_of
from trivet.register.confirmations.asked import LONGEST_NOTE, Confirming, Refused
from trivet.register.confirmations.desk import Desk
from trivet.register.confirmations.doubts import in_words
from trivet.register.confirmations.ending import Ended, Unknown
from trivet.register.confirmations.ending import end as end_one
from trivet.register.confirmations.recording import NothingMirrored, Recorded, record
from trivet.register.confirmations.table import Confirmation, ConfirmationState
from trivet.register.confirmations.table import list_confirmations as list_all
from trivet.register.current import CurrentRegister
from trivet.register.identifiers import unfit_text
from trivet.settings import load_settings
from trivet.upgrading import upgrade

T = TypeVar("T")

_SOON = timedelta(days=60)
_WORDS = {
    "providers": "certification",
    "programmes": "programme",
    "authorisations": "authorisation",
    "affiliations": "affiliation",
}


def add(said: dict[str, Any], document: Path) -> None:
    """Record a confirmation, of a document that can be read; print what is confirmed by it."""
    asked = _converted({**said, "document": _digest(document)}, said)
    recorded = _run(lambda desk: record(desk, asked), said)
    for line in _recorded(recorded, document):
        print(line)
    for doubt in recorded.doubts:
        print(f"trivet: please look again: {doubt.detail}", file=sys.stderr)


def _digest(document: Path) -> str:
    """Return the SHA-256 digest of a file that has anything in it."""
    try:
        with document.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            empty = opened.tell() == 0
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CouldNot(f"--document: {document} can't be read: {reason}") from None
    if empty:
        raise CouldNot(f"--document: {document} is empty: give the letter or mail itself")
    return f"sha256:{digest}"


def _converted(asked: dict[str, Any], said: dict[str, Any]) -> Confirming:
    try:
        return msgspec.convert(asked, Confirming)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        path = place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
        raise CouldNot(f"--{option_of(path, said)}: {reason}") from None


def _recorded(recorded: Recorded, document: Path) -> Iterator[str]:
    kept = recorded.confirmation
    yield f"{kept.id}: what was confirmed of {_WORDS[kept.kind]} {kept.register} is recorded."
    yield f"  by {kept.confirmed_by}, on {kept.confirmed_on}, good until {kept.good_until}"
    yield f"  {document.name}, {kept.document}"
    for field, value in in_words(recorded.record).items():
        if field != "register":
            yield f"  {field}: {value}"
    yield f"  snapshot {recorded.snapshot}"


def list_confirmations(*, everything: bool) -> None:
    """List the confirmations, the newest first; those that ended only if asked for."""

    async def listed(desk: Desk) -> Sequence[Confirmation]:
        async with reading(desk.engine) as connection:
            return await list_all(connection)

    today = day_of(datetime.now(UTC))
    found = [c for c in _run(listed) if everything or c.ending is None]
    table = Table("id", "record", "confirmed by", "on", "good until", "", box=None)
    for one in found:
        record_ = f"{_WORDS[one.kind]} {one.register or '(erased)'}"
        dates = str(one.confirmed_on), str(one.good_until)
        table.add_row(one.id, record_, one.confirmed_by, *dates, _state(one, today))
    console = Console(markup=False, highlight=False)
    # Ids are there to be copied: a narrow or absent terminal must not cut them.
    console.width = max(console.width, 200)
    console.print(
        table if found else "Nothing is confirmed: see `trivet confirmations add --help`."
    )
    _print_what_ends(found, today)


def _state(one: Confirmation, today: date) -> str:
    state = one.state(today)
    if state is ConfirmationState.GOOD and _is_soon_over(one, today):
        return f"ends in {(one.good_until - today).days} days"
    if one.ended_at is not None:
        return f"{state.value} on {instant(one.ended_at)}: {one.end_reason}"
    return state.value.upper() if state is ConfirmationState.OVER else state.value


def _is_soon_over(one: Confirmation, today: date) -> bool:
    return one.good_until - today <= _SOON


def _print_what_ends(found: Sequence[Confirmation], today: date) -> None:
    over = [one for one in found if one.state(today) is ConfirmationState.OVER]
    good = [one for one in found if one.state(today) is ConfirmationState.GOOD]
    soon = [one for one in good if _is_soon_over(one, today)]
    if over:
        print(f"{len(over)} over: what rests on them can't be confirmed. Ask the body again.")
    if soon:
        print(f"{len(soon)} will be over within {_SOON.days} days. Ask the body again in time.")


def end(confirmation_id: str, reason: str, *, mistaken: bool) -> None:
    """End a confirmation."""
    why = reason.strip()
    unfit = unfit_text(why, LONGEST_NOTE)
    if unfit:
        raise CouldNot(f"--reason: {unfit}: say why it ends")
    ended = _run(lambda desk: end_one(desk, confirmation_id, why, mistaken=mistaken))
    what = "never held" if mistaken else "holds no more, from today on"
    print(f"{ended.id} of {_WORDS[ended.kind]} {ended.register or '(erased)'} {what}.")


def _run(act: Callable[[Desk], Awaitable[T]], said: dict[str, Any] | None = None) -> T:
    """Do something at the settings' database; what can't be done is told in one line."""
    settings = load_settings()
    key = settings.key_pepper

    async def run() -> T:
        await upgrade(settings.database_url)
        engine = connect(settings.database_url)
        try:
            current = CurrentRegister(engine, key)
            herald = Rounds(engine, key)
            return await act(Desk(engine, current, key, lambda: datetime.now(UTC), herald))
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except Refused as refused:
        raise CouldNot(told(refused.faults, said or {})) from None
    except Unknown as error:
        raise CouldNot(f"{error}: see `trivet confirmations list`") from None
    except (Ended, NothingMirrored) as error:
        raise CouldNot(str(error)) from None
