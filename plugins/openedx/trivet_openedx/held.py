"""What is held up, and what a step needs to know of it. Imports nothing that may be missing: see `steps`."""

from dataclasses import dataclass
from enum import Enum


class Point(Enum):
    """Where a course may be held up."""

    ENROLMENT = "enrolment"
    COURSEWARE = "courseware"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Held:
    """Why somebody can't go on: a code, and words for a learner, which name no trainer."""

    code: str
    words: str


OPENINGS = {
    Point.ENROLMENT: "Enrolment in this course is on hold.",
    Point.COURSEWARE: "This course is on hold.",
    Point.CERTIFICATE: "The certificate is on hold.",
}
"""The first sentence that a learner reads."""

CLOSING = "Please ask the course team: a person can look at it."
"""The last one."""


def unverified(point: Point) -> Held:
    """Return what is said where nothing could be found out at all."""
    return Held(
        "trivet_not_verified",
        f"{OPENINGS[point]} Whether its training is certified could not be verified now. "
        f"That is neither a pass nor a fail. {CLOSING}",
    )
