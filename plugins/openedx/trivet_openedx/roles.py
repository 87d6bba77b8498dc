"""Keeps who teaches which course, as the platform tells of roles. Only the number of a person is read, no name."""

from typing import Any

from openedx_events.learning.data import CourseAccessRoleData

from trivet_openedx.models import Teaching


def role_added(course_access_role_data: CourseAccessRoleData, **_: Any) -> None:
    """Keep that somebody has a role in a course. A role in no one course is passed over."""
    if course_access_role_data.course_key:
        Teaching.objects.get_or_create(**_row(course_access_role_data))


def role_removed(course_access_role_data: CourseAccessRoleData, **_: Any) -> None:
    """Forget that somebody had a role in a course."""
    Teaching.objects.filter(**_row(course_access_role_data)).delete()


def _row(data: CourseAccessRoleData) -> dict[str, Any]:
    return {"course_key": str(data.course_key), "staff_id": data.user.id, "role": data.role}
