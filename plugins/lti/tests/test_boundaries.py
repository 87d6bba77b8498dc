"""What reaches from one course, deployment or platform into another: nothing. No service is asked here."""

import pytest
from browsing import Browser
from serving_tool import ServingTool
from small_platform import DEEP_LINKING, LTI, MEMBERSHIP, SmallPlatform, member
from test_refused_launches import choosing

TRAINING = {"trivet_provider": "certificate:EX-1", "trivet_programme": "register:ex-1"}
EVERY_FORM = (
    *("/course", "/people/map", "/people/unmap", "/reviews", "/training", "/training/choose"),
    *("/attestations", "/attestations/download"),
)


def open_course(browser: Browser, platform: SmallPlatform, course: str, *people: str) -> None:
    platform.rosters[course] = [member(name) for name in people]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=course)


def test_a_learner_reaches_no_form_even_with_the_cookie_of_a_launch(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    roles = {f"{LTI}roles": [f"{MEMBERSHIP}#Learner"]}
    assert browser.launch(platform, lambda c: c.update(roles), course=course).status_code == 403
    assert 'name="session"' not in browser.page

    assert {browser.http.post(path).status_code for path in EVERY_FORM} == {403}
    assert {browser.http.get(path).status_code for path in EVERY_FORM} <= {404, 405}


def test_a_manager_removes_no_mapping_of_somebody_who_is_not_in_their_course(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, "Ada")
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    open_course(browser, platform, f"{course}-2", "Ben")

    assert browser.post("/people/unmap", user="Ada").status_code == 409

    open_course(browser, platform, course, "Ada")
    assert "authorisation:AUTH-01, mapped by" in browser.standing("Ada (fictional)")


def test_users_of_the_same_id_on_two_platforms_are_two(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, "Ada")
    browser.post("/people/map", user="Ada", trainer="AUTH-01")

    with SmallPlatform().serving() as other:
        tool.register(**other.registration)
        open_course(browser, other, course, "Ada")

        assert "Not mapped" in browser.standing("Ada (fictional)")


def test_a_token_of_one_platform_ends_no_login_of_another(
    tool: ServingTool, browser: Browser, platform: SmallPlatform
) -> None:
    with SmallPlatform().serving() as other:
        other.keys[:] = platform.keys
        tool.register(**other.registration)
        asked = browser.begin(platform)
        claims = other.claims(asked["nonce"], asked["redirect_uri"], tool.now().timestamp())
        browser.arrive(asked["state"], other.sign(claims))

    assert "Code: token_issuer" in browser.page


def test_choosing_a_link_does_not_set_the_training_of_the_course(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    asked = choosing(f"{platform.url}/return", ["ltiResourceLink"]) | {f"{LTI}custom": TRAINING}
    browser.launch(platform, lambda c: c.update(asked), course=course)

    browser.launch(platform, course=course)

    assert "It is not said yet which training" in browser.page


@pytest.mark.parametrize("title", ['<script>alert(1)</script>"', "{{ 7 * 7 }}", "' onload=x"])
def test_what_a_launch_says_is_shown_and_not_run(
    title: str, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member(title, name=title)]
    custom = {"trivet_provider": title, "trivet_programme": title}
    browser.launch(
        platform,
        lambda c: (c[f"{LTI}context"].update(title=title), c.update({f"{LTI}custom": custom})),
        course=course,
    )

    assert "<script" not in browser.page
    assert '"" ' not in browser.page
    assert ">49<" not in browser.page


def test_a_name_that_would_turn_or_break_the_page_is_made_legible(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada", name="Ada\u202e\ud800\r\n Singular")]

    assert browser.launch(platform, course=course).status_code == 200
    assert "<h3>Ada  Singular</h3>" in browser.page


def test_an_address_to_return_to_may_not_be_a_look_alike(
    browser: Browser, platform: SmallPlatform
) -> None:
    host = platform.url.removeprefix("http://")
    for url in (
        f"https://{host}/return",
        f"http://{host}@evil.example/return",
        f"http://evil.example\\@{host}/return",
        f"http://{host}.evil.example/return",
        f"//{host}/return",
        "javascript:alert(1)",
        f"http://{host}/\r\nreturn",
    ):
        asked = choosing(url, ["ltiResourceLink"])
        assert asked[f"{DEEP_LINKING}deep_linking_settings"]
        browser.launch(platform, lambda c, asked=asked: c.update(asked))  # type: ignore[misc]  # a lambda has no types
        assert "Code: return_not_the_platforms" in browser.page, url


def test_a_cookie_that_is_not_ours_is_not_sent_again(
    browser: Browser, tool: ServingTool, platform: SmallPlatform
) -> None:
    told = {"iss": platform.url, "login_hint": "x", "target_link_uri": tool.settings.launch_url}
    cookie = r'trivet-lti="a\073 Domain=evil.example\015\012X-Evil: 1"'

    answered = browser.http.get("/login", params=told, headers={"Cookie": cookie})

    assert answered.status_code == 302
    assert "evil" not in str(answered.headers.get_list("Set-Cookie")).lower()
    assert "X-Evil" not in answered.headers


def test_the_log_has_codes_and_nothing_of_people(
    browser: Browser, platform: SmallPlatform, course: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "trivet_lti")
    open_course(browser, platform, course, "Ada")
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    browser.launch(
        platform,
        lambda c: c.update({"sub": "Ada", "name": "Ada Singular", f"{LTI}roles": []}),
        course=course,
    )

    assert "refused: role" in caplog.text
    ours = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("trivet"))
    assert not [word for word in ("Ada", "Singular", "AUTH-01", "manager", course) if word in ours]
