"""The platforms that are registered: added, listed and removed by an operator, and looked up by a login."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_lti.database import platforms
from trivet_lti.platforms import Platform
from trivet_lti.refusals import Refused


class AlreadyRegistered(ValueError):
    """There is a registration with this issuer and client id."""


async def add(connection: AsyncConnection, **told: Any) -> Platform:
    """Register a platform; the arguments are the fields of `Platform` but its id.

    Raises:
        AlreadyRegistered: there is one with this issuer and client id.
    """
    platform = Platform(id=uuid.uuid4().hex, **told)
    values = {
        **vars(platform),
        "deployments": list(platform.deployments),
        "origins": list(platform.origins),
    }
    try:
        await connection.execute(insert(platforms).values(values))
    except IntegrityError:
        raise AlreadyRegistered(
            "this issuer and client id are registered: remove them first"
        ) from None
    return platform


async def every(connection: AsyncConnection) -> Sequence[Platform]:
    """Return all platforms, in the order of their issuers."""
    found = await connection.execute(
        select(platforms).order_by(platforms.c.issuer, platforms.c.client_id)
    )
    return [_platform(row) for row in found.mappings()]


async def by_id(connection: AsyncConnection, platform: str) -> Platform:
    """Return a platform that is there, as a foreign key says."""
    found = await connection.execute(select(platforms).where(platforms.c.id == platform))
    return _platform(found.mappings().one())


async def for_login(connection: AsyncConnection, issuer: str, client_id: str | None) -> Platform:
    """Return the platform that a login names; without a client id only where the issuer has one registration.

    Raises:
        Refused: no platform, or no single one, fits.
    """
    query = select(platforms).where(platforms.c.issuer == issuer)
    if client_id:
        query = query.where(platforms.c.client_id == client_id)
    found = (await connection.execute(query)).mappings().all()
    if len(found) != 1:
        raise Refused("platform_unknown")
    return _platform(found[0])


async def remove(connection: AsyncConnection, platform: str) -> bool:
    """Remove a platform with its courses, mappings and verdicts; attestations stay. Tell whether it was there."""
    removed = await connection.execute(delete(platforms).where(platforms.c.id == platform))
    return removed.rowcount == 1


def _platform(row: Any) -> Platform:
    return Platform(
        **{**row, "deployments": tuple(row["deployments"]), "origins": tuple(row["origins"])}
    )
