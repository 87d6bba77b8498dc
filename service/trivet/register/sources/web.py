"""Asking a site for pages: one host, one deadline, one allowance of bytes for a whole release."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import httpx
import msgspec

from trivet import __version__
from trivet.register.sources.bodies import BodyFault, body
from trivet.register.sources.errors import Refused, SourceError
from trivet.register.sources.locations import Web, shown
from trivet.register.sources.reading import Validators

MAX_REDIRECTS = 5

_WHAT_TO_DO = {
    401: "it asks who you are: see `credential` in the profile and the variable it names",
    403: "it refuses this request: see `credential` in the profile, or ask the publisher",
    404: "there is nothing at this address: mend `location` in the profile",
    410: "there is nothing at this address any more: mend `location` in the profile",
    429: "it is asked too often: read it less often",
    503: "it is overloaded or being mended: try again later",
}


class Answer(msgspec.Struct, frozen=True):
    """A page: its address once redirects were followed, and the instant (UTC) the site stood by it."""

    address: str
    content: bytes
    status: int
    validators: Validators
    at: datetime


class Kept(msgspec.Struct, frozen=True):
    """A page of the last release, with what to ask by whether it has changed."""

    content: bytes
    validators: Validators


class Site:
    """A site that is asked for the pages of one release, each once.

    Nothing is asked of any other host, whatever a page or a redirect says, and so no credential goes
    there. A page that was kept is asked for with its validators; where the site answers 304, the
    page is as it was.
    """

    def __init__(
        self,
        address: str,
        web: Web,
        kept: Mapping[str, Kept],
        clock: Callable[[], datetime],
        headers: Mapping[str, str],
    ) -> None:
        """Take an address of the site, the last release's pages, a clock (UTC), and further headers."""
        self._own = _site(httpx.URL(address))
        self._web = web
        self._kept = kept
        self._clock = clock
        self._headers = headers
        self._room = web.limits.max_bytes
        self.answers: dict[str, Answer] = {}

    def __enter__(self) -> "Site":
        self._client = _client(self._web, self._headers)
        # The library limits how long one read may take. Only cancelling it bounds a whole answer
        # that comes drop by drop, its headers too; hence a loop of its own.
        self._runner = asyncio.Runner()
        loop = self._runner.get_loop()
        self._deadline = loop.time() + self._web.limits.total.total_seconds()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def get(self, address: str) -> Answer:
        """Return the page at an address of this site.

        Raises:
            SourceError: it can't be had, or not whole, or not in time, or is on another site.
        """
        if address not in self.answers:
            self.answers[address] = self._runner.run(self._in_time(address))
        return self.answers[address]

    async def _in_time(self, address: str) -> Answer:
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._followed(address)
        except TimeoutError:
            total = self._web.limits.total.total_seconds()
            fault = f"not all had come after {total:g} s: try again, or raise `total` in [limits]"
        except httpx.TimeoutException:
            fault = "the site does not answer in time: try again later, or raise the [limits]"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            fault = f"can't be fetched: {str(error) or type(error).__name__}"
        except BodyFault as error:
            fault = str(error)
        raise SourceError(f"{shown(address)}: {fault}")

    async def _followed(self, address: str) -> Answer:
        url = httpx.URL(address)
        for _ in range(MAX_REDIRECTS + 1):
            self._refuse_elsewhere(url, address)
            headers = _conditions(self._kept.get(address))
            async with self._client.stream("GET", url, headers=headers) as response:
                if response.next_request is None:
                    return await self._answer(address, response)
                url = response.next_request.url
        raise SourceError(f"{shown(address)}: redirects more than {MAX_REDIRECTS} times")

    def _refuse_elsewhere(self, url: httpx.URL, asked: str) -> None:
        if _site(url) != self._own or url.userinfo:
            where = f"{url.scheme}://{url.host}" if url.host else f"a {url.scheme} link"
            raise SourceError(
                f"{shown(asked)}: leads away from the site, to {where}: nothing was asked there; if"
                " the list has moved, mend `location` in the profile"
            )

    async def _answer(self, address: str, response: httpx.Response) -> Answer:
        at = self._clock() - _age(response)
        kept = self._kept.get(address)
        validators = _validators(response)
        if response.status_code == 304 and kept and kept.validators:
            content, validators = kept.content, validators or kept.validators
        elif response.status_code == 200:
            content = await self._body(response)
        else:
            raise _refused(address, response.status_code)
        self._room -= len(content)
        return Answer(str(response.url), content, response.status_code, validators, at)

    async def _body(self, response: httpx.Response) -> bytes:
        _refuse_unframed(response)
        taking = body(response.headers.get("content-encoding", ""), self._room)
        async for data in response.aiter_raw():
            taking.add(data)
        return taking.whole()


def _client(web: Web, headers: Mapping[str, str]) -> httpx.AsyncClient:
    limits = web.limits
    return httpx.AsyncClient(
        headers={
            "User-Agent": f"trivet/{__version__}",
            "Accept-Encoding": "gzip",  # deflate is understood, but some servers get it wrong
            "Cache-Control": "no-cache",  # the publisher's word is wanted, not that of a cache
            "Connection": "close",  # one that a site hangs up unasked would lose a whole release
            **headers,
        },
        timeout=httpx.Timeout(limits.read.total_seconds(), connect=limits.connect.total_seconds()),
        verify=_trusted(web.ca_file),
        trust_env=web.proxy == "environment",
        follow_redirects=False,
    )


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    trusted = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            trusted.load_verify_locations(ca_file)
        except OSError as error:
            raise SourceError(f"{ca_file}: is no file of certificates: {error.strerror}") from None
    return trusted


def _site(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _conditions(kept: Kept | None) -> dict[str, str]:
    if kept is None:
        return {}
    asked = {
        "If-None-Match": kept.validators.etag,
        "If-Modified-Since": kept.validators.last_modified,
    }
    return {name: value for name, value in asked.items() if value}


def _validators(response: httpx.Response) -> Validators:
    return Validators(response.headers.get("etag"), response.headers.get("last-modified"))


def _age(response: httpx.Response) -> timedelta:
    """Return for how long a cache on the way has kept the answer (RFC 9111, section 5.1)."""
    age = response.headers.get("age", "")
    return timedelta(seconds=int(age)) if age.isdecimal() and len(age) < 10 else timedelta()


def _refuse_unframed(response: httpx.Response) -> None:
    """Refuse a body that ends where the connection does: half of a list would look like all of it."""
    headers = response.headers
    framed = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "")
    if not framed and not headers.get("content-encoding"):
        raise BodyFault(
            "comes without its length, so a part could not be told from the whole: ask the"
            " publisher, or download it and read the file"
        )


def _refused(address: str, status: int) -> Refused:
    what = _WHAT_TO_DO.get(status)
    if what is None:
        what = "it has failed: try again later" if status >= 500 else "200 was expected"
    return Refused(f"{shown(address)}: the site answers {status}: {what}", status)
