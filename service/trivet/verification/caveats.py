"""What an answer says beside the verdict, so that it is not taken for more than it is (R11, R25, R31)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from trivet.register.records import VouchedBy
from trivet.verification.reasons import Verdict
from trivet.verification.rules import Judgement

_UNOFFICIAL = (
    "This is an unofficial mirror of the register of {publishers} as of {as_of}. It is neither "
    "the certification body nor the Restraint Reduction Network, and it says what it knew, not more."
)
_TRAINING_NOT_PRACTICE = (
    "A pass says that the training was certified. "
    "It does not say that practice in the service is good."
)
_DERIVED = (
    "No end of the provider's certificate is published: three years from its start are assumed, "
    "or the term that the source states."
)
_AHEAD = (
    "This is for a day to come, as recorded now. "
    "Ask again before the training is delivered: what is recorded may change."
)


DECLARED = (
    "Part of this rests on the provider's own word alone, which this account has chosen to accept. "
    "Nobody but the provider vouches for it."
)


def is_declared(judgement: Judgement) -> bool:
    """Say whether an element that holds rests on the provider's own word alone (R10)."""
    return any(
        element.verdict is Verdict.PASS and element.provenance is VouchedBy.PROVIDER_DECLARED
        for element in judgement.elements
    )


def caveats(
    judgement: Judgement, on: date, today: date, publishers: Iterable[str], as_of: datetime
) -> Iterator[str]:
    """Return the sentences that go with an answer; `on` and `today` are London days, `as_of` is UTC."""
    if judgement.verdict is Verdict.PASS:
        yield _TRAINING_NOT_PRACTICE
        if on > today:
            yield _AHEAD
    if any(element.derived for element in judgement.elements):
        yield _DERIVED
    yield _UNOFFICIAL.format(
        publishers=", ".join(dict.fromkeys(publishers)), as_of=as_of.date().isoformat()
    )
