"""Which awards are of restrictive-practice training, and by what that was seen.

Two things have to be said: training, and restrictive practice. CPV division 80 says training; no code says restrictive
practice, so wording has to. What is said of this award in so many words is picked as clear. What is said less plainly
is picked as a perhaps: it is looked at too, and a person decides. What says one of the two only is left out, and
counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trivet.notices.awards import LEFT_OUT, Award, Said, awards_of
from trivet.notices.reading import Release
from trivet.notices.wording import Found, Weight, phrases_in, says_training, training_near

TRAINING_DIVISION = "80"
"""The division of CPV for education and training services."""

_MOST_SHOWN = 6


class Left(StrEnum):
    """Why an award was left out."""

    NOTHING_BOUGHT = "cancelled or unsuccessful"
    NO_WORDING = "under CPV 80, and no wording of restrictive practice"
    NO_TRAINING = "wording of restrictive practice, and nothing that says training"
    BORDERING = "wording that only borders on restrictive practice, and not under CPV 80"


@dataclass(frozen=True)
class Ground:
    """One thing by which an award was picked: what stands there, where, and why it counts."""

    what: str
    place: str
    reason: str


@dataclass(frozen=True)
class Pick:
    """An award that was picked. It is `clear`, or a perhaps."""

    award: Award
    clear: bool
    grounds: Sequence[Ground]


@dataclass(frozen=True)
class Picked:
    """What was picked of all the awards, and what was left out, by why."""

    picks: Sequence[Pick]
    awards: int
    left: Counter[Left]


def picked(processes: Iterable[Release], named: Collection[str] = ()) -> Picked:
    """Return the awards of restrictive-practice training among compiled releases.

    `named` are ocids, or ocid/award, that somebody says to be such training: they are picked whatever their wording.
    """
    picks, left, awards = [], Counter[Left](), 0
    for award in (award for process in processes for award in awards_of(process)):
        awards += 1
        came = _looked_at(award, named)
        if isinstance(came, Pick):
            picks.append(came)
        elif came:
            left[came] += 1
    return Picked(picks, awards, left)


def _looked_at(award: Award, named: Collection[str]) -> Pick | Left | None:
    if award.status.lower() in LEFT_OUT:
        return Left.NOTHING_BOUGHT
    codes = [(code, place) for code, place in award.codes if code.startswith(TRAINING_DIVISION)]
    seen = [(said, found) for said in award.texts for found in phrases_in(said.text)]
    grounds = [*_by_code(codes), *_by_wording(seen)]
    if award.key in named or award.ocid in named:
        return Pick(award, clear=True, grounds=[_NAMED, *grounds])
    clear = _clear(seen, codes)
    if isinstance(clear, bool):
        return Pick(award, clear, grounds)
    return clear


_NAMED = Ground("its ocid or number", "--programmes", "you say which programme was bought")


def _clear(seen: Sequence[tuple[Said, Found]], codes: Sequence[object]) -> bool | Left | None:
    """Say whether an award is picked, and then whether it is clear; or why it is not. None for what has neither."""
    names = [(said, found) for said, found in seen if found.phrase.weight is Weight.NAMES]
    if codes:
        if not seen:
            return Left.NO_WORDING
        return any(said.of_award for said, _ in names)
    trained = [said for said, found in names if _says_training(said, found)]
    if trained:
        return any(said.title and said.of_award for said in trained)
    if names:
        return Left.NO_TRAINING
    return Left.BORDERING if seen else None


def _says_training(said: Said, found: Found) -> bool:
    """Tell whether a text says that a phrase in it is taught: a title anywhere, a description close by."""
    return says_training(said.text) if said.title else training_near(said.text, found)


def _by_code(codes: Iterable[tuple[str, str]]) -> Iterator[Ground]:
    for code, place in codes:
        yield Ground(f"CPV {code}", place, "education and training services")


def _by_wording(seen: Iterable[tuple[Said, Found]]) -> Iterator[Ground]:
    """Yield what was found, each phrase once, what names restrictive practice first."""
    first: dict[object, Ground] = {}
    for said, found in sorted(seen, key=lambda one: one[1].phrase.weight is not Weight.NAMES):
        all_lots = "" if said.of_award else ", which is said of the whole notice"
        ground = Ground(f"“{found.written}”", f"{said.place}{all_lots}", found.phrase.reason)
        first.setdefault(found.phrase, ground)
    yield from list(first.values())[:_MOST_SHOWN]
