"""What people read of a line: the outcome, then what stands against it, leg by leg. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from trivet_client.gate.outcomes import Outcome, QuestionDecision
from trivet_client.gate.overrides import Override
from trivet_client.gate.words import Message, message


def told(
    outcome: Outcome,
    questions: Sequence[QuestionDecision],
    override: Override | None,
    day: str,
    now: datetime,
) -> Iterator[Message]:
    """Yield the sentences about a line for a day, each once."""
    against = [question for question in questions if not question]
    yield _headline(outcome, questions, day, now)
    said: list[Message] = []
    for each in _each(outcome, against):
        if each not in said:
            said.append(each)
            yield each
    if override is not None:
        yield message("overridden", person=override.person.name, day=override.at.date())


def _headline(
    outcome: Outcome, questions: Sequence[QuestionDecision], day: str, now: datetime
) -> Message:
    if outcome is Outcome.PERMITTED:
        return _permitted(questions, day, now)
    if outcome is Outcome.NOT_VERIFIED:
        cause = next(q.cause for q in questions if q.outcome is Outcome.NOT_VERIFIED)
        return message(outcome.value, day=day, cause=cause)
    if outcome is Outcome.INCOMPLETE:
        return message(outcome.value)
    return message(outcome.value, day=day)


def _permitted(questions: Sequence[QuestionDecision], day: str, now: datetime) -> Message:
    old = [question for question in questions if question.from_kept]
    if old:
        oldest = max(old, key=lambda question: question.age or timedelta(0))
        return message("permitted_kept", day=day, cause=oldest.cause, age=oldest.age)
    ahead = date.fromisoformat(day) > now.date()
    as_of = min(question.kept.register_as_of for question in questions if question.kept)
    return message("permitted_ahead" if ahead else "permitted", day=day, as_of=as_of)


def _each(outcome: Outcome, against: Iterable[QuestionDecision]) -> Iterator[Message]:
    for question in against:
        for lack in question.lacks:
            yield message(lack.code, field=lack.field)
        if question.outcome is Outcome.NOT_VERIFIED and outcome is not Outcome.NOT_VERIFIED:
            leg = "trainer" if question.trainer else "training"
            yield message("unanswered", leg=leg, trainer=question.trainer, cause=question.cause)
        for reason in question.reasons:
            yield message(
                "reason",
                leg=reason.element or "evidence",
                trainer=question.trainer if reason.about_trainer else None,
                code=reason.code,
                text=reason.text,
            )
        if question.from_kept and question.kept:
            yield message("kept", checked=question.kept.checked_at, cause=question.cause)
