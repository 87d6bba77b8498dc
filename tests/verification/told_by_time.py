"""Whether the time that answers take tells two kinds of question apart, on a machine that may have much else to do.

Each round asks both kinds of every pair, in an order drawn anew, and what counts is in how many rounds the second kind
took longer than the first: half of them, where they are alike. As the order is drawn, what else the machine does falls
on both alike, and how far from a half chance may lead is known beforehand.
"""

import random
import time
from collections.abc import Callable, Mapping
from math import sqrt
from statistics import median
from typing import TypeVar

T = TypeVar("T")

Took = list[tuple[int, int]]
"""Of every round how long each of a pair took, in nanoseconds."""


Pairs = Mapping[str, tuple[Callable[[], T], Callable[[], T]]]
"""By name, what makes a question of either kind, anew for every round."""


def timed(
    pairs: Pairs[T], ask: Callable[[T], object], rounds: int, rng: random.Random
) -> Mapping[str, Took]:
    """Ask both kinds of every pair in every round; each is made, ready to be asked, before the round begins."""
    took: dict[str, Took] = {name: [] for name in pairs}
    for _ in range(rounds):
        made = {(name, i): make() for name, pair in pairs.items() for i, make in enumerate(pair)}
        spent = {}
        for kind in rng.sample([*made], len(made)):
            began = time.perf_counter_ns()
            ask(made[kind])
            spent[kind] = time.perf_counter_ns() - began
        for name, times in took.items():
            times.append((spent[name, 0], spent[name, 1]))
    return took


def longer(took: Took) -> float:
    """Return the part of the rounds in which the second kind took longer; a draw counts half."""
    return sum((second > first) + (second == first) / 2 for first, second in took) / len(took)


def by_chance(rounds: int) -> float:
    """Return how far from a half that part may be: by chance once in 100,000 times, and by a fiftieth beside."""
    return 0.02 + 4.5 / (2 * sqrt(rounds))


def told_apart(took: Mapping[str, Took]) -> list[str]:
    """Say which pairs are told apart."""
    return [
        f"{name}: longer in {longer(times):.3f} of {len(times)} rounds, by {_apart(times)} ns"
        for name, times in took.items()
        if abs(longer(times) - 0.5) > by_chance(len(times))
    ]


def _apart(times: Took) -> float:
    return median(second for _, second in times) - median(first for first, _ in times)
