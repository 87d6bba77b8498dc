"""Which programme is meant, and whether it was approved for this provider on the day (R4)."""

import msgspec

from trivet.register.identifiers import comparable_id
from trivet.register.merge import Entry
from trivet.register.periods import State
from trivet.register.records import Kind, Programme, Provider
from trivet.verification.question import ProgrammeScheme
from trivet.verification.reasons import Element
from trivet.verification.rules.case import Absence, Case, timed
from trivet.verification.rules.judgement import Candidate, Finding, Ground
from trivet.verification.rules.provider import ProviderFound

_ABSENT = Absence(
    "programme_not_on_register", "programme_not_confirmed", "programme_source_missing"
)
_REASONS = {
    State.APPLIED: "programme_not_yet_approved",
    State.NOT_YET: "programme_not_yet_approved",
    State.SUSPENDED: "programme_suspended",
    State.WITHDRAWN: "programme_withdrawn",
    State.EXPIRED: "programme_approval_expired",
    State.START_NOT_RECORDED: "start_not_recorded",
}
_OF_ANOTHER = "programme_of_another_provider"


class ProgrammeFound(msgspec.Struct, frozen=True, kw_only=True):
    """The programme meant, if it is one of the provider's, or why it isn't known."""

    entry: Entry[Programme] | None
    finding: Finding
    candidates: tuple[Candidate, ...] = ()


def find_programme(case: Case, provider: ProviderFound) -> ProgrammeFound:
    """Resolve the programme for the provider, by id or by title, and judge it."""
    if provider.entry is not None:
        return _of_provider(case, provider.entry)
    if not provider.absent:
        return ProgrammeFound(entry=None, finding=Finding(reason="programme_not_confirmed"))
    others = _anywhere(case)
    if others:
        finding = Finding(
            reason=_OF_ANOTHER,
            grounds=(Ground(others[0], ("provider",)),),
            absence_of=(Kind.PROVIDERS,),
        )
        return ProgrammeFound(entry=None, finding=finding)
    return ProgrammeFound(entry=None, finding=case.absent(Kind.PROGRAMMES, _ABSENT))


def _of_provider(case: Case, provider: Entry[Provider]) -> ProgrammeFound:
    found = [p for p in _anywhere(case) if comparable_id(p.record.provider) == provider.key]
    if len(found) == 1:
        return ProgrammeFound(entry=found[0], finding=_judged(found[0], case))
    if found:
        return _ambiguous(found)
    if case.question.programme.scheme is ProgrammeScheme.REGISTER and (others := _anywhere(case)):
        ground = Ground(others[0], ("provider",))
        return ProgrammeFound(entry=None, finding=Finding(reason=_OF_ANOTHER, grounds=(ground,)))
    return ProgrammeFound(entry=None, finding=case.absent(Kind.PROGRAMMES, _ABSENT))


def _anywhere(case: Case) -> list[Entry[Programme]]:
    """Return the programmes of any provider that bear the id, or the title."""
    asked = case.question.programme
    if asked.scheme is ProgrammeScheme.TITLE:
        return list(case.index.titled(asked.value))
    entry = case.index.programmes.get(comparable_id(asked.value))
    return [] if entry is None else [entry]


def _judged(entry: Entry[Programme], case: Case) -> Finding:
    return timed(
        entry,
        case.on,
        _REASONS,
        delisted="programme_delisted",
        declared="programme_declared_only",
        fields=("periods", "provider"),
    )


def _ambiguous(found: list[Entry[Programme]]) -> ProgrammeFound:
    candidates = tuple(
        Candidate(element=Element.PROGRAMME, register=e.record.register, name=e.record.title)
        for e in found
    )
    return ProgrammeFound(
        entry=None, finding=Finding(reason="programme_ambiguous"), candidates=candidates
    )
