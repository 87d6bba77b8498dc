"""How a question, and a line of questions, comes out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from trivet_client.answers import Answer
from trivet_client.gate.kept import Kept, KeptReason
from trivet_client.gate.lines import Lack


class Outcome(Enum):
    """What came of a question or a line. Only `PERMITTED` is true."""

    PERMITTED = "permitted"
    """Every question was answered `pass`."""
    NOT_VERIFIED = "not_verified"
    """No answer could be had, and nothing kept stands in. Neither a fail nor a pass."""
    INCOMPLETE = "incomplete"
    """The host's own record lacks something, or has it in no form that can be asked about."""
    NOT_CONFIRMED = "not_confirmed"
    """A question was answered `cannot_confirm`, and none `fail`. Not a finding against anybody."""
    REFUSED = "refused"
    """A question was answered `fail`."""

    def __bool__(self) -> bool:
        return self is Outcome.PERMITTED

    def outweighs(self, other: "Outcome") -> bool:
        """Tell whether this says more against going ahead; a line comes out as its gravest question does."""
        order = list(Outcome)
        return order.index(self) > order.index(other)


@dataclass(frozen=True, kw_only=True)
class QuestionDecision:
    """What came of one question of a line. It is true only if permitted."""

    fingerprint: str
    trainer: str | None
    """The trainer asked about, by reference; None where none is named."""
    outcome: Outcome
    kept: Kept | None = None
    """The answer as a host keeps it: the one that came now, or the one from before that stands in."""
    from_kept: bool = False
    """Whether the answer is one from before, for none could be had now."""
    age: timedelta | None = None
    """How old the answer is, where it did not come now: it stands in, or was fresh enough not to be asked for again."""
    answer: Answer | None = field(default=None, repr=False)
    """What was answered now, whole: with its next steps and letters. It is not stored."""
    lacks: tuple[Lack, ...] = ()
    cause: str | None = None
    """Why no answer could be had now: a code of `words.CAUSES`."""

    def __bool__(self) -> bool:
        return bool(self.outcome)

    @property
    def reasons(self) -> tuple[KeptReason, ...]:
        """Why it is not permitted, as it was answered."""
        return self.kept.reasons if self.kept else ()

    @property
    def codes(self) -> frozenset[str]:
        """What speaks against it: the codes of reasons, and the fields that are lacking."""
        return frozenset(self._codes())

    def _codes(self) -> Iterator[str]:
        yield from (reason.code for reason in self.reasons)
        yield from (f"{lack.field}_{lack.code}" for lack in self.lacks)
