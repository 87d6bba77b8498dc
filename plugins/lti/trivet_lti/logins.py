"""Logins that were begun, each to be ended once, by the browser that began it."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_lti.database import logins, written
from trivet_lti.refusals import Refused

LASTS = timedelta(minutes=10)

MOST = 2000
"""How many logins of a platform may be under way. Anybody can begin one, so that the oldest give way."""


@dataclass(frozen=True)
class Begun:
    """A login that was begun: what its launch has to bring, and what to begin another one with."""

    platform: str
    nonce: str
    browser: str
    begun_with: Mapping[str, str]

    def by(self, browser: str | None) -> bool:
        """Tell whether this browser began it."""
        return browser is not None and hmac.compare_digest(digest(browser), self.browser)


async def begin(
    connection: AsyncConnection,
    platform: str,
    browser: str,
    begun_with: Mapping[str, str],
    now: datetime,
) -> tuple[str, str]:
    """Keep that a browser began a login, and return its state and its nonce. Neither can be read from what is kept."""
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    await connection.execute(delete(logins).where(logins.c.expires <= written(now)))
    kept = {
        "state": digest(state),
        "nonce": nonce,
        "browser": digest(browser),
        "platform": platform,
        "begun_with": dict(begun_with),
        "expires": written(now + LASTS),
    }
    await connection.execute(insert(logins).values(kept))
    newest = (
        select(logins.c.state)
        .where(logins.c.platform == platform)
        .order_by(literal_column("rowid").desc())
    )
    over = newest.limit(-1).offset(MOST)
    await connection.execute(delete(logins).where(logins.c.state.in_(over)))
    return state, nonce


async def end(connection: AsyncConnection, state: str, now: datetime) -> Begun:
    """Return a login and forget it, whatever comes of it: a state, and with it its nonce, is used once.

    Raises:
        Refused: no login with this state goes on.
    """
    ended = await connection.execute(
        delete(logins)
        .where(logins.c.state == digest(state), logins.c.expires > written(now))
        .returning(logins)
    )
    row = ended.mappings().one_or_none()
    if row is None:
        raise Refused("state_unknown")
    return Begun(row["platform"], row["nonce"], row["browser"], row["begun_with"])


def digest(secret: str) -> str:
    """Return a SHA-256 of a random secret, by which it is known again."""
    return hashlib.sha256(secret.encode()).hexdigest()
