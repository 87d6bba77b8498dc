"""What people decided: never changed, and deleted only when a person's data has to go."""

from typing import Any

from django.db import models

from trivet_openedx.models.courses import BoundCourse


class AppendOnly(RuntimeError):
    """Somebody tried to change what a person decided."""


class Decided(models.QuerySet[Any]):
    """Decisions are added and read."""

    def update(self, **_: Any) -> int:
        """Refuse: what was decided stays as it is."""
        raise AppendOnly("what was decided is not changed: decide anew")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: `erase` is for the one case in which it has to be."""
        raise AppendOnly("what was decided is not deleted")

    def erase(self) -> int:
        """Delete, because a person's data has to go; return how many."""
        return super().delete()[0]


class _WrittenOnce(models.Model):
    objects = Decided.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once.

        Raises:
            AppendOnly: it is there already.
        """
        if not self._state.adding:
            raise AppendOnly("what was decided is not changed: decide anew")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what was decided is not deleted one by one."""
        raise AppendOnly("what was decided is not deleted")


class _Decision(_WrittenOnce):
    course = models.ForeignKey(BoundCourse, on_delete=models.PROTECT)
    reason = models.TextField()
    by = models.CharField(max_length=200, help_text="The platform's number of who decided.")
    at = models.DateTimeField(help_text="When (UTC).")
    about = models.JSONField(default=list, help_text="The staff who taught the course then.")
    document = models.JSONField(help_text="As the gate wrote it.")

    class Meta:
        abstract = True
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.course}, {self.at:%d.%m.%Y}"


class Waiver(_Decision):
    """A person let a course go ahead although it does not pass, until a day; the gate's `Override`."""

    expires_on = models.DateField(help_text="The last day on which it holds.")

    class Meta(_Decision.Meta):
        abstract = False
        permissions = (("may_waive_certification", "May waive certification"),)
        default_permissions = ("view",)


class WaiverEnd(_WrittenOnce):
    """A person ended a waiver before its last day."""

    waiver = models.OneToOneField(Waiver, on_delete=models.CASCADE, related_name="end")
    by = models.CharField(max_length=200, help_text="The platform's number of who ended it.")
    at = models.DateTimeField(help_text="When (UTC).")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.waiver} ended {self.at:%d.%m.%Y}"


class Review(_Decision):
    """A person looked again at what is held up on account of a trainer; the gate's `Review`."""

    conclusion = models.CharField(max_length=10)

    class Meta(_Decision.Meta):
        abstract = False
        permissions = (("may_review_trainers", "May review what concerns a trainer"),)
        default_permissions = ("view",)
