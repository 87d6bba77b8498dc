"""Who has a page open: a token in the page's forms, together with the cookie of the browser that opened it."""

import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_lti.database import sessions, written
from trivet_lti.launches import DeepLink, Launch
from trivet_lti.logins import digest
from trivet_lti.refusals import Refused
from trivet_lti.roles import manages, teaches

LASTS = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Session:
    """One page that somebody has open. No name is kept: pages read it from the roster each time."""

    platform: str
    course: str
    deployment: str
    user: str
    manages: bool
    teaches: bool
    memberships: str | None
    choice: DeepLink | None


async def begin(
    connection: AsyncConnection,
    platform: str,
    course: str,
    launch: Launch,
    browser: str,
    now: datetime,
) -> tuple[str, Session]:
    """Return the token of a new session, and the session."""
    token = secrets.token_urlsafe(32)
    session = Session(
        platform=platform,
        course=course,
        deployment=launch.deployment,
        user=launch.user,
        manages=manages(launch.roles),
        teaches=teaches(launch.roles),
        memberships=launch.memberships,
        choice=launch.choice,
    )
    await connection.execute(delete(sessions).where(sessions.c.expires <= written(now)))
    known_by = {"token": digest(token), "browser": digest(browser), "expires": written(now + LASTS)}
    await connection.execute(insert(sessions).values({**asdict(session), **known_by}))
    return token, session


async def found(
    connection: AsyncConnection, token: str, browser: str | None, now: datetime
) -> Session:
    """Return the session of a token, for the browser that it belongs to.

    Raises:
        Refused: there is none, or it is over, or it is another browser's.
    """
    query = select(sessions).where(
        sessions.c.token == digest(token), sessions.c.expires > written(now)
    )
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None or not hmac.compare_digest(digest(browser or ""), row["browser"]):
        raise Refused("session_over", 403)
    fields = {name: row[name] for name in Session.__dataclass_fields__}
    return Session(**{**fields, "choice": DeepLink(**row["choice"]) if row["choice"] else None})
