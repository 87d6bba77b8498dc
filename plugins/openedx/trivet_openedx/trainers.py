"""Who is asked about for a course: those with a teaching role, by the references that a person gave them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from trivet_client.gate import Line, Trainer
from trivet_openedx.models import BoundCourse, Teaching, TrainerMapping


def line_of(course: BoundCourse, day: date | None, roles: Collection[str]) -> Line:
    """Return what is asked about a course on a Europe/London day, with who teaches it."""
    staff = staff_of(course, roles)
    return replace(course.line(day), trainers=tuple(_trainers(course, staff)))


def staff_of(course: BoundCourse, roles: Collection[str]) -> list[int]:
    """Return who has a teaching role in a course, by the platform's numbers."""
    teaching = Teaching.objects.filter(course_key=course.course_key, role__in=roles)
    return sorted(set(teaching.values_list("staff_id", flat=True)))


def _trainers(course: BoundCourse, staff: Collection[int]) -> list[Trainer]:
    """Return the trainers of a course; one whom nobody mapped yet has no reference, and that holds up."""
    mappings = TrainerMapping.objects.filter(
        staff_id__in=staff, course_key__in=["", course.course_key]
    ).order_by("course_key")
    said = {mapping.staff_id: mapping.reference.strip() for mapping in mappings}
    references = dict.fromkeys(said.get(each) for each in staff)
    return [Trainer(reference) for reference in references if reference != ""]
