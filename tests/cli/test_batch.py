"""`trivet batch`: a file in, a file out that a person can filter, and nothing asked twice after an interruption."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.client.answering import Answering, answering_service
from tests.commands import Operator
from trivet.cli import batching
from trivet_client import TrivetError

COLUMNS = (
    "provider_scheme",
    "provider",
    "programme_scheme",
    "programme",
    "trainer_scheme",
    "trainer",
    "delivered_on",
    "reference",
)
PASSES = (
    "certificate",
    "SAMPLE-0001",
    "register",
    "lf-foundation",
    "authorisation",
    "AUTH-01",
    "2026-03-12",
)


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    with answering_service(tmp_path_factory.mktemp("batch")) as service:
        yield service


@pytest.fixture
def caller(operator: Operator, answering: Answering) -> Operator:
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


def test_a_csv_file_gets_its_verdicts_beside_its_own_columns(caller: Operator) -> None:
    folder = caller.folder
    source = write(
        folder / "orders.csv",
        COLUMNS,
        (*PASSES, "=PO-1"),
        (*PASSES[:3], "nothing-such", *PASSES[4:], "PO-2"),
        (*PASSES[:6], "12/03/2026", "PO-3"),
    )

    ran = caller("batch", str(source), str(folder / "out.csv"))

    assert ran.status == 1
    assert "1 pass, 1 fail, 0 cannot be confirmed, 1 could not be asked" in ran.out
    rows = read(folder / "out.csv")
    assert [row["verdict"] for row in rows] == ["pass", "fail", "not_asked"]
    assert [row["reference"] for row in rows] == ["'=PO-1", "PO-2", "PO-3"]
    assert rows[0]["valid_until"] > "2026-03-12"
    assert rows[1]["reasons"] == "programme_not_on_register"
    assert "register" in rows[1]["why"]
    assert "/deliveredOn" in rows[2]["why"]
    receipts = (folder / "out.csv.receipts").read_text().split()
    assert len(receipts) == 1
    (folder / "receipt").write_text(receipts[0])
    verified = caller("receipt", "verify", str(folder / "receipt"))
    assert verified.status == 0
    assert "3 rows: 1 pass, 1 fail, 0 cannot be confirmed, 1 with a problem" in verified.out
    assert [path.name for path in folder.glob(".out.csv*")] == []


def test_a_spreadsheet_is_read_through_a_mapping_and_written_to_be_filtered(
    caller: Operator,
) -> None:
    folder = caller.folder
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    for row in (
        ("Name", "Certificate", "Trainer no", "Course date", "Order"),
        ("Ward course (fictional)", "SAMPLE-0001", "AUTH-01", date(2026, 3, 12), 1234.0),
        ("+cmd", "SAMPLE-0001", "AUTH-01", date(2026, 3, 12), 1235.0),
    ):
        sheet.append(row)
    book.save(folder / "courses.xlsx")
    (folder / "map.toml").write_text(
        '[columns]\nprovider = "Certificate"\ntrainer = "Trainer no"\ndelivered_on = "Course date"\n'
        'reference = "Order"\n[constants]\nprovider_scheme = "certificate"\nprogramme_scheme = "register"\n'
        'programme = "lf-foundation"\ntrainer_scheme = "authorisation"\n'
    )

    ran = caller(
        *("batch", str(folder / "courses.xlsx"), str(folder / "out.xlsx")),
        *("--map", str(folder / "map.toml")),
    )

    assert ran.status == 0, ran
    written = openpyxl.load_workbook(folder / "out.xlsx")["Certification"]
    head, one, two = [[cell.value for cell in row] for row in written.iter_rows()]
    assert head[:5] == ["Name", "Certificate", "Trainer no", "Course date", "Order"]
    assert (one[0], one[4], one[5]) == ("Ward course (fictional)", "1234", "pass")
    assert two[0] == "'+cmd"
    assert written.auto_filter.ref


def test_an_interrupted_run_goes_on_where_it_was_and_asks_nothing_twice(
    caller: Operator, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = caller.folder
    monkeypatch.setattr(batching, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(batching, "_ATTEMPTS", 1)
    source = write(folder / "in.csv", COLUMNS, *((*PASSES, f"IN-{n}") for n in range(10)))
    asking, asked = batching._asked, []

    def breaks(*given: object) -> object:
        asked.append(given)
        if len(asked) == 3:
            caller.set("TRIVET_URL", "http://127.0.0.1:9")
            raise TrivetError("the cable was pulled")
        return asking(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(batching, "_asked", breaks)
    said = caller.refused("batch", str(source), str(folder / "out.csv"))
    assert "8 rows were answered and are kept" in said
    assert not (folder / "out.csv").exists()

    monkeypatch.setattr(batching, "_asked", asking)
    caller.set("TRIVET_URL", answering.url)
    assert caller("batch", str(source), str(folder / "out.csv")).status == 0
    rows = read(folder / "out.csv")
    assert [row["reference"] for row in rows] == [f"IN-{n}" for n in range(10)]
    assert len({row["verification"] for row in rows}) == 10
    assert len((folder / "out.csv.receipts").read_text().split()) == 3


def test_what_another_input_left_is_not_mixed_in(
    caller: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = caller.folder
    caller.set("TRIVET_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(batching, "_ATTEMPTS", 1)
    write(folder / "in.csv", COLUMNS, (*PASSES, "1"))
    caller.refused("batch", str(folder / "in.csv"), str(folder / "out.csv"))
    write(folder / "in.csv", COLUMNS, (*PASSES, "2"))
    said = caller.refused("batch", str(folder / "in.csv"), str(folder / "out.csv"))
    assert "left by a run on another input" in said


def test_ndjson_goes_in_and_comes_out_as_it_is_on_the_wire(caller: Operator) -> None:
    folder = caller.folder
    question = {
        "provider": {"scheme": "certificate", "value": "SAMPLE-0001"},
        "programme": {"scheme": "register", "value": "lf-foundation"},
    }
    (folder / "in.ndjson").write_text(f"{json.dumps(question)}\n\n{json.dumps(question)}\n")
    ran = caller("batch", str(folder / "in.ndjson"), str(folder / "out.ndjson"))
    assert ran.status == 2
    results = [json.loads(line) for line in (folder / "out.ndjson").read_text().splitlines()]
    assert [result["row"] for result in results] == [1, 2]
    assert results[0]["verification"]["verdict"] == "cannot_confirm"


@pytest.mark.parametrize(
    ("name", "content", "mapping", "said"),
    [
        ("none.csv", None, None, "is not there"),
        ("a.pdf", b"%PDF", None, "ends in .csv, .xlsx or .ndjson"),
        ("a.csv", b"", None, "is empty"),
        ("a.csv", b"colour\nred\n", None, "has no column"),
        ("a.csv", b"provider\n\xff\n", None, "no csv in UTF-8"),
        ("a.xlsx", b"PK nothing", None, "no xlsx that can be read"),
        ("a.ndjson", b"{}\nno\n", None, "line 2, is not JSON"),
        ("a.csv", b"Nr\n1\n", '[columns]\ntrainer = "No"\n', "has no column 'No'"),
        ("a.csv", b"Nr\n1\n", '[columns]\ncolour = "Nr"\n', "columns.colour is none of"),
        ("a.csv", b"Nr\n1\n", "colour = 1\n", "colour"),
    ],
)
def test_what_can_not_be_read_is_told_in_a_line_and_nothing_is_asked(
    caller: Operator, name: str, content: bytes | None, mapping: str | None, said: str
) -> None:
    folder = caller.folder
    if content is not None:
        (folder / name).write_bytes(content)
    options = []
    if mapping is not None:
        (folder / "map.toml").write_text(mapping)
        options = ["--map", str(folder / "map.toml")]
    told = caller.refused("batch", str(folder / name), str(folder / "out.csv"), *options)
    assert said in told
    assert not (folder / "out.csv").exists()


def test_an_output_of_no_known_kind_is_told_before_anything_is_asked(caller: Operator) -> None:
    folder = caller.folder
    source = write(folder / "in.csv", COLUMNS, (*PASSES, "1"))
    caller.set("TRIVET_URL", "http://127.0.0.1:9")

    said = caller.refused("batch", str(source), str(folder / "out.txt"))

    assert "give an output that ends in .csv or .xlsx or .ndjson or .jsonl" in said
    assert [file.name for file in folder.glob("*out*")] == []


def test_the_same_file_asked_about_again_is_asked_anew(caller: Operator) -> None:
    source = write(caller.folder / "in.csv", COLUMNS, (*PASSES, "again"))
    for out in ("one.csv", "two.csv"):
        assert caller("batch", str(source), str(caller.folder / out)).status == 0
    (one,), (two,) = read(caller.folder / "one.csv"), read(caller.folder / "two.csv")
    assert one["verification"] != two["verification"]
    assert one["known_at"] < two["known_at"]


def test_what_was_answered_more_than_a_day_ago_does_not_stand_beside_what_is_answered_now(
    caller: Operator, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.set("TRIVET_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(batching, "_ATTEMPTS", 1)
    source = write(caller.folder / "in.csv", COLUMNS, (*PASSES, "1"))
    command = ("batch", str(source), str(caller.folder / "out.csv"))
    caller.refused(*command)
    run = caller.folder / ".out.csv.part" / "run.json"
    left = json.loads(run.read_text())
    run.write_text(json.dumps(left | {"begun": "2026-01-01T09:00:00Z"}))
    caller.set("TRIVET_URL", answering.url)
    assert "began at 2026-01-01 09:00 UTC" in caller.refused(*command)
