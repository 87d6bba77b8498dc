"""From releases to awards: what was said last holds, on London days, of suppliers that can be asked about."""

import itertools
from datetime import date
from typing import Any

import pytest

from trivet.notices.awards import Award, awards_of
from trivet.notices.checks import Occasion, checks_of
from trivet.notices.compiling import compiled
from trivet.notices.days import named
from trivet.notices.picking import Pick
from trivet.notices.reading import releases_in
from trivet.notices.suppliers import suppliers_of


def release(day: int, **said: Any) -> dict[str, Any]:
    return {"ocid": "o", "id": str(day), "date": f"2026-01-{day:02}T00:00:00Z", **said}


def read(*documents: dict[str, Any]) -> list[Any]:
    return [each for document in documents for each in releases_in(document)]


def award_of(**award: Any) -> Award:
    contracts = award.pop("contracts", [])
    (found,) = awards_of({"ocid": "o", "awards": [{"id": "1", **award}], "contracts": contracts})
    return found


def test_in_whatever_order_releases_come_the_latest_has_the_last_word() -> None:
    said = [
        release(1, tender={"title": "First", "description": "kept"}, awards=[{"id": 1}]),
        release(2, tender={"title": "Second"}, awards=[{"id": "1", "status": "active"}]),
        release(
            3, tender={"title": None}, awards=[{"id": "2"}, {"id": "1", "status": "cancelled"}]
        ),
    ]
    for order in itertools.permutations(said):
        (process,) = compiled(read(*order))
        assert process["tender"] == {"description": "kept"}
        assert {a["id"]: a.get("status") for a in process["awards"]} == {
            "1": "cancelled",
            "2": None,
        }


def test_instants_and_not_their_spelling_say_what_is_later() -> None:
    early = release(1, tender={"title": "early"}) | {"date": "2026-06-01T10:00:00+01:00"}
    late = release(2, tender={"title": "late"}) | {"date": "2026-06-01T09:30:00Z"}
    (process,) = compiled(read(late, early))
    assert process["tender"]["title"] == "late"


def test_a_release_that_comes_twice_counts_once() -> None:
    once = release(1, tender={"items": [{"description": "a"}]})
    (process,) = compiled(read(once, once))
    assert len(process["tender"]["items"]) == 1


def test_identifiers_are_given_anew_by_a_later_release() -> None:
    one = {"id": "p", "additionalIdentifiers": [{"scheme": "GB-COH", "id": "1"}]}
    two = {"id": "p", "additionalIdentifiers": [{"scheme": "GB-COH", "id": "2"}]}
    (process,) = compiled(read(release(1, parties=[one]), release(2, parties=[two])))
    assert process["parties"] == [two]


def test_a_record_is_read_by_its_compiled_release() -> None:
    record = {"ocid": "o", "releases": [release(1)], "compiledRelease": release(2)}
    assert [each["id"] for each in read(record)] == ["2"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-07-14T23:30:00Z", date(2026, 7, 15)),
        ("2026-01-14T23:30:00Z", date(2026, 1, 14)),
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-03-12T23:59:59", date(2026, 3, 12)),
        ("2026-03-12T00:30:00+02:00", date(2026, 3, 11)),
        ("9999-12-31T23:59:59-05:00", None),
        ("2026-02-30", None),
        ("20260312", None),
        ("soon", None),
    ],
)
def test_a_day_is_the_london_day_or_none(written: str, day: date | None) -> None:
    assert named(written, "there").day == day


def test_a_contract_ends_with_its_last_contract_that_was_not_cancelled() -> None:
    def contract(end: str, status: str = "active") -> dict[str, Any]:
        return {"awardID": "1", "status": status, "period": {"endDate": end}}

    award = award_of(
        contracts=[
            contract("2027-01-01"),
            contract("2028-01-01"),
            contract("2029-01-01", "cancelled"),
        ],
        contractPeriod={"endDate": "2030-01-01"},
    )
    assert (award.ends.day, award.ends.place) == (date(2028, 1, 1), "contracts.period.endDate")
    assert award_of(contractPeriod={"endDate": "2030-01-01"}).ends.day == date(2030, 1, 1)
    assert award_of().ends.lack == "awards.contractPeriod.endDate is missing"


def test_an_award_without_a_date_is_of_the_day_its_contract_was_signed() -> None:
    award = award_of(contracts=[{"awardID": "1", "dateSigned": "2026-05-05"}])
    assert (award.awarded.day, award.awarded.place) == (date(2026, 5, 5), "contracts.dateSigned")


@pytest.mark.parametrize(
    ("scheme", "value", "asked"),
    [
        ("GB-COH", "01234567", "companies-house:01234567"),
        ("GB-COH", " 4142 000 ", "companies-house:4142000"),
        ("GB-COH", "GB-COH-sc123456", "companies-house:SC123456"),
        ("gb-nhs", "rx9", "ods:RX9"),
        ("GB-UKPRN", "10000001", "ukprn:10000001"),
        ("GB-CHC", "1000001", "charity:1000001"),
        ("GB-SC", "012345", "charity:SC012345"),
        ("GB-NIC", "100002", "charity:NIC100002"),
        ("GB-COH", "00000000", None),
        ("GB-COH", "not applicable", None),
        ("GB-CHC", "12", None),
        ("GB-PPON", "AAAA-0000-AAAA", None),
        ("GB-SRS", "example.gov.uk/x", None),
        ("GB-CFS", "123456", None),
        ("VAT", "GB123456789", None),
    ],
)
def test_an_identifier_is_asked_about_where_the_register_could_know_it(
    scheme: str, value: str, asked: str | None
) -> None:
    identifier = {"scheme": scheme, "id": value}
    (supplier,) = suppliers_of({"suppliers": [{"name": "X", "identifier": identifier}]}, {})
    assert supplier.identifiers == ((asked,) if asked else ())
    assert bool(supplier.others) is not bool(asked)


def test_all_identifiers_of_a_party_are_asked_about_and_each_supplier_once() -> None:
    party = {
        "id": "p",
        "name": "By its party (fictional)",
        "identifier": {"scheme": "GB-PPON", "id": "AAAA-0000-AAAA"},
        "additionalIdentifiers": [
            {"scheme": "GB-COH", "id": "01234567"},
            {"scheme": "GB-NHS", "id": "RX9"},
        ],
    }
    award = {"suppliers": [{"id": "p", "name": "By its award (fictional)"}, {"id": "p"}]}
    (supplier,) = suppliers_of(award, {"parties": [party]})
    assert supplier.name == "By its party (fictional)"
    assert supplier.identifiers == ("companies-house:01234567", "ods:RX9")


def test_an_award_is_looked_at_for_each_supplier_and_programme_on_both_days() -> None:
    award = award_of(suppliers=[{"id": "a"}, {"id": "b"}])
    pick = Pick(award, clear=True, grounds=())
    checks = list(checks_of(pick, {"o": ["register:x"], "o/1": ["register:y", "title:z"]}))
    assert len(checks) == 8
    assert {check.programme for check in checks} == {"register:y", "title:z"}
    assert [check.occasion for check in checks[:2]] == [Occasion.AWARD, Occasion.END]


def test_an_award_that_names_no_supplier_is_looked_at_all_the_same() -> None:
    checks = list(checks_of(Pick(award_of(), clear=True, grounds=()), {}))
    assert {check.supplier.name for check in checks} == {""}
