"""What was attested of a session: which verdicts stood for its instructors, with receipts. Written once."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_client.gate import Decision, LineDecision, Person
from trivet_lti.courses import Course
from trivet_lti.database import attestations, written
from trivet_lti.people import Mapped


def record_of(
    course: Course,
    decision: Decision,
    people: Sequence[Mapped],
    roster: Mapping[str, Any],
    by: Person,
    now: datetime,
) -> Mapping[str, Any]:
    """Return what is kept of a session; `people` are those of the decision's lines, in their order. Pure.

    `roster` says how many were on it without a mapping, and whether it was whole: nothing else is kept of those people.
    """
    return {
        "course": {
            "title": course.title,
            "context": course.context,
            "deployment": course.deployment,
        },
        "provider": course.provider,
        "programme": course.programme,
        "attestedBy": {"id": by.id, "name": by.name},
        "attestedAt": written(now),
        "instructors": [_line(line, person) for line, person in zip(decision, people, strict=True)],
        **roster,
    }


async def write(
    connection: AsyncConnection, course: Course, day: date, record: Mapping[str, Any], now: datetime
) -> str:
    """Keep an attestation for a session's day, and return its id."""
    written_as = {
        "id": uuid.uuid4().hex,
        "platform": course.platform,
        "context": course.context,
        "day": day.isoformat(),
        "at": written(now),
        "record": {"session": day.isoformat(), **record},
    }
    await connection.execute(insert(attestations).values(written_as))
    return str(written_as["id"])


async def of_course(connection: AsyncConnection, course: Course) -> Sequence[Any]:
    """Return the attestations of a course, the newest session first."""
    query = (
        select(attestations)
        .where(attestations.c.platform == course.platform, attestations.c.context == course.context)
        .order_by(attestations.c.day.desc(), attestations.c.at.desc())
    )
    return (await connection.execute(query)).all()


async def forget_before(connection: AsyncConnection, day: date) -> int:
    """Delete attestations of sessions before a day, which an operator keeps no longer, and return how many."""
    gone = await connection.execute(
        delete(attestations).where(attestations.c.day < day.isoformat())
    )
    return gone.rowcount


def _line(line: LineDecision, person: Mapped) -> Mapping[str, Any]:
    question = line.questions[0]
    kept = question.kept
    return {
        "user": person.user,
        "trainer": person.trainer,
        "outcome": line.outcome.value,
        "words": line.words,
        "verification": kept.verification if kept else None,
        "verdict": kept.verdict.value if kept else None,
        "reasons": [reason.code for reason in question.reasons],
        "caveats": list(line.caveats),
        "receipt": kept.receipt if kept else None,
    }
