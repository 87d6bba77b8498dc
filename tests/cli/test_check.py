"""`sources check`: what a profile makes of its source, before anything is stored."""

from tests.commands import Operator

CSV = """
kind = "csv"
location = "list.csv"
vouched_by = "register"
max_age = "P1D"
[coverage]
authorisations = "partial"
[[authorisations]]
[authorisations.fields]
register = "No"
trainer = "Trainer"
familyName = "Surname"
provider = { value = "heron" }
role = "Role"
programmes = { value = "all" }
"""
ROWS = "No,Trainer,Surname,Role\nAU-1,tr-1,Sample,senior\nAU-2,tr-2,Sample,Sample\n"


def _check(operator: Operator, profile: str, rows: str) -> tuple[int, list[str]]:
    (operator.sources / "list.toml").write_text(profile)
    (operator.sources / "list.csv").write_text(rows)
    ran = operator("sources", "check", str(operator.sources / "list.toml"))
    return ran.status, [line.strip() for line in ran.out.splitlines()]


def test_the_first_records_are_shown_field_by_field_without_family_names(
    operator: Operator,
) -> None:
    status, told = _check(operator, CSV, ROWS)
    assert status == 3
    assert "authorisations, record 1:" in told
    assert "trainer: tr-1" in told
    assert "familyName: (read, and not shown)" in told
    assert "organisation: –" in told
    assert "authorisations: no record has organisation" in told
    assert not any("Sample" in line for line in told)


def test_a_guard_that_would_trip_is_told(operator: Operator) -> None:
    rows = ROWS.replace("Sample,Sample", "Sample,associate")
    assert _check(operator, CSV, rows)[0] == 0
    status, told = _check(operator, f"{CSV}[guards]\nmin_rows = 3\n", rows)
    assert status == 3
    assert (
        "guard min_rows: 2 rows of all kinds together could be read; there should be at least 3"
        in told
    )
