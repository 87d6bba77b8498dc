"""From answers to a decision: which lines may go ahead. Pure, the clock is an argument."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trivet_api.models import Verdict
from trivet_client.answers import Answer
from trivet_client.batches import Result, RowProblem
from trivet_client.gate.kept import Kept
from trivet_client.gate.lines import Asking, Lack
from trivet_client.gate.outcomes import Outcome, QuestionDecision
from trivet_client.gate.overrides import Override
from trivet_client.gate.sealed import Unreadable
from trivet_client.gate.telling import told
from trivet_client.gate.words import Message

_BY_VERDICT = {
    Verdict.PASS: Outcome.PERMITTED,
    Verdict.FAIL: Outcome.REFUSED,
    Verdict.CANNOT_CONFIRM: Outcome.NOT_CONFIRMED,
}

_BAD_QUESTION = frozenset({"invalid_body", "invalid_question", "unknown_word", "unfit_text"})
"""Problems of a row that the host's record causes. Any other is the service's, one that is not known yet as well."""

_FIELD_OF = {
    "provider": "provider",
    "programme": "programme",
    "trainer": "trainers",
    "deliveredOn": "delivered_on",
    "deliveredBy": "delivered_by",
    "scope": "scope",
    "reference": "reference",
}


@dataclass(frozen=True, kw_only=True)
class LineDecision:
    """What came of a line. It is true if it is permitted, or overridden."""

    key: str
    outcome: Outcome
    questions: tuple[QuestionDecision, ...]
    override: Override | None
    """The override that lets it go ahead, where it is not permitted; the outcome stays what it is."""
    messages: tuple[Message, ...]
    """What people read, by code and parameters: the outcome, then what stands against it."""

    def __bool__(self) -> bool:
        return bool(self.outcome) or self.override is not None

    @property
    def words(self) -> str:
        """The messages in English, in one line."""
        return " ".join(message.text for message in self.messages)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What an answer says beside its verdict, to be shown with it; each once."""
        each = (caveat for q in self.questions if q.kept for caveat in q.kept.caveats)
        return tuple(dict.fromkeys(each))


@dataclass(frozen=True)
class Decision:
    """What came of all lines, in their order. It is true only if each may go ahead, and there is one."""

    lines: tuple[LineDecision, ...]

    def __bool__(self) -> bool:
        return bool(self.lines) and all(self.lines)

    def __iter__(self) -> Iterator[LineDecision]:
        return iter(self.lines)

    def __getitem__(self, key: str) -> LineDecision:
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What was answered now, for the host to store."""
        answered = (q for line in self.lines for q in line.questions if q.answer is not None)
        return tuple(q.kept for q in answered if q.kept)


@dataclass(frozen=True)
class Memory:
    """What a host kept, for how long a kept pass may stand in, and how old an answer is that is not asked for again."""

    kept: Sequence[Kept]
    kept_for: timedelta
    fresh_for: timedelta

    def fresh(self, asking: Asking, now: datetime) -> Kept | None:
        """Return the last answer to the same question if it is to be taken as it is; None where one is to be asked for.

        None is to a question with a family name, which may be another by now. `now` may be a little before the answer:
        it was taken before somebody else was answered, or by a clock that is slow.
        """
        if asking.named or not self.fresh_for:
            return None
        last = max(self._same(asking), key=_newest_and_gravest, default=None)
        return last if last and abs(now - last.checked_at) <= self.fresh_for else None

    def of(self, asking: Asking, now: datetime) -> Kept | None:
        """Return the last answer to the same question that says something for now; None if there is none.

        A pass may be too old, from the future, or of a question with a family name, which may be another by now. A fail
        or a doubt goes on speaking against it whatever its age: an outage is no way past it.
        """
        said = (
            kept
            for kept in self._same(asking)
            if kept.checked_at <= now or kept.verdict is not Verdict.PASS
        )
        last = max(said, key=_newest_and_gravest, default=None)
        if last is None or last.verdict is not Verdict.PASS:
            return last
        young = timedelta(0) < self.kept_for and now - last.checked_at <= self.kept_for
        return last if young and not asking.named else None

    def _same(self, asking: Asking) -> Iterator[Kept]:
        for kept in self.kept:
            asked = asking.question if kept.fingerprint == asking.fingerprint else None
            if asked is not None and kept.delivered_on == asked.delivered_on:
                yield kept


def judged(
    asking: Asking, result: Result | None, cause: str, memory: Memory, now: datetime
) -> QuestionDecision:
    """Return what came of a question; `cause` is why nothing came, where there is no result."""
    lacks = asking.lacks
    if not lacks and result is not None and result.answer is not None:
        answered = _answered(asking, result.answer)
        if answered is not None:
            return answered
        cause = "unexpected_answer"
    elif not lacks and result is not None and result.problem is not None:
        lacks, cause = _problem(result.problem)
    if lacks:
        return QuestionDecision(
            fingerprint=asking.fingerprint,
            trainer=asking.trainer,
            outcome=Outcome.INCOMPLETE,
            lacks=lacks,
        )
    return _from_memory(asking, cause, memory.of(asking, now), now)


def taken(asking: Asking, kept: Kept, now: datetime) -> QuestionDecision:
    """Return what came of a question that was not asked again, for its answer is fresh."""
    return QuestionDecision(
        fingerprint=asking.fingerprint,
        trainer=asking.trainer,
        outcome=_BY_VERDICT[kept.verdict],
        kept=kept,
        age=max(now - kept.checked_at, timedelta(0)),
    )


def decided(
    key: str,
    questions: Iterable[QuestionDecision],
    overrides: Iterable[Override],
    day: str,
    now: datetime,
) -> LineDecision:
    """Return what came of a line: as its gravest question did, unless a person decided otherwise."""
    questions = tuple(questions)
    outcome = Outcome.PERMITTED
    for question in questions:
        if question.outcome.outweighs(outcome):
            outcome = question.outcome
    holding = (each for each in overrides if each.holds_for(key, questions, now))
    override = None if outcome else next(holding, None)
    return LineDecision(
        key=key,
        outcome=outcome,
        questions=questions,
        override=override,
        messages=tuple(told(outcome, questions, override, day, now)),
    )


def _answered(asking: Asking, answer: Answer) -> QuestionDecision | None:
    """Return what an answer makes of its question; None for one that can't be an answer to it."""
    asked = asking.question
    if asked is None or answer.delivered_on != asked.delivered_on:
        return None
    if answer.reference != (asked.reference or None):
        return None
    try:
        kept = Kept.from_answer(asking.fingerprint, answer)
    except Unreadable:
        return None
    return QuestionDecision(
        fingerprint=asking.fingerprint,
        trainer=asking.trainer,
        outcome=_BY_VERDICT[answer.verdict],
        kept=kept,
        answer=answer,
    )


def _problem(problem: RowProblem) -> tuple[tuple[Lack, ...], str]:
    """Return what a record lacks, by what the service said of the row; else why it gave no answer."""
    if problem.code not in _BAD_QUESTION:
        spent = problem.code == "unknown_trainers_spent"
        return (), problem.code if spent else "not_taken"
    fields = dict.fromkeys(_field(error) for error in problem.errors) or {"record": None}
    return tuple(Lack(field, "ill_formed") for field in fields), ""


def _field(error: object) -> str:
    pointer = error.get("pointer") if isinstance(error, Mapping) else None
    first = pointer.split("/")[1] if isinstance(pointer, str) and "/" in pointer else ""
    return _FIELD_OF.get(first, "record")


def _from_memory(asking: Asking, cause: str, kept: Kept | None, now: datetime) -> QuestionDecision:
    return QuestionDecision(
        fingerprint=asking.fingerprint,
        trainer=asking.trainer,
        outcome=_BY_VERDICT[kept.verdict] if kept else Outcome.NOT_VERIFIED,
        kept=kept,
        from_kept=kept is not None,
        age=now - kept.checked_at if kept else None,
        cause=cause,
    )


def _newest_and_gravest(kept: Kept) -> tuple[datetime, bool]:
    return kept.checked_at, kept.verdict is not Verdict.PASS
