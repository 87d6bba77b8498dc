"""Whom to ask, from the section `[trivet]` of trytond.conf. What is missing there leaves everything unverified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from trytond import config

from trivet_client import NotConfigured, Retries, TrivetClient
from trivet_client.batches import Result
from trivet_client.gate import Gate
from trivet_client.settings import settings_from
from trivet_client.webhooks import Receiver

SECTION = "trivet"
TIME_LIMIT = 2.0
"""How many seconds a person waits for the decision about all orders that they confirm at once."""

NEWS_TIMEOUT = 5.0
"""How many seconds each step of a request about watches and events may take; nobody waits for these."""


@dataclass(frozen=True)
class Settings:
    """What the section says."""

    url: str
    api_key: str = field(repr=False)
    time_limit: float
    kept_for: timedelta
    webhook_secrets: tuple[str, ...] = field(repr=False)


def settings() -> Settings:
    """Return what the section says now.

    Raises:
        NotConfigured: a number in it is none, or can't be one.
    """
    return Settings(
        url=config.get(SECTION, "url", default=""),
        api_key=config.get(SECTION, "api_key", default=""),
        time_limit=_number("time_limit", TIME_LIMIT),
        kept_for=timedelta(hours=_number("kept_for", 0.0)),
        webhook_secrets=tuple(config.get(SECTION, "webhook_secret", default="").split()),
    )


def gate() -> Gate:
    """Return the gate of this process. Where the settings don't do, it verifies nothing."""
    try:
        return _gate(settings())
    except NotConfigured as error:
        return Gate(_NotSetUp(error))


def client() -> TrivetClient:
    """Return the client of this process for watches and events.

    Raises:
        NotConfigured: the settings don't do.
    """
    return _client(settings())


def receiver() -> Receiver:
    """Return what tells genuine webhooks.

    Raises:
        NotConfigured: there is no secret, or one can't be one.
    """
    return Receiver(*settings().webhook_secrets)


class _NotSetUp:
    """Stands where there is nobody to ask."""

    def __init__(self, error: NotConfigured) -> None:
        self._error = error

    def verify_rows(self, _rows: Iterable[Mapping[str, Any]], /) -> Iterable[Result]:
        raise self._error


@lru_cache(maxsize=4)
def _gate(of: Settings) -> Gate:
    found = settings_from(of.url, of.api_key)
    asking = TrivetClient(found.url, found.key, timeout=of.time_limit)
    return Gate(asking, time_limit=of.time_limit, kept_for=of.kept_for, purpose="order")


@lru_cache(maxsize=4)
def _client(of: Settings) -> TrivetClient:
    found = settings_from(of.url, of.api_key)
    patience = Retries(attempts=2, within=3 * NEWS_TIMEOUT)
    return TrivetClient(found.url, found.key, timeout=NEWS_TIMEOUT, retries=patience)


def _number(name: str, default: float) -> float:
    try:
        found = config.getfloat(SECTION, name, default=default)
    except ValueError as error:
        raise NotConfigured(f"{name} in [{SECTION}] of trytond.conf is no number.") from error
    least = 0 if default == 0 else 0.001
    if not least <= found < 1e6:
        raise NotConfigured(f"{name} in [{SECTION}] of trytond.conf can't be {found}.")
    return float(found)
