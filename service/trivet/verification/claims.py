"""What the words of a supplier are worth: never a certification, whatever they say (R2).

Pure: no I/O, no clock. Which phrases there are is data, in `claim_phrases`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from trivet.verification.claim_phrases import CLAIMED, CONTEXT, DENIED, PHRASINGS, WORTHS
from trivet.verification.claim_words import Sentence, sentences
from trivet.verification.next_steps import STEPS, NextStep

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


class _Claim(NamedTuple):
    """A phrase of a sentence: its words from `first` up to, not including, `after`."""

    code: str
    first: int
    after: int


def unfit(text: str) -> str | None:
    """Say why a text can't be assessed, or None if it can: callers refuse it with these words."""
    if len(text) > MOST_CHARACTERS:
        return (
            f"has {len(text)} characters: send at most {MOST_CHARACTERS}, the rest in further parts"
        )
    if not any(character.isalnum() for character in text):
        return "has no words to assess"
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
    return Assessment(
        items=tuple(items),
        unassessed=tuple(unassessed),
        summary=_summary(len(items), len(unassessed)),
    )


# ---- finding phrases


def _claims(sentence: Sentence) -> Iterator[_Claim]:
    """Yield what a sentence claims, in order, no phrase overlapping another."""
    found = _most_specific(_matches(sentence))
    ceilings = (*(claim.first for claim in found[1:]), len(sentence.words))
    reached = 0
    for claim, ceiling in zip(
        found, ceilings, strict=False
    ):  # the last ceiling is spare where nothing is found
        meant = _as_meant(sentence, claim, range(reached, ceiling))
        if meant:
            reached = meant.after
            yield meant


def _matches(sentence: Sentence) -> Iterator[_Claim]:
    in_context = CONTEXT.search(sentence.line) is not None
    for phrasing in PHRASINGS:
        if phrasing.in_context and not in_context:
            continue
        for match in phrasing.pattern.finditer(sentence.line):
            first, last = sentence.word_at(match.start()), sentence.word_at(match.end() - 1)
            yield _Claim(phrasing.code, first, last + 1)


def _most_specific(matches: Iterable[_Claim]) -> list[_Claim]:
    """Return the matches in order; of those that overlap the longest, of equals the one listed first."""
    taken: set[int] = set()
    chosen: list[_Claim] = []
    for claim in sorted(matches, key=lambda match: match.first - match.after):
        words = range(claim.first, claim.after)
        if taken.isdisjoint(words):
            taken.update(words)
            chosen.append(claim)
    return sorted(chosen, key=lambda claim: claim.first)


# ---- whether it is said, or denied

_NEGATIONS = frozenset(
    "not never nor neither no non without isnt arent wasnt werent hasnt havent hadnt aint dont doesnt "
    "didnt cannot cant wont formerly previously former lapsed expired ex".split()
)
_UNDOES_NEGATION = frozenset("only just merely simply solely least".split())
_MAY_STAND_BETWEEN = frozenset(
    "a an the our we they is are was were be been being am ever yet currently formally fully officially "
    "actually presently technically necessarily now longer itself themselves ourselves as at of present "
    "this that time moment however hold holds held holding have has had having achieved achieve gained "
    "gain obtained obtain received receive get got awarded given granted to become any such full or "
    "accredited approved registered provider training trainer trainers programme programmes course "
    "courses used".split()
)
_OPENS_CLAUSE = frozenset("but although though whereas while whilst because which who".split())
_JOINS_CLAUSES = frozenset("and so".split())
_SUBJECTS = frozenset(
    "we our they their this these it its he she i you all every everything both are is has have was were "
    "now already the".split()
)
_CLAIMS_NOTHING = frozenset(
    "if whether unless must should would could ought ask check need require requires required either "
    "nobody none other others else unlike until".split()
)
_WORDS_BEFORE = 20
"""How many words before a phrase are looked at."""

_DENIED_AFTER = re.compile(
    r"(?:(?:,|;|is|are|has|have|had|was|were|been|status|now|since|currently|which|that|we|it|recently) ){0,4}+"
    r"(?:not yet|no longer|expired|lapsed|withdrawn|suspended|revoked|cancelled|"
    r"not (?:been )?(?:held|granted|awarded|achieved|obtained|received|renewed|completed?|in place)|"
    r"(?:no|none|never|not held)(?= ;|$))(?!\S)"
)
_UNCLEAR_AFTER = re.compile(
    r"(?:(?:is|are|was|were|has|have|does|do|will|or|whether|they|it|we) ){1,3}+"
    r"(?:not(?! (?:only|just|merely|simply)(?!\S))|required|mandatory)(?!\S)|"
    r"(?:isnt|arent|doesnt|dont|wont|hasnt|havent|required|mandatory|should|must|means?)(?!\S)"
)


def _as_meant(sentence: Sentence, claim: _Claim, room: range) -> _Claim | None:
    """Return the phrase as the words around it make it, None where it claims nothing.

    `room` is how far the phrase may reach: the words between the phrases before and after it.
    """
    clause = _clause_before(sentence, claim.first, room.start)
    negation = _negation(sentence, claim.first, clause)
    if claim.code not in (CLAIMED, DENIED):
        return claim if negation is None else None
    if any(sentence.words[i].plain in _CLAIMS_NOTHING for i in clause):
        return None
    if negation is not None:
        return _Claim(DENIED, negation, claim.after) if claim.code == CLAIMED else None
    if any(_negates(sentence, i) for i in clause):
        return None
    return _with_what_follows(sentence, claim, room.stop)


def _clause_before(sentence: Sentence, first: int, floor: int) -> range:
    """Return the words before a phrase that may bear on it: those of its own clause."""
    lowest = max(floor, first - _WORDS_BEFORE)
    start = first
    while start > lowest and not _opens_clause(sentence, start):
        start -= 1
    return range(start, first)


def _opens_clause(sentence: Sentence, i: int) -> bool:
    before, word = sentence.words[i - 1].plain, sentence.words[i].plain
    pause = sentence.pauses[i - 1]
    joined = pause == " , " or before in _JOINS_CLAUSES
    return pause == " ; " or before in _OPENS_CLAUSE or (joined and word in _SUBJECTS)


def _negation(sentence: Sentence, first: int, clause: range) -> int | None:
    """Return the word that negates the phrase: the only one of its clause, with nothing of weight between."""
    negations = [i for i in clause if _negates(sentence, i)]
    if not negations:
        return None
    nearest = negations[-1]
    between = {word.plain for word in sentence.words[nearest + 1 : first]}
    alone = len(negations) == 1 or sentence.words[nearest].plain == "nor"
    return nearest if alone and between <= _MAY_STAND_BETWEEN else None


def _negates(sentence: Sentence, i: int) -> bool:
    word = sentence.words[i].plain
    following = sentence.words[i + 1].plain
    if word in _NEGATIONS:
        return following not in _UNDOES_NEGATION
    return word in ("yet", "used") and following == "to"


def _with_what_follows(sentence: Sentence, claim: _Claim, ceiling: int) -> _Claim | None:
    """Return a claim as the words after it leave it: "certified: no", "certification has lapsed"."""
    if claim.after == ceiling:
        return claim
    position = sentence.start_of(claim.after)
    if _UNCLEAR_AFTER.match(sentence.line, position) and not _DENIED_AFTER.match(
        sentence.line, position
    ):
        return None
    denied = _DENIED_AFTER.match(sentence.line, position)
    if denied is None:
        return claim
    return _Claim(DENIED, claim.first, min(sentence.word_at(denied.end() - 1) + 1, ceiling))


# ---- saying it

_TOPIC = re.compile(
    r"rrn|bild\w*|restrain\w*|restrict\w*|certif\w*|accredit\w*|train\w*|standards?|affiliat\w*|satellites?|"
    r"approv\w*|authori[sz]\w*|endors\w*|members?|membership|pitas|ukas|licen[cs]\w*|complian\w*|compl[iy]\w*|"
    r"align\w*|recogni[sz]\w*|uncertified"
)
# Who or what a phrase is about. A rest of a sentence that has nothing else says nothing of its own.
_CARRIERS = frozenset(
    "we our us they their it its i he she the a an this that these those all each every any both and or but "
    "is are was were be been being has have had do does am as in on at of for with to by from provide "
    "provides deliver delivers delivered offer offers use uses run runs training trainings trainer trainers "
    "instructor instructors course courses programme programmes provider providers organisation team staff "
    "company who which also now currently".split()
)
_CLOSING = re.compile(r"[.?!…]*")
_BRACKETS = ("()", "[]", "“”")


def _assessed(text: str, sentence: Sentence, claim: _Claim) -> AssessedPhrase:
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


def _rests(sentence: Sentence, claims: Sequence[_Claim]) -> Iterator[tuple[int, int]]:
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
