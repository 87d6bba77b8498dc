"""Whether a course may go ahead: asked with the gate, by what is kept and what people waived."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from trivet_client.gate import Decision, Gate, Kept, Line, LineDecision
from trivet_openedx.asking import gate_at, gate_that_asks
from trivet_openedx.clock import day_of
from trivet_openedx.configured import Configured
from trivet_openedx.flights import Flights
from trivet_openedx.held import Point
from trivet_openedx.models import BoundCourse, KeptVerdict, Waiver
from trivet_openedx.pausing import Pause
from trivet_openedx.trainers import line_of, unmapped

AT_ONCE = 200
"""How many courses one call asks about."""

logger = logging.getLogger("trivet_openedx")

_flights, _pause = Flights[Decision](), Pause()


def decide(course: BoundCourse, point: Point, settings: Configured, now: datetime) -> LineDecision:
    """Decide for a learner; those who come at once in one process share one call, and nobody asks in a pause.

    Args:
        course: what is asked about.
        point: where the learner is: it says how old an answer may be.
        settings: the installation's.
        now: the instant, in Europe/London.
    """
    line = line_of(course, course.day(day_of(now)), settings.teaching_roles)

    def ask() -> Decision:
        gate = gate_at(settings, point, paused=bool(_pause))
        decision = _decided(course, [line], gate, settings, now)
        if any(question.cause == "too_slow" for question in decision.lines[0].questions):
            _pause.begin()
        return decision

    decision, asked = _flights.shared((course.pk, point, repr(line)), ask)
    if asked:  # only now: to write may wait for a transaction of somebody who waits for the answer
        keep(course, decision)
    return decision.lines[0]


def standing(
    course: BoundCourse, settings: Configured, now: datetime, until: date | None = None
) -> Decision:
    """Decide for staff, each question asked anew, for every day that counts from today until a last one.

    Args:
        course: what is asked about.
        settings: the installation's.
        now: the instant, in Europe/London.
        until: the last day, in Europe/London; today where none is given.
    """
    today = day_of(now)
    span = (until - today).days if until else 0
    days = {course.day(today + timedelta(days=n)) for n in range(span + 1)}
    lines = [line_of(course, day, settings.teaching_roles) for day in sorted(days, key=str)]
    return _decided(course, lines, gate_that_asks(settings), settings, now)


def recheck(
    courses: Iterable[BoundCourse], settings: Configured, now: datetime
) -> Iterator[tuple[BoundCourse, LineDecision]]:
    """Ask anew about courses, many with one call, keep what is answered, and yield what came of each."""
    today = day_of(now)
    gate = gate_that_asks(settings)
    for some in _some(courses):
        lines = [line_of(course, course.day(today), settings.teaching_roles) for course in some]
        waived = [each for course in some for each in _waivers(course, settings, now)]
        kept = [each for course in some for each in _kept(course)]
        decision = gate.decide(lines, now, kept, waived)
        for course, line in zip(some, decision, strict=True):
            keep(course, Decision((line,)))
            yield course, line


def keep(course: BoundCourse, decision: Decision) -> None:
    """Store what was answered now about the one line of a course, and delete what was answered to other questions.

    The log has the ids too: a host that takes its transaction back takes what is stored along, and not what was said.
    """
    if not decision.kept:
        return
    for kept in decision.kept:
        logger.info("answered about %s: %s (%s)", course, kept.verdict.value, kept.verification)
    with transaction.atomic():  # within the host's transaction, which an error here must not spoil
        asked = {question.fingerprint for line in decision for question in line.questions}
        course.kept.exclude(fingerprint__in=asked).delete()
        for kept in decision.kept:
            KeptVerdict.objects.update_or_create(
                course=course, fingerprint=kept.fingerprint, defaults=_row(kept)
            )


def _decided(
    course: BoundCourse, lines: Sequence[Line], gate: Gate, settings: Configured, now: datetime
) -> Decision:
    return gate.decide(lines, now, _kept(course), _waivers(course, settings, now))


def _kept(course: BoundCourse) -> list[Any]:
    return list(course.kept.values_list("kept", flat=True))


def _waivers(course: BoundCourse, settings: Configured, now: datetime) -> list[Any]:
    """Return what was waived, by whoever saw each teacher whom nobody mapped: to a gate they all look alike."""
    in_time = Waiver.objects.filter(course=course, expires_on__gte=day_of(now), end=None)
    unknown = set(unmapped(course, settings.teaching_roles))
    return [waiver.document for waiver in in_time if unknown <= set(waiver.about)]


def _row(kept: Kept) -> dict[str, Any]:
    return {
        "verdict": kept.verdict.value,
        "delivered_on": kept.delivered_on,
        "checked_at": kept.checked_at,
        "kept": kept.to_dict(),
    }


def _some(courses: Iterable[BoundCourse]) -> Iterator[list[BoundCourse]]:
    rest = iter(courses)
    while some := list(islice(rest, AT_ONCE)):
        yield some
