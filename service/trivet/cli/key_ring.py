"""Commands that make, list and revoke API keys, and say what their accounts accept."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access import acts, store
from trivet.access.acts import Act
from trivet.access.keys import Scope, Secret
from trivet.cli import CouldNot
from trivet.cli.opened import in_transaction
from trivet.london import day_of, end_of
from trivet.register.durations import Duration
from trivet.settings import load_settings
from trivet.verification.budget import Spending, spending_on

_LONGEST_OVERLAP = timedelta(days=90)


def create(account: str, scopes: str, purpose: str, until: date | None, *, test: bool) -> None:
    """Make a key and print it, once; `until` is the last London day on which it opens anything."""
    pepper, now = load_settings().key_pepper, datetime.now(UTC)
    name, granted = account.strip(), _scopes(scopes)
    if not name or len(name) > 200:
        raise CouldNot("--account: give a name of 1 to 200 characters")
    if until and until < day_of(now):
        raise CouldNot(f"--until: {until} is over")
    ends = end_of(until) if until else None
    grant = store.Grant(account=name, scopes=granted, purpose=purpose, expires_at=ends)
    secret = Secret.new(test=test)

    async def add(connection: AsyncConnection) -> None:
        await store.add_key(connection, secret, pepper, grant, now)
        detail = f"for {name}: {','.join(granted)}" + (f", until {until}" if until else "")
        await acts.note(connection, Act.KEY_CREATED, secret.id, detail, now)

    in_transaction(add)
    print(secret)


def rotate(key: str, overlap: str) -> None:
    """Make a key that takes another's place, and print it, once; both open the same until the overlap is over."""
    known, pepper, now = _id_of(key), load_settings().key_pepper, datetime.now(UTC)
    until = now + _overlap(overlap)

    async def replaced(connection: AsyncConnection) -> Secret:
        listed = {each.id: each for each in await store.list_keys(connection)}
        secret = Secret.new(test=known in listed and listed[known].test)
        done = await store.replace_key(connection, known, secret, pepper, until=until, now=now)
        if not done:
            raise CouldNot(
                f"there is no key {known!a} that holds and was not rotated yet: see `trivet keys list`"
            )
        detail = f"replaced by {secret.id}, and ends {until:%Y-%m-%d %H:%M} UTC at the latest"
        await acts.note(connection, Act.KEY_ROTATED, known, detail, now)
        return secret

    print(in_transaction(replaced))


def list_keys() -> None:
    """List the keys, never their secrets, and what is left today of the budget of unknown trainers."""
    per_day = load_settings().unknown_trainers_per_day
    names = ("id", "account", "kind", "scopes", "purpose", "made", "ends", "last used", "today")
    table = Table(*names, box=None)

    async def listed(
        connection: AsyncConnection,
    ) -> tuple[Sequence[store.KeyListed], Mapping[str, Spending]]:
        today = day_of(datetime.now(UTC))
        return await store.list_keys(connection), await spending_on(connection, today)

    keys, spending = in_transaction(listed)
    for key in keys:
        kind = "test" if key.test else "live"
        made, used = _minute(key.created_at), _minute(key.last_used_at)
        ends = f"revoked {_minute(key.revoked_at)}" if key.revoked_at else _minute(key.expires_at)
        spent = "" if key.test else _spent(spending.get(key.id, Spending()), per_day)
        scopes = ",".join(key.scopes)
        table.add_row(key.id, key.account, kind, scopes, key.purpose, made, ends, used, spent)
    console = Console(markup=False, highlight=False)
    # Ids are there to be copied: a narrow or absent terminal must not cut them.
    console.width = max(console.width, 200)
    console.print(table)


def _minute(instant: datetime | None) -> str:
    return instant.strftime("%Y-%m-%d %H:%M") if instant else ""


def _spent(spending: Spending, per_day: int) -> str:
    limit = spending.limit(per_day)
    return f"unknown trainers {spending.unknown} of {limit}, {spending.refused} refused"


def revoke(key: str) -> None:
    """Revoke a key."""
    known, now = _id_of(key), datetime.now(UTC)

    async def end(connection: AsyncConnection) -> bool:
        done = await store.revoke_key(connection, known, now)
        if done:
            await acts.note(connection, Act.KEY_REVOKED, known, "", now)
        return done

    if not in_transaction(end):
        raise CouldNot(f"there is no key {key!a} that is not revoked yet: see `trivet keys list`")
    print(f"Key {key} is revoked.")


def _id_of(key: str) -> str:
    if Secret.parse(key):  # not repeated: what is printed may be kept
        raise CouldNot("that is a whole key: give its id alone, as `trivet keys list` shows it")
    return key


def _overlap(text: str) -> timedelta:
    try:
        overlap = Duration.parse(text).as_timedelta()
    except (ValueError, OverflowError):
        raise CouldNot(f"--overlap: {text!a} is not an ISO 8601 duration such as P7D") from None
    if overlap > _LONGEST_OVERLAP:
        raise CouldNot(f"--overlap: {text} is longer than P{_LONGEST_OVERLAP.days}D")
    return overlap


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
    name, act = account.strip(), Act.DECLARED_ACCEPTED if accepted else Act.DECLARED_REFUSED

    async def set_it(connection: AsyncConnection) -> bool:
        done = await store.set_accepts_declared(connection, name, accepts=accepted)
        if done:
            await acts.note(connection, act, name, "", datetime.now(UTC))
        return done

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
