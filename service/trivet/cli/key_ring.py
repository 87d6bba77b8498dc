"""Commands that make, list and revoke API keys, and say what their accounts accept."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access import store
from trivet.access.keys import Scope, Secret
from trivet.cli import CouldNot
from trivet.cli.opened import in_transaction
from trivet.london import day_of
from trivet.settings import load_settings
from trivet.verification.budget import Spending, spending_on


def create(account: str, scopes: str, purpose: str, *, test: bool) -> None:
    """Make a key and print it, once."""
    settings = load_settings()
    name, granted = account.strip(), _scopes(scopes)
    if not name or len(name) > 200:
        raise CouldNot("--account: give a name of 1 to 200 characters")
    secret, pepper = Secret.new(test=test), settings.key_pepper

    async def add(connection: AsyncConnection) -> None:
        await store.add_key(
            connection,
            secret,
            pepper,
            account=name,
            scopes=granted,
            purpose=purpose,
            now=datetime.now(UTC),
        )

    in_transaction(add)
    print(secret)


def list_keys() -> None:
    """List the keys, never their secrets, and what is left today of the budget of unknown trainers."""
    per_day = load_settings().unknown_trainers_per_day
    names = ("id", "account", "kind", "scopes", "purpose", "made", "revoked", "today")
    table = Table(*names, box=None)

    async def listed(
        connection: AsyncConnection,
    ) -> tuple[Sequence[store.KeyListed], Mapping[str, Spending]]:
        today = day_of(datetime.now(UTC))
        return await store.list_keys(connection), await spending_on(connection, today)

    keys, spending = in_transaction(listed)
    for key in keys:
        revoked = key.revoked_at.strftime("%Y-%m-%d %H:%M") if key.revoked_at else ""
        kind, made = "test" if key.test else "live", key.created_at.strftime("%Y-%m-%d %H:%M")
        spent = "" if key.test else _spent(spending.get(key.id, Spending()), per_day)
        scopes = ",".join(key.scopes)
        table.add_row(key.id, key.account, kind, scopes, key.purpose, made, revoked, spent)
    console = Console(markup=False, highlight=False)
    # Ids are there to be copied: a narrow or absent terminal must not cut them.
    console.width = max(console.width, 200)
    console.print(table)


def _spent(spending: Spending, per_day: int) -> str:
    limit = spending.limit(per_day)
    return f"unknown trainers {spending.unknown} of {limit}, {spending.refused} refused"


def revoke(key: str) -> None:
    """Revoke a key."""
    if Secret.parse(key):  # not repeated: what is printed may be kept
        raise CouldNot("that is a whole key: give its id alone, as `trivet keys list` shows it")

    async def end(connection: AsyncConnection) -> bool:
        return await store.revoke_key(connection, key, datetime.now(UTC))

    if not in_transaction(end):
        raise CouldNot(f"there is no key {key!a} that is not revoked yet: see `trivet keys list`")
    print(f"Key {key} is revoked.")


def list_accounts() -> None:
    """List the accounts and whether a provider's own word is enough for them."""
    table = Table("account", "made", "a provider's own word", box=None)
    for account in in_transaction(store.list_accounts):
        word = "accepted" if account.accepts_declared else "not enough"
        table.add_row(account.name, account.created_at.strftime("%Y-%m-%d %H:%M"), word)
    console = Console(markup=False, highlight=False)
    console.width = max(console.width, 160)
    console.print(table)


def set_declared(account: str, *, accepted: bool) -> None:
    """Set whether a provider's own word is enough for an account (R10)."""

    async def set_it(connection: AsyncConnection) -> bool:
        return await store.set_accepts_declared(connection, account.strip(), accepts=accepted)

    if not in_transaction(set_it):
        raise CouldNot(f"there is no account {account!a}: see `trivet accounts list`")
    if accepted:
        print(
            f"{account}: a provider's own word is enough from now on, and every answer that rests on it says so."
        )
    else:
        print(f"{account}: what rests on a provider's own word alone can't be confirmed.")


def _scopes(text: str) -> list[Scope]:
    known = {scope.value: scope for scope in Scope}
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise CouldNot(f"--scopes: {text!a} is not a list of {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names)]
