"""One call for many who ask the same at once."""

from concurrent.futures import Future
from threading import Event, Thread

import pytest

from trivet_openedx.flights import Flights


def test_who_asks_the_same_while_it_is_asked_waits_and_gets_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Event()

    class Noting(Future[int]):
        def result(self, timeout: float | None = None) -> int:
            waits.set()
            return super().result(timeout)

    monkeypatch.setattr("trivet_openedx.flights.Future", Noting)
    flights, asking, came = Flights[int](), Event(), list[tuple[int, bool]]()

    def ask() -> int:
        asking.set()
        assert waits.wait(30)
        return 42

    def never() -> int:
        raise AssertionError

    first = Thread(target=lambda: came.append(flights.shared("course", ask)))
    first.start()
    assert asking.wait(30)
    came.append(flights.shared("course", never))
    first.join(30)
    assert sorted(came) == [(42, False), (42, True)]


def test_a_mistake_is_everybody_s_and_the_next_one_asks_anew() -> None:
    flights = Flights[int]()

    def broken() -> int:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            flights.shared("course", broken)
    assert flights.shared("course", lambda: 1) == (1, True)


def test_what_ends_the_one_who_asked_ends_nobody_who_waited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flights = Flights[int]()

    def ended() -> int:
        raise SystemExit

    waiting = list[Future[int]]()

    class Noting(Future[int]):
        def __init__(self) -> None:
            super().__init__()
            waiting.append(self)

    monkeypatch.setattr("trivet_openedx.flights.Future", Noting)
    with pytest.raises(SystemExit):
        flights.shared("course", ended)
    with pytest.raises(RuntimeError, match="was ended"):
        waiting[0].result()
