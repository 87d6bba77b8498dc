"""What `manage.py check` says of the settings and of the pipelines."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name
from openedx_filters.learning.filters import (
    CertificateCreationRequested,
    CourseEnrollmentStarted,
    CoursewareAccessChecksRequested,
)
from openedx_filters.tooling import OpenEdxPublicFilter

from trivet_client import NotConfigured
from trivet_openedx.asking import client_of
from trivet_openedx.configured import configured, mistakes
from trivet_openedx.steps import HoldCertificate, HoldCourseware, HoldEnrolment

STEPS: Mapping[type[OpenEdxPublicFilter], type] = {
    CourseEnrollmentStarted: HoldEnrolment,
    CoursewareAccessChecksRequested: HoldCourseware,
    CertificateCreationRequested: HoldCertificate,
}

_OURS = "trivet_openedx."


@register
def check_settings(**_: Any) -> list[CheckMessage]:
    """Say which settings can't be what they should, and whether the service can be asked at all."""
    given = getattr(settings, "TRIVET_OPENEDX", {})
    wrong: list[CheckMessage] = [Error(each, id="trivet_openedx.E001") for each in mistakes(given)]
    if wrong:
        return wrong
    found = configured()
    try:
        client_of(found.url, found.key)
    except NotConfigured as error:
        # A warning: it is safe so, and commands such as `migrate` have to run before everything is set.
        return [
            Warning(
                "The service can't be asked: every bound course is held up as “could not be verified”.",
                hint=str(error),
                id="trivet_openedx.W001",
            )
        ]
    return []


@register
def check_pipelines(**_: Any) -> list[CheckMessage]:
    """Say where a step does not stand, or can't do what it is for."""
    return [message for each, step in STEPS.items() for message in _of_pipeline(each, step)]


def _of_pipeline(kind: type[OpenEdxPublicFilter], step: type) -> Iterator[CheckMessage]:
    pipeline, _, _ = kind.get_pipeline_configuration()
    path = f"{step.__module__}.{step.__qualname__}"
    for other in pipeline:
        if other.startswith(_OURS) and other != path:
            # With fail_silently the pipeline would pass over it, and hold up nothing.
            yield Error(
                f"OPEN_EDX_FILTERS_CONFIG[{kind.filter_type!r}] names {other!r}, which is no step for it.",
                hint=f"Write {path!r}.",
                id="trivet_openedx.E002",
            )
    if path not in pipeline:
        yield Warning(
            f"Nothing is held up at {kind.filter_type}: {path} is not in its pipeline.",
            hint="Add it to OPEN_EDX_FILTERS_CONFIG, unless that is what you want.",
            id="trivet_openedx.W002",
        )
    elif pipeline[0] != path:
        yield Warning(
            f"{path} is not the first step at {kind.filter_type}: one before it can end the pipeline.",
            hint="Put it first.",
            id="trivet_openedx.W003",
        )
