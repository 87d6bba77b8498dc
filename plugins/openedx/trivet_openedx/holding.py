"""Who is held up at a point, and why."""

from typing import Any

from trivet_openedx import clock
from trivet_openedx.configured import Configured, configured
from trivet_openedx.deciding import decide
from trivet_openedx.held import Held, Point
from trivet_openedx.models import BoundCourse
from trivet_openedx.telling import held_for_learner
from trivet_openedx.trainers import staff_of


def held(point: Point, *, course_key: object, user: Any = None, **_: Any) -> Held | None:
    """Return why somebody is held up, and None where nothing holds: the course is not bound or may go ahead.

    Args:
        point: where they are.
        course_key: the course that the filter was run for.
        user: for whom.

    Raises:
        Exception: it could not be found out. Whoever asks has to hold up.
    """
    course = BoundCourse.objects.of(course_key)
    if course is None:
        return None
    settings = configured()
    if not course.holds(point, point.value in settings.hold):
        return None
    if point is Point.COURSEWARE and _works_here(course, settings, user):
        return None
    line = decide(course, point, settings, clock.now())
    return None if line else held_for_learner(line, point)


def _works_here(course: BoundCourse, settings: Configured, user: Any) -> bool:
    """Tell whether somebody opens a course to work on it: nobody is trained by that, and who reviews has to see it."""
    if "staff" in settings.courseware_open_to and getattr(user, "is_staff", False) is True:
        return True
    if "teachers" not in settings.courseware_open_to:
        return False
    return getattr(user, "id", None) in staff_of(course, settings.teaching_roles)
