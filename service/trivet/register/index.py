"""An immutable in-memory index of one snapshot: what a verdict reads instead of the database."""

import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from datetime import datetime
from itertools import product
from typing import TypeVar, cast

import msgspec
from msgspec import UnsetType
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from trivet.register.bearing import provider_known_by
from trivet.register.contradictions import contradicted
from trivet.register.identifiers import Identifier, Scheme, comparable_id, comparable_name
from trivet.register.merge import Entry, Merged, SourceState
from trivet.register.people import Erased, family_name_hash
from trivet.register.periods import Status
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Body,
    Coverage,
    Kind,
    Programme,
    Provider,
)

T = TypeVar("T")

_SIMILAR, _SUGGESTIONS = 80, 5
_DIMENSIONS = ("settings", "nations", "populations", "modules")


class Snapshot(msgspec.Struct, frozen=True):
    """Which snapshot an index holds: its id, its digest, when it was published (UTC).

    `number` counts the snapshots of this database; one that is not stored has none.
    """

    id: str
    digest: str
    published_at: datetime
    number: int = 0


class Index:
    """One snapshot's register, made for look-ups. Nothing in it changes after it is made.

    A record is found by whatever equally vouched sources say of it, not only by what is shown: whoever looks it up has
    to ask whether they dispute what it was found by.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        merged: Merged,
        name_key: bytes,
        erased: Set[str] = frozenset(),
    ) -> None:
        """Index a merged register.

        `name_key` is the key under which family names were hashed, and `erased` holds the hashes of erased people, made
        under the same key.
        """
        self.snapshot = snapshot
        self._name_key = name_key
        self.erased = Erased(erased, name_key)
        self.sources: Mapping[str, SourceState] = {s.source: s for s in merged.sources}
        self._merged = merged
        # In the order of ids: no answer depends on the order in which records were read.
        entries = {kind: dict(sorted(merged.entries[kind].items())) for kind in Kind}
        self._counts = {kind: len(entries[kind]) for kind in Kind}
        self.bodies = cast("Mapping[str, Entry[Body]]", entries[Kind.BODIES])
        self.providers = cast("Mapping[str, Entry[Provider]]", entries[Kind.PROVIDERS])
        self.programmes = cast("Mapping[str, Entry[Programme]]", entries[Kind.PROGRAMMES])
        self.authorisations = cast(
            "Mapping[str, Entry[Authorisation]]", entries[Kind.AUTHORISATIONS]
        )
        affiliations = cast("Mapping[str, Entry[Affiliation]]", entries[Kind.AFFILIATIONS])
        self.affiliations = affiliations
        self.known_by = {k: provider_known_by(e) for k, e in self.providers.items()}
        self._by_identifier = _group(
            (((scheme, value), self.providers[key]))
            for key, known in self.known_by.items()
            for scheme, values in known.said.identifiers.items()
            for value in values
        )
        self._by_name = _group(
            (name, self.providers[key])
            for key, known in self.known_by.items()
            for name in known.said.names
        )
        self._known_names = tuple(sorted(self._by_name))
        self._programmes_of = _by(
            self.programmes.values(), lambda e: (comparable_id(e.record.provider),)
        )
        self._titled = _by(
            self.programmes.values(), lambda e: map(comparable_name, e.stated("title"))
        )
        # By provider too: of another provider's trainer nothing is touched, or the time would tell that there is one.
        self._authorisations_of = _by(
            self.authorisations.values(),
            lambda e: product(
                map(comparable_id, e.stated("provider")), map(comparable_id, e.stated("trainer"))
            ),
        )
        self._numbered = {
            (comparable_id(provider), number): e
            for number, e in self.authorisations.items()
            for provider in e.stated("provider")
        }
        self._affiliations_of = _by(
            affiliations.values(), lambda e: map(comparable_id, e.stated("provider"))
        )
        self._always_borne = self._schemes_always_borne()
        self.contradicted = {kind: contradicted(entries[kind]) for kind in Kind}
        self.words = _words((*self.providers.values(), *self.programmes.values()))

    def stood_by(self, snapshot: Snapshot, as_of: Mapping[str, datetime]) -> "Index":
        """Return this register as a snapshot of the same digest has it: publishers stood by it at other instants (UTC).

        Nothing else can differ, so nothing is indexed again.
        """
        later = copy(self)
        later.snapshot = snapshot
        later.sources = {name: replace(s, as_of=as_of[name]) for name, s in self.sources.items()}
        return later

    @property
    def as_of(self) -> datetime:
        """As of when (UTC) the whole is: its oldest list. What was confirmed record by record does not age with it."""
        ageing = (s.as_of for s in self.sources.values() if s.max_age is not None)
        return min(ageing, default=self.snapshot.published_at)

    @property
    def size(self) -> int:
        """How many records there are."""
        return sum(self._counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        return {kind.value: count for kind, count in self._counts.items()}

    def coverage(self, kind: Kind) -> Coverage:
        """Return how much of a kind the snapshot's sources list between them."""
        return self._merged.coverage(kind)

    def covering(self, kind: Kind) -> frozenset[str]:
        """Return the sources on which absence of a record of this kind rests."""
        best = self.coverage(kind)
        return frozenset(n for n, covered in self._merged.covered[kind].items() if covered is best)

    def bearing(self, identifier: Identifier) -> Sequence[Entry[Provider]]:
        """Return the providers that bear an identifier, or a name or trading name equal to it (R22).

        One that bears it by any of its equally vouched sources is among them: `known_by` says whether they dispute it.
        """
        scheme, value = identifier.comparable
        if scheme is Scheme.NAME:
            return self._by_name.get(value, ())
        return self._by_identifier.get((scheme, value), ())

    def similar(self, name: str) -> Sequence[Entry[Provider]]:
        """Return providers whose names resemble `name`, the most alike first: suggestions only (R22)."""
        found = process.extract(
            comparable_name(name),
            self._known_names,
            scorer=fuzz.WRatio,
            score_cutoff=_SIMILAR,
            limit=_SUGGESTIONS,
        )
        return [entry for known, _, _ in found for entry in self._by_name[known]]

    def always_bears(self, scheme: Scheme) -> bool:
        """Say whether every provider ever in force here bears an identifier of this scheme."""
        return scheme is Scheme.REGISTER or scheme in self._always_borne

    def programmes_of(self, provider: Entry[Provider]) -> Sequence[Entry[Programme]]:
        """Return the programmes that are shown as a provider's."""
        return self._programmes_of.get(provider.key, ())

    def titled(self, title: str) -> Sequence[Entry[Programme]]:
        """Return the programmes of any provider under a title equal to `title`, by any of their sources."""
        return self._titled.get(comparable_name(title), ())

    def authorisations_of(
        self, provider: Entry[Provider], trainer: str
    ) -> Sequence[Entry[Authorisation]]:
        """Return the authorisations with a provider under a trainer's reference, by any of their sources."""
        return self._authorisations_of.get((provider.key, comparable_id(trainer)), ())

    def authorisation_numbered(
        self, provider: Entry[Provider], number: str
    ) -> Sequence[Entry[Authorisation]]:
        """Return the authorisation of that number, if by any of its sources it is with a provider."""
        numbered = self._numbered.get((provider.key, comparable_id(number)))
        return () if numbered is None else (numbered,)

    def bearing_family_name(
        self, entries: Sequence[Entry[Authorisation]], given: str | UnsetType
    ) -> Sequence[Entry[Authorisation]]:
        """Return those whose trainer may bear a family name, by any of their sources.

        None given, and none recorded, differ from nothing. The name is hashed once, whether there are any or none: the
        time it takes tells nothing.
        """
        asked = family_name_hash(given or None, self._name_key)
        return [e for e in entries if any(_same_name(asked, held) for held in _names_held(e))]

    def shows_family_name(self, entry: Entry[Authorisation], given: str | UnsetType) -> bool:
        """Say whether a trainer may bear a family name by what is shown of them."""
        return _same_name(family_name_hash(given or None, self._name_key), entry.family_name_hash)

    def affiliations_of(self, provider: Entry[Provider]) -> Sequence[Entry[Affiliation]]:
        """Return the affiliations that are a provider's by any of their sources."""
        return self._affiliations_of.get(provider.key, ())

    def _schemes_always_borne(self) -> frozenset[Scheme]:
        ever_certified = [
            self.known_by[key].said.identifiers.keys()
            for key, entry in self.providers.items()
            if any(p.status is Status.IN_FORCE for ps in entry.stated("periods") for p in ps)
        ]
        always = frozenset(Scheme) - {Scheme.NAME}
        return always.intersection(*ever_certified)


class Known(msgspec.Struct, frozen=True):
    """What was known at an instant (UTC); `index` None: that was before the first snapshot."""

    index: Index | None
    at: datetime


def _names_held(entry: Entry[Authorisation]) -> Iterator[str | None]:
    yield entry.family_name_hash
    yield from (other.value for other in entry.said["family_name"].others)


def _same_name(asked: str | None, held: str | None) -> bool:
    return asked is None or held is None or hmac.compare_digest(asked, held)


K = TypeVar("K")


def _by(entries: Iterable[T], keys: Callable[[T], Iterable[K]]) -> Mapping[K, Sequence[T]]:
    return _group((key, entry) for entry in entries for key in dict.fromkeys(keys(entry)))


def _group(pairs: Iterable[tuple[K, T]]) -> Mapping[K, Sequence[T]]:
    grouped: defaultdict[K, list[T]] = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return dict(grouped)


def _words(entries: Iterable[Entry[Provider] | Entry[Programme]]) -> Mapping[str, frozenset[str]]:
    """Return the scope words that the register uses, by dimension (R16)."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for dimension in _DIMENSIONS:
            if hasattr(entry.record, dimension):
                used[dimension].update(*(words or () for words in entry.stated(dimension)))
    return {dimension: frozenset(words) for dimension, words in used.items()}
