"""How long an answer is used without asking again, how many calls a rush makes, and what an outage leaves."""

from threading import Barrier, Thread

import pytest
from courses import (
    asked,
    bound,
    certify,
    chosen,
    enrol,
    later,
    nobody_there,
    open_courseware,
    service,
    teaches,
    words_of,
)
from django.db import connection

from beside import Trivet
from trivet_client.gate import Kept
from trivet_openedx.models import KeptVerdict

pytestmark = pytest.mark.usefixtures("trivet")


@pytest.mark.parametrize("programme", ["lf-foundation", "lf-young"])
def test_an_answer_is_used_for_some_minutes_and_then_asked_for_anew(
    programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = bound(programme=f"register:{programme}")
    first = words_of(enrol, course)
    assert bool(first) is (programme == "lf-young")
    with monkeypatch.context() as patched:
        later(patched, minutes=4, seconds=50)
        assert words_of(enrol, course) == first
        assert bool(words_of(certify, course)) is bool(first)
    assert asked(course) == 1
    later(monkeypatch, minutes=5, seconds=1)
    assert words_of(enrol, course) == first
    assert asked(course) == 2


def test_opening_a_course_rests_on_an_older_answer_than_enrolment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = bound()
    enrol(course)
    with monkeypatch.context() as patched:
        later(patched, minutes=59)
        open_courseware(course)
        assert asked(course) == 1
        enrol(course)
        assert asked(course) == 2
    later(monkeypatch, minutes=61)
    open_courseware(course)
    assert asked(course) == 3


def test_how_long_is_a_setting() -> None:
    course = bound()
    with chosen(ASK_AGAIN_MINUTES=0):
        enrol(course)
        enrol(course)
    assert asked(course) == 2


def test_another_trainer_is_another_question_and_the_old_answer_goes() -> None:
    course = bound()
    enrol(course)
    teaches(course, 13, "authorisation:AUTH-04")
    assert words_of(enrol, course)
    assert asked(course) == 2  # the first teacher's answer is fresh
    course.provider = "ukprn:19990001"
    course.save()
    assert words_of(enrol, course)
    assert course.kept.count() == 2


def test_what_is_kept_is_what_the_gate_wrote_and_has_no_trainer_in_it() -> None:
    course = bound()
    enrol(course)
    row = KeptVerdict.objects.get(course=course)
    kept = Kept.from_dict(row.kept)
    assert (row.verdict, row.fingerprint, row.checked_at) == (
        "pass",
        kept.fingerprint,
        kept.checked_at,
    )
    assert "AUTH-01" not in str({**row.kept, "receipt": ""})


def test_an_answer_that_somebody_changed_is_none() -> None:
    course = bound(programme="register:lf-young")
    assert words_of(enrol, course)
    row = KeptVerdict.objects.get(course=course)
    row.kept["verdict"] = "pass"
    row.save()
    assert words_of(enrol, course)
    assert asked(course) == 2


# ---- A rush


def test_those_who_come_at_once_make_one_call(trivet: Trivet) -> None:
    course = bound()
    ready, words = Barrier(2), list[str]()

    def come() -> None:
        ready.wait()
        words.append(words_of(enrol, course))
        connection.close()

    rush = [Thread(target=come) for _ in range(2)]
    for each in rush:
        each.start()
    for each in rush:
        each.join(60)
    assert words == ["", ""]
    assert asked(course) == 1


# ---- While the service can't be asked


def test_a_kept_pass_does_not_stand_in_unless_the_settings_say_for_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = bound()
    enrol(course)
    with chosen(URL=nobody_there()):
        with monkeypatch.context() as patched:
            later(patched, minutes=1)
            enrol(course)  # fresh, so it is not asked for
        later(monkeypatch, minutes=30)
        assert "Could not be verified" in words_of(enrol, course)
        with chosen(OUTAGE_HOURS=1):
            enrol(course)
        with chosen(OUTAGE_HOURS=1, ASK_AGAIN_MINUTES=0):
            later(monkeypatch, minutes=61)
            assert "Could not be verified" in words_of(enrol, course)


def test_a_kept_fail_goes_on_holding_up_and_says_when_it_was_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = bound(programme="register:lf-young")
    assert words_of(enrol, course)
    later(monkeypatch, minutes=10)
    with chosen(URL=nobody_there()):
        words = words_of(enrol, course)
    assert "Not certified on" in words
    assert "for it could not be verified now: the service could not be reached" in words


def test_a_service_that_stops_and_comes_back_is_asked_again(trivet: Trivet) -> None:
    course = bound()
    trivet.stop()
    try:
        assert "Could not be verified" in words_of(enrol, course)
    finally:
        trivet.start()
    enrol(course)
    with service() as client:
        assert [each.verdict.value for each in client.verifications(reference=str(course))] == [
            "pass"
        ]
