"""A server on loopback that says what a test tells it to: proxies, outages and nonsense included."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

KEY = "tvt_live_scripted_0123456789abcdef"

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Scripted:
    """What to reply, in order, and what was asked. A request beyond the script is answered 599."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    released: Event = field(default_factory=Event)
    """Set it to let a reply that hangs come to its end."""

    def will(self, *replies: Reply) -> None:
        """Add replies to the script."""
        self.replies.extend(replies)


def says(body: object, status: int = 200, kind: str = "application/json", **headers: str) -> Reply:
    """Return a reply with a body: text as it is, anything else as JSON. Underscores in names of headers are hyphens."""
    raw = (body if isinstance(body, str) else json.dumps(body)).encode()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return reply


def problem(status: int, code: str, detail: str = "It says why.", **headers: Any) -> Reply:
    """Return a reply of problem details; `errors` are the fields."""
    fields = headers.pop("errors", None)
    body = {
        "type": f"urn:trivet:problem:{code}",
        "title": "A problem",
        "status": status,
        "detail": detail,
        "code": code,
        "requestId": "req_1",
    }
    document = body | {"errors": fields} if fields else body
    return says(document, status, "application/problem+json", **headers)


def drops(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def hangs(scripted: Scripted) -> Reply:
    """Return a reply that says nothing until it is released."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        scripted.released.wait(30)
        handler.close_connection = True

    return reply


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent."""
    handler.send_response_only(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"verdict": "pass"')
    handler.close_connection = True


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    """Run a scripted server on a free port of loopback."""
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            is_json = headers.get("content-type") == "application/json"
            body = (json.loads(raw) if is_json else raw) if length else None
            script.requests.append(Request(self.command, self.path, headers, body))
            reply = script.replies.pop(0) if script.replies else says("beyond the script", 599)
            reply(self)

        def do_POST(self) -> None:
            self.do_GET()

        def do_DELETE(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        script.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def answer(verdict: object = "pass", **changed: Any) -> dict[str, Any]:
    """Return an answer as the service would send it: fictional, whole, and of this verdict."""
    register = {
        "snapshot": "snp_1",
        "digest": "sha256:00",
        "asOf": "2026-03-01T09:00:00Z",
        "stale": False,
        "sources": [{"source": "example", "asOf": "2026-03-01T09:00:00Z", "stale": False}],
    }
    elements = [element(name) for name in ("body", "provider", "programme", "delivery")]
    whole = {
        "id": "ver_1",
        "verdict": verdict,
        "elements": [*elements, element("trainer", verdict)],
        "reasons": [],
        "candidates": [],
        "nextSteps": [],
        "requirement": {"basis": "unknown", "text": "Not known.", "source": "x", "from": None},
        "caveats": [],
        "deliveredOn": "2026-03-12",
        "knownAt": "2026-03-12T10:00:00Z",
        "reference": None,
        "purpose": "order",
        "register": register,
        "checkedAt": "2026-03-12T10:00:00Z",
        "receipt": "a.compact.jws",
    }
    return whole | changed


def element(name: str, verdict: object = "pass") -> dict[str, Any]:
    """Return one element of an answer."""
    return {
        "element": name,
        "verdict": verdict,
        "reasons": [],
        "record": None,
        "validFrom": None,
        "validTo": None,
        "provenance": "register",
        "derived": False,
    }


def watch(verdict: object = "pass", **changed: Any) -> dict[str, Any]:
    """Return a watch on a triple as the service would send it: fictional, whole, and of this verdict."""
    answered = answer(verdict)
    whole = {
        "id": "wat_1",
        "kind": "triple",
        "reference": None,
        "provider": [{"scheme": "certificate", "value": "EX-1"}],
        "programme": {"scheme": "register", "value": "ex-1"},
        "trainer": None,
        "deliveredBy": None,
        "deliveredOn": None,
        "scope": None,
        "expiryNotice": [],
        "createdAt": "2026-03-12T10:00:00Z",
        "standing": {
            "on": "2026-03-12",
            **{name: answered[name] for name in ("verdict", "elements", "reasons", "register")},
            "checkedAt": "2026-03-12T10:00:00Z",
        },
    }
    return whole | changed
