"""A batch of any length streams through a server whose memory does not grow with it, and harms nobody beside it."""

import hashlib
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.commands import Operator
from tests.databases import rows as database_rows
from tests.databases import settings_of
from tests.processes import Served, served, until
from tests.register.documents import whole
from tests.service import PROFILE
from trivet.verification.receipts import BatchReceipt, verify_any_receipt

MOST_GROWTH = 32 * 1024 * 1024
BATCH = "/v1/verifications/batch"
LINES = {"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"}
QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "deliveredOn": "2026-03-12",
}


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    (operator.sources / "register.json").write_text(json.dumps(whole()))
    (operator.sources / "list.toml").write_text(PROFILE)
    operator.done("sync")
    return operator


def rows(count: int) -> Iterator[bytes]:
    """Yield so many rows, each tenth of which is none."""
    for n in range(count):
        row: dict[str, Any] = {**QUESTION, "reference": f"PO-{n}"}
        yield json.dumps(row if n % 10 else {"reference": f"PO-{n}"}).encode() + b"\n"


def streamed(service: Served, key: str, count: int) -> BatchReceipt:
    """Send so many rows and read every result; return the receipt, once it verifies over them."""
    digest, read, last = hashlib.sha256(), 0, b""
    with (
        service.client(key) as client,
        client.stream("POST", BATCH, content=rows(count), headers=LINES, timeout=600) as response,
    ):
        assert response.status_code == 200
        rest = b""
        for part in response.iter_bytes():
            *whole_lines, rest = (rest + part).split(b"\n")
            for line in whole_lines:
                if line.startswith(b'{"batch"'):
                    last = line
                    continue
                read += 1
                assert line.startswith(b'{"row":%d,"reference":"PO-%d"' % (read, read - 1))
                digest.update(line + b"\n")
    assert read == count
    with service.client(key) as client:
        jwks = client.get("/.well-known/jwks.json").json()
    receipt = verify_any_receipt(json.loads(last)["batch"]["receipt"], jwks)
    assert isinstance(receipt, BatchReceipt)
    assert receipt.results == f"sha256:{digest.hexdigest()}"
    assert (receipt.rows, receipt.problems) == (count, -(-count // 10))
    return receipt


def resident(service: Served) -> int:
    """Return how much memory the server has, in bytes."""
    said = Path(f"/proc/{service.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", said)
    assert found
    return int(found[1]) * 1024


def growth(operator: Operator, count: int) -> int:
    """Return by how much a server grows over a batch of so many rows, after a first one to warm up."""
    key = operator.key()
    with served(operator.folder) as service:
        streamed(service, key, 2000)
        before = resident(service)
        streamed(service, key, count)
        return resident(service) - before


def test_memory_does_not_grow_with_a_batch(mirrored: Operator) -> None:
    assert growth(mirrored, 6000) < MOST_GROWTH


@pytest.mark.soak
def test_a_million_rows_stream_through_in_constant_memory(mirrored: Operator) -> None:
    assert growth(mirrored, 1_000_000) < MOST_GROWTH


def test_who_reads_nothing_and_goes_away_harms_nobody_and_loses_no_answer(
    mirrored: Operator,
) -> None:
    key, count = mirrored.key(), 3000
    with served(mirrored.folder) as service, service.client(key) as client:
        address = urlsplit(service.address)
        alone = took(client)
        body = b"".join(rows(count))
        head = (
            f"POST {BATCH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/x-ndjson\r\nAccept: application/x-ndjson\r\n"
            f"Idempotency-Key: gone\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with closing(socket.create_connection((address.hostname or "", address.port or 0))) as idle:
            idle.sendall(head.encode() + body)  # and nothing of the results is read
            beside = [took(client) for _ in range(30)]
            until(lambda: kept(mirrored) == count)
        assert sorted(beside)[15] < max(10 * alone, 1.0)  # half of them, in seconds
        headers = {**LINES, "Idempotency-Key": "gone"}
        until(lambda: client.post(BATCH, content=body, headers=headers).status_code != 409)
        again = client.post(BATCH, content=body, headers=headers)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.text.count("\n") == count + 1
        assert kept(mirrored) == count


def took(client: httpx.Client) -> float:
    """Return how many seconds one question takes."""
    began = time.monotonic()
    assert client.post("/v1/verifications", json=QUESTION).status_code == 200
    return time.monotonic() - began


def kept(operator: Operator) -> int:
    """Return how many rows of the batch were kept."""
    url = settings_of(operator.folder)["TRIVET_DATABASE_URL"]
    return int(database_rows(url, "SELECT sum(rows) FROM batches")[0][0] or 0)
