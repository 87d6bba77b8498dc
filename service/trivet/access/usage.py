"""When each key was last used: noted in memory as it asks, and written down now and then.

A note that is lost with its process is no loss: it says to the minute whether a key is still in use.
"""

import asyncio
import logging
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.store import keys
from trivet.database import writing
from trivet.waiting import ended_within

SECONDS_BETWEEN_NOTES = 30.0

_log = logging.getLogger(__name__)


class Usage:
    """The instants (UTC) at which keys were used since they were written down last."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the database to write them to."""
        self._engine = engine
        self._used: dict[str, datetime] = {}

    def note(self, key: str, now: datetime) -> None:
        """Note that a key is used at an instant (UTC)."""
        self._used[key] = now

    async def write(self) -> None:
        """Write down what was noted; a later instant that another process wrote stays."""
        used, self._used = self._used, {}
        if not used:
            return
        async with writing(self._engine) as connection:
            for key, at in sorted(used.items()):
                earlier = or_(keys.c.last_used_at.is_(None), keys.c.last_used_at < at)
                await connection.execute(
                    update(keys).where(keys.c.id == key, earlier).values(last_used_at=at)
                )

    async def write_until(self, ended: asyncio.Event) -> None:
        """Write down what is noted again and again, and once more at the end."""
        while not await ended_within(ended, SECONDS_BETWEEN_NOTES):
            await self._try_to_write()
        await self._try_to_write()

    async def _try_to_write(self) -> None:
        try:
            await self.write()
        except Exception:  # noqa: BLE001 - the next one comes soon, and nobody's answer waits for it
            _log.exception("could not write down when keys were used; trying again")
