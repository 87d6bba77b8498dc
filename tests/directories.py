"""A real SCIM 2.0 server on loopback, with a token of its own, that notes what it is asked for."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
from scim2_models import UnauthorizedException
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.requests import ScimRequest
from scim2_server.utils import load_default_provider

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TOKEN = "a-token-of-a-fictional-directory"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


class _Guarded(WSGIApplication):
    def check_auth(self, request: ScimRequest) -> None:
        if request.header("Authorization") != f"Bearer {TOKEN}":
            raise UnauthorizedException


class Directory:
    """The server: where it is, and what it was asked for. Everybody in it is fictional."""

    def __init__(self, most_at_once: int) -> None:
        provider = load_default_provider()
        assert provider.config
        assert provider.config.filter
        provider.config.filter.max_results = most_at_once
        self._application = _Guarded(InMemoryStorage(), provider)
        self.asked: list[Mapping[str, list[str]]] = []
        self.url = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked.append(parse_qs(environ["QUERY_STRING"]))
        return self._application(environ, start_response)

    def add(self, staff: str, reference: str | None, *, active: bool = True, **more: Any) -> None:
        """Add a member of staff, with a reference as an external id and among their roles."""
        user: dict[str, Any] = {
            "schemas": [CORE, ENTERPRISE],
            "userName": f"user-{staff}",
            "active": active,
            ENTERPRISE: {"employeeNumber": staff},
        }
        if reference:
            user["externalId"] = reference
            user["roles"] = [
                {"type": "badge", "value": f"B-{staff}"},
                {"type": "trainer", "value": reference},
            ]
        with httpx.Client(transport=httpx.WSGITransport(app=self._application)) as client:
            headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
            added = client.post("http://in.process/v2/Users", json=user | more, headers=headers)
        assert added.status_code == 201, added.text


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def directory(most_at_once: int = 1000) -> Iterator[Directory]:
    """Run a server, empty at first, that gives so many users at once at most."""
    logging.getLogger("scim2_server").setLevel(logging.CRITICAL)
    answering = Directory(most_at_once)
    with make_server("127.0.0.1", 0, answering, handler_class=_Quiet) as server:
        answering.url = f"http://127.0.0.1:{server.server_port}/v2"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield answering
        finally:
            server.shutdown()
            thread.join()
