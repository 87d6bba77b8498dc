"""`trivet serve` as a process of its own, beside the processes that mirror."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.commands import Operator
from tests.processes import served, trivet, until
from tests.register.documents import in_force, period, provider, whole
from tests.service import PROFILE

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "deliveredOn": "2026-03-12",
}


def put(operator: Operator, **records: object) -> None:
    (operator.sources / "register.toml").write_text(PROFILE)
    (operator.sources / "register.json").write_text(json.dumps(whole(**records)))


def test_a_running_service_answers_from_another_processs_sync_within_two_seconds(
    operator: Operator,
) -> None:
    key = operator.key()
    with served(operator.folder) as service, service.client(key) as client:
        assert client.post("/v1/verifications", json=QUESTION).json()["code"] == "no_snapshot"
        assert client.get("/health/ready").status_code == 503

        withdrawn = [*in_force("2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]
        took = []
        for periods, verdict in ((in_force(), "pass"), (withdrawn, "fail"), (in_force(), "pass")):
            put(operator, providers=[provider(periods=periods)])
            synced = operator.done("sync")
            published = time.monotonic()
            # Reads first: a question looks for the newest register by itself.
            until(lambda: _snapshot(client) in synced)  # noqa: B023 - asked before the next round
            assert _provider(client) == verdict
            took.append(time.monotonic() - published)

    assert max(took) < 2, took


def _snapshot(client: httpx.Client) -> str:
    return str(client.get("/v1/register").json().get("snapshot"))


def _provider(client: httpx.Client) -> str | None:
    answer = client.post("/v1/verifications", json=QUESTION).json()
    verdicts = {e["element"]: e["verdict"] for e in answer.get("elements", [])}
    return verdicts.get("provider")


def test_a_question_is_answered_from_another_processs_sync_at_once(operator: Operator) -> None:
    put(operator)
    operator.done("sync")
    key = operator.key()
    with served(operator.folder) as service, service.client(key) as client:
        assert _provider(client) == "pass"
        suspended = [period("suspended", "2024-01-01")]
        put(operator, providers=[provider(periods=suspended)])
        operator.done("sync")
        assert _provider(client) == "fail"


def test_a_service_that_ends_when_it_is_interrupted_answers_the_same_once_it_is_started_anew(
    operator: Operator,
) -> None:
    put(operator)
    operator.done("sync")
    key = operator.key()
    with served(operator.folder) as first:
        answer = first.ask(QUESTION, key)
    assert first.process.returncode == 0
    with served(operator.folder) as second, second.client(key) as client:
        kept = client.get(f"/v1/verifications/{answer['id']}").json()
        again = second.ask(QUESTION, key)
        taken = trivet(operator.folder, "serve", "--port", second.address.rpartition(":")[2])
    assert kept == answer
    assert again["register"] == answer["register"]
    assert taken.returncode != 0
    assert "Traceback" not in taken.stderr
    assert "Address already in use" in taken.stderr


def test_processes_that_start_at_once_on_no_database_all_find_one(operator: Operator) -> None:
    put(operator)
    asked = [("register", "status"), ("keys", "list"), ("sync",)]
    with ThreadPoolExecutor(len(asked)) as together:
        ran = list(together.map(lambda command: trivet(operator.folder, *command), asked))
    assert [r.stderr for r in ran] == [""] * len(asked)
    assert [r.returncode for r in ran][1:] == [0, 0]
