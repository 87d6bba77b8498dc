"""A receiver of webhooks as a customer runs one, in a process of its own: genuine events once, whatever goes wrong.

Of the tries that arrive a third goes wrong, in turns and at random: answered 500 or 503, held for longer than the
sender waits, hung up on before or after the event was taken, answered late but in time. Once one is told 410.
"""

import asyncio
import json
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.replicas import FileClock
from trivet_client.webhooks import Receiver, Refused, SeenInMemory

SENDERS_LIMIT = 1.0
"""How long the sender waits, in seconds."""

_HELD, _LATE = 1.6, 0.15
FAULTS = ("500", "503", "held", "hung up", "late", "taken and hung up")


class Unreliable:
    """What the process does: for each account a receiver of its own, at its own path."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)  # noqa: S311 - play
        self._clock = FileClock(folder / "clock")
        self._seen = SeenInMemory()
        self._faults: list[str] = []
        self._gone = self._chance.randint(3, 8)
        self.did: Counter[str] = Counter()

    def _next(self) -> str | None:
        """Return what goes wrong with this try."""
        if self._chance.random() >= 1 / 3:
            return None
        self._gone -= 1
        if self._gone == 0:
            return "410"
        if not self._faults:
            self._faults = self._chance.sample(FAULTS, len(FAULTS))
        return self._faults.pop()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer over one connection until it ends."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        path, headers, body = await _request(reader)
        fault = self._next()
        self.did[fault or "well"] += 1
        self._tell()
        if fault in ("500", "503", "410"):
            writer.write(_answer(fault, f"Retry-After: {self._chance.randint(1, 900)}"))
            await writer.drain()
            return True
        if fault in ("held", "hung up"):
            await asyncio.sleep(_HELD if fault == "held" else 0)
            return False
        status = self._take(path.strip("/"), headers, body)
        if fault == "taken and hung up":
            return False
        if fault == "late":
            await asyncio.sleep(_LATE)
        writer.write(_answer(status))
        await writer.drain()
        return True

    def _take(self, account: str, headers: Mapping[str, str], body: bytes) -> str:
        """Write down an event that is genuine and new."""
        secrets = json.loads((self._folder / "secrets.json").read_text())
        try:
            event = Receiver(secrets[account], clock=self._clock).event(headers, body)
        except Refused as refused:
            self.did[f"refused: {refused}"] += 1
            self._tell()
            return str(refused.status)
        with self._seen.once(event.id) as new:
            self.did["new" if new else "again"] += 1
            self._tell()
            if new:
                with (self._folder / f"{account}.taken").open("ab") as taken:
                    taken.write(body + b"\n")
        return "204"

    def _tell(self) -> None:
        (self._folder / "did.json").write_text(json.dumps(self.did))


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["Content-Length"]))
    return head[0].split(" ")[1], headers, body


def _answer(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} -", "Content-Length: 0", *headers, "", ""]).encode()


async def _run(folder: Path, seed: int) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    server = await asyncio.start_server(Unreliable(folder, seed).serve, "127.0.0.1", 0)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - told to the test
        await ended.wait()


class Customer:
    """The process, as a test sees it."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder, self.address = folder, address
        self.clock = FileClock(folder / "clock")

    def knows(self, secrets: Mapping[str, str]) -> None:
        """Give it the secret of each account's endpoint."""
        (self._folder / "secrets.json").write_text(json.dumps(secrets))

    def taken(self, account: str) -> list[dict[str, Any]]:
        """Return the events of an account that it took, in the order in which it did."""
        file = self._folder / f"{account}.taken"
        return [json.loads(line) for line in file.read_bytes().splitlines()]

    @property
    def did(self) -> Mapping[str, int]:
        """How often it did what."""
        did: dict[str, int] = json.loads((self._folder / "did.json").read_text())
        return did


@contextmanager
def customer(folder: Path, seed: int) -> Iterator[Customer]:
    """Run the process until the block is left."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.alerts.unreliable", str(folder), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        yield Customer(folder, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), int(sys.argv[2])))
