"""Erasing one person: nothing that tells of them is left, and all that was signed still proves."""

from collections.abc import Sequence, Set
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.alerts.forgetting import forget_person
from trivet.alerts.watches import count_about
from trivet.http.repeats import forget_answers
from trivet.register.confirmations.table import forget_confirmed
from trivet.register.erasures import add_erasure
from trivet.register.forgetting import Held, Person, count_held, find_person, forget
from trivet.register.identifiers import comparable_id
from trivet.register.people import person_hash
from trivet.verification.store import find_about, forget_about


class NotNamed(Exception):
    """References that were not named belong to the same person as those that were."""

    def __init__(self, references: Set[str]) -> None:
        """Take those references."""
        super().__init__()
        self.references = frozenset(references)


class Found(msgspec.Struct, frozen=True):
    """What is held of a person: how they are referred to, the register's rows, the questions, and who watches."""

    person: Person
    held: Held
    verifications: Sequence[str]
    watches: int

    def further(self, references: Set[str]) -> frozenset[str]:
        """Return the person's references beside those given."""
        return self.person.references - {comparable_id(reference) for reference in references}

    @property
    def anything(self) -> bool:
        """Whether there is anything at all."""
        held = self.held.statements or self.held.changes
        return bool(held or self.verifications or self.watches)


async def find(connection: AsyncConnection, references: Set[str], key: bytes) -> Found:
    """Return what is held of the person behind references; `key` is the one under which references are hashed."""
    person = await find_person(connection, references, key)
    held = await count_held(connection, person, key)
    asked = await find_about(connection, person.subjects)
    return Found(person, held, asked, await count_about(connection, person.subjects))


async def erase(
    connection: AsyncConnection, references: Set[str], ground: str, key: bytes, now: datetime
) -> Found:
    """Erase a person in one transaction, keep them out from now (UTC) on, and return what there was.

    Raises:
        NotNamed: sources state the person's authorisations under further references. Those may be somebody else's, by a
            publisher's mistake, so whoever erases has to name them too.
    """
    found = await find(connection, references, key)
    further = found.further(references)
    if further:
        raise NotNamed(further)
    await forget(connection, found.person, key)
    await forget_confirmed(connection, found.person.subjects)
    await forget_about(connection, found.person.subjects)
    await forget_answers(connection)
    await forget_person(connection, found.person.subjects, now)
    person = person_hash(min(map(comparable_id, references)), key)
    await add_erasure(connection, found.person.subjects, person, ground, now)
    return found
