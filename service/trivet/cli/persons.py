"""Commands for a person who asks what is held of them, or to be forgotten. None ever prints a name."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table

from trivet.cli import CouldNot
from trivet.cli.opened import in_transaction
from trivet.database import clear_journal
from trivet.people import erasure
from trivet.people.erasure import Found, NotNamed
from trivet.register.erasures import list_acts
from trivet.register.identifiers import ill_formed_register_id
from trivet.settings import load_settings

LONGEST_GROUND = 500


def find(trainers: Sequence[str]) -> None:
    """Say how much is held of the person behind references, for a subject access request."""
    references = _checked(trainers)
    found = _found(references)
    for line in _told(found):
        print(line)
    further = found.further(references)
    if further:
        print(f"the same authorisations are stated under: {', '.join(sorted(further))}")


def erase(trainers: Sequence[str], ground: str, *, yes: bool) -> None:
    """Erase the person behind references, once it is confirmed."""
    references, why = _checked(trainers), " ".join(ground.split())
    if not 1 <= len(why) <= LONGEST_GROUND:
        raise CouldNot(f"--ground: give a reason of 1 to {LONGEST_GROUND} characters, and no name")
    _make_sure(_found(references), yes=yes)
    settings = load_settings()
    key, now = settings.key_pepper, datetime.now(UTC)
    try:
        done = in_transaction(lambda c: erasure.erase(c, references, why, key, now))
    except NotNamed as error:
        raise CouldNot(_further(error.references)) from None
    held = done.held
    print(
        f"Erased: {held.statements} statements, {held.changes} changes, "
        f"{len(done.verifications)} questions with their answers, {done.watches} watches, "
        f"{held.documents} raw documents."
    )
    if not clear_journal(settings.database_url):
        print(
            "trivet: the database's journal is in use and may hold what was erased until the service is restarted",
            file=sys.stderr,
        )


def list_erasures() -> None:
    """List when people were erased and on which ground, never whom."""
    table = Table("erased", "ground", box=None)
    for act in in_transaction(list_acts):
        table.add_row(f"{act.erased_at:%Y-%m-%d %H:%M} UTC", act.ground)
    Console(markup=False, highlight=False, soft_wrap=True).print(table)


def _checked(trainers: Sequence[str]) -> frozenset[str]:
    for reference in trainers:
        fault = ill_formed_register_id(reference)
        if fault:
            raise CouldNot(
                f"--trainer {fault}: give the reference under which the register lists the person"
            )
    if not trainers:
        raise CouldNot("--trainer: give the reference under which the register lists the person")
    return frozenset(trainers)


def _found(references: frozenset[str]) -> Found:
    key = load_settings().key_pepper
    return in_transaction(lambda connection: erasure.find(connection, references, key))


def _told(found: Found) -> Iterator[str]:
    yield f"authorisations: {len(found.person.numbers)}"
    yield f"statements of sources: {found.held.statements}"
    yield f"changes: {found.held.changes}"
    yield f"raw documents that may name the person: {found.held.documents}"
    yield f"watches: {found.watches}"
    yield f"questions with their answers: {len(found.verifications)}"
    yield from (f"  {verification}" for verification in found.verifications)


def _make_sure(found: Found, *, yes: bool) -> None:
    """See to it that the right person is meant: what is erased does not come back."""
    if not found.anything:
        raise CouldNot("nothing is held of such a trainer: is the reference the register's own?")
    if yes:
        return
    if not sys.stdin.isatty():
        raise CouldNot("erasing can't be undone: give --yes to do it without being asked")
    console = Console(stderr=True, markup=False, highlight=False)
    for line in _told(found):
        console.print(line)
    if not Confirm.ask("Erase all of this, for good?", console=console, default=False):
        raise CouldNot("nothing was erased")


def _further(references: frozenset[str]) -> str:
    return (
        f"nothing was erased: the same authorisations are stated under {', '.join(sorted(references))} too; if that is "
        "the same person, give it with another --trainer, and if not, ask the publisher"
    )
