"""The phrasebook made ready to search a sentence with.

Pure: no I/O, no clock.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from trivet.verification.wording.phrasebook import CONTEXT, PARTS, PHRASES, PHRASES_IN_CONTEXT
from trivet.verification.wording.words import Sentence


class Phrase(NamedTuple):
    """A phrase found in a sentence: its words from `first` up to, not including, `after`."""

    code: str
    first: int
    after: int


class _Pattern(NamedTuple):
    code: str
    pattern: re.Pattern[str]
    in_context: bool


_USE = re.compile(r"<(?P<name>[a-z-]+)(?: (?P<most>\d))?>")


def phrases_in(sentence: Sentence) -> list[Phrase]:
    """Return the phrases of a sentence in order; of those that overlap the longest, of equals the one listed first."""
    taken: set[int] = set()
    chosen: list[Phrase] = []
    for phrase in sorted(_matches(sentence), key=lambda match: match.first - match.after):
        words = range(phrase.first, phrase.after)
        if taken.isdisjoint(words):
            taken.update(words)
            chosen.append(phrase)
    return sorted(chosen, key=lambda phrase: phrase.first)


def _matches(sentence: Sentence) -> Iterator[Phrase]:
    in_context = _CONTEXT.search(sentence.line) is not None
    for pattern in _PATTERNS:
        if pattern.in_context and not in_context:
            continue
        for match in pattern.pattern.finditer(sentence.line):
            first, last = sentence.word_at(match.start()), sentence.word_at(match.end() - 1)
            yield Phrase(pattern.code, first, last + 1)


def _entries(book: str) -> Iterator[tuple[str, str]]:
    """Yield the names and patterns of a part of the phrasebook, each pattern on one line."""
    for line in re.sub(r"\n  ", "", book).splitlines():
        if line:
            name, _, pattern = line.partition(" = ")
            yield name, pattern


def _parts() -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for name, pattern in _entries(PARTS):
        parts[name] = (
            rf"(?:(?:{_written_out(pattern, parts)})\b)"  # so that "act" is not found in "active"
        )
    return parts


def _written_out(pattern: str, parts: Mapping[str, str]) -> str:
    """Return a pattern with its parts in full; KeyError for a part that is not in the phrasebook."""
    return _USE.sub(partial(_part, parts), pattern)


def _part(parts: Mapping[str, str], use: re.Match[str]) -> str:
    if use["most"]:
        return f"{parts['light']}{{0,{use['most']}}}?"
    return parts[use["name"]]


def _patterns(book: str, *, in_context: bool) -> Iterator[_Pattern]:
    for code, pattern in _entries(book):
        yield _Pattern(code, _whole_words(pattern), in_context)


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{_written_out(pattern, _PARTS)})(?!\S)")


_PARTS = _parts()
_PATTERNS = (
    *_patterns(PHRASES, in_context=False),
    *_patterns(PHRASES_IN_CONTEXT, in_context=True),
)
_CONTEXT = _whole_words(CONTEXT)

CODES = frozenset(pattern.code for pattern in _PATTERNS)
"""The codes that the phrasebook gives."""
