"""Bound courses, and the page on which a course's standing is shown and decided about."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from trivet_openedx.admin.standing import StandingView
from trivet_openedx.models import BoundCourse, Session


class _Sessions(admin.TabularInline):
    model = Session
    extra = 1


@admin.register(BoundCourse)
class BoundCourseAdmin(admin.ModelAdmin):
    """Courses that are bound to certification."""

    list_display = ("course_key", "programme", "day_rule", "standing")
    search_fields = ("course_key", "programme")
    inlines = (_Sessions,)
    fieldsets = (
        (None, {"fields": ("course_key", "provider", "programme", "delivered_by", "scope")}),
        ("For which day", {"fields": ("day_rule", "fixed_day")}),
        (
            "What is held up without a pass",
            {"fields": ("hold_enrolment", "hold_courseware", "hold_certificate")},
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the page of a course's standing."""
        view = self.admin_site.admin_view(StandingView.as_view(model_admin=self))
        name = "trivet_openedx_boundcourse_standing"
        return [path("<int:pk>/standing/", view, name=name), *super().get_urls()]

    @admin.display(description="standing")
    def standing(self, course: BoundCourse) -> Any:
        """Link to the page; nothing is asked for a list."""
        address = reverse("admin:trivet_openedx_boundcourse_standing", args=[course.pk])
        return format_html('<a href="{}">Ask, waive or review</a>', address)
