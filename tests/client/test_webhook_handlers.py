"""The ready handlers: what they answer, what they log, and that an event is handled once."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Barrier, Thread
from threading import Event as Flag
from typing import Any

import django  # type: ignore[import-untyped]
import httpx
import pytest
import uvicorn
from django.conf import settings  # type: ignore[import-untyped]
from django.db import connection, models, transaction  # type: ignore[import-untyped]
from django.test import Client  # type: ignore[import-untyped]
from django.urls import clear_url_caches  # type: ignore[import-untyped]
from django.urls import path as django_path

from tests.client.webhooks import ID, OTHER, SECRET, event, signed, text_of
from trivet.listening import Announced, listen
from trivet_client.webhooks import Event, InHand, Receiver, SeenInMemory, asgi, django_view
from trivet_client.webhooks.handling import LONGEST

README = Path(__file__).parents[2] / "client" / "README.md"
RECEIVER = Receiver(SECRET)
BODY = text_of(event())
"""One event of a fictional organisation."""

Post = Callable[..., Any]
Handle = Callable[[Event], Any]


# ---- both, as one


class Received:
    """A handler that notes what it handled, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.events: list[Event] = []
        self._failures = failures

    def __call__(self, found: Event) -> None:
        self.events.append(found)
        if len(self.events) <= self._failures:
            raise ValueError(f"no: {found.raw}")

    async def awaited(self, found: Event) -> None:
        """Handle an event as one that is awaited."""
        await asyncio.sleep(0)
        self(found)

    @property
    def count(self) -> int:
        """How often it was called."""
        return len(self.events)


class Reply:
    """What was answered."""

    def __init__(self, status: int, body: bytes, headers: Any) -> None:
        self.status, self.body, self.headers = status, body, headers


def by_asgi(handle: Handle, **options: Any) -> Post:
    return to(asgi(RECEIVER, handle, **options))


def to(application: Any) -> Post:
    def post(body: bytes = BODY, headers: Any = None, method: str = "POST") -> Reply:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                sent = signed(body.decode("latin-1")) if headers is None else headers
                return await client.request(method, "/any", content=body, headers=sent)

        said = asyncio.run(ask())
        return Reply(said.status_code, said.content, said.headers)

    return post


def by_awaiting(handle: Received, **options: Any) -> Post:
    return by_asgi(handle.awaited, **options)


urlpatterns: list[Any] = []


@pytest.fixture(scope="module", autouse=True)
def _django(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path_factory.mktemp("django") / "db.sqlite"),
        "ATOMIC_REQUESTS": True,
    }
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="fictional",
    )
    django.setup()


@pytest.fixture
def handled() -> Iterator[type[models.Model]]:
    """The table of the example in `Seen`, with nothing in it."""
    model = _model("Handled")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    yield model
    with connection.schema_editor() as editor:
        editor.delete_model(model)
    connection.close()


_MODELS: dict[str, type[models.Model]] = {}


def _model(name: str) -> type[models.Model]:
    if name not in _MODELS:
        meta = type("Meta", (), {"app_label": "tests"})
        columns = {
            "__module__": __name__,
            "Meta": meta,
            "event_id": models.CharField(max_length=100, primary_key=True),
        }
        _MODELS[name] = type(name, (models.Model,), columns)
    return _MODELS[name]


def by_django(handle: Handle, **options: Any) -> Post:
    view = django_view(RECEIVER, handle, **options)
    urlpatterns[:] = [django_path("any", view)]
    clear_url_caches()
    client = Client(enforce_csrf_checks=True)

    def post(body: bytes = BODY, headers: Any = None, method: str = "POST") -> Reply:
        sent = signed(body.decode("latin-1")) if headers is None else headers
        said = client.generic(method, "/any", body, content_type="application/json", headers=sent)
        return Reply(said.status_code, said.content, said.headers)

    return post


WAYS = pytest.mark.parametrize("way", [by_asgi, by_awaiting, by_django])


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    connection.close()


@WAYS
def test_an_event_is_handled_and_answered_with_nothing_more(way: Any) -> None:
    handle = Received()
    reply = way(handle)()
    assert (reply.status, reply.body) == (204, b"")
    assert [found.id for found in handle.events] == [ID]


@WAYS
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE"])
def test_only_posts_are_received(way: Any, method: str) -> None:
    handle = Received()
    reply = way(handle)(method=method)
    assert (reply.status, reply.headers["Allow"], handle.count) == (405, "POST", 0)


@WAYS
def test_what_is_not_genuine_is_told_nothing_more(
    way: Any, caplog: pytest.LogCaptureFixture
) -> None:
    handle = Received()
    post = way(handle)
    for headers in ({}, signed(event(), OTHER), {"webhook-id": ID}):
        reply = post(headers=headers)
        assert (reply.status, reply.body, handle.count) == (401, b"", 0)
    assert "no secret of this receiver made the signature" in caplog.text
    assert "Heron" not in caplog.text


@WAYS
def test_what_is_genuine_but_no_event_is_told_apart(way: Any) -> None:
    handle = Received()
    reply = way(handle)(b'{"hello": 1}')
    assert (reply.status, reply.body, handle.count) == (400, b"", 0)


@WAYS
def test_a_body_of_more_than_a_mebibyte_is_not_read(way: Any) -> None:
    handle = Received()
    post = way(handle)
    longest = text_of({**event(), "more": ""})
    padded = longest[:-2] + b"x" * (LONGEST - len(longest)) + longest[-2:]
    assert post(padded).status == 204
    assert post(padded[:-2] + b"x" + padded[-2:]).status == 413
    assert handle.count == 1


@WAYS
def test_what_a_handler_could_not_do_is_sent_again_and_logged_without_the_body(
    way: Any, caplog: pytest.LogCaptureFixture
) -> None:
    handle = Received(failures=1)
    post = way(handle, seen=SeenInMemory())
    with caplog.at_level(logging.INFO, "trivet_client"):
        replies = [post().status for _ in range(3)]
    assert replies == [500, 204, 204]
    assert handle.count == 2
    ours = [record for record in caplog.records if record.name.startswith("trivet_client")]
    assert len(ours) == 1
    said = ours[0].getMessage()
    assert f"event {ID} (certification.suspended) was not handled: ValueError at test_" in said
    assert "Heron" not in caplog.text
    assert not ours[0].exc_info


@WAYS
def test_without_a_store_a_repeat_is_handled_again(way: Any) -> None:
    handle = Received()
    post = way(handle)
    assert [post().status, post().status, handle.count] == [204, 204, 2]


@WAYS
def test_what_is_being_handled_is_to_be_sent_again_later(way: Any) -> None:
    handle, seen = Received(), SeenInMemory()
    post = way(handle, seen=seen)
    with seen.once(ID):
        reply = post()
    assert (reply.status, reply.headers["Retry-After"], handle.count) == (503, "5", 0)
    assert (post().status, handle.count) == (204, 0)


# ---- ASGI


def test_two_deliveries_at_once_are_handled_once() -> None:
    begun, go_on = Flag(), Flag()
    calls: list[str] = []

    def handle(found: Event) -> None:
        calls.append(found.id)
        begun.set()
        assert go_on.wait(30)

    post = by_asgi(handle, seen=SeenInMemory())
    first: list[int] = []
    thread = Thread(target=lambda: first.append(post().status))
    thread.start()
    assert begun.wait(30)
    second = post().status
    go_on.set()
    thread.join()
    assert (first, second, calls) == ([204], 503, [ID])
    assert post().status == 204


def test_a_handler_that_is_awaited_may_have_a_store_that_is() -> None:
    told: list[str] = []

    class Store:
        @asynccontextmanager
        async def once(self, event_id: str) -> AsyncIterator[bool]:
            await asyncio.sleep(0)
            yield event_id not in told
            told.append(event_id)

    handle = Received(failures=1)
    post = by_asgi(handle.awaited, seen=Store())
    assert [post().status for _ in range(3)] == [500, 204, 204]
    assert (handle.count, told) == (2, [ID, ID])


@pytest.mark.parametrize("error", [StopIteration, KeyError, InHand])
def test_whatever_a_handler_raises_is_answered(error: type[Exception]) -> None:
    def handle(_: Event) -> None:
        raise error

    assert by_asgi(handle)().status >= 500


def test_a_plain_function_that_gives_something_to_await_is_no_success(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handle = Received()

    def plain(found: Event) -> Any:
        return handle.awaited(found)

    assert by_asgi(plain)().status == 500
    assert (handle.count, "TypeError" in caplog.text) == (0, True)


def test_whoever_leaves_before_the_end_of_a_body_is_not_listened_to() -> None:
    handle = Received()
    sent: list[Any] = []
    headers = [(name.encode(), value.encode()) for name, value in signed(event()).items()]
    said = iter(
        [{"type": "http.request", "body": BODY, "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Any:
        return next(said)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    asyncio.run(asgi(RECEIVER, handle)(scope, receive, send))  # type: ignore[arg-type]
    assert handle.count == 0


@contextmanager
def serving(application: Any) -> Iterator[str]:
    up = Flag()
    config = uvicorn.Config(application, log_config=None, ws="none", lifespan="on")
    with listen("127.0.0.1", 0) as listening:
        server = Announced(config, up.set)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert up.wait(30)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_it_runs_on_a_server_as_it_is() -> None:
    handle = Received(failures=1)
    with (
        serving(asgi(RECEIVER, handle, seen=SeenInMemory())) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):

        def post(body: bytes, headers: dict[str, str]) -> int:
            return client.post("/hooks", content=body, headers=headers).status_code

        statuses = [post(BODY, signed(event())) for _ in range(3)]
        chunked = client.post("/", content=iter([b"x" * LONGEST, b"x"]), headers=signed(event()))
        assert statuses == [500, 204, 204]
        assert (post(BODY, {}), chunked.status_code) == (401, 413)
    assert handle.count == 2


def test_the_example_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIVET_WEBHOOK_SECRET", SECRET)
    shown = README.read_text().partition("## Webhooks")[2].split("```python\n")[1].split("```")[0]
    example: dict[str, Any] = {}
    exec(compile(shown, "README.md", "exec"), example)  # noqa: S102
    post = to(example["application"])
    assert [post().status, post().status] == [204, 204]
    assert capsys.readouterr().out.startswith("Hold PO-1234: ")


# ---- Django


def test_a_view_takes_no_handler_that_is_to_be_awaited() -> None:
    with pytest.raises(TypeError):
        django_view(RECEIVER, Received().awaited)  # type: ignore[arg-type]


class SeenInDatabase:
    """The example in the documentation of `Seen`."""

    @contextmanager
    def once(self, event_id: str) -> Iterator[bool]:
        with transaction.atomic():
            _, new = _model("Handled").objects.get_or_create(event_id=event_id)
            yield new


def test_a_table_notes_an_event_with_what_its_handler_wrote_or_neither(handled: Any) -> None:
    received = Received(failures=1)

    def handle(found: Event) -> None:
        handled.objects.create(event_id="written by the handler")
        received(found)

    post = by_django(handle, seen=SeenInDatabase())
    assert (post().status, handled.objects.count()) == (500, 0)
    assert (post().status, handled.objects.count()) == (204, 2)
    assert (post().status, received.count) == (204, 2)


def test_what_a_handler_wrote_before_it_failed_is_undone_without_a_store_too(handled: Any) -> None:
    def handle(found: Event) -> None:
        handled.objects.create(event_id=found.id)
        raise ValueError

    assert (by_django(handle)().status, handled.objects.count()) == (500, 0)


def test_django_is_imported_only_where_a_view_is_made() -> None:
    told = "import sys, trivet_client.webhooks; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0  # noqa: S603


# ---- stores


def test_a_store_in_memory_forgets_the_oldest() -> None:
    seen = SeenInMemory(at_most=2)

    def new(event_id: str) -> bool:
        with seen.once(event_id) as is_new:
            return is_new

    assert [new(i) for i in "aabbccba"] == [True, False, True, False, True, False, False, True]


def test_of_many_at_once_a_store_lets_one_handle() -> None:
    seen, together = SeenInMemory(), Barrier(8)
    came: list[str] = []

    def handle() -> None:
        together.wait(30)
        try:
            with seen.once("evt_1") as new:
                came.append("new" if new else "seen")
        except InHand:
            came.append("in hand")

    threads = [Thread(target=handle) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (came.count("new"), len(came)) == (1, 8)


def test_what_interrupts_a_handler_leaves_its_event_unhandled() -> None:
    seen = SeenInMemory()
    with pytest.raises(KeyboardInterrupt), seen.once("evt_1"):
        raise KeyboardInterrupt
    with seen.once("evt_1") as new:
        assert new
