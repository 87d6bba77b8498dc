"""Commands that run the service or describe it."""

import asyncio
import logging
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
import uvicorn

from trivet.app import create_app, utc_now
from trivet.database import connect
from trivet.listening import Announced, listen
from trivet.logs import log_to_stderr
from trivet.people.retention import Retention
from trivet.settings import Settings, load_settings
from trivet.upgrading import upgrade
from trivet.waiting import ended_within
from trivet.worker import Workshop, working

SECONDS_BETWEEN_SIGNS = 2
"""How often a worker shows that it is alive."""


def serve(host: str, port: int) -> None:
    """Run the API and its documentation page until interrupted; on SQLite, do the jobs of a worker as well."""
    settings = load_settings()
    settings.key_pepper  # noqa: B018 - what is missing is told before anything is made
    Retention.of(settings)
    log_to_stderr(settings.log_as)
    asyncio.run(upgrade(settings.database_url))
    app = create_app(settings, works=settings.on_sqlite)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=30
    )
    with listen(host, port) as listening:
        address = f"http://{host}:{listening.getsockname()[1]}"
        tell = partial(logging.getLogger("uvicorn.error").info, "trivet running on %s", address)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # told so, it ends with 0 as well
        with suppress(KeyboardInterrupt):  # the server has ended in order and hands the signal on
            Announced(config, tell).run(sockets=[listening])


def work(alive: Path | None) -> None:
    """Do the jobs of a worker until interrupted, and touch a file for as long as they are being done."""
    settings = load_settings()
    settings.key_pepper  # noqa: B018 - what is missing is told before anything is made
    log_to_stderr(settings.log_as)
    with suppress(KeyboardInterrupt):
        asyncio.run(_work(settings, alive))


async def _work(settings: Settings, alive: Path | None) -> None:
    await upgrade(settings.database_url)
    engine = connect(settings.database_url)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, ended.set)
    async with working(Workshop(engine, settings, utc_now)) as worker:
        logging.getLogger(__name__).info("trivet worker running")
        while not await ended_within(ended, SECONDS_BETWEEN_SIGNS):
            if alive and worker.is_running:
                await asyncio.to_thread(alive.touch)
    await engine.dispose()


def upgrade_database() -> None:
    """Bring the database's tables up to date."""
    asyncio.run(upgrade(load_settings().database_url))
    print("The database is up to date.")


def write_openapi(out: Path | None) -> None:
    """Print the OpenAPI document, or write it to a file."""
    document = msgspec.json.format(openapi_document(), indent=2) + b"\n"
    if out is None:
        print(document.decode(), end="")
    else:
        out.write_bytes(document)


def openapi_document() -> bytes:
    """Return the OpenAPI document as compact JSON; it depends on the code alone."""
    settings = msgspec.structs.replace(
        load_settings({}), database_url="sqlite+aiosqlite:///:memory:", pepper="-" * 32
    )
    return msgspec.json.encode(create_app(settings).openapi_schema.to_schema())
