"""A question, from the forms in which callers hold its parts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from trivet.register.identifiers import Identifier as ServiceIdentifier
from trivet.register.identifiers import Scheme
from trivet_api.models import TrainerScheme
from trivet_client import Identifier, InvalidArgument, Scope
from trivet_client.questions import question

EX = {"scheme": "certificate", "value": "EX-1"}


def asked(**changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"provider": "certificate:EX-1", "programme": "register:ex-1"}
    return question(**given | changed).to_dict()


@dataclass
class Organisation:
    scheme: str
    value: str


@pytest.mark.parametrize(
    "provider",
    [
        "certificate:EX-1",
        ("certificate", "EX-1"),
        EX,
        Organisation("certificate", "EX-1"),
        Identifier.from_dict(EX),
        ServiceIdentifier(Scheme.CERTIFICATE, "EX-1"),
    ],
)
def test_an_identifier_may_be_text_a_pair_a_mapping_or_an_object(provider: object) -> None:
    assert asked(provider=provider)["provider"] == EX


def test_a_list_is_several_identifiers() -> None:
    several = asked(provider=["certificate:EX-1", ("name", "Example: Training")])["provider"]
    assert several == [EX, {"scheme": "name", "value": "Example: Training"}]


def test_what_is_not_given_is_not_sent() -> None:
    assert asked().keys() == {"provider", "programme"}


def test_everything_that_is_given_is_sent() -> None:
    sent = asked(
        trainer="authorisation:A-1",
        family_name="Example",
        delivered_on=date(2026, 3, 12),
        delivered_by="ods:EX1",
        scope={"setting": "school", "modules": ["seclusion"]},
        evidence=["membership"],
        reference="PO-1",
        purpose="order",
    )
    assert sent["trainer"] == {
        "scheme": "authorisation",
        "value": "A-1",
        "familyName": "Example",
    }
    assert sent["deliveredOn"] == "2026-03-12"
    assert sent["deliveredBy"] == {"scheme": "ods", "value": "EX1"}
    assert sent["scope"] == {"setting": "school", "modules": ["seclusion"]}
    assert (sent["evidence"], sent["reference"], sent["purpose"]) == (
        ["membership"],
        "PO-1",
        "order",
    )


@pytest.mark.parametrize("key", ["familyName", "family_name"])
def test_a_family_name_may_come_with_its_trainer(key: str) -> None:
    trainer = {"scheme": "register", "value": "t-1", key: "Example"}
    assert asked(trainer=trainer)["trainer"]["familyName"] == "Example"


def test_a_family_name_is_not_shown_with_the_question() -> None:
    made = question(
        provider="certificate:EX-1",
        programme="register:ex-1",
        trainer="register:t-1",
        family_name="Lampwright",
    )
    assert "Lampwright" not in repr(made)
    assert made.trainer
    assert made.trainer.scheme is TrainerScheme.REGISTER


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"provider": "EX-1"}, "provider: write it as scheme:value"),
        ({"provider": "certificat:EX-1"}, "companies-house"),
        ({"provider": "certificate: "}, "provider"),
        ({"provider": ""}, "provider"),
        ({"provider": ("certificate:EX-1", "name:Y", "ods:EX1")}, "provider"),
        ({"provider": {"scheme": "certificate", "value": 7}}, "provider"),
        ({"provider": {**EX, "surname": "Example"}}, "provider"),
        ({"provider": 7}, "provider"),
        ({"programme": "certificate:EX-1"}, "programme.*register or title"),
        ({"trainer": "name:Example"}, "trainer.*authorisation or register"),
        ({"trainer": ""}, "trainer"),
        ({"family_name": "Example"}, "family_name"),
        ({"delivered_on": "12/03/2026"}, "delivered_on"),
        ({"delivered_on": "20260312"}, "delivered_on"),
        ({"delivered_on": ""}, "delivered_on"),
        ({"delivered_on": datetime(2026, 3, 12, tzinfo=UTC)}, "delivered_on"),
        ({"delivered_by": "EX1"}, "delivered_by"),
        ({"scope": "school"}, "scope"),
        ({"scope": {"setting": {1, 2}}}, "question"),
        ({"evidence": "membership"}, "evidence"),
        ({"evidence": ["hearsay"]}, "evidence.*legacy_scheme"),
        ({"purpose": "fun"}, "purpose.*audit"),
        ({"reference": "\udcff"}, "question"),
    ],
)
def test_what_is_doubtful_is_refused_by_name(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidArgument, match=named):
        asked(**changed)


def test_a_refusal_never_quotes_what_may_be_a_name() -> None:
    with pytest.raises(InvalidArgument) as refused:
        asked(trainer="Lampwright", family_name="Lampwright")
    assert "Lampwright" not in repr(refused.value)


def test_an_argument_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError):
        asked(deliveredOn="2026-03-12")


def test_an_unknown_part_of_a_scope_is_left_for_the_service_to_refuse() -> None:
    assert asked(scope={"seting": "school"})["scope"] == {"seting": "school"}
    assert asked(scope=Scope(nation="wales"))["scope"] == {"nation": "wales"}
