"""Which programme is meant, and whether it was approved for this provider on the day (R4)."""

import msgspec
from msgspec import UNSET

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
    """The programme meant, if it is one of the provider's, or why it isn't known.

    `disputed` is on what equally vouched sources contradict each other that the title given leads to it: if they are
    wrong there is no such programme, and what is judged for it is judged without one.
    """

    entry: Entry[Programme] | None
    finding: Finding
    disputed: tuple[Ground, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def find_programme(case: Case, provider: ProviderFound) -> ProgrammeFound:
    """Resolve the programme for the provider, by id or by title, and judge it; none asked about is none confirmed."""
    if not case.question.programme:
        return ProgrammeFound(entry=None, finding=Finding(reason="programme_not_confirmed"))
    if provider.entry is not None:
        return _of_provider(case, provider.entry)
    if not provider.absent:
        return ProgrammeFound(entry=None, finding=Finding(reason="programme_not_confirmed"))
    others = sorted(_anywhere(case), key=lambda p: p.contradicted("title"))
    if others:
        finding = Finding(
            reason=_OF_ANOTHER,
            grounds=(Ground(others[0], _known_by(case, others[0])),),
            absence_of=(Kind.PROVIDERS,),
        )
        return ProgrammeFound(entry=None, finding=finding)
    return ProgrammeFound(entry=None, finding=case.absent(Kind.PROGRAMMES, _ABSENT))


def _of_provider(case: Case, provider: Entry[Provider]) -> ProgrammeFound:
    found = [p for p in _anywhere(case) if provider.key in map(comparable_id, p.stated("provider"))]
    if len(found) == 1:
        return _resolved(found[0], case)
    if found:
        return _ambiguous(found)
    if not _by_title(case) and (others := _anywhere(case)):
        ground = Ground(others[0], ("provider",))
        return ProgrammeFound(entry=None, finding=Finding(reason=_OF_ANOTHER, grounds=(ground,)))
    return ProgrammeFound(entry=None, finding=case.absent(Kind.PROGRAMMES, _ABSENT))


def _anywhere(case: Case) -> list[Entry[Programme]]:
    """Return the programmes of any provider that bear the id, or by any of their sources the title."""
    asked = case.question.programme
    if not asked:
        return []
    if _by_title(case):
        return list(case.index.titled(asked.value))
    entry = case.index.programmes.get(comparable_id(asked.value))
    return [] if entry is None else [entry]


def _by_title(case: Case) -> bool:
    asked = case.question.programme
    return asked is not UNSET and asked.scheme is ProgrammeScheme.TITLE


def _known_by(case: Case, entry: Entry[Programme]) -> tuple[str, ...]:
    """Return the fields by which a programme is the one asked about: whose it is, and a title that is disputed."""
    disputed = _by_title(case) and entry.contradicted("title")
    return ("provider", "title") if disputed else ("provider",)


def _resolved(entry: Entry[Programme], case: Case) -> ProgrammeFound:
    known_by = _known_by(case, entry)
    finding = timed(
        entry,
        case.on,
        _REASONS,
        delisted="programme_delisted",
        declared="programme_declared_only",
        fields=("periods", *known_by),
    )
    disputed = _by_title(case) and entry.contradicted(*known_by)
    return ProgrammeFound(
        entry=entry, finding=finding, disputed=(Ground(entry, known_by),) if disputed else ()
    )


def _ambiguous(found: list[Entry[Programme]]) -> ProgrammeFound:
    candidates = tuple(
        Candidate(element=Element.PROGRAMME, register=e.record.register, name=e.record.title)
        for e in found
    )
    return ProgrammeFound(
        entry=None, finding=Finding(reason="programme_ambiguous"), candidates=candidates
    )
