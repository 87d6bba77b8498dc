"""The admin: what a person sees of a course that is on hold, and what becomes of a waiver or a review."""

from datetime import timedelta
from typing import Any

import pytest
from courses import bound, chosen, enrol, later, nobody_there, teaches, words_of
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from trivet_client.gate import Override, Person
from trivet_client.gate import Review as GateReview
from trivet_openedx import clock
from trivet_openedx.models import AppendOnly, BoundCourse, Review, Waiver, WaiverEnd

pytestmark = pytest.mark.usefixtures("trivet")

WHY = "The body confirmed on the telephone that it is reinstated."


def staff(*codes: str) -> Client:
    """Return the browser of a member of staff who may see, and these."""
    user = User.objects.create_user("warden", is_staff=True)
    may = ["view_boundcourse", "view_waiver", "view_review", "view_keptverdict", *codes]
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    browser = Client()
    browser.force_login(user)
    return browser


WAIVE, REVIEW = "may_waive_certification", "may_review_trainers"


def page(browser: Client, course: BoundCourse) -> Any:
    return browser.get(address(course))


def address(course: BoundCourse) -> str:
    return reverse("admin:trivet_openedx_boundcourse_standing", args=[course.pk])


def text(response: Any) -> str:
    shown: str = response.content.decode()
    return shown


def in_days(days: int) -> str:
    return (clock.day_of(clock.now()) + timedelta(days=days)).isoformat()


def waive(browser: Client, course: BoundCourse, **changed: str) -> Any:
    """Look at the page, and waive what it shows."""
    said = {
        "do": "waive",
        "seen": page(browser, course).context["seen"],
        "waiver-reason": WHY,
        "waiver-expires_on": in_days(3),
    }
    return browser.post(address(course), said | changed)


def look_again(browser: Client, course: BoundCourse, conclusion: str, **changed: str) -> Any:
    said = {
        "do": "review",
        "seen": page(browser, course).context["seen"],
        "review-conclusion": conclusion,
        "review-reason": WHY,
        "review-expires_on": in_days(2),
    }
    return browser.post(address(course), said | changed)


# ---- What is seen


def test_staff_see_every_reason_with_the_trainer_s_reference_and_what_can_be_done() -> None:
    browser = staff(WAIVE, REVIEW)
    course = bound("authorisation:AUTH-04", programme="register:lf-young")
    shown = text(page(browser, course))
    for each in ("On hold", "Trainer (authorisation:AUTH-04): ", "Programme: "):
        assert each in shown
    assert "What can be done" in text(page(browser, bound(trainer=None)))


def test_a_pass_is_shown_with_its_caveats_and_nothing_to_decide() -> None:
    response = page(staff(WAIVE, REVIEW), bound())
    shown = text(response)
    assert "May go ahead" in shown
    assert all(caveat in shown for caveat in response.context["lines"][0].caveats)
    assert response.context["lines"][0].caveats
    assert 'value="waive"' not in shown
    assert 'value="review"' not in shown


def test_an_outage_is_shown_as_what_it_is() -> None:
    course = bound()
    with chosen(URL=nobody_there()):
        assert "Could not be verified" in text(page(staff(), course))


# ---- Waivers


def test_a_waiver_lets_through_until_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    course = bound(programme="register:lf-young")
    assert words_of(enrol, course)
    assert waive(staff(WAIVE), course).status_code == 302
    for days in (0, 3):
        with monkeypatch.context() as patched:
            if days:
                later(patched, days=days)
            enrol(course)
    later(monkeypatch, days=4)
    assert words_of(enrol, course)


def test_a_waiver_says_who_why_when_and_until_when() -> None:
    course = bound(programme="register:lf-young")
    waive(staff(WAIVE), course)
    waiver = Waiver.objects.get()
    decided = Override.from_dict(waiver.document)
    user = User.objects.get()
    assert decided.person == Person(str(user.pk), "warden")
    assert (decided.reason, decided.at, decided.expires_on) == (
        WHY,
        waiver.at,
        waiver.expires_on,
    )
    assert (waiver.by, waiver.about) == (str(user.pk), [12])


def test_a_waiver_holds_for_what_was_seen_and_for_nothing_that_comes_later() -> None:
    course = bound(programme="register:lf-young")
    waive(staff(WAIVE), course)
    enrol(course)
    teaches(course, 13, "authorisation:AUTH-04")
    assert words_of(enrol, course)


def test_a_waiver_of_an_outage_is_none_of_a_fail() -> None:
    course = bound(programme="register:lf-young")
    browser = staff(WAIVE)
    with chosen(URL=nobody_there()):
        waive(browser, course)
        enrol(course)
    assert "Not certified" in words_of(enrol, course)


def test_a_record_that_is_incomplete_can_be_waived_until_it_is_filled_in() -> None:
    course = bound(trainer=None)
    teaches(course, 12, None)
    waive(staff(WAIVE), course)
    enrol(course)


def test_what_was_not_on_the_page_is_shown_before_it_is_waived() -> None:
    course = bound(programme="register:lf-young")
    browser = staff(WAIVE)
    seen = page(browser, course).context["seen"]
    teaches(course, 13, "authorisation:AUTH-04")
    for forged in (seen, "", "forged:1:x"):
        response = waive(browser, course, seen=forged)
        assert "look at it, and decide again" in text(response)
        assert "AUTH-04" in text(response)
    assert not Waiver.objects.exists()
    assert waive(browser, course, seen=response.context["seen"]).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"waiver-reason": "ok"}, "give a reason that says something"),
        ({"waiver-reason": ""}, "required"),
        ({"waiver-expires_on": ""}, "required"),
        ({"waiver-expires_on": in_days(-1)}, "Give a day from today"),
        ({"waiver-expires_on": in_days(15)}, "Give a day from today"),
    ],
)
def test_a_waiver_has_a_reason_and_a_last_day(changed: dict[str, str], words: str) -> None:
    course = bound(programme="register:lf-young")
    assert words in text(waive(staff(WAIVE), course, **changed))
    assert not Waiver.objects.exists()


def test_a_course_that_passes_can_not_be_waived() -> None:
    assert "nothing here was held up" in text(waive(staff(WAIVE), bound()))


def test_only_whoever_may_waives_or_ends_a_waiver() -> None:
    course = bound(programme="register:lf-young")
    browser = staff(REVIEW)
    assert 'value="waive"' not in text(page(browser, course))
    for do in ("waive", "end"):
        assert waive(browser, course, do=do).status_code == 403
    assert not Waiver.objects.exists()
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", is_staff=True))
    assert page(stranger, course).status_code == 403
    assert Client().get(address(course)).status_code == 302


def test_a_waiver_can_be_ended_and_stays_on_record() -> None:
    course = bound(programme="register:lf-young")
    browser = staff(WAIVE)
    waive(browser, course)
    ends = {"do": "end", "waiver": str(Waiver.objects.get().pk)}
    for _ in range(2):
        assert browser.post(address(course), ends).status_code == 302
    assert words_of(enrol, course)
    assert (Waiver.objects.count(), WaiverEnd.objects.count()) == (1, 1)


def test_what_was_decided_is_neither_changed_nor_deleted() -> None:
    course = bound("authorisation:AUTH-04")
    browser = staff(WAIVE, REVIEW)
    look_again(browser, course, "reversed")
    WaiverEnd.objects.create(waiver=Waiver.objects.get(), by="1", at=clock.now())
    for kind in (Waiver, Review, WaiverEnd):
        only = kind._default_manager.get()
        for change in (only.save, only.delete, kind._default_manager.all().delete):
            with pytest.raises(AppendOnly):
                change()
        with pytest.raises(AppendOnly):
            kind._default_manager.update(by="2")
    for name in ("waiver", "review"):
        listed = reverse(f"admin:trivet_openedx_{name}_changelist")
        assert WHY in text(browser.get(listed))
        row = {"waiver": Waiver, "review": Review}[name].objects.get()
        for todo in ("change", "delete"):
            there = reverse(f"admin:trivet_openedx_{name}_{todo}", args=[row.pk])
            assert browser.post(there, {"post": "yes", "reason": "another"}).status_code == 403


# ---- Reviews


def test_an_upheld_review_is_kept_and_lets_nobody_through() -> None:
    course = bound("authorisation:AUTH-04")
    assert look_again(staff(REVIEW), course, "upheld").status_code == 302
    review = Review.objects.get()
    assert GateReview.from_dict(review.document).reason == WHY
    assert (review.conclusion, Waiver.objects.count()) == ("upheld", 0)
    assert words_of(enrol, course)


def test_a_reversed_review_lets_through_until_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    course = bound("authorisation:AUTH-04")
    look_again(staff(REVIEW, WAIVE), course, "reversed")
    enrol(course)
    later(monkeypatch, days=3)
    assert words_of(enrol, course)


def test_only_whoever_may_waive_can_reverse() -> None:
    course = bound("authorisation:AUTH-04")
    response = look_again(staff(REVIEW), course, "reversed")
    assert "not one of the available choices" in text(response)
    assert not Review.objects.exists()


def test_a_review_is_offered_where_a_trainer_is_concerned_and_needs_a_permission() -> None:
    browser = staff(REVIEW)
    assert 'value="review"' not in text(page(browser, bound(programme="register:lf-young")))
    assert 'value="review"' in text(page(browser, bound("authorisation:AUTH-04")))
    assert look_again(browser, bound(), "upheld").status_code == 200
    User.objects.all().delete()
    assert look_again(staff(WAIVE), bound("authorisation:AUTH-04"), "upheld").status_code == 403
    assert not Review.objects.exists()


def test_a_person_who_is_forgotten_takes_the_decisions_about_them_along() -> None:
    course, other = bound("authorisation:AUTH-04"), bound(trainer=None)
    browser = staff(REVIEW, WAIVE)
    look_again(browser, course, "reversed")
    waive(browser, other)
    call_command("trivet_trainers", "forget", "12", verbosity=0)
    assert not Review.objects.exists()
    assert [each.course for each in Waiver.objects.all()] == [other]


# ---- The other pages


def test_a_course_can_be_bound_in_the_admin_and_what_can_not_be_asked_is_refused() -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    add = reverse("admin:trivet_openedx_boundcourse_add")
    whole = {
        "course_key": " course-v1:Lanternfold+RRT+bound ",
        "provider": "certificate:SAMPLE-0001\nukprn:19990001",
        "programme": "register:lf-foundation",
        "day_rule": "session",
        "scope": '{"nation": "england"}',
        "sessions-TOTAL_FORMS": "1",
        "sessions-INITIAL_FORMS": "0",
        "sessions-0-day": "2027-03-01",
    }
    wrong = [
        ({"course_key": "RRT"}, "Give the key of a course run"),
        ({"provider": "Lanternfold"}, "provider"),
        ({"programme": "lf-foundation"}, "programme"),
        ({"delivered_by": "Mossgate"}, "delivered_by"),
        ({"scope": '["england"]'}, "scope"),
        ({"day_rule": "fixed"}, "Give the day, or choose another rule"),
    ]
    for changed, words in wrong:
        response = browser.post(add, whole | changed)
        assert response.status_code == 200, changed
        assert words in str(response.context["adminform"].form.errors)
    assert not BoundCourse.objects.exists()
    assert browser.post(add, whole).status_code == 302
    course = BoundCourse.objects.get()
    assert course.course_key == "course-v1:Lanternfold+RRT+bound"
    assert str(course.day(clock.day_of(clock.now()))) == "2027-03-01"
    teaches(course, 12, "authorisation:AUTH-01")
    enrol(course)
    assert "Ask, waive or review" in text(
        browser.get(reverse("admin:trivet_openedx_boundcourse_changelist"))
    )
    kept = reverse("admin:trivet_openedx_keptverdict_change", args=[course.kept.get().pk])
    assert browser.post(kept, {"verdict": "pass"}).status_code == 403
    assert "pass" in text(browser.get(kept))


def test_the_log_of_the_admin_keeps_no_reference() -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    add = reverse("admin:trivet_openedx_trainermapping_add")
    assert browser.post(add, {"staff_id": 12, "reference": "AUTH-01"}).status_code == 200
    assert (
        browser.post(add, {"staff_id": 12, "reference": "authorisation:AUTH-01"}).status_code == 302
    )
    from django.contrib.admin.models import LogEntry  # noqa: PLC0415 - used here alone

    (entry,) = LogEntry.objects.values()
    assert "AUTH-01" not in str(entry)
