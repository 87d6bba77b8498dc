"""A line as a person is shown it, stored by the host: so that who decides later decides about what was seen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from trivet_client.gate.kept import Kept
from trivet_client.gate.lines import Lack
from trivet_client.gate.outcomes import Outcome, QuestionDecision
from trivet_client.gate.overrides import Judged
from trivet_client.gate.sealed import Stored, Unreadable, sealed, unsealed

_KIND = "trivet-shown-line"
_QUESTION = ("fingerprint", "trainer", "outcome", "kept", "from_kept", "lacks", "cause")
_LACK = ("field", "code")


@dataclass(frozen=True)
class Shown:
    """What came of a line, without the answers in full. `override` and `review` take it as they take a line."""

    key: str
    questions: tuple[QuestionDecision, ...]

    @classmethod
    def of(cls, line: Judged) -> Self:
        """Return what is stored of a line that was decided."""
        return cls(line.key, tuple(line.questions))

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Which questions it was made of, in order; see `lines.fingerprints`."""
        return tuple(question.fingerprint for question in self.questions)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """The answers that it rests on, those from before too, to be given to a gate as `kept`."""
        return tuple(question.kept for question in self.questions if question.kept)

    def to_dict(self) -> dict[str, Any]:
        """Return it as a host stores it: plain JSON."""
        return sealed(
            _KIND, {"key": self.key, "questions": [_written(each) for each in self.questions]}
        )

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote.

        Raises:
            Unreadable: it is anything else, changed, or of another version.
        """
        found = unsealed(_KIND, stored, cls.__dataclass_fields__)
        return cls(found.text("key"), tuple(_question(each) for each in found.each("questions")))


def _written(question: QuestionDecision) -> dict[str, Any]:
    return {
        "fingerprint": question.fingerprint,
        "trainer": question.trainer,
        "outcome": question.outcome.value,
        "kept": question.kept and question.kept.to_dict(),
        "from_kept": question.from_kept,
        "lacks": [{"field": lack.field, "code": lack.code} for lack in question.lacks],
        "cause": question.cause,
    }


def _question(stored: object) -> QuestionDecision:
    found = Stored(stored, _QUESTION)
    outcome = found.text("outcome")
    if outcome not in [each.value for each in Outcome]:
        raise Unreadable("outcome is no word that is known")
    return QuestionDecision(
        fingerprint=found.text("fingerprint"),
        trainer=found.maybe("trainer", found.text),
        outcome=Outcome(outcome),
        kept=found.maybe("kept", lambda name: Kept.from_dict(found.raw(name))),
        from_kept=found.raw("from_kept") is True,
        lacks=tuple(_lack(each) for each in found.each("lacks")),
        cause=found.maybe("cause", found.text),
    )


def _lack(stored: object) -> Lack:
    found = Stored(stored, _LACK)
    return Lack(found.text("field"), found.text("code"))
