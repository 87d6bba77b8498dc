"""Ways in which somebody might get past without a pass."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ccx_keys.locator import CCXLocator
from courses import (
    POINTS,
    TEACHER,
    asked,
    bound,
    chosen,
    enrol,
    key_of,
    later,
    open_courseware,
    service,
    teaches,
    words_of,
)
from django.contrib.auth.models import User
from django.db import transaction
from openedx_filters.learning.filters import CourseEnrollmentStarted

from trivet_client.gate import Decision, Person
from trivet_openedx import clock, deciding
from trivet_openedx.configured import configured
from trivet_openedx.models import BoundCourse, Teaching, TrainerMapping
from trivet_openedx.pausing import SECONDS, Pause
from trivet_openedx.recording import Given, waive

pytestmark = pytest.mark.usefixtures("trivet")

Held = CourseEnrollmentStarted.PreventEnrollment

# ---- By the key


def comes_with(course_key: Any) -> None:
    CourseEnrollmentStarted.run_filter(user=User(id=1), course_key=course_key, mode="audit")


def test_no_other_form_of_its_key_unbinds_a_course() -> None:
    key: Any = key_of(bound(programme="register:lf-young"))
    custom = CCXLocator.from_course_locator(key, "1")
    version = "519665f6223ebd6980884f2b"
    forms = [
        str(key),
        key.for_branch("draft-branch"),
        key.for_version(version),
        key.for_branch("draft-branch").for_version(version),
        str(key).replace("Lanternfold", "LANTERNFOLD"),
        custom,
        str(custom),
        custom.for_branch("draft-branch"),
    ]
    for each in forms:
        with pytest.raises(Held, match="Not certified"):
            comes_with(each)


@pytest.mark.parametrize(
    "course_key", [None, "", 0, 5, object(), "RRT101", "course-v1:Lanternfold RRT1 2026"]
)
def test_what_is_no_key_of_a_course_goes_nowhere(course_key: object) -> None:
    with pytest.raises(Held, match="neither a pass nor a fail"):
        comes_with(course_key)


def test_a_key_that_was_bound_in_other_capitals_binds_and_its_teachers_are_known() -> None:
    course = bound(course_key="course-v1:LANTERNFOLD+capitals+2026", trainer=None)
    TrainerMapping.objects.create(staff_id=5, reference="authorisation:AUTH-04")
    Teaching.objects.create(course_key="course-v1:Lanternfold+Capitals+2026", staff_id=5)
    assert "Trainer" in words_of(enrol, "course-v1:Lanternfold+Capitals+2026")
    assert course.kept.get().verdict == "fail"


def test_who_teaches_a_custom_course_is_asked_about_as_well() -> None:
    course = bound()
    custom = CCXLocator.from_course_locator(key_of(course), "1")
    enrol(custom)
    Teaching.objects.create(course_key=str(custom), staff_id=77, role="staff")
    assert "A trainer's reference is missing" in words_of(enrol, custom)
    TrainerMapping.objects.create(staff_id=77, reference="authorisation:AUTH-04")
    assert "Not certified" in words_of(enrol, custom)
    enrol(course)


def test_a_custom_course_with_a_row_of_its_own_is_asked_about_by_that() -> None:
    course = bound(programme="register:lf-young")
    custom = CCXLocator.from_course_locator(key_of(course), "1")
    bound(course_key=str(custom))
    enrol(custom)


# ---- By what was answered before


def test_an_answer_for_one_day_is_none_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    course = bound()
    enrol(course)
    later(monkeypatch, days=1)
    with chosen(ASK_AGAIN_MINUTES=2 * 24 * 60):
        enrol(course)
    assert asked(course) == 2


def test_an_answer_about_another_record_is_not_used() -> None:
    course = bound()
    changes: list[dict[str, Any]] = [
        {"provider": "certificate:SAMPLE-0006"},
        {"programme": "register:lf-young"},
        {"delivered_by": "ods:ZZ9M1"},
        {"scope": {"nation": "scotland", "setting": "school"}},
    ]
    for number, each in enumerate(changes, 1):
        enrol(course)
        BoundCourse.objects.filter(pk=course.pk).update(**each)
        words_of(enrol, course)
        assert asked(course) == 2 * number
        course.save()


# ---- By a transaction that the platform takes back


def test_what_was_answered_is_found_again_though_the_platform_takes_its_transaction_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    course = bound(programme="register:lf-young")
    caplog.set_level(logging.INFO, "trivet_openedx")
    with pytest.raises(Held), transaction.atomic():
        enrol(course)
    assert not course.kept.exists()
    (told,) = [each.getMessage() for each in caplog.records if each.name == "trivet_openedx"]
    assert told.startswith(f"answered about {course}: fail (")
    with service() as client:
        assert client.get(told[:-1].rpartition("(")[2]).reference == course.reference
    assert words_of(enrol, course)  # asked anew


def test_a_pass_that_was_taken_back_is_asked_for_anew() -> None:
    course = bound()
    with transaction.atomic():
        enrol(course)
        enrol(course)
        transaction.set_rollback(True)
    assert asked(course) == 1
    enrol(course)
    assert asked(course) == 2


# ---- By who they are


def test_who_may_open_a_course_on_hold_is_a_setting() -> None:
    course = bound(programme="register:lf-young")
    teacher, staff, root = (
        User(id=TEACHER),
        User(id=9, is_staff=True),
        User(id=8, is_superuser=True),
    )
    for open_to, let_in in (([], []), (["staff"], [staff]), (["teachers"], [teacher])):
        with chosen(COURSEWARE_OPEN_TO=open_to):
            for each in (teacher, staff, root):
                if each in let_in:
                    open_courseware(course, each)
                else:
                    with pytest.raises(POINTS[1][2]):
                        open_courseware(course, each)


# ---- By a waiver


def test_a_waiver_of_a_teacher_without_a_reference_is_none_of_another_one() -> None:
    course = bound(trainer=None)
    teaches(course, 12, None)
    now = clock.now()
    waive(
        course,
        deciding.standing(course, configured(), now).lines,
        Given(
            reason="Known to the body under a name she had before.",
            by=Person("1", "warden"),
            at=now,
            expires_on=clock.day_of(now),
            about=[12],
        ),
    )
    enrol(course)
    teaches(course, 13, None)
    assert "A trainer's reference is missing" in words_of(enrol, course)
    Teaching.objects.filter(staff_id=12).delete()
    assert words_of(enrol, course)


# ---- By an outage


class Hanging:
    """A service that takes every call and answers none."""

    def __init__(self, listening: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._listening = listening

    def calls(self) -> int:
        """Return how many calls came since this was asked last."""
        self._listening.settimeout(0)
        came = 0
        try:
            while True:
                self._listening.accept()[0].close()
                came += 1
        except BlockingIOError:
            return came


@contextmanager
def hanging() -> Iterator[Hanging]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Hanging(listening)


def test_after_an_asking_in_vain_nobody_waits_until_the_pause_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = [0.0]
    monkeypatch.setattr(deciding, "_pause", Pause(lambda: seconds[0]))
    course, other, known = bound(), bound(), bound()
    enrol(known)
    with hanging() as service, chosen(URL=service.url, TIME_LIMIT_SECONDS=0.2):
        assert "did not answer in time" in words_of(enrol, course)
        assert service.calls() == 1
        for each in (course, other):
            words = words_of(enrol, each)
            assert "Could not be verified" in words
            assert "ertified on" not in words
        assert service.calls() == 0
        enrol(known)  # its answer is fresh
        seconds[0] = SECONDS
        assert words_of(enrol, course)
        assert service.calls() == 1
    assert words_of(enrol, course)
    seconds[0] += SECONDS
    enrol(course)


def test_staff_are_answered_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = Pause()
    pause.begin()
    monkeypatch.setattr(deciding, "_pause", pause)
    course = bound()
    assert words_of(enrol, course)
    decision: Decision = deciding.standing(course, configured(), clock.now())
    assert decision


# ---- By a deleted row


def test_a_course_that_is_not_bound_any_more_is_open_and_said_to_be() -> None:
    course = bound(programme="register:lf-young")
    assert words_of(enrol, course)
    course.delete()
    enrol(course)
