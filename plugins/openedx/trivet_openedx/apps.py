"""The app, and where Open edX's plugin system finds its settings and its address."""

from importlib import import_module
from typing import Any, ClassVar

from django.apps import AppConfig

_EVENTS = "openedx_events.learning.signals"


class TrivetConfig(AppConfig):
    """Certification-bound courses: asked about before an enrolment, courseware or a certificate."""

    name = "trivet_openedx"
    verbose_name = "Certified training (trivet)"
    default_auto_field = "django.db.models.BigAutoField"

    plugin_app: ClassVar[dict[str, Any]] = {
        "url_config": {
            "lms.djangoapp": {
                "namespace": "trivet_openedx",
                "regex": r"^trivet/",
                "relative_path": "urls",
            }
        },
        "settings_config": {
            "lms.djangoapp": {
                "common": {"relative_path": "settings.common"},
                "production": {"relative_path": "settings.production"},
            }
        },
        "signals_config": {
            "lms.djangoapp": {
                "relative_path": "roles",
                "receivers": [
                    {
                        "receiver_func_name": "role_added",
                        "signal_path": f"{_EVENTS}.COURSE_ACCESS_ROLE_ADDED",
                    },
                    {
                        "receiver_func_name": "role_removed",
                        "signal_path": f"{_EVENTS}.COURSE_ACCESS_ROLE_REMOVED",
                    },
                ],
            }
        },
    }

    def ready(self) -> None:
        """Register the checks, which can only be imported once all apps are there."""
        import_module("trivet_openedx.checks")
