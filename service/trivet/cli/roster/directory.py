"""Reading the members of staff from a SCIM 2.0 server (RFC 7644): page by page, no more of them than is needed.

Whoever runs the server is not trusted with more than the question: redirects are not followed, what comes is bounded,
and a list that is not whole is no list, for a person who is missing from it would be missing unseen.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import httpx

from trivet.cli import CouldNot
from trivet.cli.roster.attributes import Attribute, is_active
from trivet.cli.roster.mapping import Scim
from trivet.cli.roster.people import Member
from trivet_client.retries import BUSY, Retries, seconds_to_wait

TOKEN = "TRIVET_SCIM_TOKEN"  # noqa: S105 - where it is found
"""The variable that holds the bearer token: never an argument, which lists of processes show."""

_TIMEOUT = 15.0
_HINTS = {
    400: "it does not take the filter or an attribute of the mapping",
    401: f"it does not accept the token in {TOKEN}",
    403: f"the token in {TOKEN} may not read users",
    404: "it has no users there: give the address that ends before /Users",
    429: "it was asked too often, so try later",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is read at most; times are in seconds."""

    users: int = 50_000
    at_once: int = 100
    page_bytes: int = 8 * 1024 * 1024
    seconds: float = 300.0


def members_at(address: str, scim: Scim, limits: Limits = Limits()) -> list[Member]:
    """Read all users that the mapping's filter lets through, in the order of their staff numbers.

    Args:
        address: the server's, before `/Users`: https, or http on this machine alone.
        scim: which attributes say what.
        limits: what is read at most.

    Raises:
        CouldNot: the address or the token can't be one, or the list could not be read to its end.
    """
    attributes = scim.attributes()
    asked = {
        "attributes": ",".join(
            dict.fromkeys(["active", *(each.asked_for for each in attributes.values())])
        ),
        "count": str(limits.at_once),
    }
    if scim.filter:
        asked["filter"] = scim.filter
    with httpx.Client(
        base_url=_checked(address),
        headers={"Authorization": f"Bearer {_token()}", "Accept": "application/scim+json"},
        timeout=_TIMEOUT,
    ) as client:
        users = _Reading(client, limits).users(asked)
        found = [_member(user, attributes) for user in users]
    return sorted(found, key=lambda member: (member.staff.casefold(), member.references))


def _checked(address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise CouldNot("--scim: that is no address") from None
    if not url.host or url.userinfo or url.query or url.fragment:
        raise CouldNot("--scim: give an address like https://directory.example/scim/v2")
    if url.scheme != "https" and not (url.scheme == "http" and _on_this_machine(url.host)):
        raise CouldNot("--scim: only https is safe for people's data; http is for this machine")
    return str(url).rstrip("/")


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token() -> str:
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise CouldNot(f"set {TOKEN} to the bearer token of the SCIM server")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise CouldNot(f"{TOKEN} holds no token: it has characters that none has")
    return token


def _member(user: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> Member:
    def said(name: str) -> tuple[str, ...]:
        return attributes[name].values(user) if name in attributes else ()

    shown = [name for name in attributes if name.startswith("show.")]
    return Member(
        staff=" ".join(said("staff")),
        references=said("trainer"),
        active=is_active(user),
        shown=tuple("; ".join(said(name)) for name in shown),
        family_name=next(iter(said("family_name")), None),
    )


class _Reading:
    """One reading of a list, page by page to its end."""

    def __init__(self, client: httpx.Client, limits: Limits) -> None:
        self._client, self._limits = client, limits
        self._ends = time.monotonic() + limits.seconds
        self._patience = Retries(within=limits.seconds)

    def users(self, asked: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Yield each user once; CouldNot at the end where somebody may be missing.

        Pages move where somebody is added or deleted meanwhile, and who was skipped then can't be told.
        """
        totals, seen, came = set[int](), set[str](), 0
        for total, users in self._pages(asked):
            yield from (user for user in users if user["id"] not in seen)
            seen.update(user["id"] for user in users)
            totals.add(total)
            came += len(users)
        if totals != {len(seen)} or came != len(seen):
            raise CouldNot(
                f"--scim: the server tells of {max(totals)} users and gave {len(seen)}, so somebody may be missing: "
                "if the list was changed just now, run it again"
            )

    def _pages(self, asked: Mapping[str, str]) -> Iterator[tuple[int, Sequence[Mapping[str, Any]]]]:
        """Yield each page with how many users there are.

        The next page begins after what came, not after what was asked for: servers may give less (RFC 7644, 3.4.2.4).
        """
        came, more = 0, True
        while more:
            total, users = _listed(self._page({**asked, "startIndex": str(came + 1)}))
            if total > self._limits.users:
                most = self._limits.users
                raise CouldNot(f"--scim: {total} users are more than {most}: narrow scim.filter")
            yield total, users
            came += len(users)
            more = bool(users) and came < total

    def _page(self, asked: Mapping[str, str]) -> Any:
        began = time.monotonic()
        for attempt in range(1, 1 + self._patience.attempts):
            status, headers, body = self._got(asked)
            if status == 200:
                return _parsed(body)
            elapsed = time.monotonic() - began
            wait = seconds_to_wait(headers, datetime.now(UTC))
            pause = self._patience.pause(wait, attempt=attempt, elapsed=elapsed, timeout=_TIMEOUT)
            if status not in BUSY or pause is None:
                raise CouldNot(f"--scim: the server answered {status}: {_hint(status, body)}")
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _got(self, asked: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        body = bytearray()
        try:
            with self._client.stream("GET", "/Users", params=asked) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    self._check(len(body))
        except httpx.HTTPError as error:
            raise CouldNot(f"--scim: the server gave no answer: {type(error).__name__}") from None
        return response.status_code, response.headers, bytes(body)

    def _check(self, size: int) -> None:
        if size > self._limits.page_bytes:
            raise CouldNot(f"--scim: a page is longer than {self._limits.page_bytes} bytes")
        if time.monotonic() > self._ends:
            raise CouldNot(f"--scim: the list took longer than {self._limits.seconds:.0f} seconds")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _listed(page: Any) -> tuple[int, Sequence[Mapping[str, Any]]]:
    """Return how many users there are and those of a page; CouldNot for what no SCIM server answers."""
    if isinstance(page, dict) and type(total := page.get("totalResults")) is int:
        users = page.get("Resources", [])
        if isinstance(users, list) and all(
            isinstance(user, dict) and isinstance(user.get("id"), str) for user in users
        ):
            return total, users
    raise CouldNot(
        "--scim: what answered did not answer as a SCIM 2.0 server: is this its address?"
    )


def _hint(status: int, body: bytes) -> str:
    """Return what to do about a status; of what the server says only the word of RFC 7644, which names nobody."""
    if 300 <= status < 400:
        return "it is somewhere else, and nothing is sent there unasked: give the address where it is now"
    if status >= 500:
        return "it can't answer at present, so try later"
    said = _parsed(body)
    word = said.get("scimType") if isinstance(said, dict) else None
    known = f" ({word})" if isinstance(word, str) and word.isalpha() and len(word) < 30 else ""
    return f"{_HINTS.get(status, 'it does not take the question')}{known}"
