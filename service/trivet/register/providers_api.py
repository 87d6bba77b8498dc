"""The mirrored register's providers over HTTP, as they are known now or were at an instant. Nothing lists trainers."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from trivet.database import reading_what_is_settled
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.instants import past_instant
from trivet.http.problems import Problem
from trivet.london import day_of
from trivet.register.bearing import KnownBy
from trivet.register.current import AskedOf
from trivet.register.identifiers import Identifier, comparable, comparable_id, comparable_name
from trivet.register.index import Index
from trivet.register.merge import Entry, Timed, as_judged, is_delisted, is_over, standing_of
from trivet.register.periods import Period, Standing
from trivet.register.records import Programme, Provider, ProviderKind

_KEY = re.compile(r"[a-z0-9._~-]{1,80}")
"""The id of a record as ids are compared, which a cursor stands for."""
_ON = "A Europe/London day; by default that of `knownAt`, or today."
_KNOWN_AT = "What the mirror knew at this instant: with an offset, never to come; by default now."


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes of this page have in common."""


class StandingAnswer(_Sent, frozen=True):
    """Where a record stands on the day asked about. Only `in_force` is good.

    `delisted` and `confirmation_over` can't be confirmed: nobody says so of that day any more.
    """

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
    "/v1/providers",
    operation_id="listProviders",
    tags=["register"],
    summary="Find providers",
)
async def list_providers(
    index: NamedDependency[Index],
    read_of: NamedDependency[AskedOf],
    now: NamedDependency[datetime],
    state: State,
    *,
    looked_for: Annotated[
        str | None,
        QueryParameter(
            name="query",
            max_length=300,
            description="Part of a name, or a whole identifier or certificate number.",
        ),
    ] = None,
    on: Annotated[date | None, QueryParameter(description=_ON)] = None,
    known_at: Annotated[
        str | None,
        QueryParameter(name="knownAt", description=_KNOWN_AT, schema_extra={"format": "date-time"}),
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> ProviderPage:
    """Return the providers on the register, by register id. Being listed is not being certified: see `standing`."""
    after = from_cursor(cursor, _KEY) or ""
    if known_at is not None:
        index, now = await _known(read_of, state, known_at, now)
    day = on or day_of(now)
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
)
async def get_provider(
    register: FromPath[str],
    index: NamedDependency[Index],
    read_of: NamedDependency[AskedOf],
    now: NamedDependency[datetime],
    state: State,
    on: Annotated[date | None, QueryParameter(description=_ON)] = None,
    known_at: Annotated[
        str | None,
        QueryParameter(name="knownAt", description=_KNOWN_AT, schema_extra={"format": "date-time"}),
    ] = None,
) -> ProviderWithProgrammes:
    """Return a provider with its programmes, and where each stands on a day."""
    if known_at is not None:
        index, now = await _known(read_of, state, known_at, now)
    entry = index.providers.get(comparable_id(register))
    if entry is None:
        raise Problem(404, "not_found", "The register lists no provider of that id.")
    day = on or day_of(now)
    listed = msgspec.structs.asdict(_provider(entry, day))
    programmes = sorted(index.programmes_of(entry), key=lambda p: p.key)
    return ProviderWithProgrammes(
        **listed, on=day, programmes=[_programme(p, day) for p in programmes]
    )


async def _known(
    read_of: AskedOf, state: State, given: str, now: datetime
) -> tuple[Index, datetime]:
    """Return the register as it was known at an instant, and the instant; a Problem of 404 for one before it all.

    That no register was known then is not the same as a register without providers.
    """
    asked = past_instant(given, now, "knownAt")
    async with reading_what_is_settled(state.engine) as connection:
        known = await read_of.known(connection, asked, now)
    if known is None or known.index is None:
        detail = f"Nothing had been mirrored by {asked.isoformat()}: ask for a later knownAt."
        raise Problem(404, "known_at_before_first_snapshot", detail)
    return known.index, known.at


def _matching(index: Index, looked_for: str | None) -> Iterable[str]:
    """Return the providers that any of their equally vouched sources knows by a part of a name, or an identifier."""
    if looked_for is None:
        return index.providers
    part = comparable_name(looked_for)
    return (
        key
        for key, known in index.known_by.items()
        if (part and any(part in name for name in known.said.names)) or _bears(known, looked_for)
    )


def _bears(known: KnownBy, whole: str) -> bool:
    return any(
        comparable(scheme, whole) in values for scheme, values in known.said.identifiers.items()
    )


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


def _standing(entry: Timed, on: date) -> StandingAnswer:
    entry = as_judged(entry, on)
    stands = standing_of(entry, on)
    return StandingAnswer(
        state=_state(entry, stands, on),
        begins=stands.begins,
        ends=stands.ends,
        derived=stands.derived,
    )


def _state(entry: Timed, stands: Standing, on: date) -> str:
    if is_over(entry, on):
        return "confirmation_over"
    return "delisted" if is_delisted(entry, on) else stands.state.value


def _listed(words: Sequence[str] | None) -> list[str] | None:
    return None if words is None else list(words)
