"""The HTTP service put together: rooms, who may ask, and what they share."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.params import JSONBody
from litestar.static_files import create_static_files_router
from sqlalchemy.exc import SQLAlchemyError
from swagger_ui_bundle import swagger_ui_path

from trivet.access.guards import PUBLIC, BearerKeys, caller_of, live_only, needs
from trivet.access.keys import Caller, Scope
from trivet.access.limits import Limits, Policy, RateLimits, counts_for
from trivet.access.usage import Usage
from trivet.alerts.endpoints_api import ROUTES as ENDPOINT_ROUTES
from trivet.alerts.endpoints_api import outward_places
from trivet.alerts.events_api import ROUTES as EVENT_ROUTES
from trivet.alerts.outbound import Outbound
from trivet.alerts.rounds import Rounds
from trivet.alerts.sealing import sealing
from trivet.alerts.shapes import SHAPES as WATCH_SHAPES
from trivet.alerts.watches_api import ROUTES as WATCH_ROUTES
from trivet.contract import ProblemResponses, get_openapi, openapi_config
from trivet.database import connect
from trivet.health import get_liveness, get_readiness
from trivet.http.admission import Admission
from trivet.http.bodies import StrictRequest
from trivet.http.conditional import ConditionalReads
from trivet.http.problems import (
    Problem,
    send_database_error,
    send_http_exception,
    send_internal_error,
    send_problem,
)
from trivet.http.queries import strict_query
from trivet.http.schemas import StrictShapes
from trivet.http.tracing import Tracing
from trivet.metrics import Measured, Metrics, get_metrics
from trivet.register.api import get_register, list_contradictions
from trivet.register.confirmations.api import ROUTES as CONFIRMATION_ROUTES
from trivet.register.confirmations.shapes import SHAPES as CONFIRMATION_SHAPES
from trivet.register.current import AskedOf, CurrentRegister
from trivet.register.history import History, MirrorHistory, OneSnapshot
from trivet.register.history_api import list_changes, list_snapshots
from trivet.register.index import Index
from trivet.register.providers_api import get_provider, list_providers
from trivet.sandbox import Registers, Sandbox, SandboxRegister
from trivet.settings import Settings
from trivet.signing import signing_keys
from trivet.upgrading import upgrade
from trivet.verification.api import (
    create_verification,
    get_requirement,
    get_verification,
    list_reasons,
    list_verifications,
    nothing_mirrored,
)
from trivet.verification.batch_api import ROUTES as BATCH_ROUTES
from trivet.verification.batch_api import batch_places
from trivet.verification.claims_api import SHAPES as WORDING_SHAPES
from trivet.verification.claims_api import assess_claims
from trivet.verification.question import Question
from trivet.verification.receipts_api import get_receipt, get_receipt_keys
from trivet.verification.schemas import SHAPES
from trivet.waiting import ended_within
from trivet.worker import Workshop, working

SECONDS_BETWEEN_LOOKS = 0.5
"""How often a process looks for another's snapshot; it must be seen within two seconds."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the instant by the machine's clock, in UTC."""
    return datetime.now(UTC)


def create_app(settings: Settings, clock: Clock = utc_now, *, works: bool = False) -> Litestar:
    """Put the service together; nothing is opened until it starts. SettingError if a setting is missing or weak.

    `works`: it does the jobs of a worker as well, reading sources by their schedules.
    """
    pepper = settings.key_pepper
    engine = connect(settings.database_url)
    current = CurrentRegister(engine, pepper)
    outbound = Outbound(settings.webhook_networks, settings.webhook_ports, clock=clock)
    state = State(
        {
            "engine": engine,
            "pepper": pepper,
            "current": current,
            "herald": Rounds(engine, pepper, current),
            "sandbox": Sandbox(pepper),
            "clock": clock,
            "signing": signing_keys(settings),
            "url": settings.url.rstrip("/"),
            "unknown_trainers_per_day": settings.unknown_trainers_per_day,
            "usage": Usage(engine),
            "limits": Limits(_quotas(settings), counts_for(engine), clock),
            "metrics": Metrics(),
            "batch_places": batch_places(),
            "outward_places": outward_places(),
            "sealing": sealing(settings),
            "outbound": outbound,
        }
    )
    swagger = SwaggerRenderPlugin(
        path="/",
        favicon="<link rel='icon' href='data:,'>",
        js_url="/docs/assets/swagger-ui-bundle.js",
        css_url="/docs/assets/swagger-ui.css",
        standalone_preset_js_url="/docs/assets/swagger-ui-standalone-preset.js",
    )
    return Litestar(
        route_handlers=[
            Router(
                "/",
                route_handlers=[create_verification],
                dependencies={"asked_of": Provide(_asked_of, sync_to_thread=False)},
            ),
            Router(
                "/",
                route_handlers=BATCH_ROUTES,
                dependencies={"asked_of_each": Provide(_asked_of_each, sync_to_thread=False)},
            ),
            get_verification,
            get_receipt,
            get_receipt_keys,
            list_verifications,
            list_reasons,
            get_requirement,
            assess_claims,
            Router(
                "/",
                route_handlers=[
                    get_register,
                    list_snapshots,
                    list_changes,
                    list_contradictions,
                    list_providers,
                    get_provider,
                ],
                guards=[needs(Scope.READ)],
                dependencies={
                    "read_of": Provide(_read_of, sync_to_thread=False),
                    "history": Provide(_history, sync_to_thread=False),
                },
            ),
            Router(
                "/",
                route_handlers=[*WATCH_ROUTES, *EVENT_ROUTES, *ENDPOINT_ROUTES],
                guards=[needs(Scope.WATCH)],
                dependencies={"asked_of_each": Provide(_asked_of_each, sync_to_thread=False)},
            ),
            Router(
                "/",
                route_handlers=CONFIRMATION_ROUTES,
                guards=[needs(Scope.ADMIN), live_only],
            ),
            get_liveness,
            get_readiness,
            get_metrics,
            get_openapi,
            create_static_files_router(
                "/docs/assets", [swagger_ui_path], opt={PUBLIC: True}, include_in_schema=False
            ),
        ],
        state=state,
        lifespan=[
            _opened(settings.database_url),
            *([lambda _app: working(Workshop(engine, settings, clock, current))] if works else []),
        ],
        request_class=StrictRequest,
        middleware=[
            Tracing(),
            Measured(),
            Admission(settings.requests_at_once),
            DefineMiddleware(BearerKeys, exclude=["^/docs"], exclude_from_auth_key=PUBLIC),
            RateLimits(),
            ConditionalReads(),
        ],
        dependencies={
            "caller": Provide(caller_of, sync_to_thread=False),
            "index": Provide(_index, sync_to_thread=False),
            "now": Provide(_now, sync_to_thread=False),
            "current": Provide(_current, sync_to_thread=False),
        },
        exception_handlers={
            Problem: send_problem,
            HTTPException: send_http_exception,
            SQLAlchemyError: send_database_error,
            Exception: send_internal_error,
        },
        logging_config=None,
        openapi_config=openapi_config(swagger),
        guards=[strict_query],
        plugins=[
            ProblemResponses(),
            StrictShapes({**SHAPES, **WORDING_SHAPES, **CONFIRMATION_SHAPES, **WATCH_SHAPES}),
        ],
    )


def _quotas(settings: Settings) -> Mapping[Policy, int]:
    return {
        Policy.REQUESTS: settings.requests_per_minute,
        Policy.TRAINERS: settings.trainer_questions_per_minute,
    }


def _opened(url: str) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncGenerator[None, None]:
        current: CurrentRegister = app.state.current
        await upgrade(url)
        await current.refresh()
        outbound: Outbound = app.state.outbound
        usage: Usage = app.state.usage
        ended = asyncio.Event()
        async with outbound, asyncio.TaskGroup() as tasks:
            tasks.create_task(_look_for_snapshots(current, ended))
            tasks.create_task(usage.write_until(ended))
            yield
            ended.set()
        await app.state.engine.dispose()

    return opened


async def _look_for_snapshots(current: CurrentRegister, ended: asyncio.Event) -> None:
    while not await ended_within(ended, SECONDS_BETWEEN_LOOKS):
        try:
            await current.refresh()
        except Exception:  # noqa: BLE001 - whatever it was, the last good register goes on answering
            _log.exception("could not look for a new snapshot; trying again")


def _index(request: Request[Caller, Any, State], now: NamedDependency[datetime]) -> Index:
    """Return the register that a caller may see: a test key the sandbox only, a live key never it."""
    if request.user.test:
        return _sandbox(request, now).complete
    live: Index | None = request.app.state.current.index
    if live is None:
        raise nothing_mirrored()
    return live


def _asked_of(
    request: Request[Caller, Any, State],
    data: JSONBody[Question],
    now: NamedDependency[datetime],
) -> AskedOf:
    """Return the register that a question is asked of: in the sandbox, the provider asked about says which."""
    if request.user.test:
        return SandboxRegister(_sandbox(request, now).asked(data.providers))
    live: CurrentRegister = request.app.state.current
    return live


def _asked_of_each(
    request: Request[Caller, Any, State], now: NamedDependency[datetime]
) -> Callable[[Question], AskedOf]:
    """Return what says of which register a row of a batch is asked."""
    if request.user.test:
        sandbox = _sandbox(request, now)
        return lambda question: SandboxRegister(sandbox.asked(question.providers))
    live: CurrentRegister = request.app.state.current
    return lambda _question: live


def _read_of(request: Request[Caller, Any, State], now: NamedDependency[datetime]) -> AskedOf:
    """Return the register that a caller may read as it was known earlier."""
    if request.user.test:
        return SandboxRegister(_sandbox(request, now).complete)
    live: CurrentRegister = request.app.state.current
    return live


def _history(request: Request[Caller, Any, State], now: NamedDependency[datetime]) -> History:
    """Return the history of the register that a caller may see."""
    if request.user.test:
        return OneSnapshot(_sandbox(request, now).complete)
    return MirrorHistory()


def _sandbox(request: Request[Caller, Any, State], now: datetime) -> Registers:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox.at(now)


def _current(state: State) -> CurrentRegister:
    current: CurrentRegister = state.current
    return current


def _now(state: State) -> datetime:
    now: datetime = state.clock()
    return now
