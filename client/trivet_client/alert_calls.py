"""What can be asked of the service about watches, events and webhooks, once for both clients; see `calls`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trivet_api.api.watches import create_watch, delete_watch, get_watch, list_watches
from trivet_api.api.webhooks import (
    change_webhook_endpoint,
    create_webhook_endpoint,
    delete_webhook_endpoint,
    disable_webhook_endpoint,
    enable_webhook_endpoint,
    get_webhook_endpoint,
    list_webhook_deliveries,
    list_webhook_endpoints,
    recover_webhooks,
    redeliver_webhook,
    rotate_webhook_secret,
)
from trivet_api.models import (
    DeliveryListed,
    DeliveryPage,
    DeliveryState,
    EndpointAnswer,
    EndpointChange,
    EndpointCreated,
    EndpointPage,
    EventType,
    NewEndpoint,
    Recovery,
    RecoveryWanted,
    SecretRotated,
    SecretRotation,
    TestResult,
)
from trivet_api.models import Watched as WatchedAsSent
from trivet_api.types import UNSET, Response
from trivet_client.calls import Call, Page, Plain, given, onwards, parsed, record_id
from trivet_client.problems import InvalidArgument
from trivet_client.questions import instant, word
from trivet_client.watching import Part, Watching, WatchRow
from trivet_client.webhooks.events import Event, Watch
from trivet_client.webhooks.reading import event_from, watches_from
from trivet_client.webhooks.refusals import NotAnEvent

TEST_TIMEOUT = 30.0
"""How many seconds a test may take: the service gives the endpoint 15 of them."""

LIST_EVENTS = Plain("GET", "/v1/events")
GET_EVENT = Plain("GET", "/v1/events/{}")
LIST_EVENT_WATCHES = Plain("GET", "/v1/events/{}/watches")
WATCH_MANY = Plain("POST", "/v1/watches/batch")
TEST_ENDPOINT = Plain("POST", "/v1/webhook-endpoints/{}/test")


@dataclass(frozen=True)
class EventPage:
    """Events, the oldest first, and where to go on, now or in a year. Without items, nothing has happened since."""

    items: Sequence[Event]
    next_cursor: str


class NewEndpointMade(EndpointCreated):
    """A new endpoint with its secret, which is told this once and shown in no representation."""

    def __repr__(self) -> str:
        return f"NewEndpointMade({self.id}: {self.url})"


class NewSecret(SecretRotated):
    """A new secret, which is told this once and shown in no representation."""

    def __repr__(self) -> str:
        return f"NewSecret(both sign until {self.both_sign_until})"


def watch(wanted: WatchedAsSent, *, replace: bool, idempotency_key: str | None) -> Call[Watching]:
    """Watch one thing. It is known again by its reference or the key, and so may be sent again."""
    kind = wanted.kind.value if wanted.kind else "triple"
    reference = wanted.reference.strip() or None if wanted.reference else None

    def read(response: Response[Any]) -> Watching:
        watching = _watching(json.loads(response.content))
        if (watching.kind.value, watching.reference) != (kind, reference):
            raise ValueError("what is watched is not what was asked for")
        return watching

    sent = {"body": wanted, "replace": replace, **given(idempotency_key=idempotency_key)}
    repeatable = bool(reference or idempotency_key)
    return Call(create_watch, read, sent=sent, repeatable=repeatable, statuses=(200, 201))


def watches(reference: str | None, cursor: str | None = None) -> Call[Page[Watching]]:
    """List the account's watches, the newest first."""

    def read(response: Response[Any]) -> Page[Watching]:
        page = json.loads(response.content)
        after = onwards(cursor, page["nextCursor"])
        items = [_watching(item) for item in page["items"]]
        return Page(items, watches(reference, after) if after else None)

    return Call(list_watches, read, sent=given(reference=reference, cursor=cursor))


def watch_of(watch_id: str) -> Call[Watching]:
    """Read a watch, and where it stands now."""

    def read(response: Response[Any]) -> Watching:
        watching = _watching(json.loads(response.content))
        if watching.id != watch_id:
            raise ValueError("the answer is another watch")
        return watching

    return Call(get_watch, read, path=(record_id("watch", watch_id),))


def end_watch(watch_id: str) -> Call[None]:
    """End a watch. Sent again after it was ended, it would be answered that there is none."""
    path = (record_id("watch", watch_id),)
    return Call(delete_watch, _nothing, path=path, repeatable=False, statuses=(204,))


def watch_many(part: Part, *, replace: bool) -> Call[Sequence[WatchRow]]:
    """Watch as many rows as one request takes. Each is known again by its reference."""

    def read(response: Response[Any]) -> Sequence[WatchRow]:
        return part.results(response.content)

    sent = {
        "content": part.body,
        "headers": {"Content-Type": part.kind},
        "params": {"replace": _said(replace)},
    }
    return Call(WATCH_MANY, read, sent=sent)


def events(after: str | None, kind: str | None, limit: int | None) -> Call[EventPage]:
    """Read what was told after a cursor."""

    def read(response: Response[Any]) -> EventPage:
        page = json.loads(response.content)
        cursor = page["nextCursor"]
        if not isinstance(cursor, str) or not cursor or (page["items"] and cursor == after):
            raise ValueError("the events do not go on from page to page")
        return EventPage([_event(item) for item in page["items"]], cursor)

    return Call(LIST_EVENTS, read, sent={"params": given(after=after, type=kind, limit=limit)})


def event(event_id: str) -> Call[Event]:
    """Read an event again."""

    def read(response: Response[Any]) -> Event:
        found = _event(json.loads(response.content))
        if found.id != event_id:
            raise ValueError("the answer is another event")
        return found

    return Call(GET_EVENT, read, path=(record_id("event", event_id),))


def event_watches(event_id: str, cursor: str | None = None) -> Call[Page[Watch]]:
    """List every watch that an event concerns."""

    def read(response: Response[Any]) -> Page[Watch]:
        page = json.loads(response.content)
        after = onwards(cursor, page["nextCursor"])
        try:
            items = watches_from(page["items"])
        except NotAnEvent as error:
            raise ValueError(str(error)) from error
        return Page(items, event_watches(event_id, after) if after else None)

    path = (record_id("event", event_id),)
    return Call(LIST_EVENT_WATCHES, read, path=path, sent={"params": given(cursor=cursor)})


def add_endpoint(
    url: str, types: Iterable[str] | None, description: str | None, idempotency_key: str | None
) -> Call[NewEndpointMade]:
    """Have events sent to an address."""
    wanted = NewEndpoint(
        url=url,
        types=UNSET if types is None else _types(types),
        description=UNSET if description is None else description,
    )

    def read(response: Response[Any]) -> NewEndpointMade:
        return NewEndpointMade.from_dict(json.loads(response.content))

    return Call(
        create_webhook_endpoint,
        read,
        sent={"body": wanted, **given(idempotency_key=idempotency_key)},
        repeatable=bool(idempotency_key),
        statuses=(201,),
    )


def endpoints(cursor: str | None = None) -> Call[Page[EndpointAnswer]]:
    """List the account's endpoints, the newest first."""

    def read(response: Response[Any]) -> Page[EndpointAnswer]:
        page = parsed(EndpointPage)(response)
        after = onwards(cursor, page.next_cursor)
        return Page(page.items, endpoints(after) if after else None)

    return Call(list_webhook_endpoints, read, sent=given(cursor=cursor))


def endpoint(endpoint_id: str) -> Call[EndpointAnswer]:
    """Read an endpoint."""
    return Call(get_webhook_endpoint, parsed(EndpointAnswer), path=_endpoint(endpoint_id))


def change_endpoint(endpoint_id: str, changes: Mapping[str, Any]) -> Call[EndpointAnswer]:
    """Change which types an endpoint wants, or its description; None takes either away."""
    wanted = EndpointChange(
        types=_types(changes["types"]) if changes.get("types") else changes.get("types", UNSET),
        description=changes.get("description", UNSET),
    )
    return Call(
        change_webhook_endpoint,
        parsed(EndpointAnswer),
        path=_endpoint(endpoint_id),
        sent={"body": wanted},
    )


def enable_endpoint(endpoint_id: str) -> Call[EndpointAnswer]:
    """Have events sent to an endpoint again."""
    return Call(enable_webhook_endpoint, parsed(EndpointAnswer), path=_endpoint(endpoint_id))


def disable_endpoint(endpoint_id: str) -> Call[EndpointAnswer]:
    """Have nothing sent to an endpoint for now."""
    return Call(disable_webhook_endpoint, parsed(EndpointAnswer), path=_endpoint(endpoint_id))


def delete_endpoint(endpoint_id: str) -> Call[None]:
    """Delete an endpoint. Sent again after it was deleted, it would be answered that there is none."""
    path = _endpoint(endpoint_id)
    return Call(delete_webhook_endpoint, _nothing, path=path, repeatable=False, statuses=(204,))


def rotate_secret(endpoint_id: str, overlap: str | None) -> Call[NewSecret]:
    """Make a new secret."""

    def read(response: Response[Any]) -> NewSecret:
        return NewSecret.from_dict(json.loads(response.content))

    wanted = SecretRotation(overlap=UNSET if overlap is None else overlap)
    path, sent = _endpoint(endpoint_id), {"body": wanted}
    return Call(rotate_webhook_secret, read, path=path, sent=sent, repeatable=False)


def send_test(endpoint_id: str, kind: str | None) -> Call[TestResult]:
    """Send a test event to an endpoint."""

    def read(response: Response[Any]) -> TestResult:
        return TestResult.from_dict(json.loads(response.content))

    sent = {"json": given(type=kind), "timeout": TEST_TIMEOUT}
    return Call(TEST_ENDPOINT, read, path=_endpoint(endpoint_id), sent=sent, repeatable=False)


def deliveries(
    endpoint_id: str, state: str | None, cursor: str | None = None
) -> Call[Page[DeliveryListed]]:
    """List what was sent to an endpoint and what is to be, the newest first."""
    only = None if state is None else word("state", state, DeliveryState)

    def read(response: Response[Any]) -> Page[DeliveryListed]:
        page = parsed(DeliveryPage)(response)
        after = onwards(cursor, page.next_cursor)
        return Page(page.items, deliveries(endpoint_id, state, after) if after else None)

    sent = given(state=only, cursor=cursor)
    return Call(list_webhook_deliveries, read, path=_endpoint(endpoint_id), sent=sent)


def redeliver(endpoint_id: str, delivery: str) -> Call[DeliveryListed]:
    """Send an event to an endpoint again."""
    path = (*_endpoint(endpoint_id), record_id("delivery", delivery))
    return Call(
        redeliver_webhook,
        parsed(DeliveryListed),
        path=path,
        repeatable=False,
        statuses=(202,),
    )


def recover(endpoint_id: str, since: datetime | str) -> Call[Recovery]:
    """Send what was not delivered since an instant."""
    return Call(
        recover_webhooks,
        parsed(Recovery),
        path=_endpoint(endpoint_id),
        sent={"body": RecoveryWanted(since=instant("since", since))},
        repeatable=False,
        statuses=(202,),
    )


def _watching(document: Mapping[str, Any]) -> Watching:
    return Watching.from_dict(document)


def _event(document: object) -> Event:
    try:
        return event_from(document)
    except NotAnEvent as error:
        raise ValueError(str(error)) from error


def _types(types: Iterable[str]) -> list[EventType]:
    if isinstance(types, str):
        raise InvalidArgument("types", "give a list of types")
    return [word("types", kind, EventType) for kind in types]


def _endpoint(endpoint_id: str) -> tuple[str, ...]:
    return (record_id("endpoint", endpoint_id),)


def _said(flag: bool) -> str:  # noqa: FBT001 - it is what is said
    return "true" if flag else "false"


def _nothing(_response: Response[Any]) -> None:
    """Read what says nothing but that it is done."""
