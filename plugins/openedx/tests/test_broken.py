"""That nothing gets past a step that can't do its work. Nobody is asked here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from courses import LEARNER, Does, bound, each_point, enrol, key_of, words_of
from django.db import connection
from django.test import override_settings
from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.learning.filters import CourseEnrollmentStarted

from trivet_openedx.models import BoundCourse, KeptVerdict, Teaching, TrainerMapping

Prevented = type[OpenEdxFilterException]

pytestmark = pytest.mark.usefixtures("both_ways")


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
    table = model._meta.db_table  # type: ignore[attr-defined]  # of a model class
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
    with without_table(model), pytest.raises(prevented, match="neither a pass nor a fail"):
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
    with pytest.raises(prevented, match="neither a pass nor a fail"):
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
    with pytest.raises(prevented, match="neither a pass nor a fail"):
        does(bound())


def test_a_log_that_breaks_lets_nobody_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("trivet_openedx.holding.decide", broken)
    monkeypatch.setattr("trivet_openedx.steps.logger.error", broken)
    assert words_of(enrol, bound())


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
