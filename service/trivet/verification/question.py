"""What may be asked, and what makes a question unanswerable: a fault names its field, and is never a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from trivet.register.durations import Duration
from trivet.register.identifiers import Identifier, Scheme, ill_formed, unfit_text
from trivet.verification.reasons import Evidence
from trivet.verification.requirements import MODULES, NATIONS, POPULATIONS, SETTINGS

YEARS_AROUND_TODAY = 50
MOST_IDENTIFIERS, MOST_MODULES, MOST_EVIDENCE, LONGEST_REFERENCE = 20, 50, 20, 200


class ProgrammeScheme(StrEnum):
    """How a programme is named: by its id in the register, or by its title."""

    REGISTER = "register"
    TITLE = "title"


class TrainerScheme(StrEnum):
    """How a trainer is named: by their reference, or by the number of one authorisation."""

    REGISTER = "register"
    AUTHORISATION = "authorisation"


class Purpose(StrEnum):
    """What the answer is wanted for; kept with the question."""

    AWARD = "award"
    ORDER = "order"
    DELIVERY = "delivery"
    AUDIT = "audit"
    OTHER = "other"


class _Asked(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What the shapes of a question have in common. A field left out is UNSET; null is not taken for it."""


class ProgrammeReference(_Asked, frozen=True):
    """The programme asked about."""

    scheme: ProgrammeScheme
    value: str


class TrainerReference(_Asked, frozen=True):
    """The trainer asked about; the family name, where the caller has it, must match."""

    scheme: TrainerScheme
    value: str
    family_name: str | UnsetType = UNSET


class Scope(_Asked, frozen=True):
    """For what the training is wanted (R16): words as in the register, such as `mental_health_unit`."""

    setting: str | UnsetType = UNSET
    nation: str | UnsetType = UNSET
    population: str | UnsetType = UNSET
    modules: tuple[str, ...] | UnsetType = UNSET


class Question(_Asked, frozen=True):
    """One question: is this training certified, delivered on this day by this trainer and organisation?

    `delivered_on` is a Europe/London day. `known_at` is an instant: the answer is what the mirror knew then. `max_age`
    is an ISO 8601 duration, stricter than the sources' own.
    """

    provider: Identifier | tuple[Identifier, ...]
    programme: ProgrammeReference
    trainer: TrainerReference | UnsetType = UNSET
    delivered_on: date | UnsetType = UNSET
    delivered_by: Identifier | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    known_at: Annotated[datetime, msgspec.Meta(tz=True)] | UnsetType = UNSET
    evidence: tuple[Evidence, ...] | UnsetType = UNSET
    max_age: str | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET

    @property
    def providers(self) -> Sequence[Identifier]:
        """The provider's identifiers as a list, however they were given."""
        return (self.provider,) if isinstance(self.provider, Identifier) else self.provider

    @property
    def oldest(self) -> timedelta | None:
        """How old the caller lets a source be; None: as old as the source itself may grow. ValueError if ill-formed."""
        return Duration.parse(self.max_age).as_timedelta() if self.max_age is not UNSET else None


def without_names(question: Question) -> Question:
    """Return the question as it is kept: without the trainer's family name."""
    if not question.trainer:
        return question
    return replace(question, trainer=replace(question.trainer, family_name=UNSET))


class Fault(msgspec.Struct, frozen=True):
    """Why a question can't be answered: a JSON pointer (RFC 6901) to the field, a code and a sentence."""

    pointer: str
    code: str
    detail: str


def faults(
    question: Question, today: date, used: Mapping[str, frozenset[str]]
) -> tuple[Fault, ...]:
    """Return what is wrong with what a question asks; nothing if it may be asked.

    `today` is the London day, `used` the scope words of the register by dimension.
    """
    return (
        *_identifier_faults(question),
        *_trainer_faults(question),
        *_date_faults(question, today),
        *_scope_faults(question, used),
        *_count_fault("/evidence", question.evidence or (), MOST_EVIDENCE),
        *_text_fault("/reference", question.reference, LONGEST_REFERENCE),
    )


def _identifier_faults(question: Question) -> Iterator[Fault]:
    given = question.providers
    if not 1 <= len(given) <= MOST_IDENTIFIERS:
        detail = f"gives {len(given)} identifiers: give between 1 and {MOST_IDENTIFIERS}"
        yield Fault("/provider", "out_of_range", detail)
    for i, identifier in enumerate(given[:MOST_IDENTIFIERS]):
        one = isinstance(question.provider, Identifier)
        yield from _form_fault("/provider" if one else f"/provider/{i}", identifier)
    programme = question.programme
    as_scheme = Scheme.REGISTER if programme.scheme is ProgrammeScheme.REGISTER else Scheme.NAME
    yield from _form_fault("/programme", Identifier(as_scheme, programme.value))
    if question.delivered_by:
        yield from _form_fault("/deliveredBy", question.delivered_by)


def _trainer_faults(question: Question) -> Iterator[Fault]:
    trainer = question.trainer
    if trainer:
        by_number = trainer.scheme is TrainerScheme.AUTHORISATION
        as_scheme = Scheme.CERTIFICATE if by_number else Scheme.REGISTER
        yield from _form_fault("/trainer", Identifier(as_scheme, trainer.value))
        yield from _text_fault("/trainer/familyName", trainer.family_name)


def _form_fault(pointer: str, identifier: Identifier) -> Iterator[Fault]:
    reason = ill_formed(identifier.scheme, identifier.value)
    if reason:
        yield Fault(f"{pointer}/value", "ill_formed", reason)


def _text_fault(pointer: str, text: str | UnsetType, longest: int = 300) -> Iterator[Fault]:
    reason = None if text is UNSET else unfit_text(text, longest)
    if reason:
        yield Fault(pointer, "ill_formed", reason)


def _count_fault(pointer: str, given: Sequence[object], most: int) -> Iterator[Fault]:
    if len(given) > most:
        yield Fault(pointer, "out_of_range", f"gives {len(given)}: give at most {most}")


def _date_faults(question: Question, today: date) -> Iterator[Fault]:
    on = question.delivered_on
    if on is not UNSET and abs(on.year - today.year) > YEARS_AROUND_TODAY:
        detail = f"{on} is more than {YEARS_AROUND_TODAY} years from today"
        yield Fault("/deliveredOn", "out_of_range", detail)


def knowledge_faults(question: Question, now: datetime) -> Iterator[Fault]:
    """Return what is wrong with the clocks of a question asked at an instant (UTC)."""
    at = question.known_at
    if at and at > now:
        detail = f"{at.isoformat()} is still to come: nothing is known then yet"
        yield Fault("/knownAt", "out_of_range", detail)
    elif at and now.year - at.year > YEARS_AROUND_TODAY:
        detail = f"{at.isoformat()} is more than {YEARS_AROUND_TODAY} years ago"
        yield Fault("/knownAt", "out_of_range", detail)
    try:
        oldest = question.oldest
    except (ValueError, OverflowError):
        detail = "is not an ISO 8601 duration such as P1D or PT12H, or is too long a one"
        yield Fault("/maxAge", "ill_formed", detail)
    else:
        if oldest is not None and oldest <= timedelta(0):
            yield Fault("/maxAge", "out_of_range", "is no time at all: nothing would be fresh")


def _scope_faults(question: Question, used: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    scope = question.scope or Scope()
    modules = scope.modules or ()
    yield from _count_fault("/scope/modules", modules, MOST_MODULES)
    asked = (
        ("/scope/setting", scope.setting, SETTINGS, "settings"),
        ("/scope/nation", scope.nation, NATIONS, "nations"),
        ("/scope/population", scope.population, POPULATIONS, "populations"),
        *(
            (f"/scope/modules/{i}", module, MODULES, "modules")
            for i, module in enumerate(modules[:MOST_MODULES])
        ),
    )
    for pointer, word, known, dimension in asked:
        if word is not UNSET and word not in known and word not in used.get(dimension, ()):
            detail = f"{word[:80]!a} is neither a known word nor used in the register: one of {', '.join(known)}"
            yield Fault(pointer, "unknown_word", detail)
