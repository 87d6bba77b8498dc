"""The setting as it is where nobody set it."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Add an empty `TRIVET_OPENEDX`, unless there is one: without an address everything bound is held."""
    if not hasattr(settings, "TRIVET_OPENEDX"):
        settings.TRIVET_OPENEDX = {}
