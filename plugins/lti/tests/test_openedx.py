"""Against a real platform: the LTI consumer of Open edX, over HTTP, in a process of its own."""

import re
import time
from html import unescape
from typing import Any

import httpx
from browsing import NO_HTTPS, Browser, text_of

Platform = dict[str, Any]


def follow(browser: Browser, platform: Platform, **asked: str) -> httpx.Response:
    """Do what a browser does from a click in the course to the page of the tool."""
    with httpx.Client(timeout=20, verify=NO_HTTPS) as outside:
        clicked = outside.get(f"{platform['issuer']}/start", params=asked)
        login = browser.http.get(clicked.headers["Location"])
        form = outside.get(login.headers["Location"])
    fields = dict(re.findall(r'<input name="([^"]+)" value="([^"]*)"', form.text))
    assert "id_token" in fields, form.text
    return browser.arrive(unescape(fields["state"]), unescape(fields["id_token"]))


def choose_training(browser: Browser) -> None:
    browser.post("/training", query="lanternfold")
    browser.post("/training/choose", training="register:lanternfold register:lf-foundation")


def test_a_roster_of_120_with_six_who_teach_is_shown_in_one_view_within_three_seconds(
    browser: Browser, openedx: Platform
) -> None:
    began = time.monotonic()

    opened = follow(browser, openedx, user="1", role="instructor")

    assert opened.status_code == 200, opened.text
    assert time.monotonic() - began < 3
    shown = re.findall(r"<h3>(.*?)</h3>", browser.page)
    assert shown == [f"Person {number} (fictional)" for number in range(1, 7)]
    assert "could not be read" not in browser.page


def test_its_course_administrator_chooses_maps_and_sees_a_pass_and_a_fail(
    browser: Browser, openedx: Platform
) -> None:
    follow(browser, openedx, user="1", role="instructor")
    choose_training(browser)
    browser.post("/people/map", user="user-2", trainer="AUTH-01")
    browser.post("/people/map", user="user-6", trainer="AUTH-04")

    follow(browser, openedx, user="3", role="staff")

    assert "Pass" in browser.standing("Person 2 (fictional)")
    assert "Fail" in browser.standing("Person 6 (fictional)")
    assert "Map to an authorisation" not in browser.page, (
        "its staff are instructors, and map nobody"
    )


def test_its_learners_are_turned_away(browser: Browser, openedx: Platform) -> None:
    opened = follow(browser, openedx, user="50", role="student")

    assert opened.status_code == 403
    assert "for those who teach or manage the course" in text_of(browser.page)


def test_a_choice_is_put_into_its_course_and_its_link_opens_that_training(
    browser: Browser, openedx: Platform
) -> None:
    follow(browser, openedx, user="1", role="instructor", choose="1")
    choose_training(browser)
    action = re.search(r'action="(http[^"]+/lti-dl/response)"', browser.page)
    assert action, browser.page

    with httpx.Client(timeout=20, verify=NO_HTTPS) as outside:
        saved = outside.post(unescape(action[1]), data={"JWT": browser.field("JWT")})
        assert saved.status_code == 200, saved.text
        (item,) = outside.get(f"{openedx['issuer']}/items").json()["items"]
    follow(browser, openedx, user="1", role="instructor", item=str(item["id"]))

    assert item["custom"]["trivet_programme"] == "register:lf-foundation"
    assert "Named by the link in your course" in browser.page
