"""Whether a phrase is said, denied or not meant at all, by the words around it.

Pure: no I/O, no clock. Only a plain denial is read as one; what is unclear is left unassessed, which is always safe.
"""

import re

from trivet.verification.wording.phrases import Phrase
from trivet.verification.wording.words import Sentence, word_list
from trivet.verification.wording.worths import CLAIMED, DENIED

_NEGATIONS = word_list(
    """not never nor neither no non without isnt arent wasnt werent hasnt havent hadnt aint dont doesnt
    didnt cannot cant wont formerly previously former lapsed expired ex"""
)
_UNDOES_NEGATION = word_list("only just merely simply solely least")
_MAY_STAND_BETWEEN = word_list(
    """a an the our we they is are was were be been being am ever yet currently formally fully officially
    actually presently technically necessarily now longer itself themselves ourselves as at of present
    this that time moment however hold holds held holding have has had having achieved achieve gained
    gain obtained obtain received receive get got awarded given granted to become any such full or
    accredited approved registered provider training trainer trainers programme programmes course
    courses used"""
)
_OPENS_CLAUSE = word_list("but although though whereas while whilst because which who")
_JOINS_CLAUSES = word_list("and so")
_SUBJECTS = word_list(
    """we our they their this these it its he she i you all every everything both are is has have was were
    now already the"""
)
_CLAIMS_NOTHING = word_list(
    """if whether unless must should would could ought ask check need require requires required either
    nobody none other others else unlike until"""
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


def as_meant(sentence: Sentence, phrase: Phrase, room: range) -> Phrase | None:
    """Return the phrase as the words around it make it, None where it claims nothing.

    `room` is how far the phrase may reach: the words between the phrases before and after it.
    """
    clause = _clause_before(sentence, phrase.first, room.start)
    negation = _negation(sentence, phrase.first, clause)
    if phrase.code not in (CLAIMED, DENIED):
        return phrase if negation is None else None
    if any(sentence.words[i].plain in _CLAIMS_NOTHING for i in clause):
        return None
    if negation is not None:
        return Phrase(DENIED, negation, phrase.after) if phrase.code == CLAIMED else None
    if any(_negates(sentence, i) for i in clause):
        return None
    return _with_what_follows(sentence, phrase, room.stop)


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


def _with_what_follows(sentence: Sentence, phrase: Phrase, ceiling: int) -> Phrase | None:
    """Return a claim as the words after it leave it: "certified: no", "certification has lapsed"."""
    if phrase.after == ceiling:
        return phrase
    position = sentence.start_of(phrase.after)
    denied = _DENIED_AFTER.match(sentence.line, position)
    if denied:
        after = sentence.word_at(denied.end() - 1) + 1
        return Phrase(DENIED, phrase.first, min(after, ceiling))
    return None if _UNCLEAR_AFTER.match(sentence.line, position) else phrase
