"""The words by which restrictive-practice training is known in a notice, and those that only look like it.

Each has its reason: it is shown beside whatever it picked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_APART = r"[\s\-\u2010-\u2015]"


class Weight(StrEnum):
    """What a phrase says of the training."""

    NAMES = "names"
    """It names a restrictive practice, or training in one."""
    BORDERS = "borders"
    """It often stands beside restrictive practice, and as often by itself."""
    OTHER = "other"
    """It has a word in common with restrictive practice, and means something else."""


@dataclass(frozen=True)
class Phrase:
    """A way of saying something: a space stands for a space or hyphen, `~` for one or none; the rest is a pattern."""

    written: str
    weight: Weight
    reason: str
    stem: str
    """What any text that has the phrase contains, in small letters: it is looked for first, for that is quick."""

    @property
    def pattern(self) -> str:
        """The regular expression, of whole words once it stands between their ends."""
        return self.written.replace(" ", f"{_APART}+").replace("~", f"{_APART}*")


@dataclass(frozen=True)
class Found:
    """A phrase in a text, as the text has it."""

    phrase: Phrase
    written: str
    start: int
    end: int


_NOT_OF_PEOPLE = "it holds a thing or an occupant of a vehicle, not a person in care"
_OF_SPENDING = "it is about spending or trade"
_OF_THE_STANDARDS = (
    "the Standards or their owner are named; that does not say that the training is certified"
)
_OF_AGGRESSION = (
    "courses in the prevention and management of violence and aggression teach holds as a rule"
)

PHRASES: Sequence[Phrase] = (
    # What only looks like it comes first: its words are then taken, and no other phrase finds them.
    *(
        Phrase(written, Weight.OTHER, _NOT_OF_PEOPLE, "restrain")
        for written in (
            r"(?:vehicle|road|highway|motorway|barrier|central reservation)s?(?: safety)? restraints?",
            r"(?:seat|occupant|passenger|wheelchair)s?(?: (?:safety|tie~down|and occupant))? restraints?",
            r"(?:fall|rope|cable|pipe|load|cargo|edge|seismic|lateral|airbag|head)s?(?: safety)? restraints?",
            r"(?:cattle|livestock|animal) restraints?",
            r"(?:child|safety|supplementary|supplemental|inflatable) restraint (?:system|seat|device|fitting)s?",
            r"restraint (?:system|strap|barrier)s? for (?:vehicle|wheelchair|passenger|road)s?",
        )
    ),
    *(
        Phrase(written, Weight.OTHER, _OF_SPENDING, "restrain")
        for written in (
            r"(?:price|pay|wage|budget|budgetary|financial|fiscal|spending|cost|economic) restraints?",
            r"restraints? (?:of|on) (?:trade|competition|spending|prices|pay|budgets)",
        )
    ),
    Phrase(
        r"break~away (?:coupling|column|pole|post|lamp|cable|sign|connector|lanyard)s?",
        Weight.OTHER,
        "a part that gives way by design",
        "away",
    ),
    Phrase(
        r"restrictive (?:physical )?(?:practice|intervention)s?",
        Weight.NAMES,
        "this is what the Standards call it",
        "restrictive",
    ),
    Phrase(
        r"physical interventions?",
        Weight.NAMES,
        "staff are taught to hold or restrain",
        "intervention",
    ),
    Phrase(
        r"restraint reduction network(?: training standards?)?",
        Weight.NAMES,
        _OF_THE_STANDARDS,
        "restrain",
    ),
    Phrase(r"rrn(?: training standards?)?", Weight.NAMES, _OF_THE_STANDARDS, "rrn"),
    Phrase(
        r"restraint reduction",
        Weight.NAMES,
        "restraint is taught, so that it is used less often",
        "restrain",
    ),
    Phrase(r"control (?:and|&) restraint", Weight.NAMES, "restraint is taught", "restrain"),
    Phrase(
        r"(?:physical |manual |mechanical |chemical |prone |supine |clinical )?restrain(?:ts?|ing)",
        Weight.NAMES,
        "restraint, where none of the other meanings of the word was found",
        "restrain",
    ),
    Phrase(r"pmva", Weight.NAMES, _OF_AGGRESSION, "pmva"),
    Phrase(
        r"(?:prevention (?:and|&) )?(?:therapeutic )?management of "
        r"(?:(?:actual or potential|(?:violence|violent) (?:and|&|or)) )?aggressi(?:on|ve behaviour)",
        Weight.NAMES,
        _OF_AGGRESSION,
        "aggressi",
    ),
    Phrase(
        r"(?:prevention (?:and|&) )?management of violence",
        Weight.NAMES,
        _OF_AGGRESSION,
        "violence",
    ),
    Phrase(
        r"(?:safe|clinical|therapeutic|supportive) hold(?:s|ing)",
        Weight.NAMES,
        "another word for holding a person",
        "hold",
    ),
    Phrase(
        r"positive handling", Weight.NAMES, "what schools call physical intervention", "handling"
    ),
    Phrase(r"hand~cuff(?:s|ing)?", Weight.NAMES, "mechanical restraint", "cuff"),
    Phrase(r"seclusion", Weight.NAMES, "a restrictive practice", "seclusion"),
    Phrase(r"use of force", Weight.NAMES, "what the Act of 2018 calls restraint", "force"),
    Phrase(
        r"break~away(?: (?:technique|skill)s)?",
        Weight.BORDERS,
        "getting free of a hold; often taught without restraint",
        "away",
    ),
    Phrase(
        r"(?:physical )?disengagement(?: (?:technique|skill)s)",
        Weight.BORDERS,
        "getting free of a hold; often taught without restraint",
        "disengagement",
    ),
    Phrase(
        r"de~escalat(?:ion|ing|e)",
        Weight.BORDERS,
        "calming a situation by words; often taught without restraint",
        "escalat",
    ),
    Phrase(
        r"conflict (?:resolution|management)",
        Weight.BORDERS,
        "in health services often without any physical part, and elsewhere about mediation",
        "conflict",
    ),
    Phrase(
        r"violence (?:reduction|prevention)(?: (?:and|&) reduction)?",
        Weight.BORDERS,
        "may be about a service or a town, and need not have a physical part",
        "violence",
    ),
    Phrase(
        r"challenging behaviours?", Weight.BORDERS, "need not have a physical part", "challenging"
    ),
)
"""Every phrase, in the order in which they are looked for: what one has found, no later one finds."""

_TRAINING = re.compile(
    rf"\b(?:training|trainers?|courses|instructors?|e{_APART}*learning|teaching)\b", re.IGNORECASE
)
_NEAR = 80


@lru_cache(maxsize=256)  # the texts of a notice are looked at for each of its awards
def phrases_in(text: str) -> Sequence[Found]:
    """Return the phrases in a text in order, but for those that mean something else."""
    small = text.lower()
    wanted = tuple(number for number, phrase in enumerate(PHRASES) if phrase.stem in small)
    if not wanted:
        return ()
    found = []
    for match in _any_of(wanted).finditer(text):
        phrase = PHRASES[int((match.lastgroup or "p0")[1:])]
        if phrase.weight is not Weight.OTHER:
            found.append(Found(phrase, match[0], match.start(), match.end()))
    return found


@lru_cache(maxsize=256)
def _any_of(phrases: Sequence[int]) -> re.Pattern[str]:
    """Return what finds any of some phrases, the earlier before the later where they begin together."""
    each = (f"(?P<p{number}>{PHRASES[number].pattern})" for number in phrases)
    return re.compile(rf"\b(?:{'|'.join(each)})\b", re.IGNORECASE)


def says_training(text: str) -> bool:
    """Tell whether a text speaks of training."""
    return bool(_TRAINING.search(text))


def training_near(text: str, found: Found) -> bool:
    """Tell whether training is spoken of within 80 characters of a phrase."""
    return says_training(text[max(0, found.start - _NEAR) : found.end + _NEAR])
