"""`trivet listen` as a process of its own: it prints what the secret signed, and says why it refuses any other."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.client.webhooks import OTHER, SECRET, SOURCE, WATCH, changed, event, signed, text_of
from tests.commands import Operator
from tests.processes import COMMAND, PATIENCE, until


class Listening:
    """A running `trivet listen`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process, self._folder = process, folder
        self.address = until(self._announced)

    def _announced(self) -> str | None:
        assert self.process.poll() is None, self.err
        found = re.search(r"listening on (http://\S+)", self.err)
        return found[1] if found else None

    @property
    def out(self) -> str:
        """What it printed."""
        return (self._folder / "out").read_text()

    @property
    def err(self) -> str:
        """What it said on standard error."""
        return (self._folder / "err").read_text()

    def post(self, body: object, headers: dict[str, str] | None = None, path: str = "") -> int:
        """Send it a webhook, and return the status that it answers."""
        with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
            sent = signed(body) if headers is None else headers
            return client.post(
                f"{self.address}{path}", content=text_of(body), headers=sent
            ).status_code


@contextmanager
def listening(
    folder: Path, *arguments: str, secret: str = SECRET, port: int = 0
) -> Iterator[Listening]:
    """Run `trivet listen`, on a free port unless one is given, until the block is left; see that it ends quietly."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("TRIVET_")}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(  # noqa: S603
            [COMMAND, "listen", "--port", str(port), *arguments],
            env={**own, "TRIVET_WEBHOOK_SECRET": secret},
            stdout=out,
            stderr=err,
        )
        try:
            running = Listening(process, folder)
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
    assert process.returncode == 0, running.err
    assert "Traceback" not in running.err


def test_each_event_is_one_line_and_an_interrupt_ends_it_quietly(tmp_path: Path) -> None:
    with listening(tmp_path) as running:
        unnamed = changed(WATCH, id="wat_2", reference=None, after="cannot_confirm")
        assert running.post(event(watches=[WATCH, unnamed], watchCount=1002)) == 204
        assert running.post(event("register.stale", sources=[SOURCE], watches=[])) == 204
        assert running.post(event("programme.expiring", **EXPIRING)) == 204
        assert running.post(event("webhook.test", watches=[], effectiveOn=None, test=True)) == 204
        err = running.err
    heron = 'provider heron "Heron Training (fictional)"'
    watches = "[PO-1234: pass -> fail; wat_2: pass -> cannot_confirm; 1000 more]"
    assert [line.removeprefix("2026-11-28 02:10:00 UTC ") for line in running.out.splitlines()] == [
        f"certification.suspended {heron} in_force -> suspended from 2026-11-27 {watches}",
        "register.stale sample from 2026-11-27",
        f"programme.expiring {heron} expires 2026-12-28",
        "webhook.test (test)",
    ]
    assert running.out.count("2026-11-28 02:10:00 UTC ") == 4
    assert running.err == err == f"trivet listening on {running.address}\n"


EXPIRING: dict[str, Any] = {
    "expiry": {"expiresOn": "2026-12-28", "notice": "P30D"},
    "watches": [],
    "effectiveOn": None,
}


def test_with_json_each_body_is_one_line_of_it(tmp_path: Path) -> None:
    sent = event(text="Several\nlines, and “quotes”.")
    with listening(tmp_path, "--json") as running:
        assert running.post(json.dumps(sent, indent=2)) == 204
    assert running.out.count("\n") == 1
    assert json.loads(running.out) == sent


def test_what_is_not_genuine_is_refused_with_why_and_not_printed(tmp_path: Path) -> None:
    with listening(tmp_path) as running:
        assert running.post(event(), signed(event(), OTHER)) == 401
        assert running.post(event(), {}) == 401
        assert running.post({"hello": 1}) == 400
    assert running.out == ""
    refused = re.findall(r"^[\d-]+ [\d:]+ UTC refused a webhook: (.*)$", running.err, re.MULTILINE)
    assert refused == [
        "no secret of this receiver made the signature",
        "webhook-id is missing",
        "data is not as it is in an event",
    ]


def test_it_answers_as_it_is_told_to_so_that_an_event_is_sent_again(tmp_path: Path) -> None:
    with listening(tmp_path, "--fail", "503") as running:
        assert [running.post(event()), running.post(event())] == [503, 503]
        assert running.post(event(), {}) == 401
    assert running.out.count("certification.suspended") == 2


def test_it_is_at_its_path_alone(tmp_path: Path) -> None:
    with listening(tmp_path, "--path", "/hooks/trivet") as running:
        assert running.address.endswith("/hooks/trivet")
        assert (running.post(event()), running.post(event(), path="/x")) == (204, 404)
        assert "nothing is received at '/hooks/trivet/x'" in running.err


def test_two_secrets_are_taken_while_one_is_rotated(tmp_path: Path) -> None:
    with listening(tmp_path, secret=f"{OTHER} {SECRET}") as running:
        assert [running.post(event(), signed(event(), s)) for s in (OTHER, SECRET)] == [204, 204]


def test_no_line_holds_what_a_terminal_would_obey(tmp_path: Path) -> None:
    with listening(tmp_path) as running:
        assert running.post(event(watches=[changed(WATCH, reference="PO\x1b[2J\n1")])) == 204
    assert "[PO�[2J�1: pass -> fail]" in running.out
    assert running.out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "set TRIVET_WEBHOOK_SECRET, or give --secret: the service gives the secret"),
        (("--secret", "whsec_short"), "can't be one"),
        (("--secret", SECRET, "--fail", "200"), "--fail takes a status"),
        (("--secret", SECRET, "--path", "hooks"), "--path begins with /"),
    ],
)
def test_what_it_can_not_do_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, operator: Operator
) -> None:
    line = operator.refused("listen", *arguments)
    assert said in line
    assert SECRET not in line


def test_an_address_that_is_taken_is_said_in_one_line(operator: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = operator.refused("listen", "--secret", SECRET, "--port", port)
    assert "Address already in use" in line
