"""An answer in words for people: what was found, why, and what to do next."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from rich.console import Console

from trivet.london import day_of
from trivet_api.models import RegisterAnswer
from trivet_client import (
    Answer,
    ElementAnswer,
    NextStep,
    ReasonAnswer,
    RegisterStatus,
    Verdict,
)

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.CANNOT_CONFIRM: "yellow"}

UNCONFIRMED = "Not confirmed. This is not a finding against the provider."

Line = tuple[str, str]
"""A line and its style."""


class Page(Console):
    """Standard output, with lines as long as they are: ids are there to be copied."""

    def __init__(self) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Write no more where nobody reads on; the exit status still says what the verdict is."""
        with suppress(SystemExit):  # whose status would say fail
            super().on_broken_pipe()


def tell(answer: Answer, page: Console, *, letters: bool = False) -> None:
    """Write an answer down, the verdict first and, if they are wanted, the letters last."""
    page.print(headline(answer), style=f"bold {STYLES[answer.verdict]}")
    page.print(_asked(answer))
    page.print()
    for line, style in (*_lines(answer), *_letters(answer, wanted=letters)):
        page.print(line, style=style)


def headline(answer: Answer) -> str:
    """Return the sentence that says the verdict, and of a day to come that it is as recorded now."""
    if answer.unconfirmed:
        return UNCONFIRMED
    date_meant = date_of(answer.delivered_on, answer.checked_at)
    if answer.failed:
        return f"Not certified {date_meant}: {at_fault(answer.elements)}."
    return f"Certified {date_meant}, {mirrored(answer.register, answer.known_at)}."


def date_of(day: date, checked_at: datetime) -> str:
    """Return how a sentence says for when it holds; of a day to come only what is recorded is known."""
    ahead = day > day_of(checked_at)
    return "on this date, as recorded now" if ahead else "on this date"


def at_fault(elements: Iterable[ElementAnswer]) -> str:
    """Return the names of the elements that failed."""
    return ", ".join(e.element.value for e in elements if e.verdict is Verdict.FAIL)


def mirrored(register: RegisterAnswer, known_at: datetime) -> str:
    """Return how a sentence says whom it has that from, and as of when."""
    sources = ", ".join(source.source for source in register.sources)
    as_of = _instant(register.as_of or known_at)
    return f"according to the mirror of {sources} as of {as_of}"


def mirrored_at(register: RegisterStatus) -> str:
    """Return the sentence that says which register is mirrored, as of when, and that it is stale if it is."""
    sources = ", ".join(source.source for source in register.sources)
    stale = " It is stale, so it confirms nothing." if register.stale else ""
    return f"By the mirror of {sources} as of {_instant(register.as_of)}.{stale}"


def _asked(answer: Answer) -> str:
    reference = f", reference {answer.reference}" if answer.reference else ""
    return f"Delivered on {answer.delivered_on}, verification {answer.id}{reference}"


def _lines(answer: Answer) -> Iterator[Line]:
    for judged in answer.elements:
        yield _judged(judged), STYLES[judged.verdict]
        yield from _plain(why(r) for r in answer.reasons if r.element == judged.element)
    yield from _under(
        "What was offered as proof", (why(r) for r in answer.reasons if not r.element)
    )
    yield from _under(
        "Which one is meant?", (f"  {c.element}  {c.register}  {c.name}" for c in answer.candidates)
    )
    yield from _under("What to do next", (_step(step) for step in answer.next_steps))
    needed = answer.requirement
    yield from _under("Is certification required?", [f"  {needed.text} ({needed.source})"])
    yield from _under("Please note", (f"  {caveat}" for caveat in answer.caveats))


def _letters(answer: Answer, *, wanted: bool) -> Iterator[Line]:
    """Yield the letters that are ready, or where there are any how to get them."""
    steps = answer.document.get("nextSteps", ())
    ready = [step["letter"] for step in steps if step.get("letter")]
    if not wanted:
        words = "  A letter to each whom you have to ask is ready: --letters prints them."
        yield from _under("Letters", [words] if ready else [])
        return
    for letter in ready:
        yield from _under(f"Letter to {letter['to']}", [f"Subject: {letter['subject']}"])
        yield from _plain(["", letter["body"].rstrip()])


def _under(heading: str, lines: Iterable[str]) -> Iterator[Line]:
    """Yield a heading and its lines; nothing if there are none."""
    found = [*lines]
    if found:
        yield "", ""
        yield heading, "bold"
        yield from _plain(found)


def _plain(lines: Iterable[str]) -> Iterator[Line]:
    return ((line, "") for line in lines)


def _judged(judged: ElementAnswer) -> str:
    verdict = judged.verdict.value.replace("_", " ")
    vouched_by = judged.provenance.value.replace("_", " ") if judged.provenance else None
    known = ", ".join(part for part in (judged.record, _validity(judged), vouched_by) if part)
    return f"  {verdict:<16}{judged.element.value:<12}{known}".rstrip()


def _validity(judged: ElementAnswer) -> str | None:
    """Say from which day to which: the last day is the one before `validTo`, which is the first without."""
    begins = f"from {judged.valid_from}" if judged.valid_from else ""
    ends = f"to {_day_before(judged.valid_to)}" if judged.valid_to else ""
    derived = "(derived)" if judged.derived else ""
    return " ".join(part for part in (begins, ends, derived) if part) or None


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def why(reason: ReasonAnswer) -> str:
    """Return a reason as a line, with its code, rule and facts."""
    params = reason.params.additional_properties
    facts = "".join(f"; {name}: {value}" for name, value in params.items())
    return f"    {reason.text} ({reason.code}, {reason.rule}{facts})"


def _step(step: NextStep) -> str:
    where = [part for part in (step.contact, step.url) if part]
    return f"  {step.text}{' – ' if where else ''}{', '.join(where)}"


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
