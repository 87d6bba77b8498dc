"""By what providers and organisations are known, and which of it equally vouched sources dispute (R22)."""

from collections.abc import Iterable, Mapping

import msgspec

from trivet.register.identifiers import Identifier, Scheme, comparable_name
from trivet.register.merge import Borne, Entry, borne_by_provider, by_scheme
from trivet.register.records import Affiliation, Authorisation, Organisation, Provider


class Bearing(msgspec.Struct, frozen=True):
    """Identifiers by scheme, and names, in the form in which they are compared."""

    identifiers: Borne = {}
    names: frozenset[str] = frozenset()

    def bears(self, identifier: Identifier) -> bool:
        """Say whether an identifier or a name is among them."""
        scheme, value = identifier.comparable
        return value in (
            self.names if scheme is Scheme.NAME else self.identifiers.get(scheme, frozenset())
        )

    def shares_an_identifier(self, other: "Bearing") -> bool:
        """Say whether both bear one identifier; a name is none."""
        return any(
            values & other.identifiers.get(scheme, frozenset())
            for scheme, values in self.identifiers.items()
        )


class KnownBy(msgspec.Struct, frozen=True):
    """By what somebody is known: `said` is all that equally vouched sources say, `undisputed` what none disputes."""

    said: Bearing
    undisputed: Bearing

    def disputes(self, identifier: Identifier) -> bool:
        """Say whether the sources contradict each other on whether this identifier or name is theirs."""
        return self.said.bears(identifier) and not self.undisputed.bears(identifier)


def provider_known_by(entry: Entry[Provider]) -> KnownBy:
    """Return by what a provider is known.

    Its ids in all its sources count: one that was stored must go on being found. A scheme is disputed as a whole, a
    name only where an equally vouched source leaves it out.
    """
    shown = borne_by_provider(entry.record)
    own = {**shown, Scheme.REGISTER: shown[Scheme.REGISTER] | entry.other_ids}
    names = [frozenset((name,)) for name in _names(entry.stated("name"))]
    trading_names = [_names(listed) for listed in entry.stated("trading_names")]
    said = Bearing(own, frozenset().union(*names, *trading_names) - {""})
    if not entry.contradictions:
        return KnownBy(said, said)
    others = by_scheme(_identifiers_instead(entry))
    agreed = frozenset.intersection(*names) | frozenset.intersection(*trading_names)
    return KnownBy(
        Bearing(_both(own, others), said.names),
        Bearing({scheme: own[scheme] for scheme in own.keys() - others.keys()}, agreed - {""}),
    )


def organisation_known_by(entry: Entry[Affiliation] | Entry[Authorisation]) -> KnownBy:
    """Return by what the organisation of an affiliation or an authorisation is known; of none, nothing."""
    organisations: list[Organisation] = [o for o in entry.stated("organisation") if o is not None]
    said = Bearing(
        by_scheme(i for o in organisations for i in o.identifiers),
        _names(o.name for o in organisations) - {""},
    )
    return KnownBy(said, Bearing() if entry.contradicted("organisation") else said)


def together(known: Iterable[KnownBy]) -> KnownBy:
    """Return what several are known by, taken as one."""
    said, undisputed = Bearing(), Bearing()
    for each in known:
        said, undisputed = _joined(said, each.said), _joined(undisputed, each.undisputed)
    return KnownBy(said, undisputed)


def _identifiers_instead(entry: Entry[Provider]) -> Iterable[Identifier]:
    for other in entry.said["certificate"].others:
        yield Identifier(Scheme.CERTIFICATE, other.value)
    for other in entry.said["identifiers"].others:
        yield from other.value


def _names(written: Iterable[str]) -> frozenset[str]:
    return frozenset(map(comparable_name, written))


def _joined(one: Bearing, other: Bearing) -> Bearing:
    return Bearing(_both(one.identifiers, other.identifiers), one.names | other.names)


def _both(one: Borne, other: Borne) -> Mapping[Scheme, frozenset[str]]:
    return {
        scheme: one.get(scheme, frozenset()) | other.get(scheme, frozenset())
        for scheme in one.keys() | other.keys()
    }
