"""Each rule of an interchange document, broken once: the fault names record, field and reason."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.register.documents import (
    COMPLETE,
    affiliation,
    authorisation,
    body,
    document,
    in_force,
    period,
    programme,
    provider,
    whole,
)
from trivet.register.faults import Fault
from trivet.register.faults import faults as faults_of
from trivet.register.records import CoverageByKind, Document


def faults(written: dict[str, Any]) -> list[Fault]:
    read = msgspec.convert(written, Document)
    return list(faults_of(read, read.coverage or CoverageByKind()))


def test_a_document_that_keeps_every_rule_has_no_fault() -> None:
    assert faults(whole()) == []


def test_the_cases_register_has_no_fault(register: dict[str, Any]) -> None:
    assert faults(register) == []


LONG = "x" * 301
OTHER_WAY = {"from": "2024-01-01", "to": "2024-01-01"}

# kind[position].field (id): what the field is set to, and what the fault says of it
BROKEN: list[tuple[str, Any, str]] = [
    ("bodies[0].name", " ", "is empty"),
    ("bodies[0].name", LONG, "is longer than 300 characters"),
    ("bodies[0].licensed.to", "2020-01-01", "2020-01-01 is not after 2020-01-01"),
    ("bodies[0].licensed.from", "1899-12-31", "is not between 1900-01-01 and 2199-12-31"),
    ("bodies[0].accreditation.to", "2019-01-01", "2019-01-01 is not after 2020-01-01"),
    ("bodies[0].accreditation.from", "2200-01-01", "is not between 1900-01-01 and 2199-12-31"),
    ("bodies[0].accreditation.number", "", "is empty"),
    ("providers[0].name", "a\u202eb", "has a control or bidirectional character"),
    ("providers[0].tradingNames[0]", "", "is empty"),
    ("providers[0].body", "the body", "is not a register identifier"),
    ("providers[0].certificate", "", "is empty"),
    ("providers[0].standardsEdition", "", "is empty"),
    ("providers[0].identifiers[1].value", "-", "is not a ods identifier"),
    ("providers[0].identifiers[0].scheme", "name", "name belongs in the field 'name'"),
    ("providers[0].identifiers[0].scheme", "register", "belongs in the field 'register'"),
    ("providers[0].identifiers[0].scheme", "certificate", "belongs in the field 'certificate'"),
    ("providers[0].periods", [], "is empty: a record has at least one period"),
    ("providers[0].settings", [], "is an empty list: leave it out"),
    ("providers[0].settings[0]", "School", "'School' is not lower-case words"),
    ("providers[0].settings[0]", "a school", "is not lower-case words joined by underscores"),
    ("providers[0].nations", [], "is an empty list"),
    ("providers[0].nations[0]", "england_", "is not lower-case words joined by underscores"),
    ("programmes[1].title", "", "is empty"),
    ("programmes[1].provider", "egret", "names 'egret', which is not among the providers"),
    ("programmes[1].provider", "", "is empty"),
    ("programmes[1].periods", [], "is empty: a record has at least one period"),
    ("programmes[1].settings", [], "is an empty list"),
    ("programmes[1].populations", [], "is an empty list"),
    ("programmes[1].nations", [], "is an empty list"),
    ("programmes[1].modules", [], "is an empty list"),
    ("authorisations[0].trainer", "tr 1", "is not a register identifier"),
    ("authorisations[0].familyName", "Wa\u0000der", "has a control or bidirectional character"),
    ("authorisations[0].provider", "egret", "which is not among the providers"),
    ("authorisations[0].programmes", [], 'is empty: write the programmes covered, or "all"'),
    ("authorisations[0].programmes[0]", "egret-1", "which is not among the programmes"),
    ("authorisations[0].periods", [], "is empty: a record has at least one period"),
    ("authorisations[0].organisation.name", "", "is empty"),
    ("authorisations[0].organisation.identifiers[0].value", "?", "is not a ods identifier"),
    ("authorisations[0].organisation.identifiers[0].scheme", "name", "belongs in the field 'name'"),
    ("affiliations[0].organisation.name", "", "is empty"),
    ("affiliations[0].organisation.identifiers[0].value", "?", "is not a ods identifier"),
    ("affiliations[0].provider", "egret", "which is not among the providers"),
    ("affiliations[0].programmes", [], "is empty"),
    ("affiliations[0].programmes[0]", "egret-1", "which is not among the programmes"),
    ("affiliations[0].periods", [], "is empty: a record has at least one period"),
]


@pytest.mark.parametrize(
    ("place", "value", "reason"), BROKEN, ids=[f"{b[0]}={b[1]!r:.20}" for b in BROKEN]
)
def test_a_rule_broken_is_named_with_its_record_and_field(
    place: str, value: object, reason: str
) -> None:
    broken = copy.deepcopy(whole())
    _set(broken, place, value)

    (fault,) = faults(broken)

    kind, position = fault.kind.value, fault.position
    assert f"{kind}[{position}].{fault.field}" == place
    assert fault.register == whole()[kind][position]["register"]
    assert reason in fault.reason
    assert str(fault) == f"{place} ({fault.register!r}): {fault.reason}"


def _set(written: dict[str, Any], place: str, value: object) -> None:
    *path, last = place.replace("[", ".").replace("]", "").split(".")
    target: Any = written
    for part in path:
        target = target[int(part)] if part.isdigit() else target[part]
    target[int(last) if last.isdigit() else last] = value


MAKERS: dict[str, Callable[..., dict[str, Any]]] = {
    "bodies": body,
    "providers": provider,
    "programmes": programme,
    "authorisations": authorisation,
    "affiliations": affiliation,
}


@pytest.mark.parametrize("kind", list(MAKERS))
def test_an_id_that_is_used_twice_within_its_kind_is_a_fault_of_the_second(kind: str) -> None:
    record = whole()[kind][0]
    twin = {**record, "register": record["register"].upper()}
    rest = [r for r in whole()[kind] if r is not record][1:]
    (fault,) = faults(whole(**{kind: [record, *rest, twin]}))
    assert (fault.kind, fault.position, fault.field) == (kind, 1 + len(rest), "register")
    assert fault.reason == "is used by another record of this kind"


@pytest.mark.parametrize("kind", list(MAKERS))
def test_an_id_that_could_not_be_asked_for_is_a_fault(kind: str) -> None:
    written = whole()
    written[kind].append(MAKERS[kind]("not an id"))
    (fault,) = faults(written)
    assert (fault.kind, fault.field, fault.register) == (kind, "register", "not an id")


def test_one_id_may_be_used_by_records_of_two_kinds() -> None:
    assert faults(whole(programmes=[programme("heron"), programme(), programme("heron-2")])) == []


TIMELINES = [
    ([period("in_force", "2024-01-01", "2024-01-01")], "periods[0].to"),
    ([period("in_force", "2024-02-01", "2024-01-01")], "periods[0].to"),
    ([period("in_force", "1899-12-31")], "periods[0].from"),
    ([period("in_force", "2200-01-01")], "periods[0].from"),
    ([*in_force("2023-01-01", "2024-01-02"), *in_force("2024-01-01")], "periods[1]"),
    ([*in_force("2024-01-01", "2025-01-01"), *in_force("2022-01-01", "2023-01-01")], "periods[1]"),
    ([*in_force("2023-01-01", None), *in_force("2024-01-01")], "periods[1]"),
    ([*in_force(None, "2024-01-02"), *in_force("2024-01-01")], "periods[1]"),
    ([*in_force(None, None), *in_force(None, None)], "periods[1]"),
]


@pytest.mark.parametrize(("periods", "field"), TIMELINES)
@pytest.mark.parametrize("kind", ["providers", "programmes", "authorisations", "affiliations"])
def test_a_timeline_out_of_order_is_a_fault_of_its_period(
    kind: str, periods: list[dict[str, Any]], field: str
) -> None:
    written = whole()
    written[kind][0]["periods"] = periods
    (fault,) = faults(written)
    assert (fault.kind, fault.position, fault.field) == (kind, 0, field)


def test_a_period_may_not_end_before_the_one_ahead_of_it_ends() -> None:
    periods = [
        *in_force("2020-01-01", "2022-01-01"),
        period("suspended", None, "2021-01-01"),
        period("withdrawn", "2021-01-01"),
    ]
    assert faults(whole(providers=[provider(periods=periods)])) != []


@pytest.mark.parametrize(
    "periods",
    [
        [*in_force("2022-01-01", "2023-01-01"), *in_force("2023-01-01")],
        [*in_force("2022-01-01", "2023-01-01"), *in_force("2024-01-01")],
        [*in_force(None, "2023-01-01"), *in_force("2023-01-01")],
        [*in_force("2022-01-01", "2023-01-01"), period("suspended", None)],
        [period("withdrawn", None)],
    ],
)
def test_gaps_and_days_not_recorded_are_no_faults(periods: list[dict[str, Any]]) -> None:
    assert faults(whole(providers=[provider(periods=periods)])) == []


@pytest.mark.parametrize("covered", ["complete", "partial"])
def test_a_reference_dangles_where_the_document_covers_the_kind(covered: str) -> None:
    written = document(programmes=[programme()], coverage={**COMPLETE, "providers": covered})
    (fault,) = faults(written)
    assert fault.field == "provider"


def test_a_reference_may_name_what_another_source_lists() -> None:
    coverage = {"programmes": "complete", "authorisations": "partial"}
    covered = document(
        coverage, programmes=[programme()], authorisations=[authorisation(programmes=["heron-1"])]
    )
    assert faults(covered) == []
    alone = document(
        {"authorisations": "partial"}, authorisations=[authorisation(programmes=["x-1"])]
    )
    assert faults(alone) == []


def test_a_reference_is_found_without_case() -> None:
    assert faults(whole(programmes=[programme(provider="HERON"), programme("heron-2")])) == []


def test_a_provider_may_name_a_body_that_no_record_describes() -> None:
    assert faults(whole(bodies=[])) == []


def test_every_fault_is_reported_in_the_order_of_the_records() -> None:
    written = whole()
    written["bodies"][0]["name"] = ""
    written["programmes"][0]["title"] = ""
    written["programmes"][1]["provider"] = "egret"
    found = [f"{f.kind.value}[{f.position}].{f.field}" for f in faults(written)]
    assert found == ["bodies[0].name", "programmes[0].title", "programmes[1].provider"]


def test_a_fault_never_quotes_a_family_name() -> None:
    written = whole()
    written["authorisations"][0]["familyName"] = "Wader\u202e"
    assert "Wader" not in str(faults(written)[0])


def test_a_family_name_of_nothing_is_no_fault() -> None:
    written = whole()
    written["authorisations"][0]["familyName"] = ""
    assert faults(written) == []
