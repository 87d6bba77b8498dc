"""Whom a course page shows: read from the platform, page by page, and from nowhere else."""

import time

import pytest
from browsing import Browser
from serving_tool import ServingTool
from small_platform import LTI, MEMBERSHIP, SmallPlatform, member

from trivet_lti import roster
from trivet_lti.roles import manages, may_look, teaches


def names(browser: Browser) -> list[str]:
    return [part.partition("<")[0] for part in browser.page.split("<h3>")[1:]]


@pytest.mark.parametrize(
    ("role", "so"),
    [
        ("#Instructor", True),
        ("/Instructor#PrimaryInstructor", True),
        ("/Instructor#TeachingAssistant", True),
        ("/Instructor#GuestInstructor", True),
        ("#Learner", False),
        ("/Learner#Instructor", False),
        ("#Mentor", False),
        ("#InstructorOfNothing", False),
        ("/Instructor", False),
    ],
)
def test_instructors_are_known_by_role_and_sub_role(role: str, so: bool) -> None:  # noqa: FBT001  # a column of a table
    assert teaches([f"{MEMBERSHIP}{role}"]) is so


def test_a_plain_name_of_a_role_counts_and_one_of_the_institution_does_not() -> None:
    assert teaches(["Instructor"])
    assert not teaches(["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"])
    assert not may_look(["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"])


@pytest.mark.parametrize(
    ("role", "so"),
    [
        (f"{MEMBERSHIP}#Administrator", True),
        (f"{MEMBERSHIP}#Manager", True),
        ("http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator", True),
        (f"{MEMBERSHIP}/Manager#Observer", False),
        (f"{MEMBERSHIP}#Instructor", False),
        ("http://evil.example/membership#Administrator", False),
    ],
)
def test_managers_and_administrators_map(role: str, so: bool) -> None:  # noqa: FBT001  # a column of a table
    assert manages([role]) is so


def test_all_pages_are_read_and_only_those_who_teach_are_shown_each_once(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    learners = [member(f"learner-{number}", "#Learner") for number in range(114)]
    teachers = [
        member("ada"),
        member("ben", "/Instructor#PrimaryInstructor"),
        member("cat", "#Learner", "/Instructor#TeachingAssistant"),
        member("dee", status="Inactive"),
        member("ada"),
    ]
    platform.rosters[course] = [*teachers[:2], *learners, *teachers[2:]]

    began = time.monotonic()
    browser.launch(platform, course=course)

    assert names(browser) == ["ada (fictional)", "ben (fictional)", "cat (fictional)"]
    assert "could not be read" not in browser.page
    assert time.monotonic() - began < 3


def test_a_next_page_elsewhere_is_not_fetched(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member(f"teacher-{number}") for number in range(60)]
    with SmallPlatform().serving() as other:
        other.rosters[course] = platform.rosters[course]
        platform.next_elsewhere = other.url

        browser.launch(platform, course=course)

        assert other.asked == []
    assert len(names(browser)) == 50
    assert "list of who teaches could not be read, or not to its end" in browser.page


def test_a_roster_elsewhere_is_not_asked(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    service = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    browser.launch(
        platform,
        lambda c: c[service].update(context_memberships_url="http://127.0.0.1:9/members"),
        course=course,
    )

    assert not [path for path in platform.asked if "members" in path or path == "/token"]
    assert "could not be read" in browser.page


def test_a_roster_without_end_is_read_to_its_bounds(
    browser: Browser, platform: SmallPlatform, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "MOST_PAGES", 3)
    platform.rosters[course] = [member(f"teacher-{number}") for number in range(10)]
    platform.page_size = 2

    browser.launch(platform, course=course)

    assert len(names(browser)) == 6
    assert "could not be read, or not to its end" in browser.page


def test_a_page_that_is_too_long_is_not_held(
    browser: Browser, platform: SmallPlatform, course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "MOST_BYTES", 2000)
    platform.rosters[course] = [member(f"teacher-{number}") for number in range(50)]

    browser.launch(platform, course=course)

    assert names(browser) == []
    assert "could not be read" in browser.page


def test_who_looks_is_shown_where_a_platform_has_no_roster(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    service = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    roles = {f"{LTI}roles": [f"{MEMBERSHIP}#Instructor"], "name": "Ada (fictional)"}
    browser.launch(platform, lambda c: (c.pop(service), c.update(roles)), course=course)

    assert names(browser) == ["Ada (fictional)"]
    assert "could not be read" in browser.page


def test_the_role_is_asked_for_only_where_the_platform_is_registered_so(
    tool: ServingTool, browser: Browser, course: str
) -> None:
    for asks, expected in ((False, False), (True, True)):
        with SmallPlatform().serving() as small:
            tool.register(**small.registration, asks_role=asks)
            browser.launch(small, course=course)
            asked = [path for path in small.asked if path.startswith("/members/")]

        assert "limit=100" in asked[0]
        assert ("role=" in asked[0]) is expected
