"""At the command line: what is held of a person is counted, and erased once that is confirmed; no name is printed."""

import io
import json
import re
import sys
import time

import pytest

from tests.commands import Operator
from tests.people.keeping import about, register
from tests.processes import Served, served, trivet, until
from tests.register.documents import authorisation
from tests.service import PROFILE

GROUND = "request of 3 March (fictional)"


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    """An operator who has mirrored a register in which dunnock-1 has two authorisations."""
    (operator.sources / "cases.toml").write_text(PROFILE)
    publish(operator, register())
    return operator


def publish(operator: Operator, document: object) -> None:
    (operator.sources / "register.json").write_text(json.dumps(document))
    operator.done("sync")


FOUND = """\
authorisations: 2
statements of sources: 2
changes: 2
raw documents that may name the person: 1
watches: 0
questions with their answers: 0
"""


def test_what_is_held_is_counted_and_no_name_is_printed(mirrored: Operator) -> None:
    assert mirrored.done("people", "find", "--trainer", "Dunnock-1") == FOUND
    nothing = mirrored.done("people", "find", "--trainer", "nobody")
    assert re.findall(r": (\d+)\n", nothing) == ["0"] * 6


def test_the_verifications_about_a_person_are_named(mirrored: Operator) -> None:
    key = mirrored.key()
    with served(mirrored.folder) as service:
        asked = service.ask(about("dunnock-1"), key)
        by_number = service.ask(about("AU-dunnock", "authorisation"), key)
        service.ask(about("robin-1"), key)

    told = mirrored.done("people", "find", "--trainer", "dunnock-1")

    assert told.endswith(f"questions with their answers: 2\n  {asked['id']}\n  {by_number['id']}\n")


def test_an_erasure_tells_how_much_it_was_and_is_listed_without_whom(mirrored: Operator) -> None:
    done = mirrored.done(
        "people", "erase", "--trainer", "dunnock-1", "--ground", f" {GROUND}\n", "--yes"
    )
    assert (
        done
        == "Erased: 2 statements, 2 changes, 0 questions with their answers, 0 watches, 1 raw documents.\n"
    )

    head, line = mirrored.done("people", "erasures").splitlines()
    assert head.split() == ["erased", "ground"]
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d UTC +{re.escape(GROUND)} *", line.strip())
    files = b"".join(file.read_bytes() for file in mirrored.folder.glob("trivet.db*"))
    assert b"dunnock" not in files


def test_without_a_terminal_nothing_is_erased_unless_it_is_said_beforehand(
    mirrored: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    line = mirrored.refused("people", "erase", "--trainer", "dunnock-1", "--ground", GROUND)
    assert line == "erasing can't be undone: give --yes to do it without being asked"
    assert mirrored.done("people", "find", "--trainer", "dunnock-1") == FOUND


class Terminal(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 3), ("\n", 3)])
def test_at_a_terminal_it_is_asked_first(
    typed: str, status: int, mirrored: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    ran = mirrored("people", "erase", "--trainer", "dunnock-1", "--ground", GROUND)

    assert ran.status == status
    assert "statements of sources: 2" in ran.err
    assert ("nothing was erased" in ran.err) is bool(status)
    assert (mirrored.done("people", "find", "--trainer", "dunnock-1") == FOUND) is bool(status)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--trainer", "nobody", "--ground", GROUND], "nothing is held of such a trainer"),
        (["--trainer", "no body", "--ground", GROUND], "--trainer is not a register identifier"),
        (["--trainer", "dunnock-1", "--ground", " "], "--ground: give a reason of 1 to 500"),
        (["--trainer", "dunnock-1", "--ground", "x" * 501], "--ground: give a reason of 1 to 500"),
        (["--trainer", "dunnock-1"], "--ground"),
        (["--ground", GROUND], "--trainer"),
    ],
)
def test_what_can_not_be_erased_is_told_in_one_line(
    mirrored: Operator, given: list[str], said: str
) -> None:
    assert said in mirrored.refused("people", "erase", *given, "--yes")
    assert mirrored.done("people", "find", "--trainer", "dunnock-1") == FOUND


def test_somebody_s_further_references_have_to_be_named(mirrored: Operator) -> None:
    corrected = register()["authorisations"]
    corrected[0] = authorisation("AU-dunnock", trainer="accentor-1")
    publish(mirrored, register(authorisations=corrected))

    told = mirrored.done("people", "find", "--trainer", "dunnock-1")
    refused = mirrored.refused(
        "people", "erase", "--trainer", "dunnock-1", "--ground", GROUND, "--yes"
    )
    both = ["--trainer", "dunnock-1", "--trainer", "accentor-1"]
    mirrored.done("people", "erase", *both, "--ground", GROUND, "--yes")

    assert told.endswith("the same authorisations are stated under: accentor-1\n")
    assert refused.startswith(
        "nothing was erased: the same authorisations are stated under accentor-1"
    )
    assert "statements of sources: 0" in mirrored.done("people", "find", *both)


def test_every_running_service_forgets_the_person_within_two_seconds(mirrored: Operator) -> None:
    key = mirrored.key()
    with served(mirrored.folder) as one, served(mirrored.folder) as two:
        before = [service.ask(about("dunnock-1"), key)["verdict"] for service in (one, two)]
        counts = [_authorisations(service, key) for service in (one, two)]
        erased = trivet(
            mirrored.folder, "people", "erase", "--trainer", "dunnock-1", "--ground", "x", "--yes"
        )
        since = time.monotonic()
        after = [service.ask(about("dunnock-1"), key)["verdict"] for service in (one, two)]
        until(lambda: [_authorisations(service, key) for service in (one, two)] == [1, 1])
        took = time.monotonic() - since

    assert (erased.returncode, erased.stderr) == (0, "")
    assert before == ["pass", "pass"]
    assert counts == [3, 3]
    assert after == ["cannot_confirm", "cannot_confirm"]
    assert took < 2


def _authorisations(service: Served, key: str) -> int:
    with service.client(key) as client:
        return int(client.get("/v1/register").json()["counts"]["authorisations"])
