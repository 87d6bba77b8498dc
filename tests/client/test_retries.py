"""When the client asks again, how long it waits, and when it gives up."""

import socket
from datetime import UTC, datetime

import pytest

from tests.client.answering import PASSES
from tests.client.scripted import KEY, Scripted, answer, drops, hangs, problem, says
from trivet_client import (
    Retries,
    TrivetClient,
    TrivetError,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from trivet_client.retries import seconds_to_wait

PATIENT = Retries(jitter=lambda: 1.0)
AT_TEN = datetime(2026, 3, 12, 10, tzinfo=UTC)


def test_a_busy_service_is_asked_again(
    scripted: Scripted, client: TrivetClient, pauses: list[float]
) -> None:
    busy = says("<html>Busy</html>", 503, "text/html")
    scripted.will(
        problem(429, "too_many_requests"), problem(503, "overloaded"), busy, says(answer())
    )
    assert client.verify(**PASSES)
    assert pauses == [0.25, 0.5, 1.0]
    assert len({repr(request.body) for request in scripted.requests}) == 1


def test_it_gives_up_in_the_end(
    scripted: Scripted, client: TrivetClient, pauses: list[float]
) -> None:
    scripted.will(*[problem(503, "overloaded")] * 9)
    with pytest.raises(Unavailable, match="503 overloaded") as gave_up:
        client.register()
    assert isinstance(gave_up.value, Unreachable)
    assert (len(scripted.requests), len(pauses)) == (4, 3)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "3"},
        {"Retry_After": "Thu, 12 Mar 2026 10:00:03 GMT", "Date": "Thu, 12 Mar 2026 10:00:00 GMT"},
    ],
    ids=["seconds", "a date"],
)
def test_it_waits_as_long_as_it_is_asked_to(
    headers: dict[str, str], scripted: Scripted, client: TrivetClient, pauses: list[float]
) -> None:
    scripted.will(problem(429, "too_many_requests", **headers), says(answer()))
    assert client.verify(**PASSES)
    assert pauses == [3.0]


def test_it_does_not_wait_longer_than_its_caller_can(
    scripted: Scripted, client: TrivetClient, pauses: list[float]
) -> None:
    scripted.will(problem(503, "no_snapshot", Retry_After="30"))
    with pytest.raises(Unavailable) as gave_up:
        client.verify(**PASSES)
    assert gave_up.value.retry_after == 30.0
    assert pauses == []


def test_the_time_that_attempts_took_counts(scripted: Scripted) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds + 10.0

    scripted.will(*[problem(503, "overloaded")] * 9)
    with (
        TrivetClient(
            scripted.url, KEY, retries=PATIENT, clock=lambda: now[0], sleep=sleep
        ) as client,
        pytest.raises(Unavailable),
    ):
        client.register()
    assert len(scripted.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 504])
def test_what_asking_again_would_not_help_is_asked_once(
    status: int, scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(problem(status, "a_code"), says(answer()))
    with pytest.raises(TrivetError):
        client.get("ver_1")
    assert len(scripted.requests) == 1


def test_a_question_that_may_have_arrived_is_not_sent_twice(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(drops, says(answer()))
    with pytest.raises(Unreachable) as lost:
        client.verify(**PASSES)
    assert lost.value.sent
    assert len(scripted.requests) == 1


def test_a_read_that_was_dropped_is_asked_again(scripted: Scripted, client: TrivetClient) -> None:
    scripted.will(drops, says(answer()))
    assert client.get("ver_1")
    assert len(scripted.requests) == 2


def test_a_question_that_nobody_can_have_heard_is_sent_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    pauses: list[float] = []
    with (
        TrivetClient(url, KEY, retries=PATIENT, sleep=pauses.append) as client,
        pytest.raises(Unreachable, match="gave no answer") as lost,
    ):
        client.verify(**PASSES)
    assert not lost.value.sent
    assert pauses == [0.25, 0.5, 1.0]


def test_a_service_that_is_too_slow_is_not_waited_for(scripted: Scripted) -> None:
    scripted.will(hangs(scripted))
    with (
        TrivetClient(scripted.url, KEY, timeout=0.05) as client,
        pytest.raises(Unreachable, match="gave no answer"),
    ):
        client.verify(**PASSES)
    assert len(scripted.requests) == 1


def test_an_answer_that_makes_no_sense_is_not_asked_for_again(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says({}), says(answer()))
    with pytest.raises(UnexpectedAnswer):
        client.get("ver_1")
    assert len(scripted.requests) == 1


def test_pauses_grow_to_a_limit_and_differ_between_clients() -> None:
    def pauses(jitter: float) -> list[float | None]:
        retries = Retries(attempts=9, within=1000, jitter=lambda: jitter)
        return [retries.pause(None, attempt=n, elapsed=0, timeout=1) for n in range(1, 10)]

    assert pauses(1.0) == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, None]
    assert pauses(0.0) == [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, None]


def test_jitter_never_comes_back_before_retry_after() -> None:
    assert Retries(jitter=lambda: 0.0).pause(2.0, attempt=1, elapsed=0, timeout=1) == 2.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "1e9"}, None),
        ({"Retry-After": "Thu, 12 Mar 2026 10:01:00 GMT"}, 60.0),
        ({"Retry-After": "Thu, 12 Mar 2026 09:59:00 GMT"}, 0.0),
        ({"Retry-After": "Thu, 12 Mar 2026 10:01:00 GMT", "Date": "odd"}, 60.0),
        (
            {
                "Retry-After": "Thu, 12 Mar 2026 10:01:00 GMT",
                "Date": "Thu, 12 Mar 2026 10:00:30 GMT",
            },
            30.0,
        ),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(headers, AT_TEN) == seconds
