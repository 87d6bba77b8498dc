"""When to ask again, and after how long. Pure: the clock and the dice are arguments."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

BUSY = frozenset({429, 503})
"""Statuses with which the service says that it did not take the request in."""


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How patient a client is: exponential back-off with jitter, never less than `Retry-After` asks for.

    All times are in seconds. No attempt is begun that its own timeout could carry past `within`.
    """

    attempts: int = 4
    within: float = 30.0
    first_pause: float = 0.25
    longest_pause: float = 8.0
    jitter: Callable[[], float] = random.random
    """Returns a number from 0 to 1, so that many clients do not come back at once."""

    def pause(
        self, retry_after: float | None, *, attempt: int, elapsed: float, timeout: float
    ) -> float | None:
        """Return how long to wait after a failed attempt (the first is 1); None to give up."""
        if attempt >= self.attempts:
            return None
        growing = min(self.longest_pause, self.first_pause * 2 ** (attempt - 1))
        pause = max(growing * (1 + self.jitter()) / 2, retry_after or 0.0)
        return pause if elapsed + pause + timeout <= self.within else None


PATIENT = Retries()
"""Four attempts within half a minute."""


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return what `Retry-After` asks for (RFC 9110: seconds or a date); None if it is absent or ill-formed.

    A date is counted from the response's own `Date`, so that clocks need not agree; else from `now` (UTC).
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until, since = _instant(value), _instant(headers.get("Date", "")) or now
    return max((until - since).total_seconds(), 0.0) if until else None


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
