"""The register that answers now: the newest snapshot's index, swapped whole when another is published."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.database import reading
from trivet.register import store
from trivet.register.index import Index, Snapshot
from trivet.register.merge import merge


class CurrentRegister:
    """Holds the index that questions are asked of. Other processes' snapshots are found by `refresh`."""

    def __init__(self, engine: AsyncEngine, name_key: bytes) -> None:
        """Take the database to read snapshots from; nothing is read until `refresh`."""
        self._engine = engine
        self._name_key = name_key
        self._number = 0
        self.index: Index | None = None

    async def refresh(self) -> bool:
        """Swap in the newest snapshot if it is newer than the one that answers; say whether it was."""
        async with reading(self._engine) as connection:
            latest = await store.latest_snapshot(connection)
            if latest is None or latest.number == self._number:
                return False
            stated = await store.load_snapshot(connection, latest.number)
        snapshot = Snapshot(latest.id, latest.digest, latest.published_at)
        # Built beside the one that answers, off the event loop: requests go on meanwhile.
        self.index = await asyncio.to_thread(_index, snapshot, stated, self._name_key)
        self._number = latest.number
        return True


def _index(snapshot: Snapshot, stated: store.Stated, name_key: bytes) -> Index:
    return Index(snapshot, merge(stated.sources.values()), name_key)
