"""What a learner reads of a decision. Pure.

What concerns a trainer is a person's: a learner is told that there is such a reason, and the course team which.
"""

from collections.abc import Iterator

from trivet_client.gate import LineDecision, Message
from trivet_openedx.held import CLOSING, OPENINGS, Held, Point

ABOUT_A_TRAINER = (
    "Trainer: what stands against it concerns a person, and is told to the course team."
)


def held_for_learner(line: LineDecision, point: Point) -> Held:
    """Return what a learner reads of a line that is held up: each reason, or that there is one about a trainer."""
    said = dict.fromkeys(_said(line))
    words = " ".join((OPENINGS[point], *said, CLOSING))
    return Held(f"trivet_{line.outcome.value}", words)


def _said(line: LineDecision) -> Iterator[str]:
    for message in line.messages:
        yield ABOUT_A_TRAINER if _names_a_trainer(message) else message.text


def _names_a_trainer(message: Message) -> bool:
    return "trainer" in message.params
