import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.register.sources.making import counts, providers, read_xlsx, workbook
from trivet.register.periods import Period, Status
from trivet.register.records import Kind
from trivet.register.sources import Reading, SourceError, archive

DATES = 'from = "From"\nto = "To"'
XLSX = providers(kind="xlsx")
DATED = providers(DATES, kind="xlsx")
# Spreadsheets keep no time zone.
MIDNIGHT = datetime.combine(date(2023, 4, 1), time(0))
NOON = datetime.combine(date(2023, 4, 1), time(12))
HEADER = ["Ref", "Name", "From", "To"]


def _sheet(*rows: list[object]) -> bytes:
    return workbook({"Providers": [HEADER, *rows]})


def _registers(reading: Reading) -> list[str]:
    return [provider.register for provider in reading.document.providers]


def _changed(content: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with a text in one of its parts replaced."""
    parts = archive.unpack(content)
    assert old.encode() in parts[part]
    return archive.pack({**parts, part: parts[part].replace(old.encode(), new.encode())})


@pytest.mark.parametrize(
    ("cell", "register"),
    [(79, "79"), (79.0, "79"), (7.5, "7.5"), ("204a", "204a"), ("007", "007"), (" x\u00a0", "x")],
)
def test_numbers_lose_their_fraction_and_texts_stay(
    tmp_path: Path, cell: object, register: str
) -> None:
    assert _registers(read_xlsx(tmp_path, XLSX, _sheet([cell, "A"]))) == [register]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
@pytest.mark.parametrize(
    "day", [date(2023, 4, 1), MIDNIGHT, "2023-04-01"], ids=["day", "midnight", "text"]
)
def test_a_date_is_a_date_however_it_is_kept(
    tmp_path: Path, day: object, epoch: datetime | None
) -> None:
    content = workbook({"Providers": [HEADER, ["TP-1", "A", day, None]]}, epoch=epoch)
    [provider] = read_xlsx(tmp_path, DATED, content).document.providers
    assert provider.periods == (Period(Status.IN_FORCE, date(2023, 4, 1), None),)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (NOON, "not a date"),
        (45000, "not a date"),
        (True, "not a date"),
        ("#N/A", "error of a formula"),
        ("#REF!", "error of a formula"),
        ("=1/0", "formula without a stored value"),
    ],
)
def test_an_end_that_is_no_day_rejects_its_row(tmp_path: Path, cell: object, reason: str) -> None:
    content = _sheet(["TP-1", "A", None, cell], ["TP-2", "B", None, None])
    reading = read_xlsx(tmp_path, DATED, content)
    [rejected] = reading.rejected
    assert rejected.place == "Providers row 2, column To"
    assert reason in rejected.reason
    assert _registers(reading) == ["TP-2"]


def test_an_error_is_found_where_cells_do_not_say_where_they_are(tmp_path: Path) -> None:
    content = _sheet(["TP-1", "A", None, "#N/A"])
    part = "xl/worksheets/sheet1.xml"
    for place in ("A2", "B2", "D2"):
        content = _changed(content, part, f'r="{place}" ', "")
    for place in ("A1", "B1", "C1", "D1"):
        content = _changed(content, part, f'r="{place}" ', "")
    with pytest.raises(SourceError, match="column"):  # the blank third cell is not there at all
        read_xlsx(tmp_path, DATED.replace('"To"', '"Until"'), content)
    reading = read_xlsx(tmp_path, providers('certificate = "From"', kind="xlsx"), content)
    assert [r.reason for r in reading.rejected] == [
        "is the error of a formula: mend it in the sheet"
    ]


def test_a_number_too_long_to_be_exact_rejects_its_row(tmp_path: Path) -> None:
    [rejected] = read_xlsx(tmp_path, XLSX, _sheet([2**60, "A"], ["TP-2", "B"])).rejected
    assert "too long" in rejected.reason


def test_rows_keep_their_numbers_below_a_title_and_blank_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        ["The list"],
        [],
        [None, *HEADER],
        [None, "TP-1", "A"],
        [],
        [None, "TP-2", ""],
    ]
    reading = read_xlsx(tmp_path, XLSX, workbook({"Providers": rows}))
    [rejected] = reading.rejected
    assert rejected.place == "Providers row 7, column Name"
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 1, 1)


def test_a_sheet_that_is_missing_refuses_the_workbook_naming_those_there_are(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        SourceError, match=r"register\.xlsx: has no 'Providers', only 'List', 'Notes'"
    ):
        read_xlsx(tmp_path, XLSX, workbook({"List": [HEADER], "Notes": []}))


def test_an_optional_sheet_may_be_missing(tmp_path: Path) -> None:
    more = """
[[providers]]
sheet = "More"
optional = true
[providers.fields]
register = "Ref"
name = "Name"
body = { value = "body" }
"""
    assert _registers(read_xlsx(tmp_path, XLSX + more, _sheet(["TP-1", "A"]))) == ["TP-1"]
    both = workbook({"Providers": [HEADER, ["TP-1", "A"]], "More": [HEADER, ["TP-2", "B"]]})
    assert _registers(read_xlsx(tmp_path, XLSX + more, both)) == ["TP-1", "TP-2"]


def test_a_renamed_column_refuses_the_workbook_naming_those_there_are(tmp_path: Path) -> None:
    content = workbook({"Providers": [["Ref", "Title"], ["TP-1", "A"]]})
    said = r"register\.xlsx: sheet 'Providers': has no column 'Name'; row 1 has 'Ref', 'Title'"
    with pytest.raises(SourceError, match=said):
        read_xlsx(tmp_path, XLSX, content)


def _claiming(content: bytes, size: int) -> bytes:
    """Return an archive whose index claims that its first part is `size` bytes long."""
    index = content.index(b"PK\x01\x02")
    return content[: index + 24] + size.to_bytes(4, "little") + content[index + 28 :]


def _bomb(megabytes: int, *, claimed: int | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", bytes(megabytes * 2**20))
    content = packed.getvalue()
    return content if claimed is None else _claiming(content, claimed)


def _encrypted() -> bytes:
    content = bytearray(_sheet(["TP-1", "A"]))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _other_archive() -> bytes:
    return archive.pack({"readme.txt": b"hello"})


GOOD = _sheet(["TP-1", "A"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><title>Sign in</title>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        (b"Ref,Name\nTP-1,A\n", "not an xlsx workbook"),
        (GOOD[: len(GOOD) // 2], "truncated"),
        (GOOD[:-5], "truncated"),
        (GOOD[:200] + b"\0" * 40 + GOOD[240:], "damaged"),
        (_encrypted(), "encrypted"),
        (_other_archive(), "no xlsx workbook"),
        (_claiming(GOOD, 2 * 10**9), "grow beyond"),
        (_bomb(30), "grow beyond 10 MiB"),
        (_bomb(30, claimed=1000), "grow beyond 10 MiB"),
    ],
    ids=[
        "nothing",
        "web page",
        "password",
        "csv",
        "half of it",
        "all but its end",
        "damaged",
        "encrypted parts",
        "another archive",
        "claims 2 GB",
        "bomb",
        "bomb that claims to be small",
    ],
)
def test_what_is_no_safe_workbook_is_refused_whole(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_xlsx(tmp_path, XLSX, content)
    assert str(caught.value).startswith("register.xlsx: ")


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    content = _bomb(60, claimed=1000)
    tracemalloc.start()
    try:
        with pytest.raises(archive.ArchiveFault):
            archive.unpack(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * 2**20


def test_a_sheet_with_a_cell_far_off_is_refused(tmp_path: Path) -> None:
    part = "xl/worksheets/sheet1.xml"
    content = _changed(_sheet(["TP-1", "A"]), part, 'r="B2"', 'r="XFD1048576"')
    with pytest.raises(SourceError, match="spans more than"):
        read_xlsx(tmp_path, XLSX, content)


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        (
            "xl/workbook.xml",
            "<workbook",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook",
            "XML of its own",
        ),
        ("xl/worksheets/sheet1.xml", "</sheetData>", "", "broken XML"),
        ("xl/worksheets/sheet1.xml", 'r="B2"', 'r="2B"', "said to be at"),
        ("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml", "read as a workbook|has no"),
    ],
)
def test_a_workbook_of_broken_parts_is_refused(
    tmp_path: Path, part: str, old: str, new: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        read_xlsx(tmp_path, XLSX, _changed(GOOD, part, old, new))


def test_an_archive_of_equal_parts_has_equal_bytes() -> None:
    parts = {"b.csv": b"2", "a.csv": b"1"}
    assert archive.pack(parts) == archive.pack(dict(reversed(parts.items())))
    assert archive.unpack(archive.pack(parts)) == parts
