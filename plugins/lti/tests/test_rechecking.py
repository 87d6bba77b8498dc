"""What happens while nobody looks: watches, events, and asking again."""

import time
from datetime import timedelta

from browsing import Browser
from serving_tool import ServingTool
from small_platform import LTI, SmallPlatform, member

from beside import Trivet, sample

OTHER = {"trivet_provider": "certificate:SAMPLE-0001", "trivet_programme": "register:lf-foundation"}
FAILS = (
    "SELECT verdicts.* FROM verdicts JOIN courses ON courses.id = course "
    'WHERE context LIKE :like AND kept LIKE \'%"verdict": "fail"%\''
)
TRAINING = {"trivet_provider": "certificate:SAMPLE-0002", "trivet_programme": "register:nv-core"}


def test_who_is_suspended_at_night_is_shown_so_on_three_course_pages_in_the_morning(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str, trivet: Trivet
) -> None:
    places = [f"{course}-{number}" for number in range(3)]
    for place in places:
        platform.rosters[place] = [member("Ada")]
        browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=place)
        browser.post("/people/map", user="Ada", trainer="AUTH-08")
        browser.post("/course")
        assert "Pass" in browser.standing("Ada (fictional)")
    tool.round()

    register = sample()
    suspended = next(a for a in register["authorisations"] if a["register"] == "AUTH-08")
    last = [p for p in suspended["periods"] if p["from"] < "2026-11"]
    last[-1]["to"] = tool.now().date().isoformat()
    suspended["periods"] = [
        *last,
        {"status": "suspended", "from": tool.now().date().isoformat(), "to": None},
    ]
    trivet.mirror(register)
    deadline = time.monotonic() + 30
    while len(tool.rows(FAILS, like=f"{course}-%")) < len(places):
        assert time.monotonic() < deadline, "nothing was told"
        tool.round()
    trivet.stop()
    try:
        for place in places:
            browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=place)
            said = browser.standing("Ada (fictional)")
            assert "Fail Not certified on" in said
            assert "This is as answered on" in said
            assert "suspended" in said
    finally:
        trivet.start()


def test_what_is_not_taught_any_more_is_not_watched_any_more(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada"), member("Ben")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": OTHER}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    browser.post("/people/map", user="Ben", trainer="AUTH-04")
    of_course = (
        "SELECT watches.* FROM watches JOIN courses ON reference LIKE 'lti:' || courses.id || ':%' "
        "WHERE context = :course AND watch != ''"
    )
    tool.round()
    assert len(tool.rows(of_course, course=course)) == 2

    browser.post("/people/unmap", user="Ben")
    tool.round()
    assert len(tool.rows(of_course, course=course)) == 1

    platform.rosters[course] = []
    browser.post("/course")
    tool.round()
    assert tool.rows(of_course, course=course) == []


def test_everything_is_asked_again_on_a_new_day(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": OTHER}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    tool.round()
    days = "SELECT day FROM verdicts JOIN courses ON courses.id = course WHERE context = :course"
    today = tool.rows(days, course=course)

    tool.later = timedelta(days=1)
    tool.round()

    (tomorrow,) = tool.rows(days, course=course)
    assert [tomorrow.day] > [row.day for row in today]
