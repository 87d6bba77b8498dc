"""Lists come in pages, with an opaque cursor to the next."""

import base64
import re

from trivet.http.problems import FieldError, Problem

DEFAULT_LIMIT, MOST = 50, 200


def to_cursor(last: str) -> str:
    """Return the opaque cursor for what comes after an id."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def from_cursor(cursor: str | None, form: re.Pattern[str], parameter: str = "cursor") -> str | None:
    """Return the id that a cursor stands for; a Problem of 400 for one that a list of such ids never gave.

    `parameter` is the one that the cursor was given in.
    """
    if cursor is None:
        return None
    last = _decoded(cursor)
    if not form.fullmatch(last):
        raise not_a_cursor(parameter)
    return last


def not_a_cursor(parameter: str = "cursor") -> Problem:
    """Return the problem of a cursor that the list never gave, by the parameter that it was given in."""
    field = FieldError(
        pointer=f"?{parameter}", code="invalid", detail="is not a cursor from this list"
    )
    detail = "The cursor is not one that this list gave."
    return Problem(400, "invalid_cursor", detail, errors=[field])


def _decoded(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:  # binascii.Error and UnicodeDecodeError are both one
        return ""
