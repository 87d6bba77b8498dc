"""Writes down what a person decided about a course that is held up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from trivet_client.gate import (
    Conclusion,
    LineDecision,
    Override,
    Person,
    concerns_trainer,
    override,
    review,
)
from trivet_openedx.models import BoundCourse, Review, Waiver


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person says, who it is, and when."""

    reason: str
    by: Person
    at: datetime
    expires_on: date
    about: Collection[int]
    """Who taught the course then, so that what is held of them can be found."""


def waive(course: BoundCourse, lines: Collection[LineDecision], given: Given) -> Waiver:
    """Store that a course may go ahead although these lines are held up, and return it.

    Raises:
        ValueError: nothing is held up, or the reason says nothing.
    """
    held = [line for line in lines if not line]
    decided = override(
        held, reason=given.reason, by=given.by, at=given.at, expires_on=given.expires_on
    )
    return _waiver(course, decided, given)


@transaction.atomic
def look_again(
    course: BoundCourse, lines: Collection[LineDecision], conclusion: Conclusion, given: Given
) -> Review:
    """Store what a second look came to, for the lines that concern a trainer; reversed, it is a waiver too.

    Raises:
        ValueError: none of the lines concerns a trainer, or the reason says nothing.
    """
    held = [line for line in lines if not line and concerns_trainer(line)]
    expires_on = given.expires_on if conclusion is Conclusion.REVERSED else None
    decided = review(
        held,
        conclusion=conclusion,
        reason=given.reason,
        by=given.by,
        at=given.at,
        expires_on=expires_on,
    )
    if decided.override:
        _waiver(course, decided.override, given)
    return Review.objects.create(
        course=course,
        reason=given.reason,
        by=given.by.id,
        at=given.at,
        about=sorted(given.about),
        conclusion=conclusion.value,
        document=decided.to_dict(),
    )


def _waiver(course: BoundCourse, decided: Override, given: Given) -> Waiver:
    return Waiver.objects.create(
        course=course,
        reason=given.reason,
        by=given.by.id,
        at=given.at,
        expires_on=given.expires_on,
        about=sorted(given.about),
        document=decided.to_dict(),
    )
