"""Who is kept out of the register: erased people, and what a later reading says of them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.register.identifiers import comparable_id
from trivet.register.people import Erased, authorisation_hash, person_hash
from trivet.register.records import Authorisation, Kind
from trivet.register.sources import Reading, Rejected
from trivet.register.store import erased_subjects, erasures, statements


class Act(msgspec.Struct, frozen=True):
    """One erasure, nobody can say of whom: when (UTC), on which ground, and of how many references and numbers."""

    erased_at: datetime
    ground: str
    subjects: int


class KeptOut(msgspec.Struct, frozen=True):
    """A reading without erased people, and the keys of the authorisations that were left out of it.

    `whole` False: it named somebody who was erased, so that its bytes may not be kept. `erasures` counts the hashes of
    erased people by which it was looked through.
    """

    reading: Reading
    erasures: int = 0
    left_out: frozenset[str] = frozenset()
    whole: bool = True


async def add_erasure(
    connection: AsyncConnection, subjects: Iterable[str], person: str, ground: str, now: datetime
) -> None:
    """Keep out the subjects of one person from now (UTC) on.

    Those that are kept out already stay as they are, and the rest join them: then `person` is who they were.
    """
    given = set(subjects)
    before = await connection.scalar(
        select(erasures.c.person).where(erasures.c.subject.in_(given)).limit(1)
    )
    new = sorted(given - await erased_subjects(connection))
    row = {"person": before or person, "ground": ground, "erased_at": now}
    if new:
        await connection.execute(insert(erasures), [{"subject": s, **row} for s in new])


async def list_acts(connection: AsyncConnection) -> Sequence[Act]:
    """Return every erasure, the oldest first."""
    at = func.min(erasures.c.erased_at).label("erased_at")
    ground = func.min(erasures.c.ground).label("ground")
    rows = await connection.execute(
        select(at, ground, func.count().label("subjects"))
        .group_by(erasures.c.person)
        .order_by(at, erasures.c.person)
    )
    return [Act(**row) for row in rows.mappings()]


async def withholds(connection: AsyncConnection, source: str) -> bool:
    """Say whether a source ever stated an erased person, so that its documents may name them, read or not."""
    emptied = select(statements.c.number).where(
        statements.c.source == source, statements.c.record.is_(None)
    )
    return await connection.scalar(emptied.limit(1)) is not None


async def scrubbed(connection: AsyncConnection, message: str, key: bytes) -> str:
    """Return what is logged of a reading that failed, without the references and numbers of erased people."""
    return Erased(await erased_subjects(connection), key).scrubbed(message)


async def keep_out(
    connection: AsyncConnection, reading: Reading, key: bytes, now: datetime
) -> KeptOut:
    """Leave erased people out of a reading, and learn what else it calls them.

    A new number of theirs, and a new reference over one of their numbers, are kept out from now (UTC) on too: whoever
    asks by it must not be told that there is nobody. What the register holds as another trainer's stays theirs.
    """
    rows = (await connection.execute(select(erasures))).mappings().all()
    if not rows:
        return KeptOut(reading)
    persons = {row["subject"]: row["person"] for row in rows}
    grounds = {row["person"]: row["ground"] for row in rows}
    listed = [_Listed.of(a, key) for a in reading.document.authorisations]
    for found in (_renamed, _renumbered):
        new = await found(connection, listed, persons)
        for subject, person in new.items():
            await add_erasure(connection, [subject], person, grounds[person], now)
        persons |= new
    left_out = {a.key for a in listed if a.reference in persons or a.number in persons}
    return _without(reading, left_out, Erased(persons.keys(), key))


class _Listed(msgspec.Struct, frozen=True):
    """An authorisation that was read: the hashes of its reference and number, and its key."""

    reference: str
    number: str
    key: str

    @classmethod
    def of(cls, record: Authorisation, key: bytes) -> "_Listed":
        reference = person_hash(record.trainer, key)
        number = authorisation_hash(record.register, key)
        return cls(reference, number, comparable_id(record.register))


Persons = Mapping[str, str]
"""Whose a subject is: both are hashes."""


async def _renamed(
    connection: AsyncConnection, listed: Sequence[_Listed], persons: Persons
) -> dict[str, str]:
    """Return the references that are new to the register and listed under a number that is kept out."""
    new = {a.reference: persons[a.number] for a in listed if a.number in persons}
    new = {reference: person for reference, person in new.items() if reference not in persons}
    if not new:
        return {}
    held = await connection.scalars(
        select(statements.c.person).where(
            statements.c.person.in_(new), statements.c.record.is_not(None)
        )
    )
    return {r: new[r] for r in new.keys() - set(held)}


async def _renumbered(
    connection: AsyncConnection, listed: Sequence[_Listed], persons: Persons
) -> dict[str, str]:
    """Return the numbers that are new to the register and listed under a reference that is kept out."""
    new = [a for a in listed if a.reference in persons and a.number not in persons]
    if not new:
        return {}
    held = await connection.scalars(
        select(statements.c.key).where(
            statements.c.kind == Kind.AUTHORISATIONS.value,
            statements.c.key.in_([a.key for a in new]),
            statements.c.record.is_not(None),
        )
    )
    known = set(held)
    return {a.number: persons[a.reference] for a in new if a.key not in known}


def _without(reading: Reading, left_out: Set[str], erased: Erased) -> KeptOut:
    kept = [
        record
        for record in reading.document.authorisations
        if comparable_id(record.register) not in left_out
    ]
    document = replace(reading.document, authorisations=tuple(kept))
    rejected = tuple(_scrubbed(row, erased) for row in reading.rejected)
    return KeptOut(
        replace(reading, document=document, rejected=rejected),
        erasures=len(erased),
        left_out=frozenset(left_out),
        whole=not left_out and rejected == reading.rejected,
    )


def _scrubbed(row: Rejected, erased: Erased) -> Rejected:
    if row.kind is not Kind.AUTHORISATIONS:
        return row
    said = {"place": row.place, "register": row.register, "reason": row.reason}
    return replace(row, **erased.scrubbed_row(said))
