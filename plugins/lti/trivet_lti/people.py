"""Which trainer's reference somebody of a platform has with a provider: said by a person, kept, and removable.

Nothing is guessed, and no name is compared. It goes by provider, for a trainer's status belongs to an authorisation
with one provider and does not move with the person (R6).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_client import InvalidArgument
from trivet_client.gate import Person
from trivet_client.questions import question
from trivet_lti.courses import Course
from trivet_lti.database import mappings, teaching, written

ID_LENGTH = 200
"""How much of a platform's user id is kept of whoever decides something: as much as a `Person` takes."""


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """Somebody of a platform with a reference, and who said so when."""

    id: str
    user: str
    provider: str
    trainer: str
    by: Person
    at: str

    @property
    def by_themself(self) -> bool:
        """Whether they said it of themself: that is shown."""
        return self.by.id == self.user[:ID_LENGTH]


def person(user: str, name: str | None) -> Person:
    """Return whoever decides something, as the platform knows and calls them."""
    return Person(user[:ID_LENGTH], (name or user)[:ID_LENGTH])


def reference(written_so: str) -> str:
    """Return a trainer's reference as it is kept: `authorisation:…` or `register:…`.

    Raises:
        ValueError: it is written in no such form.
    """
    bare = written_so.strip()
    full = bare if ":" in bare else f"authorisation:{bare}"
    try:
        asked = question(provider="register:any", programme="register:any", trainer=full).trainer
    except InvalidArgument:
        raise ValueError("Give the number of the authorisation, like AUTH-01.") from None
    if not asked or len(full) > 200:
        raise ValueError("Give the number of the authorisation, like AUTH-01.")
    return f"{asked.scheme.value}:{asked.value.strip()}"


async def of_course(connection: AsyncConnection, course: Course) -> Mapping[str, Mapped]:
    """Return who is mapped for the provider of a course, by user."""
    query = select(mappings).where(
        mappings.c.platform == course.platform, mappings.c.provider == (course.provider or "")
    )
    return {row["user"]: _mapped(row) for row in (await connection.execute(query)).mappings()}


async def every(connection: AsyncConnection) -> Sequence[Mapped]:
    """Return all who are mapped."""
    return [_mapped(row) for row in (await connection.execute(select(mappings))).mappings()]


async def put(
    connection: AsyncConnection, course: Course, user: str, trainer: str, by: Person, now: datetime
) -> None:
    """Map somebody for the provider of a course. What was kept of another reference goes with it.

    Whoever is mapped so already stays as they are. With another reference they go on teaching what they taught.
    """
    before = (await of_course(connection, course)).get(user)
    if before and before.trainer == trainer:
        return
    of_before = select(teaching.c.course).where(teaching.c.mapping == (before.id if before else ""))
    taught = [row.course for row in await connection.execute(of_before)]
    await remove(connection, course, user)
    kept = {
        "id": uuid.uuid4().hex,
        "platform": course.platform,
        "user": user,
        "provider": course.provider or "",
        "trainer": trainer,
        "mapped_by": {"id": by.id, "name": by.name},
        "mapped_at": written(now),
    }
    await connection.execute(insert(mappings).values(kept))
    for each in taught:
        await connection.execute(insert(teaching).values(course=each, mapping=kept["id"]))


async def remove(connection: AsyncConnection, course: Course, user: str) -> None:
    """Forget which trainer somebody is for the provider of a course, with verdicts, news and reviews."""
    await connection.execute(
        delete(mappings).where(
            mappings.c.platform == course.platform,
            mappings.c.user == user,
            mappings.c.provider == (course.provider or ""),
        )
    )


def _mapped(row: Any) -> Mapped:
    return Mapped(
        id=row["id"],
        user=row["user"],
        provider=row["provider"],
        trainer=row["trainer"],
        by=Person(row["mapped_by"]["id"], row["mapped_by"]["name"]),
        at=row["mapped_at"],
    )
