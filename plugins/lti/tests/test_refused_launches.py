"""Launches that are refused. Each differs in one thing from one that is taken."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from browsing import Browser, Claims
from joserfc import jwt
from serving_tool import ServingTool
from small_platform import DEEP_LINKING, LTI, MEMBERSHIP, SmallPlatform, a_key

Change = Callable[[Claims], object]

WRONG_CLAIMS: dict[str, tuple[str, Change]] = {
    "of another issuer": ("token_issuer", lambda c: c.update(iss="https://other.example")),
    "for another tool": ("token_audience", lambda c: c.update(aud="tool-2", azp="tool-2")),
    "for others only": ("token_audience", lambda c: c.update(aud=["tool-2", "tool-3"])),
    "for several with no party": (
        "token_audience",
        lambda c: (c.update(aud=["tool-1", "tool-2"]), c.pop("azp")),
    ),
    "for another party": ("token_audience", lambda c: c.update(azp="tool-2")),
    "for nobody": ("token_audience", lambda c: c.pop("aud")),
    "expired": ("token_time", lambda c: c.update(iat=c["iat"] - 900, exp=c["iat"] - 100)),
    "without an end": ("token_time", lambda c: c.pop("exp")),
    "with an end that is no number": ("token_time", lambda c: c.update(exp="soon")),
    "with an end that is true": ("token_time", lambda c: c.update(exp=True)),
    "with no end at all ever": ("token_time", lambda c: c.update(exp=float("inf"))),
    "with an end beyond all numbers": ("token_time", lambda c: c.update(exp=10**400)),
    "issued in the future": ("token_time", lambda c: c.update(iat=c["iat"] + 200)),
    "without a beginning": ("token_time", lambda c: c.pop("iat")),
    "not yet valid": ("token_time", lambda c: c.update(nbf=c["iat"] + 200)),
    "with another nonce": ("token_nonce", lambda c: c.update(nonce="another")),
    "without a nonce": ("token_nonce", lambda c: c.pop("nonce")),
    "of another version": ("version_unknown", lambda c: c.update({f"{LTI}version": "1.1"})),
    "without a version": ("version_unknown", lambda c: c.pop(f"{LTI}version")),
    "of another deployment": (
        "deployment_unknown",
        lambda c: c.update({f"{LTI}deployment_id": "2"}),
    ),
    "without a deployment": ("deployment_unknown", lambda c: c.pop(f"{LTI}deployment_id")),
    "of another kind": (
        "message_unknown",
        lambda c: c.update({f"{LTI}message_type": "LtiStartProctoring"}),
    ),
    "of no kind": ("message_unknown", lambda c: c.pop(f"{LTI}message_type")),
    "that leads elsewhere": (
        "target_not_ours",
        lambda c: c.update({f"{LTI}target_link_uri": "https://evil.example/launch"}),
    ),
    "that leads nowhere": ("target_not_ours", lambda c: c.pop(f"{LTI}target_link_uri")),
    "of nobody": ("claims_missing", lambda c: c.pop("sub")),
    "of a blank user": ("claims_missing", lambda c: c.update(sub=" ")),
    "of too long a user": ("claims_missing", lambda c: c.update(sub="u" * 256)),
    "without roles": ("claims_missing", lambda c: c.pop(f"{LTI}roles")),
    "with a role that is no list": ("claims_missing", lambda c: c.update({f"{LTI}roles": "x"})),
    "without a course": ("claims_missing", lambda c: c.pop(f"{LTI}context")),
    "without a link": ("claims_missing", lambda c: c.pop(f"{LTI}resource_link")),
    "of a learner": ("role", lambda c: c.update({f"{LTI}roles": [f"{MEMBERSHIP}#Learner"]})),
    "of a mentor": ("role", lambda c: c.update({f"{LTI}roles": [f"{MEMBERSHIP}#Mentor"]})),
    "of no role": ("role", lambda c: c.update({f"{LTI}roles": []})),
    "to choose, and return elsewhere": (
        "return_not_the_platforms",
        lambda c: c.update(choosing("https://evil.example/return", ["ltiResourceLink"])),
    ),
    "to choose no link": ("link_not_accepted", lambda c: c.update(choosing(c["iss"], ["image"]))),
    "to choose without saying how": (
        "claims_missing",
        lambda c: c.update({f"{LTI}message_type": "LtiDeepLinkingRequest"}),
    ),
}


def choosing(return_url: str, types: list[str]) -> Claims:
    return {
        f"{LTI}message_type": "LtiDeepLinkingRequest",
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": return_url,
            "accept_types": types,
        },
    }


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(platform: SmallPlatform, claims: Claims) -> str:
    return f"{_encoded({'alg': 'RS256', 'kid': platform.keys[0].kid})}.{_encoded(claims)}."


def with_algorithm_none(platform: SmallPlatform, claims: Claims) -> str:
    return f"{_encoded({'alg': 'none', 'kid': platform.keys[0].kid})}.{_encoded(claims)}."


def with_hmac_by_the_public_key(platform: SmallPlatform, claims: Claims) -> str:
    public = platform.keys[0].as_pem(private=False)
    signed = f"{_encoded({'alg': 'HS256', 'kid': platform.keys[0].kid})}.{_encoded(claims)}"
    mac = hmac.digest(public, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_rs512(platform: SmallPlatform, claims: Claims) -> str:
    header = {"alg": "RS512", "kid": platform.keys[0].kid}
    return jwt.encode(header, claims, platform.keys[0], algorithms=["RS512"])


def with_a_strangers_key(platform: SmallPlatform, claims: Claims) -> str:
    return platform.sign(claims, a_key("stranger"))


def with_a_strangers_key_of_the_platforms_id(platform: SmallPlatform, claims: Claims) -> str:
    return platform.sign(claims, a_key("stranger"), kid=platform.keys[0].kid)


def without_a_key_id(platform: SmallPlatform, claims: Claims) -> str:
    header = {"alg": "RS256"}
    return jwt.encode(header, claims, platform.keys[0], algorithms=["RS256"])


def with_a_key_it_brings_along(platform: SmallPlatform, claims: Claims) -> str:
    key = a_key("stranger")
    return platform.sign(claims, key, jwk=key.as_dict(private=False))


def with_a_key_at_an_address_it_brings_along(platform: SmallPlatform, claims: Claims) -> str:
    there = f"{platform.url}/elsewhere"
    return platform.sign(claims, a_key("stranger"), jku=there, x5u=there)


def with_a_changed_claim(platform: SmallPlatform, claims: Claims) -> str:
    header, _, signature = platform.sign(claims).split(".")
    return f"{header}.{_encoded(claims | {'sub': 'somebody else'})}.{signature}"


def that_is_no_token(_: SmallPlatform, __: Claims) -> str:
    return "no token"


def that_is_too_deep(_: SmallPlatform, __: Claims) -> str:
    deep = base64.urlsafe_b64encode(b"[" * 30_000).decode()
    return f"{deep}.{deep[:8]}.AAAA"


def that_is_not_ascii(platform: SmallPlatform, claims: Claims) -> str:
    return platform.sign(claims) + "é"


WRONG_SIGNATURES: list[tuple[str, Callable[[SmallPlatform, Claims], str]]] = [
    ("token_signature", unsigned),
    ("token_algorithm", with_algorithm_none),
    ("token_algorithm", with_hmac_by_the_public_key),
    ("token_algorithm", with_rs512),
    ("token_key", with_a_strangers_key),
    ("token_signature", with_a_strangers_key_of_the_platforms_id),
    ("token_key", without_a_key_id),
    ("token_malformed", with_a_key_it_brings_along),
    ("token_key", with_a_key_at_an_address_it_brings_along),
    ("token_malformed", that_is_too_deep),
    ("token_signature", with_a_changed_claim),
    ("token_malformed", that_is_no_token),
    ("token_malformed", that_is_not_ascii),
]


def refused_for(browser: Browser) -> str:
    return browser.page.partition("Code: ")[2].partition("<")[0]


def test_a_launch_in_order_is_taken(browser: Browser, platform: SmallPlatform) -> None:
    assert browser.launch(platform).status_code == 200
    assert "how its instructors stand" in browser.page


def test_a_launch_for_a_list_of_tools_with_this_party_is_taken(
    browser: Browser, platform: SmallPlatform
) -> None:
    assert browser.launch(platform, lambda c: c.update(aud=["tool-1", "x"])).status_code == 200
    assert browser.launch(platform, lambda c: c.update(aud=["tool-1"])).status_code == 200


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_a_launch_is_refused_that_is(wrong: str, browser: Browser, platform: SmallPlatform) -> None:
    code, change = WRONG_CLAIMS[wrong]

    answered = browser.launch(platform, change)

    assert (answered.status_code in (400, 403), refused_for(browser)) == (True, code)
    assert "session" not in browser.page


@pytest.mark.parametrize(("code", "signed"), WRONG_SIGNATURES)
def test_a_launch_is_refused_that_is_signed(
    code: str,
    signed: Callable[[SmallPlatform, Claims], str],
    browser: Browser,
    platform: SmallPlatform,
) -> None:
    asked = browser.begin(platform)
    now = browser.tool.now().timestamp()
    claims = platform.claims(asked["nonce"], asked["redirect_uri"], now)

    browser.arrive(asked["state"], signed(platform, claims))

    assert refused_for(browser) == code
    assert set(platform.asked) <= {"/jwks"}


def test_a_launch_is_taken_once(browser: Browser, platform: SmallPlatform) -> None:
    asked = browser.begin(platform)
    now = browser.tool.now().timestamp()
    token = platform.sign(platform.claims(asked["nonce"], asked["redirect_uri"], now))

    assert browser.arrive(asked["state"], token).status_code == 200
    assert browser.arrive(asked["state"], token).status_code == 400
    assert refused_for(browser) == "state_unknown"


def test_a_token_is_not_taken_under_another_login(
    browser: Browser, platform: SmallPlatform
) -> None:
    first, second = browser.begin(platform), browser.begin(platform)
    now = browser.tool.now().timestamp()
    token = platform.sign(platform.claims(first["nonce"], first["redirect_uri"], now))

    browser.arrive(second["state"], token)

    assert refused_for(browser) == "token_nonce"


def test_a_refused_token_has_used_its_login_up(browser: Browser, platform: SmallPlatform) -> None:
    asked = browser.begin(platform)
    now = browser.tool.now().timestamp()
    claims = platform.claims(asked["nonce"], asked["redirect_uri"], now)
    browser.arrive(asked["state"], with_algorithm_none(platform, claims))

    browser.arrive(asked["state"], platform.sign(claims))

    assert refused_for(browser) == "state_unknown"


@pytest.mark.parametrize("state", ["", "made up", "x" * 5000])
def test_a_state_that_was_not_given_is_refused(
    state: str, browser: Browser, platform: SmallPlatform
) -> None:
    asked = browser.begin(platform)
    now = browser.tool.now().timestamp()
    token = platform.sign(platform.claims(asked["nonce"], asked["redirect_uri"], now))

    browser.arrive(state, token)

    assert refused_for(browser) == "state_unknown"


def test_a_login_is_over_after_ten_minutes(
    tool: ServingTool, browser: Browser, platform: SmallPlatform
) -> None:
    asked = browser.begin(platform)
    tool.later = timedelta(minutes=10, seconds=2)
    token = platform.sign(
        platform.claims(asked["nonce"], asked["redirect_uri"], tool.now().timestamp())
    )

    browser.arrive(asked["state"], token)

    assert refused_for(browser) == "state_unknown"


def test_a_launch_that_another_browser_began_opens_no_page(
    tool: ServingTool, browser: Browser, platform: SmallPlatform
) -> None:
    attacker = Browser(tool)
    browser.launch(platform)
    asked = attacker.begin(platform)
    now = tool.now().timestamp()
    token = platform.sign(platform.claims(asked["nonce"], asked["redirect_uri"], now))

    answered = browser.arrive(asked["state"], token)

    assert answered.status_code == 403
    assert "Open this page in a new window" in browser.page
    assert 'name="session"' not in browser.page
    attacker.http.close()


def test_a_browser_that_keeps_no_cookie_is_offered_a_window_in_which_the_login_begins_anew(
    tool: ServingTool, browser: Browser, platform: SmallPlatform
) -> None:
    asked = browser.begin(platform)
    browser.http.cookies.clear()
    now = tool.now().timestamp()
    browser.arrive(
        asked["state"],
        platform.sign(platform.claims(asked["nonce"], asked["redirect_uri"], now)),
    )

    again = browser.page.partition('class="button" href="')[2].partition('"')[0]
    anew = browser.http.get(again.replace("&amp;", "&"))

    assert anew.status_code == 302
    assert anew.headers["Location"].startswith(f"{platform.url}/auth?tenant=1&scope=openid")


def test_who_is_turned_away_by_the_platform_is_told_so(
    browser: Browser, platform: SmallPlatform
) -> None:
    asked = browser.begin(platform)

    told = browser.http.post("/launch", data={"state": asked["state"], "error": "login_required"})

    assert "platform_refused" in told.text


def test_keys_that_a_platform_changes_are_learned_and_old_ones_forgotten(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.launch(platform)
    old, new = platform.keys[0], a_key("new")
    platform.keys[:] = [new]

    browser.launch(platform)
    assert refused_for(browser) == "token_key", "it was read again at once"

    seconds = tool.tool.keys._clock
    monkeypatch.setattr(tool.tool.keys, "_clock", lambda: seconds() + 31)
    assert browser.launch(platform).status_code == 200

    asked = browser.begin(platform)
    claims = platform.claims(asked["nonce"], asked["redirect_uri"], tool.now().timestamp())
    browser.arrive(asked["state"], platform.sign(claims, old))
    assert refused_for(browser) == "token_key"


def test_unknown_keys_have_the_platform_asked_no_more_than_twice_a_minute(
    browser: Browser, platform: SmallPlatform
) -> None:
    for _ in range(5):
        asked = browser.begin(platform)
        now = browser.tool.now().timestamp()
        claims = platform.claims(asked["nonce"], asked["redirect_uri"], now)
        browser.arrive(asked["state"], with_a_strangers_key(platform, claims))

    assert platform.asked.count("/jwks") == 1


def test_keys_that_cant_be_read_refuse_nobody_for_good(
    browser: Browser, platform: SmallPlatform
) -> None:
    platform.up = False

    answered = browser.launch(platform)

    assert (answered.status_code, refused_for(browser)) == (503, "keys_unavailable")


WRONG_LOGINS = {
    "of an unknown platform": ("platform_unknown", {"iss": "https://other.example"}),
    "of an unknown client": ("platform_unknown", {"client_id": "tool-2"}),
    "that leads elsewhere": ("target_not_ours", {"target_link_uri": "https://evil.example/"}),
    "that leads elsewhere on this host": ("target_not_ours", {"target_link_uri": "/launch"}),
    "of another deployment": ("deployment_unknown", {"lti_deployment_id": "7"}),
    "of nobody": ("login_incomplete", {"login_hint": ""}),
    "of no platform": ("login_incomplete", {"iss": ""}),
    "with no end of a hint": ("login_incomplete", {"lti_message_hint": "x" * 5000}),
}


@pytest.mark.parametrize("wrong", WRONG_LOGINS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_is_refused(
    wrong: str, method: str, tool: ServingTool, browser: Browser, platform: SmallPlatform
) -> None:
    code, changed = WRONG_LOGINS[wrong]
    told = {
        "iss": platform.url,
        "client_id": "tool-1",
        "login_hint": "x",
        "target_link_uri": tool.settings.launch_url,
        **changed,
    }

    sent = {"params": told} if method == "GET" else {"data": told}
    answered = browser.http.request(method, "/login", **sent)  # type: ignore[arg-type]  # of either way of sending

    assert answered.status_code == 400
    assert f"Code: {code}" in answered.text


def test_a_login_without_a_client_id_is_taken_where_the_issuer_has_one(
    browser: Browser, platform: SmallPlatform
) -> None:
    assert browser.begin(platform, client_id="")["client_id"] == "tool-1"
