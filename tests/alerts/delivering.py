"""A sender whose clock is played: it sends what is due, and goes on to the next instant at which something will be."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tests.alerts.life import Life
from tests.alerts.unreliable import Customer
from trivet.alerts.deliveries import DeliveryState
from trivet.alerts.sending import Sender
from trivet.alerts.tables import deliveries, endpoints
from trivet.database import reading

FAR = timedelta(days=30)


class Delivering:
    """Sends for a life until there is nothing left, or until an instant; an endpoint that is gone is had back."""

    def __init__(self, life: Life, sender: Sender, customer: Customer) -> None:
        self._life, self._sender, self._customer = life, sender, customer
        self.endpoints: dict[str, str] = {}
        self.disabled: list[str] = []

    async def until(self, instant: datetime) -> None:
        """Send whatever is due before an instant, each at its time."""
        while True:
            self._customer.clock.set(self._life.service.clock())
            await self._all_that_is_due()
            coming = await self._next()
            if coming is None or coming >= instant:
                break
            self._life.service.clock.now = max(coming, self._life.service.clock())
        self._customer.clock.set(instant)

    async def to_the_end(self) -> None:
        """Send all that is left."""
        await self.until(self._life.now + FAR)

    async def _all_that_is_due(self) -> None:
        while await self._sender.turn() or await self._under_way():  # noqa: ASYNC110 - a task of the sender's
            await asyncio.sleep(0.002)
        for account, endpoint in self.endpoints.items():
            await self._have_back(account, endpoint)

    async def _under_way(self) -> int:
        query = select(func.count()).where(deliveries.c.claimed_by.is_not(None))
        async with reading(self._life.service.engine) as connection:
            return await connection.scalar(query) or 0

    async def _next(self) -> datetime | None:
        """Return when something is due next at an endpoint that is not left alone then."""
        query = (
            select(deliveries, endpoints.c.not_before)
            .join_from(deliveries, endpoints)
            .where(deliveries.c.state == DeliveryState.PENDING, endpoints.c.disabled_at.is_(None))
            .order_by(deliveries.c.event)
        )
        first: dict[tuple[str, str], datetime] = {}
        async with reading(self._life.service.engine) as connection:
            for row in await connection.execute(query):
                due = max(row.due_at, row.not_before or row.due_at)
                first.setdefault((row.endpoint, row.lane), due)
        return min(first.values(), default=None)

    async def _have_back(self, account: str, endpoint: str) -> None:
        """Enable an endpoint that was disabled and recover what it missed, as its account would."""
        life = self._life
        path, key = f"/v1/webhook-endpoints/{endpoint}", life.keys[account]
        if (await life.service.get(path, key)).json()["enabled"]:
            return
        self.disabled.append(account)
        assert (await life.service.post(f"{path}/enable", {}, key)).status_code == 200
        since = {"since": (life.now - timedelta(days=80)).isoformat()}
        assert (await life.service.post(f"{path}/recover", since, key)).status_code == 202
        await self._all_that_is_due()
