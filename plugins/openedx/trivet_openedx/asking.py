"""The clients and gates of this process, by the settings."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from trivet_client import NotConfigured, Result, TrivetClient
from trivet_client.gate import Gate
from trivet_openedx.configured import Configured
from trivet_openedx.held import Point

PATIENT = 20.0
"""How many seconds may be taken where no learner waits."""


class _NotSetUp:
    """Asks nobody, for there is no address or no key: a gate then finds that nothing could be verified."""

    def verify_rows(self, _: Iterable[Mapping[str, Any]], /) -> Iterable[Result]:
        """Raise `NotConfigured`."""
        raise NotConfigured("Set URL and KEY in TRIVET_OPENEDX.")


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
def gate_at(settings: Configured, point: Point) -> Gate:
    """Return the gate for learners at a point: within the time limit, with fresh answers taken as they are."""
    return _gate(
        settings, time_limit=settings.time_limit_seconds, fresh_for=settings.fresh_for(point)
    )


@lru_cache(maxsize=4)
def gate_that_asks(settings: Configured) -> Gate:
    """Return the gate that asks each question anew and takes more time: for staff, and for cron."""
    return _gate(settings, time_limit=PATIENT)


def _gate(settings: Configured, **options: Any) -> Gate:
    kept_for = timedelta(hours=settings.outage_hours)
    try:
        client: TrivetClient | _NotSetUp = client_of(settings.url, settings.key)
    except NotConfigured:
        client = _NotSetUp()
    return Gate(client, purpose="delivery", kept_for=kept_for, **options)
