"""From rows to records; the rows come from csv, what is told of them holds for sheets as well."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.register.sources.making import AS_OF, counts, profile, providers, raw, read_csv
from trivet.register.faults import faults
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, Kind, Organisation, Role
from trivet.register.sources import ProfileError, Reading, SourceError, read
from trivet.register.sources.archive import pack

DATES = 'from = "From"\nto = "To"'
IN_FORCE = Status.IN_FORCE


def _periods(reading: Reading) -> list[tuple[Period, ...]]:
    return [provider.periods for provider in reading.document.providers]


def test_a_row_is_a_record(tmp_path: Path) -> None:
    reading = read_csv(
        tmp_path,
        providers(DATES),
        "Ref,Name,From,To\nTP-1, Fictional \u00a0 Training\u00a0,2023-04-01,2026-04-01\n",
    )
    [provider] = reading.document.providers
    assert (provider.register, provider.name, provider.body) == (
        "TP-1",
        "Fictional Training",
        "body",
    )
    assert provider.periods == (Period(IN_FORCE, date(2023, 4, 1), date(2026, 4, 1)),)
    assert reading.as_of == AS_OF
    assert reading.document.publisher == "fictional"


@pytest.mark.parametrize(
    ("ends", "end"), [("inclusive", date(2026, 4, 2)), ("exclusive", date(2026, 4, 1))]
)
def test_an_end_is_the_last_day_or_the_first_not_covered(
    tmp_path: Path, ends: str, end: date
) -> None:
    text = providers(DATES, table=f'ends = "{ends}"')
    reading = read_csv(tmp_path, text, "Ref,Name,From,To\nTP-1,A,2023-04-01,2026-04-01\n")
    assert _periods(reading) == [(Period(IN_FORCE, date(2023, 4, 1), end),)]


@pytest.mark.parametrize(
    ("table", "cells", "expected"),
    [
        ("", ",", Period(IN_FORCE, None, None)),
        ("undated_from = 2020-01-01", ",", Period(IN_FORCE, date(2020, 1, 1), None)),
        ("undated_from = 2020-01-01", ",2019-01-01", Period(IN_FORCE, None, date(2019, 1, 1))),
        ('null_values = ["N/A"]', "n/a,n/a", Period(IN_FORCE, None, None)),
        (
            'null_values = ["9999-12-31"]\nends = "inclusive"',
            "2020-01-01,9999-12-31",
            Period(IN_FORCE, date(2020, 1, 1), None),
        ),
        (
            'dates = ["%d/%m/%Y", "%Y-%m-%d"]',
            "31/01/2020,2021-01-01",
            Period(IN_FORCE, date(2020, 1, 31), date(2021, 1, 1)),
        ),
    ],
)
def test_dates_may_be_blank_or_written_in_several_ways(
    tmp_path: Path, table: str, cells: str, expected: Period
) -> None:
    reading = read_csv(
        tmp_path, providers(DATES, table=table), f"Ref,Name,From,To\nTP-1,A,{cells}\n"
    )
    assert _periods(reading) == [(expected,)]


STATUS = (
    DATES
    + """
status = { column = "Status", map = { "Certified" = "in_force", "Struck off" = "withdrawn" } }
changed = "Changed"
"""
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("certified,2020-01-01,,", [(IN_FORCE, date(2020, 1, 1), None)]),
        ("In force,2020-01-01,,", [(IN_FORCE, date(2020, 1, 1), None)]),
        ("Struck off,2020-01-01,2023-01-01,", [(Status.WITHDRAWN, None, None)]),
        ("Suspended,2020-01-01,2023-01-01,", [(Status.SUSPENDED, None, None)]),
        ("Expired,2020-01-01,2023-01-01,", [(IN_FORCE, date(2020, 1, 1), date(2023, 1, 1))]),
        ("Expired,2020-01-01,2030-01-01,", [(Status.EXPIRED, None, None)]),
        (
            "Struck off,2020-01-01,2023-01-01,2021-01-01",
            [
                (IN_FORCE, date(2020, 1, 1), date(2021, 1, 1)),
                (Status.WITHDRAWN, date(2021, 1, 1), None),
            ],
        ),
    ],
)
def test_a_status_says_what_the_dates_mean(
    tmp_path: Path, cells: str, expected: list[tuple[Status, date | None, date | None]]
) -> None:
    csv = f"Ref,Name,Status,From,To,Changed\nTP-1,A,{cells}\n"
    [periods] = _periods(read_csv(tmp_path, providers(STATUS), csv))
    assert [(p.status, p.from_, p.to) for p in periods] == expected


@pytest.mark.parametrize(
    ("fields", "header", "cells", "column", "reason"),
    [
        (DATES, "From,To", "soon,", "From", "not a date"),
        (DATES, "From,To", "2023-02-29,", "From", "not a date"),
        (DATES, "From,To", "2023-01-01,2022-01-01", "To", "ends before it begins"),
        (DATES, "From,To", "1066-10-14,", "From", "not between"),
        (STATUS, "Status,From,To,Changed", ",,,", "Status", "is blank"),
        (STATUS, "Status,From,To,Changed", "fine,,,", "Status", "none of applied"),
        ('identifiers.ukprn = "UKPRN"', "UKPRN", "777", "UKPRN", "not a ukprn"),
        ('identifiers.ods = "ODS"', "ODS", "Z", "ODS", "not a ods"),
        ('certificate = "No"', "No", "a\u202eb", "No", "bidirectional"),
        ('certificate = "No"', "No", "x" * 301, "No", "longer than"),
        ('kind = "Kind"', "Kind", "charity", "Kind", "none of in_house"),
        (
            'nations = { column = "In", map = { "E" = "england" } }',
            "In",
            "Englnd",
            "In",
            "not in the map",
        ),
        ('settings = "In"', "In", "caf\u00e9", "In", "lower-case words"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_with_its_place(
    tmp_path: Path, fields: str, header: str, cells: str, column: str, reason: str
) -> None:
    csv = f"Ref,Name,{header}\nTP-1,A,{cells}\nTP-2,B{',' * (header.count(',') + 1)}\n"
    if "Status" in header:
        csv = csv.replace("TP-2,B,", "TP-2,B,Certified")
    reading = read_csv(tmp_path, providers(fields), csv)
    [rejected] = reading.rejected
    assert rejected.place == f"register.csv line 2, column {column}"
    assert rejected.register == "TP-1"
    assert reason in rejected.reason
    assert [p.register for p in reading.document.providers] == ["TP-2"]
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 1, 1)
    assert reading.coverage.providers is Coverage.PARTIAL


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",A", "Ref", "is blank"),
        ("TP-1,", "Name", "is blank"),
        ("TP 1,A", "Ref", "1 to 80 letters"),
        ("TP-1", None, "has 1 cells, but there are 2 columns"),
        ("TP-1,A,B", None, "has 3 cells, but there are 2 columns"),
    ],
)
def test_a_row_without_its_cells_is_rejected(
    tmp_path: Path, row: str, column: str | None, reason: str
) -> None:
    reading = read_csv(tmp_path, providers(), f"Ref,Name\n{row}\nTP-2,B\n")
    [rejected] = reading.rejected
    assert rejected.place == "register.csv line 2" + (f", column {column}" if column else "")
    assert reason in rejected.reason


def test_a_day_that_two_formats_read_differently_is_rejected(tmp_path: Path) -> None:
    text = providers(DATES, table='dates = ["%d/%m/%Y", "%m/%d/%Y"]')
    csv = "Ref,Name,From,To\nTP-1,A,01/02/2023,\nTP-2,B,02/02/2023,\n"
    [rejected] = read_csv(tmp_path, text, csv).rejected
    assert "different day" in rejected.reason


def test_blank_rows_are_not_counted(tmp_path: Path) -> None:
    csv = "Ref,Name,Note\n,,\n\nTP-1,A,\n\u00a0,,\n,,printed in May\n"
    reading = read_csv(tmp_path, providers(), csv)
    assert counts(reading, Kind.PROVIDERS) == (1, 0, 0, 1)


def test_rows_of_one_record_are_merged(tmp_path: Path) -> None:
    csv = (
        "Ref,Name,From,To\nTP-1,A,2020-01-01,2021-01-01\nTP-1,A,2020-06-01,2022-01-01\n"
        "tp-1,A,2022-01-01,2023-01-01\nTP-1,A,2024-01-01,\nTP-1,A,2024-01-01,\n"
    )
    reading = read_csv(tmp_path, providers(DATES), csv)
    assert _periods(reading) == [
        (
            Period(IN_FORCE, date(2020, 1, 1), date(2023, 1, 1)),
            Period(IN_FORCE, date(2024, 1, 1), None),
        )
    ]
    assert counts(reading, Kind.PROVIDERS) == (5, 4, 0, 1)


def test_rows_of_one_record_with_overlapping_statuses_are_rejected(tmp_path: Path) -> None:
    csv = (
        "Ref,Name,Status,From,To,Changed\nTP-1,A,Certified,2020-01-01,,\n"
        "TP-1,A,Applied,2021-01-01,2022-01-01,\nTP-2,B,Certified,2020-01-01,,\n"
    )
    reading = read_csv(tmp_path, providers(STATUS), csv)
    assert {r.reason for r in reading.rejected} == {
        "periods of rows that describe the same record: in_force and applied overlap"
    }
    assert counts(reading, Kind.PROVIDERS) == (3, 0, 2, 1)


TWO_NAMES = "Ref,Name\nTP-1,A\nTP-1,B\n"


def test_rows_of_one_record_that_differ_are_rejected_naming_the_field(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, providers(), TWO_NAMES)
    first, second = reading.rejected
    assert (first.place, first.reason) == (
        "register.csv line 2",
        "another row of this record was rejected",
    )
    assert (second.place, second.field) == ("register.csv line 3, column Name", "name")
    assert "register.csv line 2" in second.reason
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 2, 0)


def test_the_first_of_rows_that_differ_may_be_taken(tmp_path: Path) -> None:
    reading = read_csv(tmp_path, providers(table='on_difference = "first"'), TWO_NAMES)
    assert [p.name for p in reading.document.providers] == ["A"]
    assert counts(reading, Kind.PROVIDERS) == (2, 1, 0, 1)


@pytest.mark.parametrize(("guard", "records"), [("reject", 0), ("error", 0), ("first", 1)])
def test_the_guards_say_what_becomes_of_rows_that_differ(
    tmp_path: Path, guard: str, records: int
) -> None:
    text = f'guards = {{ duplicates = "{guard}" }}\n{providers()}'
    found = read_csv(tmp_path, text, TWO_NAMES).counts[Kind.PROVIDERS]
    assert (found.records, found.differing) == (records, 1)


def test_rows_that_differ_in_their_dates_alone_do_not_contradict(tmp_path: Path) -> None:
    csv = "Ref,Name,From,To\nTP-1,A,2020-01-01,2021-01-01\nTP-1,A,2022-01-01,\n"
    assert read_csv(tmp_path, providers(DATES), csv).counts[Kind.PROVIDERS].differing == 0


def test_a_record_is_not_built_from_half_its_rows(tmp_path: Path) -> None:
    csv = "Ref,Name,From,To\nTP-1,A,2020-01-01,\nTP-1,A,soon,\nTP-2,B,,\n"
    reading = read_csv(tmp_path, providers(DATES), csv)
    assert [p.register for p in reading.document.providers] == ["TP-2"]
    assert reading.rejected[0].reason == "another row of this record was rejected"


ALL_KINDS = """
kind = "csv"
location = "."
vouched_by = "register"
max_age = "P1D"

[coverage]
providers = "complete"
programmes = "complete"
authorisations = "complete"

[[providers]]
file = "p.csv"
[providers.fields]
register = "Ref"
name = "Name"
body = { value = "body" }

[[programmes]]
file = "c.csv"
[programmes.fields]
register = { template = "{Provider}-{Code}" }
provider = "Provider"
title = { lookup = "titles", by = "Code", column = "Title" }
restrictive = { column = "Restrictive", map = { "both" = true } }

[[authorisations]]
file = "t.csv"
[authorisations.fields]
register = "No"
trainer = "Trainer"
familyName = "Surname"
provider = "Provider"
role = { column = "Role", map = { "S" = "senior" } }
organisation.name = "Employer"
organisation.identifiers.ods = "ODS"
programmes = { column = "Codes", separator = "/", template = "{Provider}-{Codes}" }

[lookups.titles]
file = "l.csv"
key = "Code"
"""

FILES = {
    "p.csv": "Ref,Name\nTP-1,A\nTP-2,B\n",
    "c.csv": "Provider,Code,Restrictive\nTP-1,F,yes\nTP-1,R,both\nTP-2,F,\n",
    "l.csv": "Code,Title,Note\nF,Foundation,x\nR,Refresher,\nF,Foundation,y\n",
    "t.csv": (
        "No,Trainer,Surname,Provider,Role,Employer,ODS,Codes\n"
        "1,T-1,Sample,TP-1,S,,,F / R\n2,T-2,Sample,TP-1,Associate,A Trust,ZZ1,all\n"
        "3,T-3,Sample,TP-2,S,,,F\n"
    ),
}


def _read_all(folder: Path, **changes: str) -> Reading:
    files = {name: changes.get(name[0], text).encode() for name, text in FILES.items()}
    return read(profile(folder, ALL_KINDS), raw(pack(files), "release"))


def test_all_kinds_of_record_can_be_read_from_files(tmp_path: Path) -> None:
    reading = _read_all(tmp_path)
    assert reading.rejected == ()
    assert list(faults(reading.document, reading.coverage)) == []
    titles = {p.register: (p.title, p.restrictive) for p in reading.document.programmes}
    assert titles == {
        "TP-1-F": ("Foundation", True),
        "TP-1-R": ("Refresher", True),
        "TP-2-F": ("Foundation", None),
    }
    senior, associate, _ = reading.document.authorisations
    assert senior.programmes == ("TP-1-F", "TP-1-R")
    assert (senior.role, senior.organisation) == (Role.SENIOR, None)
    assert associate.programmes == "all"
    assert associate.organisation == Organisation("A Trust", (Identifier(Scheme.ODS, "ZZ1"),))


@pytest.mark.parametrize("stated", ['{ value = "all" }', '{ column = "Codes", default = "all" }'])
def test_all_programmes_may_be_stated_in_the_profile(tmp_path: Path, stated: str) -> None:
    text = ALL_KINDS.replace(
        'programmes = { column = "Codes", separator = "/", template = "{Provider}-{Codes}" }',
        f"programmes = {stated}",
    )
    files = {name: text.encode() for name, text in FILES.items()}
    files["t.csv"] = b"No,Trainer,Surname,Provider,Role,Employer,ODS,Codes\n1,T-1,S,TP-1,S,,,\n"
    reading = read(profile(tmp_path, text), raw(pack(files), "release"))
    assert reading.rejected == ()
    [authorisation] = reading.document.authorisations
    assert authorisation.programmes == "all"


def test_all_programmes_are_not_one_of_a_list(tmp_path: Path) -> None:
    text = ALL_KINDS.replace(
        'programmes = { column = "Codes", separator = "/", template = "{Provider}-{Codes}" }',
        'programmes = { value = ["all"] }',
    )
    with pytest.raises(ProfileError, match="without brackets"):
        profile(tmp_path, text)


def test_what_refers_to_a_rejected_record_is_rejected_too(tmp_path: Path) -> None:
    reading = _read_all(tmp_path, p="Ref,Name\nTP-1,A\nTP-2,\n")
    assert {(r.kind, r.register) for r in reading.rejected} == {
        (Kind.PROVIDERS, "TP-2"),
        (Kind.PROGRAMMES, "TP-2-F"),
        (Kind.AUTHORISATIONS, "3"),
    }
    assert reading.coverage.authorisations is Coverage.PARTIAL


def test_a_list_without_one_good_provider_leaves_nothing_that_refers_to_them(
    tmp_path: Path,
) -> None:
    reading = _read_all(tmp_path, p="Ref,Name\nTP-1,\nTP-2,\n")
    assert not reading.document.programmes
    assert not reading.document.authorisations


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"l": "Code,Title\nF,Foundation\n"}, "c.csv line 3, column Code", "has nothing in lookup"),
        (
            {"l": "Code,Title\nF,Foundation\nR,Refresher\nF,Other\n"},
            "c.csv line 2, column Code",
            "several values",
        ),
        (
            {"t": FILES["t.csv"].replace("F / R", "F/all")},
            "t.csv line 2, column Codes + Provider + Codes",
            "beside programmes",
        ),
        (
            {"t": FILES["t.csv"].replace("F / R", "X")},
            "t.csv line 2, column Codes + Provider + Codes",
            "TP-1-X",
        ),
        ({"t": FILES["t.csv"].replace("A Trust", "")}, "t.csv line 3, column Employer", "is blank"),
        (
            {"c": FILES["c.csv"].replace("yes", "some")},
            "c.csv line 2, column Restrictive",
            "yes nor",
        ),
    ],
)
def test_a_row_that_does_not_fit_the_others_is_rejected(
    tmp_path: Path, changes: dict[str, str], place: str, reason: str
) -> None:
    found = [(r.place, r.reason) for r in _read_all(tmp_path, **changes).rejected]
    assert any(p == place and reason in r for p, r in found), found


def test_a_family_name_is_never_quoted(tmp_path: Path) -> None:
    bad = FILES["t.csv"].replace("Sample", "Sam\u202eple")
    reading = _read_all(tmp_path, t=bad)
    assert [r.field for r in reading.rejected] == ["familyName"] * 3
    assert not any("Sam" in f"{r.place}{r.reason}{r.register}" for r in reading.rejected)


def test_a_name_in_the_wrong_column_is_not_quoted_either(tmp_path: Path) -> None:
    shifted = FILES["t.csv"].replace("Sample,TP-1,S", "TP-1,S,Sample")
    reading = _read_all(tmp_path, t=shifted)
    assert ("role", "what it holds is none of") in {
        (r.field, r.reason[: len("what it holds is none of")]) for r in reading.rejected
    }
    assert "Sample" not in repr(reading.rejected)


def test_ids_that_two_things_would_share_are_rejected(tmp_path: Path) -> None:
    text = providers().replace('"Ref"', '{ template = "{Ref}" }')
    reading = read_csv(tmp_path, text, "Ref,Name\nTP 1,A\nTP/1,A\nTP-2,B\nCafé,C\n")
    assert [p.register for p in reading.document.providers] == ["TP-2", "Cafe"]
    assert all("also made from" in r.reason for r in reading.rejected)
    assert counts(reading, Kind.PROVIDERS) == (4, 0, 2, 2)


def test_ids_of_several_columns_are_told_apart_by_each(tmp_path: Path) -> None:
    text = providers().replace('"Ref"', '{ template = "{Ref}-{Name}" }')
    reading = read_csv(tmp_path, text, "Ref,Name\na-b,c\na,b-c\n")
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 2, 0)


def test_a_reference_is_not_taken_for_another_record_of_the_same_made_id(tmp_path: Path) -> None:
    text = (
        providers().replace('"Ref"', '{ template = "{Name}" }')
        + """
[[programmes]]
[programmes.fields]
register = "Code"
provider = { template = "{Other}" }
title = "Title"
"""
    )
    csv = "Name,Code,Other,Title\nA B,1,A/B,Course\nC,2,C,Course\n"
    reading = read_csv(tmp_path, text, csv)
    assert [p.register for p in reading.document.providers] == ["C"]
    assert [p.register for p in reading.document.programmes] == ["2"]


def test_a_cell_with_braces_is_no_template(tmp_path: Path) -> None:
    text = providers('certificate = { template = "{Ref}/{Name}" }')
    reading = read_csv(tmp_path, text, "Ref,Name\nTP-1,{Ref}\n")
    assert [p.certificate for p in reading.document.providers] == ["TP-1/{Ref}"]


def test_records_of_the_profile_stand_beside_those_of_the_tables(tmp_path: Path) -> None:
    text = (
        providers()
        + """
[[records.bodies]]
register = "body"
name = "Fictional body"
licensed = { from = 2020-01-01 }
accreditation = { number = "0", from = 2020-01-01 }

[[records.providers]]
register = "TP-9"
name = "Also there"
body = "body"
periods = [{ status = "in_force", from = 2020-01-01 }]
"""
    )
    reading = read_csv(tmp_path, text, "Ref,Name\nTP-1,A\n")
    assert [b.register for b in reading.document.bodies] == ["body"]
    assert [p.register for p in reading.document.providers] == ["TP-9", "TP-1"]
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 0, 2)


def test_bodies_can_be_read_from_rows(tmp_path: Path) -> None:
    text = """
kind = "csv"
location = "register.csv"
vouched_by = "register"
max_age = "P1D"
ends = "inclusive"
[coverage]
bodies = "complete"
[[bodies]]
[bodies.fields]
register = "Ref"
name = "Name"
licensed.from = "From"
licensed.to = "To"
"""
    reading = read_csv(tmp_path, text, "Ref,Name,From,To\nb,B,2020-01-01,2022-12-31\n")
    [body] = reading.document.bodies
    assert (body.licensed.from_, body.licensed.to) == (date(2020, 1, 1), date(2023, 1, 1))
    assert (body.accreditation.from_, body.accreditation.to) == (None, None)


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("", "is empty"),
        ("Ref,Name\n", "no rows below"),
        ("Ref,Title\nTP-1,A\n", r"has no column 'Name'; line 1 has 'Ref', 'Title'"),
        ("Ref,Name,Name\nTP-1,A,B\n", "two columns 'Name'"),
        ("TP-1,Sample\n", "has none of the columns"),
        ("<html><body>Sign in", "web page"),
        ('Ref,Name\nTP-1,"A\nTP-2,B\n', "line 2: is not csv"),
        (b"Ref,Name\nTP-1,Caf\xe9\n", "not utf-8-sig at byte 17: say `encoding`"),
        ("Ref,Name\nTP-1,A\n".encode("utf-16"), "not utf-8-sig"),
        ("Ref,Name\nTP-1,A\n".encode("utf-16-le"), "not text"),
        (b"PK\x03\x04", "not text"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_whole(
    tmp_path: Path, csv: str | bytes, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_csv(tmp_path, providers(), csv)
    assert str(caught.value).startswith("register.csv")
    assert "Sample" not in str(caught.value)


@pytest.mark.parametrize(
    ("top", "csv"),
    [
        ('encoding = "cp1252"\n', "Ref,Name\nTP-1,Café\n".encode("cp1252")),
        ('delimiter = ";"\n', "Ref;Name\nTP-1;Café\n".encode()),
        ("", b"\xef\xbb\xbf" + 'Ref,Name\r\nTP-1,"Café"\r\n'.encode()),
        ("", "List of May\n\nNAME,Other, ref \nCafé,,TP-1\n".encode()),
    ],
)
def test_csv_comes_in_several_dresses(tmp_path: Path, top: str, csv: bytes) -> None:
    reading = read_csv(tmp_path, providers(top=top), csv)
    assert [(p.register, p.name) for p in reading.document.providers] == [("TP-1", "Café")]


def test_a_line_number_counts_lines_within_cells(tmp_path: Path) -> None:
    csv = 'Ref,Name\nTP-1,"A\nB"\nTP-2,\n'
    [rejected] = read_csv(tmp_path, providers(), csv).rejected
    assert rejected.place == "register.csv line 4, column Name"


def test_the_header_may_stand_in_a_stated_line(tmp_path: Path) -> None:
    csv = "Ref,Name\nRef,Name\nTP-1,A\n"
    assert counts(read_csv(tmp_path, providers(table="header = 2"), csv), Kind.PROVIDERS)[0] == 1
    with pytest.raises(SourceError, match="no line 9"):
        read_csv(tmp_path, providers(table="header = 9"), csv)


def test_a_column_that_comes_and_goes_may_be_optional(tmp_path: Path) -> None:
    text = providers('certificate = { column = "No", optional = true }')
    without = read_csv(tmp_path, text, "Ref,Name\nTP-1,A\n")
    assert without.document.providers[0].certificate is None
    with_it = read_csv(tmp_path, text, "Ref,No,Name\nTP-1,C1,A\n")
    assert with_it.document.providers[0].certificate == "C1"


def test_a_kind_that_is_covered_needs_rows(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no rows of providers"):
        read_csv(tmp_path, providers(table="optional = true"), "Ref,Name\n")


_cells = st.tuples(
    st.sampled_from(["TP-1", "TP-2", "tp-1", "TP 3", ""]),
    st.sampled_from(["A", "A", "A", "B", ""]),
    st.sampled_from(["Certified", "Certified", "Suspended", "Expired", "Applied", "odd", ""]),
    st.sampled_from(["2020-01-01", "2021-01-01", "", "soon"]),
    st.sampled_from(["2020-06-01", "2022-01-01", "", "2019-01-01"]),
    st.sampled_from(["", "2020-03-01"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_cells, min_size=1, max_size=8).filter(lambda rows: any(map(any, rows))))
def test_every_row_is_a_record_merged_or_rejected(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    lines = ["Ref,Name,Status,From,To,Changed", *(",".join(row) for row in rows)]
    reading = read_csv(tmp_path, providers(STATUS), "\n".join(lines))
    found_rows, merged, rejected, records = counts(reading, Kind.PROVIDERS)
    assert found_rows == merged + rejected + records == sum(any(row) for row in rows)
    assert records == len(reading.document.providers)
    assert rejected == len(reading.rejected)
    assert list(faults(reading.document, reading.coverage)) == []
    assert (reading.coverage.providers is Coverage.PARTIAL) == bool(rejected)
