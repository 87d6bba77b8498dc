"""Whether the trainer was authorised by this provider, for this programme, on the day (R5, R6, R10)."""

from collections.abc import Sequence
from datetime import date

import msgspec

from trivet.register.identifiers import comparable_id
from trivet.register.merge import Entry
from trivet.register.periods import State, last_begins
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Coverage,
    Kind,
    Programme,
    Provider,
)
from trivet.verification.question import TrainerReference, TrainerScheme
from trivet.verification.rules.case import Absence, Case, good, is_declared, timed
from trivet.verification.rules.delivering import Delivering, own_organisation_fault
from trivet.verification.rules.judgement import Finding, Ground, Sought
from trivet.verification.rules.provider import ProviderFound

_ABSENT = Absence("trainer_not_authorised", "trainer_not_confirmed", "trainer_source_missing")
_REASONS = {
    State.APPLIED: "trainer_not_yet_authorised",
    State.NOT_YET: "trainer_not_yet_authorised",
    State.SUSPENDED: "trainer_suspended",
    State.WITHDRAWN: "trainer_withdrawn",
    State.EXPIRED: "trainer_authorisation_expired",
    State.START_NOT_RECORDED: "start_not_recorded",
}
_NOT_FOR_PROGRAMME = "trainer_not_authorised_for_programme"
NOT_CONFIRMED = "trainer_not_confirmed"
_SOFTENED = {
    _NOT_FOR_PROGRAMME,
    "trainer_not_yet_authorised",
    "trainer_authorisation_expired",
}
_FIELDS = ("periods", "programmes", "provider", "trainer")


class TrainerFound(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the trainer, and the authorisation that it rests on or that gives the reason.

    `sought` says what came of looking the trainer up, whatever became of that as a reason.
    """

    finding: Finding
    authorisation: Entry[Authorisation] | None = None
    sought: Sought = Sought.KNOWN


def find_trainer(
    case: Case,
    provider: ProviderFound,
    programme: Entry[Programme] | None,
    delivering: Delivering | None,
) -> TrainerFound:
    """Judge the trainer's authorisations with the provider.

    An unknown reference, another provider's trainer and a family name that differs are one answer on purpose. A person
    who was erased can't be confirmed, by whomever they were authorised: that nothing is held proves nothing.
    `programme` None: judged without the programme.
    """
    asked = case.question.trainer
    if not asked:
        finding = Finding(reason="trainer_not_named")
        return TrainerFound(finding=finding, sought=Sought.NOT_LOOKED_UP)
    if _is_erased(case, asked):
        return TrainerFound(finding=Finding(reason=NOT_CONFIRMED), sought=Sought.UNKNOWN)
    if provider.entry is None or delivering is None:
        finding = _without_provider(case, provider)
        return TrainerFound(finding=finding, sought=Sought.NOT_LOOKED_UP)
    held = _held(case, asked, provider.entry)
    if not held:
        finding = case.absent(Kind.AUTHORISATIONS, _ABSENT)
        return TrainerFound(finding=finding, sought=Sought.UNKNOWN)
    covering = [a for a in held if programme is None or covers(a.record, programme)]
    if not covering:
        last = _last_to_begin(held)
        finding = Finding(reason=_NOT_FOR_PROGRAMME, grounds=(Ground(last, _FIELDS),))
        return TrainerFound(finding=_softened(case, finding), authorisation=last)
    chosen = _chosen(covering, case.on, delivering, provider.entry.record)
    finding = timed(
        chosen,
        case.on,
        _REASONS,
        delisted="trainer_delisted",
        declared="trainer_declared_only",
        fields=_FIELDS,
    )
    return TrainerFound(finding=_softened(case, finding), authorisation=chosen)


def covers(record: Authorisation | Affiliation, programme: Entry[Programme]) -> bool:
    """Say whether an authorisation or affiliation is for a programme."""
    if record.programmes == "all":
        return True
    return programme.key in {comparable_id(p) for p in record.programmes}


def may_be_another(case: Case) -> bool:
    """Say whether the authorisation that holds may be one that the sources do not list."""
    asked = case.question.trainer
    if asked and asked.scheme is TrainerScheme.AUTHORISATION:
        return False
    return case.index.coverage(Kind.AUTHORISATIONS) is not Coverage.COMPLETE


def _without_provider(case: Case, provider: ProviderFound) -> Finding:
    if not provider.absent:
        return Finding(reason=NOT_CONFIRMED)
    finding = case.absent(Kind.AUTHORISATIONS, _ABSENT)
    if not finding.absence_of:
        return finding
    return msgspec.structs.replace(finding, absence_of=(Kind.AUTHORISATIONS, Kind.PROVIDERS))


def _is_erased(case: Case, asked: TrainerReference) -> bool:
    if asked.scheme is TrainerScheme.AUTHORISATION:
        return case.index.erased.authorisation(asked.value)
    return case.index.erased.trainer(asked.value)


def _held(
    case: Case, asked: TrainerReference, provider: Entry[Provider]
) -> Sequence[Entry[Authorisation]]:
    by_number = asked.scheme is TrainerScheme.AUTHORISATION
    select = case.index.authorisation_numbered if by_number else case.index.authorisations_of
    return case.index.bearing_family_name(select(provider, asked.value), asked.family_name)


def _chosen(
    covering: Sequence[Entry[Authorisation]], on: date, delivering: Delivering, provider: Provider
) -> Entry[Authorisation]:
    """Return the authorisation that the element rests on: one in force, at home and well vouched if there is one."""
    in_force = [a for a in covering if good(a, on)]
    if not in_force:
        return _last_to_begin(covering)
    return min(
        in_force,
        key=lambda a: (
            own_organisation_fault(delivering, a.record, provider) is not None,
            is_declared(a),
            a.key,
        ),
    )


def _last_to_begin(authorisations: Sequence[Entry[Authorisation]]) -> Entry[Authorisation]:
    in_order = sorted(authorisations, key=lambda a: a.key)
    return max(in_order, key=lambda a: last_begins(a.record.periods, a.first_seen))


def _softened(case: Case, finding: Finding) -> Finding:
    if finding.reason in _SOFTENED and may_be_another(case):
        return msgspec.structs.replace(finding, reason=NOT_CONFIRMED, params={})
    return finding
