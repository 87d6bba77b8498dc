"""What a question asks about, in words for pages and letters. A trainer appears by reference or number, not by name."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from trivet.register.identifiers import Identifier, Scheme
from trivet.verification.question import ProgrammeScheme, Scope, TrainerReference, TrainerScheme
from trivet.verification.requirements import MODULES, NATIONS, POPULATIONS, SETTINGS

_SCHEMES: dict[StrEnum, str] = {
    Scheme.CERTIFICATE: "certificate",
    Scheme.REGISTER: "register id",
    Scheme.ODS: "ODS code",
    Scheme.COMPANIES_HOUSE: "company number",
    Scheme.UKPRN: "UKPRN",
    Scheme.CHARITY: "charity number",
    Scheme.NAME: "name",
    ProgrammeScheme.TITLE: "title",
    TrainerScheme.AUTHORISATION: "authorisation",
}


def named(scheme: StrEnum, value: str) -> str:
    """Return an identifier with what sort it is, as it stands in a table."""
    return f"{_SCHEMES[scheme]}: {value}"


def called(scheme: StrEnum, value: str) -> str:
    """Return an identifier with what sort it is, as it stands in a sentence."""
    return f"{_SCHEMES[scheme]} {value}"


def trainer_named(trainer: TrainerReference | None) -> str:
    """Return by what the trainer was asked for."""
    return named(trainer.scheme, trainer.value) if trainer else "none named"


def deliverer_named(organisation: Identifier | None) -> str:
    """Return which organisation was said to deliver."""
    return named(organisation.scheme, organisation.value) if organisation else "the provider"


def scope_wanted(scope: Scope) -> Iterator[str]:
    """Yield what the training is wanted for."""
    asked = (
        ("setting", scope.setting, SETTINGS),
        ("nation", scope.nation, NATIONS),
        ("population", scope.population, POPULATIONS),
        *(("module", module, MODULES) for module in scope.modules or ()),
    )
    yield from (f"{label}: {known.get(word, word)}" for label, word, known in asked if word)


def day_in_words(day: date) -> str:
    """Return a day as letters have it."""
    return f"{day.day} {day:%B %Y}"
