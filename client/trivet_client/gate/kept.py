"""An answer as a host keeps it, for the day on which the service can't be asked. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self

from trivet_api.models import Verdict
from trivet_client.answers import Answer
from trivet_client.gate.sealed import (
    Stored,
    Unreadable,
    maybe_blank,
    sealed,
    text,
    unsealed,
    utc,
)

_KIND = "trivet-kept-verdict"
_DAY = timedelta(days=1)
_ABOUT_A_TRAINER = frozenset({"associate_outside_own_organisation"})
_REASON = ("code", "element", "text")


@dataclass(frozen=True)
class KeptReason:
    """Why: a stable code, the element it is about (None for what was offered as evidence), and the sentence."""

    code: str
    element: str | None
    text: str

    @property
    def about_trainer(self) -> bool:
        """Whether it is about a person: the trainer element, or where an associate may deliver (R7)."""
        return self.element == "trainer" or self.code in _ABOUT_A_TRAINER


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was answered to one question. It bears no name of a person; see the package for what is kept and why."""

    fingerprint: str
    verification: str
    """The id under which the service keeps the answer."""
    verdict: Verdict
    reasons: tuple[KeptReason, ...]
    delivered_on: date
    valid_until: date | None
    """After a pass, the last day on which all of it goes on holding, as far as ends are recorded."""
    checked_at: datetime
    register_as_of: datetime
    caveats: tuple[str, ...]
    receipt: str = field(repr=False)

    @classmethod
    def from_answer(cls, fingerprint: str, answer: Answer) -> Self:
        """Keep what was answered to the question of a fingerprint.

        Raises:
            Unreadable: a part of the answer is not what the contract says.
        """
        return cls(
            fingerprint=fingerprint,
            verification=text(answer.id, "id"),
            verdict=answer.verdict,
            reasons=tuple(
                KeptReason(text(r.code, "code"), _element(r.element), text(r.text, "text"))
                for r in answer.reasons
            ),
            delivered_on=answer.delivered_on,
            valid_until=_valid_until(answer),
            checked_at=utc(answer.checked_at, "checkedAt"),
            register_as_of=utc(answer.register.as_of, "asOf"),
            caveats=tuple(text(each, "caveats") for each in answer.caveats),
            receipt=maybe_blank(answer.receipt, "receipt"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as a host stores it: plain JSON."""
        return sealed(
            _KIND,
            {
                "fingerprint": self.fingerprint,
                "verification": self.verification,
                "verdict": self.verdict.value,
                "reasons": [asdict(reason) for reason in self.reasons],
                "delivered_on": self.delivered_on.isoformat(),
                "valid_until": self.valid_until and self.valid_until.isoformat(),
                "checked_at": self.checked_at.isoformat(),
                "register_as_of": self.register_as_of.isoformat(),
                "caveats": list(self.caveats),
                "receipt": self.receipt,
            },
        )

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote.

        Raises:
            Unreadable: it is anything else, changed, or of another version. It is then no verdict.
        """
        found = unsealed(_KIND, stored, cls.__dataclass_fields__)
        verdict = found.text("verdict")
        if verdict not in [each.value for each in Verdict]:
            raise Unreadable("verdict is no word that is known")
        return cls(
            fingerprint=found.text("fingerprint"),
            verification=found.text("verification"),
            verdict=Verdict(verdict),
            reasons=tuple(_reason(each) for each in found.each("reasons")),
            delivered_on=found.day("delivered_on"),
            valid_until=found.maybe("valid_until", found.day),
            checked_at=found.instant("checked_at"),
            register_as_of=found.instant("register_as_of"),
            caveats=found.texts("caveats"),
            receipt=found.maybe_blank("receipt"),
        )


def _reason(stored: object) -> KeptReason:
    found = Stored(stored, _REASON)
    return KeptReason(found.text("code"), found.maybe("element", found.text), found.text("text"))


def _element(element: object) -> str | None:
    return None if element is None else str(text(element, "element"))


def _valid_until(answer: Answer) -> date | None:
    ends = [judged.valid_to for judged in answer.elements if judged.valid_to is not None]
    if not all(isinstance(end, date) for end in ends):
        raise Unreadable("validTo is no day")
    return min(ends) - _DAY if answer.passed and ends else None
