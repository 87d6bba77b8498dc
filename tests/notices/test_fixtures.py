"""The notices that tests read are OCDS 1.1, in the shapes in which the two British publishers write it.

Checked in full against the schema of the standard when they were made. That is on the network, so what is held here is
what the schema asks of the parts that are read, and what libcoveocds checks beside it.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # has no types
from libcoveocds.lib.additional_checks import (  # type: ignore[import-untyped]  # has no types
    CHECKS,
    run_additional_checks,
)

DATA = Path(__file__).parents[1] / "data" / "notices"
FILES = sorted(DATA.glob("*.json"))

TEXT = {"type": "string", "minLength": 1}
INSTANT = {"type": "string", "format": "date-time", "pattern": r"T.*(Z|[+-]\d\d:\d\d)$"}


def each(shape: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": shape, **more}


def having(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


PERIOD = having(startDate=INSTANT, endDate=INSTANT)
CODE = having("scheme", "id", scheme=TEXT, id=TEXT)
ORGANISATION = having("id", "name", id=TEXT, name=TEXT)
ITEM = having("id", id=TEXT, classification=CODE, additionalClassifications=each(CODE))
RELEASE = having(
    *("ocid", "id", "date", "tag", "initiationType"),
    ocid={"type": "string", "pattern": "^ocds-[a-z0-9]{6}-"},
    date=INSTANT,
    tag=each(of("award", "awardUpdate", "awardCancellation", "contract")),
    initiationType=of("tender"),
    buyer=ORGANISATION,
    parties=each(having("id", "name", "roles", roles=each(of("buyer", "supplier")))),
    tender=having(
        *("id", "title"),
        status=of("complete"),
        classification=CODE,
        items=each(ITEM),
        lots=each(having("id", id=TEXT)),
    ),
    awards=each(
        having(
            *("id", "status"),
            status=of("pending", "active", "cancelled", "unsuccessful"),
            date=INSTANT,
            suppliers=each(ORGANISATION),
            contractPeriod=PERIOD,
        )
    ),
    contracts=each(having("id", "awardID", status=of("active"), dateSigned=INSTANT, period=PERIOD)),
)
PACKAGE = having(
    *("uri", "version", "publishedDate", "publisher", "releases"),
    version=of("1.1"),
    publishedDate=INSTANT,
    publisher=having("name"),
    releases=each(RELEASE),
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notice_is_as_the_standard_has_it(file: Path) -> None:
    package = json.loads(file.read_text())
    faults = Draft4Validator(PACKAGE, format_checker=FormatChecker()).iter_errors(package)
    assert [f"{list(fault.path)}: {fault.message}" for fault in faults] == []
    assert run_additional_checks(package, CHECKS["all"]) == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_reference_within_a_notice_leads_somewhere(file: Path) -> None:
    for release in json.loads(file.read_text())["releases"]:
        parties = {party["id"] for party in release.get("parties", ())}
        lots = {lot["id"] for lot in release.get("tender", {}).get("lots", ())}
        awards = {award["id"] for award in release["awards"]}
        for award in release["awards"]:
            assert {supplier["id"] for supplier in award.get("suppliers", ())} <= parties
            assert set(award.get("relatedLots", ())) <= lots
        assert {contract["awardID"] for contract in release.get("contracts", ())} <= awards


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nobody_in_a_notice_exists(file: Path) -> None:
    package = json.loads(file.read_text())
    assert package["publisher"]["name"].endswith("(fictional)")
    for release in package["releases"]:
        assert all(p["name"].endswith("(fictional)") for p in release.get("parties", ()))
