"""What a person decides: to go ahead all the same, and to look again at what was held up. Pure, and never changed.

An override holds only for what its person saw. It names each question that was not permitted, by line and fingerprint,
with its outcome and the codes of its reasons. Another trainer or another day makes another question, and a graver
outcome or a new reason is one that nobody has decided about: each needs an override of its own. That goes for an outage
too: who lets a line pass because the service is down has not decided about a fail that it tells the day after.

A line whose record is incomplete can be overridden, for work must be able to go on, and records that can't would be
filled with inventions. What is lacking stands in the override, and once it is filled in, the question is another one
and is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol, Self

from trivet_client.gate.outcomes import Outcome, QuestionDecision
from trivet_client.gate.sealed import Stored, Unreadable, sealed, unsealed, utc

SHORTEST, LONGEST, VARIETY = 10, 1000, 5
"""How many letters and digits a reason has at least, how long it is at most, how many different letters it has."""

_OVERRIDE, _REVIEW = "trivet-override", "trivet-review"
_PERSON = ("id", "name")
_COVERED = ("line", "fingerprint", "outcome", "codes", "verification")


class Judged(Protocol):
    """A line that was decided, as far as a person decides about it."""

    @property
    def key(self) -> str:
        """The host's own name for it."""

    @property
    def questions(self) -> Sequence[QuestionDecision]:
        """What came of each question."""


@dataclass(frozen=True)
class Person:
    """A member of the host's staff, as the host knows and shows them."""

    id: str
    name: str

    def __post_init__(self) -> None:
        for value in (self.id, self.name):
            if not value.strip() or len(value) > 200:
                raise ValueError("a person has an id and a name of at most 200 characters")


@dataclass(frozen=True)
class Covered:
    """One question that was not permitted, as the person who decided saw it."""

    line: str
    fingerprint: str
    outcome: Outcome
    codes: tuple[str, ...]
    verification: str | None
    """The id of the answer; None where there was none."""

    def covers(self, line: str, question: QuestionDecision) -> bool:
        """Tell whether this person saw all that stands against a question now."""
        if (line, question.fingerprint) != (self.line, self.fingerprint):
            return False
        return not question.outcome.outweighs(self.outcome) and question.codes <= set(self.codes)


@dataclass(frozen=True, kw_only=True)
class Override:
    """A person's decision that lines go ahead although they were not permitted, and why.

    Raises:
        ValueError: the reason says nothing or too much, `at` has no offset from UTC, or nothing is overridden.
    """

    reason: str
    person: Person
    at: datetime
    covers: tuple[Covered, ...]
    expires_on: date | None = None
    """The last day on which it holds, by the time zone of the `now` that a gate is given."""

    def __post_init__(self) -> None:
        _check(self.reason, self.covers)
        object.__setattr__(self, "at", utc(self.at, "at"))

    @property
    def lines(self) -> tuple[str, ...]:
        """The keys of the lines that it is about."""
        return tuple(dict.fromkeys(covered.line for covered in self.covers))

    def holds_for(self, line: str, questions: Iterable[QuestionDecision], now: datetime) -> bool:
        """Tell whether it permits a line: in force now, and every question that is not permitted is covered."""
        if self.at > now or (self.expires_on and now.date() > self.expires_on):
            return False
        return all(
            any(covered.covers(line, question) for covered in self.covers)
            for question in questions
            if not question
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as a host stores it: plain JSON."""
        expires = self.expires_on and self.expires_on.isoformat()
        return sealed(_OVERRIDE, {**_written(self), "expires_on": expires})

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote.

        Raises:
            Unreadable: it is anything else, changed, or of another version. It then permits nothing.
        """
        found = unsealed(_OVERRIDE, stored, cls.__dataclass_fields__)
        try:
            return cls(**_read(found), expires_on=found.maybe("expires_on", found.day))
        except ValueError as error:
            raise Unreadable(str(error)) from error


class Conclusion(Enum):
    """What a review came to."""

    UPHELD = "upheld"
    REVERSED = "reversed"


@dataclass(frozen=True, kw_only=True)
class Review:
    """A person's second look at lines that were held up on account of a trainer.

    Reversed, it has an override, which is what permits; so there is one way past a gate and not two.

    Raises:
        ValueError: as for `Override`; or it is reversed and overrides nothing, or upheld and overrides something.
    """

    conclusion: Conclusion
    reason: str
    person: Person
    at: datetime
    covers: tuple[Covered, ...]
    override: Override | None = None

    def __post_init__(self) -> None:
        _check(self.reason, self.covers)
        object.__setattr__(self, "at", utc(self.at, "at"))
        if (self.conclusion is Conclusion.REVERSED) != (self.override is not None):
            raise ValueError("a review that reverses overrides, and one that upholds does not")

    def to_dict(self) -> dict[str, Any]:
        """Return it as a host stores it: plain JSON."""
        override = self.override and self.override.to_dict()
        fields = {**_written(self), "conclusion": self.conclusion.value, "override": override}
        return sealed(_REVIEW, fields)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote.

        Raises:
            Unreadable: it is anything else, changed, or of another version.
        """
        found = unsealed(_REVIEW, stored, cls.__dataclass_fields__)
        try:
            return cls(
                **_read(found),
                conclusion=Conclusion(found.text("conclusion")),
                override=found.maybe("override", lambda name: Override.from_dict(found.raw(name))),
            )
        except ValueError as error:
            raise Unreadable(str(error)) from error


def override(
    lines: Iterable[Judged],
    *,
    reason: str,
    by: Person,
    at: datetime,
    expires_on: date | None = None,
) -> Override:
    """Return a person's decision to go ahead with lines that are not permitted; a whole decision is such lines too.

    Raises:
        ValueError: nothing was held up; the reason says nothing or too much; `at` has no offset from UTC.
    """
    covers = tuple(_seen(lines))
    return Override(reason=reason, person=by, at=at, covers=covers, expires_on=expires_on)


def review(
    lines: Iterable[Judged],
    *,
    conclusion: Conclusion,
    reason: str,
    by: Person,
    at: datetime,
    expires_on: date | None = None,
) -> Review:
    """Return a person's second look at those of the lines that concern a trainer; reversed, it overrides them.

    Raises:
        ValueError: none of the lines concerns a trainer; else as for `override`.
    """
    concerned = [line for line in lines if concerns_trainer(line)]
    reversed_by = (
        override(concerned, reason=reason, by=by, at=at, expires_on=expires_on)
        if conclusion is Conclusion.REVERSED
        else None
    )
    return Review(
        conclusion=conclusion,
        reason=reason,
        person=by,
        at=at,
        covers=tuple(_seen(concerned)),
        override=reversed_by,
    )


def concerns_trainer(line: Judged) -> bool:
    """Tell whether a line is held up on account of a trainer: a host then has to offer that a person looks again.

    That is where a reason is about a trainer who is named, or nothing could be said of one. A line without a trainer
    concerns none.
    """
    return any(_about_trainer(question) for question in line.questions if not question)


def _about_trainer(question: QuestionDecision) -> bool:
    if question.lacks:
        return any(lack.field == "trainers" for lack in question.lacks)
    if question.trainer is None:
        return False
    return question.outcome is Outcome.NOT_VERIFIED or any(
        reason.about_trainer for reason in question.reasons
    )


def _seen(lines: Iterable[Judged]) -> Iterable[Covered]:
    for line in lines:
        for question in line.questions:
            if not question:
                yield Covered(
                    line=line.key,
                    fingerprint=question.fingerprint,
                    outcome=question.outcome,
                    codes=tuple(sorted(question.codes)),
                    verification=question.kept.verification if question.kept else None,
                )


def _check(reason: str, covers: Sequence[Covered]) -> None:
    said = [each for each in reason.casefold() if each.isalnum()]
    if len(said) < SHORTEST or len(set(said)) < VARIETY:
        raise ValueError(f"give a reason that says something, of at least {SHORTEST} letters")
    if len(reason) > LONGEST:
        raise ValueError(f"give a reason of at most {LONGEST} characters")
    if not covers:
        raise ValueError("nothing here was held up")


def _written(decided: Override | Review) -> dict[str, Any]:
    return {
        "reason": decided.reason,
        "person": {"id": decided.person.id, "name": decided.person.name},
        "at": decided.at.isoformat(),
        "covers": [
            {
                "line": covered.line,
                "fingerprint": covered.fingerprint,
                "outcome": covered.outcome.value,
                "codes": list(covered.codes),
                "verification": covered.verification,
            }
            for covered in decided.covers
        ],
    }


def _read(found: Stored) -> dict[str, Any]:
    person = Stored(found.raw("person"), _PERSON)
    return {
        "reason": found.text("reason"),
        "person": Person(person.text("id"), person.text("name")),
        "at": found.instant("at"),
        "covers": tuple(_read_covered(each) for each in found.each("covers")),
    }


def _read_covered(stored: object) -> Covered:
    found = Stored(stored, _COVERED)
    return Covered(
        line=found.text("line"),
        fingerprint=found.text("fingerprint"),
        outcome=Outcome(found.text("outcome")),
        codes=found.texts("codes"),
        verification=found.maybe("verification", found.text),
    )
