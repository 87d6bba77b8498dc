"""The gate's sentences in the language of whoever reads them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from trytond.i18n import gettext, ngettext
from trytond.pool import Pool

from trivet_client.gate import LineDecision, Message
from trivet_client.gate.words import CAUSES, FIELDS, LEGS

_DAYS = frozenset({"day", "as_of", "checked"})
_KNOWN: Mapping[str, tuple[Mapping[str, str], str]] = {
    "cause": (CAUSES, "unexpected_answer"),
    "field": (FIELDS, "record"),
    "leg": (LEGS, "training"),
}
"""Which words there are of each kind, and what stands for one that is not known yet."""


def sentence(message: Message) -> str:
    """Return one sentence about a line. Reasons and the names of people stand in it as they were given."""
    return str(gettext(f"trivet.msg_gate_{message.code}", **_said(message.params)))


def read_of(decided: LineDecision) -> str:
    """Return what people read of a line just decided, a sentence a line: with caveats, and whom to ask next."""
    said = [sentence(message) for message in decided.messages]
    return "\n".join(dict.fromkeys([*said, *decided.caveats, *_next_steps(decided)]))


def told(lines: Iterable[tuple[Any, str]]) -> str:
    """Return lines of orders, each with what is said of it."""
    return "\n\n".join(f"{line.rec_name}\n{said}" for line, said in lines if said)


def _next_steps(decided: LineDecision) -> Iterator[str]:
    for question in decided.questions:
        if question.answer is not None:
            yield from (step.text for step in question.answer.next_steps)


def _said(params: Mapping[str, str]) -> dict[str, str]:
    said: dict[str, str] = dict(params)
    for name, value in params.items():
        if name in _DAYS:
            said[name] = day(datetime.fromisoformat(value).date())
        elif name in ("cause", "field"):
            said[name] = _word(name, value)
        elif name == "age":
            said[name] = _span(int(value.removeprefix("PT").removesuffix("S")))
    if "leg" in params:
        leg = _word("leg", params["leg"])
        said["who"] = f"{leg} ({params['trainer']})" if "trainer" in params else leg
    return said


def day(value: date) -> str:
    """Return a day as the reader's language writes it."""
    lang: Any = Pool().get("ir.lang").get()
    return str(lang.strftime(value))


def _word(kind: str, word: str) -> str:
    known, otherwise = _KNOWN[kind]
    return str(gettext(f"trivet.msg_{kind}_{word if word in known else otherwise}"))


def _span(seconds: int) -> str:
    for length, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= length:
            count = seconds // length
            return str(ngettext(f"trivet.msg_span_{unit}", count, count=count))
    return str(gettext("trivet.msg_span_moment"))
