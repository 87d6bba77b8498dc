"""Who is held up at each of the three filters, and that nothing gets past a step that can't do its work."""

import logging

import pytest
from courses import (
    LEARNER,
    Does,
    bound,
    chosen,
    each_point,
    enrol,
    key_of,
    nobody_there,
    words_of,
)
from django.test import override_settings
from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.filters import PipelineStep
from openedx_filters.learning.filters import CourseEnrollmentStarted

Prevented = type[OpenEdxFilterException]

pytestmark = pytest.mark.usefixtures("both_ways")


@pytest.mark.usefixtures("trivet")
@each_point
def test_a_pass_lets_through(does: Does, prevented: Prevented) -> None:
    does(bound())


@each_point
def test_an_unbound_course_is_nobody_s_business(does: Does, prevented: Prevented) -> None:
    with chosen(URL=nobody_there()):
        does("course-v1:Example+Cooking+2026")


@pytest.mark.usefixtures("trivet")
@each_point
def test_a_fail_holds_up(does: Does, prevented: Prevented) -> None:
    with pytest.raises(prevented, match="Not certified on"):
        does(bound(programme="register:lf-young"))


@pytest.mark.usefixtures("trivet")
@each_point
def test_what_can_not_be_confirmed_holds_up_and_is_no_finding(
    does: Does, prevented: Prevented
) -> None:
    with pytest.raises(prevented, match="This is not a finding against anybody"):
        does(bound(trainer=None))


@each_point
def test_a_service_that_is_down_is_neither_a_fail_nor_a_pass(
    does: Does, prevented: Prevented
) -> None:
    with chosen(URL=nobody_there()), pytest.raises(prevented) as held:
        does(bound())
    assert "Could not be verified" in held.value.message
    assert "could not be reached" in held.value.message
    assert "ertified on" not in held.value.message


@pytest.mark.usefixtures("trivet")
@each_point
def test_a_key_that_is_not_taken_verifies_nothing(does: Does, prevented: Prevented) -> None:
    with chosen(KEY="tvt_live_nobody_s"), pytest.raises(prevented, match="does not accept"):
        does(bound())


@pytest.mark.usefixtures("trivet")
def test_the_log_has_neither_what_an_error_said_nor_a_trainer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("tvt_live_a_secret of Quillfeather")

    course = bound("authorisation:AUTH-04")
    caplog.set_level(logging.DEBUG)
    assert words_of(enrol, course)
    monkeypatch.setattr("trivet_openedx.holding.decide", broken)
    assert words_of(enrol, course)
    assert "ValueError at test_steps.py" in caplog.text
    for each in ("AUTH-04", "Quillfeather", "tvt_live"):
        assert each not in caplog.text


# ---- Among other steps


class Noted(PipelineStep):
    """A step after ours."""

    ran = 0

    def run_filter(self, **_: object) -> dict[str, object]:
        type(self).ran += 1
        return {"mode": "verified"}


@pytest.mark.usefixtures("trivet")
def test_the_steps_after_it_run_with_what_they_are_given() -> None:
    steps = ["trivet_openedx.steps.HoldEnrolment", f"{__name__}.Noted"]
    config = {CourseEnrollmentStarted.filter_type: {"pipeline": steps, "fail_silently": False}}
    key = key_of(bound())
    with override_settings(OPEN_EDX_FILTERS_CONFIG=config):
        came = CourseEnrollmentStarted.run_filter(user=LEARNER, course_key=key, mode="audit")
    assert came == (LEARNER, key, "verified")
