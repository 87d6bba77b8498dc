"""Going through the watches: with each snapshot, and with the clock alone. What is found is told where it is committed.

What happened to watches is worked out beside the register that answers, and written in the transaction of the snapshot
that caused it. Where the clock caused it, the round itself is what is committed: each is told once, by whichever
process comes first.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.alerts.looking import Looked, Register
from trivet.alerts.tables import rounds
from trivet.alerts.telling import Round, tell_of_sources, tell_of_watches
from trivet.alerts.watches import live_watches
from trivet.database import reading, writing_alone
from trivet.london import day_of
from trivet.register import quarantine, store
from trivet.register.current import CurrentRegister
from trivet.register.index import Index, Snapshot
from trivet.register.merge import merge
from trivet.register.publishing import Draft

_ONLY = 1


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What was worked out from one round for the next.

    `register` None: nothing that a watch rests on can have moved, so that none was looked at.
    """

    before: int
    round: Round
    register: Register | None
    looked: Sequence[Looked] = ()
    as_of: Mapping[str, datetime] = {}


class Rounds:
    """Goes through the watches, and tells what it finds."""

    def __init__(
        self, engine: AsyncEngine, name_key: bytes, current: CurrentRegister | None = None
    ) -> None:
        """Take the database, the key under which people are hashed, and the register that answers if it is there."""
        self._engine, self._name_key = engine, name_key
        self._current = current or CurrentRegister(engine, name_key)

    async def foresee(self, draft: Draft, now: datetime) -> Foreseen:
        """Work out what publishing a draft at an instant (UTC) would tell."""
        async with reading(self._engine) as connection:
            last = await _last_round(connection, draft.today)
            erased = await store.erased_subjects(connection)
        if not draft.fresher:
            return Foreseen(before=last.number, round=_next(last), register=None)
        sources = draft.sources.values()
        coming = replace(
            _next(last),
            day=max(draft.today, last.day),
            erasures=len(erased),
            stale=frozenset(s.source for s in sources if s.is_stale(now)),
        )
        as_of = {s.source: s.as_of for s in sources}
        if draft.outcome != "updated" and not _moved(last, coming):
            return Foreseen(before=last.number, round=coming, register=None, as_of=as_of)
        snapshot = Snapshot("", draft.digest, now)
        index = await asyncio.to_thread(
            lambda: Index(snapshot, merge(sources), self._name_key, erased)
        )
        register = Register(index, last.day, coming.day, now)
        looked = await self._look(register)
        return Foreseen(
            before=last.number, round=coming, register=register, looked=looked, as_of=as_of
        )

    async def _look(self, register: Register) -> Sequence[Looked]:
        async with reading(self._engine) as connection:
            watches = await live_watches(connection)
        return await asyncio.to_thread(register.look, watches)

    async def foresaw(self, connection: AsyncConnection, foreseen: Foreseen) -> bool:
        """Say whether no other round was made since."""
        number = await connection.scalar(select(rounds.c.number)) or 0
        return number == foreseen.before

    async def tell(
        self,
        connection: AsyncConnection,
        foreseen: Foreseen,
        published: store.Published | None,
        now: datetime,
    ) -> None:
        """Write what was found, by which snapshot if by one, at an instant (UTC)."""
        last = await _last_round(connection, foreseen.round.day)
        coming = replace(
            foreseen.round,
            snapshot=published.number if published else foreseen.round.snapshot,
            quarantined=await _quarantined(connection),
        )
        snapshot = published.id if published else None
        await tell_of_sources(connection, last, coming, foreseen.as_of, snapshot, now)
        if foreseen.register:
            await tell_of_watches(connection, foreseen.looked, foreseen.register, snapshot, now)
        await _keep_round(connection, coming)

    async def go_round(self, now: datetime) -> bool:
        """Go through the watches at an instant (UTC) if the clock alone can have moved one; say whether it was done."""
        today = day_of(now)
        async with reading(self._engine) as connection:
            newest = await store.newest(connection)
            if newest is None:
                return False
            last = await _last_round(connection, today)
            doubted = await _quarantined(connection)
            stale = await store.stale_sources(connection, newest.published.number, now)
            as_of = await store.load_as_of(connection, newest.published.number)
        coming = replace(
            _next(last),
            day=max(today, last.day),
            snapshot=newest.published.number,
            erasures=newest.erasures,
            stale=stale,
        )
        moved = _moved(last, coming) or last.snapshot != coming.snapshot
        if not moved and doubted == last.quarantined:
            return False
        register: Register | None = None
        looked: Sequence[Looked] = ()
        if moved:
            await self._current.refresh()
            index = self._current.index
            if index is None or index.snapshot.number != newest.published.number:
                return False
            register = Register(index, last.day, coming.day, now)
            looked = await self._look(register)
        foreseen = Foreseen(
            before=last.number, round=coming, register=register, looked=looked, as_of=as_of
        )
        async with writing_alone(self._engine) as connection:
            same = await store.newest(connection) == newest
            if not same or not await self.foresaw(connection, foreseen):
                return False
            await self.tell(connection, foreseen, None, now)
        return True


async def _last_round(connection: AsyncConnection, today: date) -> Round:
    """Return how far the watches were looked through; before the first round nothing is known, from today on."""
    row = (await connection.execute(select(rounds))).mappings().first()
    if row is None:
        return Round(number=0, day=today, snapshot=None, erasures=0)
    return Round(
        number=row["number"],
        day=row["day"],
        snapshot=row["snapshot"],
        erasures=row["erasures"],
        stale=frozenset(row["stale"]),
        quarantined=frozenset(row["quarantined"]),
    )


async def _quarantined(connection: AsyncConnection) -> frozenset[str]:
    """Return the sources of which a document waits for the operator."""
    return frozenset(held.source for held in await quarantine.held(connection))


def _next(last: Round) -> Round:
    return replace(last, number=last.number + 1)


def _moved(last: Round, coming: Round) -> bool:
    """Say whether a watch may stand elsewhere although nothing was published that says so."""
    return (last.day, last.stale, last.erasures) != (coming.day, coming.stale, coming.erasures)


async def _keep_round(connection: AsyncConnection, done: Round) -> None:
    row = {
        "number": done.number,
        "day": done.day,
        "snapshot": done.snapshot,
        "erasures": done.erasures,
        "stale": sorted(done.stale),
        "quarantined": sorted(done.quarantined),
    }
    kept = await connection.execute(update(rounds).values(row))
    if not kept.rowcount:
        await connection.execute(insert(rounds), {"id": _ONLY, **row})
