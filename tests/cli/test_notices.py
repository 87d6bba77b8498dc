"""`trivet notices`: awards in, and out what stands on their days, what does not, and what nobody can tell."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.client.answering import Answering, answering_service
from tests.commands import Operator
from trivet.cli import notice_asking, notice_files
from trivet_client import TrivetClient, Unreachable

DATA = Path(__file__).parents[1] / "data" / "notices"
FIND_A_TENDER, CONTRACTS_FINDER = DATA / "find-a-tender.json", DATA / "contracts-finder.json"
STANDS = "Provider and programme stand on this date; trainers are to be checked before delivery."
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("notices")) as service:
        yield service


@pytest.fixture
def caller(operator: Operator, answering: Answering) -> Operator:
    operator.set("TRIVET_URL", answering.url)
    operator.set("TRIVET_API_KEY", answering.key)
    return operator


def one(caller: Operator, **change: Any) -> Path:
    """Write a release with one award to Lanternfold, in force in the sample, and return the file."""
    release: dict[str, Any] = json.loads(FIND_A_TENDER.read_text())["releases"][2]
    release["awards"][0] |= {"contractPeriod": {"endDate": "2026-09-30"}, **change}
    file = caller.folder / "one.json"
    file.write_text(json.dumps(release))
    return file


def bought(caller: Operator, **programmes: str) -> tuple[str, str]:
    file = caller.folder / "bought.toml"
    lines = (f"{json.dumps(name)} = {json.dumps(given)}\n" for name, given in programmes.items())
    file.write_text("[programmes]\n" + "".join(lines))
    return "--programmes", str(file)


FOUNDATION = {"ocds-h6vhtk-0f0002": "register:lf-foundation"}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as written:
        return list(csv.DictReader(written))


def test_what_stands_is_no_pass_and_holds_nothing_up(caller: Operator) -> None:
    ran = caller("notices", str(one(caller)), *bought(caller, **FOUNDATION))
    assert ran.status == 0, ran
    assert f"Award 2026-05-29, register:lf-foundation: {STANDS}" in ran.out
    assert f"Contract end 2026-09-30, register:lf-foundation: {STANDS}" in ran.out
    assert "pass" not in ran.out.replace("nothing here is a pass", "")
    assert "unofficial mirror" in ran.out
    assert "does not say whether the training falls under the Standards" in ran.out


def test_a_withdrawal_before_the_contract_ends_is_a_fail_at_its_end_alone(caller: Operator) -> None:
    acorn = {"ocds-h6vhtk-0f0003": "register:fa-roots"}
    ran = caller("notices", str(FIND_A_TENDER), *bought(caller, **acorn))
    assert ran.status == 1
    assert f"Award 2026-02-10, register:fa-roots: {STANDS}" in ran.out
    at_end = re.search(r"Contract end 2027-02-09, register:fa-roots: (.*)", ran.out)
    assert at_end
    assert at_end[1].startswith("Not certified on this date")
    assert "withdrawn" in at_end[1]


def test_without_a_programme_the_provider_alone_is_looked_at_and_nothing_is_judged(
    caller: Operator,
) -> None:
    ran = caller("notices", str(one(caller)))
    assert ran.status == 2
    assert "only the provider was looked at" in ran.out
    assert "Lanternfold Training Ltd (fictional) (lanternfold) as in force on this date" in ran.out
    assert "This is no verdict" in ran.out
    assert "register:lf-foundation (Steady Lantern Foundation)" in ran.out
    assert STANDS not in ran.out


def test_a_withdrawn_provider_without_a_programme_is_shown_and_is_no_fail(caller: Operator) -> None:
    ran = caller("notices", str(FIND_A_TENDER))
    assert ran.status == 2
    assert "Fallen Acorn Skills Ltd (fictional) (fallen-acorn) as withdrawn on this date" in ran.out
    assert "Not certified" not in ran.out


def test_a_name_alone_is_not_resolvable_and_brings_candidates(caller: Operator) -> None:
    out = caller.folder / "out.csv"
    ran = caller("notices", str(CONTRACTS_FINDER), "--out", str(out))
    assert ran.status == 2
    named = [row for row in rows_of(out) if "SRS" in row["identifiers"]]
    assert {row["outcome"] for row in named} == {"not_resolvable"}
    assert {row["candidates"] for row in named} == {
        "lanternfold Lanternfold Training Ltd (fictional)"
    }
    assert "not a finding against anybody" in named[0]["why"]
    assert {row["day"] for row in named} == {"2026-03-30", "2027-03-31"}
    (unknown, *_) = [row for row in rows_of(out) if row["supplier"].startswith("Invented Otter")]
    assert (unknown["outcome"], unknown["candidates"]) == ("not_resolvable", "")


def test_an_unknown_identifier_cannot_be_confirmed_and_is_no_fail(caller: Operator) -> None:
    file = one(caller)
    file.write_text(file.read_text().replace("ZZ000001", "ZZ000099"))
    ran = caller("notices", str(file), *bought(caller, **FOUNDATION))
    assert ran.status == 2
    assert "Not confirmed on this date. This is not a finding against the provider." in ran.out
    assert "no provider on the register bears the identifier" in caller("notices", str(file)).out


def test_identifiers_of_two_providers_settle_neither(caller: Operator) -> None:
    file = one(caller)
    release = json.loads(file.read_text())
    (supplier,) = [p for p in release["parties"] if p["name"].startswith("Lanternfold")]
    supplier["additionalIdentifiers"] = [{"scheme": "GB-UKPRN", "id": "19990005"}]
    file.write_text(json.dumps(release))
    ran = caller("notices", str(file))
    assert ran.status == 2
    assert "borne by several providers on the register" in ran.out
    assert "May be meant: lanternfold  Lanternfold" in ran.out
    assert "May be meant: pendulum-house  Pendulum" in ran.out
    judged = caller("notices", str(file), *bought(caller, **FOUNDATION))
    assert (judged.status, "Not confirmed on this date" in judged.out) == (2, True)


def test_a_day_that_the_notice_lacks_is_said_and_is_not_taken_for_good(caller: Operator) -> None:
    file = one(caller, contractPeriod=None, date="in spring")
    ran = caller("notices", str(file), *bought(caller, **FOUNDATION))
    assert ran.status == 2
    assert "awards.date is 'in spring', which is no date" in ran.out
    assert "awards.contractPeriod.endDate is missing" in ran.out


def test_a_title_is_asked_about_as_well_as_several_programmes(caller: Operator) -> None:
    file = caller.folder / "several.toml"
    file.write_text(
        '[programmes]\n"ocds-h6vhtk-0f0002/1" = ["title:Steady Lantern Foundation", "register:lf-firm"]\n'
        '"ocds-h6vhtk-0f0002" = "register:lf-nothing"\n'
    )
    ran = caller("notices", str(one(caller)), "--programmes", str(file))
    assert ran.status == 1
    assert f"title:Steady Lantern Foundation: {STANDS}" in ran.out
    assert "register:lf-firm: Not certified on this date: programme." in ran.out
    assert "lf-nothing" not in ran.out


def test_what_is_named_in_programmes_and_in_no_file_is_told(caller: Operator) -> None:
    ran = caller("notices", str(one(caller)), *bought(caller, **FOUNDATION, nowhere="register:x"))
    assert "--programmes names nowhere, of which no award" in ran.out


def test_a_cancelled_award_is_left_out_whatever_programmes_says(caller: Operator) -> None:
    ran = caller("notices", str(FIND_A_TENDER), *bought(caller, **FOUNDATION))
    assert "ocds-h6vhtk-0f0002, award" not in ran.out
    assert "1 cancelled or unsuccessful" in ran.out


def test_a_service_that_can_not_be_reached_is_neither_a_fail_nor_a_pass(caller: Operator) -> None:
    caller.set("TRIVET_URL", NOBODY)
    ran = caller("notices", str(one(caller)), *bought(caller, **FOUNDATION))
    assert ran.status == 2
    assert ran.out.count("Could not be verified: the service could not be reached.") == 2
    assert STANDS not in ran.out
    assert "Not certified" not in ran.out


def test_what_was_answered_before_the_service_went_away_is_kept(
    caller: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_asking, "ROWS_AT_ONCE", 1)
    asking, asked = TrivetClient.verify_rows, []

    def breaks(client: Any, rows: Any) -> Any:
        asked.append(rows)
        if len(asked) == 2:
            raise Unreachable("the cable was pulled")
        return asking(client, rows)

    monkeypatch.setattr(TrivetClient, "verify_rows", breaks)
    ran = caller("notices", str(one(caller)), *bought(caller, **FOUNDATION))
    assert ran.status == 2
    assert f"Award 2026-05-29, register:lf-foundation: {STANDS}" in ran.out
    assert "Contract end 2026-09-30, register:lf-foundation: Could not be verified" in ran.out


def test_a_key_that_is_refused_is_an_error_and_no_report(caller: Operator) -> None:
    caller.set("TRIVET_API_KEY", "tvt_live_nobody_nothing")
    assert "401" in caller.refused("notices", str(one(caller)))


def test_nothing_found_asks_nobody(caller: Operator) -> None:
    caller.set("TRIVET_URL", NOBODY)
    package = json.loads(FIND_A_TENDER.read_text())
    package["releases"] = package["releases"][-1:]
    (caller.folder / "roads.json").write_text(json.dumps(package))
    ran = caller("notices", str(caller.folder / "roads.json"))
    assert ran.status == 0
    assert "0 of 1 award picked" in ran.out
    assert "1 under CPV 80, and no wording of restrictive practice" in ran.out


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson"])
def test_an_output_has_a_row_for_each_finding_and_no_formula(caller: Operator, ending: str) -> None:
    file = one(caller, title='=HYPERLINK("https://example") restraint training')
    out = caller.folder / f"out.{ending}"
    ran = caller("notices", str(file), *bought(caller, **FOUNDATION), "--out", str(out))
    assert ran.status == 0, ran
    assert ran.out == f"{out}: 2 with provider and programme standing.\n"
    rows = READ[ending](out)
    assert [row["occasion"] for row in rows] == ["award", "contract end"]
    assert {row["outcome"] for row in rows} == {"stands"}
    assert rows[0]["verification"].startswith("ver_")
    assert "unofficial mirror" in str(rows[0]["please_note"])
    if ending != "ndjson":
        assert rows[0]["title"].startswith("'=HYPERLINK")


def of_sheet(file: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(file)["Certification"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def of_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


READ: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "csv": rows_of,
    "xlsx": of_sheet,
    "ndjson": of_lines,
}


def test_a_title_can_not_command_the_terminal(caller: Operator) -> None:
    ran = caller("notices", str(one(caller, title="Restraint training \x1b[2J\u202e\ud800 here")))
    assert "Restraint training  [2J here" in ran.out.replace("  ", " ").replace(" [", "  [")
    assert "\x1b" not in ran.out


def test_json_lines_and_records_are_read_as_a_package_is(caller: Operator) -> None:
    package = json.loads(FIND_A_TENDER.read_text())
    lines = caller.folder / "day.jsonl"
    lines.write_text("\ufeff" + "\n\n".join(map(json.dumps, package["releases"])) + "\n")
    by_ocid: dict[str, list[Any]] = {}
    for release in package["releases"]:
        by_ocid.setdefault(release["ocid"], []).append(release)
    records = [{"ocid": ocid, "releases": those} for ocid, those in by_ocid.items()]
    recorded = caller.folder / "records.json"
    recorded.write_text(json.dumps({"version": "1.1", "records": records}))
    told = [caller("notices", str(file)) for file in (FIND_A_TENDER, lines, recorded)]
    assert told[0] == told[1] == told[2]


RELEASE = {"ocid": "ocds-1-1", "date": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.json", None, "none.json can't be read: No such file"),
        ("a.json", b"", "is not JSON"),
        ("a.json", b"\xff\xfe[\x00]\x00", "is not UTF-8: byte 0"),
        ("a.json", b"[" * 100_000, "is nested too deeply"),
        ("a.json", b"[]", "a.json: / is an array"),
        ("a.json", b"{}", "has no releases, no records and no ocid"),
        ("a.json", b'{"releases": []}', "/version is missing, which means OCDS 1.0"),
        ("a.json", b'{"version": "1.0", "releases": []}', "/version is '1.0'"),
        ("a.json", b'{"version": "1.1", "releases": {}}', "/releases is no array"),
        (
            "a.json",
            b'{"version": "1.1", "releases": [{"ocid": "o"}]}',
            "/releases/0/date is missing",
        ),
        ("a.json", b'{"ocid": "o", "date": "soon"}', "/date is no date"),
        (
            "a.json",
            json.dumps({**RELEASE, "awards": [{"suppliers": [{"name": ["x"]}]}]}).encode(),
            "/awards/0/suppliers/0/name is an array; OCDS has a text there",
        ),
        (
            "a.json",
            b'{"version": "1.1", "records": [{"ocid": "o", "releases": [{"url": "x"}]}]}',
            "/records/0/releases/0 only says where a release is",
        ),
        ("a.jsonl", json.dumps(RELEASE).encode() + b"\nno\n", "a.jsonl, line 2 is not JSON"),
    ],
)
def test_what_is_no_ocds_is_told_in_a_line_with_file_and_place(
    caller: Operator, name: str, content: bytes | None, said: str
) -> None:
    file = caller.folder / name
    if content is not None:
        file.write_bytes(content)
    assert said in caller.refused("notices", str(file))


def test_what_is_too_large_is_refused_before_it_fills_the_memory(
    caller: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_files, "MOST_BYTES", 10)
    monkeypatch.setattr(notice_files, "MOST_BYTES_OF_LINE", 10)
    assert "is larger than" in caller.refused("notices", str(FIND_A_TENDER))
    (caller.folder / "b.jsonl").write_text("x" * 11)
    assert "line 1, is larger" in caller.refused("notices", str(caller.folder / "b.jsonl"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("programmes = 1\n", "programmes"),
        ("colour = 1\n", "colour"),
        ("[programmes]\na = 'lf-foundation'\n", "programmes.a is to be written as register:"),
        ("[programmes]\na = []\n", "programmes.a is to be written"),
        ("[programmes\n", "can't be read"),
    ],
)
def test_a_file_of_programmes_that_can_not_be_meant_is_refused_by_its_key(
    caller: Operator, content: str, said: str
) -> None:
    (caller.folder / "bad.toml").write_text(content)
    given = ("--programmes", str(caller.folder / "bad.toml"))
    assert said in caller.refused("notices", str(one(caller)), *given)


def test_what_could_not_be_written_is_refused_before_anybody_is_asked(caller: Operator) -> None:
    caller.set("TRIVET_URL", NOBODY)
    (caller.folder / "there.csv").touch()
    file = str(one(caller))
    for out, said in (("a.pdf", "ends in .csv, .xlsx"), ("there.csv", "is there already")):
        assert said in caller.refused("notices", file, "--out", str(caller.folder / out))
    assert "give the files to read" in caller.refused("notices")
