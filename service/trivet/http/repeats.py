"""Requests that are sent again: with an Idempotency-Key, what a request created is created once.

The key is kept in the transaction that creates. Of requests that come at once, in whatever process, the database lets
one write it; the others wait for that one to end, and get what it created.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request
from litestar.params import HeaderParameter
from sqlalchemy import Column, String, Table, Text, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.database import Instant, metadata
from trivet.http.problems import Problem, documented_problem

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
_LONGEST = 255

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(40), primary_key=True),
    # Keyed: callers may call a request by what it is about.
    Column("given", String(64), primary_key=True),
    # Of operation and body, keyed: a body can hold a name that could be guessed.
    Column("request", String(64), nullable=False),
    Column("created", String(60), nullable=False),
    # As it was sent, where it can't be made again from what was created; erasing anybody takes all of them away.
    Column("answer", Text, nullable=True),
    Column("at", Instant, nullable=False, index=True),
)


class Repeatable(msgspec.Struct, frozen=True):
    """A request that may be sent again: whose key, and keyed hashes of what they call it and of what it asks for."""

    key: str
    given: str
    request: str


def repeatable(
    request: Request[Any, Any, Any], given: str | None, body: bytes, pepper: bytes
) -> Repeatable | None:
    """Return how a request says, by the header that was given, that it may be sent again; None if it does not."""
    if given is None:
        return None
    asked = f"{request.method} {request.url.path}\n".encode() + body
    named = hmac.new(pepper, b"repeat:" + given.encode(), hashlib.sha256).hexdigest()
    hashed = hmac.new(pepper, b"request:" + asked, hashlib.sha256).hexdigest()
    return Repeatable(request.user.key, named, hashed)


async def created_before(
    connection: AsyncConnection, asked: Repeatable, new: str, now: datetime
) -> str | None:
    """Return the id of what the request created when it came first; None if it comes first now, and is to create `new`.

    Within a transaction that writes: what is created in it and this note of it are kept together or not at all.

    Raises:
        Problem: of 422, the same key came with another request; of 409, the first one still runs.
    """
    mine = idempotency_keys.c.key == asked.key, idempotency_keys.c.given == asked.given
    await connection.execute(
        delete(idempotency_keys).where(*mine, idempotency_keys.c.at <= now - KEPT)
    )
    row = {**msgspec.structs.asdict(asked), "created": new, "at": now}
    known = select(idempotency_keys.c.request, idempotency_keys.c.created).where(*mine)
    first = (await connection.execute(known)).first()
    if first is None:
        try:
            async with connection.begin_nested():
                await connection.execute(insert(idempotency_keys), row)
        except IntegrityError:
            first = (await connection.execute(known)).first()
        except OperationalError as error:  # it waited for the first for as long as a writer waits
            raise _still_running() from error
        else:
            return None
    if first is None:  # the first was undone just now
        raise _still_running()
    if not hmac.compare_digest(first.request, asked.request):
        detail = f"This {HEADER} was sent with another request in the last 24 hours: use a new one."
        raise Problem(422, "idempotency_key_reused", detail)
    return str(first.created)


async def forget_repeat(connection: AsyncConnection, asked: Repeatable) -> None:
    """Forget a request that created nothing in this transaction: sent again, it comes first again."""
    mine = idempotency_keys.c.key == asked.key, idempotency_keys.c.given == asked.given
    await connection.execute(delete(idempotency_keys).where(*mine))


async def keep_answer(connection: AsyncConnection, asked: Repeatable, answer: str) -> None:
    """Keep what a request was answered, for when it is sent again."""
    mine = idempotency_keys.c.key == asked.key, idempotency_keys.c.given == asked.given
    await connection.execute(update(idempotency_keys).where(*mine).values(answer=answer))


async def answer_kept(connection: AsyncConnection, asked: Repeatable) -> str:
    """Return what the first of some identical requests was answered; Problem of 409 if that is not there."""
    mine = idempotency_keys.c.key == asked.key, idempotency_keys.c.given == asked.given
    answer = await connection.scalar(select(idempotency_keys.c.answer).where(*mine))
    if answer is None:
        detail = f"The request with this {HEADER} was done; its answer is not kept. Look for what it created."
        raise Problem(409, "answer_not_kept", detail)
    return str(answer)


async def forget_answers(connection: AsyncConnection) -> None:
    """Forget every answer that was kept for a repeat."""
    await connection.execute(update(idempotency_keys).values(answer=None))


async def replace_created(
    connection: AsyncConnection, asked: Repeatable, new: str, now: datetime
) -> None:
    """Let what a request creates take the place of what it created first, which came to nothing."""
    mine = idempotency_keys.c.key == asked.key, idempotency_keys.c.given == asked.given
    await connection.execute(update(idempotency_keys).where(*mine).values(created=new, at=now))


REPEATED = {
    409: documented_problem(
        f"The first request with this {HEADER} has not ended yet; try again after Retry-After."
    ),
    422: documented_problem(f"This {HEADER} was sent with another request before."),
}
"""How the problems of requests that are sent again are documented."""

REPEAT_HEADER = HeaderParameter(
    name=HEADER,
    min_length=1,
    max_length=_LONGEST,
    pattern="^[!-~]*$",
    description="Any name of your own for this request, such as a UUID. Sent again with it within 24 hours, the "
    "request is not done again: it is answered as it was the first time.",
)
"""How the header is documented."""


def _still_running() -> Problem:
    detail = f"The first request with this {HEADER} has not ended yet: send it again in a moment."
    return Problem(409, "still_running", detail, headers={"Retry-After": "1"})


async def forget_repeats(connection: AsyncConnection, now: datetime) -> None:
    """Forget the requests that came more than 24 hours before an instant (UTC)."""
    await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.at <= now - KEPT))
