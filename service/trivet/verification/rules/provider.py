"""Which provider is meant, and whether it was certified on the day (R1, R11, R12, R20, R22)."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from trivet.register.identifiers import Identifier, Scheme, comparable_name
from trivet.register.index import Index
from trivet.register.merge import Entry
from trivet.register.periods import State
from trivet.register.records import Kind, Provider
from trivet.verification.reasons import Element
from trivet.verification.rules.case import Absence, Case, timed
from trivet.verification.rules.judgement import CONTRADICTED, Candidate, Finding, Ground

_ABSENT = Absence("provider_not_on_register", "provider_not_confirmed", "provider_source_missing")
_REASONS = {
    State.APPLIED: "application_is_not_certification",
    State.NOT_YET: "provider_not_yet_certified",
    State.SUSPENDED: "provider_suspended",
    State.WITHDRAWN: "provider_withdrawn",
    State.EXPIRED: "provider_certification_expired",
    State.START_NOT_RECORDED: "start_not_recorded",
    State.TERM_ELAPSED: "provider_term_elapsed",
}
_MOST_CANDIDATES = 10


class ProviderFound(msgspec.Struct, frozen=True, kw_only=True):
    """The provider meant, or why it isn't known: `absent` says that a complete register lists no such provider.

    Where equally vouched sources dispute whether what was given is this provider's, it isn't known either.
    """

    entry: Entry[Provider] | None
    finding: Finding
    absent: bool = False
    candidates: tuple[Candidate, ...] = ()


def find_provider(case: Case) -> ProviderFound:
    """Resolve the provider's identifiers to one record, never by a name alone, and judge it."""
    given, index = case.question.providers, case.index
    selected = {identifier: index.bearing(identifier) for identifier in given}
    agreed = _agreed(index, selected)
    if len(agreed) == 1:
        return _resolved(case, agreed[0])
    if any(selected.values()) or _names_only(given):
        return ProviderFound(
            entry=None,
            finding=Finding(reason="provider_ambiguous"),
            candidates=_candidates(index, selected),
        )
    return _absent(case)


def _resolved(case: Case, entry: Entry[Provider]) -> ProviderFound:
    known = case.index.known_by[entry.key]
    disputed = tuple(field_of(i) for i in case.question.providers if known.disputes(i))
    if disputed:
        finding = Finding(reason=CONTRADICTED, grounds=(Ground(entry, disputed),))
        return ProviderFound(entry=None, finding=finding)
    return ProviderFound(entry=entry, finding=_judged(entry, case))


def field_of(identifier: Identifier) -> str:
    """Return the field of a provider in which an identifier of this scheme, or a name, stands."""
    fields = {Scheme.REGISTER: "register", Scheme.CERTIFICATE: "certificate", Scheme.NAME: "name"}
    return fields.get(identifier.scheme, "identifiers")


def _judged(entry: Entry[Provider], case: Case) -> Finding:
    return timed(
        entry, case.on, _REASONS, delisted="provider_delisted", declared="provider_declared_only"
    )


def _absent(case: Case) -> ProviderFound:
    # A trust that is listed without its ODS code is not a trust that is not listed.
    if not any(case.index.always_bears(i.scheme) for i in case.question.providers):
        return ProviderFound(entry=None, finding=Finding(reason="provider_not_confirmed"))
    finding = case.absent(Kind.PROVIDERS, _ABSENT)
    return ProviderFound(entry=None, finding=finding, absent=bool(finding.absence_of))


Selected = Mapping[Identifier, Sequence[Entry[Provider]]]


def _agreed(index: Index, selected: Selected) -> list[Entry[Provider]]:
    """Return the records that all selecting identifiers but names select, and that nothing given disagrees with."""
    selecting = [
        {entry.key for entry in entries}
        for identifier, entries in selected.items()
        if entries and identifier.scheme is not Scheme.NAME
    ]
    if not selecting:
        return []
    common = set.intersection(*selecting)
    return [index.providers[key] for key in sorted(common) if _consistent(index, key, selected)]


def _consistent(index: Index, key: str, given: Iterable[Identifier]) -> bool:
    """Say whether a record bears every given name and no other value of a given scheme, by any of its sources."""
    said = index.known_by[key].said
    return all(
        said.bears(identifier)
        for identifier in given
        if identifier.scheme is Scheme.NAME or identifier.scheme in said.identifiers
    )


def _names_only(given: Sequence[Identifier]) -> bool:
    return all(identifier.scheme is Scheme.NAME for identifier in given)


def _candidates(index: Index, selected: Selected) -> tuple[Candidate, ...]:
    """Return the records selected, then those with similar names."""
    exact = [entry for entries in selected.values() for entry in entries]
    names = [i.value for i in selected if i.scheme is Scheme.NAME and comparable_name(i.value)]
    similar = [entry for name in names for entry in index.similar(name)]
    found = {e.key: e.record for e in (*exact, *similar)}
    return tuple(
        Candidate(element=Element.PROVIDER, register=record.register, name=record.name)
        for record in list(found.values())[:_MOST_CANDIDATES]
    )
