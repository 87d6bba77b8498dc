"""How long what may name people is kept, by the operator's settings."""

from datetime import timedelta
from typing import Self

import msgspec

from trivet.register.durations import LONGEST_YEARS, Duration
from trivet.settings import SettingError, Settings

_SHORTEST = timedelta(days=1)
_LONGEST = timedelta(days=365 * LONGEST_YEARS)


class Retention(msgspec.Struct, frozen=True):
    """How long the raw documents of sources are kept, and questions with their answers."""

    raw: Duration
    questions: Duration

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the settings say; SettingError names one that is no duration from a day to a thousand years."""
        return cls(
            raw=_checked("TRIVET_KEEP_RAW", settings.keep_raw),
            questions=_checked("TRIVET_KEEP_QUESTIONS", settings.keep_questions),
        )


def _checked(name: str, text: str) -> Duration:
    try:
        duration = Duration.parse(text)
    except (ValueError, OverflowError):
        raise SettingError(
            f"{name}: {text!a} is not an ISO 8601 duration such as P1Y, P18M or P90D"
        ) from None
    if not _SHORTEST <= duration.as_timedelta() <= _LONGEST:
        raise SettingError(
            f"{name}: {text!a} is not between P1D and P{LONGEST_YEARS}Y: give a duration such as P1Y"
        )
    return duration
