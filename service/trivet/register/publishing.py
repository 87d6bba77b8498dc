"""What a source states from now on becomes a snapshot: worked out beside the register that answers, committed whole."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import reading, writing_alone
from trivet.ids import new_id
from trivet.london import day_of
from trivet.register import store
from trivet.register.changes import (
    Change,
    Fresh,
    applied,
    register_changes,
    register_digest,
    statement_digest,
)
from trivet.register.guards import Trip
from trivet.register.identifiers import comparable_id
from trivet.register.merge import Merged, SourceState, Statement, Statements, merge
from trivet.register.people import person_hash
from trivet.register.records import Authorisation, Kind

Clock = Callable[[], datetime]
Restate = Callable[[Statements, date], Iterable[tuple[Kind, str, Statement]]]
"""Returns a source's fresh statements, given those it made before and the London day."""
Guard = Callable[[Statements, date], Sequence[Trip]]
"""Returns why what is to be stated can't be believed, given the same two."""


def _unguarded(_before: Statements, _today: date) -> Sequence[Trip]:
    return ()


class Stating(msgspec.Struct, frozen=True, kw_only=True):
    """What a source is to state. The statements of `terms` are not looked at: `restate` makes them.

    `erasures` is how many hashes of erased people there were when they were kept out of it.
    """

    terms: SourceState
    restate: Restate
    erasures: int
    guard: Guard = _unguarded


Prepare = Callable[[], Awaitable[Stating]]
"""Returns what a source is to state, without the people who were erased until now."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing would come to, worked out from the snapshot `latest` on the London day `today`.

    `outcome` is `quarantined` if a guard tripped, `updated` if anything that the source says is new, else `unchanged`.
    `fresher`: the publisher stood by it later than the snapshot has it, or anything is new.
    """

    latest: store.Published | None
    today: date
    outcome: str
    trips: Sequence[Trip] = ()
    fresher: bool = False
    sources: Mapping[str, SourceState] = {}
    rows: Sequence[store.Row] = ()
    digest: str = ""
    changes: Sequence[store.ChangeRow] = ()

    @property
    def why(self) -> str | None:
        """Why it was quarantined, in words."""
        return "; ".join(trip.sentence for trip in self.trips) or None


Log = Callable[[AsyncConnection, Draft, datetime], Awaitable[store.Fetch]]
"""Logs where the statements come from, and what became of them, at an instant (UTC)."""


class Herald(Protocol):
    """Tells whoever watches the register what a snapshot changes, in the transaction that commits it."""

    async def foresee(self, draft: Draft, now: datetime) -> Any:
        """Work out, beside the register that answers, what publishing a draft at an instant (UTC) would tell."""

    async def foresaw(self, connection: AsyncConnection, foreseen: Any) -> bool:
        """Say, in the transaction that publishes, whether what was worked out still holds."""

    async def tell(
        self,
        connection: AsyncConnection,
        foreseen: Any,
        published: store.Published | None,
        now: datetime,
    ) -> None:
        """Write what is to be told; `published` None: the reading was logged, and changed nothing."""


class Publication(msgspec.Struct, frozen=True):
    """What was logged, which snapshot answers now, and what it changed."""

    fetch: store.Fetch
    snapshot: store.Published | None
    changes: Sequence[Change] = ()


async def publish(
    engine: AsyncEngine,
    prepare: Prepare,
    log: Log,
    name_key: bytes,
    clock: Clock,
    *,
    herald: Herald,
) -> Publication:
    """Publish what a source states, unless a guard trips or nothing is new in it; log it in the same transaction.

    The same transaction holds what the herald tells. All of it is worked out before the writer's turn is taken, so that
    questions are answered meanwhile; where another snapshot was published in between, somebody was erased or a London
    day ended, it is worked out anew.
    """
    while True:
        stating = await prepare()
        async with reading(engine) as connection:
            latest = await store.latest_snapshot(connection)
            stated = await store.load_snapshot(connection, latest.number) if latest else _NOTHING
        today = day_of(clock())
        draft = await asyncio.to_thread(_draft, latest, stated, stating, today, name_key)
        foreseen = await herald.foresee(draft, clock())
        async with writing_alone(engine) as connection:
            at = clock()
            newest = await store.latest_snapshot(connection)
            erasures = len(await store.erased_subjects(connection))
            same = (newest, erasures, day_of(at)) == (draft.latest, stating.erasures, draft.today)
            if same and await herald.foresaw(connection, foreseen):
                now = await _instant(connection, newest, at)
                fetch = await log(connection, draft, now)
                done = await _published(connection, draft, fetch, now)
                fresh = done.snapshot if draft.fresher else None
                await herald.tell(connection, foreseen, fresh, now)
                return done


async def _instant(
    connection: AsyncConnection, latest: store.Published | None, now: datetime
) -> datetime:
    """Return the instant (UTC) of a snapshot: after every one that was answered for, whoever's clock is behind."""
    passed = await store.last_answered(connection)
    known = [latest.published_at] if latest else []
    return max([now, *(at + _TICK for at in (*known, *([passed] if passed else [])))])


_TICK = timedelta(microseconds=1)
_NOTHING = store.Stated({}, {})


def _draft(
    latest: store.Published | None,
    stated: store.Stated,
    stating: Stating,
    today: date,
    name_key: bytes,
) -> Draft:
    source = stating.terms.source
    before = stated.sources.get(source)
    known = before.statements if before else {}
    trips = tuple(stating.guard(known, today))
    if trips:
        return Draft(latest=latest, today=today, outcome="quarantined", trips=trips)
    fresh = [Fresh(source, *stated_anew) for stated_anew in stating.restate(known, today)]
    after = replace(
        stating.terms,
        statements=applied(known, ((f.kind, f.key, f.statement) for f in fresh)),
    )
    new = before is None or bool(fresh) or _terms(after) != _terms(before)
    sources = {**stated.sources, source: after}
    rows = [_row(f, name_key) for f in fresh]
    digests = dict(stated.digests) | {
        (r.fresh.source, r.fresh.kind, r.fresh.key): r.digest for r in rows
    }
    changed = _changes(stated, sources.values(), latest, today)
    return Draft(
        latest=latest,
        today=today,
        outcome="updated" if new else "unchanged",
        fresher=new or before is None or after.as_of != before.as_of,
        sources=sources,
        rows=rows,
        digest=register_digest(sources.values(), digests.values()),
        changes=[_change_row(change, sources, name_key) for change in changed],
    )


def _terms(state: SourceState) -> tuple[object, ...]:
    return state.publisher, state.vouched_by, state.max_age, state.term, state.coverage


async def _published(
    connection: AsyncConnection, draft: Draft, fetch: store.Fetch, now: datetime
) -> Publication:
    if not draft.fresher:
        return Publication(fetch, draft.latest)
    published = store.Published(
        number=draft.latest.number + 1 if draft.latest else 1,
        id=new_id("snp"),
        parent=draft.latest.id if draft.latest else None,
        digest=draft.digest,
        published_at=now,
    )
    await store.add_snapshot(connection, published, draft.sources.values(), fetch)
    await store.add_statements(connection, published.number, draft.rows)
    await store.add_changes(connection, published.number, draft.changes, now)
    return Publication(fetch, published, [row.change for row in draft.changes])


def _changes(
    stated: store.Stated,
    sources: Iterable[SourceState],
    latest: store.Published | None,
    today: date,
) -> list[Change]:
    before: Merged | None = merge(stated.sources.values()) if latest else None
    return list(register_changes(before, merge(sources), today))


def _row(fresh: Fresh, key: bytes) -> store.Row:
    record = fresh.statement.record
    if not isinstance(record, Authorisation):
        return store.Row(fresh, statement_digest(fresh, b""), b"", None)
    salt = secrets.token_bytes(16)
    return store.Row(fresh, statement_digest(fresh, salt), salt, person_hash(record.trainer, key))


def _change_row(change: Change, sources: Mapping[str, SourceState], key: bytes) -> store.ChangeRow:
    person = None
    if change.kind is Kind.AUTHORISATIONS:
        stated = (
            s.statements[change.kind].get(comparable_id(change.register)) for s in sources.values()
        )
        record = next(s.record for s in stated if s is not None)
        person = person_hash(record.trainer, key) if isinstance(record, Authorisation) else None
    return store.ChangeRow(change, person)
