"""Asking a service from the command line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from trivet.cli import CouldNot
from trivet.cli.calling import calling

if TYPE_CHECKING:
    from trivet_client import Answer

STATUSES = {"pass": 0, "fail": 1, "cannot_confirm": 2}
"""The exit status of each verdict; a question that could not be asked is none of them."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Scope:
    """For what the training is wanted."""

    setting: str | None = None
    """The setting, such as mental_health_unit."""
    nation: str | None = None
    """The nation, such as england."""
    population: str | None = None
    """The population, such as adults."""
    module: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """A specialist module, such as seclusion; once for each."""

    def as_asked(self) -> dict[str, Any] | None:
        """Return what was given of it, None if nothing was."""
        words = {"setting": self.setting, "nation": self.nation, "population": self.population}
        given: dict[str, Any] = {name: word for name, word in words.items() if word is not None}
        if self.module:
            given["modules"] = list(self.module)
        return given or None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who trains whom, in what, when."""

    provider: Annotated[list[str], Parameter(negative="")] = field(default_factory=list)
    """The provider as scheme:value, such as certificate:EX-1; again for further identifiers, which must agree."""
    programme: str | None = None
    """The programme as scheme:value, such as register:ex-1."""
    trainer: str | None = None
    """The trainer as scheme:value, such as authorisation:A-1. Without one nothing can pass."""
    family_name: str | None = None
    """The trainer's family name, which must match."""
    on: str | None = None
    """The day of the training, such as 2026-03-12; today by default. Days are those of Europe/London."""
    delivered_by: str | None = None
    """The organisation that delivers, as scheme:value; the provider by default."""
    known_at: str | None = None
    """Answer by what the mirror knew at this instant, such as 2026-03-01T09:00:00Z; now by default."""
    max_age: str | None = None
    """How old a source may be, such as P1D, where that is stricter than the source's own limit."""
    evidence: Annotated[
        tuple[
            Literal[
                "certificate",
                "membership",
                "aligned",
                "legacy_scheme",
                "train_the_trainer",
                "application",
            ],
            ...,
        ],
        Parameter(negative=""),
    ] = ()
    """What the supplier offered as proof; once for each."""
    reference: str | None = None
    """Your own reference, such as an order number."""
    purpose: Literal["award", "order", "delivery", "audit", "other"] | None = None
    """What the answer is wanted for; the key's own purpose by default."""


def verify(
    *,
    asked: Asked = Asked(),
    scope: Scope = Scope(),
    json: Annotated[bool, Parameter(negative="")] = False,
    letters: Annotated[bool, Parameter(negative="")] = False,
    reproduce: Path | None = None,
    jwks: str | None = None,
) -> int:
    """Ask the service at TRIVET_URL, with the key TRIVET_API_KEY, whether training is certified.

    The exit status is 0 for pass, 1 for fail, 2 for cannot confirm and 3 where it could not be asked.
    Only 0 is permission.

    Parameters
    ----------
    json
        Print the answer as it came.
    letters
        Print the letters, ready to send, by which body and provider are asked for what is missing.
    reproduce
        A receipt: verify it, ask its question again at its two clocks, and say whether the answer is the same (exit
        status 0), another (1) or could not be had (3). Give --family-name again if the question had one.
    jwks
        With --reproduce: the keys that the receipt verifies with, a file or an address; the service's by default.
    """
    if reproduce is not None:
        return _reproduce(reproduce, jwks, asked.family_name)
    if not asked.provider or not asked.programme:
        raise CouldNot("--provider and --programme are needed")
    answer = _ask(asked, scope)
    try:
        _write(answer, as_json=json, letters=letters)
    except (OSError, UnicodeError) as error:
        raise CouldNot(f"the answer {answer.id} could not be written: {error}") from error
    return STATUSES[answer.verdict]


def _ask(asked: Asked, scope: Scope) -> "Answer":
    with calling() as client:
        return client.verify(
            provider=asked.provider,
            programme=asked.programme or "",
            known_at=asked.known_at,
            max_age=asked.max_age,
            trainer=asked.trainer,
            family_name=asked.family_name,
            delivered_on=asked.on,
            delivered_by=asked.delivered_by,
            scope=scope.as_asked(),
            evidence=asked.evidence or None,
            reference=asked.reference,
            purpose=asked.purpose,
        )


def _reproduce(file: Path, jwks: str | None, family_name: str | None) -> int:
    from trivet.cli.receipts import read_receipt, reproduced

    receipt = read_receipt(file, jwks)
    with calling() as client:
        return reproduced(receipt, client, family_name)


def _write(answer: "Answer", *, as_json: bool, letters: bool) -> None:
    from json import dumps

    from trivet.cli.telling import Page, tell

    if as_json:
        Page().print(dumps(answer.document, ensure_ascii=False, indent=2))
    else:
        tell(answer, Page(), letters=letters)
