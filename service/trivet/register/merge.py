"""Several sources become one register: who said what, who is believed, and where they contradict (R10, R21)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from trivet.register.durations import Duration
from trivet.register.identifiers import Identifier, Scheme, comparable_id
from trivet.register.periods import Standing, standing
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Coverage,
    CoverageByKind,
    Kind,
    Programme,
    Provider,
    Record,
    VouchedBy,
)

R_co = TypeVar("R_co", bound=Record, covariant=True)

_BEST_FIRST = tuple(VouchedBy)


class Statement(msgspec.Struct, frozen=True):
    """What one source says of one record: its last form there, and since when it says no more.

    `first_seen` and `absent_since` are London days. `family_name_hash` is a trainer's, keyed.
    """

    record: Record
    first_seen: date
    absent_since: date | None = None
    family_name_hash: str | None = None


Statements = Mapping[Kind, Mapping[str, Statement]]
"""Statements by kind and comparable id."""


class SourceState(msgspec.Struct, frozen=True):
    """A source as one snapshot holds it. `as_of` is UTC; `max_age` is how old it may grow."""

    source: str
    publisher: str
    vouched_by: VouchedBy
    as_of: datetime
    max_age: timedelta
    term: Duration | None
    coverage: CoverageByKind
    statements: Statements


class Said(msgspec.Struct, frozen=True):
    """Who stands behind a field of a merged record, and whether equally vouched sources differ on it."""

    vouched_by: VouchedBy
    sources: frozenset[str]
    contradicted: bool = False


class Entry(msgspec.Struct, Generic[R_co], frozen=True):
    """A record of the merged register with what the mirror knows about it."""

    record: R_co
    first_seen: date
    said: Mapping[str, Said]
    delisted_on: date | None = None
    term: Duration | None = None
    family_name_hash: str | None = None

    @property
    def key(self) -> str:
        """The comparable id of the record."""
        return comparable_id(self.record.register)


def standing_of(
    entry: Entry[Provider] | Entry[Programme] | Entry[Authorisation] | Entry[Affiliation], on: date
) -> Standing:
    """Return where a record with a timeline stands on a day; only a provider's open certificate has a term (R11)."""
    return standing(entry.record.periods, on, entry.first_seen, entry.term)


def is_delisted(entry: Entry[R_co], on: date) -> bool:
    """Say whether the record had been found missing from a complete source by that day (R21)."""
    return entry.delisted_on is not None and entry.delisted_on <= on


class Merged(msgspec.Struct, frozen=True):
    """One register made of several sources."""

    sources: tuple[SourceState, ...]
    coverage: CoverageByKind
    entries: Mapping[Kind, Mapping[str, Entry[Record]]]


def merge(states: Iterable[SourceState]) -> Merged:
    """Merge sources: records are the same by register id or, for providers, by declared identifiers.

    The better vouched source wins each field; among equals the first by name is shown and the field is marked
    contradicted if they differ.
    """
    ordered = tuple(sorted(states, key=lambda s: (_BEST_FIRST.index(s.vouched_by), s.source)))
    aliases = _aliases(ordered)
    spoken: dict[Kind, dict[str, list[tuple[SourceState, Statement]]]] = {k: {} for k in Kind}
    for state in ordered:
        for kind, statements in state.statements.items():
            for key, statement in statements.items():
                known_as = aliases.get((state.source, key), key) if kind is Kind.PROVIDERS else key
                renamed = _under_known_names(statement, state.source, aliases)
                spoken[kind].setdefault(known_as, []).append((state, renamed))
    shared: dict[str, Mapping[str, Said]] = {}
    entries = {
        kind: {key: _entry(kind, said, shared) for key, said in by_key.items()}
        for kind, by_key in spoken.items()
    }
    return Merged(sources=ordered, coverage=_coverage(ordered), entries=entries)


def _entry(
    kind: Kind,
    spoken: Sequence[tuple[SourceState, Statement]],
    shared: dict[str, Mapping[str, Said]],
) -> Entry[Record]:
    state, statement = spoken[0]
    if len(spoken) == 1:
        if state.source not in shared:
            shared[state.source] = _AllFields(Said(state.vouched_by, frozenset((state.source,))))
        record, said = statement.record, shared[state.source]
    else:
        record, said = _fields(spoken)
    said_periods = said["periods"].sources if kind is Kind.PROVIDERS else frozenset[str]()
    hashes = (s.family_name_hash for _, s in spoken if s.family_name_hash)
    return Entry(
        record=record,
        first_seen=min(s.first_seen for _, s in spoken),
        said=said,
        delisted_on=_delisted_on(spoken),
        term=next((s.term for s, _ in spoken if s.source in said_periods), None),
        family_name_hash=next(hashes, None),
    )


class _AllFields(dict[str, Said]):
    """Every field said by one source: shared by all its records."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def __missing__(self, field: str) -> Said:
        return self._said


def _fields(spoken: Sequence[tuple[SourceState, Statement]]) -> tuple[Record, Mapping[str, Said]]:
    """Choose each field from the best vouched source that states it."""
    first = spoken[0][1].record
    chosen: dict[str, object] = {}
    said: dict[str, Said] = {}
    for field in first.__struct_fields__:
        values = [
            (state, getattr(s.record, field)) for state, s in spoken if s.absent_since is None
        ]
        values = values or [(state, getattr(s.record, field)) for state, s in spoken]
        stated = [(state, value) for state, value in values if value not in (None, ())] or values[
            :1
        ]
        best = [(st, value) for st, value in stated if st.vouched_by is stated[0][0].vouched_by]
        agreeing = frozenset(st.source for st, value in best if value == best[0][1])
        chosen[field] = best[0][1]
        said[field] = Said(best[0][0].vouched_by, agreeing, len(agreeing) < len(best))
    chosen["register"] = first.register
    if "identifiers" in chosen:
        chosen["identifiers"] = _identifiers(spoken)
        said["identifiers"] = Said(spoken[0][0].vouched_by, frozenset((spoken[0][0].source,)))
    return msgspec.structs.replace(first, **chosen), said


def _identifiers(spoken: Sequence[tuple[SourceState, Statement]]) -> tuple[Identifier, ...]:
    """Take the identifiers of each scheme from the first source that states the scheme."""
    stated: dict[Scheme, tuple[Identifier, ...]] = {}
    for _, statement in spoken:
        if isinstance(statement.record, Provider):
            declared = statement.record.identifiers
            for scheme in {i.scheme for i in declared} - stated.keys():
                stated[scheme] = tuple(i for i in declared if i.scheme is scheme)
    return tuple(i for scheme in Scheme for i in stated.get(scheme, ()))


def _delisted_on(spoken: Sequence[tuple[SourceState, Statement]]) -> date | None:
    """Return the day on which the last of the best vouched sources was found to list the record no more."""
    best = [s for state, s in spoken if state.vouched_by is spoken[0][0].vouched_by]
    days = [s.absent_since for s in best if s.absent_since is not None]
    return max(days) if len(days) == len(best) else None


def _coverage(states: Sequence[SourceState]) -> CoverageByKind:
    order = tuple(Coverage)
    best = {
        kind.value: min(
            (s.coverage.of(kind) for s in states), key=order.index, default=Coverage.NONE
        )
        for kind in Kind
    }
    return CoverageByKind(**best)


Aliases = Mapping[tuple[str, str], str]
"""(source, comparable id there) → comparable id in the merged register."""


def _aliases(ordered: Sequence[SourceState]) -> Aliases:
    """Find providers that sources list under different ids but with identifiers that agree."""
    aliases: dict[tuple[str, str], str] = {}
    known: dict[str, Provider] = {}
    for state in ordered:
        listed = dict(_providers(state))
        for key, provider in listed.items():
            if key not in known:
                same = [k for k, p in known.items() if k not in listed and _same(p, provider)]
                if len(same) == 1:
                    aliases[state.source, key] = same[0]
        known.update(
            {k: p for k, p in listed.items() if k not in known and (state.source, k) not in aliases}
        )
    return aliases


def _providers(state: SourceState) -> Iterator[tuple[str, Provider]]:
    for key, statement in state.statements.get(Kind.PROVIDERS, {}).items():
        if isinstance(statement.record, Provider):
            yield key, statement.record


def _same(one: Provider, other: Provider) -> bool:
    mine, theirs = borne_by_provider(one), borne_by_provider(other)
    in_common = [scheme for scheme in mine if scheme in theirs and scheme is not Scheme.REGISTER]
    return bool(in_common) and all(mine[scheme] & theirs[scheme] for scheme in in_common)


def borne_by_provider(provider: Provider) -> dict[Scheme, frozenset[str]]:
    """Return the comparable identifiers that a provider bears, names left out, by scheme."""
    own = [Identifier(Scheme.REGISTER, provider.register)]
    if provider.certificate:
        own.append(Identifier(Scheme.CERTIFICATE, provider.certificate))
    return by_scheme([*own, *provider.identifiers])


def by_scheme(identifiers: Iterable[Identifier]) -> dict[Scheme, frozenset[str]]:
    """Group identifiers by scheme, each in its comparable form."""
    grouped: dict[Scheme, set[str]] = {}
    for scheme, value in (identifier.comparable for identifier in identifiers):
        grouped.setdefault(scheme, set()).add(value)
    return {scheme: frozenset(values) for scheme, values in grouped.items()}


def _under_known_names(statement: Statement, source: str, aliases: Aliases) -> Statement:
    """Point a record's provider at the id under which the merged register knows it."""
    record = statement.record
    if not isinstance(record, (Programme, Authorisation, Affiliation)):
        return statement
    known_as = aliases.get((source, comparable_id(record.provider)))
    if known_as is None:
        return statement
    return msgspec.structs.replace(
        statement, record=msgspec.structs.replace(record, provider=known_as)
    )
