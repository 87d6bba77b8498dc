"""Is the process alive, and is it fit to answer."""

from datetime import datetime
from typing import Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from trivet.access.guards import PUBLIC
from trivet.http.admission import UNLIMITED
from trivet.register.current import CurrentRegister
from trivet.verification.answer import describe_register


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """`ready`; `degraded` with reasons while what answers is stale; `not_ready` while nothing can."""

    status: Literal["alive", "ready", "degraded", "not_ready"]
    reasons: list[str] = []


@get(
    "/health/live",
    operation_id="getLiveness",
    tags=["health"],
    summary="Alive",
    opt={PUBLIC: True, UNLIMITED: True},
    sync_to_thread=False,
)
def get_liveness() -> Health:
    """Say that the process answers."""
    return Health("alive")


@get(
    "/health/ready",
    operation_id="getReadiness",
    tags=["health"],
    summary="Fit to answer",
    opt={PUBLIC: True, UNLIMITED: True},
    sync_to_thread=False,
)
def get_readiness(
    current: NamedDependency[CurrentRegister], now: NamedDependency[datetime]
) -> Response[Health]:
    """Say whether verdicts can be given: 503 while no snapshot is loaded, degraded while a source is stale."""
    if current.index is None:
        return Response(Health("not_ready", ["no snapshot has been published"]), status_code=503)
    register = describe_register(current.index, now)
    stale = [
        f"{s.source} is stale: as of {s.as_of.isoformat()}" for s in register.sources if s.stale
    ]
    return Response(Health("degraded", stale) if stale else Health("ready"))
