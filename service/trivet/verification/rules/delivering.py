"""Who delivers: the provider itself or another organisation, and whether an associate is at home there (R7)."""

import msgspec

from trivet.register.bearing import Bearing, KnownBy, organisation_known_by, together
from trivet.register.identifiers import Identifier, Scheme, comparable_id
from trivet.register.merge import Entry, by_scheme
from trivet.register.records import Affiliation, Authorisation, Provider, Role
from trivet.verification.rules.case import Case
from trivet.verification.rules.judgement import CONTRADICTED

OUTSIDE, AMBIGUOUS = "associate_outside_own_organisation", "delivery_organisation_ambiguous"
AFFILIATION_FIELDS = ("periods", "programmes", "provider", "organisation")
"""The fields of an affiliation that let an organisation deliver."""


class Delivering(msgspec.Struct, frozen=True, kw_only=True):
    """The delivering organisation: by what it is known, and the provider's affiliations that match it.

    `unknown` is the reason why it isn't known who delivers: only a name was given, or what was given is the provider's
    by some equally vouched sources and not by others. `disputed` are affiliations that match, or would by another
    source's word, and on which equally vouched sources contradict each other.
    """

    by_provider: bool
    unknown: str | None = None
    known_by: KnownBy
    affiliations: tuple[Entry[Affiliation], ...] = ()
    disputed: tuple[Entry[Affiliation], ...] = ()


def delivering_organisation(case: Case, provider: Entry[Provider]) -> Delivering:
    """Say who delivers: the provider unless `deliveredBy` names another, never known by a name alone."""
    asked = case.question.delivered_by
    known_by = case.index.known_by[provider.key]
    if not asked or _is_provider(known_by, asked):
        unknown = CONTRADICTED if asked and known_by.disputes(asked) else None
        return Delivering(by_provider=True, unknown=unknown, known_by=known_by)
    matching = [
        a
        for a in case.index.affiliations_of(provider)
        if asked.scheme is not Scheme.NAME and organisation_known_by(a).said.bears(asked)
    ]
    return Delivering(
        by_provider=False,
        unknown=AMBIGUOUS if asked.scheme is Scheme.NAME else None,
        known_by=together([_as_asked(asked), *map(_known_by, matching)]),
        affiliations=tuple(a for a in matching if _shown_as(a, provider, asked)),
        disputed=tuple(a for a in matching if a.contradicted(*AFFILIATION_FIELDS)),
    )


def own_organisation_fault(
    case: Case,
    delivering: Delivering,
    authorisation: Entry[Authorisation],
    provider: Entry[Provider],
) -> str | None:
    """Say why an associate may not be in their own organisation, or None if they are, or are no associate."""
    if delivering.unknown or authorisation.record.role is not Role.ASSOCIATE:
        return None
    there = delivering.known_by
    own = (
        case.index.known_by[provider.key]
        if authorisation.record.organisation is None
        else organisation_known_by(authorisation)
    )
    if own.undisputed.shares_an_identifier(there.undisputed):
        return None
    if own.said.shares_an_identifier(there.said):
        return CONTRADICTED
    in_common = own.undisputed.identifiers.keys() & there.undisputed.identifiers.keys()
    incomparable = not delivering.by_provider and not in_common
    return AMBIGUOUS if incomparable or own.said.names & there.said.names else OUTSIDE


def _is_provider(known_by: KnownBy, asked: Identifier) -> bool:
    return asked.scheme is not Scheme.NAME and known_by.said.bears(asked)


def _shown_as(
    affiliation: Entry[Affiliation], provider: Entry[Provider], asked: Identifier
) -> bool:
    """Say whether an affiliation is shown as this provider's, with the organisation asked for."""
    record, (scheme, value) = affiliation.record, asked.comparable
    of_provider = comparable_id(record.provider) == provider.key
    return of_provider and value in by_scheme(record.organisation.identifiers).get(scheme, ())


def _as_asked(asked: Identifier) -> KnownBy:
    """Return by what the delivering organisation is known before any affiliation matched."""
    given = Bearing({} if asked.scheme is Scheme.NAME else by_scheme([asked]))
    return KnownBy(given, given)


def _known_by(affiliation: Entry[Affiliation]) -> KnownBy:
    known = organisation_known_by(affiliation)
    return KnownBy(known.said, Bearing()) if affiliation.contradicted("provider") else known
