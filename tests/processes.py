"""The service as an operator runs it: real processes, each with its own database and sources, asked over a socket."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.databases import settings_of
from tests.service import ON_LOOPBACK, PEPPER

T = TypeVar("T")

COMMAND = Path(sys.executable).with_name("trivet")

PATIENCE = 60.0
"""How long a process may take, in seconds, before a test gives up on it."""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of an operator whose database and sources are in a folder, and nothing of our own."""
    (folder / "sources").mkdir(exist_ok=True)
    own = {k: v for k, v in os.environ.items() if not k.startswith("TRIVET_")}
    return {
        **own,
        **settings_of(folder),
        "TRIVET_SOURCES": str(folder / "sources"),
        "TRIVET_KEY_PEPPER": PEPPER,
        "TRIVET_REQUESTS_PER_MINUTE": "1000000",
        "TRIVET_TRAINER_QUESTIONS_PER_MINUTE": "1000000",
        "TRIVET_REQUESTS_AT_ONCE": "1000",
        **ON_LOOPBACK,
    }


def trivet(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(  # noqa: S603
        [COMMAND, *arguments],
        env={**environment(folder), **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def until(condition: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Return what a condition comes to once it holds; the test fails if it doesn't in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        came = condition()
        if came:
            return came
        time.sleep(0.01)
    raise AssertionError(f"{condition} did not hold within {patience} s")


class Served:
    """A running `trivet serve`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log
        self.address = until(self._announced)

    def _announced(self) -> str | None:
        assert self.process.poll() is None, self._log.read_text()
        found = re.search(r"running on (http://[\d.:]+)", self._log.read_text())
        return found[1] if found else None

    def client(self, key: str) -> httpx.Client:
        """Return a client that shows a key."""
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(
            base_url=self.address, headers=headers, timeout=PATIENCE, trust_env=False
        )

    def ask(self, question: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Ask one question and return its answer."""
        with self.client(key) as client:
            response = client.post("/v1/verifications", json=question)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def kill(self) -> None:
        """End it as a loss of power would: no handler runs."""
        self.process.kill()
        self.process.wait(PATIENCE)


@contextmanager
def served(folder: Path, *, log: str = "serve.log", **environ: str) -> Iterator[Served]:
    """Run `trivet serve` on a free port until the block is left; what it logs goes to a file of the folder."""
    logged = folder / log
    with logged.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603
            [COMMAND, "serve", "--port", "0"],
            env={**environment(folder), **environ},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Served(process, logged)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
