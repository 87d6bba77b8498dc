"""Who teaches, and which trainer each of them is."""

from django.contrib import admin

from trivet_openedx.models import Teaching, TrainerMapping


@admin.register(Teaching)
class TeachingAdmin(admin.ModelAdmin):
    """Roles as the platform told them. Those given before this plugin was installed are added by hand."""

    list_display = ("course_key", "staff_id", "role")
    search_fields = ("course_key", "=staff_id")


@admin.register(TrainerMapping)
class TrainerMappingAdmin(admin.ModelAdmin):
    """References, each said by a person."""

    list_display = ("staff_id", "course_key", "reference")
    search_fields = ("course_key", "=staff_id")
