"""Removes what is held of a person who teaches."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from opaque_keys import InvalidKeyError

from trivet_openedx.models import BoundCourse, KeptVerdict, Review, Teaching, TrainerMapping, Waiver


@transaction.atomic
def forget(staff_id: int) -> Mapping[str, int]:
    """Delete all that is held of a person as a trainer, and return how many rows of what.

    That is their roles and references, the kept answers of the courses they taught (which are asked about anew), and
    the waivers and reviews about questions that named them. Who decided something is not forgotten by it: an audit
    asks. Their watches at the service end the next time that `trivet_events` runs.
    """
    teaching = Teaching.objects.filter(staff_id=staff_id)
    mappings = TrainerMapping.objects.filter(staff_id=staff_id)
    courses = {*_bound(teaching.values_list("course_key", flat=True))}
    gone = Counter(
        waivers=_erase(Waiver, staff_id, courses), reviews=_erase(Review, staff_id, courses)
    )
    gone["kept answers"] = KeptVerdict.objects.filter(course__in=courses).delete()[0]
    for rows, name in ((teaching, "roles"), (mappings, "references")):
        _forget_log(rows)
        gone[name] = rows.delete()[0]
    return gone


def _bound(keys: Iterable[str]) -> Iterator[int]:
    for key in keys:
        with suppress(InvalidKeyError):  # no course: nothing was ever asked about it
            course = BoundCourse.objects.of(key)
            if course:
                yield course.pk


def _erase(kind: type[Waiver] | type[Review], staff_id: int, courses: set[int]) -> int:
    rows = kind.objects.values_list("pk", "about", "course")
    theirs = []
    for pk, about, course in rows:
        if staff_id in about:
            theirs.append(pk)
            courses.add(course)
    return int(kind.objects.filter(pk__in=theirs).erase())


def _forget_log(rows: models.QuerySet[Teaching] | models.QuerySet[TrainerMapping]) -> None:
    kind = ContentType.objects.get_for_model(rows.model)
    numbers = [str(each.pk) for each in rows]
    LogEntry.objects.filter(content_type=kind, object_id__in=numbers).delete()
