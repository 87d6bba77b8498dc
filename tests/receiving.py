"""A receiver of webhooks in a process of its own: it verifies whatever comes as a customer would, and tells of it.

Its paths say how it answers: `/now/{endpoint}` at once, `/never/{endpoint}` not at all, and `/held/{endpoint}` once the
test lets it.
"""

import asyncio
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
from aiohttp import web

from trivet_client.webhooks import Receiver, Refused


class Arrival(NamedTuple):
    """What came once: to which endpoint, under which id, with which body, and when by the machine's clock."""

    endpoint: str
    event: str
    digest: str
    at: float


class Receiving:
    """A running receiver, as a test sees it."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, trust_env=False, timeout=60)
        self.address = address

    def url(self, way: str, endpoint: str) -> str:
        """Return the URL of an endpoint that is answered in a way: `now`, `held` or `never`."""
        return f"{self.address}/{way}/{endpoint}"

    def trust(self, secrets: Mapping[str, str]) -> None:
        """Take the secret of each endpoint."""
        self._http.put("/secrets", json=dict(secrets)).raise_for_status()

    def answer(self, count: int) -> None:
        """Let so many more be answered of those that are held."""
        self._http.put("/answers", json=count).raise_for_status()

    def count(self) -> int:
        """Return how many webhooks came that were genuine."""
        return int(self._http.get("/count").text)

    def arrivals(self) -> list[Arrival]:
        """Return what came, in order; none may have been anything but genuine."""
        told: dict[str, Any] = self._http.get("/arrivals").json()
        assert not told["refused"], told["refused"]
        return [Arrival(*arrival) for arrival in told["arrivals"]]

    def forget(self) -> None:
        """Forget what came."""
        self._http.delete("/arrivals").raise_for_status()

    def close(self) -> None:
        """Let go of its connections."""
        self._http.close()


@contextmanager
def receiving() -> Iterator[Receiving]:
    """Run a receiver on a free port of loopback until the block is left."""
    command = [sys.executable, "-m", "tests.receiving"]
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        receiver = Receiving(f"http://127.0.0.1:{int(process.stdout.readline())}")
        try:
            yield receiver
        finally:
            receiver.close()
            process.stdin.close()  # then it ends
            process.wait(30)


class _Server:
    def __init__(self) -> None:
        self._receivers: dict[str, Receiver] = {}
        self._arrivals: list[Arrival] = []
        self._refused: list[str] = []
        self._answers = asyncio.Semaphore(0)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.put("/secrets", self._trust),
                web.put("/answers", self._let),
                web.get("/count", self._count),
                web.get("/arrivals", self._tell),
                web.delete("/arrivals", self._forget),
                web.post("/{way}/{endpoint}", self._receive),
            ]
        )
        return app

    async def _receive(self, request: web.Request) -> web.Response:
        at, endpoint, body = time.time(), request.match_info["endpoint"], await request.read()
        try:
            event = self._receivers[endpoint].event(request.headers, body)
        except Refused as refused:
            self._refused.append(f"{endpoint}: {refused}")
            return web.Response(status=400)
        digest = hashlib.sha256(body).hexdigest()
        self._arrivals.append(Arrival(endpoint, event.id, digest, at))
        match request.match_info["way"]:
            case "held":
                await self._answers.acquire()
            case "never":
                await asyncio.sleep(3600)
        return web.Response(status=204)

    async def _trust(self, request: web.Request) -> web.Response:
        secrets: dict[str, str] = await request.json()
        self._receivers |= {endpoint: Receiver(secret) for endpoint, secret in secrets.items()}
        return web.Response(status=204)

    async def _let(self, request: web.Request) -> web.Response:
        for _ in range(await request.json()):
            self._answers.release()
        return web.Response(status=204)

    async def _count(self, _: web.Request) -> web.Response:
        return web.Response(text=str(len(self._arrivals)))

    async def _tell(self, _: web.Request) -> web.Response:
        return web.Response(
            text=json.dumps({"arrivals": self._arrivals, "refused": self._refused}),
            content_type="application/json",
        )

    async def _forget(self, _: web.Request) -> web.Response:
        self._arrivals.clear()
        return web.Response(status=204)


async def _serve() -> None:
    # Whoever is gone needs no answer any more, and takes none from the others.
    runner = web.AppRunner(
        _Server().app(), access_log=None, shutdown_timeout=0.1, handler_cancellation=True
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - read by who started it
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
