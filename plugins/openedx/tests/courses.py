"""What the tests share: bound courses, and what a learner does in them, by the library's own filters."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import override_settings
from opaque_keys.edx.keys import CourseKey
from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.learning.filters import (
    CertificateCreationRequested,
    CourseEnrollmentStarted,
    CoursewareAccessChecksRequested,
)

from trivet_client import TrivetClient
from trivet_openedx import clock
from trivet_openedx.held import Point
from trivet_openedx.models import BoundCourse, Teaching, TrainerMapping

LEARNER = User(id=4711, username="learner")
TEACHER = 12

_numbers = count(1)


def bound(trainer: str | None = "authorisation:AUTH-01", **changed: Any) -> BoundCourse:
    """Return a new bound course that passes, with one teacher, unless told otherwise."""
    key = f"course-v1:Lanternfold+RRT{next(_numbers)}+2026"  # one for each test: the service keeps questions
    whole = {
        "course_key": key,
        "provider": "certificate:SAMPLE-0001",
        "programme": "register:lf-foundation",
    }
    course = BoundCourse.objects.create(**whole | changed)
    if trainer is not None:
        teaches(course, TEACHER, trainer)
    return course


def teaches(course: BoundCourse, staff_id: int, trainer: str | None) -> None:
    """Have somebody teach a course, with a reference for it where one is given."""
    Teaching.objects.create(course_key=course.course_key, staff_id=staff_id, role="staff")
    if trainer is not None:
        TrainerMapping.objects.create(
            course_key=course.course_key, staff_id=staff_id, reference=trainer
        )


def enrol(course: object, user: Any = LEARNER) -> None:
    CourseEnrollmentStarted.run_filter(user=user, course_key=key_of(course), mode="audit")


def open_courseware(course: object, user: Any = LEARNER) -> None:
    CoursewareAccessChecksRequested.run_filter(user=user, course_key=key_of(course))


def certify(course: object, user: Any = LEARNER) -> None:
    CertificateCreationRequested.run_filter(
        user=user,
        course_key=key_of(course),
        mode="audit",
        status="downloadable",
        grade=1.0,
        generation_mode="batch",
    )


Does = Callable[..., None]

POINTS: list[tuple[Point, Does, type[OpenEdxFilterException]]] = [
    (Point.ENROLMENT, enrol, CourseEnrollmentStarted.PreventEnrollment),
    (
        Point.COURSEWARE,
        open_courseware,
        CoursewareAccessChecksRequested.PreventCoursewareAccess,
    ),
    (Point.CERTIFICATE, certify, CertificateCreationRequested.PreventCertificateCreation),
]

each_point = pytest.mark.parametrize(
    ("does", "prevented"), [each[1:] for each in POINTS], ids=[point.value for point, *_ in POINTS]
)


def words_of(does: Does, course: object) -> str:
    """Return what a learner reads who is held up; empty where nobody is."""
    try:
        does(course)
    except OpenEdxFilterException as held:
        return held.message
    return ""


def key_of(course: object) -> CourseKey:
    return CourseKey.from_string(str(course))


def asked(course: BoundCourse) -> int:
    """Return how many questions about a course the service has answered."""
    with service() as client:
        return len(list(client.verifications(reference=course.reference)))


@contextmanager
def service() -> Iterator[TrivetClient]:
    """A client of the service that the settings name."""
    with TrivetClient(settings.TRIVET_OPENEDX["URL"], settings.TRIVET_OPENEDX["KEY"]) as client:
        yield client


def chosen(**changed: Any) -> Any:
    """Return settings that differ in these."""
    return override_settings(TRIVET_OPENEDX={**settings.TRIVET_OPENEDX, **changed})


def nobody_there() -> str:
    """Return an address at which nothing answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> datetime:
    """Let it be later by a span of time, and return when it is then."""
    then = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: then)
    return then
