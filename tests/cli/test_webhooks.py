"""`trivet webhooks`, from an endpoint that is made to an event that arrives."""

import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.test_listen import listening
from tests.client.answering import TO_LOOPBACK, Answering, answering_service
from tests.client.scripted import Scripted, says, scripted_server
from tests.client.test_events import suspend
from tests.commands import Operator
from tests.processes import served, until
from trivet.sample import FOLDER


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("webhooks")) as service:
        yield service


@pytest.fixture
def caller(operator: Operator, answering: Answering) -> Operator:
    operator.set("TRIVET_URL", answering.url)
    operator.set("TRIVET_API_KEY", answering.watching_key)
    return operator


@pytest.fixture
def receiver() -> Iterator[Scripted]:
    """Whoever receives what the service sends."""
    with scripted_server() as script:
        yield script


def made(caller: Operator, url: str, *arguments: str) -> str:
    """Make an endpoint and return its id."""
    ran = caller("webhooks", "add", url, *arguments)
    assert ran.status == 0, ran
    return ran.out.split()[0]


def test_an_endpoint_is_made_with_its_id_and_a_secret_that_is_shown_once(
    caller: Operator, receiver: Scripted
) -> None:
    ran = caller(
        "webhooks",
        "add",
        receiver.url,
        "--type=register.stale",
        "--type=watch.ended",
        "--description=Orders",
    )
    assert ran.status == 0
    assert re.fullmatch(r"whe_[0-9a-f]{32}\nwhsec_\S{40,}\n", ran.out)
    assert ran.err == "Keep the secret: it is not shown again.\n"
    endpoint, secret = ran.out.split()
    listed = caller.done("webhooks", "list")
    assert f"{endpoint}  enabled  {receiver.url}  register.stale watch.ended  Orders\n" in listed
    assert secret not in listed


def test_a_test_that_is_handled_exits_with_0_and_one_that_is_not_with_1(
    caller: Operator, receiver: Scripted
) -> None:
    endpoint = made(caller, receiver.url)
    receiver.will(says("", 204), says("It \x1b[2J broke.", 500))
    sent = caller("webhooks", "test", endpoint, "--type=certification.suspended")
    assert (sent.status, sent.err) == (0, "")
    assert re.fullmatch(r"delivered: answered 204 in \d+\.\d\d s\n", sent.out)
    refused = caller("webhooks", "test", endpoint)
    assert refused.status == 1
    assert refused.out.startswith("not delivered: answered 500 in ")
    assert refused.out.endswith(" s: It �[2J broke.\n")
    types = [request.body["type"] for request in receiver.requests]
    assert types == ["certification.suspended", "webhook.test"]


def test_an_endpoint_that_nobody_answers_at_is_not_delivered_to(caller: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    ran = caller("webhooks", "test", made(caller, url))
    assert ran.status == 1
    assert ran.out.startswith("not delivered: ")
    assert "None" not in ran.out


def test_a_rotated_secret_is_shown_once_with_until_when_both_sign(
    caller: Operator, receiver: Scripted
) -> None:
    endpoint = made(caller, receiver.url)
    ran = caller("webhooks", "rotate", endpoint, "--overlap=P2D")
    assert ran.status == 0
    assert ran.out.startswith("whsec_")
    soon = datetime.now(UTC) + timedelta(days=2)
    assert f"Both sign until {soon:%Y-%m-}" in ran.err
    assert "/overlap" in caller.refused("webhooks", "rotate", endpoint, "--overlap=P1Y")


def test_an_endpoint_is_disabled_enabled_and_deleted(caller: Operator, receiver: Scripted) -> None:
    endpoint = made(caller, receiver.url)
    assert caller.done("webhooks", "disable", endpoint) == f"{endpoint} is disabled.\n"
    assert f"{endpoint}  disabled (asked)" in caller.done("webhooks", "list")
    since = ("--since", datetime.now(UTC).isoformat())
    assert "409 endpoint_disabled" in caller.refused("webhooks", "recover", endpoint, *since)
    assert caller.done("webhooks", "enable", endpoint) == f"{endpoint} is enabled.\n"
    assert caller.done("webhooks", "recover", endpoint, *since) == "0 on their way.\n"
    assert caller.done("webhooks", "deliveries", endpoint, "--state=failed") == "There are none.\n"
    assert caller.done("webhooks", "delete", endpoint) == f"{endpoint} is deleted.\n"
    assert "404" in caller.refused("webhooks", "delete", endpoint)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "http://192.0.2.1/"), "/url"),
        (("add", "https://192.0.2.1/", "--type=nothing.such"), "--type: use "),
        (("test", "whe_none"), "404"),
        (("deliveries", "whe_none", "--state=lost"), "--state"),
        (("redeliver", "whe_none", "dlv_none"), "404"),
        (("recover", "whe_none", "--since=yesterday"), "--since: give an instant"),
    ],
    ids=["address", "type", "test", "state", "redeliver", "since"],
)
def test_what_it_can_not_do_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, caller: Operator
) -> None:
    assert said in caller.refused("webhooks", *arguments)


def test_from_an_endpoint_that_is_made_to_events_that_arrive(operator: Operator) -> None:
    """The service is a process of its own, and so is whoever receives."""
    for name in ("sample.toml", "register.json"):
        (operator.sources / name).write_text((FOLDER / name).read_text())
    operator.done("sync")
    operator.set(
        "TRIVET_API_KEY", operator.done(*["keys", "create", "--account", "T", "--scopes", "watch"])
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with served(operator.folder, **TO_LOOPBACK) as service:
        operator.set("TRIVET_URL", service.address)
        added = operator("webhooks", "add", f"http://127.0.0.1:{port}/hooks")
        endpoint, secret = added.out.split()
        with listening(operator.folder, "--path", "/hooks", secret=secret, port=port) as receiver:
            operator.done("webhooks", "test", endpoint)
            assert "webhook.test (test)" in receiver.out
            operator.done("watches", "add", "--kind=provider", "--provider=register:lanternfold")
            register = operator.sources / "register.json"
            register.write_text(_suspended(register.read_text()))
            operator.done("sync")
            until(lambda: receiver.out.count("certification.suspended provider") == 1)
            deliveries = ("webhooks", "deliveries", endpoint)
            until(lambda: operator.done(*deliveries, "--state=pending") == "There are none.\n")
            (delivered,) = operator.done(*deliveries, "--state=delivered").splitlines()
            assert "certification.suspended  1 try, last " in delivered
            operator.done("webhooks", "redeliver", endpoint, delivered.split()[0])
            until(lambda: receiver.out.count("certification.suspended provider") == 2)
        assert "certification.suspended provider lanternfold" in operator("events").out


def _suspended(register: str) -> str:
    document = json.loads(register)
    suspend("providers", "lanternfold", document)
    return json.dumps(document)
