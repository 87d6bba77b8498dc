"""A trivet service beside a host that has an environment of its own: what the tests of every plugin ask.

Imported by environments in which the service is not installed, so by the standard library alone.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = ROOT / ".venv" / "bin" / "trivet"
SAMPLE = ROOT / "service" / "trivet" / "sample" / "register.json"

PATIENCE = 60.0
"""How long a process may take, in seconds, before a test gives up on it."""

_PROFILE = (
    'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P36500D"\n'
)


def sample() -> dict[str, Any]:
    """Return the register that `make run` serves, to be changed at will: everybody in it is fictional."""
    register: dict[str, Any] = json.loads(SAMPLE.read_text())
    return register


class Trivet:
    """A service with a database, sources and keys of its own, which may be stopped and started again."""

    def __init__(self, folder: Path, register: Mapping[str, Any]) -> None:
        """Prepare a service in an empty folder that mirrors a register; `start` runs it.

        Raises:
            AssertionError: a command did not do what it should, with what it said.
        """
        self.folder, self.port = folder, 0
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "sources").mkdir(parents=True)
        (folder / "sources" / "example.toml").write_text(_PROFILE)
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TRIVET_", "PYTHON"))},
            "TRIVET_DATABASE_URL": f"sqlite:///{folder / 'trivet.db'}",
            "TRIVET_SOURCES": str(folder / "sources"),
            "TRIVET_KEY_PEPPER": "a pepper for tests, and only for tests",
            "TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "TRIVET_WEBHOOK_PORTS": "1-65535",
            "TRIVET_REQUESTS_PER_MINUTE": "100000",
        }
        self.mirror(register)
        self.key = self.run(
            *("keys", "create", "--account", "Test trust (fictional)"),
            *("--scopes", "verify,read,watch"),
        ).strip()

    @property
    def url(self) -> str:
        """Where it answers, or would if it ran: it keeps its port."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> str:
        """Run one command of `trivet` to its end and return what it printed."""
        ran = subprocess.run(  # noqa: S603  # our own command
            [COMMAND, *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert ran.returncode == 0, f"trivet {arguments[0]}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    def mirror(self, register: Mapping[str, Any]) -> None:
        """Have the service mirror a register: an interchange document. A running one answers by it within a second."""
        (self.folder / "sources" / "register.json").write_text(json.dumps(register))
        self.run("sync")

    def start(self) -> None:
        """Run it until `stop`."""
        assert self._process is None, "it runs already"
        log = self.folder / "serve.log"
        with log.open("wb") as written:
            self._process = subprocess.Popen(  # noqa: S603  # our own command
                [COMMAND, "serve", "--port", str(self.port)],
                env=self._environment,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text())):
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        self.port = int(found[1])

    def stop(self) -> None:
        """End it in order; where it does not run, there is nothing to do."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)
            self._process = None


@contextmanager
def serving(folder: Path, register: Mapping[str, Any] | None = None) -> Iterator[Trivet]:
    """Run a service in an empty folder until the block is left; it mirrors the sample register unless told another."""
    trivet = Trivet(folder, sample() if register is None else register)
    trivet.start()
    try:
        yield trivet
    finally:
        trivet.stop()
