"""The admin pages."""

from trivet_openedx.admin.courses import BoundCourseAdmin
from trivet_openedx.admin.people import TeachingAdmin, TrainerMappingAdmin
from trivet_openedx.admin.records import KeptVerdictAdmin, ReviewAdmin, WaiverAdmin

__all__ = [
    "BoundCourseAdmin",
    "KeptVerdictAdmin",
    "ReviewAdmin",
    "TeachingAdmin",
    "TrainerMappingAdmin",
    "WaiverAdmin",
]
