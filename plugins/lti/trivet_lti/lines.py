"""A course as the gate asks about it: one line for each instructor who is mapped. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trivet_client.gate import Line, Trainer
from trivet_lti.courses import Course
from trivet_lti.people import Mapped

_PREFIX = "lti"


@dataclass(frozen=True)
class Lesson:
    """Somebody who is mapped, in a course: the two that a line, a watch and a verdict belong to."""

    course: str
    mapping: str

    @property
    def reference(self) -> str:
        """How the service is told of it: ids of ours alone, no name and no id of the platform's."""
        return f"{_PREFIX}:{self.course}:{self.mapping}"


def line_of(course: Course, person: Mapped, day: date) -> Line:
    """Return the line of an instructor for a Europe/London day."""
    reference = Lesson(course.id, person.id).reference
    return Line(
        key=reference,
        provider=course.provider,
        programme=course.programme,
        trainers=(Trainer(person.trainer),),
        delivered_on=day,
        reference=reference,
    )


def lesson_of(reference: str | None) -> Lesson | None:
    """Return what a reference was made of; None for one that is not of this tool."""
    parts = (reference or "").split(":")
    return Lesson(*parts[1:]) if len(parts) == 3 and parts[0] == _PREFIX else None


def lines_of(course: Course, people: Iterable[Mapped], day: date) -> list[Line]:
    """Return the lines of a course for a Europe/London day; none where it is not said what the training is."""
    return [line_of(course, person, day) for person in people] if course.known else []
