import msgspec
import pytest

from trivet.verification.checklist import (
    CORE_STRATEGIES,
    EVIDENCE,
    NOT_PART_OF_THE_VERDICT,
    Item,
)

ITEMS = [*EVIDENCE.values(), *CORE_STRATEGIES.values()]


def test_the_evidence_is_asked_for_from_the_analysis_of_needs_to_the_law() -> None:
    assert list(EVIDENCE) == [
        "needs_analysis",
        "prevention_and_de_escalation",
        "competent_authorised_trainers",
        "evaluation_and_refresher",
        "legal_ethical_human_rights",
    ]
    assert {item.rule for item in EVIDENCE.values()} == {"R29"}


def test_there_are_six_core_strategies_and_training_is_only_one() -> None:
    assert len(CORE_STRATEGIES) == 6
    assert [code for code, item in CORE_STRATEGIES.items() if "trained" in item.text] == [
        "workforce_development"
    ]
    assert {item.rule for item in CORE_STRATEGIES.values()} == {"R30"}


def test_an_item_can_hold_no_answer() -> None:
    assert Item.__struct_fields__ == ("code", "text", "rule", "source")


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_an_item_is_found_by_its_code_and_says_who_published_it(item: Item) -> None:
    assert {**EVIDENCE, **CORE_STRATEGIES}[item.code] is item
    assert item.text
    assert item.source


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_an_item_neither_ranks_nor_endorses(item: Item) -> None:
    words = item.text.lower()
    assert not any(word in words for word in ("score", "recommend", "accredit", "rating", "best"))


def test_it_is_said_that_no_verdict_depends_on_it() -> None:
    assert "not part of the verdict" in NOT_PART_OF_THE_VERDICT


def test_the_lists_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        EVIDENCE["more"] = ITEMS[0]  # type: ignore[index]
    with pytest.raises(AttributeError):
        ITEMS[0].text = "changed"  # type: ignore[misc]


def test_they_can_be_sent_as_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ITEMS), type=list[Item]) == ITEMS
