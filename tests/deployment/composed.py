"""What a Compose file describes, run as processes of this machine: there is no container engine here.

Commands, environments, health checks and order are read from the file, and from the Dockerfile what the image says.
Only what a container would have for itself is replaced: its folders, its address and its port.
"""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.processes import PATIENCE, until

ROOT = Path(__file__).parents[2]
OURS = "trivet:local"
"""The image that the Dockerfile makes."""


def load(file: Path) -> dict[str, Any]:
    """Read a Compose file as an environment that sets nothing leaves it."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", file.read_text())
    read: dict[str, Any] = YAML(typ="safe").load(text.replace("$$", "$"))
    return read


def image() -> tuple[list[str], dict[str, str]]:
    """Return the entry point and the environment of the image, but for where its programs are."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    last = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM ")) :]
    said = dict(line.split(" ", 1) for line in last if line.startswith(("ENTRYPOINT ", "ENV ")))
    environment = dict(pair.split("=", 1) for pair in shlex.split(said["ENV"]))
    del environment["PATH"]
    return json.loads(said["ENTRYPOINT"]), environment


class Composed:
    """The services of a Compose file, each with its container's folders in one folder."""

    def __init__(self, file: Path, folder: Path, addresses: Mapping[str, str]) -> None:
        """`addresses`: where the services that another stands in for, such as a database, listen instead."""
        self._file, self._folder, self._addresses = load(file), folder, addresses
        self.services: dict[str, Any] = self._file["services"]
        self._entrypoint, self._environment = image()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        ours = [name for name, service in self.services.items() if service["image"] == OURS]
        self._here = {name: self._places(name) for name in [*ours, *addresses]}

    def named(self, command: str) -> list[str]:
        """Return the names of the services that run a command of ours."""
        return [
            name
            for name, service in self.services.items()
            if service["image"] == OURS and service["command"][0] == command
        ]

    def up(self, *names: str) -> None:
        """Start services, each once those that it depends on are as it waits for, and wait until they are healthy."""
        for name in names:
            self._start(name)
        for name in names:
            until(lambda: self._healthy(name))  # noqa: B023 - asked before the next round

    def run(self, name: str, *command: str) -> str:
        """Run a command as a service's container would, and return what it printed."""
        done = subprocess.run(  # noqa: S603
            command,
            env=self._env(name),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def address(self, name: str) -> str:
        """Return where a service answers."""
        return f"http://127.0.0.1:{self._here[name][self._port(name)]}"

    def end(self) -> dict[str, int]:
        """Ask everything that runs to end, and return the exit status of each."""
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        return {name: process.wait(PATIENCE) for name, process in self._processes.items()}

    def kill(self) -> None:
        """End whatever runs still."""
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
                process.wait(PATIENCE)

    def _start(self, name: str) -> None:
        if name in self._processes or name in self._addresses:
            return
        for other, wanted in self.services[name].get("depends_on", {}).items():
            self._start(other)
            self._wait(other, wanted["condition"])
        with self._log(name).open("wb") as written:
            self._processes[name] = subprocess.Popen(  # noqa: S603
                self._local(name, [*self._entrypoint, *self.services[name]["command"]]),
                env=self._env(name),
                stdout=written,
                stderr=subprocess.STDOUT,
            )

    def _wait(self, name: str, condition: str) -> None:
        if condition == "service_healthy":
            until(lambda: self._healthy(name))
        else:
            assert condition == "service_completed_successfully"
            assert self._processes[name].wait(PATIENCE) == 0, self._log(name).read_text()

    def _healthy(self, name: str) -> bool:
        if name in self._processes:
            assert self._processes[name].poll() is None, self._log(name).read_text()
        kind, *test = self._local(name, self.services[name]["healthcheck"]["test"])
        command = ["/bin/sh", "-c", *test] if kind == "CMD-SHELL" else test
        return (
            subprocess.run(  # noqa: S603
                command, env=self._env(name), capture_output=True, timeout=PATIENCE, check=False
            ).returncode
            == 0
        )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _env(self, name: str) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith("TRIVET_")}
        said = {**self._environment, **self.services[name].get("environment", {})}
        local = self._local(name, [*said.values()])
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**own, **dict(zip(said, local, strict=True)), "PATH": programs}

    def _local(self, name: str, texts: list[str]) -> list[str]:
        here = self._here[name]
        inside = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, here))})(?!\w)")
        return [inside.sub(lambda found: here[found[0]], text) for text in texts]

    def _places(self, name: str) -> dict[str, str]:
        """Return what stands on this machine for each folder, address and port of a service's container."""
        if name in self._addresses:
            return {"127.0.0.1": self._addresses[name]}
        places = {"0.0.0.0": "127.0.0.1"}  # noqa: S104 - replaced
        if port := self._port(name):
            places[port] = str(_free_port())
        service = self.services[name]
        for secret in service.get("secrets", []):
            places[f"/run/secrets/{secret}"] = self._beside(self._file["secrets"][secret]["file"])
        for volume in service.get("volumes", []):
            source, target = _mounted(volume)
            places[target] = self._beside(source)
        for target in service["tmpfs"]:
            places[target] = self._beside(f"{name}{target}")
            Path(places[target]).mkdir(parents=True)
        return places

    def _beside(self, path: str) -> str:
        """Return where the file's own relative path leads to from the folder."""
        return str(self._folder / path.replace("../", ""))

    def _port(self, name: str) -> str:
        command: list[str] = self.services[name].get("command", [])
        return command[command.index("--port") + 1] if "--port" in command else ""


@contextmanager
def composed(file: Path, folder: Path, **addresses: str) -> Iterator[Composed]:
    """Give what a Compose file describes, and leave nothing of it running."""
    services = Composed(file, folder, addresses)
    try:
        yield services
    finally:
        services.kill()


def _mounted(volume: str | dict[str, Any]) -> tuple[str, str]:
    if isinstance(volume, str):
        source, target = volume.split(":")
        return source, target
    return volume["source"], volume["target"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
