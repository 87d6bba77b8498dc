"""Metrics for Prometheus: is the mirror fresh, how many verdicts of which kind, how slow, how deep is the queue."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from time import perf_counter
from typing import cast

from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import column, func, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.guards import PUBLIC
from trivet.access.keys import Caller
from trivet.alerts.tables import deliveries, watches
from trivet.database import reading
from trivet.http.admission import UNLIMITED
from trivet.register import store
from trivet.register.current import CurrentRegister

_log = logging.getLogger(__name__)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What this process counts as it answers; no label holds anything that a caller chose."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "trivet_request_seconds",
            "How long requests took until the answer began, by route, method and status.",
            ("route", "method", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.verdicts = Counter(
            "trivet_verdicts",
            "Verdicts given, by what they were and whether a test key asked.",
            ("verdict", "test"),
            registry=self.registry,
        )

    def count(self, verdict: str, *, test: bool, times: int = 1) -> None:
        """Count a verdict that was given, or several alike."""
        self.verdicts.labels(verdict, str(test).lower()).inc(times)


class Measured(ASGIMiddleware):
    """Measures every request until its answer begins, and logs it: no query, no body, the route instead of the path."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Observe the time that passes until the status is sent."""
        http = cast("HTTPScope", scope)
        metrics: Metrics = scope["litestar_app"].state.metrics
        began = perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                passed = perf_counter() - began
                labels = http["path_template"], http["method"], str(message["status"])
                metrics.requests.labels(*labels).observe(passed)
                _tell(http, message["status"], passed)
            await send(message)

        await next_app(scope, receive, send_measured)


def _tell(scope: HTTPScope, status: int, passed: float) -> None:
    caller = scope.get("user")
    told = {
        "method": scope["method"],
        "route": scope["path_template"],
        "status": status,
        "milliseconds": round(passed * 1000, 1),
        "key": caller.key if isinstance(caller, Caller) else None,
    }
    _log.info("request", extra=told)


@get(
    "/metrics",
    operation_id="getMetrics",
    tags=["health"],
    summary="Metrics for Prometheus",
    opt={PUBLIC: True, UNLIMITED: True},
    media_type="text/plain",
)
async def get_metrics(
    state: State, current: NamedDependency[CurrentRegister], now: NamedDependency[datetime]
) -> Response[bytes]:
    """Return what this process counted, and how the mirror and the queue stand, in Prometheus' text format."""
    metrics: Metrics = state.metrics
    async with reading(state.engine) as connection:
        standing = _Standing(
            [
                *_mirror(current, now),
                *await _readings(connection),
                await _queue(connection),
                *await _alerts(connection, now),
            ]
        )
    told = generate_latest(metrics.registry) + generate_latest(_only(standing))
    return Response(told, media_type=CONTENT_TYPE_LATEST)


class _Standing(Collector):
    """What is read off when it is asked for."""

    def __init__(self, told: Sequence[Metric]) -> None:
        self._told = told

    def collect(self) -> Sequence[Metric]:
        return self._told


def _only(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry


def _mirror(current: CurrentRegister, now: datetime) -> Iterator[Metric]:
    index = current.index
    published = GaugeMetricFamily(
        "trivet_snapshot_published_timestamp_seconds",
        "When the snapshot that answers was published.",
    )
    as_of = GaugeMetricFamily(
        "trivet_source_as_of_timestamp_seconds",
        "When the publisher of a source stood by what answers.",
        labels=("source",),
    )
    stale = GaugeMetricFamily(
        "trivet_source_stale", "1 while a source is older than it may grow.", labels=("source",)
    )
    if index is not None:
        published.add_metric((), index.snapshot.published_at.timestamp())
        for name, source in sorted(index.sources.items()):
            as_of.add_metric((name,), source.as_of.timestamp())
            stale.add_metric((name,), float(source.is_stale(now)))
    yield from (published, as_of, stale)


async def _readings(connection: AsyncConnection) -> Sequence[Metric]:
    last = GaugeMetricFamily(
        "trivet_source_last_reading_timestamp_seconds",
        "When a source was last read, by what came of it.",
        labels=("source", "outcome"),
    )
    for fetch in await store.last_fetch_of(connection):
        last.add_metric((fetch.source, fetch.outcome), fetch.finished_at.timestamp())
    return [last]


async def _queue(connection: AsyncConnection) -> Metric:
    jobs = table("queue_task", column("status"), column("task_name"))
    depth = GaugeMetricFamily(
        "trivet_jobs",
        "Jobs in the queue that are not done, by name and state.",
        labels=("task", "state"),
    )
    rows = await connection.execute(
        select(jobs.c.task_name, jobs.c.status, func.count())
        .where(jobs.c.status.in_(_NOT_DONE))
        .group_by(jobs.c.task_name, jobs.c.status)
    )
    for name, status, count in rows:
        depth.add_metric((name, status), count)
    return depth


async def _alerts(connection: AsyncConnection, now: datetime) -> Sequence[Metric]:
    """Return how many watches go on, how many deliveries wait or were given up, and since when the oldest is due."""
    going_on = GaugeMetricFamily("trivet_watches", "Watches that go on.")
    count = select(func.count()).select_from(watches).where(watches.c.ended_at.is_(None))
    going_on.add_metric((), await connection.scalar(count) or 0)
    states = GaugeMetricFamily(
        "trivet_deliveries", "Deliveries of events that wait or were given up.", labels=("state",)
    )
    rows = await connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.state.in_(_UNDELIVERED))
        .group_by(deliveries.c.state)
    )
    counted = {row[0]: row[1] for row in rows}
    for state in _UNDELIVERED:
        states.add_metric((state,), counted.get(state, 0))
    oldest = GaugeMetricFamily(
        "trivet_delivery_oldest_pending_seconds",
        "How long ago the oldest waiting delivery was made.",
    )
    first = select(func.min(deliveries.c.created_at)).where(deliveries.c.state == "pending")
    made: datetime | None = await connection.scalar(first)
    oldest.add_metric((), max(0.0, (now - made).total_seconds()) if made else 0.0)
    return [going_on, states, oldest]


_UNDELIVERED: Sequence[str] = ("pending", "failed")
_NOT_DONE: Sequence[str] = ("pending", "scheduled", "running")
