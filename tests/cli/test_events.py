"""`trivet events`: what was told, a line each, and where to go on from."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.client.answering import PASSES, Answering, answering_service
from tests.client.scripted import KEY, Scripted, problem, says, scripted_server
from tests.client.test_events import suspend
from tests.client.webhooks import event
from tests.commands import Operator
from tests.processes import COMMAND, PATIENCE, until
from trivet_client import TrivetClient


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    """A service that has told of a provider, and of a trainer who was erased then."""
    with answering_service(tmp_path_factory.mktemp("events")) as service:
        with TrivetClient(service.url, service.watching_key) as trivet:
            trivet.watch(**PASSES, reference="PO-1")
            trivet.watch(provider=PASSES["provider"], kind="provider", reference="LF")
        service.publish(lambda document: suspend("authorisations", "AUTH-01", document))
        service.publish(lambda document: suspend("providers", "lanternfold", document))
        service.erase("trainer-01")
        yield service


@pytest.fixture
def caller(operator: Operator, answering: Answering) -> Operator:
    operator.set("TRIVET_URL", answering.url)
    operator.set("TRIVET_API_KEY", answering.watching_key)
    return operator


@pytest.fixture
def scripted(operator: Operator) -> Iterator[Scripted]:
    with scripted_server() as script:
        operator.set("TRIVET_URL", script.url)
        operator.set("TRIVET_API_KEY", KEY)
        yield script


def after(err: str) -> str:
    """Return the cursor that was told in the end."""
    found = re.fullmatch(r"go on with --after (\S+)\n", err)
    assert found, err
    return found[1]


def test_each_event_is_a_line_and_the_end_says_where_to_go_on_from(caller: Operator) -> None:
    ran = caller("events")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert any(
        re.search(r'certification\.suspended provider lanternfold ".*" in_force -> suspended', line)
        for line in lines
    )
    assert any("authorisation.suspended" in line for line in lines)  # of whom, is erased
    assert any("watch.ended" in line for line in lines)
    again = caller("events", f"--after={after(ran.err)}")
    assert (again.status, again.out, again.err) == (0, "", ran.err)


def test_json_is_each_event_as_it_came_and_only_of_the_type(caller: Operator) -> None:
    ran = caller("events", "--json", "--type=certification.suspended")
    (told,) = (json.loads(line) for line in ran.out.splitlines())
    assert told["data"]["subject"]["register"] == "lanternfold"


def test_what_can_not_be_read_is_said_in_one_line(caller: Operator) -> None:
    assert "?after" in caller.refused("events", "--after=nonsense")
    assert "type" in caller.refused("events", "--type=nothing.such")


def test_what_breaks_off_says_where_to_go_on_from(scripted: Scripted, operator: Operator) -> None:
    page = {"items": [event()], "nextCursor": "second"}
    scripted.will(says(page), problem(500, "internal_error"))
    ran = operator("events")
    assert ran.status == 3
    assert ran.out.count("certification.suspended") == 1
    assert "go on with --after second\n" in ran.err


def test_it_follows_until_it_is_interrupted_and_ends_quietly(
    scripted: Scripted, operator: Operator
) -> None:
    scripted.will(says({"items": [], "nextCursor": "first"}))
    scripted.will(says({"items": [event()], "nextCursor": "second"}))
    scripted.will(*[says({"items": [], "nextCursor": "second"})] * 50)
    out, err = operator.folder / "out", operator.folder / "err"
    with out.open("wb") as written, err.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [COMMAND, "events", "--follow"], env=os.environ, stdout=written, stderr=said
        )
        try:
            until(lambda: b"certification.suspended" in out.read_bytes())
            until(lambda: len(scripted.requests) >= 3)
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.wait(PATIENCE)
    assert err.read_text() == "go on with --after second\n"
    asked = [request.path for request in scripted.requests[:3]]
    assert asked == [
        "/v1/events?limit=200",
        "/v1/events?after=first&limit=200",
        "/v1/events?after=second&limit=200",
    ]


def test_a_reader_that_stops_reading_ends_it_quietly(scripted: Scripted) -> None:
    scripted.will(*[says({"items": [event()] * 3, "nextCursor": str(n)}) for n in range(3)])
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(  # noqa: S603  # our own command
        [COMMAND, "events", "--follow"],
        env=os.environ,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        check=False,
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")
