import msgspec
import pytest

from trivet.verification.next_steps import CONCERNS, STEPS, Sector, next_steps
from trivet.verification.requirements import NATIONS
from trivet.verification.rules import Given


def codes_of(*reasons: str, nation: str | None = None, setting: str | None = None) -> list[str]:
    given = [Given(code=code, element=None) for code in reasons]
    return [step.code for step in next_steps(given, nation=nation, setting=setting)]


def test_no_reason_asks_for_no_step() -> None:
    assert codes_of(nation="england", setting="school") == []


def test_steps_come_in_the_order_of_the_reasons() -> None:
    assert codes_of("trainer_not_named", "provider_ambiguous") == [
        "name_the_trainer",
        "choose_candidate",
    ]
    assert codes_of("provider_ambiguous", "trainer_not_named") == [
        "choose_candidate",
        "name_the_trainer",
    ]


def test_a_step_that_two_reasons_share_comes_once_at_its_first_place() -> None:
    assert codes_of("programme_not_confirmed", "trainer_not_named", "programme_source_missing") == [
        "ask_body_to_confirm_programme",
        "name_the_trainer",
    ]


def test_reasons_may_come_from_any_iterable() -> None:
    steps = next_steps(
        (Given(code=code, element=None) for code in ["trainer_suspended"]),
        nation="scotland",
        setting="school",
    )
    assert [step.code for step in steps] == [
        "wait_for_reinstatement",
        "raise_concern_with_body",
        "raise_concern_with_education_scotland",
    ]


@pytest.mark.parametrize(
    ("nation", "setting", "concern"),
    [
        ("england", "mental_health_unit", "raise_concern_with_cqc"),
        ("england", "social_care", "raise_concern_with_cqc"),
        ("england", "school", "raise_concern_with_local_authority"),
        ("wales", "acute_hospital", "raise_concern_with_hiw"),
        ("wales", "school", "raise_concern_with_ewc"),
        ("scotland", "acute_hospital", "raise_concern_with_his_or_care_inspectorate"),
        ("scotland", "childrens_home", "raise_concern_with_his_or_care_inspectorate"),
        ("scotland", "school", "raise_concern_with_education_scotland"),
        ("northern_ireland", "social_care", "raise_concern_with_rqia"),
        ("northern_ireland", "school", "raise_concern_with_eti"),
    ],
)
def test_a_concern_goes_to_the_body_and_then_to_the_regulator_of_nation_and_sector(
    nation: str, setting: str, concern: str
) -> None:
    assert codes_of("provider_withdrawn", nation=nation, setting=setting) == [
        "choose_certified_training",
        "raise_concern_with_body",
        concern,
    ]


@pytest.mark.parametrize(
    ("nation", "setting"),
    [
        (None, "school"),
        (None, None),
        ("jersey", "school"),
        ("england", "childrens_home"),
        ("wales", "childrens_home"),
        ("wales", "social_care"),
    ],
)
def test_where_no_regulator_is_known_only_the_body_is_named(
    nation: str | None, setting: str | None
) -> None:
    steps = codes_of("provider_suspended", nation=nation, setting=setting)
    assert steps == ["wait_for_reinstatement", "raise_concern_with_body"]


def test_without_a_setting_both_sectors_of_the_nation_are_named() -> None:
    assert codes_of("provider_withdrawn", nation="wales")[-2:] == [
        "raise_concern_with_hiw",
        "raise_concern_with_ewc",
    ]


@pytest.mark.parametrize(
    "reason",
    [
        "body_not_accredited",
        "provider_not_on_register",
        "provider_certification_expired",
        "trainer_not_authorised",
        "outside_setting",
        "membership_is_not_certification",
        "provider_delisted",
        "register_stale",
    ],
)
def test_nobody_is_sent_to_a_regulator_over_what_can_be_put_right_otherwise(reason: str) -> None:
    assert len(codes_of(reason, nation="england", setting="acute_hospital")) == 1


@pytest.mark.parametrize(
    "reason",
    [
        "provider_suspended",
        "programme_suspended",
        "trainer_withdrawn",
        "train_the_trainer_is_not_certification",
        "affiliation_not_in_force",
        "associate_outside_own_organisation",
    ],
)
def test_training_that_may_still_pose_as_certified_calls_for_a_word_to_the_body(
    reason: str,
) -> None:
    assert "raise_concern_with_body" in codes_of(reason)


def test_a_code_that_is_no_reason_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such_reason"):
        codes_of("no_such_reason")


def test_every_nation_has_someone_to_hear_a_concern_in_both_sectors() -> None:
    assert set(CONCERNS) == {(nation, sector) for nation in NATIONS for sector in Sector}


def test_a_concern_says_whom_to_tell() -> None:
    for concern in CONCERNS.values():
        assert concern.contact is not None
        assert concern.contact in concern.text


def test_crime_is_a_matter_for_the_police() -> None:
    assert "police" in STEPS["raise_concern_with_body"].text


def test_a_step_is_found_under_its_own_code() -> None:
    assert all(step.code == code for code, step in STEPS.items())


def test_on_the_wire_a_step_leaves_out_what_it_does_not_have() -> None:
    assert set(msgspec.to_builtins(STEPS["choose_candidate"])) == {"code", "text"}
    assert set(msgspec.to_builtins(STEPS["ask_rrn_to_confirm_licence"])) == {
        "code",
        "text",
        "contact",
        "url",
    }
