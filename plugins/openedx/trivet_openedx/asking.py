"""The clients and gates of this process, by the settings."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from trivet_client import NotConfigured, Result, TrivetClient, TrivetError, Unreachable
from trivet_client.gate import Gate
from trivet_openedx.configured import Configured
from trivet_openedx.held import Point

PATIENT = 20.0
"""How many seconds may be taken where no learner waits."""


class _Nobody:
    """Is asked in the place of the service: a gate then finds that nothing could be verified, and why."""

    def __init__(self, why: type[TrivetError]) -> None:
        self._why = why

    def verify_rows(self, _: Iterable[Mapping[str, Any]], /) -> Iterable[Result]:
        """Raise why nobody can be asked."""
        raise self._why


@lru_cache(maxsize=4)
def client_of(url: str, key: str) -> TrivetClient:
    """Return the client of an address and a key: one for all threads.

    Raises:
        NotConfigured: one of them is missing or can't be one.
    """
    if not url or not key:
        raise NotConfigured("Set URL and KEY in TRIVET_OPENEDX.")
    return TrivetClient(url, key)


@lru_cache(maxsize=16)
def gate_at(settings: Configured, point: Point, *, paused: bool = False) -> Gate:
    """Return the gate for learners at a point: within the time limit, with fresh answers taken as they are.

    In a pause it asks nobody, and decides by what is kept.
    """
    return _gate(
        _Nobody(Unreachable) if paused else _client(settings),
        settings,
        time_limit=settings.time_limit_seconds,
        fresh_for=settings.fresh_for(point),
    )


@lru_cache(maxsize=4)
def gate_that_asks(settings: Configured) -> Gate:
    """Return the gate that asks each question anew and takes more time: for staff, and for cron."""
    return _gate(_client(settings), settings, time_limit=PATIENT)


def _gate(client: TrivetClient | _Nobody, settings: Configured, **options: Any) -> Gate:
    kept_for = timedelta(hours=settings.outage_hours)
    return Gate(client, purpose="delivery", kept_for=kept_for, **options)


def _client(settings: Configured) -> TrivetClient | _Nobody:
    try:
        return client_of(settings.url, settings.key)
    except NotConfigured:
        return _Nobody(NotConfigured)
