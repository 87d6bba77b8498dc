"""What was answered and decided, to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from trivet_openedx.models import KeptVerdict, Review, Waiver


class _ToRead(admin.ModelAdmin):
    """Nothing is added or changed here."""

    def has_add_permission(self, _: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _: HttpRequest, __: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(KeptVerdict)
class KeptVerdictAdmin(_ToRead):
    """The last answers. One that is deleted is asked for anew."""

    list_display = ("course", "verdict", "delivered_on", "checked_at")
    list_filter = ("verdict",)
    search_fields = ("course__course_key",)


class _Decided(_ToRead):
    def has_delete_permission(self, _: HttpRequest, __: Any = None) -> bool:
        """Refuse: what was decided stays."""
        return False


@admin.register(Waiver)
class WaiverAdmin(_Decided):
    """Waivers. They are given on a course's page, where all that stands against it is shown."""

    list_display = ("course", "at", "by", "expires_on", "ended", "reason")
    search_fields = ("course__course_key",)
    date_hierarchy = "at"

    @admin.display(boolean=True)
    def ended(self, waiver: Waiver) -> bool:
        """Whether it was ended before its last day."""
        return hasattr(waiver, "end")


@admin.register(Review)
class ReviewAdmin(_Decided):
    """Second looks at what is held up on account of a trainer."""

    list_display = ("course", "at", "by", "conclusion", "reason")
    search_fields = ("course__course_key",)
    date_hierarchy = "at"
