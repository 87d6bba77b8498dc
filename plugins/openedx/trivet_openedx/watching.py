"""Keeps a watch at the service for each question of each bound course, so that it tells what moves."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

from django.db.models import QuerySet

from trivet_client import NotFound, TrivetClient
from trivet_client.gate import Line, missing
from trivet_client.questions import Named
from trivet_client.questions import Watched as Wanted
from trivet_openedx.days import DayRule
from trivet_openedx.models import BoundCourse, Watched
from trivet_openedx.trainers import line_of


def keep_watches(client: TrivetClient, roles: tuple[str, ...], today: date) -> list[str]:
    """Open the watches that are wanted on a Europe/London day, end the others, and return the refused ones.

    Raises:
        TrivetError: no answer could be had. Call it again: what is watched stays the same watch.
    """
    wanted = {row["reference"]: (course, row) for course, row in _wanted(roles, today)}
    refused = []
    for came in client.watch_many([row for _, row in wanted.values()], replace=True):
        course, _ = wanted[str(came.reference)]
        if came.watch is None:
            refused.append(str(course))
        else:
            Watched.objects.update_or_create(
                reference=came.reference, defaults={"course": course, "watch": came.watch}
            )
    _end(client, Watched.objects.exclude(reference__in=wanted))
    return refused


def _wanted(roles: tuple[str, ...], today: date) -> Iterator[tuple[BoundCourse, Any]]:
    for course in BoundCourse.objects.whole():
        line = line_of(course, course.day(today), roles)
        daily = course.day_rule == DayRule.TODAY.value
        for number, row in enumerate(_rows(line, daily=daily)):
            # By its number and not by its key: a key may be longer than a reference.
            yield course, {**row, "reference": f"openedx-course-{course.pk}-{number}"}


def _rows(line: Line, *, daily: bool) -> Iterator[Wanted]:
    """Yield what is watched of a course: all that is asked about it; nothing of a record that can't be asked about."""
    trainers: list[Named | None] = [trainer.reference for trainer in line.trainers] or [None]
    if {"provider", "programme", "delivered_on"} & set(missing(line)):
        return
    for trainer in trainers:
        yield {
            "provider": line.provider or [],
            "programme": line.programme,
            "trainer": trainer,
            "delivered_by": line.delivered_by,
            "scope": line.scope,
            "delivered_on": None if daily else line.delivered_on,
        }


def _end(client: TrivetClient, watches: QuerySet[Watched]) -> None:
    for each in watches:
        with suppress(NotFound):  # it ended before
            client.end_watch(each.watch)
        each.delete()
