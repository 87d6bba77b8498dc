"""Batches over HTTP: rows streamed in, results streamed out as they are kept."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import ResponseHeader, State
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Reference,
    RequestBody,
    Schema,
)
from litestar.params import FromPath
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.guards import needs
from trivet.access.keys import Caller
from trivet.access.keys import Scope as KeyScope
from trivet.database import reading, writing
from trivet.http.places import Places
from trivet.http.problems import Problem, documented_problem
from trivet.http.repeats import (
    REPEAT_HEADER,
    REPEATED,
    created_before,
    repeatable,
    replace_created,
)
from trivet.http.schemas import PlainOperation
from trivet.ids import new_id
from trivet.register.current import AskedOf
from trivet.register.index import Index
from trivet.verification import batch_store
from trivet.verification.answering import Answering
from trivet.verification.batch import Batching, Desk
from trivet.verification.batch_formats import CSV, FORMATS, JSON, NDJSON, Format, format_for
from trivet.verification.batch_store import Batch, Counts
from trivet.verification.batch_store import State as BatchState
from trivet.verification.question import Question
from trivet.verification.rows import COLUMNS, Row, csv_rows, json_rows, ndjson_rows

MOST_ITEMS = 10_000
MOST_BYTES = 32 * 1024 * 1024
"""Of a batch in JSON, which is held whole; the others are streamed."""

AT_ONCE = 4
"""How many batches a key may have under way in one process: who reads none of the results holds only these."""

_PATIENCE = 300
"""How long nothing may come from a caller, or be taken by one, in seconds."""

Rows = AsyncIterator[Row]


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A batch: how far it has come, the counts, and the receipt once it is complete. Instants are UTC."""

    id: str
    state: BatchState
    rows: int
    passed: int
    failed: int
    cannot_confirm: int
    problems: int
    received_at: datetime
    known_at: datetime | None
    receipt: str | None


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a row: the verification, or the problem with the row."""

    row: int
    reference: str | None
    verification: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class BatchResults(msgspec.Struct, frozen=True):
    """The results in JSON, in the order of the rows, and the batch with its receipt."""

    items: list[BatchResult]
    batch: BatchAnswer


@dataclass
class BatchOperation(PlainOperation):
    """An operation that writes the results of a batch, in any of its formats."""

    def __post_init__(self) -> None:
        """Add the formats that are no types of ours."""
        super().__post_init__()
        answered = (self.responses or {}).get("200")
        if isinstance(answered, OpenAPIResponse) and answered.content:
            answered.content |= {NDJSON: _LINES, CSV: _LINES}


@dataclass
class BatchAsked(BatchOperation):
    """An operation that reads the rows of a batch, in any of its formats, as they come."""

    def __post_init__(self) -> None:
        """Add what it reads."""
        super().__post_init__()
        questions = Schema(
            type=OpenAPIType.ARRAY,
            items=Schema(
                any_of=[Reference(ref="#/components/schemas/Question"), Schema()],
                description="A question; anything else is a problem of its row.",
            ),
            max_items=MOST_ITEMS,
        )
        whole = Schema(
            type=OpenAPIType.OBJECT,
            properties={"items": questions},
            required=["items"],
            max_properties=1,
        )
        self.request_body = RequestBody(
            required=True,
            description="One question a row. As csv, with the columns " + ", ".join(COLUMNS) + ".",
            content={JSON: OpenAPIMediaType(schema=whole), NDJSON: _LINES, CSV: _LINES},
        )


_LINES = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))


def batch_places() -> Places:
    """Return the places for batches of a process."""
    detail = (
        f"This key has {AT_ONCE} batches under way. Nothing of this one was read; send it again."
    )
    return Places(AT_ONCE, "too_many_batches", detail)


class GoneAway(Exception):
    """The caller went away before all rows were sent."""


@post(
    "/v1/verifications/batch",
    operation_id="createBatch",
    tags=["batches"],
    summary="Verify many",
    guards=[needs(KeyScope.VERIFY)],
    status_code=200,
    operation_class=BatchAsked,
    response_headers=[
        ResponseHeader(
            name="Location",
            value="",
            description="Where the batch is found, with its receipt.",
            documentation_only=True,
        )
    ],
    responses={
        200: ResponseSpec(
            data_container=BatchResults,
            description="One result a row, in order, as they are kept.",
            media_type=JSON,
            generate_examples=False,
        ),
        406: documented_problem("Results are written as JSON, NDJSON or csv."),
        413: documented_problem(f"A batch in JSON has at most {MOST_BYTES} bytes: stream it."),
        415: documented_problem("A batch is sent as JSON, NDJSON or csv."),
        **REPEATED,
    },
)
async def create_batch(
    caller: NamedDependency[Caller],
    index: NamedDependency[Index],  # noqa: ARG001 - 503 before the first snapshot
    asked_of_each: NamedDependency[Callable[[Question], AskedOf]],
    request: Request[Caller, Any, State],
    state: State,
    idempotency_key: Annotated[str | None, REPEAT_HEADER] = None,
) -> ASGIApp:
    """Answer one question a row, in order; a row that can't be asked is a problem of its own, never the batch's.

    All rows are answered by what was known at one instant, and each answer is kept before it is sent. Should the
    connection break, what was kept is found at the batch's address.
    """
    out = format_for(_best(request))
    kind = request.content_type[0]
    if kind not in FORMATS:
        raise Problem(415, "unsupported_media_type", f"Send one of {', '.join(FORMATS)}.")
    body = _Body(request.receive, state.pepper)
    places: Places = state.batch_places
    places.take(caller.key)
    try:
        answer = await _answering(caller, asked_of_each, request, state, body, out, idempotency_key)
    except GoneAway:
        places.give_back(caller.key)
        raise Problem(400, "invalid_body", "The connection ended before the body did.") from None
    except BaseException:
        places.give_back(caller.key)
        raise
    return answer


async def _answering(
    caller: Caller,
    asked_of_each: Callable[[Question], AskedOf],
    request: Request[Caller, Any, State],
    state: State,
    body: "_Body",
    out: Format,
    idempotency_key: str | None,
) -> ASGIApp:
    kind = request.content_type[0]
    before, identity = await _begun(request, state, idempotency_key)
    if before is not None:
        return await _again(before, body, out, state)
    answering = Answering(caller=caller, pepper=state.pepper, signing=state.signing)
    desk = Desk(
        engine=state.engine,
        answering=answering,
        asked_of=asked_of_each,
        clock=state.clock,
        unknown_trainers_per_day=state.unknown_trainers_per_day,
    )
    batching = Batching(desk, identity, by_column=kind == CSV)
    try:
        rows = await _peeked(_rows(kind, body))
    except BaseException:
        await _end(desk, identity, BatchState.BROKEN_OFF)
        raise
    return _Streamed(desk, batching, rows, body, out, state)


def _best(request: Request[Caller, Any, State]) -> str:
    found = request.accept.best_match([*FORMATS])
    if found is None:
        raise Problem(406, "not_acceptable", f"Accept one of {', '.join(FORMATS)}.")
    return found


def _rows(kind: str, body: "_Body") -> Rows:
    if kind == NDJSON:
        return ndjson_rows(body)
    if kind == CSV:
        return csv_rows(body)
    return _whole(body)


async def _whole(body: "_Body") -> Rows:
    held = bytearray()
    async for chunk in body:
        held += chunk
        if len(held) > MOST_BYTES:
            detail = f"A batch in JSON has at most {MOST_BYTES} bytes: stream it as NDJSON or csv."
            raise Problem(413, "body_too_large", detail)
    async for row in json_rows(bytes(held), MOST_ITEMS):
        yield row


async def _peeked(rows: Rows) -> Rows:
    """Return rows of which the first was read: what is wrong with the whole body is a problem of the request."""
    first = await anext(rows, None)

    async def all_of_them() -> Rows:
        if first is not None:
            yield first
            async for row in rows:
                yield row

    return all_of_them()


class _Body:
    """The body as it comes, and its keyed hash once all of it came."""

    def __init__(self, receive: Receive, pepper: bytes) -> None:
        self._receive, self.ended = receive, False
        self._hash = hmac.new(pepper, b"batch:", hashlib.sha256)

    def digest(self) -> str:
        return self._hash.hexdigest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not self.ended:
            try:
                async with asyncio.timeout(_PATIENCE):
                    message = await self._receive()
            except TimeoutError:
                raise GoneAway from None
            if message["type"] == "http.disconnect":
                raise GoneAway
            if message["type"] == "http.request":
                self.ended = not message.get("more_body", False)
                self._hash.update(message["body"])
                yield message["body"]


async def _begun(
    request: Request[Caller, Any, State], state: State, idempotency_key: str | None
) -> tuple[Batch | None, str]:
    """Return the batch that the same request began before, or None and the id of the one that begins now."""
    caller, identity, now = request.user, new_id("bat"), state.clock()
    asked = repeatable(request, idempotency_key, b"", state.pepper)
    async with writing(state.engine) as connection:
        before = await created_before(connection, asked, identity, now) if asked else None
        if before is not None:
            found = await batch_store.find_batch(
                connection, caller.account, before, test=caller.test
            )
            if found and found.state_at(now) is BatchState.COMPLETE:
                return found, before
            if found and found.state_at(now) is BatchState.RUNNING:
                detail = f"The first request with this key is still running: {before}."
                raise Problem(409, "still_running", detail, headers={"Retry-After": "5"})
            if asked:
                await replace_created(connection, asked, identity, now)
        await batch_store.add_batch(connection, _new(identity, caller, now))
    return None, identity


def _new(identity: str, caller: Caller, now: datetime) -> Batch:
    return Batch(
        id=identity,
        account=caller.account,
        key=caller.key,
        test=caller.test,
        received_at=now,
        touched_at=now,
        state=BatchState.RUNNING.value,
        known_at=None,
        body=None,
        receipt=None,
        **msgspec.structs.asdict(Counts()),
    )


async def _again(before: Batch, body: _Body, out: Format, state: State) -> ASGIApp:
    """Return the results of a batch that was sent before, if this is the same one."""
    async for _ in body:
        pass
    if not hmac.compare_digest(body.digest(), before.body or ""):
        detail = (
            "This Idempotency-Key was sent with another batch in the last 24 hours: use a new one."
        )
        raise Problem(422, "idempotency_key_reused", detail)
    return _Replayed(before, out, state, before.key, repeated=True)


async def _end(
    desk: Desk, identity: str, how: BatchState, body: str | None = None, receipt: str | None = None
) -> None:
    async with writing(desk.engine) as connection:
        await batch_store.end_batch(
            connection, identity, how, desk.clock(), body=body, receipt=receipt
        )


class _Answer:
    """What the responses of batches share: an ASGI application that writes results."""

    def __init__(self, identity: str, out: Format, *, repeated: bool = False) -> None:
        self._id, self._out = identity, out
        self._headers = [
            (b"content-type", out.media_type.encode()),
            (b"location", f"/v1/verifications/batch/{identity}".encode()),
            *([(b"idempotency-replayed", b"true")] if repeated else []),
        ]

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await self._write(send, self._out.begin())

    async def _write(self, send: Send, body: bytes, *, more: bool = True) -> None:
        async with asyncio.timeout(_PATIENCE):
            await send({"type": "http.response.body", "body": body, "more_body": more})

    async def _pages(self, send: Send, engine: AsyncEngine, after: int, up_to: int) -> None:
        written = b""
        async for result in batch_store.results(engine, self._id, after, up_to):
            written += self._out.result(result)
            if len(written) > _PART:
                await self._write(send, written)
                written = b""
        if written:
            await self._write(send, written)


_PART = 64 * 1024


class _Streamed(_Answer):
    """Reads and keeps the rows, and beside it sends what was kept."""

    def __init__(
        self,
        desk: Desk,
        batching: Batching,
        rows: Rows,
        body: _Body,
        out: Format,
        state: State,
    ) -> None:
        super().__init__(batching.id, out)
        self._desk, self._batching, self._rows, self._body = desk, batching, rows, body
        self._state = state

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        caller = self._desk.answering.caller
        try:
            async with asyncio.TaskGroup() as tasks:
                kept = tasks.create_task(self._kept())
                try:
                    await self._send_as_kept(send, kept)
                except (
                    TimeoutError
                ):  # nobody reads; what was asked is answered and kept all the same
                    await kept
                    raise GoneAway from None
            await self._send_end(send)
        except* GoneAway:
            pass  # whoever it was for
        finally:
            self._state.batch_places.give_back(caller.key)

    async def _send_as_kept(self, send: Send, kept: asyncio.Task[None]) -> None:
        await self._start(send)
        sent = 0
        while not kept.done() or sent < self._batching.counts.rows:
            progress = asyncio.create_task(self._batching.progress.wait())
            await asyncio.wait((kept, progress), return_when=asyncio.FIRST_COMPLETED)
            progress.cancel()
            self._batching.progress.clear()
            up_to = self._batching.counts.rows
            await self._pages(send, self._desk.engine, sent, up_to)
            sent = up_to

    async def _send_end(self, send: Send) -> None:
        async with reading(self._desk.engine) as connection:
            caller = self._desk.answering.caller
            batch = await batch_store.find_batch(
                connection, caller.account, self._id, test=caller.test
            )
        assert batch is not None  # noqa: S101 - it was kept before the first row was read
        await self._write(send, self._out.end(_encoded(batch, self._desk.clock())), more=False)

    async def _kept(self) -> None:
        try:
            await self._batching.keep(self._rows)
        except BaseException:
            await asyncio.shield(_end(self._desk, self._id, BatchState.BROKEN_OFF))
            raise
        receipt = self._desk.answering.signing.sign(self._batching.receipt(self._desk.clock()))
        await _end(
            self._desk, self._id, BatchState.COMPLETE, body=self._body.digest(), receipt=receipt
        )
        self._count()

    def _count(self) -> None:
        counts, test = self._batching.counts, self._desk.answering.caller.test
        for verdict, times in (
            ("pass", counts.passed),
            ("fail", counts.failed),
            ("cannot_confirm", counts.unconfirmed),
        ):
            if times:
                self._state.metrics.count(verdict, test=test, times=times)


class _Replayed(_Answer):
    """Sends what was kept of a batch."""

    def __init__(
        self, batch: Batch, out: Format, state: State, key: str, *, repeated: bool = False
    ) -> None:
        """`key` is the one whose place it takes."""
        super().__init__(batch.id, out, repeated=repeated)
        self._batch, self._state, self._key = batch, state, key

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await self._start(send)
            await self._pages(send, self._state.engine, 0, self._batch.rows)
            ended = self._out.end(_encoded(self._batch, self._state.clock()))
            await self._write(send, ended, more=False)
        finally:
            self._state.batch_places.give_back(self._key)


def _encoded(batch: Batch, now: datetime) -> bytes:
    return msgspec.json.encode(_answer(batch, now))


def _answer(batch: Batch, now: datetime) -> BatchAnswer:
    return BatchAnswer(
        id=batch.id,
        state=batch.state_at(now),
        rows=batch.rows,
        passed=batch.passed,
        failed=batch.failed,
        cannot_confirm=batch.unconfirmed,
        problems=batch.problems,
        received_at=batch.received_at,
        known_at=batch.known_at,
        receipt=batch.receipt,
    )


async def _found(state: State, caller: Caller, batch_id: str) -> Batch:
    async with reading(state.engine) as connection:
        found = await batch_store.find_batch(connection, caller.account, batch_id, test=caller.test)
    if found is None:
        raise Problem(404, "not_found", "This account has no batch of that id.")
    return found


@get(
    "/v1/verifications/batch/{batch_id:str}",
    operation_id="getBatch",
    tags=["batches"],
    summary="Read a batch",
    guards=[needs(KeyScope.VERIFY, KeyScope.READ)],
)
async def get_batch(
    batch_id: FromPath[str],
    caller: NamedDependency[Caller],
    now: NamedDependency[datetime],
    state: State,
) -> BatchAnswer:
    """Return a batch of the caller's own account: how far it has come, and its receipt once it is complete."""
    return _answer(await _found(state, caller, batch_id), now)


@get(
    "/v1/verifications/batch/{batch_id:str}/results",
    operation_id="getBatchResults",
    tags=["batches"],
    summary="Read the results of a batch again",
    guards=[needs(KeyScope.VERIFY, KeyScope.READ)],
    operation_class=BatchOperation,
    responses={
        200: ResponseSpec(
            data_container=BatchResults,
            description="What was kept so far, in the order of the rows.",
            media_type=JSON,
            generate_examples=False,
        ),
        406: documented_problem("Results are written as JSON, NDJSON or csv."),
    },
)
async def get_batch_results(
    batch_id: FromPath[str],
    caller: NamedDependency[Caller],
    request: Request[Caller, Any, State],
    state: State,
) -> ASGIApp:
    """Return the results that were kept so far, as JSON, NDJSON or csv by `Accept`."""
    found, out = await _found(state, caller, batch_id), format_for(_best(request))
    places: Places = state.batch_places
    places.take(caller.key)
    return _Replayed(found, out, state, caller.key)


ROUTES = [create_batch, get_batch, get_batch_results]
