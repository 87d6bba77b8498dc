"""What the ready handlers share: an event handled once, and the status that answers it.

Whoever sends is told a status and no more; the log says why, never what was in a body.
"""

import inspect
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeGuard

from trivet_client.webhooks.events import Event
from trivet_client.webhooks.receiver import Receiver
from trivet_client.webhooks.refusals import Refused
from trivet_client.webhooks.repeats import AsyncSeen, InHand, Seen

LONGEST = 1024 * 1024
"""How many bytes a body may have; the longest event has fewer."""

HANDLED, TOO_LONG, FAILED, BUSY = 204, 413, 500, 503

Handle = Callable[[Event], None]
AwaitedHandle = Callable[[Event], Awaitable[None]]

logger = logging.getLogger("trivet_client.webhooks")


def is_awaited(handle: Handle | AwaitedHandle) -> TypeGuard[AwaitedHandle]:
    """Tell whether a handler is to be awaited."""
    called = getattr(handle, "__call__", None)  # noqa: B004 - an object's own may be a coroutine function
    return inspect.iscoroutinefunction(handle) or inspect.iscoroutinefunction(called)


def received(receiver: Receiver, headers: Mapping[str, str], body: bytes) -> Event | int:
    """Return the event that arrived, or the status that refuses it."""
    try:
        return receiver.event(headers, body)
    except Refused as refused:
        logger.warning("refused a webhook: %s", refused)
        return refused.status


def handled(handle: Handle, seen: Seen | None, event: Event) -> int:
    """Handle an event unless it was before, and return the status that says how that went."""
    try:
        if seen is None:
            _call(handle, event)
            return HANDLED
        with seen.once(event.id) as new:
            if new:
                _call(handle, event)
    except Exception as error:  # noqa: BLE001 - whatever it was, the event is to be sent again
        return _failed(event, error)
    return HANDLED


async def handled_awaited(
    handle: AwaitedHandle, seen: Seen | AsyncSeen | None, event: Event
) -> int:
    """Handle an event as `handled` does, with a handler that is awaited."""
    try:
        if seen is None:
            await handle(event)
            return HANDLED
        once = seen.once(event.id)
        if isinstance(once, AbstractAsyncContextManager):
            async with once as new:
                if new:
                    await handle(event)
        else:
            with once as new:
                if new:
                    await handle(event)
    except Exception as error:  # noqa: BLE001 - whatever it was, the event is to be sent again
        return _failed(event, error)
    return HANDLED


def _call(handle: Handle, event: Event) -> None:
    came: object = handle(event)  # type: ignore[func-returns-value]
    if inspect.iscoroutine(came):
        came.close()
        raise TypeError("what is to be awaited has to be a coroutine function")


def _failed(event: Event, error: Exception) -> int:
    """Say that an event was not handled: by which error, where, and nothing that its message may hold of the body."""
    if isinstance(error, InHand):
        return BUSY
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    name = type(error).__name__
    logger.error("event %s (%s) was not handled: %s at %s", event.id, event.type, name, place)
    return FAILED
