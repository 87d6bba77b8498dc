"""Admission: no more requests at once than can be answered soon; one too many is told before it is read."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from trivet.http.problems import Problem

UNLIMITED = "always_admitted"
"""The route option of what is answered however busy the service is: is it alive, and how does it stand."""


class Admission(ASGIMiddleware):
    """Refuses a request with 503 while as many as allowed are under way. What was admitted is answered."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, most: int) -> None:
        """Take how many requests may be under way at once."""
        self._most = most
        self._under_way = 0

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count a request for as long as it is under way."""
        if scope["route_handler"].opt.get(UNLIMITED):
            await next_app(scope, receive, send)
            return
        if self._under_way >= self._most:
            detail = "The service is busy. Nothing of this request was read; send it again."
            raise Problem(503, "overloaded", detail, headers={"Retry-After": "1"})
        self._under_way += 1
        try:
            await next_app(scope, receive, send)
        finally:
            self._under_way -= 1
