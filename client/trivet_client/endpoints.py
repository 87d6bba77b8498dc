"""An account's webhook endpoints, as both clients manage them: `trivet.webhooks`."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypedDict, TypeVar, Unpack

from trivet_api.models import DeliveryListed, EndpointAnswer, Recovery, TestResult
from trivet_client import alert_calls
from trivet_client.alert_calls import NewEndpointMade, NewSecret
from trivet_client.calls import Call, Page

T = TypeVar("T")


class EndpointChanges(TypedDict, total=False):
    """What `change` takes."""

    types: Iterable[str] | None
    description: str | None


class Ask(Protocol):
    """Asks and waits."""

    def __call__(self, call: Call[T], /) -> T:
        """Return what is answered."""


class Each(Protocol):
    """Goes through a list, page by page."""

    def __call__(self, first: Call[Page[T]], /) -> Iterator[T]:
        """Return its items."""


class AskAwaited(Protocol):
    """Asks and awaits."""

    async def __call__(self, call: Call[T], /) -> T:
        """Return what is answered."""


class EachAwaited(Protocol):
    """Goes through a list, page by page."""

    def __call__(self, first: Call[Page[T]], /) -> AsyncIterator[T]:
        """Return its items."""


class Webhooks:
    """The webhook endpoints of one account."""

    def __init__(self, ask: Ask, each: Each) -> None:
        """Take how a client asks."""
        self._ask, self._each = ask, each

    def add(
        self,
        url: str,
        *,
        types: Iterable[str] | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> NewEndpointMade:
        """Have events sent to an https address, of some types or of all; its secret is told this once.

        Where no answer comes and there is no `idempotency_key`, look through `each` before you ask again. With one, a
        request that came again is answered without the secret: `rotate` makes another.
        """
        return self._ask(alert_calls.add_endpoint(url, types, description, idempotency_key))

    def each(self) -> Iterator[EndpointAnswer]:
        """Go through the endpoints, the newest first."""
        return self._each(alert_calls.endpoints())

    def get(self, endpoint: str) -> EndpointAnswer:
        """Read an endpoint, and whether anything is sent to it."""
        return self._ask(alert_calls.endpoint(endpoint))

    def change(self, endpoint: str, **changes: Unpack[EndpointChanges]) -> EndpointAnswer:
        """Change the `types` that an endpoint wants (None: all), or its `description`; what is left out stays."""
        return self._ask(alert_calls.change_endpoint(endpoint, changes))

    def enable(self, endpoint: str) -> EndpointAnswer:
        """Have events sent to an endpoint again, from now on; `recover` sends what happened meanwhile."""
        return self._ask(alert_calls.enable_endpoint(endpoint))

    def disable(self, endpoint: str) -> EndpointAnswer:
        """Have nothing sent to an endpoint until it is enabled."""
        return self._ask(alert_calls.disable_endpoint(endpoint))

    def delete(self, endpoint: str) -> None:
        """Delete an endpoint: nothing is sent to it any more."""
        self._ask(alert_calls.delete_endpoint(endpoint))

    def rotate(self, endpoint: str, *, overlap: str | None = None) -> NewSecret:
        """Make a new secret, told this once; those before it sign beside it for the overlap, P1D by default."""
        return self._ask(alert_calls.rotate_secret(endpoint, overlap))

    def test(self, endpoint: str, *, type: str | None = None) -> TestResult:  # noqa: A002 - as events call it
        """Send one test event, `webhook.test` by default, and say what was answered; it may take 15 seconds."""
        return self._ask(alert_calls.send_test(endpoint, type))

    def deliveries(self, endpoint: str, *, state: str | None = None) -> Iterator[DeliveryListed]:
        """Go through what was sent and is to be, the newest first: all, or the `pending`, `delivered` or `failed`."""
        return self._each(alert_calls.deliveries(endpoint, state))

    def redeliver(self, endpoint: str, delivery: str) -> DeliveryListed:
        """Send an event again; one that waits for its next try goes at once."""
        return self._ask(alert_calls.redeliver(endpoint, delivery))

    def recover(self, endpoint: str, since: datetime | str) -> Recovery:
        """Send every event since an instant that was not delivered."""
        return self._ask(alert_calls.recover(endpoint, since))


class AsyncWebhooks:
    """The webhook endpoints of one account, for asyncio; see `Webhooks`."""

    def __init__(self, ask: AskAwaited, each: EachAwaited) -> None:
        """Take how a client asks."""
        self._ask, self._each = ask, each

    async def add(
        self,
        url: str,
        *,
        types: Iterable[str] | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> NewEndpointMade:
        """Have events sent to an https address; see `Webhooks.add`."""
        return await self._ask(alert_calls.add_endpoint(url, types, description, idempotency_key))

    def each(self) -> AsyncIterator[EndpointAnswer]:
        """Go through the endpoints, the newest first."""
        return self._each(alert_calls.endpoints())

    async def get(self, endpoint: str) -> EndpointAnswer:
        """Read an endpoint, and whether anything is sent to it."""
        return await self._ask(alert_calls.endpoint(endpoint))

    async def change(self, endpoint: str, **changes: Unpack[EndpointChanges]) -> EndpointAnswer:
        """Change the `types` that an endpoint wants (None: all), or its `description`; what is left out stays."""
        return await self._ask(alert_calls.change_endpoint(endpoint, changes))

    async def enable(self, endpoint: str) -> EndpointAnswer:
        """Have events sent to an endpoint again, from now on; `recover` sends what happened meanwhile."""
        return await self._ask(alert_calls.enable_endpoint(endpoint))

    async def disable(self, endpoint: str) -> EndpointAnswer:
        """Have nothing sent to an endpoint until it is enabled."""
        return await self._ask(alert_calls.disable_endpoint(endpoint))

    async def delete(self, endpoint: str) -> None:
        """Delete an endpoint: nothing is sent to it any more."""
        await self._ask(alert_calls.delete_endpoint(endpoint))

    async def rotate(self, endpoint: str, *, overlap: str | None = None) -> NewSecret:
        """Make a new secret, told this once; those before it sign beside it for the overlap, P1D by default."""
        return await self._ask(alert_calls.rotate_secret(endpoint, overlap))

    async def test(self, endpoint: str, *, type: str | None = None) -> TestResult:  # noqa: A002 - as events call it
        """Send one test event, `webhook.test` by default, and say what was answered; it may take 15 seconds."""
        return await self._ask(alert_calls.send_test(endpoint, type))

    def deliveries(
        self, endpoint: str, *, state: str | None = None
    ) -> AsyncIterator[DeliveryListed]:
        """Go through what was sent and is to be, the newest first: all, or the `pending`, `delivered` or `failed`."""
        return self._each(alert_calls.deliveries(endpoint, state))

    async def redeliver(self, endpoint: str, delivery: str) -> DeliveryListed:
        """Send an event again; one that waits for its next try goes at once."""
        return await self._ask(alert_calls.redeliver(endpoint, delivery))

    async def recover(self, endpoint: str, since: datetime | str) -> Recovery:
        """Send every event since an instant that was not delivered."""
        return await self._ask(alert_calls.recover(endpoint, since))
