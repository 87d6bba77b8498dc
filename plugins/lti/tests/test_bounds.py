"""How much, how long and how often: of strangers, of browsers and of platforms."""

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from browsing import NO_HTTPS, Browser
from serving_tool import ServingTool
from small_platform import LTI, SmallPlatform, member
from test_boundaries import TRAINING

from trivet_lti import logins, outbound, visits

Answer = Callable[[BaseHTTPRequestHandler], None]


def test_a_launch_that_arrives_by_several_connections_at_once_is_taken_once(
    browser: Browser, tool: ServingTool, platform: SmallPlatform
) -> None:
    asked = browser.begin(platform)
    claims = platform.claims(asked["nonce"], asked["redirect_uri"], tool.now().timestamp())
    sent = {"state": asked["state"], "id_token": platform.sign(claims)}
    cookies = dict(browser.http.cookies)

    def arrive(_: int) -> int:
        with httpx.Client(base_url=tool.url, cookies=cookies, verify=NO_HTTPS) as client:
            return client.post("/launch", data=sent).status_code

    with ThreadPoolExecutor(8) as at_once:
        codes = sorted(at_once.map(arrive, range(8)))

    assert codes == [200] + [400] * 7


def test_a_course_that_two_open_for_the_first_time_at_once_is_opened_for_both(
    tool: ServingTool, platform: SmallPlatform, course: str
) -> None:
    browsers = [Browser(tool) for _ in range(6)]
    with ThreadPoolExecutor(6) as at_once:
        opened = list(at_once.map(lambda b: b.launch(platform, course=course), browsers))
    for browser in browsers:
        browser.http.close()

    assert [answered.status_code for answered in opened] == [200] * 6


def test_a_mapping_that_is_sent_twice_at_once_is_kept_once(
    browser: Browser, tool: ServingTool, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=course)
    mapped = {"session": browser.session, "user": "Ada", "trainer": "AUTH-01"}

    with ThreadPoolExecutor(2) as at_once:
        sent = at_once.map(lambda _: browser.http.post("/people/map", data=mapped), range(2))
        codes = {answered.status_code for answered in sent}

    assert codes == {200}
    of_course = "SELECT COUNT(*) FROM mappings JOIN platforms ON platforms.id = platform WHERE issuer = :issuer"
    assert tool.rows(of_course, issuer=platform.url) == [(1,)]


def test_logins_that_strangers_begin_are_bounded_for_each_platform_and_the_oldest_give_way(
    browser: Browser,
    tool: ServingTool,
    platform: SmallPlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logins, "MOST", 3)
    with SmallPlatform().serving() as other:
        tool.register(**other.registration)
        elsewhere = browser.begin(other)
        begun = [browser.begin(platform) for _ in range(5)]

        count = "SELECT COUNT(*) FROM logins JOIN platforms ON platforms.id = platform WHERE issuer = :issuer"
        assert tool.rows(count, issuer=platform.url) == [(3,)]
        taken = [opens(browser, platform, asked) for asked in begun]
        assert taken == [False, False, True, True, True]
        assert opens(browser, other, elsewhere)


def opens(browser: Browser, platform: SmallPlatform, asked: dict[str, str]) -> bool:
    now = browser.tool.now().timestamp()
    token = platform.sign(platform.claims(asked["nonce"], asked["redirect_uri"], now))
    return browser.arrive(asked["state"], token).status_code == 200


def test_a_form_that_is_too_long_is_not_read(browser: Browser) -> None:
    long = b"state=" + b"x" * 300_000

    def in_parts() -> Iterator[bytes]:
        yield from (long[at : at + 1000] for at in range(0, len(long), 1000))

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (long, in_parts()):
        answered = browser.http.post("/launch", content=content, headers=kind)
        assert answered.status_code == 413
        assert "Code: request_unreadable" in answered.text


def test_a_form_that_never_ends_is_not_waited_for(
    tool: ServingTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "PATIENCE", 0.1)
    host, port = tool.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /launch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nstate="
        )
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_what_is_sent_twice_says_nothing(
    browser: Browser, tool: ServingTool, platform: SmallPlatform
) -> None:
    browser.launch(platform)
    told = {
        "iss": [platform.url] * 2,
        "login_hint": "x",
        "target_link_uri": tool.settings.launch_url,
    }

    assert "Code: login_incomplete" in browser.http.get("/login", params=told).text
    assert "Code: login_incomplete" in browser.http.post("/login", data=told).text
    twice = browser.http.post("/course", data={"session": [browser.session] * 2})
    assert twice.status_code == 403


def redirecting(to: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("path", ["/jwks", "/token", "/members/course-1"])
def test_no_redirect_of_a_platform_is_followed(
    path: str, browser: Browser, platform: SmallPlatform
) -> None:
    with SmallPlatform().serving() as other:
        platform.special[path] = redirecting(f"{other.url}{path}")

        browser.launch(platform)

        assert path in [asked.partition("?")[0] for asked in platform.asked]
        assert other.asked == []


def test_a_key_set_that_trickles_is_not_waited_for(
    browser: Browser, platform: SmallPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "MOST_SECONDS", 0.3)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(100_000):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.01)  # as slow a platform is what this is about

    platform.special["/jwks"] = trickle

    assert browser.launch(platform).status_code == 503
    assert "Code: keys_unavailable" in browser.page


def test_a_packed_roster_is_not_unpacked(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    asked: list[str | None] = []

    def packed(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Accept-Encoding"])
        body = gzip.compress(json.dumps({"members": [member("Ada")]}).encode())
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    platform.special[f"/members/{course}"] = packed

    browser.launch(platform, course=course)

    assert asked == ["identity"]
    assert "could not be read" in browser.page
