"""What a confirmed record refers to: whether it is there, and whether it makes it another record than the one meant."""

from collections.abc import Iterable, Iterator
from typing import cast

from trivet.register.confirmations.asked import Confirming, Fault
from trivet.register.identifiers import Identifier, Scheme, comparable_id
from trivet.register.index import Index
from trivet.register.merge import Entry, Timed, borne_by_provider, by_scheme
from trivet.register.records import (
    CONFIRMATIONS,
    Affiliation,
    Authorisation,
    Programme,
    Provider,
    VouchedBy,
)

Timeline = Provider | Programme | Authorisation | Affiliation
"""A record that can be confirmed."""


def known_providers(index: Index, provider: str) -> list[Entry[Provider]]:
    """Return the providers of this id, by any of the ids that their sources have for them."""
    return [*index.bearing(Identifier(Scheme.REGISTER, provider))]


def misreferred(
    asked: Confirming, index: Index, held: Timed | None, record: Timeline
) -> Iterator[Fault]:
    """Return what the record refers to that is not there, or that makes it another record than the one meant."""
    if isinstance(record, Provider):
        yield from _provider_faults(asked, index, cast("Entry[Provider] | None", held), record)
        return
    known = known_providers(index, record.provider)
    if len(known) != 1:
        yield _unknown("/provider", "provider", record.provider)
        return
    if asked.organisation and not asked.organisation.identifiers:
        detail = "is empty: an organisation is known by an identifier, such as its ODS code, not by name alone"
        yield Fault("/organisation/identifiers", "missing", detail)
    provider, old = known[0], held.record if held else None
    if old and not isinstance(old, Provider) and known_providers(index, old.provider) != known:
        detail = f"{record.register} is not of {provider.record.register}: check id and provider"
        yield Fault("/provider", "contradicts", detail)
    if isinstance(record, Programme):
        yield from _programme_faults(index, provider, held, record)
    elif isinstance(record, Authorisation):
        yield from _authorisation_faults(asked, index, provider, held, record)
    else:
        yield from _affiliation_faults(asked, index, provider, held, record)


def _provider_faults(
    asked: Confirming, index: Index, held: Entry[Provider] | None, record: Provider
) -> Iterator[Fault]:
    if comparable_id(record.body) not in index.bodies:
        yield _unknown("/body", "certification body", record.body)
    if held and not (asked.certificate or asked.identifiers) and (own := _listed_nowhere(held)):
        detail = (
            f"no list bears out that it is known by {own}: give those that the letter names, "
            "for no other will lead to it any more"
        )
        yield Fault("/certificate", "missing", detail)
    borne = borne_by_provider(record)
    for scheme, values in borne.items():
        for value in values:
            others = [e for e in index.bearing(Identifier(scheme, value)) if e is not held]
            yield from _taken(_pointer_of(scheme), f"{scheme} {value}", others)
    if held is None:
        names = (record.name, *record.trading_names)
        namesakes = [e for name in names for e in index.bearing(_name(name))]
        yield from _taken("/name", f"the name {record.name!a}", namesakes)


def _listed_nowhere(held: Entry[Provider]) -> str:
    """Return what it bears by the word of nobody but the provider or an earlier confirmation."""
    own: list[str] = []
    if held.record.certificate and not _is_listed(held, "certificate"):
        own.append(f"certificate {held.record.certificate}")
    if not _is_listed(held, "identifiers"):
        own += (f"{i.scheme} {i.value}" for i in held.record.identifiers)
    return ", ".join(own)


def _is_listed(held: Timed, field: str) -> bool:
    said = held.said[field]
    declared = said.vouched_by is VouchedBy.PROVIDER_DECLARED
    return not declared and said.sources != {CONFIRMATIONS}


def _name(name: str) -> Identifier:
    return Identifier(Scheme.NAME, name)


def _pointer_of(scheme: Scheme) -> str:
    return f"/{scheme}" if scheme in (Scheme.REGISTER, Scheme.CERTIFICATE) else "/identifiers"


def _programme_faults(
    index: Index, provider: Entry[Provider], held: Timed | None, record: Programme
) -> Iterator[Fault]:
    same = (p for p in index.titled(record.title) if p is not held)
    own = [p for p in same if comparable_id(p.record.provider) == provider.key]
    yield from _taken("/title", f"this title, with {provider.record.register},", own)


def _authorisation_faults(
    asked: Confirming,
    index: Index,
    provider: Entry[Provider],
    held: Timed | None,
    record: Authorisation,
) -> Iterator[Fault]:
    old = held.record if held else None
    if isinstance(old, Authorisation) and comparable_id(old.trainer) != comparable_id(
        record.trainer
    ):
        detail = f"{record.register} is another trainer's: check number and reference"
        yield Fault("/trainer", "contradicts", detail)
    if not asked.register:
        own = [a for a in index.authorisations_of(provider, record.trainer) if a is not held]
        yield from _taken("/trainer", f"this trainer, with {provider.record.register},", own)
    yield from _coverage_faults(index, provider, record)


def _affiliation_faults(
    asked: Confirming,
    index: Index,
    provider: Entry[Provider],
    held: Timed | None,
    record: Affiliation,
) -> Iterator[Fault]:
    borne = by_scheme(record.organisation.identifiers)
    affiliations = (a for a in index.affiliations_of(provider) if a is not held)
    same = [
        a
        for a in affiliations
        if any(
            borne.get(s, frozenset()) & v
            for s, v in by_scheme(a.record.organisation.identifiers).items()
        )
    ]
    if not asked.register:
        yield from _taken("/organisation", f"this affiliate, of {provider.record.register},", same)
    yield from _coverage_faults(index, provider, record)


def _coverage_faults(
    index: Index, provider: Entry[Provider], record: Authorisation | Affiliation
) -> Iterator[Fault]:
    if record.programmes == "all":
        return
    for i, programme in enumerate(record.programmes):
        entry = index.programmes.get(comparable_id(programme))
        if entry is None or comparable_id(entry.record.provider) != provider.key:
            yield _unknown(
                f"/programmes/{i}", f"programme of {provider.record.register}", programme
            )


def _unknown(pointer: str, word: str, given: str) -> Fault:
    detail = f"the register holds no {word} {given!a}: give the id of one that it holds"
    return Fault(pointer, "unknown_reference", detail)


def _taken(pointer: str, what: str, by: Iterable[Timed]) -> Iterator[Fault]:
    ids = ", ".join(sorted({entry.record.register for entry in by}))
    if ids:
        detail = f"the mirror already holds {what} as {ids}: give that id to confirm it"
        yield Fault(pointer, "held_already", detail)
