"""What tests of alerts do to a running service as accounts do, and the register that they do it with; all fictional."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.register.documents import (
    affiliation,
    authorisation,
    body,
    document,
    identifier,
    in_force,
    period,
    programme,
    provider,
)
from tests.service import Service
from trivet.access.keys import Scope
from trivet.alerts.outbound import Outbound
from trivet.alerts.sealing import sealing
from trivet.alerts.sending import Sender

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PROVIDER, WARD = identifier("register", "heron"), identifier("ods", "ZZ1")
PROGRAMME, TRAINER = identifier("register", "heron-1"), identifier("register", "tr-1")
TRIPLE: dict[str, Any] = {"provider": PROVIDER, "programme": PROGRAMME, "trainer": TRAINER}
KINDS: dict[str, dict[str, Any]] = {
    "triple": {"programme": PROGRAMME},
    "provider": {},
    "programme": {"programme": PROGRAMME},
    "trainer": {"trainer": TRAINER},
    "delivery": {"deliveredBy": WARD},
}
"""What a watch of each kind has to name beside its provider."""

LASTING = in_force("2024-01-01", "2029-01-01")
SUSPENDED = [
    period("in_force", "2024-01-01", "2026-11-20"),
    period("suspended", "2026-11-20", "2029-01-01"),
]


def register(**records: Any) -> dict[str, Any]:
    """Return a complete register of two providers, two trainers and a ward, all in force; some records instead."""
    return document(
        **{
            "bodies": [body()],
            "providers": [provider(periods=LASTING), provider("egret", periods=LASTING)],
            "programmes": [programme(), programme("egret-1", provider="egret")],
            "authorisations": [
                authorisation(familyName="Wader"),
                authorisation("AU-2", trainer="tr-2", familyName="Bittern"),
            ],
            "affiliations": [affiliation()],
            **records,
        }
    )


def suspended() -> dict[str, Any]:
    """Return the register with heron suspended since 20 November 2026."""
    return register(providers=[provider(periods=SUSPENDED), provider("egret", periods=LASTING)])


async def ready(service: Service, **asked: Any) -> str:
    """Mirror the register at `NOW`, and return a key that may watch."""
    service.clock.now = NOW
    await service.publish(register())
    return await service.key(Scope.WATCH, **asked)


async def call(service: Service, method: str, path: str, key: str, **sent: Any) -> httpx.Response:
    """Send a request with a key."""
    headers = {"Authorization": f"Bearer {key}", **sent.pop("headers", {})}
    return await service.http.request(method, path, headers=headers, **sent)


async def watch(service: Service, key: str, wanted: Mapping[str, Any] = TRIPLE, **more: Any) -> Any:
    """Have something watched, and return the watch."""
    response = await service.post("/v1/watches", {**wanted, **more}, key)
    assert response.status_code == 201, response.text
    return response.json()


async def all_watches(service: Service, key: str) -> list[Any]:
    """Return every watch that an account may list."""
    page = await service.get("/v1/watches?limit=200", key)
    assert page.status_code == 200, page.text
    items: list[Any] = page.json()["items"]
    return items


async def all_events(service: Service, key: str, limit: int = 200) -> list[Any]:
    """Return every event of an account, page by page."""
    items: list[Any] = []
    after = ""
    while True:
        response = await service.get(f"/v1/events?limit={limit}{after}", key)
        assert response.status_code == 200, response.text
        page = response.json()
        items += page["items"]
        if len(page["items"]) < limit:
            return items
        after = f"&after={page['nextCursor']}"


def types_of(events: Sequence[Any]) -> list[str]:
    return [event["type"] for event in events]


async def endpoint(service: Service, key: str, port: int, **more: Any) -> Any:
    """Make an endpoint of a port of this machine, and return it with its secret."""
    wanted = {"url": f"http://127.0.0.1:{port}/hook", **more}
    response = await service.post("/v1/webhook-endpoints", wanted, key)
    assert response.status_code == 201, response.text
    return response.json()


async def deliveries(service: Service, key: str, of: str, query: str = "") -> list[Any]:
    """Return the deliveries to an endpoint, the newest first."""
    response = await service.get(f"/v1/webhook-endpoints/{of}/deliveries{query}", key)
    assert response.status_code == 200, response.text
    items: list[Any] = response.json()["items"]
    return items


async def send(service: Service) -> None:
    """Send what is due, as a worker does, until nothing is."""
    settings, ended = service.settings, asyncio.Event()
    ended.set()  # it takes no more than it is told to, and ends with what that came to
    outbound = Outbound(settings.webhook_networks, settings.webhook_ports, clock=service.clock)
    async with outbound:
        sender = Sender(service.engine, sealing(settings), outbound, service.clock)
        while await sender.turn():
            await sender.send_until(ended)
