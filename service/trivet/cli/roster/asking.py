"""Asking the service about all lines, some at a time: what no answer came to is never a fail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from trivet.cli.roster.sessions import Session
from trivet.cli.rows_asking import ask_until_heard
from trivet_client import Forbidden, TrivetClient, TrivetError, Unauthenticated
from trivet_client.batches import Result
from trivet_client.gate import Gate, LineDecision

QUESTIONS_AT_ONCE = 1000
"""How many questions are sent in one request."""

_ATTEMPTS = 6
_PATIENCE = 120.0
_LONGEST = 900.0
"""How many seconds one request may take, with every further attempt."""


def decisions(
    lines: Sequence[Session], now: datetime, receipts: list[str]
) -> Iterator[tuple[Session, LineDecision]]:
    """Yield what the gate decides about each line, in order; `receipts` takes those over each request.

    Raises:
        TrivetError: the address or the key is missing or not accepted: that is no outage, and it would not pass.
    """
    with TrivetClient.from_settings(timeout=_PATIENCE) as client, _bar(len(lines)) as shown:
        asked = _Patient(client, receipts)
        gate = Gate(asked, time_limit=_LONGEST, purpose="delivery")
        for some in _parts(lines):
            decision = gate.decide([session.line for session in some], now)
            asked.refuse_a_wrong_key()
            yield from zip(some, decision, strict=True)
            shown.advance(shown.task_ids[0], len(some))


class _Patient:
    """The service as a gate asks it: again for a while, and once it is given up not any more."""

    def __init__(self, client: TrivetClient, receipts: list[str]) -> None:
        self._client, self._receipts = client, receipts
        self._given_up: TrivetError | None = None

    def verify_rows(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Result]:
        """Yield what was heard; raise the error for which the rest was not."""
        heard: list[Result] = []
        if self._given_up is None:
            try:
                receipt = ask_until_heard(
                    self._client, [*rows], uuid4().hex, heard, attempts=_ATTEMPTS
                )
                self._receipts.append(receipt)
            except TrivetError as error:
                self._given_up = error
        yield from heard
        if self._given_up is not None:
            raise self._given_up

    def refuse_a_wrong_key(self) -> None:
        """Raise the error of a key that is not accepted."""
        if isinstance(self._given_up, Unauthenticated | Forbidden):
            raise self._given_up


def _parts(lines: Sequence[Session]) -> Iterator[Sequence[Session]]:
    some: list[Session] = []
    questions = 0
    for session in lines:
        if some and questions + len(session.line.trainers) > QUESTIONS_AT_ONCE:
            yield some
            some, questions = [], 0
        some.append(session)
        questions += len(session.line.trainers)
    if some:
        yield some


def _bar(total: int) -> Progress:
    """Return what shows on a terminal how many lines are done, and nobody's name."""
    console = Console(stderr=True)
    columns = (TextColumn("asked"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal)
    progress.add_task("asked", total=total)
    return progress
