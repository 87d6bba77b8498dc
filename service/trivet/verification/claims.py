"""What the words of a supplier are worth: never a certification, whatever they say (R2).

Pure: no I/O, no clock. Which phrases there are, and when they are meant, stands in `wording`.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from trivet.verification.next_steps import STEPS, NextStep
from trivet.verification.wording.meaning import as_meant
from trivet.verification.wording.phrases import Phrase, phrases_in
from trivet.verification.wording.words import Sentence, sentences, word_list
from trivet.verification.wording.worths import WORTHS

MOST_CHARACTERS = 20_000
"""How long a text may be: a page or two of a supplier's website, many times over."""


class AssessedPhrase(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A recognised phrase and what it is worth.

    `phrase` is `text[start:end]` of the text as it was given: half-open, in characters (Unicode code points).
    """

    start: int
    end: int
    phrase: str
    code: str
    rule: str
    text: str
    source: str
    next_step: NextStep


class UnassessedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the text that nothing is said about; `phrase` is `text[start:end]`."""

    start: int
    end: int
    phrase: str


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """A text assessed: what was recognised, what was not, both in the order of the text, and the whole in words."""

    items: tuple[AssessedPhrase, ...]
    unassessed: tuple[UnassessedPart, ...]
    summary: str


def unfit(text: str) -> str | None:
    """Say why a text can't be assessed, or None if it can: callers refuse it with these words."""
    if len(text) > MOST_CHARACTERS:
        return (
            f"has {len(text)} characters: send at most {MOST_CHARACTERS}, the rest in further parts"
        )
    if not text.strip():
        return "is empty: give the supplier's words"
    return None


def assess(text: str) -> Assessment:
    """Return what each phrase that a supplier uses is worth (R2, R3, R8, R12, R19, R24), and what was not recognised.

    Takes any text, and time in proportion to its length. What is asked, made a condition or said
    of others is no claim and stays unassessed, as does whatever no rule speaks of.
    """
    items: list[AssessedPhrase] = []
    unassessed: list[UnassessedPart] = []
    for sentence in sentences(text):
        claims = [] if sentence.asks else list(_claims(sentence))
        items += (_assessed(text, sentence, claim) for claim in claims)
        unassessed += (_part(text, sentence, *rest) for rest in _rests(sentence, claims))
    if not items and not unassessed:
        unassessed += _wordless(text)
    return Assessment(
        items=tuple(items),
        unassessed=tuple(unassessed),
        summary=_summary(len(items), len(unassessed)),
    )


def _claims(sentence: Sentence) -> Iterator[Phrase]:
    """Yield what a sentence claims, in order, no phrase overlapping another."""
    found = phrases_in(sentence)
    ends = (*(phrase.first for phrase in found), len(sentence.words))
    reached = 0
    for phrase, ceiling in zip(found, ends[1:], strict=True):
        meant = as_meant(sentence, phrase, range(reached, ceiling))
        if meant:
            reached = meant.after
            yield meant


_TOPIC = re.compile(
    r"rrn|bild\w*|restrain\w*|restrict\w*|certif\w*|accredit\w*|train\w*|standards?|affiliat\w*|satellites?|"
    r"approv\w*|authori[sz]\w*|endors\w*|members?|membership|pitas|ukas|licen[cs]\w*|complian\w*|compl[iy]\w*|"
    r"align\w*|recogni[sz]\w*|uncertified"
)
# Who or what a phrase is about. A rest of a sentence that has nothing else says nothing of its own.
_CARRIERS = word_list(
    """we our us they their it its i he she the a an this that these those all each every any both and or but
    is are was were be been being has have had do does am as in on at of for with to by from provide
    provides deliver delivers delivered offer offers use uses run runs training trainings trainer trainers
    instructor instructors course courses programme programmes provider providers organisation team staff
    company who which also now currently"""
)
_CLOSING = re.compile(r"[.?!…]*")
_BRACKETS = (("(", ")"), ("[", "]"), ("“", "”"))


def _assessed(text: str, sentence: Sentence, claim: Phrase) -> AssessedPhrase:
    start, end = _span(text, sentence, claim.first, claim.after)
    worth = WORTHS[claim.code]
    return AssessedPhrase(
        start=start,
        end=end,
        phrase=text[start:end],
        code=worth.code,
        rule=worth.rule,
        text=worth.text,
        source=worth.source,
        next_step=STEPS[worth.next_step],
    )


def _span(text: str, sentence: Sentence, first: int, after: int) -> tuple[int, int]:
    """Return where words stand in the text, with the bracket that closes one opened among them."""
    start, end = sentence.words[first].start, sentence.words[after - 1].end
    for opening, closing in _BRACKETS:
        is_open = text.count(opening, start, end) > text.count(closing, start, end)
        if is_open and text[end : end + 1] == closing:
            end += 1
    return start, end


def _part(text: str, sentence: Sentence, first: int, after: int) -> UnassessedPart:
    start, end = _span(text, sentence, first, after)
    closed = _CLOSING.match(text, end)
    end = closed.end() if closed else end
    return UnassessedPart(start=start, end=end, phrase=text[start:end])


def _wordless(text: str) -> Iterator[UnassessedPart]:
    """Yield a text without any word, signs alone, as one part; nothing where it is empty."""
    phrase = text.strip()
    if phrase:
        start = text.index(phrase)
        yield UnassessedPart(start=start, end=start + len(phrase), phrase=phrase)


def _rests(sentence: Sentence, claims: Sequence[Phrase]) -> Iterator[tuple[int, int]]:
    """Yield what no phrase takes in: the whole of a sentence without any, else the parts that touch on the subject."""
    if not claims:
        yield 0, len(sentence.words)
        return
    starts = (0, *(claim.after for claim in claims))
    ends = (*(claim.first for claim in claims), len(sentence.words))
    for first, after in zip(starts, ends, strict=True):
        words = [word.plain for word in sentence.words[first:after]]
        if any(map(_TOPIC.fullmatch, words)) and not _CARRIERS.issuperset(words):
            yield first, after


def _summary(recognised: int, unassessed: int) -> str:
    told = []
    if recognised:
        told.append(
            f"{_counted(recognised, 'phrase was', 'phrases were')} recognised, and by words alone "
            "none of them shows that any training is certified."
        )
    else:
        told.append("No phrase was recognised, which says nothing in favour of the text.")
    if unassessed:
        told.append(
            f"{_counted(unassessed, 'part was', 'parts were')} not assessed: nothing is said about "
            "them, so do not rely on them."
        )
    told.append("No register was consulted: verify the provider, the programme and the trainer.")
    return " ".join(told)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
