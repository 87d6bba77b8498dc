"""The rules as the product has them against a second reading of them, on registers at random."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, Verdict
from tests.verification.oracle import judge as read_again
from tests.verification.worlds import ask, brief, index_of_world
from trivet.verification.reasons import REASONS

OF_SEVERAL_SOURCES_OR_SNAPSHOTS = {"sources_contradict", "known_at_before_first_snapshot"}


class Compared(NamedTuple):
    """One question of the register of a seed, with both readings of the rules."""

    seed: int
    question: Json
    said: Verdict
    expected: Verdict


def compared(first_seed: int, registers: int) -> Iterator[Compared]:
    """Yield what both readings make of many registers' questions."""
    for seed in range(first_seed, first_seed + registers):
        rng = random.Random(seed)  # noqa: S311 (nothing here is secret)
        world = at_random.world(rng)
        index = index_of_world(world)
        for question in at_random.questions(rng, world):
            said = brief(ask(world, index, question))
            yield Compared(seed, question, said, read_again(world, question))


@pytest.fixture(scope="module")
def run() -> list[Compared]:
    """Return the small run; it is another one whenever the tests run under another seed."""
    return list(compared(random.getrandbits(40), 600))


def test_both_readings_agree_on_every_element_of_every_question(run: list[Compared]) -> None:
    assert next((c for c in run if c.said != c.expected), None) is None


def test_the_small_run_meets_every_reason_that_one_source_can_give(run: list[Compared]) -> None:
    met = {code for c in run for code in c.said.reasons}
    assert met == REASONS.keys() - OF_SEVERAL_SOURCES_OR_SNAPSHOTS


def test_the_small_run_meets_every_verdict_often(run: list[Compared]) -> None:
    met = Counter(c.said.verdict for c in run)
    assert min(met[verdict] for verdict in ("pass", "fail", "cannot_confirm")) > 0.08 * len(run)


@pytest.mark.soak
def test_both_readings_agree_on_many_more() -> None:
    for one in compared(random.getrandbits(40), 20_000):
        assert one.said == one.expected, one
