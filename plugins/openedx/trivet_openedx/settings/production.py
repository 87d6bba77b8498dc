"""The setting as the platform's YAML file gives it."""

from typing import Any


def plugin_settings(settings: Any) -> None:
    """Take `TRIVET_OPENEDX` from what the platform read from its YAML file, where it stands there."""
    read = getattr(settings, "ENV_TOKENS", {})
    settings.TRIVET_OPENEDX = read.get("TRIVET_OPENEDX", settings.TRIVET_OPENEDX)
