"""Asking all questions of all lines with one call, within a time that nothing stretches."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any, Generic, Protocol, TypeVar

from trivet_api.models import Purpose
from trivet_client.batches import Result
from trivet_client.gate.deciding import Decision, Memory, decided, judged
from trivet_client.gate.kept import Kept
from trivet_client.gate.lines import Asking, Line, askings
from trivet_client.gate.overrides import Override
from trivet_client.gate.sealed import Unreadable, utc
from trivet_client.problems import (
    Forbidden,
    NotConfigured,
    TrivetError,
    Unauthenticated,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from trivet_client.questions import word

MOST_LEFT = 8
"""How many calls that took too long may still be under way: until one of them ends, nothing more is asked."""

_NEVER = timedelta(0)

C = TypeVar("C")
S = TypeVar("S", Kept, Override)


class Client(Protocol):
    """What a gate needs of a `TrivetClient`."""

    def verify_rows(self, rows: Iterable[Mapping[str, Any]], /) -> Iterable[Result]:
        """Ask many questions as the wire contract writes them."""


class AsyncClient(Protocol):
    """What a gate needs of an `AsyncTrivetClient`."""

    def verify_rows(self, rows: Iterable[Mapping[str, Any]], /) -> "AsyncResults":
        """Ask many questions as the wire contract writes them."""


class AsyncResults(Protocol):
    """Results as they come."""

    def __aiter__(self) -> AsyncIterator[Result]: ...


@dataclass
class _Heard:
    """What came of a call, and why no more came."""

    results: list[Result] = field(default_factory=list)
    cause: str = "broken_off"


def cause_of(error: TrivetError) -> str:
    """Return why nothing could be verified, as a code of `words.CAUSES`. None of them is a verdict."""
    causes: Sequence[tuple[type[TrivetError], str]] = (
        (NotConfigured, "not_configured"),
        (Unauthenticated, "key_refused"),
        (Forbidden, "key_refused"),
        (Unavailable, "asked_too_often" if error.status == 429 else "service_unavailable"),
        (UnexpectedAnswer, "unexpected_answer" if error.status else "broken_off"),
        (Unreachable, "unreachable"),
    )
    return next((code for kind, code in causes if isinstance(error, kind)), "not_taken")


class _Desk(Generic[C]):
    """What both gates do before and after they ask."""

    def __init__(
        self,
        client: C,
        *,
        time_limit: float = 2.0,
        kept_for: timedelta = _NEVER,
        purpose: Purpose | str | None = None,
    ) -> None:
        """Take a client, and what a gate may rest on.

        Args:
            client: whom to ask. Its retries play no part: a gate asks once.
            time_limit: how many seconds the asking may take, all of it.
            kept_for: how old a kept pass may be to stand in for an answer that can't be had; by default none does.
            purpose: what the answers are wanted for: `award`, `order`, `delivery`, `audit` or `other`.

        Raises:
            InvalidArgument: the purpose is not one of these.
            ValueError: the time limit is not above nothing, or `kept_for` is below.
        """
        if not 0 < time_limit < float("inf") or kept_for < _NEVER:
            raise ValueError("time_limit is a number of seconds, and kept_for a span of time")
        self._client, self._limit, self._kept_for = client, time_limit, kept_for
        self._purpose = None if purpose is None else word("purpose", purpose, Purpose).value

    def _prepared(self, lines: Iterable[Line], now: datetime) -> "_Prepared":
        utc(now, "now")
        asked = [(line, list(askings(line, self._purpose))) for line in lines]
        if len({line.key for line, _ in asked}) < len(asked):
            raise ValueError("two lines have the same key")
        if any(not line.key.strip() for line, _ in asked):
            raise ValueError("a line has a blank key")
        return _Prepared(asked, now)

    def _decision(
        self,
        prepared: "_Prepared",
        heard: _Heard,
        kept: "Iterable[Kept | Mapping[str, Any]]",
        overrides: "Iterable[Override | Mapping[str, Any]]",
    ) -> Decision:
        memory = Memory(_readable(Kept, kept), self._kept_for)
        return prepared.decision(heard, memory, _readable(Override, overrides))


@dataclass(frozen=True)
class _Prepared:
    asked: Sequence[tuple[Line, Sequence[Asking]]]
    now: datetime

    def rows(self) -> list[dict[str, Any]]:
        """Return the questions that can be asked, as they are sent."""
        each = (asking for _, those in self.asked for asking in those)
        return [asking.question.to_dict() for asking in each if asking.question]

    def decision(self, heard: _Heard, memory: Memory, overrides: Sequence[Override]) -> Decision:
        """Return what came of the lines, each by its own questions alone."""
        results = iter(heard.results)
        lines = []
        for line, those in self.asked:
            questions = []
            for asking in those:
                result = next(results, None) if asking.question else None
                questions.append(judged(asking, result, heard.cause, memory, self.now))
            lines.append(decided(line.key, questions, overrides, str(line.delivered_on), self.now))
        return Decision(tuple(lines))


class Gate(_Desk[Client]):
    """Decides by a `TrivetClient` which lines may go ahead. May be shared by threads.

    The asking is done in a thread of its own, for nothing else bounds all of it: a name that is looked up, a body that
    trickles. When the time is over the thread is left behind, and ends by the client's own `timeout`, or once its
    connection does.
    """

    def __init__(self, client: Client, **options: Any) -> None:
        super().__init__(client, **options)
        self._left: set[Thread] = set()
        self._lock = Lock()

    def decide(
        self,
        lines: Iterable[Line],
        now: datetime,
        kept: Iterable[Kept | Mapping[str, Any]] = (),
        overrides: Iterable[Override | Mapping[str, Any]] = (),
    ) -> Decision:
        """Decide which lines may go ahead, each by its own questions alone, with one call for all of them.

        Args:
            lines: what a host's records say; no two with the same key. Without any nothing is permitted.
            now: the instant, with its offset from UTC.
            kept: what the host kept of earlier decisions, as it was or as `to_dict` wrote it. What can't be read is no
                verdict.
            overrides: what people decided about these lines, likewise. What can't be read permits nothing.

        Raises:
            ValueError: `now` has no offset, or a line's key is blank or another's too. What goes wrong with the
                service is told in the decision.
        """
        prepared = self._prepared(lines, now)
        return self._decision(prepared, self._heard(prepared.rows()), kept, overrides)

    def _heard(self, rows: Sequence[Mapping[str, Any]]) -> _Heard:
        if not rows:
            return _Heard()
        if self._too_many_left():
            return _Heard(cause="too_slow")
        heard, over, ended = _Heard(), Event(), Future[None]()
        listening = (self._client, rows, heard, over, ended)
        thread = Thread(target=_listen, args=listening, name="trivet-gate", daemon=True)
        thread.start()
        try:
            ended.result(self._limit)
        except TimeoutError:
            over.set()
            with self._lock:
                self._left.add(thread)
            return _Heard(list(heard.results), "too_slow")
        return heard

    def _too_many_left(self) -> bool:
        with self._lock:
            self._left = {thread for thread in self._left if thread.is_alive()}
            return len(self._left) >= MOST_LEFT


class AsyncGate(_Desk[AsyncClient]):
    """Decides by an `AsyncTrivetClient`; the same as `Gate`, for asyncio."""

    async def decide(
        self,
        lines: Iterable[Line],
        now: datetime,
        kept: Iterable[Kept | Mapping[str, Any]] = (),
        overrides: Iterable[Override | Mapping[str, Any]] = (),
    ) -> Decision:
        """Decide which lines may go ahead; see `Gate.decide`."""
        prepared = self._prepared(lines, now)
        return self._decision(prepared, await self._heard(prepared.rows()), kept, overrides)

    async def _heard(self, rows: Sequence[Mapping[str, Any]]) -> _Heard:
        heard = _Heard()
        if not rows:
            return heard
        try:
            async with asyncio.timeout(self._limit):
                async for result in self._client.verify_rows(rows):
                    heard.results.append(result)
        except TrivetError as error:
            heard.cause = cause_of(error)
        except TimeoutError:
            heard.cause = "too_slow"
        return heard


def _listen(
    client: Client,
    rows: Sequence[Mapping[str, Any]],
    heard: _Heard,
    over: Event,
    ended: "Future[None]",
) -> None:
    """Take down what comes of a call until it ends or its time is over."""
    try:
        for result in client.verify_rows(rows):
            heard.results.append(result)
            if over.is_set():
                break
    except TrivetError as error:
        heard.cause = cause_of(error)
    except BaseException as error:  # noqa: BLE001  # not ours to judge: it is raised where the call was made
        ended.set_exception(error)
        return
    ended.set_result(None)


def _readable(kind: type[S], stored: Iterable[S | Mapping[str, Any]]) -> list[S]:
    """Return what can be read of what a host stored."""
    found: list[S] = []
    for each in stored:
        try:
            found.append(kind.from_dict(each) if isinstance(each, Mapping) else each)
        except Unreadable:
            continue
    return found
