"""When a source is due: by its schedule in London, and after failures later each time."""

from datetime import UTC, datetime, timedelta

import pytest

from trivet.register.schedule import Attempt, due_at, ill_formed

SIX = "0 6 * * *"


def read(at: datetime, *, failed: bool = False) -> Attempt:
    return Attempt(at, failed)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day and so on


def test_a_source_that_was_never_read_is_due_at_once() -> None:
    assert due_at(SIX, []) is None


@pytest.mark.parametrize(
    ("read_at", "due"),
    [
        (utc(2026, 1, 10, 5, 59), utc(2026, 1, 10, 6)),
        (utc(2026, 1, 10, 6), utc(2026, 1, 11, 6)),
        (utc(2026, 7, 10, 4, 59), utc(2026, 7, 10, 5)),  # British Summer Time
        (utc(2026, 7, 10, 5, 30), utc(2026, 7, 11, 5)),
        (utc(2026, 3, 28, 6), utc(2026, 3, 29, 5)),  # the clocks go forward in between
    ],
)
def test_a_schedule_is_kept_by_the_clock_in_london(read_at: datetime, due: datetime) -> None:
    assert due_at(SIX, [read(read_at)]) == due


def test_an_hour_that_a_spring_night_skips_is_made_up_for() -> None:
    assert due_at("30 1 * * *", [read(utc(2026, 3, 28, 2))]) == utc(2026, 3, 29, 1)


def test_an_hour_that_an_autumn_night_repeats_comes_round_once() -> None:
    first = due_at("30 1 * * *", [read(utc(2026, 10, 24, 2))])
    assert first == utc(2026, 10, 25, 0, 30)
    assert due_at("30 1 * * *", [read(first)]) == utc(2026, 10, 26, 1, 30)


def test_a_service_that_was_down_for_days_reads_once() -> None:
    due = due_at(SIX, [read(utc(2026, 1, 1, 6))])
    assert due
    assert due < utc(2026, 1, 5)
    assert due_at(SIX, [read(utc(2026, 1, 5, 9)), read(utc(2026, 1, 1, 6))]) == utc(2026, 1, 6, 6)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (500, 60)]
)
def test_after_failures_the_next_try_comes_later_each_time(failures: int, minutes: int) -> None:
    last = utc(2026, 1, 10, 6)
    attempts = [read(last, failed=True)] * failures + [read(utc(2026, 1, 9, 6))]
    for schedule in (SIX, "* * * * *"):
        assert due_at(schedule, attempts) == last + timedelta(minutes=minutes)


def test_a_success_ends_the_waiting() -> None:
    attempts = [read(utc(2026, 1, 10, 7)), *[read(utc(2026, 1, 10, 6), failed=True)] * 5]
    assert due_at("*/5 * * * *", attempts) == utc(2026, 1, 10, 7, 5)


@pytest.mark.parametrize(
    ("schedule", "fault"),
    [
        ("0 6 * *", "not a cron expression"),
        ("0 0 6 * * *", "not a cron expression"),
        ("@daily", "not a cron expression"),
        ("61 6 * * *", "bad minute"),
        ("0 6 * * someday", "bad day-of-week"),
        ("0 6 30 2 *", "bad day-of-month"),
    ],
)
def test_what_is_no_schedule_is_said_to_be_none(schedule: str, fault: str) -> None:
    assert fault in (ill_formed(schedule) or "")


def test_a_schedule_is_well_formed() -> None:
    assert [ill_formed(s) for s in (SIX, "*/15 * * * *", "0 6-20/2 * * MON-FRI")] == [None] * 3
