"""What is stored: courses, who teaches them, kept answers, and what people decided."""

from trivet_openedx.models.answers import Cursor, HandledEvent, KeptVerdict, Watched
from trivet_openedx.models.courses import BoundCourse, Session
from trivet_openedx.models.decided import AppendOnly, Review, Waiver, WaiverEnd
from trivet_openedx.models.people import Teaching, TrainerMapping

__all__ = [
    "AppendOnly",
    "BoundCourse",
    "Cursor",
    "HandledEvent",
    "KeptVerdict",
    "Review",
    "Session",
    "Teaching",
    "TrainerMapping",
    "Waiver",
    "WaiverEnd",
    "Watched",
]
