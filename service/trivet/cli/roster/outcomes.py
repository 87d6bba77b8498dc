"""What an output says of each line: the outcome, why, until when, and what to do next. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from trivet.cli.roster.sessions import Session
from trivet_client.gate import LineDecision, Outcome, QuestionDecision, concerns_trainer

ADDED = ("outcome", "why", "valid_until", "next", "note", "as_of", "verification")
"""The columns that an output has behind those of the input."""

WORDS: Mapping[Outcome, str] = {
    Outcome.PERMITTED: "permitted",
    Outcome.REFUSED: "refused",
    Outcome.NOT_CONFIRMED: "not confirmed",
    Outcome.INCOMPLETE: "incomplete",
    Outcome.NOT_VERIFIED: "could not be verified",
}

REFUSED, IN_DOUBT, ENDING = 1, 2, 4
"""Exit statuses: a line is refused; one is in doubt, and none refused; all are permitted, and one ends soon."""

_COMPLETE = "Complete your own record or the mapping, and run it again."
_AGAIN = "Run it again later: until then nothing is known either way."
_REVIEW = "This is about a trainer: a person looks again, with what the trainer shows, before anything is decided."
_RENEWAL = "It ends soon: ask about the renewal."


@dataclass(frozen=True)
class Found:
    """What came of a line."""

    session: Session
    outcome: Outcome
    why: str
    valid_until: date | None
    """The last day (Europe/London) on which all of what is permitted goes on holding, as far as ends are recorded."""
    ending: bool
    """Whether that is soon."""
    next: tuple[str, ...]
    caveats: tuple[str, ...]
    as_of: datetime | None
    verifications: tuple[Mapping[str, Any], ...]
    review: bool
    """Whether a person should be offered to look again, because a trainer is concerned."""

    def cells(self) -> list[str]:
        """Return the added cells."""
        return [
            self.outcome.value,
            self.why,
            self.valid_until.isoformat() if self.valid_until else "",
            " ".join(self.next),
            " ".join(self.caveats),
            _instant(self.as_of),
            " ".join(each["id"] for each in self.verifications),
        ]

    def document(self, columns: Sequence[str]) -> dict[str, Any]:
        """Return it for machines, with the cells of the row that an output may show."""
        shown = dict(zip(columns, map(_plain, self.session.row.cells), strict=False))
        return {
            "row": self.session.row.number,
            "shown": shown,
            "course": self.session.course,
            "deliveredOn": str(self.session.line.delivered_on) or None,
            "outcome": self.outcome.value,
            "permitted": bool(self.outcome),
            "why": self.why,
            "validUntil": self.valid_until.isoformat() if self.valid_until else None,
            "ending": self.ending,
            "next": list(self.next),
            "review": self.review,
            "caveats": list(self.caveats),
            "asOf": _instant(self.as_of) or None,
            "verifications": list(self.verifications),
        }


def found(session: Session, decision: LineDecision, soon: date | None) -> Found:
    """Return what came of a line; what holds no longer than `soon`, if that is given, ends soon."""
    kept = [question.kept for question in decision.questions if question.kept]
    ends = [each.valid_until for each in kept if each.valid_until]
    until = min(ends) if ends and decision else None
    ending = bool(soon and until and until <= soon)
    review = concerns_trainer(decision)
    return Found(
        session=session,
        outcome=decision.outcome,
        why=" ".join([decision.words, *session.faults]),
        valid_until=until,
        ending=ending,
        next=tuple(dict.fromkeys(_next(decision, ending=ending, review=review))),
        caveats=decision.caveats,
        as_of=min((each.register_as_of for each in kept), default=None),
        verifications=tuple(_verifications(decision.questions)),
        review=review,
    )


def status(counted: Counter[Outcome], *, ending: bool) -> int:
    """Return the exit status for so many lines of each outcome."""
    if counted[Outcome.REFUSED]:
        return REFUSED
    if counted.total() > counted[Outcome.PERMITTED]:
        return IN_DOUBT
    return ENDING if ending else 0


def summary(counted: Counter[Outcome]) -> str:
    """Return how many lines came out how, in words."""
    return ", ".join(f"{counted[outcome]} {word}" for outcome, word in WORDS.items())


def _next(decision: LineDecision, *, ending: bool, review: bool) -> Iterator[str]:
    if ending:
        yield _RENEWAL
    for question in decision.questions:
        if question.outcome is Outcome.INCOMPLETE:
            yield _COMPLETE
        elif question.outcome is Outcome.NOT_VERIFIED:
            yield _AGAIN
        elif not question and question.answer is not None:
            for step in question.answer.next_steps:
                where = [part for part in (step.contact, step.url) if part]
                yield f"{step.text} ({', '.join(where)})" if where else step.text
    if review and decision.outcome in (Outcome.REFUSED, Outcome.NOT_CONFIRMED):
        yield _REVIEW


def _verifications(questions: Iterable[QuestionDecision]) -> Iterator[Mapping[str, Any]]:
    for question in questions:
        if question.kept:
            kept = question.kept
            yield {
                "id": kept.verification,
                "trainer": question.trainer,
                "verdict": kept.verdict.value,
                "reasons": list(dict.fromkeys(reason.code for reason in kept.reasons)),
                "validUntil": kept.valid_until.isoformat() if kept.valid_until else None,
            }


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str | int | bool) or cell is None else str(cell)


def _instant(instant: datetime | None) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if instant else ""
