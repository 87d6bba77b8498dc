"""What a learner reads, at which points a course is held up and for whom, and who is asked about."""

import pytest
from ccx_keys.locator import CCXLocator
from courses import (
    LEARNER,
    POINTS,
    TEACHER,
    Does,
    bound,
    chosen,
    enrol,
    key_of,
    open_courseware,
    teaches,
    words_of,
)
from django.contrib.auth.models import User
from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.learning.filters import CourseEnrollmentStarted

from trivet_openedx.held import Point
from trivet_openedx.models import Teaching, TrainerMapping

pytestmark = pytest.mark.usefixtures("trivet")

# ---- What a learner reads


def test_a_learner_reads_why_but_not_what_is_the_matter_with_whom() -> None:
    words = words_of(enrol, bound("authorisation:AUTH-04", programme="register:lf-young"))
    assert words.startswith("Enrolment in this course is on hold. Not certified on ")
    assert "Programme: " in words
    assert "Trainer: what stands against it concerns a person" in words
    assert "AUTH-04" not in words
    assert "Please ask the course team" in words


def test_opening_a_course_tells_a_page_and_a_program_alike() -> None:
    with pytest.raises(POINTS[1][2]) as held:
        open_courseware(bound(programme="register:lf-young"))
    told = vars(held.value)
    assert told["error_code"] == "trivet_refused"
    assert told["user_message"] == told["message"]
    assert "AUTH-" not in str(told)


# ---- Which points, and for whom


@pytest.mark.parametrize(("point", "does", "prevented"), POINTS)
def test_a_point_can_be_left_open_by_the_settings_and_by_a_course(
    point: Point, does: Does, prevented: type[OpenEdxFilterException]
) -> None:
    others = [each.value for each, _, _ in POINTS if each is not point]
    by_settings = bound(programme="register:lf-young")
    held_all_the_same = bound(programme="register:lf-young")
    setattr(held_all_the_same, f"hold_{point.value}", True)
    held_all_the_same.save()
    with chosen(HOLD=others):
        does(by_settings)
        with pytest.raises(prevented):
            does(held_all_the_same)
    setattr(held_all_the_same, f"hold_{point.value}", False)
    held_all_the_same.save()
    does(held_all_the_same)


def test_whoever_works_on_a_course_can_open_it_and_not_be_enrolled_or_certified() -> None:
    course = bound(programme="register:lf-young")
    for user in (User(id=TEACHER), User(id=99, is_staff=True)):
        open_courseware(course, user)
        for _, does, prevented in (POINTS[0], POINTS[2]):
            with pytest.raises(prevented):
                does(course, user)


def test_a_role_that_does_not_teach_opens_nothing() -> None:
    course = bound(programme="register:lf-young")
    Teaching.objects.create(course_key=course.course_key, staff_id=LEARNER.id, role="beta_testers")
    assert words_of(open_courseware, course)


def test_a_custom_course_is_bound_as_its_course_is() -> None:
    course = bound(programme="register:lf-young")
    custom = CCXLocator.from_course_locator(key_of(course), "1")
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment):
        enrol(custom)
    enrol(CCXLocator.from_course_locator(key_of(bound()), "1"))


# ---- Who is asked about


def test_every_teacher_has_to_pass() -> None:
    course = bound()
    enrol(course)
    teaches(course, 13, "authorisation:AUTH-04")
    assert "Not certified" in words_of(enrol, course)


def test_a_teacher_whom_nobody_mapped_holds_up_and_one_who_trains_nobody_does_not() -> None:
    course = bound()
    teaches(course, 13, None)
    assert "A trainer's reference is missing" in words_of(enrol, course)
    TrainerMapping.objects.create(staff_id=13, reference="")
    enrol(course)


def test_a_reference_for_the_course_goes_before_the_one_for_all() -> None:
    TrainerMapping.objects.create(staff_id=TEACHER, reference="authorisation:AUTH-04")
    enrol(bound())


def test_a_role_that_does_not_teach_is_not_asked_about() -> None:
    course = bound()
    Teaching.objects.create(course_key=course.course_key, staff_id=55, role="beta_testers")
    enrol(course)


def test_all_that_a_course_says_is_asked() -> None:
    assert not words_of(
        enrol, bound("authorisation:AUTH-02", delivered_by="ods:ZZ9M1", day_rule="today")
    )
    assert "Scope:" in words_of(enrol, bound(scope={"nation": "scotland", "setting": "school"}))
    withdrawn = {"provider": "certificate:SAMPLE-0006", "programme": "register:fa-roots"}
    before = {"day_rule": "fixed", "fixed_day": "2026-03-01"}
    assert not words_of(enrol, bound("authorisation:AUTH-11", **withdrawn, **before))
    assert words_of(enrol, bound("authorisation:AUTH-11", **withdrawn))
