"""Calls to a platform: to its own addresses alone, and no longer than a page can wait or a memory can hold."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from trivet_lti.platforms import Platform

TIMEOUT = 5.0
"""How many seconds each step of a call may take."""

MOST_SECONDS = 10.0
"""How many seconds all of a call may take: a body that trickles is not waited for."""


class NoAnswer(Exception):
    """A platform did not answer as it should; the message is a code, and quotes nothing of what came."""


@dataclass(frozen=True)
class Answered:
    """A body that was read whole, and the address of the next page where one was told."""

    body: bytes
    following: str | None


async def call(
    http: httpx.AsyncClient, platform: Platform, method: str, url: str, most: int, **sent: Any
) -> Answered:
    """Return what a platform answers, of at most so many bytes. Redirects are not followed.

    Raises:
        NoAnswer: the address is not the platform's, or it did not answer, or not with success, or with too much.
    """
    if not platform.owns(url):
        raise NoAnswer("address_not_the_platforms")
    try:
        async with (
            asyncio.timeout(MOST_SECONDS),
            http.stream(method, url, **sent) as response,
        ):
            if response.status_code != 200:
                raise NoAnswer(f"status_{response.status_code}")
            body = await _read(response, most)
            following = response.links.get("next", {}).get("url")
            return Answered(body, str(response.url.join(following)) if following else None)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None


def http_client() -> httpx.AsyncClient:
    """Return a client that follows no redirect, and asks for bodies as they are."""
    return httpx.AsyncClient(
        timeout=TIMEOUT, follow_redirects=False, headers={"Accept-Encoding": "identity"}
    )


async def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for (
        part
    ) in response.aiter_raw():  # unpacked, a few bytes could be more than a memory holds
        body += part
        if len(body) > most:
            raise NoAnswer("too_long")
    return bytes(body)
