"""What tests of gates share: lines, a service that answers batches by script, and clients that do it in memory."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.client.scripted import KEY, Reply, answer, element
from trivet_client import AsyncTrivetClient, Result, TrivetClient
from trivet_client.answers import Answer
from trivet_client.batches import RowProblem
from trivet_client.gate import AsyncGate, Decision, Gate, Line, Trainer

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
DAY = "2026-03-12"

Told = Mapping[str, Any]
"""What comes of a row: a key `verification` or `problem`."""


def line(key: str = "PO-1/1", *trainers: str, **changed: Any) -> Line:
    """Return a line with a trainer, or those that are named."""
    whole: dict[str, Any] = {
        "key": key,
        "provider": "certificate:EX-1",
        "programme": "register:ex-1",
        "trainers": tuple(Trainer(each) for each in trainers or ("authorisation:A-1",)),
        "delivered_on": DAY,
    }
    return Line(**whole | changed)


def verdict(word: object = "pass", *, leg: str = "trainer", **changed: Any) -> Told:
    """Return an answer of a verdict, with a reason about a leg where it is no pass."""
    reason = {
        "code": f"{leg}_{word}",
        "element": leg,
        "rule": "R1",
        "text": f"Why the {leg} is no pass.",
        "source": "x",
        "params": {},
    }
    legs = ("body", "provider", "programme", "delivery", "trainer")
    elements = [element(name, word if name == leg else "pass") for name in legs]
    said = answer(word, elements=elements, reasons=[] if word == "pass" else [reason])
    return {"verification": said | changed}


def trouble(code: str, *pointers: str) -> Told:
    """Return a problem of a row."""
    errors = [
        {"pointer": each, "code": "ill_formed", "detail": "It says why."} for each in pointers
    ]
    return {"problem": {"code": code, "detail": "It says why.", "errors": errors}}


FATES: Mapping[str, Told] = {
    "pass": verdict(),
    "fail": verdict("fail"),
    "cannot_confirm": verdict("cannot_confirm"),
    "bad": trouble("invalid_question", "/provider/value"),
    "spent": trouble("unknown_trainers_spent"),
    "later": trouble("a_code_of_next_year"),
}


def batch(*told: Told, ends: bool = True, lines: Sequence[str] = ()) -> Reply:
    """Return a reply of results, one a row, and of raw lines; without its end it breaks off."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked = questions(handler)
        rows = [
            {"row": n, "reference": question.get("reference"), **each}
            for n, (question, each) in enumerate(zip(asked, told, strict=False), 1)
        ]
        last = {"id": "bat_1", "state": "complete", "rows": len(rows), "receipt": "x"}
        counts = dict.fromkeys(("passed", "failed", "cannotConfirm", "problems"), 0)
        tail = [json.dumps({"batch": last | counts})] if ends else []
        begin(handler)
        handler.wfile.write(
            "".join(f"{text}\n" for text in [*map(json.dumps, rows), *lines, *tail]).encode()
        )

    return reply


def begin(handler: BaseHTTPRequestHandler) -> None:
    """Begin to answer a batch, with an end that only the connection's has."""
    handler.close_connection = True
    handler.send_response_only(200)
    handler.send_header("Content-Type", "application/x-ndjson")
    handler.send_header("Connection", "close")
    handler.end_headers()


def questions(handler: BaseHTTPRequestHandler) -> list[dict[str, Any]]:
    """Read the rows of a request that comes in chunks."""
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return [json.loads(each) for each in body.splitlines()]


@dataclass
class Telling:
    """A client in memory: what comes of each row, and what is raised after the last; it counts its calls."""

    told: Sequence[Told]
    then: Exception | None = None
    calls: int = 0

    def verify_rows(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Result]:
        self.calls += 1
        for n, (row, each) in enumerate(zip(rows, self.told, strict=False), 1):
            yield _result(n, row, each)
        if self.then:
            raise self.then


@dataclass
class TellingLater:
    """The same, to be awaited."""

    telling: Telling

    async def verify_rows(self, rows: Iterable[Mapping[str, Any]]) -> AsyncIterator[Result]:
        for each in self.telling.verify_rows(rows):
            await asyncio.sleep(0)
            yield each


def _result(n: int, row: Mapping[str, Any], each: Told) -> Result:
    if "problem" in each:
        told = each["problem"]
        problem = RowProblem(told["code"], told["detail"], tuple(told["errors"]))
        return Result(n, row.get("reference"), None, problem, each)
    return Result(n, row.get("reference"), Answer.from_dict(each["verification"]), None, each)


Decides = Callable[..., Decision]


def by_gate(url: str, lines: Iterable[Line], now: datetime = NOW, **given: Any) -> Decision:
    """Decide by `Gate`, over a connection."""
    kept, overrides = given.pop("kept", ()), given.pop("overrides", ())
    given.setdefault("time_limit", 30)  # a machine with much else to do takes its time
    with TrivetClient(url, given.pop("key", KEY)) as client:
        return Gate(client, **given).decide(lines, now, kept, overrides)


def by_async_gate(url: str, lines: Iterable[Line], now: datetime = NOW, **given: Any) -> Decision:
    """Decide by `AsyncGate`, over a connection."""
    kept, overrides = given.pop("kept", ()), given.pop("overrides", ())
    given.setdefault("time_limit", 30)

    async def decide() -> Decision:
        async with AsyncTrivetClient(url, given.pop("key", KEY)) as client:
            return await AsyncGate(client, **given).decide(lines, now, kept, overrides)

    return asyncio.run(decide())


def in_memory(
    told: Sequence[Told],
    lines: Iterable[Line],
    now: datetime = NOW,
    *,
    then: Exception | None = None,
    **given: Any,
) -> Decision:
    """Decide by what comes of each row, without a connection."""
    kept, overrides = given.pop("kept", ()), given.pop("overrides", ())
    given.setdefault("time_limit", 30)
    return Gate(Telling(told, then), **given).decide(lines, now, kept, overrides)
