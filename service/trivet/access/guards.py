"""Who is calling: the bearer key of a request, and whether it has the scope that a route asks for."""

from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.keys import Caller, Scope, Secret
from trivet.access.store import find_caller
from trivet.database import reading
from trivet.http.problems import Problem

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], None]

PUBLIC = "public"
"""The route option of what anyone may read."""


class BearerKeys(AbstractAuthenticationMiddleware):
    """Finds the caller of every request that is not public, before anything else of it is read."""

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        """Return the caller; a Problem of 401 says what is missing, the same for a wrong key as for a revoked one."""
        scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
        shown = Secret.parse(token.strip()) if scheme.lower() == "bearer" else None
        if shown is None:
            raise _unauthenticated("Send a key as `Authorization: Bearer tvt_…`.")
        state = connection.app.state
        engine: AsyncEngine = state.engine
        now = state.clock()
        async with reading(engine) as transaction:
            caller = await find_caller(transaction, shown, state.pepper, now)
        if caller is None:
            raise _unauthenticated("The key is unknown, has expired or was revoked.")
        state.usage.note(caller.key, now)
        return AuthenticationResult(user=caller, auth=shown.id)


def needs(*scopes: Scope) -> Guard:
    """Return a guard that lets a caller through who has one of the scopes."""

    def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if connection.scope.get("method") == HttpMethod.OPTIONS:
            return  # asked without a key, and tells methods only
        caller: Caller = connection.user
        if not caller.scopes & set(scopes):
            wanted = " or ".join(scope.value for scope in scopes)
            raise Problem(403, "scope_missing", f"The key needs the scope {wanted}.")

    return guard


def live_only(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Refuse a test key: it never reaches the mirrored register."""
    if connection.scope.get("method") != HttpMethod.OPTIONS and connection.user.test:
        raise Problem(403, "test_key", "A test key sees the sandbox only: show a live key.")


def caller_of(request: Request[Caller, Any, Any]) -> Caller:
    """Return who is calling."""
    return request.user


def _unauthenticated(detail: str) -> Problem:
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})
