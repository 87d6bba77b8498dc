"""Who delivers: the provider itself or another organisation, and whether an associate is at home there (R7)."""

from collections.abc import Mapping

import msgspec

from trivet.register.identifiers import Scheme, comparable_name
from trivet.register.index import names_of
from trivet.register.merge import Entry, borne_by_provider, by_scheme
from trivet.register.records import Affiliation, Authorisation, Provider, Role
from trivet.verification.rules.case import Case

Borne = Mapping[Scheme, frozenset[str]]

OUTSIDE, AMBIGUOUS = "associate_outside_own_organisation", "delivery_organisation_ambiguous"


class Delivering(msgspec.Struct, frozen=True, kw_only=True):
    """The delivering organisation: what it bears, its names, and the provider's affiliations that match it."""

    by_provider: bool
    by_name_alone: bool
    borne: Borne
    names: frozenset[str]
    affiliations: tuple[Entry[Affiliation], ...] = ()


def delivering_organisation(case: Case, provider: Entry[Provider]) -> Delivering:
    """Say who delivers: the provider unless `deliveredBy` names another, never known by a name alone."""
    asked = case.question.delivered_by
    if not asked or _bears(case.index.borne[provider.key], *asked.comparable):
        return Delivering(
            by_provider=True,
            by_name_alone=False,
            borne=case.index.borne[provider.key],
            names=case.index.names[provider.key],
        )
    matched = tuple(
        a
        for a in case.index.affiliations_of(provider)
        if _bears(by_scheme(a.record.organisation.identifiers), *asked.comparable)
    )
    organisations = [a.record.organisation for a in matched]
    return Delivering(
        by_provider=False,
        by_name_alone=asked.scheme is Scheme.NAME,
        borne=by_scheme([asked, *(i for o in organisations for i in o.identifiers)]),
        names=frozenset(comparable_name(o.name) for o in organisations) - {""},
        affiliations=matched,
    )


def own_organisation_fault(
    delivering: Delivering, authorisation: Authorisation, provider: Provider
) -> str | None:
    """Say why an associate may not be in their own organisation, or None if they are, or are no associate."""
    if delivering.by_name_alone or authorisation.role is not Role.ASSOCIATE:
        return None
    own, names = _own_organisation(authorisation, provider)
    if any(own[scheme] & delivering.borne.get(scheme, frozenset()) for scheme in own):
        return None
    incomparable = not delivering.by_provider and not own.keys() & delivering.borne.keys()
    return AMBIGUOUS if incomparable or names & delivering.names else OUTSIDE


def _own_organisation(
    authorisation: Authorisation, provider: Provider
) -> tuple[Borne, frozenset[str]]:
    own = authorisation.organisation
    if own is None:
        return borne_by_provider(provider), names_of(provider)
    return by_scheme(own.identifiers), frozenset((comparable_name(own.name),)) - {""}


def _bears(borne: Borne, scheme: Scheme, value: str) -> bool:
    return value in borne.get(scheme, ())
