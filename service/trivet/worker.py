"""Work that nobody waits for: sources are read when their schedule says so, and what was kept long enough is emptied.

Jobs stand in the database's own queue, so they outlive the process that began them. A job loses nothing when it is cut
off: what has to be done is found out anew from the register each time.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from advanced_alchemy.config import SQLAlchemyAsyncConfig
from litestar_queues import (
    QueueConfig,
    QueueMaintenanceConfig,
    QueueMaintenanceService,
    QueueService,
    Worker,
    WorkerConfig,
    task,
)
from litestar_queues.backends.advanced_alchemy import SQLAlchemyBackendConfig
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.access.limits import forget_counts
from trivet.alerts.outbound import Outbound
from trivet.alerts.rounds import Rounds
from trivet.alerts.sealing import sealing
from trivet.alerts.sending import Sender
from trivet.database import writing
from trivet.http.repeats import forget_repeats
from trivet.leases import Lost, Taken
from trivet.people.purging import purge_all
from trivet.people.retention import Retention
from trivet.register.current import CurrentRegister
from trivet.register.mirror import is_due, sync
from trivet.register.sources import Profile, ProfileError, load_profile
from trivet.settings import Settings
from trivet.verification.batch_store import forget_problems

SECONDS_BETWEEN_LOOKS = 15
"""How often the schedules of the sources are looked at."""

SECONDS_BETWEEN_ROUNDS = 15
"""How often it is looked whether the clock has moved a watch: a day that began, a source that grew too old."""

_JOBS_KEPT = timedelta(days=2)

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Workshop:
    """What jobs work with: the database, the settings, a clock (UTC), and the queue that they stand in."""

    def __init__(
        self,
        engine: AsyncEngine,
        settings: Settings,
        clock: Clock,
        current: CurrentRegister | None = None,
    ) -> None:
        self.engine, self.settings, self.clock = engine, settings, clock
        self.sealing = sealing(settings)
        self.outbound = Outbound(settings.webhook_networks, settings.webhook_ports, clock=clock)
        self.rounds = Rounds(engine, settings.key_pepper, current)
        # A job's row is read before it is written, which must not be refused halfway on SQLite.
        writing = engine.execution_options(trivet_writes=True)
        self.queue = QueueService(_config(self, writing))
        self._said: dict[Path, str] = {}

    def profiles(self) -> Iterator[Profile]:
        """Yield the source profiles as they are now; one that can't be is told once, and keeps no other back."""
        folder = self.settings.sources
        for path in sorted(folder.glob("*.toml")) if folder else ():
            try:
                yield load_profile(path)
            except ProfileError as error:
                self._tell(path, str(error))
            else:
                self._said.pop(path, None)

    def _tell(self, path: Path, error: str) -> None:
        if self._said.get(path) != error:
            self._said[path] = error
            _log.warning("the source profile can't be used: %s", error)


@asynccontextmanager
async def working(workshop: Workshop) -> AsyncIterator[Worker]:
    """Do jobs for as long as the block runs; what is under way when it ends gets a little time to end itself."""
    sender = Sender(workshop.engine, workshop.sealing, workshop.outbound, workshop.clock)
    async with workshop.queue as queue, workshop.outbound:
        await queue.initialize_schedules()
        worker = Worker(queue)
        running = asyncio.create_task(worker.start())
        ended = asyncio.Event()
        sending = asyncio.create_task(sender.send_until(ended))
        try:
            yield worker
        finally:
            ended.set()
            await worker.stop()
            await running
            await sending


@task("look_for_due_sources", interval=SECONDS_BETWEEN_LOOKS)
async def look_for_due_sources(workshop: Workshop) -> None:
    """Have every source read that is due."""
    now = workshop.clock()
    for profile in await asyncio.to_thread(lambda: [*workshop.profiles()]):
        if await is_due(workshop.engine, profile, now):
            key = f"read {profile.name}"  # one that is queued already stays the only one
            await workshop.queue.enqueue(read_source, profile.name, key=key)


@task("go_round", interval=SECONDS_BETWEEN_ROUNDS)
async def go_round(workshop: Workshop) -> None:
    """Look through the watches for what the clock alone has brought: a day, an end, a source too old."""
    await workshop.rounds.go_round(workshop.clock())


@task("read_source")
async def read_source(name: str, workshop: Workshop) -> None:
    """Read one source unless another process is at it, and publish what is new."""
    profile = next((p for p in workshop.profiles() if p.name == name), None)
    if profile is None:
        return
    try:
        key = workshop.settings.key_pepper
        synced = await sync(
            workshop.engine, profile, key, workshop.clock, herald=workshop.rounds, patience=0
        )
    except (Taken, Lost) as error:
        _log.info("source %s was left to another process: %s", name, error)
        return
    level = logging.WARNING if synced.failed else logging.INFO
    _log.log(level, "source %s: %s %s", name, synced.fetch.outcome, synced.fetch.error or "")


@task("purge", cron="40 3 * * *", timezone="Europe/London")
async def purge(workshop: Workshop) -> None:
    """Empty what has been kept for as long as the settings say."""
    now, retention = workshop.clock(), Retention.of(workshop.settings)
    await forget_counts(workshop.engine, now)
    async with writing(workshop.engine) as connection:
        await forget_repeats(connection, now)
        await forget_problems(connection, now)
    for done in await purge_all(workshop.engine, now, retention):
        _log.info("purge %s emptied %s %s", done.id, done.rows, done.what)


@task("clear_jobs", cron="20 3 * * *", timezone="Europe/London")
async def clear_jobs(workshop: Workshop) -> None:
    """Take jobs that ended long ago out of the queue."""
    await QueueMaintenanceService(
        workshop.queue,
        QueueMaintenanceConfig(
            terminal_retention=_JOBS_KEPT.total_seconds(), terminal_limit=50_000
        ),
    ).run()


def _config(workshop: Workshop, engine: AsyncEngine) -> QueueConfig:
    async def given(*_: object) -> Mapping[str, Any]:
        return {"workshop": workshop}

    return QueueConfig(
        namespace="trivet",
        queue_backend=SQLAlchemyBackendConfig(
            sqlalchemy_config=SQLAlchemyAsyncConfig(engine_instance=engine),
        ),
        task_dependency_resolver=given,
        error_sanitizer=lambda error, _: type(error).__name__,
        worker=WorkerConfig(
            placement="external",
            poll_interval=0.5,
            poll_backoff_max=5.0,
            max_concurrency=4,
            # A killed worker's job is another's after half a minute; a live one tells of itself all the time.
            heartbeat_interval=5,
            stale_after=20,
            stale_check_interval=5,
            graceful_shutdown_timeout=5,
            final_cancel_timeout=2,
        ),
    )
