"""What the roles that a platform tells allow, and who teaches. Pure.

LTI 1.3 writes the roles of a course as `…/membership#Instructor`, a sub-role as
`…/membership/Instructor#PrimaryInstructor`, and lets the plain name stand for the first form.
"""

from collections.abc import Collection

_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
_MEMBERSHIP = f"{_VOCABULARY}membership"

INSTRUCTOR = f"{_MEMBERSHIP}#Instructor"
"""What a platform is asked for, where it can tell members apart by role."""

_MANAGING = frozenset(
    {
        f"{_MEMBERSHIP}#Administrator",
        f"{_MEMBERSHIP}#Manager",
        "Administrator",
        "Manager",
        f"{_VOCABULARY}institution/person#Administrator",
        f"{_VOCABULARY}system/person#Administrator",
        f"{_VOCABULARY}system/person#AccountAdmin",
        f"{_VOCABULARY}system/person#SysAdmin",
    }
)


def teaches(roles: Collection[str]) -> bool:
    """Tell whether these are the roles of somebody who teaches the course, in whatever sub-role."""
    return any(_principal(role) == "Instructor" for role in roles)


def manages(roles: Collection[str]) -> bool:
    """Tell whether these roles may say who is which trainer.

    Sub-roles such as `Manager#Observer` don't. The roles of the whole platform do, for Moodle and Totara have no
    managing role within a course: they tell `Instructor`, and of a site's administrators the system role.
    """
    return not _MANAGING.isdisjoint(roles)


def may_look(roles: Collection[str]) -> bool:
    """Tell whether these roles may see how the instructors of a course stand."""
    return teaches(roles) or manages(roles)


def _principal(role: str) -> str:
    """Return the role of a course that a role is a form of; empty for one that is of no course."""
    if ":" not in role and "/" not in role:
        return role
    if role.startswith(f"{_MEMBERSHIP}#"):
        return role.removeprefix(f"{_MEMBERSHIP}#")
    if role.startswith(f"{_MEMBERSHIP}/") and "#" in role:
        return role.removeprefix(f"{_MEMBERSHIP}/").partition("#")[0]
    return ""
