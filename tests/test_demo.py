"""`make run`: everything on one machine, with a line to try that passes."""

import json
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import PATIENCE, until


def demo(folder: Path, port: int, out: int | None = None) -> subprocess.Popen[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("TRIVET_")}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "trivet.demo", "--port", str(port), "--folder", str(folder)],
        env=own,
        stdout=out or subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run it on a free port and give what it printed; interrupted, it ends in peace."""
    log = folder.parent / f"{folder.name}.log"
    with log.open("w") as written:
        process = demo(folder, 0, written.fileno())
        try:
            yield until(lambda: _announced(process, log))
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


def _announced(process: subprocess.Popen[str], log: Path) -> str:
    """Return what is printed so far, once the line to try is whole."""
    assert process.poll() is None, process.communicate()
    printed = log.read_text()
    return printed if "curl" in printed and printed.rstrip().endswith("'") else ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "own"


@pytest.fixture(scope="module")
def printed(folder: Path) -> Iterator[str]:
    with running(folder) as told:
        yield told


def keys(printed: str) -> list[str]:
    return re.findall(r"tvt_(?:live|test)_[0-9a-f]{16}_[0-9a-f]{64}", printed)


def request(printed: str) -> httpx.Request:
    """Return the request that the printed line sends, as a shell would read it."""
    words = shlex.split(printed[printed.index("curl ") :])
    assert words[:2] == ["curl", "-s"]
    headers = dict(words[i + 1].split(": ", 1) for i, word in enumerate(words) if word == "-H")
    return httpx.Request("POST", words[2], headers=headers, content=words[words.index("-d") + 1])


def send(asked: httpx.Request) -> dict[str, Any]:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        response = client.send(asked)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_it_tells_its_address_its_keys_and_what_it_mirrored(printed: str) -> None:
    assert re.search(r"trivet answers at http://127\.0\.0\.1:\d+ ", printed)
    assert re.search(r"Live key .*: +tvt_live_", printed)
    assert re.search(r"Test key .*: +tvt_test_", printed)
    assert re.search(r"Mirrored:\n  sample: (updated|unchanged)\n", printed)
    assert "fictional" in printed


def test_the_line_that_it_prints_is_answered_with_a_pass(printed: str) -> None:
    answer = send(request(printed))
    assert answer["verdict"] == "pass"
    assert answer["reasons"] == []


def test_the_test_key_is_answered_from_the_sandbox(printed: str) -> None:
    asked = request(printed)
    live, test = keys(printed)[:2]
    asked.headers["Authorization"] = asked.headers["Authorization"].replace(live, test)
    assert send(asked)["register"]["snapshot"].startswith("snp_sandbox")


def test_the_documentation_page_is_there(printed: str) -> None:
    address = re.search(r"documentation: (\S+)\)", printed)
    assert address
    page = httpx.get(address[1], timeout=PATIENCE, trust_env=False)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]


def test_what_it_keeps_is_for_its_owner_alone(printed: str, folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for secret in ("pepper", "keys.json"):
        assert stat.S_IMODE((folder / secret).stat().st_mode) == 0o600
    assert set(keys(printed)) == set(json.loads((folder / "keys.json").read_text()).values())


def test_started_again_it_has_the_same_keys_and_they_work(tmp_path: Path) -> None:
    with running(tmp_path / "own") as first:
        pass
    with running(tmp_path / "own") as second:
        assert keys(second) == keys(first)
        assert send(request(second))["verdict"] == "pass"
    assert "sample: unchanged" in second


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = demo(tmp_path / "own", port)
        out, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (3, "")
    assert errors.count("\n") == 1
    assert errors.startswith(f"make run: 127.0.0.1:{port} can't be listened on (Address already in")
    assert "make run PORT=8001" in errors


@pytest.mark.parametrize(("port", "said"), [(99999, "99999"), (-1, "-1")])
def test_a_port_that_is_none_is_told_in_one_line(tmp_path: Path, port: int, said: str) -> None:
    process = demo(tmp_path / "own", port)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert said in errors.splitlines()[-1]
