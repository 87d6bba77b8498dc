"""Courses that are bound to certification. A course without a row here is none of this plugin's business."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from opaque_keys import InvalidKeyError

from trivet_client.gate import Line, missing
from trivet_client.problems import InvalidArgument
from trivet_client.questions import question
from trivet_openedx.days import DayRule, delivered_on
from trivet_openedx.held import Point
from trivet_openedx.keys import NO_COURSE, any_of, runs_of

_ON_OFF = [(None, "as in the settings"), (True, "hold up"), (False, "do not hold up")]


class BoundCourses(models.QuerySet["BoundCourse"]):
    """Finds bound courses."""

    def of(self, course_key: object) -> "BoundCourse | None":
        """Return the bound course of a key; a custom course (CCX) is bound by its own row or by its course's.

        Raises:
            InvalidKeyError: it is no key of a course.
        """
        runs = runs_of(course_key)
        found = {course.course_key.lower(): course for course in self.filter(any_of(runs))}
        course = next((found[run.lower()] for run in runs if run.lower() in found), None)
        if course:
            course.found_for = runs[0]
        return course

    def whole(self) -> Self:
        """Return them with what a question takes."""
        return self.prefetch_related("sessions")


class BoundCourse(models.Model):
    """A course whose training has to be certified, and what is asked about it."""

    course_key = models.CharField(
        max_length=255, unique=True, help_text="Such as course-v1:Example+RRT101+2027."
    )
    provider = models.TextField(
        help_text="Who provides the training: an identifier such as certificate:SAMPLE-0001. "
        "Several, one a line, must agree."
    )
    programme = models.CharField(
        max_length=300, help_text="The approved programme: register:… or title:…"
    )
    day_rule = models.CharField(
        max_length=10,
        choices=[
            (DayRule.TODAY.value, "today: it is delivered day by day"),
            (DayRule.FIXED.value, "one fixed day"),
            (DayRule.SESSION.value, "the next session, and after the last of them that one"),
        ],
        default=DayRule.TODAY.value,
        help_text="For which day it is asked about.",
    )
    fixed_day = models.DateField(null=True, blank=True, help_text="For the rule “one fixed day”.")
    delivered_by = models.CharField(
        max_length=300,
        blank=True,
        help_text="The organisation that delivers, where it is not the provider: ods:… and so on.",
    )
    scope = models.JSONField(
        default=dict,
        blank=True,
        help_text='Such as {"setting": "secure", "modules": ["seclusion"]}.',
    )
    hold_enrolment = models.BooleanField(null=True, blank=True, choices=_ON_OFF)
    hold_courseware = models.BooleanField(null=True, blank=True, choices=_ON_OFF)
    hold_certificate = models.BooleanField(null=True, blank=True, choices=_ON_OFF)

    found_for = ""
    """The run that it was found for: its own, or a custom course's (CCX), which has teachers of its own."""

    objects = BoundCourses.as_manager()

    class Meta:
        ordering = ("course_key",)

    def __str__(self) -> str:
        return self.course_key

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the key as the platform writes it, wherever it was given."""
        self.course_key = self.course_key.strip()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what could never be asked about.

        Raises:
            ValidationError: it names the field and says what to do.
        """
        try:
            run, *_ = runs_of(self.course_key.strip())
        except InvalidKeyError:
            raise ValidationError(NO_COURSE) from None
        if BoundCourse.objects.filter(any_of([run])).exclude(pk=self.pk).exists():
            raise ValidationError({"course_key": "This course is bound already."})
        self.course_key = run
        if self.day_rule == DayRule.FIXED.value and not self.fixed_day:
            raise ValidationError({"fixed_day": "Give the day, or choose another rule."})
        self._check_question()

    def _check_question(self) -> None:
        names = {"provider", "programme"} & set(missing(self.line(date.min)))
        if names:
            return  # the fields themselves say that they are needed
        try:
            question(
                provider=self.providers,
                programme=self.programme,
                delivered_by=self.delivered_by.strip() or None,
                scope=self.scope or None,
            )
        except InvalidArgument as refused:
            raise ValidationError({refused.argument: str(refused)}) from None

    @property
    def providers(self) -> list[str]:
        """The identifiers of the provider."""
        return [line.strip() for line in self.provider.splitlines() if line.strip()]

    @property
    def reference(self) -> str:
        """What its questions are found by at the service, which takes 200 characters."""
        return self.course_key[:200]

    def holds(self, point: Point, default: bool) -> bool:  # noqa: FBT001 - the one argument that it is about
        """Tell whether this course is held up at a point; `default` is what the settings say."""
        own = getattr(self, f"hold_{point.value}")
        return default if own is None else bool(own)

    def day(self, today: date) -> date | None:
        """Return the day of delivery to ask about, as seen from a Europe/London day."""
        rule = DayRule(self.day_rule)
        sessions = [each.day for each in self.sessions.all()] if rule is DayRule.SESSION else []
        return delivered_on(rule, today, self.fixed_day, sessions)

    def line(self, day: date | None) -> Line:
        """Return what is asked about the course on a day, without who teaches it."""
        return Line(
            key=f"{self.course_key} {day or 'without a day'}",
            provider=self.providers,
            programme=self.programme,
            delivered_on=day,
            delivered_by=self.delivered_by.strip() or None,
            scope=self.scope or None,
            reference=self.reference,
        )


class Session(models.Model):
    """A day on which a course is delivered, in Europe/London."""

    course = models.ForeignKey(BoundCourse, on_delete=models.CASCADE, related_name="sessions")
    day = models.DateField()

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(fields=["course", "day"], name="trivet_one_session_a_day"),
        )

    def __str__(self) -> str:
        return self.day.isoformat()
