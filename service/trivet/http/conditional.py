"""Reads carry a strong ETag over their bytes and honour If-None-Match (RFC 9110)."""

import hashlib

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send


class ConditionalReads(ASGIMiddleware):
    """Answers 304 where the caller already has the bytes that would be sent."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Hold a successful read back until it is whole, since its tag goes ahead of it."""
        if scope["type"] != ScopeType.HTTP or scope["method"] not in ("GET", "HEAD"):
            await next_app(scope, receive, send)
            return
        started: HTTPResponseStartEvent | None = None
        body = b""

        async def send_tagged(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start" and message["status"] == 200:
                started = message
            elif message["type"] == "http.response.body" and started is not None:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send(started, body)
            else:
                await send(message)

        async def _send(start: HTTPResponseStartEvent, content: bytes) -> None:
            tag = f'"{hashlib.sha256(content).hexdigest()}"'
            headers = MutableScopeHeaders.from_message(start)
            headers["ETag"] = tag
            # To be asked for again each time, and kept by none but the caller: a verdict may change.
            headers["Cache-Control"] = "private, no-cache"
            if _matches(MutableScopeHeaders(scope).get("If-None-Match"), tag):
                del headers["Content-Length"]
                await send({**start, "status": 304})
                content = b""
            else:
                await send(start)
            await send({"type": "http.response.body", "body": content, "more_body": False})

        await next_app(scope, receive, send_tagged)


def _matches(given: str | None, tag: str) -> bool:
    tags = [t.strip().removeprefix("W/") for t in (given or "").split(",")]
    return "*" in tags or tag in tags
