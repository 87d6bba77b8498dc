"""The keys of platforms, read when they are needed and kept for a while."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import RSAKey

from trivet_lti.outbound import NoAnswer, call
from trivet_lti.platforms import Platform
from trivet_lti.refusals import Refused
from trivet_lti.tokens import public_keys

KEPT_FOR = 3600.0
"""For how many seconds keys are used before they are read again: a key that was withdrawn is believed no longer."""

APART = 30.0
"""How many seconds lie at least between two readings: unknown key ids, which anybody can send, cause no more."""

MOST = 256 * 1024


@dataclass
class _Known:
    keys: Mapping[str, RSAKey] = field(default_factory=dict)
    read_at: float = float("-inf")
    tried_at: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class PlatformKeys:
    """Finds the key of a platform by its id. `clock` counts seconds and never goes back."""

    def __init__(self, http: httpx.AsyncClient, clock: Callable[[], float]) -> None:
        self._http, self._clock = http, clock
        self._known: dict[tuple[str, str], _Known] = {}

    async def key(self, platform: Platform, kid: str) -> RSAKey:
        """Return a key of a platform.

        Raises:
            Refused: the platform has none of this id, or its keys can't be read.
        """
        known = self._known.setdefault((platform.id, platform.jwks_url), _Known())
        async with known.lock:
            old = self._clock() - known.read_at >= KEPT_FOR
            if (old or kid not in known.keys) and self._clock() - known.tried_at >= APART:
                await self._read(platform, known)
        if self._clock() - known.read_at >= KEPT_FOR:
            raise Refused("keys_unavailable", 503)
        if kid not in known.keys:
            raise Refused("token_key")
        return known.keys[kid]

    async def _read(self, platform: Platform, known: _Known) -> None:
        known.tried_at = self._clock()
        try:
            answered = await call(self._http, platform, "GET", platform.jwks_url, MOST)
            known.keys, known.read_at = public_keys(answered.body), self._clock()
        except (NoAnswer, ValueError):
            return  # what was read before still holds until it is too old
