"""What was answered and told of courses: the last verdicts, the news of watches, and what people concluded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_client.gate import Decision, Kept, Review, Unreadable
from trivet_lti.database import news, places, reviews, verdicts, written
from trivet_lti.lines import Lesson, lesson_of

NEWS_SHOWN = 3
"""How many of the last events about somebody a page shows."""


@dataclass(frozen=True)
class News:
    """What a watch told, and when the mirror learned of it."""

    at: str
    text: str


async def kept(connection: AsyncConnection, course: str) -> Sequence[Mapping[str, Any]]:
    """Return the verdicts of a course as the gate wrote them."""
    query = select(verdicts.c.kept).where(verdicts.c.course == course)
    return [row.kept for row in await connection.execute(query)]


async def keep(connection: AsyncConnection, decision: Decision) -> None:
    """Keep what was answered, in the place of what was answered before for the same day; older days go.

    A look and a round may ask at once: whichever writes last, what was answered last is what is kept.
    """
    for line in decision:
        lesson = lesson_of(line.key)
        answers = [q.kept for q in line.questions if q.answer is not None and q.kept]
        if lesson is None or not answers:
            continue
        answer = answers[0]
        place = {**vars(lesson), "day": answer.delivered_on.isoformat()}
        of_line = [verdicts.c[name] == value for name, value in vars(lesson).items()]
        if await _kept_later(connection, answer, *of_line, verdicts.c.day == place["day"]):
            continue
        await connection.execute(delete(verdicts).where(*of_line, verdicts.c.day <= place["day"]))
        try:
            async with connection.begin_nested():
                await connection.execute(insert(verdicts).values(**place, kept=answer.to_dict()))
        except IntegrityError:
            continue  # the mapping was removed meanwhile, and what is known of it goes with it


async def _kept_later(
    connection: AsyncConnection, answer: Kept, *where: ColumnElement[bool]
) -> bool:
    kept = (await connection.execute(select(verdicts.c.kept).where(*where))).scalar_one_or_none()
    try:
        return kept is not None and Kept.from_dict(kept).checked_at > answer.checked_at
    except Unreadable:
        return False


async def tell(
    connection: AsyncConnection, lesson: Lesson, event: str, at: datetime, text: str
) -> None:
    """Keep what a watch told; once, and not where the instructor is not mapped any more."""
    told = {
        "course": lesson.course,
        "mapping": lesson.mapping,
        "event": event,
        "at": written(at),
        "text": text,
    }
    try:
        async with connection.begin_nested():
            await connection.execute(upsert(news).values(told).on_conflict_do_nothing())
    except IntegrityError:
        return


async def told(connection: AsyncConnection, course: str) -> Mapping[str, Sequence[News]]:
    """Return the last news of a course by mapping, the newest first."""
    query = select(news).where(news.c.course == course).order_by(news.c.at.desc())
    found: dict[str, list[News]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.mapping, []).append(News(row.at, row.text))
    return {mapping: items[:NEWS_SHOWN] for mapping, items in found.items()}


async def reviewed(connection: AsyncConnection, course: str) -> Mapping[str, Sequence[Review]]:
    """Return the reviews of a course by mapping, the oldest first."""
    query = select(reviews).where(reviews.c.course == course).order_by(reviews.c.id)
    found: dict[str, list[Review]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.mapping, []).append(Review.from_dict(row.review))
    return found


async def record(connection: AsyncConnection, lesson: Lesson, review: Review) -> None:
    """Keep a review; it is never changed. The same once more, as from a form that is sent twice, is not kept."""
    before = (await reviewed(connection, lesson.course)).get(lesson.mapping)
    if before and _said(before[-1]) == _said(review):
        return
    await connection.execute(
        insert(reviews).values(
            course=lesson.course, mapping=lesson.mapping, review=review.to_dict()
        )
    )


def _said(review: Review) -> object:
    """Return what a review says. Each sending looks anew, so that its answer is another with the same against it."""
    covers = {(each.line, each.fingerprint, each.outcome, each.codes) for each in review.covers}
    return review.conclusion, review.reason, review.person, covers


async def place(connection: AsyncConnection, name: str) -> str | None:
    """Return how far something was read."""
    return (
        await connection.execute(select(places.c.value).where(places.c.name == name))
    ).scalar_one_or_none()


async def move(connection: AsyncConnection, name: str, value: str) -> None:
    """Keep how far something was read."""
    moved = upsert(places).values(name=name, value=value)
    await connection.execute(moved.on_conflict_do_update(set_={"value": value}))
