"""Course keys, as the platform and as people write them."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from opaque_keys.edx.keys import CourseKey

NO_COURSE = {"course_key": "Give the key of a course run, such as course-v1:Org+Course+Run."}
"""What is said of a field in which no course stands."""


def runs_of(course_key: object) -> tuple[str, ...]:
    """Return the run that a key means, without branch and version; for a custom course (CCX) also what it is made from.

    Raises:
        InvalidKeyError: it is no key of a course.
    """
    given: Any = (
        course_key if isinstance(course_key, CourseKey) else CourseKey.from_string(str(course_key))
    )
    run = given.for_branch(None)  # of no version either
    made_from = getattr(run, "to_course_locator", None)
    return (str(run), str(made_from())) if made_from else (str(run),)


def any_of(runs: Iterable[str]) -> Q:
    """Return what finds rows of these runs: the platform has no two that differ in capitals alone."""
    return reduce(or_, (Q(course_key__iexact=run) for run in runs))
