"""The pipeline steps. Nothing but the filter's own exception ever leaves one, whatever goes wrong.

With `fail_silently` the pipeline passes over any other exception, and over a step that can't be imported: both would
let through what was never asked about. So a step takes any arguments, imports what may be missing only when it runs,
and holds up where it can't find out.
"""

import logging
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from openedx_filters.exceptions import OpenEdxFilterException
from openedx_filters.filters import PipelineStep
from openedx_filters.learning.filters import (
    CertificateCreationRequested,
    CourseEnrollmentStarted,
    CoursewareAccessChecksRequested,
)

from trivet_openedx.held import Held, Point, unverified

logger = logging.getLogger("trivet_openedx")


class _Step(PipelineStep):
    """Lets an unbound course through, and a bound one on a pass or a waiver."""

    point: ClassVar[Point]

    def run_filter(self, *_: Any, **arguments: Any) -> dict[str, Any]:
        """Return no change, so that the steps after this one run; raise the filter's own exception to hold up."""
        held = _held(self.point, arguments)
        if held is not None:
            raise self.prevention(held) from None
        return {}

    def prevention(self, held: Held) -> OpenEdxFilterException:
        """Return the filter's own exception."""
        raise NotImplementedError


class HoldEnrolment(_Step):
    """For `org.openedx.learning.course.enrollment.started.v1`."""

    point = Point.ENROLMENT

    def prevention(self, held: Held) -> OpenEdxFilterException:
        """Return what keeps a learner from being enrolled."""
        return CourseEnrollmentStarted.PreventEnrollment(held.words)


class HoldCourseware(_Step):
    """For `org.openedx.learning.courseware.access_checks.requested.v1`."""

    point = Point.COURSEWARE

    def prevention(self, held: Held) -> OpenEdxFilterException:
        """Return what keeps a learner from opening the course."""
        return CoursewareAccessChecksRequested.PreventCoursewareAccess(
            message=held.words,
            error_code=held.code,
            developer_message=f"Held up by trivet: {held.code}.",
            user_message=held.words,
        )


class HoldCertificate(_Step):
    """For `org.openedx.learning.certificate.creation.requested.v1`."""

    point = Point.CERTIFICATE

    def prevention(self, held: Held) -> OpenEdxFilterException:
        """Return what keeps a certificate from being made."""
        return CertificateCreationRequested.PreventCertificateCreation(held.words)


def _held(point: Point, arguments: dict[str, Any]) -> Held | None:
    """Return why a learner is held up, and None only where the course is not bound or may go ahead."""
    try:
        # Imported here: what can't be imported has to hold up, and not to be passed over.
        found = import_module("trivet_openedx.holding").held(point, **arguments)
        if found is None or isinstance(found, Held):
            return found
    except Exception as error:  # noqa: BLE001 - whatever it was, the filter's own exception has to follow
        with suppress(Exception):  # a log may break as well
            _log(point, error)
    return unverified(point)


def _log(point: Point, error: Exception) -> None:
    """Say what went wrong and where; not its message, for that may hold what is no log's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    logger.error("held up (%s), for %s at %s", point.value, type(error).__name__, place)
