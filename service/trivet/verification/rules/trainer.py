"""Whether the trainer was authorised by this provider, for this programme, on the day (R5, R6, R10)."""

from collections.abc import Sequence

import msgspec

from trivet.register.identifiers import comparable_id, comparable_name
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
from trivet.verification.question import TrainerScheme
from trivet.verification.reasons import Verdict
from trivet.verification.rules.case import Absence, Case, Named, good, is_declared, timed
from trivet.verification.rules.delivering import Delivering, own_organisation_fault
from trivet.verification.rules.judgement import CONTRADICTED, Finding, Ground, Sought
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
_HOW_LONG_AND_FOR, _AT_HOME = ("periods", "programmes"), ("role", "organisation")


class TrainerFound(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the trainer, and the authorisation that it rests on or that gives the reason.

    `sought` says what came of looking the trainer up, whatever became of that as a reason. `disputed`: by the word of
    an equally vouched source the element might rest on another authorisation, or on none.
    """

    finding: Finding
    authorisation: Entry[Authorisation] | None = None
    sought: Sought = Sought.KNOWN
    disputed: bool = False


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
    may_hold = _may_hold(case, asked, provider.entry)
    held = [a for a in may_hold if _shown_as(case, asked, provider.entry, a)]
    found = _judged(case, held, programme, delivering, provider.entry)
    return _undisputed(case, found, may_hold)


def _judged(
    case: Case,
    held: Sequence[Entry[Authorisation]],
    programme: Entry[Programme] | None,
    delivering: Delivering,
    provider: Entry[Provider],
) -> TrainerFound:
    if not held:
        finding = case.absent(Kind.AUTHORISATIONS, _ABSENT)
        return TrainerFound(finding=finding, sought=Sought.UNKNOWN)
    covering = [a for a in held if programme is None or covers(a.record, programme)]
    if not covering:
        last = _last_to_begin(held)
        finding = Finding(reason=_NOT_FOR_PROGRAMME, grounds=(Ground(last, _FIELDS),))
        return TrainerFound(finding=_softened(case, finding), authorisation=last)
    chosen = _chosen(case, covering, delivering, provider)
    finding = timed(
        chosen,
        case.on,
        _REASONS,
        delisted="trainer_delisted",
        declared="trainer_declared_only",
        fields=_rests_on(case, chosen),
    )
    return TrainerFound(finding=_softened(case, finding), authorisation=chosen)


def _rests_on(case: Case, entry: Entry[Authorisation]) -> tuple[str, ...]:
    """Return the fields by which an authorisation is one that holds: a family name only if it is asked and disputed."""
    asked = case.question.trainer
    named = comparable_name(asked.family_name or "") if asked else ""
    return (*_FIELDS, "family_name") if named and entry.contradicted("family_name") else _FIELDS


def _undisputed(
    case: Case, found: TrainerFound, may_hold: Sequence[Entry[Authorisation]]
) -> TrainerFound:
    """Let a fail stand only where no authorisation that is disputed might be one that holds."""
    disputed = [a for a in may_hold if a.contradicted(*_rests_on(case, a))]
    if disputed and (found.authorisation is None or found.finding.verdict is Verdict.FAIL):
        grounds = (Ground(disputed[0], _rests_on(case, disputed[0])),)
        return TrainerFound(finding=Finding(reason=CONTRADICTED, grounds=grounds))
    return msgspec.structs.replace(found, disputed=_may_rest_elsewhere(case, may_hold))


def _may_rest_elsewhere(case: Case, may_hold: Sequence[Entry[Authorisation]]) -> bool:
    """Say whether the element may rest on another authorisation, or none, by the word of an equally vouched source."""
    if len(may_hold) == 1:
        whose = [field for field in _rests_on(case, may_hold[0]) if field not in _HOW_LONG_AND_FOR]
        return may_hold[0].contradicted(*whose)
    return any(a.contradicted(*_rests_on(case, a), *_AT_HOME) for a in may_hold)


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


def _is_erased(case: Case, asked: Named) -> bool:
    if asked.scheme is TrainerScheme.AUTHORISATION:
        return case.index.erased.authorisation(asked.value)
    return case.index.erased.trainer(asked.value)


def _may_hold(
    case: Case, asked: Named, provider: Entry[Provider]
) -> Sequence[Entry[Authorisation]]:
    """Return the trainer's authorisations with the provider by the word of any of their equally vouched sources."""
    by_number = asked.scheme is TrainerScheme.AUTHORISATION
    select = case.index.authorisation_numbered if by_number else case.index.authorisations_of
    return case.index.bearing_family_name(select(provider, asked.value), asked.family_name)


def _shown_as(
    case: Case, asked: Named, provider: Entry[Provider], entry: Entry[Authorisation]
) -> bool:
    """Say whether an authorisation is shown as this trainer's with this provider."""
    by_number = asked.scheme is TrainerScheme.AUTHORISATION
    return (
        (by_number or comparable_id(entry.record.trainer) == comparable_id(asked.value))
        and comparable_id(entry.record.provider) == provider.key
        and (
            not entry.contradicted("family_name")
            or case.index.shows_family_name(entry, asked.family_name)
        )
    )


def _chosen(
    case: Case,
    covering: Sequence[Entry[Authorisation]],
    delivering: Delivering,
    provider: Entry[Provider],
) -> Entry[Authorisation]:
    """Return the authorisation that the element rests on: one in force, at home and well vouched if there is one."""
    in_force = [a for a in covering if good(a, case.on)]
    if not in_force:
        return _last_to_begin(covering)
    return min(
        in_force,
        key=lambda a: (
            own_organisation_fault(case, delivering, a, provider) is not None,
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
