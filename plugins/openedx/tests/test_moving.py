"""What becomes of a course when the register changes: by events, by webhook, and by cron."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from courses import asked, bound, chosen, enrol, nobody_there, service, teaches, words_of
from django.core.management import CommandError, call_command
from django.test import Client
from standardwebhooks import Webhook

from beside import Trivet, sample
from trivet_client.webhooks import Event, RegisterEvent
from trivet_openedx.models import BoundCourse, Cursor, HandledEvent, KeptVerdict, Watched
from trivet_openedx.moved import drop_moved

pytestmark = pytest.mark.usefixtures("trivet")

SECRET = "whsec_Zm9yIHRlc3RzIG9ubHksIGFuZCBmb3IgdGVzdHM="


@pytest.fixture
def suspended(trivet: Trivet) -> Iterator[Any]:
    """Suspend a trainer in the register, or not; afterwards it is as it was."""

    def change(number: str) -> None:
        register = sample()
        for each in register["authorisations"]:
            if each["register"] == number:
                each["periods"] = [
                    {"status": "in_force", "from": "2020-04-01", "to": "2026-10-01"},
                    {"status": "suspended", "from": "2026-10-01", "to": None},
                ]
        trivet.mirror(register)

    yield change
    trivet.mirror(sample())


def follows(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("trivet_events")
    return capsys.readouterr().out.strip()


def test_a_suspension_holds_the_next_enrolment(
    suspended: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    course, other = bound(), bound("authorisation:AUTH-02", delivered_by="ods:ZZ9M1")
    follows(capsys)
    for each in (course, other):
        enrol(each)
    suspended("AUTH-01")
    enrol(course)  # the answer is fresh, and nobody told yet
    assert "1 kept answers dropped" in follows(capsys)
    assert "Not certified" in words_of(enrol, course)
    enrol(other)
    assert (asked(course), asked(other)) == (2, 1)
    assert follows(capsys).startswith("0 events read")


def test_a_webhook_does_the_same_and_once(
    suspended: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    course = bound()
    follows(capsys)
    enrol(course)
    suspended("AUTH-01")
    with service() as client:
        told = [
            event
            for event in client.events(Cursor.position()).items
            if any(watch.reference == f"openedx-course-{course.pk}-0" for watch in event.watches)
        ]
    assert told
    with chosen(WEBHOOK_SECRETS=[SECRET]):
        assert post(told[0].raw, "whsec_" + "b" * 40).status_code == 401
        assert KeptVerdict.objects.exists()
        assert post(told[0].raw).status_code == 204
        assert not KeptVerdict.objects.exists()
        assert words_of(enrol, course)
        assert post(told[0].raw).status_code == 204
    assert KeptVerdict.objects.exists()  # what came again was handled before
    assert HandledEvent.objects.count() == 1


def test_news_of_the_register_itself_concerns_every_course_and_a_test_none() -> None:
    enrol(bound())
    assert drop_moved(news(test=True)) == 0
    assert drop_moved(news()) == 1


def test_an_event_that_lists_not_all_its_watches_concerns_every_course() -> None:
    enrol(bound())
    told = {**vars(news()), "watch_count": 0}
    del told["sources"]
    assert drop_moved(Event(**told)) == 0
    assert drop_moved(Event(**{**told, "watch_count": 1001})) == 1


def news(*, test: bool = False) -> RegisterEvent:
    """Return what is told when a source is too old."""
    return RegisterEvent(
        id="evt_1",
        type="register.stale",
        version="1",
        timestamp=datetime.now(UTC),
        text="A source is too old to rely on.",
        test=test,
        effective_on=None,
        reasons=(),
        watches=(),
        watch_count=0,
        corrects=None,
        snapshot=None,
        raw={},
        sources=(),
    )


def post(raw: Any, secret: str = SECRET) -> Any:
    """Send an event as the service does."""
    body = json.dumps(raw, ensure_ascii=False)
    now = datetime.now(UTC)
    event = str(raw["id"])
    signature = Webhook(secret).sign(event, now, body)
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    return Client().post("/trivet/webhook", body, content_type="application/json", headers=headers)


def test_without_a_secret_there_is_no_webhook() -> None:
    assert Client().post("/trivet/webhook", b"{}", content_type="text/plain").status_code == 404


# ---- Watches


def watched(course: BoundCourse) -> list[Any]:
    with service() as client:
        return [
            watch
            for watch in client.watches()
            if str(watch.reference).startswith(f"openedx-course-{course.pk}-")
        ]


def test_each_question_of_a_course_is_watched_once_and_no_longer_than_it_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    course = bound()
    teaches(course, 13, "authorisation:AUTH-04")
    for _ in range(2):
        follows(capsys)
    assert len(watched(course)) == Watched.objects.count() == 2
    course.delete()
    assert not Watched.objects.exists()
    # The row is gone, and with it the id: the service's list is what is left of it.
    with service() as client:
        for each in watched(BoundCourse(pk=course.pk)):
            client.end_watch(each.id)


def test_a_watch_ends_when_its_teacher_goes(capsys: pytest.CaptureFixture[str]) -> None:
    course = bound()
    teaches(course, 13, "authorisation:AUTH-04")
    follows(capsys)
    call_command("trivet_trainers", "forget", "13")
    follows(capsys)
    assert len(watched(course)) == 1


def test_a_record_that_can_not_be_asked_about_is_not_watched(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bound(day_rule="session")
    assert follows(capsys)
    assert not Watched.objects.exists()


# ---- Cron


def test_a_recheck_asks_anew_and_names_what_is_on_hold_and_no_trainer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    passing, held = bound(), bound("authorisation:AUTH-04")
    enrol(passing)
    call_command("trivet_recheck")
    assert capsys.readouterr().out == f"{held}: refused\n2 asked about, 1 on hold\n"
    assert (asked(passing), asked(held)) == (2, 1)
    assert words_of(enrol, held)
    assert asked(held) == 1


def test_a_recheck_while_the_service_is_down_says_so_and_keeps_what_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    course = bound()
    enrol(course)
    with chosen(URL=nobody_there()):
        call_command("trivet_recheck")
        assert f"{course}: not_verified" in capsys.readouterr().out
        with pytest.raises(CommandError, match="could not be read"):
            call_command("trivet_events")
    assert KeptVerdict.objects.count() == 1
