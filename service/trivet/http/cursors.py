"""Lists come in pages, with an opaque cursor to the next."""

import base64
import binascii

from trivet.http.problems import FieldError, Problem

DEFAULT_LIMIT, MOST = 50, 200


def to_cursor(last: str) -> str:
    """Return the opaque cursor for what comes after an id."""
    return base64.urlsafe_b64encode(last.encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> str | None:
    """Return the id that a cursor stands for; a Problem of 400 for one that this service did not make."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(
            cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        ).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        field = FieldError(
            pointer="?cursor", code="invalid", detail="is not a cursor from this list"
        )
        raise Problem(
            400, "invalid_cursor", "The cursor is not one that this list gave.", errors=[field]
        ) from error
