"""A site on loopback that answers as a test tells it to, and remembers what it was asked."""

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, NamedTuple

Misbehaviour = Callable[[BinaryIO, threading.Event], object]
"""Writes what it likes to the connection, until it breaks or the site closes."""


class Reply(NamedTuple):
    """What a site says: with an etag, it answers 304 to whoever has that already."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    etag: str | None = None


class Asked(NamedTuple):
    """A request: its path with the query, and its headers."""

    path: str
    headers: Message


class FakeSite:
    """Pages by path; what is not there is 404."""

    def __init__(self, scheme: str = "http") -> None:
        self.scheme = scheme
        self.pages: dict[str, Reply | Misbehaviour] = {}
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.port = 0

    def address(self, path: str = "/list", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def show(self, path: str, text: str, etag: str | None = None, **headers: str) -> None:
        self.pages[path] = Reply(text.encode(), headers=headers, etag=etag)


def gzipped(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def drip(first: bytes) -> Misbehaviour:
    """Say `first`, and then one more byte every now and then for ever."""

    def say(connection: BinaryIO, closing: threading.Event) -> None:
        connection.write(first)
        while not closing.wait(0.02):
            connection.write(b"x")

    return say


def endless(connection: BinaryIO, closing: threading.Event) -> None:
    connection.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not closing.is_set():
        connection.write(b"10000\r\n" + bytes(2**16) + b"\r\n")


def saying(answer: bytes) -> Misbehaviour:
    """Say just that, and hang up."""
    return lambda connection, _: connection.write(answer)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: FakeSite

    def do_GET(self) -> None:
        self.site.asked.append(Asked(self.path, self.headers))
        reply = self.site.pages.get(self.path, Reply(b"nothing here", 404))
        self.close_connection = True
        if isinstance(reply, Reply):
            self._say(reply)
        else:
            reply(self.wfile, self.site.closing)  # type: ignore[arg-type]

    def _say(self, reply: Reply) -> None:
        unchanged = reply.etag and self.headers.get("If-None-Match") == reply.etag
        body = b"" if unchanged else reply.body
        self.send_response(304 if unchanged else reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.etag:
            self.send_header("ETag", reply.etag)
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a reader that has had enough hangs up."""


@contextmanager
def running_site(tls: ssl.SSLContext | None = None) -> Iterator[FakeSite]:
    site = FakeSite("https" if tls else "http")
    handler = type("_Of", (_Handler,), {"site": site})
    server = _Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
