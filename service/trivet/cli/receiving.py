"""Webhooks received and printed, for whoever builds a receiver of their own."""

import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
import uvicorn

from trivet import listening
from trivet.cli import CouldNot
from trivet.cli.event_lines import json_of, line_of
from trivet_client import NotConfigured
from trivet_client.webhooks import Event, Receiver, asgi
from trivet_client.webhooks.over_asgi import Application, Message, Receive, Scope, Send

SECRET = "TRIVET_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
HANDLED = 204
_NO_BODY = [(b"content-length", b"0")]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How events are received: at which path, printed how, and answered with which status if not as handled."""

    path: str
    as_json: bool
    fail: int | None


def listen(host: str, port: int, secret: str | None, wanted: Wanted) -> None:
    """Receive webhooks until interrupted and print each one that is genuine.

    Raises:
        CouldNot: there is no secret, or it can't be one; or the status to answer with is no refusal, or the path none.
        SettingError: the address can't be listened on.
    """
    receiver = _receiver(secret)
    if wanted.fail is not None and wanted.fail not in range(300, 600):
        raise CouldNot("--fail takes a status that says that it was not handled, such as 503")
    if not wanted.path.startswith("/"):
        raise CouldNot("--path begins with /, such as /hooks/trivet")
    application = _at(wanted, asgi(receiver, _printing(wanted)))
    config = uvicorn.Config(
        application, log_config=None, access_log=False, timeout_graceful_shutdown=5
    )
    with listening.listen(host, port) as socket:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{socket.getsockname()[1]}{wanted.path}"

        def tell() -> None:
            print(f"trivet listening on {address}", file=sys.stderr, flush=True)

        _log_to_stderr()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # told so, it ends with 0 as well
        with suppress(KeyboardInterrupt):  # the server has ended in order and hands the signal on
            listening.Announced(config, tell).run(sockets=[socket])


def _receiver(secret: str | None) -> Receiver:
    given = (os.environ.get(SECRET, "") if secret is None else secret).split()
    if not given:
        raise CouldNot(
            f"set {SECRET}, or give --secret: the service gives the secret of an endpoint, whsec_…, once, when the "
            "endpoint is made or its secret is rotated"
        )
    try:
        return Receiver(*given)
    except NotConfigured as error:
        raise CouldNot(str(error)) from error


def _log_to_stderr() -> None:
    """Let what the receiver says of refusals and failures be a line each, with its time (UTC)."""
    form = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S UTC")
    form.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _printing(wanted: Wanted) -> Callable[[Event], Awaitable[None]]:
    async def handle(event: Event) -> None:
        line = json_of(event) if wanted.as_json else line_of(event)
        print(line, flush=True)

    return handle


def _at(wanted: Wanted, application: Application) -> Application:
    """Return an application that is at one path only, and answers with the wanted status what was handled."""

    async def at_path(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_as_wanted(message: Message) -> None:
            if message.get("status") == HANDLED and wanted.fail is not None:
                message = {**message, "status": wanted.fail, "headers": _NO_BODY}
            await send(message)

        if scope["type"] == "http" and scope["path"] != wanted.path:
            logging.getLogger(__name__).warning("nothing is received at %a", scope["path"])
            await send({"type": "http.response.start", "status": 404, "headers": _NO_BODY})
            await send({"type": "http.response.body", "body": b""})
        else:
            await application(scope, receive, send_as_wanted)

    return at_path
