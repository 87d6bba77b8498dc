"""Lists come in pages, with an opaque cursor to the next."""

import base64
import re

from trivet.http.problems import FieldError, Problem

DEFAULT_LIMIT, MOST = 50, 200


def to_cursor(last: str) -> str:
    """Return the opaque cursor for what comes after an id."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def from_cursor(cursor: str | None, form: re.Pattern[str]) -> str | None:
    """Return the id that a cursor stands for; a Problem of 400 for one that a list of such ids never gave."""
    if cursor is None:
        return None
    last = _decoded(cursor)
    if not form.fullmatch(last):
        field = FieldError(
            pointer="?cursor", code="invalid", detail="is not a cursor from this list"
        )
        raise Problem(
            400, "invalid_cursor", "The cursor is not one that this list gave.", errors=[field]
        )
    return last


def _decoded(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:  # binascii.Error and UnicodeDecodeError are both one
        return ""
