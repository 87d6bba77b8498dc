"""Who is asked about for a course: those with a teaching role, by the references that a person gave them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db.models import Q

from trivet_client.gate import Line, Trainer
from trivet_openedx.keys import any_of
from trivet_openedx.models import BoundCourse, Teaching, TrainerMapping


def line_of(course: BoundCourse, day: date | None, roles: Collection[str]) -> Line:
    """Return what is asked about a course on a Europe/London day, with who teaches it."""
    staff = staff_of(course, roles)
    return replace(course.line(day), trainers=tuple(_trainers(course, staff)))


def staff_of(course: BoundCourse, roles: Collection[str]) -> list[int]:
    """Return who has a teaching role in a course or the custom course it was found for, by the platform's numbers."""
    runs = any_of({course.course_key, course.found_for or course.course_key})
    teaching = Teaching.objects.filter(runs, role__in=roles)
    return sorted(set(teaching.values_list("staff_id", flat=True)))


def unmapped(course: BoundCourse, roles: Collection[str]) -> list[int]:
    """Return who teaches a course, and nobody said which trainer that is."""
    staff = staff_of(course, roles)
    return sorted(set(staff) - set(_references(course, staff)))


def _trainers(course: BoundCourse, staff: Collection[int]) -> list[Trainer]:
    """Return the trainers of a course; one whom nobody mapped yet has no reference, and that holds up."""
    said = _references(course, staff)
    references = dict.fromkeys(said.get(each) for each in staff)
    return [Trainer(reference) for reference in references if reference != ""]


def _references(course: BoundCourse, staff: Collection[int]) -> dict[int, str]:
    """Return what was said of each, for the course before what was said for all."""
    mappings = TrainerMapping.objects.filter(
        Q(course_key="") | any_of([course.course_key]), staff_id__in=staff
    ).order_by("course_key")
    return {mapping.staff_id: mapping.reference.strip() for mapping in mappings}
