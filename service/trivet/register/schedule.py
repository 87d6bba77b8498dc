"""When a source is to be read again: by its schedule, and sooner or later after a failure. Pure: now is an argument."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from cronsim import CronSim, CronSimError

from trivet.london import LONDON

_FIRST_RETRY, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
ATTEMPTS_THAT_COUNT = 8
"""How many failures in a row lead to the longest wait; earlier ones make no difference."""


class Attempt(msgspec.Struct, frozen=True):
    """One reading of a source: when it began (UTC), and whether the source could not be read."""

    started_at: datetime
    failed: bool


def ill_formed(schedule: str) -> str | None:
    """Say why a text is not a cron expression of five fields that comes round, or None if it is."""
    if len(schedule.split()) != 5:
        return "is not a cron expression of five fields"
    try:
        next(CronSim(schedule, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f"is not a cron expression of five fields ({str(error).lower()})"
    except StopIteration:
        return "is a day that never comes"
    return None


def due_at(schedule: str, attempts: Sequence[Attempt]) -> datetime | None:
    """Return the instant (UTC) from which a source is due; None: it was never read, so it is due at once.

    `schedule` is a cron expression, read in Europe/London. `attempts` are the last readings, the newest first. After
    one that failed the next is tried a minute later, then after twice as long each time, up to an hour, however often
    the schedule comes round.
    """
    if not attempts:
        return None
    last = attempts[0].started_at
    failures = next((n for n, attempt in enumerate(attempts) if not attempt.failed), len(attempts))
    if failures:
        doubled = min(failures, ATTEMPTS_THAT_COUNT) - 1
        return last + min(_FIRST_RETRY * (1 << doubled), _LONGEST_WAIT)
    comes_round: datetime = next(CronSim(schedule, last.astimezone(LONDON)))
    return comes_round.astimezone(UTC)
