"""What was attested of a session: which verdicts stood for its instructors, with receipts. Written once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
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


def id_of(form: str, day: date) -> str:
    """Return the id of what is attested by one form for a session's day: the same, however often it is sent."""
    return hashlib.sha256(f"{day.isoformat()} {form}".encode()).hexdigest()[:32]


async def write(
    connection: AsyncConnection,
    course: Course,
    day: date,
    record: Mapping[str, Any],
    form: str,
    now: datetime,
) -> None:
    """Keep an attestation for a session's day; once, where a form is sent again. `form` is what no other form has."""
    kept = {
        "id": id_of(form, day),
        "platform": course.platform,
        "deployment": course.deployment,
        "context": course.context,
        "day": day.isoformat(),
        "at": written(now),
        "record": {"session": day.isoformat(), **record},
    }
    await connection.execute(upsert(attestations).values(kept).on_conflict_do_nothing())


async def of_course(connection: AsyncConnection, course: Course) -> Sequence[Any]:
    """Return the attestations of a course, the newest session first."""
    query = (
        select(attestations)
        .where(
            attestations.c.platform == course.platform,
            attestations.c.deployment == course.deployment,
            attestations.c.context == course.context,
        )
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
