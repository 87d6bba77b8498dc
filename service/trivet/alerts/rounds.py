"""Going through the watches: with each snapshot, and with the clock alone. What is found is told where it is committed.

What happened to watches is worked out beside the register that answers, and written in the transaction of the snapshot
that caused it. Where the clock caused it, the round itself is what is committed: each is told once, by whichever
process comes first.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.alerts import journal
from trivet.alerts.events import Affected, EventData, EventSource, EventType, Group, grouped
from trivet.alerts.movements import VERIFICATION_CHANGED, Happening, State, Turn, run
from trivet.alerts.standing import Standing, Stands, stand
from trivet.alerts.tables import endpoints, rounds
from trivet.alerts.watches import (
    Watch,
    live_ids,
    live_watches,
    remember,
    watches_of,
    watching_accounts,
)
from trivet.database import reading, writing_alone
from trivet.london import day_of
from trivet.register import quarantine, store
from trivet.register.current import CurrentRegister
from trivet.register.index import Index, Snapshot
from trivet.register.merge import merge
from trivet.register.publishing import Draft

_ONLY = 1
_STALE = "register_stale"
_NOT_BELIEVED = (
    "A reading was not believed: it differs too much from what was known. The operator decides."
)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """How far the watches were looked through: up to which London day, by which snapshot, and how the sources were."""

    number: int
    day: date
    snapshot: int | None
    erasures: int
    stale: frozenset[str] = frozenset()
    # By source, the digests of the documents that wait for the operator.
    quarantined: Mapping[str, frozenset[str]] = {}


class Looked(msgspec.Struct, frozen=True):
    """A watch that was looked at: what is to be remembered of it now, and what happened to it."""

    watch: Watch
    state: State
    affected: tuple[Affected, ...]


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What was worked out from one round for the next.

    `register` None: nothing that a watch rests on can have moved, so that none was looked at.
    """

    before: int
    round: Round
    register: "Register | None"
    looked: Sequence[Looked] = ()
    as_of: Mapping[str, datetime] = {}


class Register(msgspec.Struct, frozen=True):
    """The register that watches are looked at by, as of a London day and an instant (UTC).

    `since` is the day up to which they were looked at before.
    """

    index: Index
    since: date
    today: date
    now: datetime

    def look(self, watches: Iterable[Watch]) -> list[Looked]:
        """Look at watches: what happened to each since it was looked at last."""
        return [self._look(watch) for watch in watches]

    def _look(self, watch: Watch) -> Looked:
        state, happened = run(
            watch.watched,
            watch.state,
            self.since,
            self.today,
            lambda day, before: stand(
                watch.watched,
                self.index,
                day,
                self.now,
                accepts_declared=watch.accepts_declared,
                before=before,
            ),
        )
        return Looked(watch, state, tuple(self._affected(watch, one) for one in happened))

    def _affected(self, watch: Watch, happening: Happening) -> Affected:
        corrects = None
        if happening.type == VERIFICATION_CHANGED:
            corrects = self._undone(watch, happening)
        return Affected(
            watch=watch.id,
            account=watch.account,
            watched=watch.watched,
            person=watch.person,
            happening=happening,
            corrects=corrects,
        )

    def _undone(self, watch: Watch, happening: Happening) -> str | None:
        """Return the event of the verdict's last turn if by what is known now it never turned."""
        turn = watch.state.turn
        if turn is None or turn.stale or happening.verdicts[1] is not turn.before:
            return None
        known_now = self.standing(watch, turn.on)
        return turn.event if known_now.verdict is turn.before else None

    def standing(self, watch: Watch, day: date) -> Standing:
        """Return where a watch stands as of a day by what is known now."""
        return stand(
            watch.watched,
            self.index,
            day,
            self.now,
            accepts_declared=watch.accepts_declared,
            before=watch.state.standing,
        )


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
            watches = await live_watches(connection) if draft.fresher else ()
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
        looked = await asyncio.to_thread(register.look, watches)
        return Foreseen(
            before=last.number, round=coming, register=register, looked=looked, as_of=as_of
        )

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
        held = await quarantine.held(connection)
        waiting = {
            source: frozenset(one.digest for one in held if one.source == source)
            for source in {one.source for one in held}
        }
        coming = replace(
            foreseen.round,
            snapshot=published.number if published else foreseen.round.snapshot,
            quarantined=waiting,
        )
        snapshot = published.id if published else None
        await _tell_of_sources(connection, last, coming, foreseen.as_of, snapshot, now)
        if foreseen.register:
            await _tell_of_watches(connection, foreseen, foreseen.register, snapshot, now)
        await _keep_round(connection, coming)

    async def go_round(self, now: datetime) -> bool:
        """Go through the watches at an instant (UTC) if the clock alone can have moved one; say whether it was done."""
        today = day_of(now)
        async with reading(self._engine) as connection:
            newest = await store.newest(connection)
            if newest is None:
                return False
            last = await _last_round(connection, today)
            held = await quarantine.held(connection)
            stale = await store.stale_sources(connection, newest.published.number, now)
            watches = await live_watches(connection)
            as_of = await store.load_as_of(connection, newest.published.number)
        coming = replace(
            _next(last),
            day=max(today, last.day),
            snapshot=newest.published.number,
            erasures=newest.erasures,
            stale=stale,
        )
        moved = _moved(last, coming) or last.snapshot != coming.snapshot
        if not moved and {(h.source, h.digest) for h in held} == _documents(last):
            return False
        register, looked = None, []
        if moved:
            await self._current.refresh()
            index = self._current.index
            if index is None or index.snapshot.number != newest.published.number:
                return False
            register = Register(index, last.day, coming.day, now)
            looked = await asyncio.to_thread(register.look, watches)
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
        quarantined={s: frozenset(digests) for s, digests in row["quarantined"].items()},
    )


def _next(last: Round) -> Round:
    return replace(last, number=last.number + 1)


def _moved(last: Round, coming: Round) -> bool:
    """Say whether a watch may stand elsewhere although nothing was published that says so."""
    return (last.day, last.stale, last.erasures) != (coming.day, coming.stale, coming.erasures)


def _documents(round_: Round) -> set[tuple[str, str]]:
    return {(source, digest) for source, ds in round_.quarantined.items() for digest in ds}


async def _keep_round(connection: AsyncConnection, done: Round) -> None:
    row = {
        "number": done.number,
        "day": done.day,
        "snapshot": done.snapshot,
        "erasures": done.erasures,
        "stale": sorted(done.stale),
        "quarantined": {s: sorted(digests) for s, digests in done.quarantined.items()},
    }
    kept = await connection.execute(update(rounds).values(row))
    if not kept.rowcount:
        await connection.execute(insert(rounds), {"id": _ONLY, **row})


async def _tell_of_sources(
    connection: AsyncConnection,
    last: Round,
    coming: Round,
    as_of: Mapping[str, datetime],
    snapshot: str | None,
    now: datetime,
) -> None:
    """Tell everybody who relies on the register when it can't be trusted, and when it can again."""
    stale, fresh = coming.stale - last.stale, last.stale - coming.stale
    doubted = {source for source, _ in _documents(coming) - _documents(last)}
    believed = last.quarantined.keys() - coming.quarantined.keys() - coming.stale
    told = [
        (EventType.REGISTER_QUARANTINED, doubted, "{} was read and not believed.", _NOT_BELIEVED),
        (
            EventType.REGISTER_STALE,
            stale,
            "{} has not been confirmed for too long: what rests on it can't be confirmed.",
            "It is older than it may be.",
        ),
        (EventType.REGISTER_RECOVERED, fresh | believed, "{} can be relied on again.", None),
    ]
    for kind, sources, text, why in told:
        if not sources:
            continue
        data = EventData(
            text=text.format(", ".join(sorted(sources))),
            sources=[EventSource(source=s, as_of=as_of.get(s), why=why) for s in sorted(sources)],
            snapshot=snapshot,
        )
        for account in await _relying(connection):
            await journal.add_notice(connection, account, kind, data, now)


async def _relying(connection: AsyncConnection) -> Sequence[str]:
    """Return the accounts that watch anything or have events sent to them."""
    having = await connection.scalars(
        select(endpoints.c.account)
        .where(endpoints.c.deleted_at.is_(None), endpoints.c.test.is_(False))
        .distinct()
    )
    return sorted({*having, *await watching_accounts(connection)})


async def _tell_of_watches(
    connection: AsyncConnection,
    foreseen: Foreseen,
    register: Register,
    snapshot: str | None,
    now: datetime,
) -> None:
    live = await live_ids(connection)
    looked = {one.watch.id: one for one in foreseen.looked if one.watch.id in live}
    for one in register.look(await watches_of(connection, live - looked.keys())):
        looked[one.watch.id] = one
    states = {identity: one.state for identity, one in looked.items()}
    watches = {identity: one.watch for identity, one in looked.items()}
    for group in grouped(affected for one in looked.values() for affected in one.affected):
        corrects = await _corrected(connection, group, watches, register)
        event = await journal.add_event(connection, group, corrects, snapshot, now)
        if group.happening.type == VERIFICATION_CHANGED:
            turn = _turn(event, group.happening)
            for member in group.affected:
                states[member.watch] = replace(states[member.watch], turn=turn)
    moved = {i: s for i, s in states.items() if not s.is_as(watches[i].state)}
    await remember(connection, moved)


def _turn(event: str, happening: Happening) -> Turn:
    stale = any(reason.code == _STALE for reason in happening.reasons)
    return Turn(event, happening.effective_on, happening.verdicts[0], stale)


async def _corrected(
    connection: AsyncConnection,
    group: Group,
    watches: Mapping[str, Watch],
    register: Register,
) -> str | None:
    """Return the event that a record's move undoes: by what is known now, it never was as that event told."""
    last, happening = await journal.last_move(connection, group), group.happening
    if last is None or happening.leg is None:
        return None
    if happening.before is happening.after is Stands.IN_FORCE:
        return last.id if str(happening.leg.ends) == last.before else None
    if happening.after is None or happening.after.value != last.before:
        return None
    watch = watches[group.affected[0].watch]
    known_now = register.standing(watch, last.effective_on).leg(happening.leg.subject)
    return last.id if known_now and known_now.stands.value == last.before else None
