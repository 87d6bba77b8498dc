"""`trivet roster`: HR's own files in, and behind each row who may deliver what, until when, and what to do next."""

import csv
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.client.answering import Answering, answering_service
from tests.commands import Operator, Ran
from trivet.cli.roster import asking
from trivet.cli.roster.outcomes import ADDED
from trivet.cli.rows_asking import ask_until_heard
from trivet_client import TrivetClient

COURSES = """
[courses."PMVA-1"]
provider = "certificate:SAMPLE-0001"
programme = "register:lf-foundation"

[courses."PMVA-2"]
provider = ["certificate:SAMPLE-0001", "ukprn:19990001"]
programme = "register:lf-advanced"

[courses."TERM"]
provider = "certificate:SAMPLE-0008"
programme = "register:em-open"
"""
SITES = """
[sites]
"Head office" = "provider"
"Mossgate" = "ods:ZZ9M1"
"Elsewhere" = "ods:ZZ999"
"""
ROTA = f"""
days = ["%d/%m/%Y", "%d %b %Y"]
[columns]
trainer = "Trainers"
course = "Course"
day = "Date"
site = "Site"
reference = "Session"
[split]
trainers = [";", " and "]
{COURSES}{SITES}"""
STAFF = f"""
show = "all"
[columns]
staff = "Staff no"
trainer = "Authorisation"
{COURSES}"""
HEADER = ("Session", "Course", "Date", "Site", "Trainers", "Notes")


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("roster")) as service:
        yield service


@pytest.fixture
def team(operator: Operator, answering: Answering) -> Operator:
    operator.set("TRIVET_URL", answering.url)
    operator.set("TRIVET_API_KEY", answering.key)
    return operator


def write(file: Path, *rows: Sequence[str]) -> Path:
    with file.open("w", newline="") as written:
        csv.writer(written).writerows(rows)
    return file


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as written:
        return list(csv.DictReader(written))


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def run(
    team: Operator, mapping: str, *rows: Sequence[str], out: str = "out.csv", **more: str
) -> Ran:
    """Run a roster of these rows by a mapping; further options by name."""
    (team.folder / "map.toml").write_text(mapping)
    source = write(team.folder / "in.csv", *rows)
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    return team(
        *("roster", str(source), str(team.folder / out)),
        *("--map", str(team.folder / "map.toml"), *options),
    )


@pytest.mark.parametrize(
    ("row", "outcome", "says"),
    [
        (("PMVA-1", "12/03/2026", "Head office", "AUTH-01"), "permitted", "Certified on 12 March 2026"),
        (("pmva-1 ", "12 Mar 2026", "HEAD OFFICE", "AUTH-01"), "permitted", "Certified on"),
        (("PMVA-1", "2026-03-12", "Mossgate", "AUTH-02"), "permitted", "Certified on"),
        (("PMVA-1", "12/03/2026", "Head office", "AUTH-01 and AUTH-01"), "permitted", "Certified on"),
        (("PMVA-1", "12/03/2026", "Head office", "AUTH-01; AUTH-04"), "refused", "AUTH-04"),
        (("PMVA-1", "12/03/2026", "Head office", "AUTH-02"), "refused", "own organisation"),
        (("PMVA-1", "12/03/2026", "Elsewhere", "AUTH-01"), "refused", "affiliate"),
        (("PMVA-2", "12/03/2026", "Head office", "AUTH-03"), "permitted", "Certified on"),
        (("TERM", "12/03/2026", "Head office", "AUTH-13"), "not_confirmed", "not a finding"),
        (("PMVA-9", "12/03/2026", "Head office", "AUTH-01"), "incomplete", "no course “PMVA-9”"),
        (("", "12/03/2026", "Head office", "AUTH-01"), "incomplete", "The course is missing"),
        (("PMVA-1", "31/02/2026", "Head office", "AUTH-01"), "incomplete", "“31/02/2026” is no day"),
        (("PMVA-1", "", "Head office", "AUTH-01"), "incomplete", "The day of delivery is missing"),
        (("PMVA-1", "12/03/2026", "Moon", "AUTH-01"), "incomplete", "no site “Moon”"),
        (("PMVA-1", "12/03/2026", "", "AUTH-01"), "incomplete", "The site is missing"),
        (("PMVA-1", "12/03/2026", "Head office", ""), "incomplete", "reference is missing"),
        (("PMVA-1", "12/03/2026", "Head office", "AUTH-01; Jo Example"), "incomplete", "was not sent"),
    ],
)  # fmt: skip
def test_a_row_of_a_rota_is_decided_by_who_teaches_what_where_and_when(
    team: Operator, row: Sequence[str], outcome: str, says: str
) -> None:
    ran = run(team, ROTA, HEADER, ("S-1", *row, "private"))
    (said,) = read(team.folder / "out.csv")
    assert (said["outcome"], ran.err) == (outcome, "")
    assert says in said["why"]
    assert ran.status == {"permitted": 0, "refused": 1}.get(outcome, 2)
    assert list(said) == [*HEADER[:5], *ADDED]
    assert bool(said["next"]) is (outcome != "permitted")
    assert bool(said["valid_until"]) is (outcome == "permitted")


def test_rows_stay_in_order_with_what_to_do_and_a_receipt_that_verifies(team: Operator) -> None:
    ran = run(
        *(team, ROTA, HEADER),
        ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-04", ""),
        ("S-2", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", ""),
        ("S-3", "TERM", "12/03/2026", "Head office", "AUTH-13", ""),
        ("S-4", "none", "12/03/2026", "Head office", "AUTH-01", ""),
    )
    assert ran.status == 1
    assert (
        "1 permitted, 1 refused, 1 not confirmed, 1 incomplete, 0 could not be verified." in ran.out
    )
    one, two, three, four = read(team.folder / "out.csv")
    assert [row["Session"] for row in (one, two, three, four)] == ["S-1", "S-2", "S-3", "S-4"]
    assert "a person looks again" in one["next"]
    assert "good" in two["note"] or "practice" in two["note"]
    assert two["as_of"].endswith("Z")
    assert two["verification"].startswith("ver_")
    assert three["next"]
    assert "a person looks again" not in three["next"]
    assert four["next"].startswith("Complete your own record")
    (receipt,) = (team.folder / "out.csv.receipts").read_text().split()
    (team.folder / "receipt").write_text(receipt)
    verified = team.done("receipt", "verify", str(team.folder / "receipt"))
    assert "3 rows: 1 pass, 1 fail, 1 cannot be confirmed" in verified
    assert sorted(path.name for path in team.folder.glob("*out.csv*")) == [
        "out.csv",
        "out.csv.receipts",
    ]


def test_a_staff_list_is_told_who_is_authorised_today_for_which_course_and_until_when(
    team: Operator,
) -> None:
    header = ("Staff no", "Name", "Authorisation")
    rows = (("E-1", "One (fictional)", "AUTH-01"), ("E-3", "Three (fictional)", "AUTH-03"))
    ran = run(team, STAFF, header, *rows)
    said = [(row["Name"], row["course"], row["outcome"]) for row in read(team.folder / "out.csv")]
    assert said == [
        ("One (fictional)", "PMVA-1", "permitted"),
        ("One (fictional)", "PMVA-2", "permitted"),
        ("One (fictional)", "TERM", "refused"),
        ("Three (fictional)", "PMVA-1", "refused"),
        ("Three (fictional)", "PMVA-2", "permitted"),
        ("Three (fictional)", "TERM", "refused"),
    ]
    assert ran.status == 1
    day = datetime.now(UTC).date().year
    assert str(day) in read(team.folder / "out.csv")[0]["why"]


def test_a_staff_list_is_asked_about_another_day_on_demand(team: Operator) -> None:
    mapping = f'[columns]\ntrainer = "A"\n[constants]\ncourse = "TERM"\n{COURSES}'
    assert run(team, mapping, ("A",), ("AUTH-13",), on="2024-08-31").status == 0
    (row,) = read(team.folder / "out.csv")
    assert "31 August 2024" in row["why"]
    assert run(team, mapping, ("A",), ("AUTH-13",), out="today.csv").status == 2


def test_several_courses_in_a_cell_are_a_line_each(team: Operator) -> None:
    mapping = '[columns]\ntrainer = "A"\ncourse = "C"\n[split]\ncourses = ["/"]\n' + COURSES
    run(team, mapping, ("A", "C"), ("AUTH-01", "PMVA-1 / PMVA-2"), ("AUTH-01", "PMVA-2"))
    rows = read(team.folder / "out.csv")
    assert [row["course"] for row in rows] == ["PMVA-1", "PMVA-2", "PMVA-2"]


def test_only_what_the_mapping_lets_through_is_written(team: Operator) -> None:
    row = ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", "private")
    run(team, f'show = ["Notes", "Session"]\n{ROTA}', HEADER, row)
    (said,) = read(team.folder / "out.csv")
    assert list(said) == ["Session", "Notes", *ADDED]


NAMED = f"""
[columns]
trainer = "A"
family_name = "Surname"
[split]
trainers = [";"]
[constants]
course = "PMVA-1"
{COURSES}"""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is sent to the service, as JSON."""
    taken: list[str] = []
    ask = ask_until_heard

    def noting(
        client: TrivetClient, rows: Sequence[Mapping[str, object]], *rest: Any, **more: Any
    ) -> str:
        taken.append(json.dumps(rows))
        return ask(client, rows, *rest, **more)

    monkeypatch.setattr(asking, "ask_until_heard", noting)
    return taken


def test_a_family_name_is_compared_where_the_mapping_says_so_and_told_nowhere(
    team: Operator, sent: list[str]
) -> None:
    ran = run(
        *(team, NAMED, ("A", "Surname")),
        ("AUTH-01", "Lampwright"),
        ("AUTH-01", "Otherby"),
        ("AUTH-01", ""),
        ("AUTH-01; AUTH-03", "Lampwright"),
        ("AUTH-01; AUTH-01", "Lampwright; Otherby"),
    )
    outcomes = [row["outcome"] for row in read(team.folder / "out.csv")]
    assert outcomes == ["permitted", "refused", "incomplete", "incomplete", "refused"]
    assert "Lampwright" in sent[0]
    told = f"{ran.out}{ran.err}{(team.folder / 'out.csv').read_text()}"
    assert not [name for name in ("Lampwright", "Otherby", "Surname") if name in told]


def test_names_are_not_sent_unless_they_are_to_be_compared(team: Operator, sent: list[str]) -> None:
    mapping = STAFF.replace('staff = "Staff no"', 'staff = "Name"')
    header = ("Name", "Authorisation", "Surname")
    ran = run(
        *(team, mapping, header),
        ("Jo Example (fictional)", "AUTH-01", "Example"),
        ("Al Sample (fictional)", "Al Sample", "Sample"),
    )
    assert len(sent) == 1
    assert not [
        name
        for name in ("Example", "Sample", "Jo", "Al")
        if f"{name}" in sent[0].replace("SAMPLE", "")
    ]
    assert not [name for name in ("Jo Example", "Al Sample") if name in f"{ran.out}{ran.err}"]
    rows = read(team.folder / "out.csv")
    assert [row["outcome"] for row in rows[3:]] == ["incomplete"] * 3
    assert "does not look like one" in rows[3]["why"]


def test_the_form_of_a_reference_finds_it_in_what_else_stands_there(team: Operator) -> None:
    mapping = STAFF + "[trainers]\nform = '.*\\((\\S+)\\)'\n"
    run(
        team,
        mapping,
        ("Staff no", "Authorisation"),
        ("E-1", "Jo Example (AUTH-01)"),
        ("E-2", "AUTH-01"),
    )
    assert [row["outcome"] for row in read(team.folder / "out.csv")][::3] == [
        "permitted",
        "incomplete",
    ]


def test_a_workbook_gives_days_and_numbers_as_they_are_meant(team: Operator) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(HEADER)
    day = datetime(2026, 3, 12, 9, 30)  # noqa: DTZ001 - as a spreadsheet has it
    sheet.append((1234, "PMVA-1", date(2026, 3, 12), "Head office", "AUTH-01", None))
    sheet.append((1235, "PMVA-1", day, "Head office", "AUTH-01\nand AUTH-04", None))
    book.save(team.folder / "in.xlsx")
    (team.folder / "map.toml").write_text(ROTA.replace('" and "', r'"\n", "and "'))
    ran = team(
        *("roster", str(team.folder / "in.xlsx"), str(team.folder / "out.xlsx")),
        *("--map", str(team.folder / "map.toml")),
    )
    assert ran.status == 1, ran
    written = openpyxl.load_workbook(team.folder / "out.xlsx")["Certification"]
    head, one, two = [[cell.value for cell in row] for row in written.iter_rows()]
    assert head == [*HEADER[:5], *ADDED]
    assert (one[0], one[5], two[5]) == ("1234", "permitted", "refused")
    assert "12 March 2026" in str(two[6])


def test_nothing_that_comes_out_is_a_formula(team: Operator) -> None:
    row = ("=1+1", "=cmd", "@12/03/2026", "+site", "-AUTH", "")
    run(team, ROTA, HEADER, row)
    run(team, ROTA, HEADER, row, out="out.xlsx")
    with (team.folder / "out.csv").open(encoding="utf-8-sig", newline="") as written:
        cells = [cell for line in csv.reader(written) for cell in line]
    book = openpyxl.load_workbook(team.folder / "out.xlsx")["Certification"]
    cells += [str(cell.value or "") for line in book.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for line in book.iter_rows() for cell in line)
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_machines_get_a_line_of_json_for_each_line(team: Operator) -> None:
    rows = (("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01; AUTH-04", "x"),)
    run(team, ROTA, HEADER, *rows, out="out.ndjson")
    (line,) = lines(team.folder / "out.ndjson")
    assert (line["row"], line["outcome"], line["permitted"], line["review"]) == (
        1,
        "refused",
        False,
        True,
    )
    assert line["deliveredOn"] == "2026-03-12"
    assert line["shown"] == dict(zip(HEADER[:5], rows[0], strict=False))
    asked = line["verifications"]
    assert isinstance(asked, list)
    assert [(each["trainer"], each["verdict"]) for each in asked] == [
        ("authorisation:AUTH-01", "pass"),
        ("authorisation:AUTH-04", "fail"),
    ]
    assert asked[1]["reasons"] == ["trainer_suspended"]


def test_held_lines_alone_are_written_and_counted_all_the_same(team: Operator) -> None:
    one = ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", "")
    two = ("S-2", "PMVA-1", "12/03/2026", "Head office", "AUTH-04", "")
    ran = run(team, ROTA, HEADER, one, two, only="held")
    assert [row["Session"] for row in read(team.folder / "out.csv")] == ["S-2"]
    assert "1 permitted, 1 refused" in ran.out
    assert run(team, ROTA, HEADER, one, out="none.csv", only="held").status == 0
    assert read(team.folder / "none.csv") == []


def test_what_ends_within_the_time_ahead_is_told_and_has_a_status_of_its_own(
    team: Operator,
) -> None:
    mapping = f'[columns]\ntrainer = "A"\n[constants]\ncourse = "TERM"\n{COURSES}'
    soon = run(team, mapping, ("A",), ("AUTH-13",), on="2024-08-01", ahead="P30D")
    (row,) = read(team.folder / "out.csv")
    assert (soon.status, row["outcome"], row["ending"]) == (4, "permitted", "yes")
    assert row["valid_until"] == "2024-08-31"
    assert "renewal" in row["next"]
    assert "1 end by 2024-08-31" in soon.out
    later = run(team, mapping, ("A",), ("AUTH-13",), on="2024-08-01", ahead="P29D", out="b.csv")
    assert (later.status, read(team.folder / "b.csv")[0]["ending"]) == (0, "")
    held = run(
        team, mapping, ("A",), ("AUTH-13",), on="2024-08-01", ahead="P1M", only="held", out="c.csv"
    )
    assert (held.status, len(read(team.folder / "c.csv"))) == (4, 1)


def test_a_service_that_can_not_be_reached_fails_nobody(
    team: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.set("TRIVET_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(asking, "_ATTEMPTS", 1)
    rows = (
        ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", ""),
        ("S-2", "", "", "", "", ""),
    )
    ran = run(team, ROTA, HEADER, *rows)
    assert ran.status == 2
    assert "0 refused" in ran.out
    assert "There is no receipt" in ran.out
    one, two = read(team.folder / "out.csv")
    assert (one["outcome"], two["outcome"]) == ("not_verified", "incomplete")
    assert "could not be reached" in one["why"]
    assert "nothing is known either way" in one["next"]
    assert (one["verification"], one["as_of"]) == ("", "")


def test_a_service_that_goes_midway_leaves_what_was_answered_and_says_of_the_rest_that_it_was_not(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(asking, "QUESTIONS_AT_ONCE", 2)
    monkeypatch.setattr(asking, "_ATTEMPTS", 1)
    (tmp_path / "service").mkdir()
    serving = answering_service(tmp_path / "service")
    service = serving.__enter__()
    asked, ask = [], ask_until_heard

    def until_it_goes(*given: object, **more: object) -> str:
        asked.append(given)
        if len(asked) == 2:
            serving.__exit__(None, None, None)
        return ask(*given, **more)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(asking, "ask_until_heard", until_it_goes)
    operator.set("TRIVET_URL", service.url)
    operator.set("TRIVET_API_KEY", service.key)
    row = ("PMVA-1", "12/03/2026", "Head office", "AUTH-01", "")
    ran = run(operator, ROTA, HEADER, *((f"S-{n}", *row) for n in range(7)))
    assert ran.status == 2, ran
    assert (
        "2 permitted, 0 refused, 0 not confirmed, 0 incomplete, 5 could not be verified" in ran.out
    )
    outcomes = [each["outcome"] for each in read(operator.folder / "out.csv")]
    assert outcomes == ["permitted"] * 2 + ["not_verified"] * 5
    assert len(asked) == 2, "what is gone is not asked again for every further part"


def test_a_key_that_is_not_accepted_is_no_outage(team: Operator) -> None:
    team.set("TRIVET_API_KEY", "tvt_live_0123456789abcdef_nothing")
    row = ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", "")
    ran = run(team, ROTA, HEADER, row)
    assert (ran.status, "401" in ran.err) == (3, True)
    assert not (team.folder / "out.csv").exists()


def test_a_run_that_is_killed_leaves_nothing_and_can_be_done_again(
    team: Operator, answering: Answering
) -> None:
    row = ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", "")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (team.folder / "map.toml").write_text(ROTA)
        source = write(team.folder / "in.csv", HEADER, row)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        before = sorted(path.name for path in team.folder.iterdir())
        running = subprocess.Popen(  # noqa: S603  # our own command
            [
                *(
                    sys.executable,
                    "-c",
                    "from trivet.cli import main; main()",
                    "roster",
                    str(source),
                ),
                *(str(team.folder / "out.csv"), "--map", str(team.folder / "map.toml")),
            ],
            env={**os.environ, "TRIVET_URL": url, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        silent.settimeout(60)
        asked, _ = silent.accept()
        asked.recv(10)
        running.kill()
        running.wait(60)
        asked.close()
    assert sorted(path.name for path in team.folder.iterdir()) == before
    assert run(team, ROTA, HEADER, row).status == 0


@pytest.mark.parametrize("there", ["out.csv", "out.csv.receipts"])
def test_nothing_is_written_over(team: Operator, there: str) -> None:
    (team.folder / there).write_text("mine")
    row = ("S-1", "PMVA-1", "12/03/2026", "Head office", "AUTH-01", "")
    ran = run(team, ROTA, HEADER, row)
    assert ran.status == 3
    assert f"{there} is there already" in ran.err
    assert (team.folder / there).read_text() == "mine"


TRAINER = '[columns]\ntrainer = "A"\n'
TO = f"{TRAINER}{COURSES}"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("colour = 1", "unknown field `colour`"),
        ("[columns", "can't be read"),
        (TRAINER, "[courses] names none"),
        (f'[columns]\ncourse = "B"\n{COURSES}', "columns.trainer: say which column"),
        (TO.replace('"A"', '"X"'), "has no column 'X', which columns.trainer"),
        (TO.replace('"A"', '"D"'), "has 2 columns 'D'"),
        (f'show = ["Y"]\n{TO}', "has no column 'Y', which show"),
        (f'days = "%d/%m"\n{TO}', "days: '%d/%m' is no whole day"),
        (f'{TRAINER}site = "B"\n{COURSES}', "columns.site: [sites] says of no site"),
        (f'{TO}[sites]\nX = "moon:1"', 'sites."X": delivered_by: write it as'),
        (f'{TO}[sites]\nX = "ods:A1"\nx = "ods:A2"', "sites has 'x' twice"),
        (f'{TO}[constants]\nsite = "Q"', "constants.site: [sites] has no 'Q'"),
        (f'{TO}[constants]\ncourse = "Q"', "constants.course: [courses] has no 'Q'"),
        (f'{TRAINER}course="B"\n{COURSES}[constants]\ncourse = "TERM"', "take one out"),
        (f'{TO}[courses.X]\nprovider = "certificate:1"\nprogramme = "nv"', 'courses."X": programme'),
        (f'{TO}[courses.X]\nprovider = "certificate:1"', "missing required field `programme`"),
        (f'{TO}[trainers]\nform = "("', "trainers.form is no regular expression"),
        (f'{TO}[trainers]\nform = "(a)(b)"', "several groups"),
        (f'{TO}[trainers]\nscheme = "name"', "$.trainers.scheme"),
        (f'{TO}[split]\ntrainers = [""]', "names nothing to split at"),
        (f'{TO}[scim]\ntrainer = "a b"', "scim: 'a b' is no attribute"),
        (f'{TRAINER}day = "B"\n{COURSES}', "leave out --on"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_wrong_is_told_by_its_key_before_anything_is_asked(
    team: Operator, mapping: str, says: str
) -> None:
    team.set("TRIVET_URL", "http://127.0.0.1:9")
    options = {"on": "2026-03-12"} if "--on" in says else {}
    ran = run(team, mapping, ("A", "B", "D", "D"), ("AUTH-01", "", "", ""), **options)
    assert (ran.status, ran.out) == (3, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    assert not (team.folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.csv", "out.csv"), "none.csv is not there"),
        (("in.pdf", "out.csv"), "ends in .csv or .xlsx"),
        (("in.csv", "out.pdf"), "ends in .csv, .xlsx, .ndjson"),
        (("in.csv", "nowhere/out.csv"), "is no folder"),
        (("in.csv",), "give IN and OUT"),
        (("in.csv", "out.csv", "--ahead", "soon"), "--ahead: 'soon' is not an ISO 8601 duration"),
        (("in.csv", "out.csv", "--scim", "https://x.example"), "[scim] is missing"),
        (("blank.csv", "out.csv"), "nobody and nothing to ask about"),
    ],
)
def test_what_can_not_be_done_is_told_in_a_line(
    team: Operator, arguments: Sequence[str], says: str
) -> None:
    folder = team.folder
    (folder / "map.toml").write_text(ROTA)
    write(folder / "in.csv", HEADER, ("S-1", *HEADER[1:]))
    write(folder / "blank.csv", HEADER, ("", "", "", "", "", ""))
    (folder / "in.pdf").write_text("%PDF")
    placed = [
        str(folder / each) if "." in each and "//" not in each else each for each in arguments
    ]
    assert says in team.refused("roster", *placed, "--map", str(folder / "map.toml"))
    assert not (folder / "out.csv").exists()
