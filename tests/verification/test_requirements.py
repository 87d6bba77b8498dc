from datetime import date

import msgspec
import pytest

from trivet.verification.requirements import (
    MODULES,
    NATIONS,
    POPULATIONS,
    SETTINGS,
    Basis,
    requirement,
)

TODAY = date(2026, 3, 12)
LAST_DAY_BEFORE_THE_CQC = date(2021, 3, 31)
FIRST_DAY_OF_THE_CQC = date(2021, 4, 1)


def test_the_known_words_are_those_of_the_register_format() -> None:
    assert list(SETTINGS) == [
        "mental_health_unit",
        "learning_disability",
        "acute_hospital",
        "community_health",
        "social_care",
        "childrens_home",
        "school",
        "secure",
    ]
    assert list(NATIONS) == ["england", "wales", "scotland", "northern_ireland"]
    assert list(POPULATIONS) == ["adults", "older_adults", "children"]
    assert list(MODULES) == ["seclusion", "mechanical_restraint", "clinical_holding"]


@pytest.mark.parametrize(
    ("setting", "nation", "basis"),
    [
        ("mental_health_unit", "england", Basis.MANDATORY),
        ("learning_disability", "england", Basis.CONTRACTUAL),
        ("acute_hospital", "england", Basis.EXPECTED),
        ("community_health", "england", Basis.EXPECTED),
        ("social_care", "england", Basis.EXPECTED),
        ("childrens_home", "england", Basis.BY_CHOICE),
        ("school", "england", Basis.BY_CHOICE),
        ("secure", "england", Basis.BY_CHOICE),
        ("mental_health_unit", "wales", Basis.BY_CHOICE),
        ("mental_health_unit", "scotland", Basis.BY_CHOICE),
        ("acute_hospital", "northern_ireland", Basis.BY_CHOICE),
        ("school", "scotland", Basis.BY_CHOICE),
    ],
)
def test_the_strongest_basis_is_the_answer(setting: str, nation: str, basis: Basis) -> None:
    assert requirement(setting, nation, TODAY).basis is basis


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("on", [date.min, LAST_DAY_BEFORE_THE_CQC, TODAY, date.max])
def test_known_words_always_find_an_answer(setting: str, nation: str, on: date) -> None:
    answer = requirement(setting, nation, on)
    assert answer.basis is not Basis.UNKNOWN
    assert answer.text
    assert answer.source


@pytest.mark.parametrize("setting", ["acute_hospital", "community_health", "social_care"])
def test_the_cqc_expects_it_from_the_first_of_april_2021(setting: str) -> None:
    before = requirement(setting, "england", LAST_DAY_BEFORE_THE_CQC)
    after = requirement(setting, "england", FIRST_DAY_OF_THE_CQC)
    assert (before.basis, before.from_) == (Basis.BY_CHOICE, None)
    assert (after.basis, after.from_) == (Basis.EXPECTED, FIRST_DAY_OF_THE_CQC)


def test_it_is_mandatory_in_a_mental_health_unit_from_the_day_on_which_all_sources_agree() -> None:
    def basis(on: date) -> Basis:
        return requirement("mental_health_unit", "england", on).basis

    assert basis(date(2022, 3, 31)) is Basis.MANDATORY
    assert basis(date(2022, 3, 30)) is Basis.CONTRACTUAL
    assert basis(date(2020, 4, 1)) is Basis.CONTRACTUAL
    assert basis(date(2020, 3, 31)) is Basis.BY_CHOICE


@pytest.mark.parametrize("on", [FIRST_DAY_OF_THE_CQC, TODAY])
def test_where_sources_conflict_no_date_is_chosen_and_all_are_told(on: date) -> None:
    answer = requirement("mental_health_unit", "england", on)
    assert answer.from_ is None
    for told in ("Sources disagree", "April 2020", "7 December 2021", "31 March 2022"):
        assert told in answer.text
    assert "legislation.gov.uk" in answer.source


def test_the_strongest_basis_names_the_weaker_ones() -> None:
    unit = requirement("mental_health_unit", "england", TODAY).text
    assert "CQC" in unit
    assert "NHS Standard Contract" in unit
    assert "CQC" in requirement("learning_disability", "england", TODAY).text


@pytest.mark.parametrize(
    ("setting", "nation"), [(None, None), ("school", None), (None, "scotland")]
)
def test_without_setting_or_nation_it_is_unknown_and_says_what_to_give(
    setting: str | None, nation: str | None
) -> None:
    answer = requirement(setting, nation, TODAY)
    assert (answer.basis, answer.from_) == (Basis.UNKNOWN, None)
    for word in (*SETTINGS, *NATIONS):
        assert word in answer.text


@pytest.mark.parametrize(("setting", "nation"), [("ambulance", "england"), ("school", "jersey")])
def test_a_word_that_no_rule_speaks_of_is_unknown_rather_than_by_choice(
    setting: str, nation: str
) -> None:
    assert requirement(setting, nation, TODAY).basis is Basis.UNKNOWN


def test_on_the_wire_the_first_day_is_called_from() -> None:
    told = msgspec.to_builtins(requirement("social_care", "england", TODAY))
    assert set(told) == {"basis", "text", "source", "from"}
    assert told["from"] == "2021-04-01"
    assert msgspec.to_builtins(requirement("school", "wales", TODAY))["from"] is None
