"""Several sources become one register: who said what, who is believed, and where they contradict (R10, R21)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

import msgspec

from trivet.register.durations import Duration
from trivet.register.identifiers import (
    Identifier,
    Scheme,
    comparable,
    comparable_id,
    comparable_name,
)
from trivet.register.periods import Standing, State, standing
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Body,
    Coverage,
    CoverageByKind,
    Kind,
    Organisation,
    Programme,
    Provider,
    Record,
    VouchedBy,
)

T = TypeVar("T")
R_co = TypeVar("R_co", bound=Record, covariant=True)

_BEST_FIRST = tuple(VouchedBy)

NEVER = date.min
"""Since when a statement that was a mistake is absent: it counts for no day."""

Borne = Mapping[Scheme, frozenset[str]]
"""Comparable identifiers by scheme."""


class StoodBy(msgspec.Struct, frozen=True):
    """On which London day the certification body stood by a statement, and the last day for which its word is good."""

    on: date
    until: date


class Statement(msgspec.Struct, frozen=True):
    """What one source says of one record: its last form there, and since when it says no more.

    `first_seen` and `absent_since` are London days. `family_name_hash` is a trainer's, keyed. `stood_by` says how long
    it is good where it does not grow old with its source.
    """

    record: Record
    first_seen: date
    absent_since: date | None = None
    family_name_hash: str | None = None
    stood_by: StoodBy | None = None


Statements = Mapping[Kind, Mapping[str, Statement]]
"""Statements by kind and comparable id."""


class SourceState(msgspec.Struct, frozen=True):
    """A source as one snapshot holds it. `as_of` is UTC; `max_age` is how old it may grow.

    `max_age` None: it never grows old as a whole, for each of its statements says how long it is good.
    """

    source: str
    publisher: str
    vouched_by: VouchedBy
    as_of: datetime
    max_age: timedelta | None
    term: Duration | None
    coverage: CoverageByKind
    statements: Statements

    def is_stale(self, at: datetime) -> bool:
        """Say whether the source had grown older than it may by an instant (UTC)."""
        return self.max_age is not None and at - self.as_of > self.max_age


Spoken = Sequence[tuple[SourceState, Statement]]
"""What sources say of one record, the best vouched first, then by name."""


class Other(msgspec.Struct, frozen=True):
    """What a source says of a field instead of what is shown, against equally vouched sources that say that."""

    source: str
    value: Any
    against: frozenset[str]


class Said(msgspec.Struct, frozen=True):
    """Who stands behind a field of a merged record, and what equally vouched sources say of it instead."""

    vouched_by: VouchedBy
    sources: frozenset[str]
    others: tuple[Other, ...] = ()

    @property
    def contradicted(self) -> bool:
        """Whether equally vouched sources contradict each other on the field."""
        return bool(self.others)


class Entry(msgspec.Struct, Generic[R_co], frozen=True):
    """A record of the merged register with what the mirror knows about it."""

    record: R_co
    first_seen: date
    said: Mapping[str, Said]
    delisted_on: date | None = None
    term: Duration | None = None
    family_name_hash: str | None = None
    # Under which other sources list the same record.
    other_ids: frozenset[str] = frozenset()
    # By source, where what it says of this record does not grow old with it.
    stood_by: Mapping[str, StoodBy] = {}
    # The record by the body's own confirmation, where a register states it too; see `as_judged`.
    confirmed: "Entry[R_co] | None" = None

    @property
    def key(self) -> str:
        """The comparable id of the record."""
        return comparable_id(self.record.register)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The fields on which equally vouched sources contradict each other, in the order of the record's."""
        return tuple(field for field, said in self.said.items() if said.contradicted)

    def contradicted(self, *fields: str) -> bool:
        """Say whether equally vouched sources contradict each other on any of these fields."""
        return any(self.said[field].contradicted for field in fields)

    def stated(self, field: str) -> tuple[Any, ...]:
        """Return all that equally vouched sources state of a field; the first is what the record shows."""
        return (getattr(self.record, field), *(other.value for other in self.said[field].others))


Timed = Entry[Provider] | Entry[Programme] | Entry[Authorisation] | Entry[Affiliation]
"""A record with a timeline."""


def standing_of(entry: Timed, on: date) -> Standing:
    """Return where a record with a timeline stands on a day; only a provider's open certificate has a term (R11)."""
    return standing(entry.record.periods, on, entry.first_seen, entry.term)


def is_delisted(entry: Entry[R_co], on: date) -> bool:
    """Say whether the record had been found missing from a complete source by that day (R21)."""
    return entry.delisted_on is not None and entry.delisted_on <= on


_OPEN = frozenset({State.START_NOT_RECORDED, State.TERM_ELAPSED})
_SAID_OF_THE_DAY = frozenset({State.IN_FORCE, State.SUSPENDED, State.WITHDRAWN})


def as_judged(entry: Timed, on: date) -> Timed:
    """Return the record as it is to be judged on a day.

    Where the register leaves the day open (no start recorded, a term elapsed, delisted), what the body confirmed of it
    answers. The register's word on a day is never replaced.
    """
    confirmed = entry.confirmed
    if confirmed is None or not _left_open(entry, on) or is_delisted(confirmed, on):
        return entry
    return confirmed if standing_of(confirmed, on).state in _SAID_OF_THE_DAY else entry


def _left_open(entry: Timed, on: date) -> bool:
    state = standing_of(entry, on).state
    return state in _OPEN or (state is State.IN_FORCE and is_delisted(entry, on))


def is_over(entry: Timed, on: date) -> bool:
    """Say whether a record's timeline rests on nothing but a confirmation that is good no more on a day."""
    behind = entry.said["periods"].sources
    return all(s in entry.stood_by and entry.stood_by[s].until < on for s in behind)


class Merged(msgspec.Struct, frozen=True):
    """One register made of several sources."""

    sources: tuple[SourceState, ...]
    covered: Mapping[Kind, Mapping[str, Coverage]]
    entries: Mapping[Kind, Mapping[str, Entry[Record]]]

    def coverage(self, kind: Kind) -> Coverage:
        """Return how much of a kind the sources list between them."""
        return min(self.covered[kind].values(), key=tuple(Coverage).index, default=Coverage.NONE)


def merge(states: Iterable[SourceState]) -> Merged:
    """Merge sources: records are the same by register id or, for providers, by declared identifiers.

    The better vouched source wins each field; among equals the first by name is shown, and what those that differ
    say instead is kept beside it.
    """
    believed = map(_without_mistakes, states)
    ordered = tuple(sorted(believed, key=lambda s: (_BEST_FIRST.index(s.vouched_by), s.source)))
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
    return Merged(sources=ordered, covered=_covered(ordered), entries=entries)


def _without_mistakes(state: SourceState) -> SourceState:
    """Return a source without what it should never have said; a list that was read has nothing of the kind."""
    if state.max_age is not None:
        return state
    statements = {
        kind: {key: s for key, s in of_kind.items() if s.absent_since != NEVER}
        for kind, of_kind in state.statements.items()
    }
    return msgspec.structs.replace(state, statements=statements)


def _entry(
    kind: Kind,
    spoken: Spoken,
    shared: dict[str, Mapping[str, Said]],
) -> Entry[Record]:
    counting = _counting(spoken)
    state, statement = counting[0]
    if len(counting) == 1:
        if state.source not in shared:
            shared[state.source] = _AllFields(Said(state.vouched_by, frozenset((state.source,))))
        record, said = statement.record, shared[state.source]
    else:
        record, said = _fields(counting)
    # Known by the id of the best vouched source, even of one that lists the record no more.
    register = spoken[0][1].record.register
    if record.register != register:
        record = msgspec.structs.replace(record, register=register)
    said_periods = said["periods"].sources if kind is Kind.PROVIDERS else frozenset[str]()
    hashes = (s.family_name_hash for _, s in counting if s.family_name_hash)
    entry = Entry(
        record=record,
        first_seen=_first_seen(kind, spoken, said),
        said=said,
        delisted_on=_delisted_on(spoken),
        term=next((s.term for s, _ in counting if s.source in said_periods), None),
        family_name_hash=next(hashes, None),
        other_ids=frozenset(comparable_id(s.record.register) for _, s in spoken)
        - {comparable_id(register)},
        stood_by={state.source: s.stood_by for state, s in spoken if s.stood_by},
    )
    confirmed = _as_confirmed(entry, spoken)
    return msgspec.structs.replace(entry, confirmed=confirmed) if confirmed else entry


def _as_confirmed(entry: Entry[Record], spoken: Spoken) -> Entry[Record] | None:
    """Return the record with the timeline that the body confirmed, where it shows a register's.

    What was confirmed on or after the day on which the register was found to list the record no more overrides that.
    """
    for state, statement in spoken:
        record, gone = statement.record, entry.delisted_on
        if isinstance(record, Body) or not statement.stood_by or statement.absent_since:
            continue
        said = entry.said["periods"]
        if said.vouched_by is not VouchedBy.REGISTER or said.contradicted:
            continue
        return msgspec.structs.replace(
            entry,
            record=msgspec.structs.replace(entry.record, periods=record.periods),
            first_seen=statement.first_seen,
            said={**entry.said, "periods": Said(state.vouched_by, frozenset((state.source,)))},
            delisted_on=None if gone and statement.stood_by.on >= gone else gone,
            term=state.term if isinstance(record, Provider) else None,
        )
    return None


def _first_seen(kind: Kind, spoken: Spoken, said: Mapping[str, Said]) -> date:
    """Return the day from which a start not recorded counts: that of the sources whose periods are believed.

    Another source's earlier sight of the record says nothing about those periods. A body has two intervals, of
    different sources perhaps: the latest day is safe for both.
    """
    if kind is Kind.BODIES:
        return max(s.first_seen for _, s in spoken)
    behind = said["periods"].sources
    return min(s.first_seen for state, s in spoken if state.source in behind)


def _counting(spoken: Spoken) -> Spoken:
    """Leave out what a source lists no more, where one that is as well vouched or better still lists the record."""
    ranks = [_BEST_FIRST.index(state.vouched_by) for state, _ in spoken]
    listing = [rank for rank, (_, s) in zip(ranks, spoken, strict=True) if s.absent_since is None]
    best = min(listing, default=len(_BEST_FIRST))
    return [
        said
        for rank, said in zip(ranks, spoken, strict=True)
        if said[1].absent_since is None or rank < best
    ]


_IDENTIFYING = frozenset({"certificate", "trading_names"})
"""The fields of a provider that say who it is, beside its identifiers."""
_FAMILY_NAME = "family_name"


class _AllFields(dict[str, Said]):
    """Every field said by one source: shared by all its records."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._said = said

    def __missing__(self, field: str) -> Said:
        return self._said


def _fields(spoken: Spoken) -> tuple[Record, Mapping[str, Said]]:
    """Choose each field from the best vouched source that states it."""
    first = spoken[0][1].record
    chosen: dict[str, object] = {}
    said: dict[str, Said] = {}
    for field in first.__struct_fields__:
        said_of_it = [(state, _value(field, statement)) for state, statement in spoken]
        values = _not_only_declared(said_of_it) if field in _IDENTIFYING else said_of_it
        stated = [(state, value) for state, value in values if value not in (None, ())]
        chosen[field], said[field] = _chosen(field, stated or values[:1])
    chosen.pop(_FAMILY_NAME, None)
    if isinstance(first, Provider):
        identifying = _not_only_declared(spoken)
        chosen["identifiers"], said["identifiers"] = _identifiers(identifying)
    return msgspec.structs.replace(first, **chosen), said


def _value(field: str, statement: Statement) -> object:
    """Return what a statement says of a field; of a family name there is only the keyed hash, beside the record."""
    return statement.family_name_hash if field == _FAMILY_NAME else getattr(statement.record, field)


def _not_only_declared(values: Sequence[tuple[SourceState, T]]) -> Sequence[tuple[SourceState, T]]:
    """Leave out the provider's own word where anybody better states the record: nobody names themselves by it (R10)."""
    vouched = [(s, v) for s, v in values if s.vouched_by is not VouchedBy.PROVIDER_DECLARED]
    return vouched or values


def _chosen(field: str, stated: Sequence[tuple[SourceState, object]]) -> tuple[object, Said]:
    """Return the value of the best vouched, the first by name, and who of them agrees."""
    state, value = stated[0]
    best = [(s.source, said) for s, said in stated if s.vouched_by is state.vouched_by]
    agreeing = frozenset(source for source, said in best if _same(field, said, value))
    others = (Other(source, said, agreeing) for source, said in best if source not in agreeing)
    return value, Said(state.vouched_by, agreeing, tuple(others))


def _same(field: str, one: object, other: object) -> bool:
    """Say whether two sources say the same of a field, however they write it."""
    return one == other or _meant(field, one) == _meant(field, other)


def _name(written: str) -> str:
    return comparable_name(written) or written


_SAME_WORD: Mapping[str, Callable[[str], str]] = {
    "provider": comparable_id,
    "body": comparable_id,
    "trainer": comparable_id,
    "name": _name,
    "trading_names": _name,
    "title": _name,
    "certificate": partial(comparable, Scheme.CERTIFICATE),
}


def _meant(field: str, value: object) -> object:
    """Return the form in which two sources' words for a field are the same: ids without case, lists without order."""
    if field == "register":
        return None  # each source's own, and no claim about the record
    if isinstance(value, Organisation):
        return comparable_name(value.name), by_scheme(value.identifiers)
    if isinstance(value, str):
        return _SAME_WORD[field](value) if field in _SAME_WORD else value
    if isinstance(value, tuple) and all(isinstance(word, str) for word in value):
        return frozenset(map(_SAME_WORD.get(field, comparable_id), value))
    return value


def _identifiers(spoken: Spoken) -> tuple[tuple[Identifier, ...], Said]:
    """Take the identifiers of each scheme from the best vouched sources that state it.

    Equally vouched ones that have none in common contradict each other: the first by name is shown.
    """
    chosen: dict[Scheme, Mapping[str, Identifier]] = {}
    behind: dict[Scheme, VouchedBy] = {}
    stating: dict[Scheme, list[SourceState]] = {}
    against: list[tuple[SourceState, Scheme, Mapping[str, Identifier]]] = []
    for state, scheme, stated in _stated_identifiers(spoken):
        known = chosen.get(scheme, {})
        if behind.setdefault(scheme, state.vouched_by) is not state.vouched_by:
            continue
        if known and not stated.keys() & known.keys():
            against.append((state, scheme, stated))
            continue
        chosen[scheme] = {**stated, **known}
        stating.setdefault(scheme, []).append(state)
    others = (
        Other(state.source, tuple(stated.values()), _names(stating[scheme]))
        for state, scheme, stated in against
    )
    sources = [s for of_scheme in stating.values() for s in of_scheme] or [spoken[0][0]]
    vouched_by = max((s.vouched_by for s in sources), key=_BEST_FIRST.index)
    said = Said(vouched_by, _names(sources), tuple(others))
    return tuple(i for scheme in Scheme for i in chosen.get(scheme, {}).values()), said


def _names(sources: Iterable[SourceState]) -> frozenset[str]:
    return frozenset(state.source for state in sources)


def _stated_identifiers(
    spoken: Spoken,
) -> Iterator[tuple[SourceState, Scheme, Mapping[str, Identifier]]]:
    """Yield what each source states of each scheme, by comparable value, the best vouched source first."""
    for state, statement in spoken:
        stated: dict[Scheme, dict[str, Identifier]] = {}
        if isinstance(statement.record, Provider):
            for identifier in statement.record.identifiers:
                scheme, value = identifier.comparable
                stated.setdefault(scheme, {})[value] = identifier
        yield from ((state, scheme, values) for scheme, values in stated.items())


def _delisted_on(spoken: Spoken) -> date | None:
    """Return the day on which the last of the best vouched sources was found to list the record no more."""
    best = [s for state, s in spoken if state.vouched_by is spoken[0][0].vouched_by]
    days = [s.absent_since for s in best if s.absent_since is not None]
    return max(days) if len(days) == len(best) else None


def _covered(ordered: Sequence[SourceState]) -> Mapping[Kind, Mapping[str, Coverage]]:
    """Return how much of each kind each source lists.

    A provider's own list is complete for that provider at most: beside a better vouched source it counts as partial, or
    it would prove the absence of everybody else's trainers.
    """
    lists = (state for state in ordered if state.max_age is not None)
    mixed = len({state.vouched_by is VouchedBy.PROVIDER_DECLARED for state in lists}) > 1
    covered: dict[Kind, dict[str, Coverage]] = {kind: {} for kind in Kind}
    for kind in Kind:
        for state in ordered:
            own = mixed and state.vouched_by is VouchedBy.PROVIDER_DECLARED
            stated = state.coverage.of(kind)
            lessened = Coverage.PARTIAL if own and stated is Coverage.COMPLETE else stated
            covered[kind][state.source] = lessened
    return covered


Aliases = Mapping[tuple[str, str], str]
"""(source, comparable id there) → comparable id in the merged register."""


def _aliases(ordered: Sequence[SourceState]) -> Aliases:
    """Find providers that sources list under different ids but with identifiers that agree, one to one."""
    aliases: dict[tuple[str, str], str] = {}
    known = _KnownProviders()
    for state in ordered:
        listed = {key: borne_by_provider(provider) for key, provider in _providers(state)}
        same = {key: known.same(borne) - listed.keys() for key, borne in listed.items()}
        found = {k: min(s) for k, s in same.items() if k not in known.borne and len(s) == 1}
        taken = Counter(found.values())
        aliases |= {(state.source, key): k for key, k in found.items() if taken[k] == 1}
        for key, borne in listed.items():
            if (state.source, key) not in aliases:
                known.add(key, borne)
    return {**aliases, **dict(_moved(ordered, aliases, known.borne.keys()))}


def _moved(
    ordered: Iterable[SourceState], aliases: Aliases, known: Set[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield where the providers of confirmations went that a better vouched source lists under another id by now.

    A confirmation names a provider by its id in the register as it was merged on that day.
    """
    went: defaultdict[str, set[str]] = defaultdict(set)
    for (_, key), known_as in aliases.items():
        went[key].add(known_as)
    for state in ordered:
        if state.max_age is None:
            for key in (went.keys() & _providers_named(state)) - known:
                if len(went[key]) == 1:
                    yield (state.source, key), min(went[key])


def _providers_named(state: SourceState) -> set[str]:
    records = (s.record for of_kind in state.statements.values() for s in of_kind.values())
    named = (r.provider for r in records if isinstance(r, (Programme, Authorisation, Affiliation)))
    return set(map(comparable_id, named))


class _KnownProviders:
    """What the providers found so far bear, to look others up by what they share."""

    def __init__(self) -> None:
        self.borne: dict[str, Borne] = {}
        self._bearing: defaultdict[tuple[Scheme, str], set[str]] = defaultdict(set)

    def add(self, key: str, borne: Borne) -> None:
        """Remember a provider unless it is known."""
        if key not in self.borne:
            self.borne[key] = borne
            for scheme, value in _shared_ids(borne):
                self._bearing[scheme, value].add(key)

    def same(self, borne: Borne) -> set[str]:
        """Return the known providers that share an identifier and disagree on none."""
        sharing = set().union(*(self._bearing.get(i, ()) for i in _shared_ids(borne)))
        return {key for key in sharing if _agree(self.borne[key], borne)}


def _shared_ids(borne: Borne) -> Iterator[tuple[Scheme, str]]:
    """Yield the identifiers by which two sources may know one provider: all but their own ids."""
    for scheme, values in borne.items():
        if scheme is not Scheme.REGISTER:
            yield from ((scheme, value) for value in values)


def _agree(one: Borne, other: Borne) -> bool:
    in_common = (one.keys() & other.keys()) - {Scheme.REGISTER}
    return all(one[scheme] & other[scheme] for scheme in in_common)


def _providers(state: SourceState) -> Iterator[tuple[str, Provider]]:
    for key, statement in state.statements.get(Kind.PROVIDERS, {}).items():
        if isinstance(statement.record, Provider):
            yield key, statement.record


def borne_by_provider(provider: Provider) -> Borne:
    """Return the comparable identifiers that a provider bears, names left out, by scheme."""
    own = [Identifier(Scheme.REGISTER, provider.register)]
    if provider.certificate:
        own.append(Identifier(Scheme.CERTIFICATE, provider.certificate))
    return by_scheme([*own, *provider.identifiers])


def by_scheme(identifiers: Iterable[Identifier]) -> Borne:
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
