"""Webhooks received by any ASGI server, alone or mounted in any framework."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, cast

from trivet_client.webhooks.events import Event
from trivet_client.webhooks.handling import (
    BUSY,
    LONGEST,
    TOO_LONG,
    AwaitedHandle,
    Handle,
    handled,
    handled_awaited,
    is_awaited,
    received,
)
from trivet_client.webhooks.receiver import Receiver
from trivet_client.webhooks.repeats import AsyncSeen, Seen

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_HEADERS: Mapping[int, tuple[bytes, bytes]] = {
    405: (b"allow", b"POST"),
    BUSY: (b"retry-after", b"5"),
}


def asgi(
    receiver: Receiver,
    handle: Handle | AwaitedHandle,
    *,
    seen: Seen | AsyncSeen | None = None,
) -> Application:
    """Return an ASGI application that receives webhooks, at whichever path it is mounted.

    A plain `handle` runs in a thread, with `seen` in the same one. A coroutine function is awaited; what `seen.once`
    returns may then be an asynchronous context manager, and has to be if it waits for anything.

    It answers 204 once `handle` has returned, or for what `seen` knows; 401 and 400 to what is refused; 500 where
    `handle` raised, so that the event is sent again; 503 to what is being handled already; 413 to more than 1 MiB and
    405 to anything but POST. The service gives a handler 15 seconds: what takes longer belongs in a queue.
    """
    run: Callable[[Event], Awaitable[int]]
    if is_awaited(handle):
        run = partial(handled_awaited, handle, seen)
    else:  # a store that is awaited can't be used in a thread: it is answered 500, and the log says so
        run = partial(_in_thread, cast("Handle", handle), cast("Seen | None", seen))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await _reply(send, await _status(scope, receive, receiver, run))
        else:
            await send({"type": "websocket.close"})

    return application


async def _status(
    scope: Scope, receive: Receive, receiver: Receiver, run: Callable[[Event], Awaitable[int]]
) -> int:
    if scope["method"] != "POST":
        return 405
    body = await _body(receive)
    if body is None:
        return TOO_LONG
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    event = received(receiver, headers, body)
    return event if isinstance(event, int) else await run(event)


async def _in_thread(handle: Handle, seen: Seen | None, event: Event) -> int:
    return await asyncio.to_thread(handled, handle, seen, event)


async def _body(receive: Receive) -> bytes | None:
    """Return the body; None if it is too long, or if whoever sent it left before its end and hears no answer."""
    body = bytearray()
    while len(body) <= LONGEST:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body) if len(body) <= LONGEST else None


async def _reply(send: Send, status: int) -> None:
    headers = [] if status == 204 else [(b"content-length", b"0")]
    if status in _HEADERS:
        headers.append(_HEADERS[status])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    for moment in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{moment}.complete"})
