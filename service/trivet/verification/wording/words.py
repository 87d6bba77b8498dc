"""A supplier's text taken apart into sentences of plain words, each word knowing where it stood.

Pure: no I/O, no clock. What words are compared by is without case, accents, apostrophes, hyphens, quotation marks and
invisible characters, and HTML entities are read as what they stand for; the text itself is left as it was given.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple


class Word(NamedTuple):
    """One word as it is compared, and its span in the text: half-open, in characters."""

    plain: str
    start: int
    end: int


class Sentence:
    """The words of one sentence, and the line that phrases are looked for in.

    In the line words stand apart by one space; "," and ";" between two of them are a pause and the end of a clause.
    """

    def __init__(self, words: list[Word], pauses: list[str], *, asks: bool) -> None:
        """Take the words, what follows each of them (" ", " , " or " ; "), and whether it is a question."""
        self.words, self.pauses, self.asks = words, [*pauses[:-1], ""], asks
        pieces = [word.plain + pause for word, pause in zip(words, self.pauses, strict=True)]
        self.line = "".join(pieces)
        self._ends = list(accumulate(map(len, pieces)))

    def word_at(self, position: int) -> int:
        """Return the index of the word at a position of the line; the pause after a word counts as the word's."""
        return bisect_right(self._ends, position)

    def start_of(self, word: int) -> int:
        """Return the position in the line at which a word stands."""
        return self._ends[word - 1] if word else 0


class _Fold(NamedTuple):
    """The text as it is compared, and where each of its characters stood."""

    folded: str
    starts: list[int]
    ends: list[int]


_PIECE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_FOLDS = {
    **dict.fromkeys("'’‘ʼ`´′＇", ""),  # noqa: RUF001 - so that "isn’t" is one word however it is typed
    **dict.fromkeys(",،、–—―−", ","),  # noqa: RUF001 - look-alikes on purpose
    **dict.fromkeys(";:；：", ";"),  # noqa: RUF001 - look-alikes on purpose
    **dict.fromkeys(".!…。！", "."),  # noqa: RUF001 - look-alikes on purpose
    **dict.fromkeys("?？؟‽", "?"),  # noqa: RUF001 - look-alikes on purpose
    **dict.fromkeys("•‣⁃◦▪▫●○■□·∙|¶✓✔✅☑➢➤►\uf0b7", "¶"),  # noqa: RUF001 - look-alikes on purpose
    **dict.fromkeys("\n\x0b\x0c\x85\u2028\u2029", "\n"),
    **dict.fromkeys("-*+", "-"),
    "&": " and ",
}
_ITEM_OR_PARAGRAPH = re.compile(r"¶|\n[^\S\n]*\n|\n[^\S\n]*-")
_FULL_STOP = re.compile(r"\.[\s.]")
_COUNTED = frozenset({"no", "nos"})


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text that have a word, in order; every word is in one of them."""
    words: list[Word] = []
    pauses: list[str] = []
    for word, gap, following in _words_and_gaps(_fold(text)):
        words.append(word)
        abbreviated = following is not None and _is_abbreviated(word.plain, following)
        pauses.append(_pause(gap.replace(".", "") if abbreviated else gap))
        if following is None or _ends_sentence(gap, abbreviated=abbreviated):
            yield Sentence(words, pauses, asks="?" in gap)
            words, pauses = [], []


def _words_and_gaps(fold: _Fold) -> Iterator[tuple[Word, str, str | None]]:
    """Yield each word, what stands between it and the next, and the next one, None after the last."""
    matches = _WORD.finditer(fold.folded)
    match = next(matches, None)
    while match:
        following = next(matches, None)
        word = Word(match[0], fold.starts[match.start()], fold.ends[match.end() - 1])
        gap = fold.folded[match.end() : following.start() if following else None]
        yield word, gap, following[0] if following else None
        match = following


def _is_abbreviated(word: str, following: str) -> bool:
    """Say whether a full stop after the word need not end a sentence: an initial, or the "no." of a number."""
    return len(word) == 1 or (word in _COUNTED and following[0].isdigit())


def _ends_sentence(gap: str, *, abbreviated: bool) -> bool:
    if "?" in gap or _ITEM_OR_PARAGRAPH.search(gap):
        return True
    return not abbreviated and _FULL_STOP.search(gap) is not None


def _pause(gap: str) -> str:
    if any(mark in gap for mark in ";."):
        return " ; "
    return " , " if "," in gap else " "


def _fold(text: str) -> _Fold:
    fold = _Fold("", [], [])
    folded: list[str] = []
    for piece in _PIECE.finditer(text):
        plain = "".join(_folded(character) for character in html.unescape(piece[0]))
        if plain:
            folded.append(plain)
            fold.starts.extend([piece.start()] * len(plain))
            fold.ends.extend([piece.end()] * len(plain))
        elif fold.ends and unicodedata.category(piece[0][-1]).startswith("M"):
            fold.ends[-1] = piece.end()  # an accent belongs to its letter
    return fold._replace(folded="".join(folded))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return what a character is compared by: letters and digits, a mark, a space, or nothing."""
    if character in _FOLDS:
        return _FOLDS[character]
    if character.isspace():
        return " "
    kind = unicodedata.category(character)
    if kind in ("Cf", "Cc") or kind.startswith("M"):
        return ""  # invisible, or an accent: it must not hide a word
    if kind == "Pd":
        return "-"
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(part for part in decomposed if part.isalnum()) or " "


def word_list(words: str) -> frozenset[str]:
    """Return the words of a list that is written with white space between them."""
    return frozenset(words.split())
