"""What keeps courses current while nobody looks: watches at the service, its events, and asking again.

One round does three things: it has the service watch every line and nothing else, it reads what was told since the
last round, and it asks again about what that concerns, or about everything where the day changed or it is time to. What
an event concerns is noted with the event, and stays noted until it was answered: an outage just then loses nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet_client import AsyncTrivetClient, Forbidden, NotFound, TrivetError
from trivet_client.gate import AsyncGate
from trivet_client.questions import Watched
from trivet_client.webhooks.events import Event
from trivet_lti import courses, memory, people
from trivet_lti.courses import Course
from trivet_lti.database import teaching, unasked, watches, writing, written
from trivet_lti.lines import Lesson, lesson_of, line_of
from trivet_lti.london import day_of
from trivet_lti.people import Mapped

LOG = logging.getLogger("trivet_lti")

AT_ONCE = 500
"""How many lines one call asks about."""

NOTICE = ("P30D", "P7D")
"""How long before an end it is told."""

REFUSED = ""
"""Stands for a watch that the service refused: it is asked for again only after everything was."""

Lessons = Mapping[str, tuple[Course, Mapped]]
"""Courses and instructors by the reference of their line."""


class Rechecker:
    """Keeps the courses of a database current. `now` is the clock that rounds go by."""

    def __init__(
        self,
        engine: AsyncEngine,
        trivet: AsyncTrivetClient,
        gate: AsyncGate,
        every: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._engine, self._trivet, self._gate = engine, trivet, gate
        self._every, self._now = every, now

    async def run(self, pause: float) -> None:
        """Make a round every so many seconds, until cancelled. Whatever breaks off a round, the next is made."""
        while True:
            try:
                await self.round()
            except TrivetError as error:
                LOG.warning("a round broke off, and the next goes on there: %s", _kind(error))
            except Exception as error:  # noqa: BLE001  # the rounds have to outlive what nobody thought of
                LOG.error("a round broke off: %s", _kind(error))  # noqa: TRY400  # a trace may quote data of people
            await asyncio.sleep(pause)

    async def round(self) -> None:
        """Make one round. What goes wrong with watches and events is raised after what is due was asked about.

        Raises:
            TrivetError: the service did not answer; what was read up to then is kept, and the next round goes on there.
        """
        async with self._engine.connect() as connection:
            lessons = await every_lesson(connection)
        broken: Exception | None = None
        try:
            await self._watch(lessons)
            await self._events()
        except Forbidden:
            LOG.warning(
                "the key lacks the scope watch: courses are asked about again by the clock alone"
            )
        except Exception as error:  # noqa: BLE001  # raised below
            broken = error
        await self._ask_what_is_due(lessons)
        if broken:
            raise broken

    async def _ask_what_is_due(self, lessons: Lessons) -> None:
        async with self._engine.connect() as connection:
            noted = (await connection.execute(select(unasked.c.reference))).scalars().all()
        all_of_it = await self._is_time()
        if await self._ask(lessons if all_of_it else _of(lessons, noted)) and all_of_it:
            async with writing(self._engine) as connection:
                await memory.move(connection, "checked", written(self._now()))
                await connection.execute(delete(watches).where(watches.c.watch == REFUSED))
        gone = set(noted) - lessons.keys()  # nobody is mapped so any more
        async with writing(self._engine) as connection:
            await connection.execute(delete(unasked).where(unasked.c.reference.in_(gone)))

    async def _watch(self, lessons: Lessons) -> None:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(watches))).all()
        known = {row.reference: row for row in rows}
        new = [r for r, of in lessons.items() if r not in known or known[r].asked != _asked(*of)]
        if new:
            await self._begin(new, lessons)
        for reference in known.keys() - lessons.keys():
            await self._end(reference, known[reference].watch)

    async def _begin(self, references: list[str], lessons: Lessons) -> None:
        wanted = [
            Watched(
                provider=course.provider or "",
                programme=course.programme,
                trainer=person.trainer,
                reference=reference,
                expiry_notice=NOTICE,
            )
            for reference in references
            for course, person in [lessons[reference]]
        ]
        rows = await self._trivet.watch_many(wanted, replace=True)
        async with writing(self._engine) as connection:
            for reference, row in zip(references, rows, strict=True):
                came = {"watch": row.watch or REFUSED, "asked": _asked(*lessons[reference])}
                kept = upsert(watches).values(reference=reference, **came)
                await connection.execute(kept.on_conflict_do_update(set_=came))

    async def _end(self, reference: str, watch: str) -> None:
        if watch != REFUSED:
            with suppress(NotFound):  # it had ended already, with the person's data
                await self._trivet.end_watch(watch)
        async with writing(self._engine) as connection:
            await connection.execute(delete(watches).where(watches.c.reference == reference))

    async def _events(self) -> None:
        """Keep what was told since the last round, and note what it concerns."""
        async with self._engine.connect() as connection:
            after = await memory.place(connection, "events")
        while True:
            page = await self._trivet.events(after)
            told = [(event, await self._concerned(event)) for event in page.items]
            async with writing(self._engine) as connection:
                for event, lessons in told:
                    await _tell(connection, event, lessons)
                await memory.move(connection, "events", page.next_cursor)
            if not page.items:
                return
            after = page.next_cursor

    async def _concerned(self, event: Event) -> Collection[Lesson]:
        found = [lesson_of(reference) for reference in await self._references(event)]
        return {lesson for lesson in found if lesson and not event.test}

    async def _references(self, event: Event) -> Collection[str | None]:
        if event.watch_count > len(event.watches):
            return [watch.reference async for watch in self._trivet.event_watches(event.id)]
        return [watch.reference for watch in event.watches]

    async def _is_time(self) -> bool:
        async with self._engine.connect() as connection:
            before = await memory.place(connection, "checked")
        if before is None:
            return True
        last, now = datetime.fromisoformat(before), self._now()
        return day_of(last) != day_of(now) or now - last >= self._every

    async def _ask(self, lessons: Lessons) -> bool:
        """Ask about lines for today and keep what is answered; tell whether all were answered."""
        now = self._now()
        lines = [line_of(course, person, day_of(now)) for course, person in lessons.values()]
        whole = True
        for first in range(0, len(lines), AT_ONCE):
            decision = await self._gate.decide(lines[first : first + AT_ONCE], now)
            answered = [line.key for line in decision if not any(q.cause for q in line.questions)]
            async with writing(self._engine) as connection:
                await memory.keep(connection, decision)
                await connection.execute(delete(unasked).where(unasked.c.reference.in_(answered)))
            whole &= len(answered) == len(decision.lines)
        return whole


async def _tell(connection: AsyncConnection, event: Event, lessons: Collection[Lesson]) -> None:
    for lesson in lessons:
        await memory.tell(connection, lesson, event.id, event.timestamp, event.text)
        noted = upsert(unasked).values(reference=lesson.reference)
        await connection.execute(noted.on_conflict_do_nothing())


def _of(lessons: Lessons, references: Collection[str]) -> Lessons:
    return {reference: lessons[reference] for reference in references if reference in lessons}


def _kind(error: Exception) -> str:
    """Return what is logged of an error: what is in it may be a person's."""
    return type(error).__name__


async def every_lesson(connection: AsyncConnection) -> Lessons:
    """Return all courses whose training is known, with all who are mapped for its provider and teach them."""
    known = {course.id: course for course in await courses.every(connection) if course.known}
    mapped = {person.id: person for person in await people.every(connection)}
    pairs = (await connection.execute(select(teaching.c.course, teaching.c.mapping))).all()
    return {
        Lesson(pair.course, pair.mapping).reference: (known[pair.course], mapped[pair.mapping])
        for pair in pairs
        if pair.course in known and mapped[pair.mapping].provider == known[pair.course].provider
    }


def _asked(course: Course, person: Mapped) -> str:
    return f"{course.provider} {course.programme} {person.trainer}"
