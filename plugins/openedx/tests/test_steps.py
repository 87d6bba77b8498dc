"""Who is held up at each of the three filters, and that nothing gets past a step that can't do its work."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
from django.db import connection
from django.test import override_settings
from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.filters import PipelineStep
from openedx_filters.learning.filters import CourseEnrollmentStarted

from trivet_openedx.models import BoundCourse, KeptVerdict, Teaching, TrainerMapping

Prevented = type[OpenEdxFilterException]

pytestmark = pytest.mark.usefixtures("both_ways")


@each_point
def test_a_pass_lets_through(does: Does, prevented: Prevented) -> None:
    does(bound())


@each_point
def test_an_unbound_course_is_nobody_s_business(does: Does, prevented: Prevented) -> None:
    with chosen(URL=nobody_there()):
        does("course-v1:Example+Cooking+2026")


@each_point
def test_a_fail_holds_up(does: Does, prevented: Prevented) -> None:
    with pytest.raises(prevented, match="Not certified on"):
        does(bound(programme="register:lf-young"))


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


@each_point
def test_a_key_that_is_not_taken_verifies_nothing(does: Does, prevented: Prevented) -> None:
    with chosen(KEY="tvt_live_nobody_s"), pytest.raises(prevented, match="does not accept"):
        does(bound())


@each_point
@pytest.mark.parametrize("wrong", [{}, None, {"URL": "https://trivet.example"}, {"KEY": "x"}])
def test_without_an_address_or_a_key_what_is_bound_is_held_up(
    wrong: object, does: Does, prevented: Prevented
) -> None:
    course = bound()
    with (
        override_settings(TRIVET_OPENEDX=wrong),
        pytest.raises(prevented, match="ould not be verified"),
    ):
        does(course)


# ---- Whatever breaks


@contextmanager
def without_table(model: type) -> Iterator[None]:
    """Take a table away."""
    table = model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO gone")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE gone RENAME TO {table}")


@each_point
@pytest.mark.parametrize("model", [BoundCourse, Teaching, TrainerMapping, KeptVerdict])
def test_an_error_of_the_database_holds_up(model: type, does: Does, prevented: Prevented) -> None:
    course = bound()
    with without_table(model), pytest.raises(prevented, match="could not be verified"):
        does(course)


@each_point
@pytest.mark.parametrize("missing", ["trivet_openedx.models", "trivet_client.gate"])
def test_a_part_that_is_not_installed_holds_up(
    missing: str,
    does: Does,
    prevented: Prevented,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for each in ("trivet_openedx.holding", "trivet_openedx.deciding"):
        monkeypatch.delitem(sys.modules, each, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(prevented, match="could not be verified"):
        does("course-v1:Example+Cooking+2026")


@each_point
@pytest.mark.parametrize("error", [TypeError("x"), RecursionError(), MemoryError(), TimeoutError()])
def test_a_mistake_in_this_plugin_holds_up(
    error: Exception,
    does: Does,
    prevented: Prevented,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr("trivet_openedx.holding.decide", broken)
    with pytest.raises(prevented, match="could not be verified"):
        does(bound())


@pytest.mark.parametrize("answer", [True, "fine", {}, 0, object()])
def test_an_answer_that_a_step_does_not_know_is_no_permission(
    answer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trivet_openedx.holding.held", lambda *_, **__: answer)
    with pytest.raises(CourseEnrollmentStarted.PreventEnrollment):
        enrol(bound())


def test_arguments_that_a_later_library_may_give_pass_nobody_by() -> None:
    key = key_of(bound(programme="register:lf-young"))
    others: list[dict[str, object]] = [
        {"course_key": key},
        {"course_key": key, "user": None, "seat": 7},
        {"course_key": key, "point": "a name of ours"},
        {"course_key": None, "user": LEARNER},
        {"user": LEARNER, "mode": "audit"},
        {},
    ]
    for arguments in others:
        with pytest.raises(CourseEnrollmentStarted.PreventEnrollment):
            CourseEnrollmentStarted.run_pipeline(**arguments)


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


def test_the_steps_after_it_run_with_what_they_are_given() -> None:
    steps = ["trivet_openedx.steps.HoldEnrolment", f"{__name__}.Noted"]
    config = {CourseEnrollmentStarted.filter_type: {"pipeline": steps, "fail_silently": False}}
    key = key_of(bound())
    with override_settings(OPEN_EDX_FILTERS_CONFIG=config):
        came = CourseEnrollmentStarted.run_filter(user=LEARNER, course_key=key, mode="audit")
    assert came == (LEARNER, key, "verified")
