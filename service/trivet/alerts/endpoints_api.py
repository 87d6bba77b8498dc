"""Webhook endpoints over HTTP: made, changed, tried and recovered by the account itself."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import ResponseHeader, State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller
from trivet.alerts import deliveries, endpoints
from trivet.alerts.addresses import RefusedAddress
from trivet.alerts.deliveries import KEPT_FOR, DeliveryListed, DeliveryState
from trivet.alerts.endpoints import Disabled, Endpoint
from trivet.alerts.events import VERSION, EventType
from trivet.alerts.outbound import Outbound
from trivet.alerts.samples import sample
from trivet.alerts.sealing import Sealing, Unsealed, new_webhook_secret
from trivet.alerts.sending import UNREADABLE, rendered, signed
from trivet.database import reading, writing
from trivet.http.cursors import DEFAULT_LIMIT, MOST, from_cursor, to_cursor
from trivet.http.places import Places
from trivet.http.problems import FieldError, Problem, documented_problem
from trivet.http.repeats import (
    REPEAT_HEADER,
    REPEATED,
    Repeatable,
    created_before,
    repeatable,
)
from trivet.ids import new_id
from trivet.london import day_of
from trivet.register.durations import Duration
from trivet.register.identifiers import unfit_text

MOST_BYTES = 16 * 1024
MOST_ENDPOINTS, MOST_SECRETS = 50, 5
OUTWARD_AT_ONCE = 4
"""How many addresses a key has looked up or tried out at once in one process."""

LONGEST_DESCRIPTION = 200
OVERLAP, LONGEST_OVERLAP = "P1D", timedelta(days=30)
_ID = re.compile(r"whe_[0-9a-f]{32}")
_DELIVERY = re.compile(r"dlv_[0-9a-f]{32}")


class _Wanted(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What the shapes that callers send have in common."""


class NewEndpoint(_Wanted, frozen=True, kw_only=True):
    """An endpoint that is wanted: where to, and which types of events; left out, all of them."""

    url: str
    types: tuple[EventType, ...] | UnsetType = UNSET
    description: str | UnsetType = UNSET


class EndpointChange(_Wanted, frozen=True, kw_only=True):
    """What is to change of an endpoint; what is left out stays. `types` null: all types."""

    types: tuple[EventType, ...] | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET


class SecretRotation(_Wanted, frozen=True, kw_only=True):
    """For how long the secrets so far go on signing beside the new one, as an ISO 8601 duration."""

    overlap: str = OVERLAP


class TestWanted(_Wanted, frozen=True, kw_only=True):
    """Which type of event is sent as a test."""

    __test__ = False
    type: EventType = EventType.WEBHOOK_TEST


class RecoveryWanted(_Wanted, frozen=True, kw_only=True):
    """Since which instant events are to be recovered."""

    since: Annotated[datetime, msgspec.Meta(tz=True)]


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes that are sent have in common."""


class EndpointAnswer(_Sent, frozen=True, kw_only=True):
    """An endpoint. `types` null: all types. `disabledBy` says why nothing is sent to it; instants are UTC."""

    id: str
    url: str
    description: str | None
    types: list[EventType] | None
    version: str
    enabled: bool
    disabled_at: datetime | None
    disabled_by: Disabled | None
    failing_since: datetime | None
    created_at: datetime


class EndpointCreated(EndpointAnswer, frozen=True, kw_only=True):
    """A new endpoint with its secret, which is shown this once. Null where the request came again."""

    secret: str | None


class SecretRotated(_Sent, frozen=True, kw_only=True):
    """The new secret, shown this once, and until when (UTC) those before it sign beside it."""

    secret: str
    both_sign_until: datetime


class TestResult(_Sent, frozen=True, kw_only=True):
    """What came of a test: the answer's status and beginning, or why there was none."""

    __test__ = False
    delivered: bool
    status: int | None
    seconds: float
    failure: str | None
    answer: str


class Recovery(_Sent, frozen=True, kw_only=True):
    """How many deliveries are on their way because of a recovery."""

    deliveries: int


class EndpointPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of endpoints, the newest first."""

    items: list[EndpointAnswer]
    next_cursor: str | None


class DeliveryPage(msgspec.Struct, frozen=True, rename="camel"):
    """One page of deliveries, the newest first."""

    items: list[DeliveryListed]
    next_cursor: str | None


@post(
    "/v1/webhook-endpoints",
    operation_id="createWebhookEndpoint",
    tags=["webhooks"],
    summary="Have events sent to an address",
    status_code=201,
    response_headers=[
        ResponseHeader(
            name="Location",
            value="",  # its type is what the document says of it
            description="Where it can be read again.",
            documentation_only=True,
        )
    ],
    request_max_body_size=MOST_BYTES,
    responses={
        **REPEATED,
        409: documented_problem(
            "The account has as many endpoints as it may, or the first request with this Idempotency-Key has not ended "
            "yet."
        ),
    },
)
async def create_webhook_endpoint(
    data: JSONBody[NewEndpoint],
    caller: NamedDependency[Caller],
    request: Request[Caller, Any, State],
    state: State,
    idempotency_key: Annotated[str | None, REPEAT_HEADER] = None,
) -> Response[EndpointCreated]:
    """Have the account's events sent to an https address, signed as Standard Webhooks 1.0 says.

    The form of what is sent stays as it is now for as long as the endpoint lasts.
    """
    _check_description(data.description or None)
    await _check_url(state, caller, data.url)
    repeated = repeatable(request, idempotency_key, await request.body(), state.pepper)
    secret, sealing = new_webhook_secret(), _sealing(state)
    async with writing(state.engine) as connection:
        now: datetime = state.clock()
        endpoint = _new(data, caller, now)
        before = await _before(connection, caller, repeated, endpoint.id, now)
        if before is not None:
            return _created(before, None)
        if await endpoints.count_endpoints(connection, caller) >= MOST_ENDPOINTS:
            detail = f"The account has {MOST_ENDPOINTS} endpoints, which is all it may: delete one."
            raise Problem(409, "too_many_endpoints", detail)
        await endpoints.add_endpoint(connection, caller, endpoint, sealing.seal(secret))
    return _created(endpoint, secret)


async def _before(
    connection: AsyncConnection,
    caller: Caller,
    repeated: Repeatable | None,
    new: str,
    now: datetime,
) -> Endpoint | None:
    """Return what the request created when it came first; None if it comes first now."""
    first = await created_before(connection, repeated, new, now) if repeated else None
    return await _found(connection, caller, first) if first else None


def _new(data: NewEndpoint, caller: Caller, now: datetime) -> Endpoint:
    return Endpoint(
        id=new_id("whe"),
        account=caller.account,
        test=caller.test,
        url=data.url,
        description=data.description or None,
        types=None if data.types is UNSET else _once(data.types),
        version=VERSION,
        created_at=now,
        disabled_at=None,
        disabled_by=None,
        failing_since=None,
    )


def _once(types: Sequence[EventType]) -> tuple[EventType, ...]:
    if not types:
        error = FieldError(pointer="/types", code="out_of_range", detail="names no type")
        detail = "Name the types of events that are wanted, or leave `types` out for all."
        raise Problem(400, "invalid_endpoint", detail, errors=[error])
    return tuple(dict.fromkeys(types))


def _created(endpoint: Endpoint, secret: str | None) -> Response[EndpointCreated]:
    answer = EndpointCreated(**msgspec.structs.asdict(_answer(endpoint)), secret=secret)
    headers = {"Location": f"/v1/webhook-endpoints/{endpoint.id}"}
    if secret is None:
        headers["Idempotency-Replayed"] = "true"
    return Response(answer, headers=headers)


def _answer(endpoint: Endpoint) -> EndpointAnswer:
    return EndpointAnswer(
        id=endpoint.id,
        url=endpoint.url,
        description=endpoint.description,
        types=None if endpoint.types is None else [*endpoint.types],
        version=endpoint.version,
        enabled=endpoint.disabled_at is None,
        disabled_at=endpoint.disabled_at,
        disabled_by=endpoint.disabled_by,
        failing_since=endpoint.failing_since,
        created_at=endpoint.created_at,
    )


def outward_places() -> Places:
    """Return the places for what waits for somebody outside, who may take long."""
    detail = (
        f"This key has {OUTWARD_AT_ONCE} addresses looked up or tried out just now: wait for those."
    )
    return Places(OUTWARD_AT_ONCE, "too_many_at_once", detail)


async def _check_url(state: State, caller: Caller, url: str) -> None:
    outbound: Outbound = state.outbound
    places: Places = state.outward_places
    try:
        with places.taken(caller.key):
            await outbound.registerable(url)
    except RefusedAddress as refused:
        error = FieldError(pointer="/url", code="refused", detail=refused.detail)
        detail = "Webhooks may not go there; see errors."
        raise Problem(400, "invalid_endpoint", detail, errors=[error]) from None


def _check_description(description: str | None) -> None:
    unfit = unfit_text(description, LONGEST_DESCRIPTION) if description is not None else None
    if unfit:
        error = FieldError(pointer="/description", code="ill_formed", detail=unfit)
        raise Problem(400, "invalid_endpoint", "The description can't be kept.", errors=[error])


def _sealing(state: State) -> Sealing:
    sealing: Sealing = state.sealing
    return sealing


async def _found(connection: AsyncConnection, caller: Caller, endpoint: str) -> Endpoint:
    found = await endpoints.find_endpoint(connection, caller, endpoint)
    if found is None:
        raise Problem(404, "not_found", "There is no webhook endpoint of this id for this account.")
    return found


@get(
    "/v1/webhook-endpoints",
    operation_id="listWebhookEndpoints",
    tags=["webhooks"],
    summary="List webhook endpoints",
)
async def list_webhook_endpoints(
    caller: NamedDependency[Caller],
    state: State,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> EndpointPage:
    """Return the endpoints of the caller's account, the newest first; never their secrets."""
    async with reading(state.engine) as connection:
        found = await endpoints.list_endpoints(
            connection, caller, from_cursor(cursor, _ID), limit + 1
        )
    more = to_cursor(found[limit - 1].id) if len(found) > limit else None
    return EndpointPage([_answer(endpoint) for endpoint in found[:limit]], more)


@get(
    "/v1/webhook-endpoints/{endpoint_id:str}",
    operation_id="getWebhookEndpoint",
    tags=["webhooks"],
    summary="Read a webhook endpoint",
)
async def get_webhook_endpoint(
    endpoint_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> EndpointAnswer:
    """Return an endpoint of the caller's account, and whether anything is sent to it."""
    async with reading(state.engine) as connection:
        return _answer(await _found(connection, caller, endpoint_id))


@patch(
    "/v1/webhook-endpoints/{endpoint_id:str}",
    operation_id="changeWebhookEndpoint",
    tags=["webhooks"],
    summary="Change a webhook endpoint",
    request_max_body_size=MOST_BYTES,
)
async def change_webhook_endpoint(
    endpoint_id: FromPath[str],
    data: JSONBody[EndpointChange],
    caller: NamedDependency[Caller],
    state: State,
) -> EndpointAnswer:
    """Change which events an endpoint wants, or how it is described. For another address, make another endpoint."""
    _check_description(data.description or None)
    async with writing(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        types = endpoint.types if data.types is UNSET else data.types
        if types is not None:
            types = _once(types)
        description = endpoint.description if data.description is UNSET else data.description
        await endpoints.change_endpoint(
            connection, endpoint.id, types=types, description=description
        )
    return _answer(msgspec.structs.replace(endpoint, types=types, description=description))


@delete(
    "/v1/webhook-endpoints/{endpoint_id:str}",
    operation_id="deleteWebhookEndpoint",
    tags=["webhooks"],
    summary="Delete a webhook endpoint",
)
async def delete_webhook_endpoint(
    endpoint_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> None:
    """Delete an endpoint: nothing is sent to it any more. The events themselves stay."""
    async with writing(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        await endpoints.delete_endpoint(connection, endpoint.id, state.clock())


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/disable",
    operation_id="disableWebhookEndpoint",
    tags=["webhooks"],
    summary="Have nothing sent to an endpoint for now",
    status_code=200,
)
async def disable_webhook_endpoint(
    endpoint_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> EndpointAnswer:
    """Send nothing to an endpoint until it is enabled; what happens meanwhile can be recovered."""
    async with writing(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        await endpoints.disable_endpoint(connection, endpoint.id, Disabled.ASKED, state.clock())
        return _answer(await _found(connection, caller, endpoint_id))


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/enable",
    operation_id="enableWebhookEndpoint",
    tags=["webhooks"],
    summary="Have events sent to an endpoint again",
    status_code=200,
)
async def enable_webhook_endpoint(
    endpoint_id: FromPath[str], caller: NamedDependency[Caller], state: State
) -> EndpointAnswer:
    """Send events from now on to an endpoint again; those that happened meanwhile come once they are recovered."""
    async with reading(state.engine) as connection:
        url = (await _found(connection, caller, endpoint_id)).url
    await _check_url(state, caller, url)
    async with writing(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        await endpoints.enable_endpoint(connection, endpoint.id)
        return _answer(await _found(connection, caller, endpoint_id))


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/rotate-secret",
    operation_id="rotateWebhookSecret",
    tags=["webhooks"],
    summary="Make a new secret",
    status_code=200,
    request_max_body_size=MOST_BYTES,
    responses={409: documented_problem("As many secrets sign for the endpoint as it may have.")},
)
async def rotate_webhook_secret(
    endpoint_id: FromPath[str],
    data: JSONBody[SecretRotation],
    caller: NamedDependency[Caller],
    state: State,
) -> SecretRotated:
    """Make a new secret, shown this once; those before it sign beside it for the overlap."""
    overlap = _overlap(data.overlap)
    secret = new_webhook_secret()
    async with writing(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        if await endpoints.count_secrets(connection, endpoint.id, state.clock()) >= MOST_SECRETS:
            detail = f"{MOST_SECRETS} secrets sign for this endpoint, which is all it may have: wait until one is over."
            raise Problem(409, "too_many_secrets", detail)
        until = await endpoints.rotate_secret(
            connection, endpoint.id, _sealing(state).seal(secret), overlap, state.clock()
        )
    return SecretRotated(secret=secret, both_sign_until=until)


def _overlap(given: str) -> timedelta:
    try:
        overlap = Duration.parse(given).as_timedelta()
    except (ValueError, OverflowError):
        overlap = LONGEST_OVERLAP * 2
    if overlap > LONGEST_OVERLAP:
        longest = f"a duration of at most {LONGEST_OVERLAP.days} days, such as {OVERLAP} or PT0S"
        error = FieldError(pointer="/overlap", code="ill_formed", detail=f"is not {longest}")
        raise Problem(400, "invalid_endpoint", f"Give {longest}.", errors=[error])
    return overlap


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/test",
    operation_id="testWebhookEndpoint",
    tags=["webhooks"],
    summary="Send a test",
    status_code=200,
    request_max_body_size=MOST_BYTES,
)
async def test_webhook_endpoint(
    endpoint_id: FromPath[str],
    data: JSONBody[TestWanted],
    caller: NamedDependency[Caller],
    state: State,
) -> TestResult:
    """Send one test event at once, also to an endpoint that is disabled, and say what was answered. It is sent once."""
    now: datetime = state.clock()
    async with reading(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        try:
            secrets = await endpoints.secrets_of(connection, endpoint.id, _sealing(state), now)
        except Unsealed:  # the operator changed TRIVET_SECRETS_KEY: told as of any delivery
            return TestResult(
                delivered=False, status=None, seconds=0.0, failure=UNREADABLE, answer=""
            )
    event = sample(data.type, new_id("evt"), endpoint.version, now, day_of(now))
    body = rendered(event)
    outbound: Outbound = state.outbound
    places: Places = state.outward_places
    with places.taken(caller.key):
        answered = await outbound.send(endpoint.url, signed(event.id, body, secrets, now), body)
    return TestResult(
        delivered=answered.accepted,
        status=answered.status,
        seconds=answered.seconds,
        failure=answered.failure,
        answer=answered.answer.decode("utf-8", "replace"),
    )


@get(
    "/v1/webhook-endpoints/{endpoint_id:str}/deliveries",
    operation_id="listWebhookDeliveries",
    tags=["webhooks"],
    summary="What was sent, and what is to be",
)
async def list_webhook_deliveries(
    endpoint_id: FromPath[str],
    caller: NamedDependency[Caller],
    state: State,
    delivery_state: Annotated[
        DeliveryState | None, QueryParameter(name="state", description="Only those of this state.")
    ] = None,
    cursor: Annotated[
        str | None, QueryParameter(description="Where the page before ended.")
    ] = None,
    limit: Annotated[
        int, QueryParameter(ge=1, le=MOST, description="How many at most.")
    ] = DEFAULT_LIMIT,
) -> DeliveryPage:
    """Return the deliveries to an endpoint, the newest first, each with all its tries."""
    async with reading(state.engine) as connection:
        endpoint = await _found(connection, caller, endpoint_id)
        found = await deliveries.list_deliveries(
            connection,
            endpoint.id,
            delivery_state,
            from_cursor(cursor, _DELIVERY),
            limit + 1,
        )
    more = to_cursor(found[limit - 1].id) if len(found) > limit else None
    return DeliveryPage([*found[:limit]], more)


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/deliveries/{delivery_id:str}/redeliver",
    operation_id="redeliverWebhook",
    tags=["webhooks"],
    summary="Send an event again",
    status_code=202,
    responses={
        409: documented_problem("The endpoint is disabled."),
        410: documented_problem("What the event was about is kept no more."),
    },
)
async def redeliver_webhook(
    endpoint_id: FromPath[str],
    delivery_id: FromPath[str],
    caller: NamedDependency[Caller],
    state: State,
) -> DeliveryListed:
    """Send an event to an endpoint again, under the same webhook-id; one that waits for its next try goes at once."""
    async with writing(state.engine) as connection:
        endpoint = await _enabled(connection, caller, endpoint_id)
        if not _DELIVERY.fullmatch(delivery_id):
            raise _no_delivery()
        if await deliveries.find_delivery(connection, endpoint.id, delivery_id) is None:
            raise _no_delivery()
        await deliveries.redeliver(connection, endpoint.id, delivery_id, state.clock())
        found = await deliveries.find_delivery(connection, endpoint.id, delivery_id)
    if found is None or found.state is not DeliveryState.PENDING:
        detail = "What the event was about is kept no more: it is not sent again."
        raise Problem(410, "gone", detail)
    return found


def _no_delivery() -> Problem:
    return Problem(404, "not_found", "There is no delivery of this id to this endpoint.")


async def _enabled(connection: AsyncConnection, caller: Caller, endpoint: str) -> Endpoint:
    found = await _found(connection, caller, endpoint)
    if found.disabled_at is not None:
        raise Problem(409, "endpoint_disabled", "Nothing is sent to this endpoint: enable it.")
    return found


@post(
    "/v1/webhook-endpoints/{endpoint_id:str}/recover",
    operation_id="recoverWebhooks",
    tags=["webhooks"],
    summary="Send what was not delivered",
    status_code=202,
    request_max_body_size=MOST_BYTES,
    responses={409: documented_problem("The endpoint is disabled.")},
)
async def recover_webhooks(
    endpoint_id: FromPath[str],
    data: JSONBody[RecoveryWanted],
    caller: NamedDependency[Caller],
    state: State,
) -> Recovery:
    """Send every event since an instant that was not delivered to an endpoint, under the webhook-ids that they have."""
    now: datetime = state.clock()
    if now - data.since > KEPT_FOR:
        detail = f"is more than {KEPT_FOR.days} days ago: read older events from GET /v1/events"
        error = FieldError(pointer="/since", code="out_of_range", detail=detail)
        raise Problem(400, "invalid_recovery", f"`since` {detail}.", errors=[error])
    async with writing(state.engine) as connection:
        endpoint = await _enabled(connection, caller, endpoint_id)
        count = 0
        if not caller.test:
            count = await deliveries.recover(
                connection, endpoint.id, caller.account, endpoint.types, data.since, now
            )
    return Recovery(deliveries=count)


ROUTES = [
    create_webhook_endpoint,
    list_webhook_endpoints,
    get_webhook_endpoint,
    change_webhook_endpoint,
    delete_webhook_endpoint,
    disable_webhook_endpoint,
    enable_webhook_endpoint,
    rotate_webhook_secret,
    test_webhook_endpoint,
    list_webhook_deliveries,
    redeliver_webhook,
    recover_webhooks,
]
"""What an account does with its endpoints."""
