"""A course page: who teaches, how each stands, and what was told and concluded of them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet_client.gate import (
    AsyncGate,
    Decision,
    LineDecision,
    Review,
    concerns_trainer,
)
from trivet_lti import courses, memory, people, registry
from trivet_lti.courses import Course
from trivet_lti.database import writing
from trivet_lti.lines import Lesson, lines_of
from trivet_lti.london import day_of
from trivet_lti.memory import News
from trivet_lti.people import Mapped
from trivet_lti.platforms import Platform
from trivet_lti.roster import Member, Roster, Rosters
from trivet_lti.sessions import Session


@dataclass(frozen=True)
class Standing:
    """How one instructor stands. Without `line` nothing could be asked: they are not mapped, or the training is not."""

    user: str
    name: str
    mapped: Mapped | None
    line: LineDecision | None
    news: Sequence[News]
    reviews: Sequence[Review]

    @property
    def word(self) -> str:
        """How it came out, as a word for styles and counts."""
        if self.mapped is None or self.line is None:
            return "not_mapped"
        return self.line.outcome.value

    @property
    def seen(self) -> str:
        """What a reviewer has before them: the outcome, and what speaks against it."""
        codes = () if self.line is None else self.line.questions[0].codes
        return " ".join([self.word, *sorted(codes)])

    @property
    def reviewable(self) -> bool:
        """Whether it is held up on account of a trainer, so that a person has to be able to look again."""
        return self.line is not None and not self.line.outcome and concerns_trainer(self.line)


@dataclass(frozen=True)
class View:
    """All that a course page shows."""

    platform: Platform
    course: Course
    standings: Sequence[Standing]
    whole: bool
    """Whether all of the roster could be read."""
    viewer: str | None
    """How the platform calls whoever looks."""
    today: date

    def of(self, user: str) -> Standing | None:
        """Return how somebody on the page stands."""
        return next((standing for standing in self.standings if standing.user == user), None)


class Looking:
    """Makes course pages. `now` tells the time that "today" and verdicts go by."""

    def __init__(
        self, engine: AsyncEngine, rosters: Rosters, gate: AsyncGate, now: Callable[[], datetime]
    ) -> None:
        self._engine, self._rosters, self._gate, self._now = engine, rosters, gate, now

    async def look(self, session: Session, name: str | None = None) -> View:
        """Return the page of a session as it is now; `name` is how the launch called whoever looks."""
        async with self._engine.connect() as connection:
            platform = await registry.by_id(connection, session.platform)
            course = await courses.by_id(connection, session.course)
            mapped = await people.of_course(connection, course)
            before = await courses.teachers(connection, course.id)
        roster = await self._rosters.read(platform, session.memberships, session.user)
        members = _members(roster, session, name, [m for m in mapped.values() if m.id in before])
        present = [mapped[member.user] for member in members if member.user in mapped]
        await self._note(course, present, whole=roster.whole)
        decision = await self.decide(course, present, day_of(self._now()))
        standings = await self._standings(course, members, mapped, decision)
        viewer = roster.viewer or name
        return View(platform, course, standings, roster.whole, viewer, day_of(self._now()))

    async def decide(self, course: Course, present: Sequence[Mapped], day: date) -> Decision:
        """Ask about the instructors of a course for a day, and keep what is answered about today."""
        async with self._engine.connect() as connection:
            kept = await memory.kept(connection, course.id)
            reviews = await memory.reviewed(connection, course.id)
        reversed_by = [r.override for those in reviews.values() for r in those if r.override]
        lines, now = lines_of(course, present, day), self._now()
        decision = await self._gate.decide(lines, now, kept, reversed_by)
        if day == day_of(now):
            async with writing(self._engine) as connection:
                await memory.keep(connection, decision)
        return decision

    async def _note(self, course: Course, present: Sequence[Mapped], *, whole: bool) -> None:
        with suppress(IntegrityError):  # somebody was unmapped meanwhile: the next look notes it
            async with writing(self._engine) as connection:
                ids = [person.id for person in present]
                await courses.taught_by(connection, course, ids, whole=whole)

    async def _standings(
        self,
        course: Course,
        members: Sequence[Member],
        mapped: Mapping[str, Mapped],
        decision: Decision,
    ) -> Sequence[Standing]:
        async with self._engine.connect() as connection:
            news = await memory.told(connection, course.id)
            reviews = await memory.reviewed(connection, course.id)
        lines = {line.key: line for line in decision}
        found = []
        for member in members:
            person = mapped.get(member.user)
            key = person.id if person else ""
            line = lines.get(Lesson(course.id, key).reference)
            name = member.name or f"User {member.user}"
            of_them = (news.get(key, ()), reviews.get(key, ()))
            found.append(Standing(member.user, name, person, line, *of_them))
        return found


def _members(
    roster: Roster, session: Session, name: str | None, before: Sequence[Mapped]
) -> Sequence[Member]:
    """Return who teaches: the roster's, and where it is not whole whoever is known to teach all the same."""
    found = {member.user: member for member in roster.instructors}
    if not roster.whole:
        found = {person.user: Member(person.user, "") for person in before} | found
        if session.teaches and session.user not in found:
            found[session.user] = Member(session.user, name or "")
    return sorted(found.values(), key=lambda member: (member.name.casefold(), member.user))
