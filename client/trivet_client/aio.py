"""The client that is awaited: the same as `TrivetClient`, for asyncio."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from trivet_api.models import (
    ChangePage,
    ProviderListed,
    ProviderWithProgrammes,
    ReasonListed,
    RegisterStatus,
    Requirement,
)
from trivet_client import alert_calls, calls
from trivet_client.alert_calls import EventPage
from trivet_client.answers import Answer
from trivet_client.asking import HEADERS, TIMEOUT, Attempts, BearerKey, generated_client
from trivet_client.batches import PATH, AsyncBatch, Reader, Result, headers, lines_of
from trivet_client.calls import Call, Page
from trivet_client.endpoints import AsyncWebhooks
from trivet_client.problems import TrivetError, nothing_but_ours, refusal, streamed
from trivet_client.questions import Asked, Watched, question, watched
from trivet_client.retries import PATIENT, Retries
from trivet_client.settings import Settings, settings_from, usable_environment
from trivet_client.watching import Rows, Watching, WatchRow, parts
from trivet_client.webhooks.events import Event, Watch

T = TypeVar("T")


class AsyncTrivetClient:
    """Asks one trivet service with one key. Close it when done, or use `async with`.

    Every method raises a `TrivetError` where it has no answer, and never makes one up.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = TIMEOUT,
        retries: Retries = PATIENT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the service's address, a key, and how patient to be; all times are in seconds.

        Raises:
            NotConfigured: the address or the key can't be one, or the environment names an unusable proxy.
        """
        settings = Settings(url, key)
        self._url, self._timeout, self._retries = settings.url, timeout, retries
        self._clock, self._sleep = clock, sleep
        with usable_environment():
            self._http = httpx.AsyncClient(
                base_url=settings.url,
                auth=BearerKey(settings.key),
                headers=HEADERS,
                timeout=timeout,
                event_hooks={"response": [_refuse]},
            )
        self._api = generated_client(settings).set_async_httpx_client(self._http)
        self.webhooks = AsyncWebhooks(self._ask, self._each)
        """The account\'s webhook endpoints."""

    @classmethod
    def from_settings(
        cls,
        url: str | None = None,
        key: str | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Self:
        """Return a client for TRIVET_URL with TRIVET_API_KEY, or what is given instead.

        `options` are those of the constructor.

        Raises:
            NotConfigured: one of them is missing or can't be what it should.
        """
        settings = settings_from(url, key, environ)
        return cls(settings.url, settings.key, **options)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def verify(self, **asked: Unpack[Asked]) -> Answer:
        """Ask whether training is certified; see `TrivetClient.verify`."""
        return await self._ask(calls.verify(question(**asked)))

    def verify_many(
        self, questions: Iterable[Asked], *, idempotency_key: str | None = None
    ) -> AsyncBatch:
        """Ask many questions at once; see `TrivetClient.verify_many`."""
        rows = (question(**asked).to_dict() for asked in questions)
        return self.verify_rows(rows, idempotency_key=idempotency_key)

    def verify_rows(
        self, rows: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> AsyncBatch:
        """Ask many questions as the wire contract writes them; see `TrivetClient.verify_rows`."""
        reader = Reader()
        return AsyncBatch(self._results(lines_of(rows), headers(idempotency_key), reader), reader)

    async def _results(
        self, lines: Iterable[bytes], sent: Mapping[str, str], reader: Reader
    ) -> AsyncIterator[Result]:
        content = _each_line(lines)
        with nothing_but_ours(self._url):
            async with self._http.stream("POST", PATH, content=content, headers=sent) as response:
                async for line in response.aiter_lines():
                    result = reader.read(line)
                    if result is not None:
                        yield result
        reader.end()

    async def get(self, verification: str) -> Answer:
        """Read a verification of this account again, as it was answered."""
        return await self._ask(calls.get(verification))

    def verifications(
        self, *, reference: str | None = None, verdict: str | None = None
    ) -> AsyncIterator[Answer]:
        """Go through this account's verifications, the newest first, page by page as they are needed."""
        return self._each(calls.verifications(reference, verdict))

    async def register(self) -> RegisterStatus:
        """Say which snapshot answers now, from which sources, and how fresh they are."""
        return await self._ask(calls.register())

    async def reasons(self) -> Sequence[ReasonListed]:
        """Return every reason code there is, with its rule, text, source and next step."""
        return await self._ask(calls.reasons())

    def providers(
        self,
        query: str | None = None,
        *,
        on: date | str | None = None,
        known_at: datetime | str | None = None,
    ) -> AsyncIterator[ProviderListed]:
        """Go through the providers that match part of a name or a whole identifier; to be listed is not to pass.

        They stand as on the Europe/London day `on`, by what the mirror knew at the instant `known_at`.
        """
        return self._each(calls.providers(query, on, known_at))

    async def provider(
        self,
        register: str,
        *,
        on: date | str | None = None,
        known_at: datetime | str | None = None,
    ) -> ProviderWithProgrammes:
        """Return the provider of a register id with its programmes.

        They stand as on the Europe/London day `on`, by what the mirror knew at the instant `known_at`.
        """
        return await self._ask(calls.provider(register, on, known_at))

    async def changes(self, after: str | None = None, *, limit: int | None = None) -> ChangePage:
        """Return what changed in the register after a cursor, from the beginning without one, at most `limit` changes.

        The page's `next_cursor` is where to go on, now or in a year: nothing is missed and nothing comes twice. Changes
        of trainers' records are not among them.
        """
        return await self._ask(calls.changes(after, limit))

    async def requirement(
        self,
        *,
        setting: str | None = None,
        nation: str | None = None,
        on: date | str | None = None,
    ) -> Requirement:
        """Say whether certified training is required there on a Europe/London day, and on what basis."""
        return await self._ask(calls.requirement(setting, nation, on))

    async def watch(
        self,
        *,
        replace: bool = False,
        idempotency_key: str | None = None,
        **wanted: Unpack[Watched],
    ) -> Watching:
        """Watch what is relied on; see `TrivetClient.watch`."""
        call = alert_calls.watch(
            watched(**wanted), replace=replace, idempotency_key=idempotency_key
        )
        return await self._ask(call)

    async def watch_many(
        self,
        rows: Rows,
        *,
        replace: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Sequence[WatchRow]:
        """Watch many things; see `TrivetClient.watch_many`."""
        done: list[WatchRow] = []
        for part in parts(rows):
            came = await self._ask(alert_calls.watch_many(part, replace=replace))
            done.extend(came)
            if progress:
                progress(len(done))
        return done

    def watches(self, reference: str | None = None) -> AsyncIterator[Watching]:
        """Go through this account's watches that go on, the newest first, each with where it stands now."""
        return self._each(alert_calls.watches(reference))

    async def watch_of(self, watch: str) -> Watching:
        """Read a watch that goes on, and where it stands now."""
        return await self._ask(alert_calls.watch_of(watch))

    async def end_watch(self, watch: str) -> None:
        """End a watch: nothing is told of it any more."""
        await self._ask(alert_calls.end_watch(watch))

    async def events(
        self,
        after: str | None = None,
        *,
        type: str | None = None,  # noqa: A002 - as events call it
        limit: int | None = None,
    ) -> EventPage:
        """Return what was told after a cursor, from the beginning without one: up to `limit` events, of one type only.

        The page's `next_cursor` is where to go on, now or in a year: nothing is missed and nothing comes twice. What
        was told of a person who was erased since is an `Event` and no more.
        """
        return await self._ask(alert_calls.events(after, type, limit))

    async def event(self, event: str) -> Event:
        """Read an event again."""
        return await self._ask(alert_calls.event(event))

    def event_watches(self, event: str) -> AsyncIterator[Watch]:
        """Go through all the watches that an event concerns; the event itself has the first thousand."""
        return self._each(alert_calls.event_watches(event))

    async def _each(self, first: Call[Page[T]]) -> AsyncIterator[T]:
        call: Call[Page[T]] | None = first
        while call:
            page = await self._ask(call)
            for item in page.items:
                yield item
            call = page.following

    async def _ask(self, call: Call[T]) -> T:
        attempts = Attempts(self._retries, self._timeout, self._clock)
        while True:
            try:
                with nothing_but_ours(self._url):
                    return call.answer(
                        await call.endpoint.asyncio_detailed(
                            *call.path, client=self._api, **call.sent
                        )
                    )
            except TrivetError as error:
                pause = attempts.pause_after(error, call)
                if pause is None:
                    raise
            await self._sleep(pause)


async def _each_line(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


async def _refuse(response: httpx.Response) -> None:
    """Raise for a response that is no answer, before the generated code would read it as one."""
    if streamed(response):
        return
    await response.aread()
    refused = refusal(response)
    if refused:
        raise refused
