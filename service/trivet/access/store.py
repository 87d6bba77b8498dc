"""Tables and queries of accounts and keys."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller, Scope, Secret
from trivet.database import Instant, metadata
from trivet.ids import new_id

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    # Whether a provider's own word is enough for this account (R10).
    Column("accepts_declared", Boolean, nullable=False, default=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(40), ForeignKey(accounts.c.id), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
    # From then on it opens nothing; None: it lasts until it is revoked.
    Column("expires_at", Instant, nullable=True),
    # To half a minute or so.
    Column("last_used_at", Instant, nullable=True),
    # The key that took its place when it was rotated.
    Column("replaced_by", String(40), nullable=True),
    Index(None, "account"),
)


class KeyListed(msgspec.Struct, frozen=True):
    """A key as an operator sees it: never its secret. Instants are UTC."""

    id: str
    account: str
    scopes: tuple[str, ...]
    purpose: str
    test: bool
    created_at: datetime
    revoked_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    replaced_by: str | None


async def find_caller(
    connection: AsyncConnection, shown: Secret, pepper: bytes, now: datetime
) -> Caller | None:
    """Return who holds a key at an instant (UTC), or None if it is unknown, expired, revoked or not the one made."""
    rows = await connection.execute(
        select(keys, accounts.c.accepts_declared)
        .join_from(keys, accounts)
        .where(keys.c.id == shown.id)
    )
    row = rows.mappings().first()
    if row is None or row["revoked_at"] is not None or row["test"] is not shown.test:
        return None
    if row["expires_at"] is not None and row["expires_at"] <= now:
        return None
    if not shown.matches(row["hash"], pepper):
        return None
    scopes = frozenset(Scope(scope) for scope in row["scopes"])
    return Caller(
        key=row["id"],
        account=row["account"],
        scopes=scopes,
        purpose=row["purpose"],
        test=row["test"],
        accepts_declared=row["accepts_declared"],
    )


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a key is made for: its account's name, scopes, purpose, and the instant (UTC) at which it ends, if any."""

    account: str
    scopes: Sequence[Scope]
    purpose: str
    expires_at: datetime | None = None


async def add_key(
    connection: AsyncConnection, secret: Secret, pepper: bytes, grant: Grant, now: datetime
) -> None:
    """Add a key to an account, made by its name where it is new, at an instant (UTC)."""
    row = {
        "id": secret.id,
        "account": await _account(connection, grant.account, now),
        "hash": secret.hashed(pepper),
        "scopes": [scope.value for scope in grant.scopes],
        "purpose": grant.purpose,
        "test": secret.test,
        "created_at": now,
        "expires_at": grant.expires_at,
    }
    await connection.execute(insert(keys), row)


async def replace_key(
    connection: AsyncConnection,
    key: str,
    secret: Secret,
    pepper: bytes,
    *,
    until: datetime,
    now: datetime,
) -> bool:
    """Add a key that may do what another may, which ends at an instant (UTC) at the latest.

    Say whether there was such another: one that holds, and was not replaced yet.
    """
    holds = or_(keys.c.expires_at.is_(None), keys.c.expires_at > now)
    open_ = and_(keys.c.id == key, keys.c.revoked_at.is_(None), keys.c.replaced_by.is_(None), holds)
    found = (await connection.execute(select(keys).where(open_))).mappings().first()
    if found is None or found["test"] is not secret.test:
        return False
    ends = until if found["expires_at"] is None else min(until, found["expires_at"])
    added = {
        **{name: found[name] for name in ("account", "scopes", "purpose", "test")},
        "id": secret.id,
        "hash": secret.hashed(pepper),
        "created_at": now,
    }
    await connection.execute(insert(keys), added)
    await connection.execute(
        update(keys).where(keys.c.id == key).values(expires_at=ends, replaced_by=secret.id)
    )
    return True


async def _account(connection: AsyncConnection, name: str, now: datetime) -> str:
    known = await connection.scalar(select(accounts.c.id).where(accounts.c.name == name))
    if known is not None:
        return str(known)
    account = new_id("acc")
    await connection.execute(insert(accounts), {"id": account, "name": name, "created_at": now})
    return account


async def set_accepts_declared(connection: AsyncConnection, name: str, *, accepts: bool) -> bool:
    """Set whether an account takes a provider's own word; say whether there is an account of that name."""
    done = await connection.execute(
        update(accounts).where(accounts.c.name == name).values(accepts_declared=accepts)
    )
    return bool(done.rowcount)


class AccountListed(msgspec.Struct, frozen=True):
    """An account as an operator sees it. Instants are UTC."""

    id: str
    name: str
    created_at: datetime
    accepts_declared: bool


async def list_accounts(connection: AsyncConnection) -> Sequence[AccountListed]:
    """Return every account by name."""
    columns = [accounts.c[name] for name in AccountListed.__struct_fields__]
    rows = await connection.execute(select(*columns).order_by(accounts.c.name))
    return [AccountListed(**row) for row in rows.mappings()]


async def list_keys(connection: AsyncConnection) -> Sequence[KeyListed]:
    """Return every key, revoked ones too, the oldest first."""
    columns = [c for c in keys.c if c.name not in ("hash", "account")]
    rows = await connection.execute(
        select(accounts.c.name.label("account"), *columns)
        .join_from(keys, accounts)
        .order_by(keys.c.created_at, keys.c.id)
    )
    return [KeyListed(**{**row, "scopes": tuple(row["scopes"])}) for row in rows.mappings()]


async def revoke_key(connection: AsyncConnection, key: str, now: datetime) -> bool:
    """Revoke a key; say whether there was one that was not revoked yet."""
    done = await connection.execute(
        update(keys).where(keys.c.id == key, keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return bool(done.rowcount)
