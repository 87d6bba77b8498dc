"""The pages in a real browser. Its pictures are those of the README: `TRIVET_PICTURES=pictures pytest -m browser`."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, sync_playwright
from serving_tool import ServingTool
from small_platform import LTI, SmallPlatform, member
from test_course_page import TRAINING
from test_refused_launches import choosing

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium.new_page(viewport={"width": 820, "height": 700})
        chromium.close()


@pytest.fixture
def elsewhere(tool: ServingTool, course: str) -> Iterator[SmallPlatform]:
    """A platform that is reached as another site than the tool: a cookie in its frame is a third party's."""
    with SmallPlatform().serving() as small:
        tool.register(**small.registration, origins=(other_site(small),))
        small.course = course
        small.rosters[course] = [
            *(member(name) for name in ("Ada Bracken", "Ben Copse", "Cat Dale")),
            member("manager", "#Administrator"),
        ]
        small.change = lambda c: c.update(
            {
                f"{LTI}custom": TRAINING,
                f"{LTI}context": {"id": course, "title": "Positive handling, January (fictional)"},
            }
        )
        yield small


def other_site(platform: SmallPlatform) -> str:
    return platform.url.replace("127.0.0.1", "localhost")


def login(tool: ServingTool, platform: SmallPlatform) -> str:
    told = {
        "iss": platform.url,
        "login_hint": "manager",
        "target_link_uri": tool.settings.launch_url,
    }
    return f"{tool.url}/login?{urlencode(told)}"


def picture(page: Page, name: str, height: int = 700) -> None:
    """Take a picture for the README, where a folder for pictures is named."""
    folder = os.environ.get("TRIVET_PICTURES")
    if folder:
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}  # type: ignore[index]  # the browser was given a size
        page.screenshot(path=Path(folder) / f"{name}.png", clip=clip, full_page=True)  # type: ignore[arg-type]  # a plain dict is what it takes


def map_to(page: Page, name: str, number: str) -> None:
    person = page.locator("li", has=page.locator("h3", has_text=name))
    person.locator("summary", has_text="Map to").press("Enter")
    if name.startswith("Ada"):
        person.scroll_into_view_if_needed()
        picture(page, "mapping", 700)
    person.locator("input[name=trainer]").fill(number)
    person.locator("input[name=trainer]").press("Enter")
    page.get_by_role("status").wait_for()


def test_a_manager_maps_by_keyboard_and_sees_pass_and_fail_also_on_a_narrow_screen(
    page: Page, tool: ServingTool, elsewhere: SmallPlatform
) -> None:
    page.goto(login(tool, elsewhere))
    page.wait_for_url("**/launch")
    map_to(page, "Ada Bracken", "AUTH-01")
    map_to(page, "Ben Copse", "AUTH-04")
    picture(page, "course", 980)

    assert page.locator(".head", has_text="Ada Bracken").inner_text().endswith("Pass")
    assert page.locator(".head", has_text="Ben Copse").inner_text().endswith("Fail")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_frame_of_another_site_without_cookies_offers_a_window_and_that_opens_the_page(
    page: Page, tool: ServingTool, elsewhere: SmallPlatform
) -> None:
    there = urlencode({"login": login(tool, elsewhere)})
    page.goto(f"{other_site(elsewhere)}/course?{there}")
    button = page.frame_locator("iframe").get_by_role("link", name="Open in a new window")
    button.wait_for()
    picture(page, "window", 490)

    with page.expect_popup() as opened:
        button.click()

    opened.value.get_by_role("heading", name="how its instructors stand").wait_for()


def test_a_frame_of_a_site_that_is_not_registered_shows_nothing(
    page: Page, tool: ServingTool, platform: SmallPlatform
) -> None:
    there = urlencode({"login": login(tool, platform)})
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{other_site(platform)}/course?{there}")


def test_an_instructor_chooses_a_link(
    page: Page, tool: ServingTool, elsewhere: SmallPlatform
) -> None:
    elsewhere.change = lambda c: c.update(choosing(f"{elsewhere.url}/return", ["ltiResourceLink"]))
    page.goto(login(tool, elsewhere))
    page.wait_for_url("**/launch")
    page.get_by_label("Provider").fill("lantern")
    page.get_by_label("Provider").press("Enter")
    page.get_by_label("Steady Lantern Foundation").check()
    picture(page, "choose")
    page.get_by_role("button", name="Choose").click()

    page.get_by_role("button", name="Put the link into the course").click()

    page.wait_for_url("**/return")
