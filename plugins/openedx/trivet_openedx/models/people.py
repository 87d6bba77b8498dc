"""Who teaches a course, by the platform's number of a person, and the trainer's reference of each. No names."""

from django.core.exceptions import ValidationError
from django.db import models
from opaque_keys import InvalidKeyError

from trivet_client.problems import InvalidArgument
from trivet_client.questions import question
from trivet_openedx.keys import NO_COURSE, runs_of


class Teaching(models.Model):
    """Somebody has a role in a course, as the platform told. Kept of every course: it may be bound later on."""

    course_key = models.CharField(max_length=255)
    staff_id = models.PositiveBigIntegerField(help_text="The platform's number of the person.")
    role = models.CharField(max_length=64, default="staff")

    class Meta:
        verbose_name = "person who teaches"
        verbose_name_plural = "people who teach"
        ordering = ("course_key", "staff_id", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["course_key", "staff_id", "role"], name="trivet_one_row_a_role"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id}, {self.role} of {self.course_key}"

    def clean(self) -> None:
        """Refuse what is no course.

        Raises:
            ValidationError: it says what to do.
        """
        try:
            runs_of(self.course_key)
        except InvalidKeyError:
            raise ValidationError(NO_COURSE) from None


class TrainerMapping(models.Model):
    """Which trainer a member of staff is, said by a person and never guessed.

    A trainer's status belongs to a trainer and a provider (R6): whoever teaches for two has a row for the course.
    """

    staff_id = models.PositiveBigIntegerField(help_text="The platform's number of the person.")
    course_key = models.CharField(
        max_length=255,
        blank=True,
        help_text="For this course alone, before what is said for all; empty is for all courses.",
    )
    reference = models.CharField(
        max_length=200,
        blank=True,
        help_text="authorisation:… or register:…; empty says that this person trains nobody.",
    )

    class Meta:
        verbose_name = "trainer's reference"
        verbose_name_plural = "trainers' references"
        ordering = ("staff_id", "course_key")
        constraints = (
            models.UniqueConstraint(
                fields=["staff_id", "course_key"], name="trivet_one_reference_a_course"
            ),
        )

    def __str__(self) -> str:
        # Without the reference: the admin's log keeps this for ever.
        return f"Staff {self.staff_id}"

    def clean(self) -> None:
        """Refuse a reference that can't be one; it may be a name, and is not repeated.

        Raises:
            ValidationError: it says what to do.
        """
        trainer = self.reference.strip() or None
        try:
            question(provider="certificate:x", programme="register:x", trainer=trainer)
        except InvalidArgument:
            raise ValidationError(
                {"reference": "Give authorisation:… or register:…, or nothing."}
            ) from None
