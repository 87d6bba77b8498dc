"""Who teaches a course: Names and Role Provisioning Services 2.0, page by page and within bounds."""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

from trivet_lti.legible import is_id, legible
from trivet_lti.outbound import NoAnswer, call
from trivet_lti.platforms import Platform
from trivet_lti.roles import INSTRUCTOR, teaches
from trivet_lti.tool_key import ToolKey

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

MOST_PAGES, MOST_BYTES, MOST_SECONDS, A_PAGE = 50, 8 * 1024 * 1024, 10.0, 100
"""How much of a roster is read: pages, bytes and seconds in all, and members asked for at once."""

_TOKEN_BYTES, _TOKEN_MARGIN = 64 * 1024, 60.0


@dataclass(frozen=True)
class Member:
    """Somebody who teaches the course, or looks; the name is the platform's, and stays in memory."""

    user: str
    name: str
    teaches: bool = True


@dataclass(frozen=True)
class Roster:
    """Those who teach a course, each once. `whole` is false where some of the roster could not be read."""

    instructors: tuple[Member, ...]
    whole: bool
    viewer: str | None = None
    """How the platform calls whoever looks, whatever their role."""


class Rosters:
    """Reads rosters. `clock` counts seconds and never goes back, `now` tells the time that tokens are dated by."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        key: ToolKey,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._http, self._key, self._now, self._clock = http, key, now, clock
        self._tokens: dict[str, tuple[str, float]] = {}

    async def read(self, platform: Platform, url: str | None, viewer: str) -> Roster:
        """Return who teaches; what can't be read is missing, and then the roster is not whole."""
        found: dict[str, Member] = {}
        if url is None:
            return Roster((), whole=False)
        try:
            async with asyncio.timeout(MOST_SECONDS):
                whole = await self._pages(platform, url, viewer, found)
        except (NoAnswer, TimeoutError):
            self._tokens.pop(platform.id, None)  # it may have been withdrawn
            whole = False
        looks = found.get(viewer)
        teachers = tuple(member for member in found.values() if member.teaches)
        return Roster(teachers, whole, looks.name or None if looks else None)

    async def _pages(
        self, platform: Platform, url: str, viewer: str, found: dict[str, Member]
    ) -> bool:
        headers = {"Authorization": f"Bearer {await self._token(platform)}", "Accept": MEDIA_TYPE}
        page, left = _first(platform, url), MOST_BYTES
        for _ in range(MOST_PAGES):
            answered = await call(self._http, platform, "GET", page, left, headers=headers)
            left -= len(answered.body)
            found.update({member.user: member for member in wanted(answered.body, viewer)})
            if answered.following is None:
                return True
            page = answered.following
        return False

    async def _token(self, platform: Platform) -> str:
        token, until = self._tokens.get(platform.id, ("", float("-inf")))
        if self._clock() < until:
            return token
        asked = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._key.sign(self._assertion(platform)),
            "scope": SCOPE,
        }
        answered = await call(
            self._http, platform, "POST", platform.token_url, _TOKEN_BYTES, data=asked
        )
        token, lasts = _granted(answered.body)
        self._tokens[platform.id] = token, self._clock() + lasts - _TOKEN_MARGIN
        return token

    def _assertion(self, platform: Platform) -> Mapping[str, Any]:
        now = int(self._now().timestamp())
        return {
            "iss": platform.client_id,
            "sub": platform.client_id,
            "aud": platform.token_audience,
            "iat": now,
            "exp": now + 300,
            "jti": secrets.token_urlsafe(),
        }


def wanted(body: bytes, viewer: str) -> Iterator[Member]:
    """Yield those of a page of a roster who teach and are not inactive or deleted, and whoever looks.

    Raises:
        NoAnswer: it is no page of a roster.
    """
    members = _json(body).get("members")
    if not isinstance(members, list):
        raise NoAnswer("no_roster")
    for member in members:
        found = _member(member)
        if found and (found.teaches or found.user == viewer):
            yield found


def _member(member: object) -> Member | None:
    if not isinstance(member, Mapping) or member.get("status", "Active") != "Active":
        return None
    user, roles = member.get("user_id"), member.get("roles")
    if not is_id(user) or not isinstance(roles, list):
        return None
    told = [role for role in roles if isinstance(role, str)]
    return Member(str(user), legible(member.get("name")), teaches(told))


def _first(platform: Platform, url: str) -> str:
    """Return where the first page is: what the platform's own address already asks for stays in it."""
    parts = urlsplit(url)
    wanted = {"limit": str(A_PAGE)} | ({"role": INSTRUCTOR} if platform.asks_role else {})
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode({**wanted, **query})))


def _granted(body: bytes) -> tuple[str, float]:
    granted = _json(body)
    token, lasts = granted.get("access_token"), granted.get("expires_in", 0)
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise NoAnswer("no_token")
    return token, float(lasts) if isinstance(lasts, int) and 0 < lasts < 86400 else 0.0


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer("no_json") from None
    if not isinstance(found, Mapping):
        raise NoAnswer("no_json")
    return found
