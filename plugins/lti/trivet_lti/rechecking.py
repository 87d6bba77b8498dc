"""What keeps courses current while nobody looks: watches at the service, its events, and asking again.

One round does three things: it has the service watch every line and nothing else, it reads what was told since the
last round, and it asks again about what that concerns, or about everything where the day changed or it is time to.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet_client import AsyncTrivetClient, Forbidden, NotFound, TrivetError
from trivet_client.gate import AsyncGate
from trivet_client.questions import Watched
from trivet_client.webhooks.events import Event
from trivet_lti import courses, memory, people
from trivet_lti.courses import Course
from trivet_lti.database import teaching, watches, written
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

SETTLES = timedelta(minutes=2)
"""For how long what an event concerns is asked about in every round: the service tells of a change as it is written,
and each of its processes answers by it only a moment later."""

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
        """Make a round every so many seconds, until cancelled. What breaks off waits for the next."""
        while True:
            try:
                await self.round()
            except (TrivetError, SQLAlchemyError) as error:
                LOG.warning(
                    "a round broke off, and the next goes on there: %s", type(error).__name__
                )
            await asyncio.sleep(pause)

    async def round(self) -> None:
        """Make one round.

        Raises:
            TrivetError: the service did not answer; what was read up to then is kept, and the next round goes on there.
        """
        async with self._engine.connect() as connection:
            lessons = await every_lesson(connection)
        try:
            await self._watch(lessons)
            concerned = await self._events()
        except Forbidden:
            LOG.warning(
                "the key lacks the scope watch: courses are asked about again by the clock alone"
            )
            concerned = set()
        unsettled = await self._unsettled(concerned)
        due = (
            lessons if await self._is_time() else {r: lessons[r] for r in unsettled if r in lessons}
        )
        if await self._ask(due) and due is lessons:
            async with self._engine.begin() as connection:
                await memory.move(connection, "checked", written(self._now()))
                await connection.execute(delete(watches).where(watches.c.watch == REFUSED))

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
        async with self._engine.begin() as connection:
            for reference, row in zip(references, rows, strict=True):
                came = {"watch": row.watch or REFUSED, "asked": _asked(*lessons[reference])}
                kept = upsert(watches).values(reference=reference, **came)
                await connection.execute(kept.on_conflict_do_update(set_=came))

    async def _end(self, reference: str, watch: str) -> None:
        if watch != REFUSED:
            with suppress(NotFound):  # it had ended already, with the person's data
                await self._trivet.end_watch(watch)
        async with self._engine.begin() as connection:
            await connection.execute(delete(watches).where(watches.c.reference == reference))

    async def _events(self) -> set[str]:
        """Keep what was told since the last round, and return the references that it concerns."""
        concerned: set[str] = set()
        while True:
            async with self._engine.connect() as connection:
                after = await memory.place(connection, "events")
            page = await self._trivet.events(after)
            async with self._engine.begin() as connection:
                for event in page.items:
                    concerned |= await self._tell(connection, event)
                await memory.move(connection, "events", page.next_cursor)
            if not page.items:
                return concerned

    async def _tell(self, connection: AsyncConnection, event: Event) -> set[str]:
        concerned = set()
        for reference in await self._references(event):
            lesson = lesson_of(reference)
            if lesson and not event.test:
                await memory.tell(connection, lesson, event.id, event.timestamp, event.text)
                concerned.add(lesson.reference)
        return concerned

    async def _references(self, event: Event) -> Collection[str | None]:
        if event.watch_count > len(event.watches):
            return [watch.reference async for watch in self._trivet.event_watches(event.id)]
        return [watch.reference for watch in event.watches]

    async def _unsettled(self, concerned: Collection[str]) -> Collection[str]:
        """Add what was just told of to what was told of lately, and return all of it."""
        now = self._now()
        async with self._engine.begin() as connection:
            kept = json.loads(await memory.place(connection, "unsettled") or "{}")
            going_on = {r: until for r, until in kept.items() if until > written(now)}
            going_on |= dict.fromkeys(concerned, written(now + SETTLES))
            await memory.move(connection, "unsettled", json.dumps(going_on))
        return going_on.keys()

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
            async with self._engine.begin() as connection:
                await memory.keep(connection, decision)
            whole &= all(question.cause is None for line in decision for question in line.questions)
        return whole


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
