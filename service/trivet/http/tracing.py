"""Request ids: taken from the caller or made here, kept for the log and sent back."""

import re

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from trivet.ids import new_id

REQUEST_ID, CORRELATION_ID = "X-Request-ID", "X-Correlation-ID"
_FIT = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


class Tracing(ASGIMiddleware):
    """Gives every request an id, the caller's where it is fit to be logged."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Keep the ids in the scope's state and add them to the response."""
        given = MutableScopeHeaders(scope)
        request_id = _fit(given.get(REQUEST_ID)) or new_id("req")
        correlation_id = _fit(given.get(CORRELATION_ID)) or request_id
        scope["state"]["request_id"] = request_id
        scope["state"]["correlation_id"] = correlation_id

        async def send_with_ids(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers[REQUEST_ID] = request_id
                headers[CORRELATION_ID] = correlation_id
            await send(message)

        await next_app(scope, receive, send_with_ids)


def _fit(value: str | None) -> str | None:
    return value if value and _FIT.fullmatch(value) else None
