"""The state of the mirror over HTTP: what answers now, and where its sources contradict each other. No trainers."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.database import reading
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.register import store
from trivet.register.contradictions import Contradiction, contradictions
from trivet.register.identifiers import comparable_id
from trivet.register.index import Index
from trivet.register.quarantine import Held, held
from trivet.register.records import CoverageByKind, Kind, VouchedBy

_KINDS = tuple(Kind)
_PLACE = re.compile(rf"({'|'.join(Kind)})/([a-z0-9._~-]{{1,80}})/([A-Za-z]+)")
"""A record and its field, which a cursor of the list of contradictions stands for."""


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes of this page have in common."""


class LastSync(_Sent, frozen=True):
    """How the last reading of a source went: `updated`, `unchanged`, `quarantined` or `failed`.

    Of the rows that were rejected only how many: which ones the operator sees, for they can be trainers'.
    """

    at: datetime
    outcome: str
    rejected: int


class SourceStatus(_Sent, frozen=True):
    """A source, what it covers, and how fresh it is.

    `maxAgeSeconds` null: it never grows stale as a whole, for each of its records says how long it is good.
    """

    source: str
    as_of: datetime
    stale: bool
    max_age_seconds: int | None
    vouched_by: VouchedBy
    coverage: CoverageByKind
    last_sync: LastSync | None


class HeldReading(_Sent, frozen=True):
    """A document that tripped a guard of its source's profile, and waits for the operator to believe it or not.

    It changes nothing: the last good reading answers. `since` is when it was first read, `as_of` when its publisher
    stood by it.
    """

    reading: str
    source: str
    since: datetime
    as_of: datetime
    why: str


class RegisterStatus(_Sent, frozen=True):
    """The snapshot that answers now.

    `contradictions` are how many records of each kind there are on which equally vouched sources contradict each other;
    `quarantine` holds what was read and not believed.
    """

    snapshot: str
    digest: str
    published_at: datetime
    as_of: datetime
    stale: bool
    coverage: CoverageByKind
    counts: dict[str, int]
    contradictions: dict[str, int]
    sources: list[SourceStatus]
    quarantine: list[HeldReading]


class ContradictionPage(_Sent, frozen=True):
    """One page of contradictions, by kind, register id and field."""

    items: list[Contradiction]
    next_cursor: str | None


@get(
    "/v1/register",
    operation_id="getRegister",
    tags=["register"],
    summary="What answers now",
)
async def get_register(
    index: NamedDependency[Index], now: NamedDependency[datetime], state: State
) -> RegisterStatus:
    """Return the snapshot that answers now, its sources, how fresh they are and how their last reading went."""
    engine: AsyncEngine = state.engine
    async with reading(engine) as connection:
        last = {fetch.source: fetch for fetch in await store.last_fetch_of(connection)}
        # The sandbox, whose snapshot is not stored, reads nothing and holds nothing back.
        waiting = await held(connection) if index.snapshot.number else ()
    return register_status(index, last, waiting, now)


def register_status(
    index: Index, last: Mapping[str, store.Fetch], waiting: Iterable[Held], now: datetime
) -> RegisterStatus:
    """Describe a snapshot with its sources' last readings, and what waits in quarantine, as of an instant (UTC)."""
    sources = [
        SourceStatus(
            source=name,
            as_of=s.as_of,
            stale=s.is_stale(now),
            max_age_seconds=None if s.max_age is None else int(s.max_age.total_seconds()),
            vouched_by=s.vouched_by,
            coverage=s.coverage,
            last_sync=_last_sync(last.get(name)),
        )
        for name, s in sorted(index.sources.items())
    ]
    return RegisterStatus(
        snapshot=index.snapshot.id,
        digest=index.snapshot.digest,
        published_at=index.snapshot.published_at,
        as_of=index.as_of,
        stale=any(s.stale for s in sources),
        coverage=CoverageByKind(**{kind.value: index.coverage(kind) for kind in Kind}),
        counts=index.counts,
        contradictions={kind.value: len(found) for kind, found in index.contradicted.items()},
        sources=sources,
        quarantine=[
            HeldReading(reading=h.id, source=h.source, since=h.since, as_of=h.as_of, why=h.why)
            for h in waiting
        ],
    )


def _last_sync(fetch: store.Fetch | None) -> LastSync | None:
    if fetch is None:
        return None
    rejected = len(fetch.rejected or ())
    return LastSync(at=fetch.finished_at, outcome=fetch.outcome, rejected=rejected)


@get(
    "/v1/register/contradictions",
    operation_id="listContradictions",
    tags=["register"],
    summary="Where sources contradict each other",
    sync_to_thread=False,
)
def list_contradictions(
    index: NamedDependency[Index],
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> ContradictionPage:
    """Return where equally vouched sources contradict each other: what rests on it can't be confirmed.

    Those on trainers' records are counted in the state of the register, and not listed.
    """
    last = from_cursor(cursor, _PLACE)
    after = _order(*last.split("/")) if last else ()
    found = [told for told in contradictions(index.contradicted) if _order(*_place(told)) > after]
    return ContradictionPage(
        items=found[:limit],
        next_cursor=to_cursor("/".join(_place(found[limit - 1]))) if len(found) > limit else None,
    )


def _place(told: Contradiction) -> tuple[str, str, str]:
    return told.kind.value, comparable_id(told.register), told.field


def _order(kind: str, key: str, field: str) -> tuple[int, str, str]:
    return _KINDS.index(Kind(kind)), key, field
