"""The client that waits for its answer."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from trivet_client.batches import PATH, Batch, Reader, Result, headers, lines_of
from trivet_client.calls import Call, Page
from trivet_client.endpoints import Webhooks
from trivet_client.problems import TrivetError, nothing_but_ours, refusal, streamed
from trivet_client.questions import Asked, Watched, question, watched
from trivet_client.retries import PATIENT, Retries
from trivet_client.settings import Settings, settings_from, usable_environment
from trivet_client.watching import Rows, Watching, WatchRow, parts
from trivet_client.webhooks.events import Event, Watch

T = TypeVar("T")


class TrivetClient:
    """Asks one trivet service with one key. May be shared by threads; close it when done, or use `with`.

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
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take the service's address, a key, and how patient to be; all times are in seconds.

        Raises:
            NotConfigured: the address or the key can't be one, or the environment names an unusable proxy.
        """
        settings = Settings(url, key)
        self._url, self._timeout, self._retries = settings.url, timeout, retries
        self._clock, self._sleep = clock, sleep
        with usable_environment():
            self._http = httpx.Client(
                base_url=settings.url,
                auth=BearerKey(settings.key),
                headers=HEADERS,
                timeout=timeout,
                event_hooks={"response": [_refuse]},
            )
        self._api = generated_client(settings).set_httpx_client(self._http)
        self.webhooks = Webhooks(self._ask, self._each)
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def verify(self, **asked: Unpack[Asked]) -> Answer:
        """Ask whether training is certified; the answer is true only for `pass`.

        Args:
            **asked: `provider` (an identifier, or a list of identifiers that must agree), `programme`,
                and where they are known `trainer`, `family_name`, `delivered_on` (a Europe/London day,
                today by default), `delivered_by`, `known_at` (an instant, now by
                default), `max_age`, `scope`, `evidence`, `reference` and `purpose`.
                An identifier is `"certificate:EX-1"`, a pair, or has `scheme` and `value`.

        Raises:
            InvalidArgument: a part can't be asked about; nothing was sent.
            TrivetError: no answer could be had.
        """
        return self._ask(calls.verify(question(**asked)))

    def verify_many(
        self, questions: Iterable[Asked], *, idempotency_key: str | None = None
    ) -> Batch:
        """Ask many questions at once; the results come in order, as the service keeps them.

        Neither side holds more than some of them at a time. With an `idempotency_key`, such as a UUID, the same
        questions sent again within 24 hours are not asked again: what came of them comes again.

        Args:
            questions: what `verify` takes, a mapping each; up to a million.
            idempotency_key: your own name for this batch.

        Raises:
            InvalidArgument: a part of a question can't be asked about; what was sent before it was asked.
            TrivetError: no answer could be had, or the results broke off.
        """
        rows = (question(**asked).to_dict() for asked in questions)
        return self.verify_rows(rows, idempotency_key=idempotency_key)

    def verify_rows(
        self, rows: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> Batch:
        """Ask many questions as the wire contract writes them; what is wrong with a row is told as its result."""
        reader = Reader()
        return Batch(self._results(lines_of(rows), headers(idempotency_key), reader), reader)

    def _results(
        self, lines: Iterable[bytes], sent: Mapping[str, str], reader: Reader
    ) -> Iterator[Result]:
        with (
            nothing_but_ours(self._url),
            self._http.stream("POST", PATH, content=lines, headers=sent) as response,
        ):
            for line in response.iter_lines():
                result = reader.read(line)
                if result is not None:
                    yield result
        reader.end()

    def get(self, verification: str) -> Answer:
        """Read a verification of this account again, as it was answered."""
        return self._ask(calls.get(verification))

    def verifications(
        self, *, reference: str | None = None, verdict: str | None = None
    ) -> Iterator[Answer]:
        """Go through this account's verifications, the newest first, page by page as they are needed."""
        return self._each(calls.verifications(reference, verdict))

    def register(self) -> RegisterStatus:
        """Say which snapshot answers now, from which sources, and how fresh they are."""
        return self._ask(calls.register())

    def reasons(self) -> Sequence[ReasonListed]:
        """Return every reason code there is, with its rule, text, source and next step."""
        return self._ask(calls.reasons())

    def providers(
        self,
        query: str | None = None,
        *,
        on: date | str | None = None,
        known_at: datetime | str | None = None,
    ) -> Iterator[ProviderListed]:
        """Go through the providers that match part of a name or a whole identifier; to be listed is not to pass.

        They stand as on the Europe/London day `on`, by what the mirror knew at the instant `known_at`.
        """
        return self._each(calls.providers(query, on, known_at))

    def provider(
        self,
        register: str,
        *,
        on: date | str | None = None,
        known_at: datetime | str | None = None,
    ) -> ProviderWithProgrammes:
        """Return the provider of a register id with its programmes.

        They stand as on the Europe/London day `on`, by what the mirror knew at the instant `known_at`.
        """
        return self._ask(calls.provider(register, on, known_at))

    def changes(self, after: str | None = None, *, limit: int | None = None) -> ChangePage:
        """Return what changed in the register after a cursor, from the beginning without one, at most `limit` changes.

        The page's `next_cursor` is where to go on, now or in a year: nothing is missed and nothing comes twice. Changes
        of trainers' records are not among them.
        """
        return self._ask(calls.changes(after, limit))

    def requirement(
        self,
        *,
        setting: str | None = None,
        nation: str | None = None,
        on: date | str | None = None,
    ) -> Requirement:
        """Say whether certified training is required there on a Europe/London day, and on what basis."""
        return self._ask(calls.requirement(setting, nation, on))

    def watch(
        self,
        *,
        replace: bool = False,
        idempotency_key: str | None = None,
        **wanted: Unpack[Watched],
    ) -> Watching:
        """Watch what is relied on, and say where it stands now; changes are told from then on.

        Asked for again under the same `reference` it is the same watch. Without a reference or an `idempotency_key` it
        is sent only once: where no answer comes, look through `watches` before you ask again.

        Args:
            replace: take the place of the watch on something else under this reference; else that is refused.
            idempotency_key: your own name for this request, such as a UUID.
            **wanted: `provider`, and `programme`, `trainer`, `delivered_by`, `delivered_on`, `scope`, `reference`, as
                `verify` takes them. `kind`: without one it is a `triple`, which is all of it together and names a
                programme; else `provider`, `programme`, `trainer` or `delivery`, each alone. `expiry_notice`: how long
                before an end to tell, such as `["P30D"]`.

        Raises:
            InvalidArgument: a part can't be watched; nothing was sent.
            TrivetError: it is not known to be watched.
        """
        call = alert_calls.watch(
            watched(**wanted), replace=replace, idempotency_key=idempotency_key
        )
        return self._ask(call)

    def watch_many(
        self,
        rows: Rows,
        *,
        replace: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Sequence[WatchRow]:
        """Watch many things, each under its reference, and say what came of each row; the same rows may be sent again.

        Args:
            rows: what `watch` takes, a mapping each; or csv, as bytes, as a file's path or as a file, whose first row
                names its columns: kind, provider_scheme, provider, programme_scheme, programme, trainer_scheme,
                trainer, delivered_on, delivered_by_scheme, delivered_by, reference, expiry_notice.
            replace: take the place of watches on something else under the same references; else they are refused.
            progress: called with the number of rows that are done, after each request.

        Raises:
            InvalidArgument: a row can't be sent, or the file is no csv.
            TrivetError: no answer could be had; rows before may be watched. Send all of them again.
        """
        done: list[WatchRow] = []
        for part in parts(rows):
            came = self._ask(alert_calls.watch_many(part, replace=replace))
            done.extend(came)
            if progress:
                progress(len(done))
        return done

    def watches(self, reference: str | None = None) -> Iterator[Watching]:
        """Go through this account's watches that go on, the newest first, each with where it stands now."""
        return self._each(alert_calls.watches(reference))

    def watch_of(self, watch: str) -> Watching:
        """Read a watch that goes on, and where it stands now."""
        return self._ask(alert_calls.watch_of(watch))

    def end_watch(self, watch: str) -> None:
        """End a watch: nothing is told of it any more."""
        self._ask(alert_calls.end_watch(watch))

    def events(
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
        return self._ask(alert_calls.events(after, type, limit))

    def event(self, event: str) -> Event:
        """Read an event again."""
        return self._ask(alert_calls.event(event))

    def event_watches(self, event: str) -> Iterator[Watch]:
        """Go through all the watches that an event concerns; the event itself has the first thousand."""
        return self._each(alert_calls.event_watches(event))

    def _each(self, first: Call[Page[T]]) -> Iterator[T]:
        call: Call[Page[T]] | None = first
        while call:
            page = self._ask(call)
            yield from page.items
            call = page.following

    def _ask(self, call: Call[T]) -> T:
        attempts = Attempts(self._retries, self._timeout, self._clock)
        while True:
            try:
                with nothing_but_ours(self._url):
                    return call.answer(
                        call.endpoint.sync_detailed(*call.path, client=self._api, **call.sent)
                    )
            except TrivetError as error:
                pause = attempts.pause_after(error, call)
                if pause is None:
                    raise
            self._sleep(pause)


def _refuse(response: httpx.Response) -> None:
    """Raise for a response that is no answer, before the generated code would read it as one."""
    if streamed(response):
        return
    response.read()
    refused = refusal(response)
    if refused:
        raise refused
