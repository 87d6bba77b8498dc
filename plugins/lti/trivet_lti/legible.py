"""Text that others wrote, as it can be shown and kept. Pure."""

import re

LONGEST = 255
"""How long an id or a name may be: LTI allows ids of 255 characters."""

_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
"""Controls, what turns the direction of later words, and halves of characters, which no page can be sent with."""


def legible(text: object) -> str:
    """Return a name or a title in one line of legible characters, cut to length; empty for what is no text."""
    return _NOT_SHOWN.sub(" ", text).strip()[:LONGEST] if isinstance(text, str) else ""


def is_id(text: object) -> bool:
    """Tell whether this can be an id: a text that is not blank, not too long, and can be kept as it is."""
    return (
        isinstance(text, str)
        and bool(text.strip())
        and len(text) <= LONGEST
        and not _NOT_SHOWN.search(text)
    )
