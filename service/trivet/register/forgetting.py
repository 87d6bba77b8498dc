"""What the register's tables hold of one person, and emptying it: digests stay, for what was signed rests on them."""

import secrets
from collections.abc import Sequence, Set

import msgspec
from sqlalchemy import ColumnElement, Select, Table, and_, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.register.identifiers import comparable_id
from trivet.register.people import Erased, authorisation_hash, person_hash
from trivet.register.records import Authorisation, Kind
from trivet.register.store import (
    ERASURE,
    changes,
    erasures,
    fetches,
    raw_documents,
    snapshot_sources,
    statements,
)

_AUTHORISATIONS = Kind.AUTHORISATIONS.value


class Person(msgspec.Struct, frozen=True):
    """Everything that the register calls one person.

    An authorisation is one person's, so that every reference under which any source ever stated one of the numbers is
    theirs, and so are that reference's numbers. `subjects` are the keyed hashes of all of them, and of what was erased
    of the same person before; the references and numbers themselves, as ids are compared, are those still held.
    """

    references: frozenset[str]
    numbers: frozenset[str]
    subjects: frozenset[str]


class Held(msgspec.Struct, frozen=True):
    """How many rows concern a person: statements, changes, and documents whose content is there and may name them."""

    statements: int
    changes: int
    documents: int


async def find_person(connection: AsyncConnection, references: Set[str], key: bytes) -> Person:
    """Return who stands behind references, found by following shared authorisations to their end."""
    known = {comparable_id(reference) for reference in references}
    persons = {person_hash(reference, key) for reference in known}
    earlier = select(erasures.c.person).where(erasures.c.subject.in_(persons))
    erased = await connection.scalars(
        select(erasures.c.subject).where(erasures.c.person.in_(earlier))
    )
    subjects = persons | set(erased)
    numbers: set[str] = set()
    while True:
        stated = await _stated(connection, subjects, numbers)
        found = known | {comparable_id(record.trainer) for record in stated}
        numbered = {comparable_id(record.register) for record in stated}
        if (found, numbered) == (known, numbers):
            return Person(frozenset(known), frozenset(numbers), frozenset(subjects))
        known, numbers = found, numbered
        subjects |= {person_hash(reference, key) for reference in known}
        subjects |= {authorisation_hash(number, key) for number in numbers}


async def _stated(
    connection: AsyncConnection, subjects: Set[str], numbers: Set[str]
) -> list[Authorisation]:
    # By source, so that the index of keys is used.
    sources = select(snapshot_sources.c.source).distinct()
    numbered = and_(
        statements.c.source.in_(sources),
        statements.c.kind == _AUTHORISATIONS,
        statements.c.key.in_(numbers),
    )
    rows = await connection.scalars(
        select(statements.c.record).where(
            statements.c.record.is_not(None), or_(statements.c.person.in_(subjects), numbered)
        )
    )
    return [msgspec.json.decode(record, type=Authorisation) for record in rows]


async def count_held(connection: AsyncConnection, person: Person, key: bytes) -> Held:
    """Count the rows of the register that concern a person; emptied ones no longer do."""
    naming = await _naming(connection, person, key)
    return Held(
        statements=await _count(connection, statements, _stated_of(person)),
        changes=await _count(connection, changes, _changed_of(person)),
        documents=await _count(connection, raw_documents, _documents_of(person, naming)),
    )


async def forget(connection: AsyncConnection, person: Person, key: bytes) -> Held:
    """Empty the rows of the register that concern a person, and return how many there were.

    All that one source stated under one number gets the same mark in the number's place: the last statement goes on
    taking the place of those before it, so that every snapshot's digest is still made of what is left (0001).
    """
    naming = await _naming(connection, person, key)
    held = await count_held(connection, person, key)
    await connection.execute(update(changes).where(_changed_of(person)).values(register=None))
    await connection.execute(
        update(raw_documents)
        .where(_documents_of(person, naming))
        .values(content=None, emptied_by=ERASURE)
    )
    # They name the pages of documents that are gone, and a page may be one trainer's.
    await connection.execute(
        update(fetches).where(fetches.c.source.in_(_sources_of(person))).values(validators=null())
    )
    for fetch in naming:
        scrubbed = {"error": fetch.error, "rejected": fetch.rejected}
        await connection.execute(update(fetches).where(fetches.c.id == fetch.id).values(**scrubbed))
    # Last, for they tell which sources' documents name the person.
    await _empty_statements(connection, person)
    return held


async def _empty_statements(connection: AsyncConnection, person: Person) -> None:
    chains = await connection.execute(
        select(statements.c.source, statements.c.key).where(_stated_of(person)).distinct()
    )
    for source, number in chains.all():
        await connection.execute(
            update(statements)
            .where(
                statements.c.source == source,
                statements.c.kind == _AUTHORISATIONS,
                statements.c.key == number,
            )
            .values(
                key=f"{ERASURE}:{secrets.token_hex(16)}",
                record=None,
                family_name_hash=None,
                salt=None,
            )
        )


def _stated_of(person: Person) -> ColumnElement[bool]:
    return and_(statements.c.record.is_not(None), statements.c.person.in_(person.subjects))


def _changed_of(person: Person) -> ColumnElement[bool]:
    return and_(changes.c.register.is_not(None), changes.c.person.in_(person.subjects))


def _sources_of(person: Person) -> Select[tuple[str]]:
    """Select the sources that state the person: any document of theirs may name them, read or refused.

    Those that were emptied before are left out: since then they kept no document that names somebody erased.
    """
    return select(statements.c.source).where(_stated_of(person)).distinct()


class _Naming(msgspec.Struct, frozen=True):
    """A logged reading whose error or rejected rows name the person, and what is left of those without that."""

    id: str
    error: str | None
    rejected: list[dict[str, str | None]] | None


def _documents_of(person: Person, naming: Sequence[_Naming]) -> ColumnElement[bool]:
    read = select(fetches.c.digest).where(
        fetches.c.digest.is_not(None),
        or_(
            fetches.c.source.in_(_sources_of(person)),
            fetches.c.id.in_([fetch.id for fetch in naming]),
        ),
    )
    return and_(raw_documents.c.content.is_not(None), raw_documents.c.digest.in_(read))


async def _naming(connection: AsyncConnection, person: Person, key: bytes) -> list[_Naming]:
    """Return the logged readings that name the person, scrubbed."""
    erased = Erased(person.subjects, key)
    rows = await connection.execute(select(fetches.c.id, fetches.c.error, fetches.c.rejected))
    found = []
    for row in rows:
        error = erased.scrubbed(row.error) if row.error else row.error
        rejected = [_scrubbed(each, erased) for each in row.rejected or ()]
        if error != row.error or rejected != (row.rejected or []):
            found.append(_Naming(row.id, error, rejected if row.rejected else row.rejected))
    return found


def _scrubbed(row: dict[str, str | None], erased: Erased) -> dict[str, str | None]:
    return erased.scrubbed_row(row) if row["kind"] == _AUTHORISATIONS else row


async def _count(connection: AsyncConnection, table: Table, where: ColumnElement[bool]) -> int:
    return await connection.scalar(select(func.count()).select_from(table).where(where)) or 0
