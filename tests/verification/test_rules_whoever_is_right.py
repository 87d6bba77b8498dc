"""Where equally vouched sources contradict each other, a pass and a fail hold whichever of them is right (rule 12).

A dispute is settled by taking one side of it; the second reading of the rules then judges a register of one source.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from tests.registers import index_of_sources
from tests.verification import disputes_at_random as at_odds
from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, Verdict
from tests.verification.oracle import judge as read_again
from tests.verification.worlds import ask, brief, source_of_world


class Disputed(NamedTuple):
    """One question of the disputed register of a seed: what is said, and what would be however it is settled."""

    seed: int
    disputes: list[at_odds.Dispute]
    question: Json
    said: Verdict
    settled: list[Verdict]

    @property
    def verdicts(self) -> set[str]:
        """What the verdict may be once the disputes are settled."""
        return {verdict.verdict for verdict in self.settled}


def disputed(first_seed: int, registers: int) -> Iterator[Disputed]:
    """Yield what is made of many disputed registers' questions, in question by question."""
    for seed in range(first_seed, first_seed + registers):
        rng = random.Random(seed)  # noqa: S311 (nothing here is secret)
        # Of lists alone: a letter about a record would have to take a side in each way to settle what they dispute.
        world = replace(at_random.world(rng), confirmed={})
        disputes = at_odds.disputes(rng, world)
        other = at_odds.said_instead(world, disputes)
        third = at_odds.said_instead(world, [d for d in disputes if rng.random() < 0.5])
        told = [world, other, third][: rng.choice([2, 2, 3])]
        names = rng.sample("abc", len(told))  # the first by name is the one that is shown
        index = index_of_sources(*map(source_of_world, told, names))
        settled = list(at_odds.whoever_is_right(world, disputes))
        for asked_of in (world, other):
            for question in at_random.questions(rng, asked_of):
                said = brief(ask(world, index, question))
                answers = [read_again(each, question) for each in settled]
                yield Disputed(seed, disputes, question, said, answers)


@pytest.fixture(scope="module")
def run() -> list[Disputed]:
    """Return the small run; it is another one whenever the tests run under another seed."""
    return list(disputed(random.getrandbits(40), 300))


def holds(one: Disputed) -> bool:
    """Say whether a pass or a fail is one whichever source is right."""
    return one.said.verdict == "cannot_confirm" or one.verdicts == {one.said.verdict}


def test_what_passes_or_fails_does_so_whichever_source_is_right(run: list[Disputed]) -> None:
    assert next((one for one in run if not holds(one)), None) is None


def test_most_of_what_is_the_same_whichever_source_is_right_is_said(run: list[Disputed]) -> None:
    for verdict, share in (("pass", 0.75), ("fail", 0.95)):
        same = [one for one in run if one.verdicts == {verdict}]
        said = [one for one in same if one.said.verdict == verdict]
        assert len(said) > share * len(same)


def test_the_small_run_meets_contradictions_in_every_element(run: list[Disputed]) -> None:
    met = Counter(
        element
        for one in run
        for element, (_, reasons) in one.said.elements.items()
        if "sources_contradict" in reasons
    )
    assert met.keys() == {"body", "provider", "programme", "trainer", "delivery", "scope"}
    assert any(len(one.verdicts) > 1 for one in run)


@pytest.mark.soak
def test_many_more_pass_or_fail_whichever_source_is_right() -> None:
    for one in disputed(random.getrandbits(40), 10_000):
        assert holds(one), one
