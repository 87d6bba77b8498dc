"""The mirrored register over HTTP: what it is made of, and its providers. Nothing lists trainers."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.database import reading
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.problems import Problem
from trivet.london import day_of
from trivet.register import store
from trivet.register.identifiers import Identifier, Scheme, comparable_id, comparable_name
from trivet.register.index import Index
from trivet.register.merge import Entry, is_delisted, standing_of
from trivet.register.periods import Period
from trivet.register.records import (
    CoverageByKind,
    Kind,
    Programme,
    Provider,
    ProviderKind,
    VouchedBy,
)

_KEY = re.compile(r"[a-z0-9._~-]{1,80}")
"""The id of a record as ids are compared, which a cursor stands for."""


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
    """A source, what it covers, and how fresh it is."""

    source: str
    as_of: datetime
    stale: bool
    max_age_seconds: int
    vouched_by: VouchedBy
    coverage: CoverageByKind
    last_sync: LastSync | None


class RegisterStatus(_Sent, frozen=True):
    """The snapshot that answers now."""

    snapshot: str
    digest: str
    published_at: datetime
    as_of: datetime
    stale: bool
    coverage: CoverageByKind
    counts: dict[str, int]
    sources: list[SourceStatus]


class StandingAnswer(_Sent, frozen=True):
    """Where a record stands on the day asked about. Only `in_force` is good; `delisted` can't be confirmed."""

    state: str
    begins: date | None
    ends: date | None
    derived: bool


class ProviderListed(_Sent, frozen=True):
    """A provider as the register has it, and where its certification stands."""

    register: str
    name: str
    trading_names: list[str]
    kind: ProviderKind | None
    identifiers: list[Identifier]
    certificate: str | None
    body: str
    standards_edition: str | None
    settings: list[str] | None
    nations: list[str] | None
    periods: list[Period]
    standing: StandingAnswer


class ProgrammeListed(_Sent, frozen=True):
    """A programme as the register has it, and where its approval stands."""

    register: str
    title: str
    settings: list[str] | None
    populations: list[str] | None
    nations: list[str] | None
    modules: list[str] | None
    restrictive: bool | None
    periods: list[Period]
    standing: StandingAnswer


class ProviderWithProgrammes(ProviderListed, frozen=True):
    """A provider with its programmes."""

    on: date
    programmes: list[ProgrammeListed]


class ProviderPage(_Sent, frozen=True):
    """One page of providers, by register id."""

    items: list[ProviderListed]
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
    return register_status(index, last, now)


def register_status(index: Index, last: dict[str, store.Fetch], now: datetime) -> RegisterStatus:
    """Describe a snapshot with its sources' last readings as of an instant (UTC)."""
    sources = [
        SourceStatus(
            source=name,
            as_of=s.as_of,
            stale=now - s.as_of > s.max_age,
            max_age_seconds=int(s.max_age.total_seconds()),
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
        as_of=min(s.as_of for s in sources),
        stale=any(s.stale for s in sources),
        coverage=CoverageByKind(**{kind.value: index.coverage(kind) for kind in Kind}),
        counts=index.counts,
        sources=sources,
    )


def _last_sync(fetch: store.Fetch | None) -> LastSync | None:
    if fetch is None:
        return None
    rejected = len(fetch.rejected or ())
    return LastSync(at=fetch.finished_at, outcome=fetch.outcome, rejected=rejected)


@get(
    "/v1/providers",
    operation_id="listProviders",
    tags=["register"],
    summary="Find providers",
    sync_to_thread=False,
)
def list_providers(
    index: NamedDependency[Index],
    now: NamedDependency[datetime],
    looked_for: Annotated[
        str | None,
        QueryParameter(
            name="query",
            max_length=300,
            description="Part of a name, or a whole identifier or certificate number.",
        ),
    ] = None,
    on: Annotated[
        date | None, QueryParameter(description="A Europe/London day; today by default.")
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> ProviderPage:
    """Return the providers on the register, by register id. Being listed is not being certified: see `standing`."""
    after, day = from_cursor(cursor, _KEY) or "", on or day_of(now)
    found = sorted(key for key in _matching(index, looked_for) if key > after)
    items = [_provider(index.providers[key], day) for key in found[:limit]]
    return ProviderPage(
        items=items, next_cursor=to_cursor(found[limit - 1]) if len(found) > limit else None
    )


@get(
    "/v1/providers/{register:str}",
    operation_id="getProvider",
    tags=["register"],
    summary="One provider and its programmes",
    sync_to_thread=False,
)
def get_provider(
    register: FromPath[str],
    index: NamedDependency[Index],
    now: NamedDependency[datetime],
    on: Annotated[
        date | None, QueryParameter(description="A Europe/London day; today by default.")
    ] = None,
) -> ProviderWithProgrammes:
    """Return a provider with its programmes, and where each stands on a day."""
    entry = index.providers.get(comparable_id(register))
    if entry is None:
        raise Problem(404, "not_found", "The register lists no provider of that id.")
    day = on or day_of(now)
    listed = msgspec.structs.asdict(_provider(entry, day))
    programmes = sorted(index.programmes_of(entry), key=lambda p: p.key)
    return ProviderWithProgrammes(
        **listed, on=day, programmes=[_programme(p, day) for p in programmes]
    )


def _matching(index: Index, looked_for: str | None) -> Iterable[str]:
    if looked_for is None:
        return index.providers
    part, whole = comparable_name(looked_for), looked_for.strip().casefold()
    return (
        key
        for key, entry in index.providers.items()
        if (part and any(part in name for name in index.known_by[key].said.names))
        or _bears(entry.record, whole)
    )


def _bears(provider: Provider, whole: str) -> bool:
    own = [Identifier(Scheme.REGISTER, provider.register), *provider.identifiers]
    if provider.certificate:
        own.append(Identifier(Scheme.CERTIFICATE, provider.certificate))
    return any(identifier.value.strip().casefold() == whole for identifier in own)


def _provider(entry: Entry[Provider], on: date) -> ProviderListed:
    record = entry.record
    return ProviderListed(
        register=record.register,
        name=record.name,
        trading_names=list(record.trading_names),
        kind=record.kind,
        identifiers=list(record.identifiers),
        certificate=record.certificate,
        body=record.body,
        standards_edition=record.standards_edition,
        settings=_listed(record.settings),
        nations=_listed(record.nations),
        periods=list(record.periods),
        standing=_standing(entry, on),
    )


def _programme(entry: Entry[Programme], on: date) -> ProgrammeListed:
    record = entry.record
    return ProgrammeListed(
        register=record.register,
        title=record.title,
        settings=_listed(record.settings),
        populations=_listed(record.populations),
        nations=_listed(record.nations),
        modules=_listed(record.modules),
        restrictive=record.restrictive,
        periods=list(record.periods),
        standing=_standing(entry, on),
    )


def _standing(entry: Entry[Provider] | Entry[Programme], on: date) -> StandingAnswer:
    stands = standing_of(entry, on)
    state = "delisted" if is_delisted(entry, on) else stands.state.value
    return StandingAnswer(
        state=state, begins=stands.begins, ends=stands.ends, derived=stands.derived
    )


def _listed(words: Sequence[str] | None) -> list[str] | None:
    return None if words is None else list(words)
