"""Endpoints and events to tell them of, written as a snapshot writes them: with their deliveries, all at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.alerts.events import Affected, EventType, Group
from trivet.alerts.journal import add_event, new_delivery
from trivet.alerts.movements import Happening
from trivet.alerts.sealing import Sealing, new_webhook_secret
from trivet.alerts.standing import Leg, Stands, Subject
from trivet.alerts.tables import deliveries, endpoint_secrets, endpoints, events
from trivet.alerts.watched import Watched, WatchKind
from trivet.database import writing_alone
from trivet.ids import new_id
from trivet.register.identifiers import Identifier, Scheme
from trivet.verification.reasons import Verdict

DAY = date(2026, 11, 27)


class Told(NamedTuple):
    """An endpoint, which is its account's only one, and by lane the ids of what it is told, in order."""

    id: str
    secret: str
    account: str
    lanes: dict[int, list[str]]


async def make_endpoints(
    engine: AsyncEngine, sealing: Sealing, urls: Sequence[Callable[[str], str]]
) -> list[Told]:
    """Keep endpoints, each of an account of its own; a function for each returns its URL, given the endpoint's id."""
    now = datetime.now(UTC)
    made = [Told(new_id("whe"), new_webhook_secret(), new_id("account"), {}) for _ in urls]
    rows = [
        {
            "id": told.id,
            "account": told.account,
            "key": "a key",
            "test": False,
            "url": url(told.id),
            "description": None,
            "types": None,
            "version": "1",
            "created_at": now,
            "failures": 0,
        }
        for told, url in zip(made, urls, strict=True)
    ]
    secrets = [
        {"endpoint": told.id, "sealed": sealing.seal(told.secret), "created_at": now}
        for told in made
    ]
    async with writing_alone(engine) as connection:
        await connection.execute(insert(endpoints), rows)
        await connection.execute(insert(endpoint_secrets), secrets)
    return made


async def tell(engine: AsyncEngine, told: Sequence[Told], *, lanes: int, each: int) -> datetime:
    """Have each endpoint told of so many providers, so often each; return when that was committed (UTC)."""
    async with writing_alone(engine) as connection:
        now = datetime.now(UTC)
        for _ in range(each):
            for endpoint in told:
                for n in range(lanes):
                    group = Group(endpoint.account, (_affected(endpoint.account, f"p-{n}"),))
                    event = await add_event(connection, group, None, None, now)
                    endpoint.lanes.setdefault(n, []).append(event)
    return datetime.now(UTC)


def _affected(account: str, provider: str) -> Affected:
    leg = Leg(subject=Subject.PROVIDER, register=provider, name="Heron (fictional)")
    happening = Happening(
        type=EventType.CERTIFICATION_SUSPENDED,
        day=DAY,
        effective_on=DAY,
        provider=provider,
        leg=leg,
        before=Stands.IN_FORCE,
        after=Stands.SUSPENDED,
        verdicts=(Verdict.PASS, Verdict.FAIL),
    )
    identifier = Identifier(Scheme.REGISTER, provider)
    return Affected(
        watch=new_id("wat"),
        account=account,
        watched=Watched(kind=WatchKind.PROVIDER, provider=identifier, reference="PO-1234"),
        person=None,
        happening=happening,
    )


async def pile_up(engine: AsyncEngine, told: Sequence[Told], *, lanes: int, each: int) -> None:
    """Have endpoints told of as much as `tell` would, without the contents: many rows, soon written."""
    async with writing_alone(engine) as connection:
        now = datetime.now(UTC)
        first = (await connection.scalar(select(func.max(events.c.number))) or 0) + 1
        pairs = [(one, lane) for _ in range(each) for one in told for lane in range(lanes)]
        rows = [
            {
                "number": number,
                "id": new_id("evt"),
                "account": one.account,
                "type": EventType.REGISTER_RECOVERED.value,
                "at": now,
                "lane": f"provider p-{lane}",
                "watch_count": 0,
                "data": '{"text": "It is fresh again."}',
            }
            for number, (one, lane) in enumerate(pairs, first)
        ]
        await connection.execute(insert(events), rows)
        if connection.dialect.name != "sqlite":
            await connection.execute(
                text("SELECT setval(pg_get_serial_sequence('events', 'number'), :n)"),
                {"n": first + len(rows)},
            )
        for (one, lane), row in zip(pairs, rows, strict=True):
            one.lanes.setdefault(lane, []).append(str(row["id"]))
        sent = [
            new_delivery(one.id, number, f"provider p-{lane}", now)
            for number, (one, lane) in enumerate(pairs, first)
        ]
        await connection.execute(insert(deliveries), sent)
