"""Confirmations on the command line: recorded from a letter, listed with what ends soon, ended."""

import hashlib
import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Operator
from tests.processes import served
from tests.register.documents import body, document, in_force, programme, provider
from trivet.london import day_of
from trivet.sample import FOLDER

PAGE = Path(__file__).parents[2] / "service" / "docs" / "confirmations.md"
PROFILE = (
    'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P36500D"\n'
)
TODAY = day_of(datetime.now(UTC))
TRAINER = (
    "--trainer=tr-1",
    "--family-name=Wader",
    "--provider=heron",
    "--role=senior",
    "--programmes=all",
)
CERTIFIED = in_force("2024-01-01", "2036-01-01")


def put(operator: Operator, **records: Any) -> None:
    (operator.sources / "list.toml").write_text(PROFILE)
    written = document(
        dict.fromkeys(("bodies", "providers", "programmes"), "complete"),
        bodies=[body()],
        providers=[provider(periods=CERTIFIED)],
        programmes=[programme()],
        **records,
    )
    (operator.sources / "register.json").write_text(json.dumps(written))


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    """Someone who mirrors a list without trainers, and has a letter."""
    put(operator)
    operator.done("sync")
    (operator.folder / "letter.pdf").write_bytes(b"a letter (fictional)")
    return operator


def add(operator: Operator, *said: str) -> tuple[str, ...]:
    """Return the command that records the letter; what is said takes the place of what is usual."""
    usual = {
        "--confirmed-by": "Certification desk (fictional)",
        "--confirmed-on": "2026-03-03",
        "--document": str(operator.folder / "letter.pdf"),
    }
    given = {word.partition("=")[0] for word in said}
    rest = [f"{name}={value}" for name, value in usual.items() if name not in given]
    return "confirmations", "add", *rest, *said


def kept(operator: Operator) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(operator.folder / "trivet.db")) as connection:
        rows = connection.execute("select id, register, ending, document from confirmations")
        return rows.fetchall()


def test_what_is_confirmed_is_printed_to_be_compared_with_the_letter(mirrored: Operator) -> None:
    told = mirrored.done(*add(mirrored, "--authorisation=AU-1", *TRAINER, "--to=2027-06-30"))
    digest = hashlib.sha256(b"a letter (fictional)").hexdigest()
    lines = told.splitlines()
    assert re.fullmatch(
        r"cnf_[0-9a-f]{32}: what was confirmed of authorisation AU-1 is recorded\.", lines[0]
    )
    assert lines[1:-1] == [
        "  by Certification desk (fictional), on 2026-03-03, good until 2027-03-02",
        f"  letter.pdf, sha256:{digest}",
        "  trainer: tr-1",
        "  provider: heron",
        "  role: senior",
        "  programmes: all",
        "  period: in force from a day not recorded to 2027-06-30",
    ]
    assert "Wader" not in told
    assert kept(mirrored)[0][3] == f"sha256:{digest}"


def test_a_record_that_is_held_is_given_by_its_id_alone(mirrored: Operator) -> None:
    told = mirrored(*add(mirrored, "--programme=HERON-1", "--to=2027-06-30"))
    assert told.status == 0
    assert "programme heron-1 is recorded" in told.out
    assert told.err.startswith("trivet: please look again: list says otherwise of the period")


def test_the_walk_of_the_page_goes_as_the_page_says(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = json.loads((FOLDER / "register.json").read_text())
    register["authorisations"], register["coverage"]["authorisations"] = [], "none"
    (operator.sources / "register.json").write_text(json.dumps(register))
    (operator.sources / "list.toml").write_text((FOLDER / "sample.toml").read_text())
    operator.done("sync")
    (operator.folder / "answer.eml").write_text("AUTH-01 is … (fictional)")
    monkeypatch.chdir(operator.folder)
    operator.set("TRIVET_API_KEY", operator.key())
    ids: list[str] = []
    with served(operator.folder) as server:
        operator.set("TRIVET_URL", server.address)
        for command, expected in walk():
            words = shlex.split(command.replace("cnf_…", ids[-1] if ids else ""))
            ran = operator(*words[1:])
            assert ran.status in (0, 2), ran
            ids += re.findall(r"cnf_[0-9a-f]{32}", ran.out)
            told = re.sub(r"cnf_[0-9a-f]{32}", "cnf_…", ran.out)
            for line in expected:
                assert line in told, (line, told)


def walk() -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of the page with the lines that they print."""
    blocks = re.findall(r"<!-- walk -->\n```console\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        for part in block.split("$ ")[1:]:
            command, *lines = part.splitlines()
            yield command, [line for line in lines if line.strip()]


# What is refused

REFUSED: list[tuple[tuple[str, ...], str]] = [
    ((), "say which record was confirmed: --certification, --programme, --authorisation"),
    (("--programme=heron-1", "--authorisation=AU-1"), "--programme, --authorisation: give one"),
    (("--authorisation=AU-1",), "--authorisation: the mirror holds no authorisation 'AU-1'"),
    (("--certification=ibis",), "--certification: the mirror holds no provider 'ibis'"),
    (("--affiliation=AF-1",), "--affiliation: the mirror holds no affiliation 'AF-1'"),
    (
        ("--programme=heron-1", "--provider=ibis"),
        "--provider: the register holds no provider 'ibis'",
    ),
    (("--programme=heron-1", "--confirmed-on=3/3/26"), "--confirmed-on: '3/3/26' is not a day"),
    (("--programme=heron-1", "--good-until=x"), "--good-until: 'x' is not a day"),
    (("--programme=heron-1", "--good-until=2026-03-02"), "--good-until: 2026-03-02 is before"),
    (("--programme=heron-1", "--to=9999-12-31"), "--to: 9999-12-31 is too far away"),
    (
        ("--programme=heron-1", "--from=2026-01-02", "--to=2026-01-01"),
        "--to: is before its beginning",
    ),
    (
        ("--programme=heron-1", "--status=suspended"),
        "--from: is needed: since when is it suspended?",
    ),
    (("--programme=heron-1", "--role=senior"), "--role: is not said of programmes"),
    (("--programme=heron-1", "--setting=Big School"), "--setting: 'Big School' is not lower-case"),
    (("--programme=heron-1", "--confirmed-by= "), "--confirmed-by: is empty"),
    (("--certification=heron", "--identifier=ods"), "--identifier: 'ods' is not scheme:value"),
    (("--certification=heron", "--identifier=nhs:RX9"), "--identifier: Invalid enum value 'nhs'"),
    (("--certification=heron", "--identifier=ods:!"), "--identifier: is not a ods identifier"),
    (
        (*TRAINER[:-1], "--programmes=heron-1,heron-9"),
        "--programmes: the register holds no programme",
    ),
    (
        (*TRAINER, "--organisation-identifier=ods:ZZ1"),
        "--organisation: give the organisation's name",
    ),
    (
        ("--organisation=Reed Ward", "--provider=heron", "--programmes=all"),
        "--organisation-identifier: is empty",
    ),
    (("--trainer=tr-1", "--provider=heron", "--programmes=all"), "--role: is needed for a record"),
    (("--title=Programme heron 1", "--body=body"), "--body: is not said of programmes"),
]


@pytest.mark.parametrize(("said", "error"), REFUSED)
def test_what_can_not_be_recorded_is_told_by_its_option(
    mirrored: Operator, said: tuple[str, ...], error: str
) -> None:
    line = mirrored.refused(*add(mirrored, *said))
    assert line.startswith(error), line
    assert kept(mirrored) == []


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("nowhere.pdf", "can't be read: No such file"),
        (".", "can't be read: Is a directory"),
        ("empty.pdf", "is empty"),
    ],
)
def test_without_a_letter_that_can_be_read_nothing_is_recorded(
    mirrored: Operator, file: str, error: str
) -> None:
    (mirrored.folder / "empty.pdf").touch()
    document = mirrored.folder / file
    line = mirrored.refused(*add(mirrored, "--programme=heron-1", f"--document={document}"))
    assert line.startswith(f"--document: {document} {error}")
    assert kept(mirrored) == []


def test_before_anything_was_mirrored_there_is_nothing_to_confirm(operator: Operator) -> None:
    (operator.folder / "letter.pdf").write_text("a letter")
    line = operator.refused(*add(operator, "--programme=heron-1"))
    assert line == "no register has been mirrored yet: run `trivet sync` first"


# Listing and ending


def test_the_list_says_what_is_over_and_what_will_be_soon(mirrored: Operator) -> None:
    assert "Nothing is confirmed" in mirrored.done("confirmations", "list")
    for number, days in enumerate((-1, 0, 60, 61)):
        mirrored(
            *add(
                mirrored,
                f"--authorisation=AU-{number}",
                f"--trainer=tr-{number}",
                *TRAINER[2:],
                f"--confirmed-on={TODAY - timedelta(days=100)}",
                f"--good-until={TODAY + timedelta(days=days)}",
            )
        )
    told = mirrored.done("confirmations", "list")
    states = dict(re.findall(r"authorisation (AU-\d).*\d{4}-\d\d-\d\d  (\S.*?) *\n", told))
    assert states == {
        "AU-0": "OVER",
        "AU-1": "ends in 0 days",
        "AU-2": "ends in 60 days",
        "AU-3": "good",
    }
    assert "1 over: what rests on them can't be confirmed." in told
    assert "2 will be over within 60 days." in told


def test_one_that_ended_is_listed_with_its_reason_if_asked_for(mirrored: Operator) -> None:
    mirrored.done(*add(mirrored, "--authorisation=AU-1", *TRAINER))
    ((confirmation, *_),) = kept(mirrored)
    told = mirrored.done("confirmations", "end", confirmation, "--reason", "They left")
    assert told == f"{confirmation} of authorisation AU-1 holds no more, from today on.\n"
    assert "Nothing is confirmed" in mirrored.done("confirmations", "list")
    assert "They left" in mirrored.done("confirmations", "list", "--all")
    line = mirrored.refused("confirmations", "end", confirmation, "--reason", "Again")
    assert line == f"{confirmation} has ended already (ended: They left)"


def test_a_mistake_is_said_to_have_been_one(mirrored: Operator) -> None:
    mirrored.done(*add(mirrored, "--authorisation=AU-1", *TRAINER))
    ((confirmation, *_),) = kept(mirrored)
    told = mirrored.done("confirmations", "end", confirmation, "--reason", "Typo", "--mistaken")
    assert told == f"{confirmation} of authorisation AU-1 never held.\n"
    assert kept(mirrored)[0][2] == "mistaken"


def test_what_is_not_there_can_not_be_ended(mirrored: Operator) -> None:
    line = mirrored.refused("confirmations", "end", "cnf_none", "--reason", "Why not")
    assert line == "there is no confirmation 'cnf_none': see `trivet confirmations list`"


def test_an_end_says_why(mirrored: Operator) -> None:
    mirrored.done(*add(mirrored, "--authorisation=AU-1", *TRAINER))
    ((confirmation, *_),) = kept(mirrored)
    line = mirrored.refused("confirmations", "end", confirmation, "--reason", " ")
    assert line == "--reason: is empty: say why it ends"
    assert kept(mirrored)[0][2] is None


def test_the_status_of_the_register_points_to_the_list(mirrored: Operator) -> None:
    mirrored.done(*add(mirrored, "--authorisation=AU-1", *TRAINER))
    told = mirrored.done("register", "status")
    assert re.search(r"confirmations: as of .*, see `trivet confirmations list`, certifier", told)
    assert "STALE" not in told
