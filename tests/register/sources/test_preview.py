"""A first look at what was read: field by field, and never a family name."""

from pathlib import Path

from tests.register.sources.making import providers, read_csv
from tests.register.sources.test_tables import FILES, _read_all
from trivet.register.records import Kind
from trivet.register.sources import preview

FIELDS = 'to = "To"\nidentifiers.ods = "ODS"\ncertificate = "No"'
CSV = "Ref,Name,To,ODS,No\n" + "".join(f"TP-{n},A {n},2026-01-0{n},ZZ{n},\n" for n in range(1, 6))


def test_the_first_records_are_shown_field_by_field(tmp_path: Path) -> None:
    [shown] = preview(read_csv(tmp_path, providers(FIELDS), CSV))
    assert (shown.kind, len(shown.records)) == (Kind.PROVIDERS, 3)
    first = shown.records[0]
    assert first["register"] == "TP-1"
    assert first["identifiers"] == "ods ZZ1"
    assert first["periods"] == "in_force from a day not recorded to 2026-01-01"
    assert first["certificate"] is None


def test_fields_that_no_record_has_are_told(tmp_path: Path) -> None:
    [shown] = preview(read_csv(tmp_path, providers(FIELDS), CSV))
    assert {"certificate", "settings", "kind"} <= set(shown.unread)
    assert not {"name", "identifiers", "periods"} & set(shown.unread)


def test_rows_that_could_not_be_read_are_told_with_their_reason(tmp_path: Path) -> None:
    [shown] = preview(read_csv(tmp_path, providers(FIELDS), CSV.replace("2026-01-02", "soon")), 1)
    assert len(shown.records) == 1
    assert [each.place for each in shown.rejected] == ["register.csv line 3, column To"]


def test_a_family_name_is_only_said_to_be_there(tmp_path: Path) -> None:
    shown = preview(_read_all(tmp_path))
    assert [each.kind for each in shown] == [Kind.PROVIDERS, Kind.PROGRAMMES, Kind.AUTHORISATIONS]
    first = shown[2].records[0]
    assert first["familyName"] == "(read, and not shown)"
    assert "Sample" in FILES["t.csv"]
    assert "Sample" not in repr(shown)
    assert shown[2].records[1]["organisation"] == "name A Trust, identifiers ods ZZ1"
    assert shown[1].records[0]["restrictive"] == "yes"
