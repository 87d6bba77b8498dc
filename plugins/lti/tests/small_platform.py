"""A tiny platform for what a real one would never send: it signs whatever it is told to."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
CLIENT, DEPLOYMENT = "tool-1", "1"

Member = dict[str, Any]


def member(user: str, *roles: str, **more: Any) -> Member:
    """Return a member of a roster, with roles as they follow the vocabulary's address."""
    told = [f"{MEMBERSHIP}{role}" for role in roles or ("#Instructor",)]
    return {
        "user_id": user,
        "status": "Active",
        "name": f"{user} (fictional)",
        "roles": told,
        **more,
    }


@cache
def a_key(name: str = "platform") -> RSAKey:
    """Return a key that is always the same for a name, for making one takes its time."""
    return RSAKey.generate_key(2048, {"kid": name})


class SmallPlatform:
    """Keys, tokens and rosters of a platform on the loopback address; all of it may be changed by a test."""

    def __init__(self) -> None:
        self.keys = [a_key()]
        self.rosters: dict[str, list[Member]] = {}
        self.page_size = 50
        self.asked: list[str] = []
        self.next_elsewhere: str | None = None
        self.up = True
        self.special: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.change: Callable[[dict[str, Any]], object] = lambda _: None
        self.course = "course-1"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def registration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "client_id": CLIENT,
            "deployments": (DEPLOYMENT,),
            "auth_url": f"{self.url}/auth?tenant=1",
            "token_url": f"{self.url}/token",
            "token_audience": f"{self.url}/token",
            "jwks_url": f"{self.url}/jwks",
        }

    def claims(
        self, nonce: str, target: str, now: float, *, course: str = "course-1"
    ) -> dict[str, Any]:
        """Return what a launch of this platform says."""
        return {
            "iss": self.url,
            "aud": CLIENT,
            "azp": CLIENT,
            "sub": "manager",
            "name": "Manager (fictional)",
            "iat": int(now),
            "exp": int(now) + 300,
            "nonce": nonce,
            f"{LTI}version": "1.3.0",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}deployment_id": DEPLOYMENT,
            f"{LTI}target_link_uri": target,
            f"{LTI}resource_link": {"id": f"{course}-link"},
            f"{LTI}context": {"id": course, "title": "Positive handling (fictional)"},
            f"{LTI}roles": [f"{MEMBERSHIP}#Administrator"],
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": f"{self.url}/members/{course}",
                "service_versions": ["2.0"],
            },
        }

    def sign(self, claims: Mapping[str, Any], key: RSAKey | None = None, **header: Any) -> str:
        """Return claims signed with RS256, by the platform's last key unless another is given."""
        key = key or self.keys[-1]
        told = {"alg": "RS256", "kid": key.kid, **header}
        return jwt.encode(told, dict(claims), key, algorithms=["RS256"])

    def answer(self, method: str, path: str, *, authorised: bool) -> tuple[int, Any, str | None]:
        """Return status, body and the address of a next page."""
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/members/") and authorised and self.up:
            return self._members(parts.path.removeprefix("/members/"), asked)
        told: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "/jwks"): lambda: {"keys": [key.as_dict(private=False) for key in self.keys]},
            ("GET", "/auth"): lambda: self._launch(asked),
            ("GET", "/course"): lambda: self._course(asked["login"]),
            ("POST", "/token"): lambda: {"access_token": "a-token", "expires_in": 3600},
        }
        answer = told.get((method, parts.path)) if self.up else None
        return (200, answer(), None) if answer else (404 if self.up else 503, {}, None)

    def _members(self, course: str, query: Mapping[str, str]) -> tuple[int, Any, str | None]:
        everybody, first = self.rosters.get(course, []), int(query.get("from", "0"))
        last = first + self.page_size
        following = f"{self.next_elsewhere or self.url}/members/{course}?from={last}"
        page = {"members": everybody[first:last]}
        return 200, page, following if last < len(everybody) else None

    def _launch(self, asked: Mapping[str, str]) -> str:
        """Return the page by which a browser carries a launch to the tool."""
        now = datetime.now(UTC).timestamp()
        claims = self.claims(asked["nonce"], asked["redirect_uri"], now, course=self.course)
        self.change(claims)
        return (
            f'<form method="post" action="{escape(asked["redirect_uri"])}">'
            f'<input name="state" value="{escape(asked["state"])}">'
            f'<input name="id_token" value="{self.sign(claims)}">'
            "</form><script>document.forms[0].submit()</script>"
        )

    def _course(self, login: str) -> str:
        """Return a page of a course with the tool in a frame."""
        return (
            '<body style="margin:0;font-family:sans-serif"><h2>A course of a platform (fictional)</h2>'
            f'<iframe width="800" height="420" src="{escape(login)}"></iframe>'
        )

    @contextmanager
    def serving(self) -> Iterator["SmallPlatform"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _handler(platform: SmallPlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            platform.asked.append(self.path)
            special = platform.special.get(urlsplit(self.path).path)
            if special:
                special(self)
                return
            authorised = self.headers.get("Authorization") == "Bearer a-token"
            status, body, following = platform.answer(
                self.command, self.path, authorised=authorised
            )
            html = isinstance(body, str)
            sent = (body if html else json.dumps(body)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if html else "application/json")
            if following:
                self.send_header("Link", f'<{following}>; rel="next"')
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
