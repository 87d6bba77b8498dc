"""Answers: the generated shapes, with a truth value that only a pass has."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from trivet_api.models import Element, ElementAnswer, Question, Verdict, Verification

T = TypeVar("T", bound="Answer")

ALWAYS_JUDGED = frozenset(Element) - {Element.SCOPE}
"""The elements that every verdict is made of; scope only where it was asked about."""


def _is_pass(verdict: Verdict) -> bool:
    return verdict is Verdict.PASS


# Every word is true to Python, "fail" as well, and `if answer.verdict:` must not open a gate.
Verdict.__bool__ = _is_pass  # type: ignore[method-assign, assignment]


class Answer(Verification):
    """One question answered. It is true only for `pass`: nothing else is permission."""

    document: Mapping[str, Any]
    """The answer as it came, read from its JSON."""

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"Answer({self.id}: {self.verdict.value} for {self.delivered_on})"

    @property
    def passed(self) -> bool:
        """Certified on the date, and the only permission there is."""
        return self.verdict is Verdict.PASS

    @property
    def failed(self) -> bool:
        """Not certified on the date."""
        return self.verdict is Verdict.FAIL

    @property
    def unconfirmed(self) -> bool:
        """Not to be determined from the mirror; neither permission nor a finding against the provider."""
        return self.verdict is Verdict.CANNOT_CONFIRM

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Read an answer from its JSON.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is not what the contract says.
        """
        answer = super().from_dict(src_dict)
        answer.document = src_dict
        if ALWAYS_JUDGED - {judged.element for judged in answer.elements}:
            raise ValueError("an element was not judged")
        if answer.verdict is not made_of(answer.elements):
            raise ValueError("the verdict is not what its elements make")
        return answer


def confirm_asked(answer: Answer, asked: Question) -> None:
    """Raise ValueError for an answer to another question, as far as answers tell what was asked."""
    if asked.delivered_on and answer.delivered_on != asked.delivered_on:
        raise ValueError("the answer is for another day")
    if asked.reference and answer.reference != asked.reference:
        raise ValueError("the answer bears another reference")


def made_of(elements: Iterable[ElementAnswer]) -> Verdict:
    """Return what verdicts make together (R1): a fail outweighs a doubt, a doubt outweighs a pass."""
    verdicts = {judged.verdict for judged in elements}
    for outweighing in (Verdict.FAIL, Verdict.CANNOT_CONFIRM):
        if outweighing in verdicts:
            return outweighing
    return Verdict.PASS
