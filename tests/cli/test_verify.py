"""`trivet verify`: what it prints, and the exit status that a script goes by."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.client.answering import Answering, answering_service
from tests.client.scripted import (
    KEY,
    Scripted,
    answer,
    element,
    hangs,
    problem,
    says,
    scripted_server,
)
from trivet.cli import main

CERTIFIED = (
    "--provider=certificate:SAMPLE-0001",
    "--programme=register:lf-foundation",
    "--trainer=authorisation:AUTH-01",
)
WITHDRAWN = (
    "--provider=certificate:SAMPLE-0006",
    "--programme=register:fa-roots",
    "--trainer=authorisation:AUTH-11",
)
TRIVET = Path(sys.executable).parent / "trivet"


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def headline(self) -> str:
        return self.out.splitlines()[0]


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    """The real service, with the sample register."""
    with answering_service(tmp_path_factory.mktemp("answering")) as service:
        yield service


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """A server that replies as the test scripts it, in place of the real one."""
    with scripted_server() as script:
        monkeypatch.setenv("TRIVET_URL", script.url)
        monkeypatch.setenv("TRIVET_API_KEY", KEY)
        yield script


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command against whatever the environment names."""

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(["verify", *arguments])
        status = ended.value.code or 0
        assert isinstance(status, int)
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def verify(run: Run, answering: Answering, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command against the real service."""
    monkeypatch.setenv("TRIVET_URL", answering.url)
    monkeypatch.setenv("TRIVET_API_KEY", answering.key)
    return run


def test_a_pass_says_so_and_exits_with_0(verify: Run) -> None:
    ran = verify(*CERTIFIED)
    assert (ran.status, ran.err) == (0, "")
    assert ran.headline.startswith(
        "Certified on this date, according to the mirror of sample as of 2026-11-01"
    )
    assert "not say that practice in the service is good" in ran.out


def test_a_fail_says_so_and_exits_with_1(verify: Run) -> None:
    ran = verify(*WITHDRAWN, "--evidence=membership", "--evidence=certificate")
    assert (ran.status, ran.err) == (1, "")
    assert ran.headline == "Not certified on this date: provider."
    assert "had been withdrawn by this date" in ran.out
    assert "provider_withdrawn, R20" in ran.out
    assert "Membership of the Restraint Reduction Network is a pledge" in ran.out
    assert "What to do next" in ran.out


def test_a_doubt_says_so_and_exits_with_2(verify: Run) -> None:
    ran = verify("--provider=name:Lanternfold (fictional)", "--programme=register:lf-foundation")
    assert (ran.status, ran.err) == (2, "")
    assert ran.headline == "Not confirmed. This is not a finding against the provider."
    assert "lanternfold  Lanternfold Training Ltd (fictional)" in ran.out


def test_of_a_day_to_come_it_speaks_as_recorded_now(verify: Run) -> None:
    soon = date.today() + timedelta(days=2)  # noqa: DTZ011  # ahead wherever this machine stands
    assert verify(*CERTIFIED, f"--on={soon}").headline.startswith(
        "Certified on this date, as recorded now, according to the mirror of"
    )
    assert verify(*WITHDRAWN, f"--on={soon}").headline.startswith(
        "Not certified on this date, as recorded now: "
    )


def test_every_element_has_a_line_with_its_record_and_last_day(verify: Run) -> None:
    lines = [line.split() for line in verify(*CERTIFIED, "--on=2026-05-01").out.splitlines()]
    judged = {words[1]: words for words in lines if words[:1] == ["pass"]}
    assert judged.keys() == {"body", "provider", "programme", "trainer", "delivery"}
    # The certificate is good until the day before 1 April 2029, on which it is not.
    assert " ".join(judged["provider"]).endswith(
        "lanternfold, from 2026-04-01 to 2029-03-31, register"
    )


def test_an_id_is_shown_as_it_is(run: Run, scripted: Scripted) -> None:
    judged = [element(name) for name in ("body", "programme", "trainer", "delivery")]
    odd = element("provider") | {"record": "ex_1", "provenance": "certifier_confirmed"}
    scripted.will(says(answer(elements=[*judged, odd])))
    assert "ex_1, certifier confirmed\n" in run(*CERTIFIED).out


def test_every_option_is_asked_with(verify: Run) -> None:
    ran = verify(
        "--provider=certificate:SAMPLE-0001",
        "--provider=ukprn:19990001",
        "--programme=register:lf-advanced",
        "--trainer=authorisation:AUTH-01",
        "--family-name=Lampwright",
        "--on=2026-05-01",
        "--delivered-by=register:lanternfold",
        "--setting=secure",
        "--nation=england",
        "--population=adults",
        "--module=seclusion",
        "--evidence=certificate",
        "--reference=PO-1",
        "--purpose=award",
        "--json",
    )
    answer = json.loads(ran.out)
    assert (ran.status, answer["verdict"]) == (0, "pass")
    assert [judged["element"] for judged in answer["elements"]][-1] == "scope"
    said = (answer["deliveredOn"], answer["reference"], answer["purpose"])
    assert said == ("2026-05-01", "PO-1", "award")


@pytest.mark.parametrize("part", ["--setting=school", "--module=seclusion"])
def test_scope_is_judged(part: str, verify: Run) -> None:
    assert verify(*CERTIFIED, part).status == 1


def test_json_is_the_answer_as_it_came_and_nothing_else(run: Run, scripted: Scripted) -> None:
    sent = answer("fail", addedLater=["–"])
    scripted.will(says(sent))
    ran = run(*CERTIFIED, "--json")
    assert (ran.status, json.loads(ran.out), ran.err) == (1, sent, "")


def test_nothing_is_cut_off_where_there_is_no_terminal(
    verify: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    ran = verify(*CERTIFIED, f"--reference={'R' * 150}")
    assert "R" * 150 in ran.out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--provider"),
        (CERTIFIED[:1], "--programme"),
        ((*CERTIFIED, "--provider=SAMPLE-0001"), "--provider: write it as scheme:value"),
        ((*CERTIFIED, "--on=12/03/2026"), "--on: give a day"),
        ((*CERTIFIED, "--on="), "--on: give a day"),
        ((*CERTIFIED[:2], "--trainer="), "--trainer: write it as scheme:value"),
        ((*CERTIFIED[:2], "--family-name=Lampwright"), "--family-name"),
        ((*CERTIFIED, "--evidence=hearsay"), "--evidence"),
        ((*CERTIFIED, "--purpose=fun"), "--purpose"),
        ((*CERTIFIED, "--delivered-on=2026-03-12"), "--delivered-on"),
        ((*CERTIFIED, "--setting=moon"), "/scope/setting"),
        ((*CERTIFIED, "--reference="), "/reference"),
    ],
)
def test_what_can_not_be_asked_exits_with_3(
    arguments: tuple[str, ...], said: str, verify: Run
) -> None:
    ran = verify(*arguments)
    assert (ran.status, ran.out) == (3, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert "Lampwright" not in ran.err


@pytest.mark.parametrize("missing", ["TRIVET_URL", "TRIVET_API_KEY"])
def test_without_an_address_or_a_key_it_exits_with_3(
    missing: str, verify: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    ran = verify(*CERTIFIED)
    assert (ran.status, ran.out) == (3, "")
    assert f"Set {missing}" in ran.err


def test_an_unusable_environment_exits_with_3(verify: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    assert verify(*CERTIFIED).status == 3


def test_a_refused_key_exits_with_3(verify: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIVET_API_KEY", KEY)
    ran = verify(*CERTIFIED)
    assert (ran.status, ran.out) == (3, "")
    assert KEY not in ran.err


@pytest.mark.parametrize("json_asked", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize(
    "reply",
    [
        says("<html>Sign in</html>", kind="text/html"),
        says(answer("probably")),
        problem(503, "no_snapshot", Retry_After="30"),
        problem(500, "internal_error"),
    ],
    ids=["a proxy", "an unknown verdict", "not ready", "broken"],
)
def test_no_answer_exits_with_3(
    reply: Callable[..., None], json_asked: tuple[str, ...], run: Run, scripted: Scripted
) -> None:
    scripted.will(reply)
    ran = run(*CERTIFIED, *json_asked)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.count("\n") == 1


def environment(url: str, key: str, **more: str) -> dict[str, str]:
    return {**os.environ, "TRIVET_URL": url, "TRIVET_API_KEY": key, **more}


def test_a_reader_that_stops_reading_does_not_turn_a_pass_into_a_fail(answering: Answering) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(  # noqa: S603  # our own command
        [TRIVET, "verify", *CERTIFIED],
        env=environment(answering.url, answering.key),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert ran.returncode == 0


def test_an_output_that_can_not_hold_the_answer_is_no_verdict(answering: Answering) -> None:
    ran = subprocess.run(  # noqa: S603  # our own command
        [TRIVET, "verify", *CERTIFIED, "--reference=–"],
        env=environment(answering.url, answering.key, PYTHONIOENCODING="ascii"),
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 3
    assert b"could not be written" in ran.stderr


def test_a_spinner_turns_on_a_terminal_while_it_takes_long(scripted: Scripted) -> None:
    scripted.will(hangs(scripted))
    ours, theirs = os.openpty()
    ran = subprocess.Popen(  # noqa: S603  # our own command
        [TRIVET, "verify", *CERTIFIED],
        env=environment(scripted.url, KEY, TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"Asking the service" not in shown:
        shown += os.read(ours, 1024)
    scripted.released.set()
    with ran:
        out, _ = ran.communicate(timeout=30)
    os.close(ours)
    assert (ran.returncode, out) == (3, b"")


def test_help_names_every_option(run: Run) -> None:
    ran = run("--help")
    for option in ("--provider", "--family-name", "--delivered-by", "--module", "--json"):
        assert option in ran.out


def test_help_does_not_wait_for_the_http_client() -> None:
    script = (
        "import sys; from trivet.cli import app; app(['verify', '--help']);"
        "sys.exit('httpx' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stderr) == (0, b"")


def _receipt(verify: Run, folder: Path, *asked: str) -> str:
    answered = json.loads(verify(*asked, "--json").out)
    file = folder / "receipt.jws"
    file.write_text(answered["receipt"])
    return str(file)


@pytest.mark.parametrize(
    "asked",
    [
        CERTIFIED,
        WITHDRAWN,
        (*CERTIFIED, "--on=2021-05-01", "--delivered-by=ods:ZZ999", "--max-age=P1D"),
    ],
)
def test_a_receipt_is_reproduced_by_asking_again_at_its_two_clocks(
    verify: Run, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    ran = verify("--reproduce", _receipt(verify, tmp_path, *asked))
    assert (ran.status, ran.err) == (0, "")
    assert ran.headline.startswith("The same answer: ")


def test_a_receipt_whose_question_had_a_family_name_is_reproduced_with_it(
    verify: Run, tmp_path: Path
) -> None:
    receipt = _receipt(verify, tmp_path, *CERTIFIED, "--family-name=Nobody")
    without = verify("--reproduce", receipt)
    another = verify("--reproduce", receipt, "--family-name=Lampwright")
    again = verify("--reproduce", receipt, "--family-name=Nobody")
    assert without.status == 3
    assert "--family-name" in without.err
    assert another.status == 1
    assert "DIFFERS in verdict: fail; now pass" in another.out
    assert again.status == 0


def test_an_altered_receipt_is_not_asked_again(verify: Run, tmp_path: Path) -> None:
    file = Path(_receipt(verify, tmp_path, *CERTIFIED))
    file.write_text(file.read_text()[:-6] + "AAAAAA")
    ran = verify("--reproduce", str(file))
    assert (ran.status, ran.out) == (3, "")


def test_without_provider_or_programme_nothing_is_asked(verify: Run) -> None:
    ran = verify("--trainer=authorisation:AUTH-01")
    assert ran.status == 3
    assert "--provider and --programme are needed" in ran.err
