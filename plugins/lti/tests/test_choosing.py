"""Choosing provider and programme: for a link, and on the page of a course."""

import json

from browsing import Browser, text_of
from joserfc import jwt
from joserfc.jwk import RSAKey
from serving_tool import ServingTool
from small_platform import DEEP_LINKING, LTI, MEMBERSHIP, SmallPlatform, member
from test_refused_launches import choosing

CHOICE = "register:lanternfold register:lf-foundation"


def test_a_choice_goes_to_the_platform_signed_and_its_link_opens_that_training(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    asked = choosing(f"{platform.url}/return", ["ltiResourceLink"])
    asked[f"{DEEP_LINKING}deep_linking_settings"]["data"] = "to come back"
    instructor = {f"{LTI}roles": [f"{MEMBERSHIP}#Instructor"]}
    browser.launch(platform, lambda c: c.update(asked | instructor), course=course)
    browser.post("/training", query="lanternfold")
    assert "Steady Lantern Foundation" in browser.page

    chosen = browser.post("/training/choose", training=CHOICE)

    assert f'action="{platform.url}/return"' in browser.page
    assert f"form-action 'self' {platform.url};" in chosen.headers["Content-Security-Policy"]
    key = RSAKey.import_key(browser.http.get("/jwks.json").json()["keys"][0])
    told = jwt.decode(browser.field("JWT"), key, algorithms=["RS256"]).claims
    assert (told["iss"], told["aud"]) == ("tool-1", platform.url)
    assert told[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert told[f"{LTI}deployment_id"] == "1"
    assert told[f"{DEEP_LINKING}data"] == "to come back"
    (item,) = told[f"{DEEP_LINKING}content_items"]
    assert (item["type"], item["url"]) == ("ltiResourceLink", tool.settings.launch_url)

    platform.rosters[course] = [member("Ada")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": item["custom"]}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    assert "Pass Certified on" in browser.standing("Ada (fictional)")


def test_a_manager_chooses_for_all_links_of_a_course_that_name_nothing(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada"), member("manager", "#Administrator")]
    browser.launch(platform, course=course)
    assert "It is not said yet which training" in browser.page
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    assert "Not mapped" in browser.standing("Ada (fictional)")

    browser.post("/training", query="lanternfold")
    browser.post("/training/choose", training=CHOICE)

    assert "Set by manager (fictional)" in text_of(browser.page)
    browser.launch(
        platform, lambda c: c[f"{LTI}resource_link"].update(id="another link"), course=course
    )
    assert "register:lf-foundation" in browser.page


def test_only_training_of_the_register_is_chosen(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    browser.launch(platform, course=course)

    for made_up in (
        "",
        "register:lanternfold register:no-such",
        "name:X title:Y",
        "register:../x register:y",
    ):
        answered = browser.post("/training/choose", training=made_up)
        assert answered.status_code == 422, made_up
    assert "Choose a programme from the list" in browser.page


def test_a_search_that_finds_nothing_says_so(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    browser.launch(platform, course=course)

    browser.post("/training", query="nobody of this name")

    assert "No provider in the register matches" in browser.page


def test_what_a_platform_has_to_know_is_told(tool: ServingTool, browser: Browser) -> None:
    told = browser.http.get("/config.json").json()

    assert told["oidc_initiation_url"] == f"{tool.url}/login"
    assert told["public_jwk_url"] == f"{tool.url}/jwks.json"
    assert "d" not in browser.http.get("/jwks.json").json()["keys"][0]
    assert json.dumps(told)
