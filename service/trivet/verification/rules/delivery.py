"""Whether the delivering organisation may deliver the programme, with this trainer (R7, R8, R9)."""

from collections.abc import Iterator

from trivet.register.bearing import organisation_known_by
from trivet.register.identifiers import Scheme, comparable_name
from trivet.register.merge import Entry, as_judged, by_scheme, standing_of
from trivet.register.periods import State
from trivet.register.records import Affiliation, Coverage, Kind, Programme, Provider, Role
from trivet.verification.reasons import Element, Verdict
from trivet.verification.rules.case import Case, is_declared, timed
from trivet.verification.rules.delivering import (
    AFFILIATION_FIELDS,
    AMBIGUOUS,
    OUTSIDE,
    Delivering,
    own_organisation_fault,
)
from trivet.verification.rules.judgement import CONTRADICTED, Candidate, Finding, Ground
from trivet.verification.rules.trainer import NOT_CONFIRMED, TrainerFound, covers, may_be_another

_NOT_IN_FORCE, _NOT_COVERING = "affiliation_not_in_force", "affiliation_does_not_cover_programme"
_SOURCE_MISSING = "affiliation_source_missing"
_REASONS = {
    State.APPLIED: _NOT_IN_FORCE,
    State.NOT_YET: _NOT_IN_FORCE,
    State.SUSPENDED: _NOT_IN_FORCE,
    State.WITHDRAWN: _NOT_IN_FORCE,
    State.EXPIRED: _NOT_IN_FORCE,
    State.START_NOT_RECORDED: "start_not_recorded",
}
_UNDOUBTED = (State.SUSPENDED, State.WITHDRAWN)


def judge_delivery(
    case: Case,
    provider: Entry[Provider] | None,
    programme: Entry[Programme] | None,
    trainer: TrainerFound,
    delivering: Delivering | None,
) -> Iterator[Finding]:
    """Judge both conditions: an affiliation where another organisation delivers, and an associate at home."""
    if provider is None or delivering is None:
        return
    if delivering.by_provider:
        ground = Ground(provider, (_known_by(case),))
        yield Finding(reason=delivering.unknown, grounds=(ground,))
    elif delivering.unknown:
        yield Finding(reason=delivering.unknown)
    else:
        yield _undisputed(_affiliated(case, provider, programme, delivering), delivering)
    yield from _at_home(case, provider, trainer, delivering)


def _affiliated(
    case: Case,
    provider: Entry[Provider],
    programme: Entry[Programme] | None,
    delivering: Delivering,
) -> Finding:
    if not delivering.affiliations:
        return _no_affiliation(case, provider)
    covering = [
        a for a in delivering.affiliations if programme is None or covers(a.record, programme)
    ]
    found = [_judged(a, case) for a in sorted(covering, key=is_declared)]
    for reason in (None, "start_not_recorded", "affiliation_delisted"):
        for finding in found:
            if finding.reason == reason:
                return finding
    return _none_holds(case, delivering)


def _undisputed(finding: Finding, delivering: Delivering) -> Finding:
    """Let a fail stand only where no affiliation that is disputed might let the organisation deliver (R8)."""
    if finding.verdict is not Verdict.FAIL or not delivering.disputed:
        return finding
    return Finding(
        reason=CONTRADICTED, grounds=(Ground(delivering.disputed[0], AFFILIATION_FIELDS),)
    )


def _judged(affiliation: Entry[Affiliation], case: Case) -> Finding:
    return timed(
        affiliation,
        case.on,
        _REASONS,
        delisted="affiliation_delisted",
        declared="affiliation_declared_only",
        fields=AFFILIATION_FIELDS,
    )


def _no_affiliation(case: Case, provider: Entry[Provider]) -> Finding:
    if case.index.coverage(Kind.AFFILIATIONS) is not Coverage.COMPLETE:
        return Finding(reason=_SOURCE_MISSING)
    asked = case.question.delivered_by
    organisations = [
        organisation
        for affiliation in case.index.affiliations_of(provider)
        for organisation in affiliation.stated("organisation")
    ]
    if asked and all(asked.scheme in by_scheme(o.identifiers) for o in organisations):
        return Finding(
            reason="train_the_trainer_is_not_certification", absence_of=(Kind.AFFILIATIONS,)
        )
    return Finding(reason=AMBIGUOUS)


def _none_holds(case: Case, delivering: Delivering) -> Finding:
    """Say why no affiliation of the organisation lets it deliver; another may stand where the list is not complete."""
    judged = [as_judged(a, case.on) for a in delivering.affiliations]
    standings = [(a, standing_of(a, case.on)) for a in judged]
    in_force = [(a, stands) for a, stands in standings if stands.state is State.IN_FORCE]
    undoubted = all(stands.state in _UNDOUBTED for _, stands in standings)
    if case.index.coverage(Kind.AFFILIATIONS) is not Coverage.COMPLETE and not undoubted:
        return Finding(reason=_SOURCE_MISSING)
    rests_on, stands = in_force[0] if in_force else standings[0]
    return Finding(
        reason=_NOT_COVERING if in_force else _NOT_IN_FORCE,
        grounds=(Ground(rests_on, ("periods", "programmes")),),
        standing=stands,
    )


def _at_home(
    case: Case, provider: Entry[Provider], trainer: TrainerFound, delivering: Delivering
) -> Iterator[Finding]:
    authorisation = trainer.authorisation
    if authorisation is None or delivering.unknown:
        return
    fault = own_organisation_fault(case, delivering, authorisation, provider)
    if fault == OUTSIDE and trainer.disputed:
        fault = CONTRADICTED
    if fault == OUTSIDE and may_be_another(case):
        fault = NOT_CONFIRMED
    is_associate = authorisation.record.role is Role.ASSOCIATE
    yield Finding(
        reason=fault,
        grounds=(Ground(authorisation, ("role", "organisation") if is_associate else ("role",)),),
        declared=None if is_declared(authorisation) else "trainer_declared_only",
    )


def _known_by(case: Case) -> str:
    """Return the provider's field by which it is known to be the one that delivers."""
    asked = case.question.delivered_by
    if not asked or asked.scheme is Scheme.REGISTER:
        return "periods"
    return "certificate" if asked.scheme is Scheme.CERTIFICATE else "identifiers"


def affiliate_candidates(
    case: Case, provider: Entry[Provider] | None, delivering: Delivering | None
) -> tuple[Candidate, ...]:
    """Return the provider's affiliates of the name that was given for the delivering organisation (R22)."""
    asked = case.question.delivered_by
    if not asked or provider is None or delivering is None or delivering.unknown != AMBIGUOUS:
        return ()
    return tuple(
        Candidate(
            element=Element.DELIVERY, register=a.record.register, name=a.record.organisation.name
        )
        for a in case.index.affiliations_of(provider)
        if comparable_name(asked.value) in organisation_known_by(a).said.names
    )
