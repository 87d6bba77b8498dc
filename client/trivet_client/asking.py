"""What both clients do around one request: who asks, how long is waited, and whether to ask again."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import httpx

from trivet_api import AuthenticatedClient
from trivet_client import __version__
from trivet_client.calls import Call
from trivet_client.problems import TrivetError, Unreachable
from trivet_client.retries import BUSY, Retries
from trivet_client.settings import Settings

TIMEOUT = 10.0
"""How many seconds each step of a request may take: to connect, to send, to hear something."""


class BearerKey(httpx.Auth):
    """Puts the key into each request, where no representation of a client or its arguments shows it."""

    def __init__(self, key: str) -> None:
        self._header = f"Bearer {key}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with the key, once."""
        request.headers["Authorization"] = self._header
        yield request


def generated_client(settings: Settings) -> AuthenticatedClient:
    """Return what the generated functions take; its token stays empty, for it would be shown."""
    return AuthenticatedClient(base_url=settings.url, token="")


HEADERS = {"User-Agent": f"trivet-client/{__version__}", "Accept": "application/json"}


@dataclass
class Attempts:
    """The attempts at one call. The clock counts seconds from anywhere."""

    retries: Retries
    timeout: float
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._made = 0

    def pause_after(self, error: TrivetError, call: Call[Any]) -> float | None:
        """Return how many seconds to wait before the next attempt; None if this error stands."""
        self._made += 1
        if not worth_asking_again(error, repeatable=call.repeatable):
            return None
        return self.retries.pause(
            error.retry_after,
            attempt=self._made,
            elapsed=self.clock() - self._began,
            timeout=self.timeout,
        )


def worth_asking_again(error: TrivetError, *, repeatable: bool) -> bool:
    """Tell whether asking again might help and can't do anything twice."""
    if error.status is not None:
        return error.status in BUSY
    return isinstance(error, Unreachable) and (repeatable or not error.sent)
