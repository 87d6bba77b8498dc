"""The one way out for webhooks: every connection goes to an address that was checked for it."""

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult

from trivet.alerts.addresses import PORTS, Address, Destination, Network, Policy, RefusedAddress

LIMIT = 15.0
"""How long a receiver has, from the lookup of its name to the end of its answer, in seconds."""

CONNECT_LIMIT = 5.0
"""How much of it the lookup, the connection and TLS may take, in seconds."""

KEPT = 1024
"""How many bytes of an answer are read."""

LONGEST_WAIT = timedelta(hours=24)
"""The most that a receiver's Retry-After is heeded."""

_KEEPALIVE = 4.0
"""How long an idle connection is kept, in seconds: most servers hang up after five, and none while we ask again."""

_LOOKUPS = 32

Clock = Callable[[], datetime]
Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Returns all addresses of a name; raises OSError if it has none."""

_bound_for: ContextVar[Destination] = ContextVar("bound_for")
"""Where the send goes that is at work: a resolver is told the name, and not over which scheme it will be asked."""


class Answered(msgspec.Struct, frozen=True):
    """What came of one send: `failure` says in short words what went wrong, `answer` is the beginning of the body.

    The status stands as soon as it came: what is wrong with the body after it does not matter.
    """

    status: int | None
    seconds: float
    answer: bytes = b""
    retry_after: timedelta | None = None
    failure: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Outbound:
    """Sends webhooks, once opened, as many at a time as the caller asks for.

    Registration and sending check alike, so what a name leads to later is judged as it was at first. A connection that
    is used again goes to the address that was checked when it was opened.
    """

    def __init__(
        self,
        networks: Sequence[Network] = (),
        ports: Sequence[range] = PORTS,
        *,
        limits: tuple[float, float] = (LIMIT, CONNECT_LIMIT),
        tls: ssl.SSLContext | None = None,
        lookup: Lookup | None = None,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        """Take where webhooks may go besides public addresses, and the ports they may go to.

        `limits` are those of a whole send and of connecting, in seconds; `tls` how certificates are judged; `lookup`
        finds the addresses of a name, instead of the system's resolver; `clock` gives the instant (UTC).
        """
        self._policy = Policy(tuple(networks), tuple(ports))
        self._limit, self._connect_limit = limits
        self._tls = tls
        self._lookup = lookup or self._ask_system
        self._clock = clock
        # A lookup can't be ended, and slow names would take up the threads that all else shares.
        self._lookups = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="webhook-lookup")

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Resolver(self._addresses),
                use_dns_cache=False,
                limit=0,
                keepalive_timeout=_KEEPALIVE,
                ssl=self._tls or True,  # aiohttp reads the system's certificates once for all
            ),
            timeout=aiohttp.ClientTimeout(total=self._limit, connect=self._connect_limit),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            read_bufsize=KEPT,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def check(self, url: str) -> None:
        """Make sure that webhooks may go to a URL, by all that it tells before its name is looked up.

        Raises:
            RefusedAddress: They may not.
        """
        self._policy.read(url)

    async def registerable(self, url: str) -> None:
        """Make sure that webhooks may go to a URL, and to every address that its name leads to now.

        Raises:
            RefusedAddress: They may not, or the name does not resolve.
        """
        going = self._policy.read(url)
        if going.address is not None:
            return
        try:
            async with asyncio.timeout(self._connect_limit):
                await self._addresses(going)
        except OSError:  # a timeout is one
            raise RefusedAddress(
                f"{going.host} does not resolve; check how it is spelt, or try again once DNS holds it."
            ) from None

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """POST a body, and return what came of it: whatever the network does, nothing is raised.

        Redirects are not followed, cookies are not kept, and no more of the answer is read than its beginning, as it
        comes: nothing is unpacked.
        """
        began = time.perf_counter()
        try:
            answered = await self._post(self._policy.read(url), headers, body)
        except (RefusedAddress, aiohttp.ClientError, OSError) as error:
            answered = Answered(status=None, seconds=0.0, failure=_failure(error))
        return msgspec.structs.replace(answered, seconds=time.perf_counter() - began)

    async def _post(self, going: Destination, headers: Mapping[str, str], body: bytes) -> Answered:
        bound = _bound_for.set(going)
        try:
            async with self._session.post(
                going.url,
                data=body,
                headers={"Accept-Encoding": "identity", **headers},
                allow_redirects=False,
            ) as response:
                beginning = await _beginning(response)
        finally:
            _bound_for.reset(bound)
        return Answered(
            status=response.status,
            seconds=0.0,
            answer=beginning,
            retry_after=retry_after(response.headers.get("Retry-After"), self._clock()),
            failure="redirect not followed" if 300 <= response.status < 400 else None,
        )

    async def _addresses(self, going: Destination) -> list[Address]:
        """Return the addresses that a name leads to, all of them checked; OSError if it does not resolve."""
        found = [ip_address(text) for text in await self._lookup(going.host)]
        self._policy.admit(going, found)
        return found

    async def _ask_system(self, host: str) -> list[str]:
        rows = await asyncio.get_running_loop().run_in_executor(
            self._lookups, partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
        )
        return [str(address[0]) for *_, address in rows]


class _Resolver(AbstractResolver):
    """Gives the HTTP client the addresses that were checked, and no others."""

    def __init__(self, addresses: Callable[[Destination], Awaitable[list[Address]]]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - both are connected to
    ) -> list[ResolveResult]:
        going = _bound_for.get()
        if (host, port) != (going.host, going.port):
            raise RefusedAddress(f"{host} is not the host that was checked.")
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._addresses(going)
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of an answer's body, or as much of it as came; what is left ends with its connection."""
    read = b""
    with suppress(aiohttp.ClientError, OSError):
        while len(read) < KEPT and (more := await response.content.read(KEPT - len(read))):
            read += more
    return read


def _failure(error: RefusedAddress | aiohttp.ClientError | OSError) -> str:
    if isinstance(error, RefusedAddress):
        return f"address refused: {error.detail}"
    if isinstance(error, aiohttp.ClientConnectorError) and error.errno == errno.ECONNREFUSED:
        return "connection refused"
    return next(words for kind, words in _FAILURES if isinstance(error, kind))


_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timed out"),
    (aiohttp.ClientConnectorCertificateError, "certificate not valid"),
    (aiohttp.ClientConnectorSSLError, "no TLS connection"),
    (aiohttp.ClientConnectorDNSError, "name does not resolve"),
    (aiohttp.ClientConnectorError, "no connection"),
    (aiohttp.ClientResponseError, "answer is not HTTP"),
    (aiohttp.ClientError, "connection closed"),
    (OSError, "connection closed"),
)
"""The first that fits says it."""


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait, at most `LONGEST_WAIT`; None if it can't be read.

    It is a number of seconds or an HTTP date (RFC 9110, 10.2.3); a date that is past asks for no wait. `now` is UTC.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        # Ten digits are more than a day already, and a number may have any length.
        return LONGEST_WAIT if len(text) > 9 else min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:  # by the standard it says GMT
        at = at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), LONGEST_WAIT)
