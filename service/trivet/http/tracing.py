"""Request ids: taken from the caller or made here, kept for the log and sent back."""

import re
from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from trivet.ids import new_id

REQUEST_ID, CORRELATION_ID = "X-Request-ID", "X-Correlation-ID"
_FIT = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


class Tracing(ASGIMiddleware):
    """Gives every request an id, the caller's where it is fit to be logged."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Keep the ids in the scope's state and add them to the response."""
        ids, state = trace(scope), scope["state"]

        async def send_with_ids(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message).update(ids)
            await send(message)

        with bound_contextvars(request=state["request_id"], correlation=state["correlation_id"]):
            await next_app(scope, receive, send_with_ids)


def trace(scope: Scope | HTTPScope) -> Mapping[str, str]:
    """Return the headers that carry a request's ids back, and keep the ids in its scope's state.

    A request that no route takes never meets the middleware: its ids are made when it is refused.
    """
    state = scope.setdefault("state", {})
    if "request_id" not in state:
        given = MutableScopeHeaders(scope)
        state["request_id"] = _fit(given.get(REQUEST_ID)) or new_id("req")
        state["correlation_id"] = _fit(given.get(CORRELATION_ID)) or state["request_id"]
    return {REQUEST_ID: state["request_id"], CORRELATION_ID: state["correlation_id"]}


def _fit(value: str | None) -> str | None:
    return value if value and _FIT.fullmatch(value) else None
