"""The register that answers: the newest snapshot's index, swapped whole, and older ones as they are asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Set
from datetime import datetime
from typing import Protocol, runtime_checkable

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import reading
from trivet.register import store
from trivet.register.index import Index, Known, Snapshot
from trivet.register.merge import merge

MOST_RECORDS_KEPT = 200_000
"""How many records of older snapshots are kept in memory at most, all together."""


@runtime_checkable
class AskedOf(Protocol):
    """A register that questions are asked of: the mirrored one, or the sandbox."""

    async def known(
        self, connection: AsyncConnection, asked: datetime | None, now: datetime
    ) -> Known | None:
        """Return what was known at the instant asked for, or is now; None if there is nothing at all."""


class CurrentRegister:
    """Holds the index that questions are asked of. Other processes' snapshots and erasures are found by `refresh`."""

    def __init__(self, engine: AsyncEngine, name_key: bytes) -> None:
        """Take the database to read snapshots from; nothing is read until `refresh`."""
        self._engine = engine
        self._name_key = name_key
        self._older: OrderedDict[int, Index] = OrderedDict()
        self.index: Index | None = None

    async def refresh(self) -> bool:
        """Swap in the newest snapshot if it is newer than the one that answers; say whether it was.

        Where somebody was erased meanwhile, every index held is dropped: they all knew the person.
        """
        async with reading(self._engine) as connection:
            newest = await store.newest(connection)
            if newest is None or _is_current(self.index, newest):
                return False
            loaded = await self._load(connection, newest.published)
        self._take(loaded)
        return True

    async def known(
        self, connection: AsyncConnection, asked: datetime | None, now: datetime
    ) -> Known | None:
        """Return what was known at the instant asked for, or is now; None if nothing was ever published.

        Within a transaction that writes nothing can be published meanwhile: the same instant finds the same snapshot
        for ever after. Instants are UTC.
        """
        newest = await store.newest(connection)
        if newest is None:
            return None
        if not _is_current(self.index, newest):
            self._take(await self._load(connection, newest.published))
        if asked is None:
            # A clock that was set back must not make us forget what we published.
            latest = newest.published
            index = await self._index(connection, latest, newest.erasures)
            return Known(index, max(now, latest.published_at))
        published = await store.snapshot_at(connection, asked)
        if published is None:
            return Known(None, asked)
        return Known(await self._index(connection, published, newest.erasures), asked)

    async def _index(
        self, connection: AsyncConnection, published: store.Published, erasures: int
    ) -> Index:
        if self.index and published.number == self.index.snapshot.number:
            return self.index
        older = self._older.get(published.number)
        if older is None or len(older.erased) < erasures:
            self._older[published.number] = await self._load(connection, published)
        self._older.move_to_end(published.number)
        self._forget()
        return self._older[published.number]

    async def _load(self, connection: AsyncConnection, published: store.Published) -> Index:
        erased = await store.erased_subjects(connection)
        held = self.index
        if held and held.snapshot.digest == published.digest and len(held.erased) == len(erased):
            as_of = await store.load_as_of(connection, published.number)
            return held.stood_by(_snapshot(published), as_of)
        stated = await store.load_snapshot(connection, published.number)
        # Built beside the one that answers, off the event loop: requests go on meanwhile.
        return await asyncio.to_thread(_index, published, stated, self._name_key, erased)

    def _take(self, loaded: Index) -> None:
        """Answer from an index, unless one that knows more was taken up while this one was being built."""
        held = self.index
        if held is not None and _age(held) >= _age(loaded):
            return
        if held is not None and len(held.erased) != len(loaded.erased):
            self._older.clear()
        self.index = loaded

    def _forget(self) -> None:
        """Drop the snapshots not asked for the longest, down to the bound; the last one asked for stays."""
        kept = sum(index.size for index in self._older.values())
        while kept > MOST_RECORDS_KEPT and len(self._older) > 1:
            kept -= self._older.popitem(last=False)[1].size


def _index(
    published: store.Published, stated: store.Stated, name_key: bytes, erased: Set[str]
) -> Index:
    return Index(_snapshot(published), merge(stated.sources.values()), name_key, erased)


def _snapshot(published: store.Published) -> Snapshot:
    return Snapshot(published.id, published.digest, published.published_at, published.number)


def _age(index: Index) -> tuple[int, int]:
    return index.snapshot.number, len(index.erased)


def _is_current(index: Index | None, newest: store.Newest) -> bool:
    """Say whether an index knows of the newest snapshot and of everybody who was erased."""
    return index is not None and _age(index) >= (newest.published.number, newest.erasures)
