"""Endpoints that an account has events sent to, and their secrets."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller
from trivet.alerts.events import EventType
from trivet.alerts.sealing import Sealing
from trivet.alerts.tables import deliveries, endpoint_secrets, endpoints
from trivet.database import can_hold


class Disabled(StrEnum):
    """Why nothing is sent to an endpoint: it was asked for, it answered 410, or it failed for too long."""

    ASKED = "asked"
    GONE = "gone"
    FAILING = "failing"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is kept, without its secrets. Instants are UTC; `types` None: every type."""

    id: str
    account: str
    test: bool
    url: str
    description: str | None
    types: tuple[EventType, ...] | None
    version: str
    created_at: datetime
    disabled_at: datetime | None
    disabled_by: Disabled | None
    failing_since: datetime | None


_COLUMNS = [endpoints.c[name] for name in Endpoint.__struct_fields__]


def _endpoint(row: RowMapping) -> Endpoint:
    return msgspec.convert({name: row[name] for name in Endpoint.__struct_fields__}, Endpoint)


async def add_endpoint(
    connection: AsyncConnection, caller: Caller, endpoint: Endpoint, sealed: str
) -> None:
    """Keep a new endpoint of a caller's, with its first secret."""
    row = {
        **msgspec.structs.asdict(endpoint),
        "types": None if endpoint.types is None else [kind.value for kind in endpoint.types],
        "key": caller.key,
        "failures": 0,
    }
    await connection.execute(insert(endpoints), row)
    await _add_secret(connection, endpoint.id, sealed, endpoint.created_at)


async def find_endpoint(
    connection: AsyncConnection, caller: Caller, endpoint: str
) -> Endpoint | None:
    """Return an endpoint of the caller's account, or None if it has none such."""
    if not can_hold(endpoint):
        return None
    mine = _mine(caller)
    rows = await connection.execute(select(*_COLUMNS).where(*mine, endpoints.c.id == endpoint))
    row = rows.mappings().first()
    return None if row is None else _endpoint(row)


async def list_endpoints(
    connection: AsyncConnection, caller: Caller, before: str | None, limit: int
) -> Sequence[Endpoint]:
    """Return the endpoints of the caller's account, the newest first; `before` is the id to go on after."""
    query = select(*_COLUMNS).where(*_mine(caller)).order_by(endpoints.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(endpoints.c.id < before)
    return [_endpoint(row) for row in (await connection.execute(query)).mappings()]


async def count_endpoints(connection: AsyncConnection, caller: Caller) -> int:
    """Return how many endpoints the caller's account has."""
    query = select(func.count()).select_from(endpoints).where(*_mine(caller))
    return await connection.scalar(query) or 0


async def change_endpoint(
    connection: AsyncConnection,
    endpoint: str,
    *,
    types: tuple[EventType, ...] | None,
    description: str | None,
) -> None:
    """Change which types of events an endpoint wants, and how it is described."""
    wanted = None if types is None else [kind.value for kind in types]
    await connection.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint)
        .values(types=wanted, description=description)
    )


async def delete_endpoint(connection: AsyncConnection, endpoint: str, now: datetime) -> None:
    """Delete an endpoint: nothing is sent to it any more, and its secrets are gone."""
    await _give_up(connection, endpoint, now)
    await connection.execute(
        delete(endpoint_secrets).where(endpoint_secrets.c.endpoint == endpoint)
    )
    await connection.execute(
        update(endpoints).where(endpoints.c.id == endpoint).values(deleted_at=now)
    )


async def disable_endpoint(
    connection: AsyncConnection, endpoint: str, by: Disabled, now: datetime
) -> None:
    """Disable an endpoint: what was still to be sent to it is given up, and can be recovered."""
    await _give_up(connection, endpoint, now)
    await connection.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint, endpoints.c.disabled_at.is_(None))
        .values(disabled_at=now, disabled_by=by.value)
    )


async def enable_endpoint(connection: AsyncConnection, endpoint: str) -> None:
    """Enable an endpoint: events from now on are sent to it."""
    await connection.execute(
        update(endpoints)
        .where(endpoints.c.id == endpoint)
        .values(disabled_at=None, disabled_by=None, failing_since=None, failures=0, not_before=None)
    )


async def _give_up(connection: AsyncConnection, endpoint: str, now: datetime) -> None:
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.endpoint == endpoint, deliveries.c.state == "pending")
        .values(state="failed", ended_at=now, claimed_by=None, claimed_until=None)
    )


async def rotate_secret(
    connection: AsyncConnection, endpoint: str, sealed: str, overlap: timedelta, now: datetime
) -> datetime:
    """Add a new secret from an instant (UTC) on; return until when those before it sign beside it, at the latest."""
    until = now + overlap
    current = endpoint_secrets.c.endpoint == endpoint
    later = or_(endpoint_secrets.c.expires_at.is_(None), endpoint_secrets.c.expires_at > until)
    await connection.execute(
        update(endpoint_secrets).where(current, later).values(expires_at=until)
    )
    await _add_secret(connection, endpoint, sealed, now)
    return until


async def count_secrets(connection: AsyncConnection, endpoint: str, now: datetime) -> int:
    """Return how many secrets sign for an endpoint at an instant (UTC)."""
    query = select(func.count()).select_from(endpoint_secrets).where(*_signing([endpoint], now))
    return await connection.scalar(query) or 0


def _signing(wanted: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    lasts = or_(endpoint_secrets.c.expires_at.is_(None), endpoint_secrets.c.expires_at > now)
    return endpoint_secrets.c.endpoint.in_(wanted), lasts


async def _add_secret(
    connection: AsyncConnection, endpoint: str, sealed: str, now: datetime
) -> None:
    row = {"endpoint": endpoint, "sealed": sealed, "created_at": now}
    await connection.execute(insert(endpoint_secrets), row)


async def secrets_of(
    connection: AsyncConnection, endpoint: str, sealing: Sealing, now: datetime
) -> list[str]:
    """Return the secrets that sign for an endpoint at an instant (UTC), the newest first, those that can be read.

    Raises:
        Unsealed: none can be.
    """
    sealed = await sealed_secrets(connection, [endpoint], now)
    return sealing.open_all(sealed[endpoint])


async def sealed_secrets(
    connection: AsyncConnection, wanted: Collection[str], now: datetime
) -> Mapping[str, list[str]]:
    """Return the secrets that sign for some endpoints at an instant (UTC) as they are kept, the newest first."""
    rows = await connection.execute(
        select(endpoint_secrets.c.endpoint, endpoint_secrets.c.sealed)
        .where(*_signing(wanted, now))
        .order_by(endpoint_secrets.c.number.desc())
    )
    sealed: dict[str, list[str]] = {endpoint: [] for endpoint in wanted}
    for endpoint, secret in rows:
        sealed[endpoint].append(secret)
    return sealed


async def forget_secrets(connection: AsyncConnection, now: datetime) -> None:
    """Take the secrets away that sign no more at an instant (UTC)."""
    await connection.execute(delete(endpoint_secrets).where(endpoint_secrets.c.expires_at <= now))


def _mine(caller: Caller) -> tuple[ColumnElement[bool], ...]:
    return (
        endpoints.c.account == caller.account,
        endpoints.c.test == caller.test,
        endpoints.c.deleted_at.is_(None),
    )
