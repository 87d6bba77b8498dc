"""`trivet watches`: what is watched, what it says of it, and the exit status that a script goes by."""

import csv
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.client.answering import Answering, answering_service
from tests.client.scripted import KEY, Scripted, hangs, says, scripted_server
from tests.commands import Operator
from tests.processes import COMMAND

CERTIFIED = (
    "--provider=certificate:SAMPLE-0001",
    "--programme=register:lf-foundation",
    "--trainer=authorisation:AUTH-01",
)
WITHDRAWN = ("--provider=certificate:SAMPLE-0006", "--programme=register:fa-roots")
COLUMNS = ("provider_scheme", "provider", "kind", "reference", "expiry_notice")


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("watches")) as service:
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


def write(file: Path, *rows: Sequence[str]) -> Path:
    with file.open("w", newline="") as written:
        csv.writer(written).writerows([COLUMNS, *rows])
    return file


def test_what_passes_says_so_with_its_id_and_exits_with_0(caller: Operator) -> None:
    ran = caller("watches", "add", *CERTIFIED, "--reference=PO-1", "--expiry-notice=P30D")
    assert (ran.status, ran.err) == (0, "")
    headline, watched = ran.out.splitlines()
    assert headline.startswith("Certified on this date, according to the mirror of sample as of")
    listed = json.loads(caller.done("watches", "list", "--reference=PO-1", "--json"))
    assert watched == f"Watched (triple) as {listed['id']}, reference PO-1"
    assert listed["expiryNotice"] == ["P30D"]


def test_what_fails_and_what_is_not_confirmed_exit_as_verify_does(caller: Operator) -> None:
    fails = caller("watches", "add", *WITHDRAWN, "--trainer=authorisation:AUTH-11")
    assert (fails.status, fails.err) == (1, "")
    assert fails.out.startswith("Not certified on this date: provider.\nWatched (triple) as wat_")
    assert "provider_withdrawn, R20" in fails.out
    doubt = caller("watches", "add", *CERTIFIED[:2])
    assert (doubt.status, doubt.err) == (2, "")
    assert doubt.out.startswith("Not confirmed. This is not a finding against the provider.\n")


def test_a_part_that_passes_alone_is_not_called_certified(caller: Operator) -> None:
    ran = caller("watches", "add", CERTIFIED[0], "--kind=provider")
    assert ran.status == 0
    assert ran.out.startswith("Nothing against this provider alone on this date, according to")


def test_every_option_is_asked_with(caller: Operator) -> None:
    caller.done(
        "watches",
        "add",
        "--provider=certificate:SAMPLE-0001",
        "--provider=ukprn:19990001",
        "--programme=register:lf-advanced",
        "--trainer=authorisation:AUTH-01",
        "--on=2027-05-01",
        "--delivered-by=register:lanternfold",
        "--setting=secure",
        "--nation=england",
        "--population=adults",
        "--module=seclusion",
        "--reference=PO-all",
    )
    listed = json.loads(caller.done("watches", "list", "--reference=PO-all", "--json"))
    assert [one["scheme"] for one in listed["provider"]] == ["certificate", "ukprn"]
    assert listed["deliveredBy"] == {"scheme": "register", "value": "lanternfold"}
    assert listed["deliveredOn"] == listed["standing"]["on"] == "2027-05-01"
    assert listed["scope"] == {
        "setting": "secure",
        "nation": "england",
        "population": "adults",
        "modules": ["seclusion"],
    }


def test_a_reference_is_that_of_one_watch_unless_it_is_to_be_replaced(caller: Operator) -> None:
    caller.done("watches", "add", *CERTIFIED, "--reference=PO-2")
    again = (CERTIFIED[0], "--kind=provider", "--reference=PO-2")
    assert "409" in caller.refused("watches", "add", *again)
    caller.done("watches", "add", *again, "--replace")
    line = caller.done("watches", "list", "--reference=PO-2")
    assert line.split()[1:] == ["pass", "provider", "certificate:SAMPLE-0001", "PO-2"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--provider is needed"),
        (CERTIFIED[:1], "--programme: a triple"),
        ((*CERTIFIED, "--kind=everything"), "--kind"),
        ((*CERTIFIED, "--on=12/03/2026"), "--on: give a day"),
        ((*CERTIFIED, "--expiry-notice=P1M"), "/expiryNotice/0"),
        ((*CERTIFIED, "--kind=provider"), "/programme"),
    ],
)
def test_what_can_not_be_watched_is_said_in_one_line(
    arguments: tuple[str, ...], said: str, caller: Operator
) -> None:
    assert said in caller.refused("watches", "add", *arguments)


def test_a_watch_that_may_have_been_opened_is_asked_for_again_under_one_key(
    scripted: Scripted, operator: Operator
) -> None:
    scripted.will(says("no", 503, "application/problem+json"), says({}, 201))
    operator.refused("watches", "add", *CERTIFIED)
    first, second = (request.headers["idempotency-key"] for request in scripted.requests)
    assert first == second


def test_a_watch_that_was_ended_is_listed_no_more(caller: Operator) -> None:
    caller.done("watches", "add", *CERTIFIED, "--reference=PO-3")
    watch = caller.done("watches", "list", "--reference=PO-3").split()[0]
    assert caller.done("watches", "end", watch) == f"{watch} has ended.\n"
    assert caller.done("watches", "list", "--reference=PO-3").startswith("Nothing is watched")
    assert caller.done("watches", "list", "--reference=PO-3", "--json") == ""
    assert "404 not_found" in caller.refused("watches", "end", watch)


# ---- a file


def test_a_file_whose_rows_are_all_watched_exits_with_0_as_often_as_it_is_sent(
    caller: Operator,
) -> None:
    file = write(
        caller.folder / "orders.csv",
        ("certificate", "SAMPLE-0001", "provider", "F-1", "P30D P7D"),
        ("certificate", "SAMPLE-0006", "provider", "F-2", ""),
    )
    stand = "Now 1 pass, 1 fail, 0 cannot be confirmed."
    assert caller.done("watches", "import", str(file)) == (
        f"2 rows: 2 created, 0 unchanged, 0 replaced, 0 refused. {stand}\n"
    )
    assert caller.done("watches", "import", str(file)) == (
        f"2 rows: 0 created, 2 unchanged, 0 replaced, 0 refused. {stand}\n"
    )


def test_refused_rows_are_named_with_why_and_the_exit_status_is_3(caller: Operator) -> None:
    file = write(
        caller.folder / "orders.csv",
        ("certificate", "SAMPLE-0001", "provider", "G-1", ""),
        ("certificate", "SAMPLE-0001", "provider", "", ""),
        ("certificate", "SAMPLE-0001", "provider", "G-\x1b[2J3", ""),
        ("certificate", "SAMPLE-0001", "everything", "G-4", ""),
    )
    ran = caller("watches", "import", str(file))
    assert ran.status == 3
    assert ran.out.startswith("4 rows: 1 created, 0 unchanged, 0 replaced, 3 refused. Now 1 pass")
    nameless, odd, unknown = ran.err.splitlines()
    assert nameless.startswith("row 2: `reference` is missing")
    assert odd.startswith("row 3 (G-�[2J3): ")
    assert unknown.startswith("row 4 (G-4): ")
    assert "column kind" in unknown


def test_a_row_takes_the_place_of_another_only_where_it_is_to(caller: Operator) -> None:
    first = write(caller.folder / "a.csv", ("certificate", "SAMPLE-0001", "provider", "H-1", ""))
    then = write(caller.folder / "b.csv", ("certificate", "SAMPLE-0006", "provider", "H-1", ""))
    caller.done("watches", "import", str(first))
    ran = caller("watches", "import", str(then))
    assert ran.status == 3
    assert "row 1 (H-1): " in ran.err
    assert "1 replaced" in caller.done("watches", "import", str(then), "--replace")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read: No such file"),
        (b"", "--rows: the file is empty"),
        ("reference\nTräining".encode("latin-1"), "--rows: give csv in UTF-8"),
        (b"supplier,reference\n", "unknown: supplier"),
    ],
    ids=["absent", "empty", "latin-1", "columns"],
)
def test_a_file_that_can_not_be_sent_is_said_in_one_line(
    content: bytes | None, said: str, caller: Operator
) -> None:
    file = caller.folder / "orders.csv"
    if content is not None:
        file.write_bytes(content)
    assert said.replace("--rows: ", "") in caller.refused("watches", "import", str(file))


def test_a_bar_grows_on_a_terminal_while_a_file_takes_long(
    scripted: Scripted, operator: Operator
) -> None:
    rows = [("certificate", "SAMPLE-0001", "provider", f"R-{n}", "") for n in range(251)]
    file = write(operator.folder / "orders.csv", *rows)
    told = [
        {"row": n, "reference": "R", "outcome": "created", "watch": "wat_1", "verdict": "pass"}
        for n in range(1, 251)
    ]
    first = says({"items": told})

    def slowly(handler: object) -> None:
        scripted.released.wait(1.2)
        first(handler)  # type: ignore[arg-type]

    scripted.will(slowly, hangs(scripted))
    ours, theirs = os.openpty()
    ran = subprocess.Popen(  # noqa: S603  # our own command
        [COMMAND, "watches", "import", file],
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"250/251" not in shown:
        shown += os.read(ours, 1024)
    ran.terminate()
    with ran:
        ran.communicate(timeout=30)
    os.close(ours)
