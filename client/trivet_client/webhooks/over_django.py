"""Webhooks received by Django, which is imported only where a view is made."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trivet_client.webhooks.handling import (
    BUSY,
    LONGEST,
    TOO_LONG,
    Handle,
    handled,
    is_awaited,
    received,
)
from trivet_client.webhooks.receiver import Receiver
from trivet_client.webhooks.repeats import Seen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse  # type: ignore[import-untyped]


def django_view(
    receiver: Receiver, handle: Handle, *, seen: Seen | None = None
) -> "Callable[[HttpRequest], HttpResponse]":
    """Return a Django view that receives webhooks, for a path of `urlpatterns`.

    It answers as `asgi` does. What is signed needs no CSRF token. Where `handle` raised, what it wrote within
    `ATOMIC_REQUESTS` is undone.

    Raises:
        TypeError: `handle` is a coroutine function.
    """
    # Imported here, for whoever has no Django must be able to import the rest.
    from django.http import HttpResponse, HttpResponseNotAllowed  # noqa: PLC0415
    from django.views.decorators.csrf import (  # type: ignore[import-untyped]  # noqa: PLC0415
        csrf_exempt,
    )

    if is_awaited(handle):
        raise TypeError("a view for Django takes a plain function")

    def view(request: "HttpRequest") -> "HttpResponse":
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        body = request.read(LONGEST + 1)
        if len(body) > LONGEST:
            return HttpResponse(status=TOO_LONG)
        event = received(receiver, request.headers, body)
        status = event if isinstance(event, int) else handled(handle, seen, event)
        response = HttpResponse(status=status)
        if status == BUSY:
            response["Retry-After"] = "5"
        if status >= 500:
            _undo()
        return response

    exempt: Callable[[HttpRequest], HttpResponse] = csrf_exempt(view)
    return exempt


def _undo() -> None:
    """Let the transactions that Django began for this request come to nothing: to it, no exception was raised."""
    # Imported where it is used, as above.
    from django.db import connections  # type: ignore[import-untyped]  # noqa: PLC0415

    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["ATOMIC_REQUESTS"] and connection.in_atomic_block:
            connection.set_rollback(True)
