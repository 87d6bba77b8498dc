"""Courses, the training that each is for, and who of those who are mapped teaches it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_client.gate import Person
from trivet_lti.database import courses, teaching, written
from trivet_lti.launches import Launch


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course of a platform, or a link in it that names training of its own."""

    id: str
    platform: str
    deployment: str
    context: str
    link: str
    """The link that names its own training; empty for the course as a whole."""
    title: str
    provider: str | None
    programme: str | None
    set_by: str | None
    """How the platform called whoever chose the training here; None where the link names it."""
    set_at: str | None

    @property
    def known(self) -> bool:
        """Whether it is said what the training is."""
        return bool(self.provider and self.programme)


async def opened(connection: AsyncConnection, platform: str, launch: Launch) -> Course:
    """Return the course of a launch, which is kept from the first time on.

    A link that names provider and programme has them from its platform, signed, and is a page of its own. All other
    links of a course share what was chosen on the page.
    """
    own = bool(launch.link and launch.provider and launch.programme)
    place = {
        "platform": platform,
        "deployment": launch.deployment,
        "context": launch.context,
        "link": launch.link if own else "",
    }
    told: dict[str, Any] = {"title": launch.title}
    if own:
        told |= {"provider": launch.provider, "programme": launch.programme}
    where = [courses.c[name] == value for name, value in place.items()]
    row = (await connection.execute(select(courses.c.id).where(*where))).one_or_none()
    if row is None:
        await connection.execute(insert(courses).values(id=uuid.uuid4().hex, **place, **told))
    else:
        await connection.execute(update(courses).where(*where).values(told))
    return _course((await connection.execute(select(courses).where(*where))).mappings().one())


async def by_id(connection: AsyncConnection, course: str) -> Course:
    """Return a course that is there, as a foreign key says."""
    found = await connection.execute(select(courses).where(courses.c.id == course))
    return _course(found.mappings().one())


async def every(connection: AsyncConnection) -> Sequence[Course]:
    """Return all courses that are known."""
    return [_course(row) for row in (await connection.execute(select(courses))).mappings()]


async def choose(
    connection: AsyncConnection,
    course: Course,
    provider: str,
    programme: str,
    by: Person,
    now: datetime,
) -> None:
    """Keep which training a course is for, and who said so."""
    chosen = {
        "provider": provider,
        "programme": programme,
        "set_by": {"id": by.id, "name": by.name},
        "set_at": written(now),
    }
    await connection.execute(update(courses).where(courses.c.id == course.id).values(chosen))


async def taught_by(
    connection: AsyncConnection, course: Course, mapped: Collection[str], *, whole: bool
) -> None:
    """Keep which mapped people teach a course; who is not on a whole roster teaches it no more."""
    known = set(await teachers(connection, course.id))
    for mapping in set(mapped) - known:
        await connection.execute(insert(teaching).values(course=course.id, mapping=mapping))
    gone = known - set(mapped) if whole else set()
    if gone:
        of_course = teaching.c.course == course.id
        await connection.execute(delete(teaching).where(of_course, teaching.c.mapping.in_(gone)))


async def teachers(connection: AsyncConnection, course: str) -> Sequence[str]:
    """Return the mappings of those who teach a course, as last read."""
    query = select(teaching.c.mapping).where(teaching.c.course == course)
    return [row.mapping for row in await connection.execute(query)]


def _course(row: Any) -> Course:
    return Course(**{**row, "set_by": row["set_by"]["name"] if row["set_by"] else None})
