"""Instants in queries: with an offset, and never to come, for nothing is known then yet."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from trivet.http.problems import FieldError, Problem

_WITH_OFFSET = Annotated[datetime, msgspec.Meta(tz=True)]
# Long before any register was mirrored, and far enough from the edge of the calendar for any offset.
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


def past_instant(text: str, now: datetime, parameter: str) -> datetime:
    """Return the instant (UTC) that a query parameter gives; a Problem of 400 if it is none, or later than `now`.

    An instant before 1970 is taken for the beginning of 1970.
    """
    try:
        instant = msgspec.convert(text, _WITH_OFFSET)
    except msgspec.ValidationError:
        detail = "is not an instant with an offset such as 2026-03-01T09:00:00Z; write + as %2B"
        raise _refused(parameter, "invalid", detail) from None
    if instant > now:
        raise _refused(parameter, "out_of_range", "is still to come: nothing is known then yet")
    return max(instant, _EARLIEST).astimezone(UTC)


def _refused(parameter: str, code: str, detail: str) -> Problem:
    error = FieldError(pointer=f"?{parameter}", code=code, detail=detail)
    return Problem(
        400, "invalid_query", "The query could not be understood; see errors.", errors=[error]
    )
