"""What was answered, and what is followed."""

from datetime import datetime
from typing import Any

from django.db import models

from trivet_openedx.models.courses import BoundCourse


class KeptVerdict(models.Model):
    """The last answer to one question of a course: the gate's `Kept`, with what a list shows of it."""

    course = models.ForeignKey(BoundCourse, on_delete=models.CASCADE, related_name="kept")
    fingerprint = models.CharField(max_length=80)
    verdict = models.CharField(max_length=20)
    delivered_on = models.DateField()
    checked_at = models.DateTimeField(help_text="When it was answered (UTC).")
    kept = models.JSONField()

    class Meta:
        ordering = ("course", "-checked_at")
        constraints = (
            models.UniqueConstraint(
                fields=["course", "fingerprint"], name="trivet_one_answer_a_question"
            ),
        )

    def __str__(self) -> str:
        return f"{self.course}: {self.verdict} for {self.delivered_on}"


class Watched(models.Model):
    """A watch at the service. Its id is kept: when a person is erased, that is all that is told."""

    course = models.ForeignKey(BoundCourse, on_delete=models.CASCADE, related_name="watches")
    reference = models.CharField(max_length=200, unique=True)
    watch = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.reference


class Cursor(models.Model):
    """Up to where the service's events were read. There is one row at most."""

    after = models.TextField()

    def __str__(self) -> str:
        return "events"

    @classmethod
    def position(cls) -> str | None:
        """Return where to go on, and None where nothing was read yet."""
        found = cls.objects.filter(pk=1).first()
        return found.after if found else None

    @classmethod
    def move(cls, after: str) -> None:
        """Keep where to go on."""
        cls.objects.update_or_create(pk=1, defaults={"after": after})


class HandledEvent(models.Model):
    """A webhook that was handled: it may come again."""

    event = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.event

    @classmethod
    def forget_before(cls, instant: datetime) -> Any:
        """Delete what the service does not send again any more."""
        return cls.objects.filter(at__lt=instant).delete()
