"""A browser as far as the tool notices: it keeps a cookie, follows a login, and sends the forms of its page."""

import re
import ssl
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from serving_tool import ServingTool
from small_platform import DEPLOYMENT, SmallPlatform

Claims = dict[str, Any]

NO_HTTPS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: tests speak http, and to read whom to trust takes a client most of its time."""


class Browser:
    """One browser on one tool."""

    def __init__(self, tool: ServingTool) -> None:
        self.tool = tool
        self.http = httpx.Client(base_url=tool.url, timeout=20, verify=NO_HTTPS)
        self.page = ""

    def begin(self, platform: SmallPlatform, **changed: str) -> dict[str, str]:
        """Begin a login, and return what the platform is asked."""
        told = {
            "iss": platform.url,
            "client_id": "tool-1",
            "login_hint": "manager",
            "lti_message_hint": "a hint",
            "target_link_uri": self.tool.settings.launch_url,
            "lti_deployment_id": DEPLOYMENT,
        }
        answered = self.http.get("/login", params={k: v for k, v in (told | changed).items() if v})
        assert answered.status_code == 302, answered.text
        query = parse_qs(urlsplit(answered.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def launch(
        self,
        platform: SmallPlatform,
        change: Callable[[Claims], object] = lambda _: None,
        *,
        course: str = "course-1",
    ) -> httpx.Response:
        """Open the tool from a course, with claims that a test may change."""
        asked = self.begin(platform)
        claims = platform.claims(
            asked["nonce"], asked["redirect_uri"], self.tool.now().timestamp(), course=course
        )
        change(claims)
        return self.arrive(asked["state"], platform.sign(claims))

    def arrive(self, state: str, token: str) -> httpx.Response:
        """Send what a platform has a browser send."""
        return self._on(self.http.post("/launch", data={"state": state, "id_token": token}))

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that the browser is on, with its session."""
        return self._on(self.http.post(path, data={"session": self.session, **fields}))

    @property
    def session(self) -> str:
        return self.field("session")

    def field(self, name: str) -> str:
        """Return the first hidden field of a name on the page."""
        found = re.search(f'name="{name}" value="([^"]*)"', self.page)
        assert found, self.page
        return unescape(found[1])

    def standing(self, name: str) -> str:
        """Return what the page says of an instructor, as text."""
        items = self.page.partition("</main>")[0].split('<li>\n<div class="head">')
        found = [item for item in items if f"<h3>{name}</h3>" in item]
        assert len(found) == 1, (name, self.page)
        return text_of(found[0])

    def _on(self, answered: httpx.Response) -> httpx.Response:
        self.page = answered.text
        return answered


def text_of(html: str) -> str:
    """Return the words of some HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
