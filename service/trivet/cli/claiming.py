"""What a supplier's words are worth, on the command line: no service and no register is asked."""

import re
import sys
import unicodedata
from collections.abc import Iterator

from trivet.cli import CouldNot
from trivet.verification.claims import (
    MOST_CHARACTERS,
    AssessedPhrase,
    Assessment,
    UnassessedPart,
    assess,
    unfit,
)

_MOST_BYTES = 4 * MOST_CHARACTERS
_LINE_END = re.compile(r"\r\n|\r|\n")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def claims(text: str) -> int:
    """Print what each phrase of a supplier's text is worth and what to do; 0 whenever the text was assessed.

    `text` is the wording itself, or "-" for standard input (UTF-8). A text that can't be
    assessed raises CouldNot.
    """
    from trivet.cli.telling import Page

    wording = _standard_input() if text == "-" else text
    reason = unfit(wording)
    if reason:
        raise CouldNot(f"the text {reason}")
    page = Page()
    for line in _lines(wording, assess(wording)):
        page.print(line)
    return 0


def _standard_input() -> str:
    given = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(given) > _MOST_BYTES:
        raise CouldNot(f"the text is too long: give at most {MOST_CHARACTERS} characters at a time")
    try:
        return given.decode()
    except UnicodeDecodeError as error:
        raise CouldNot(f"the text is not UTF-8: byte {error.start}") from error


def _lines(text: str, assessment: Assessment) -> Iterator[str]:
    for item in assessment.items:
        yield f"{_place(text, item)}: “{_shown(item.phrase)}”"
        yield f"  {item.text} ({item.code}, {item.rule})"
        yield f"  Source: {item.source}"
        yield f"  What to do: {item.next_step.text}"
        yield ""
    if assessment.unassessed:
        yield "Not assessed:"
        yield from (f"  {_place(text, p)}: “{_shown(p.phrase)}”" for p in assessment.unassessed)
        yield ""
    yield assessment.summary


def _place(text: str, part: AssessedPhrase | UnassessedPart) -> str:
    return f"line {1 + len(_LINE_END.findall(text, 0, part.start))}"


def _shown(phrase: str) -> str:
    """Return a phrase on one line, what is invisible in it written out: it must not command the terminal."""
    return "".join(_visible(character) for character in " ".join(phrase.split()))


def _visible(character: str) -> str:
    if unicodedata.category(character) in _INVISIBLE:
        return f"<U+{ord(character):04X}>"
    return character
