"""Which awards are picked, and by what: CPV says training, wording says restrictive practice."""

from typing import Any

import pytest

from trivet.notices.picking import Left, Pick, Picked, picked
from trivet.notices.wording import PHRASES, Weight, phrases_in

CPV_80 = {"scheme": "CPV", "id": "80500000"}
CARE = {"scheme": "CPV", "id": "85000000"}


def process(title: str, code: dict[str, str] | None = None, **tender: Any) -> dict[str, Any]:
    award = {"id": "1", "status": "active", **tender.pop("award", {})}
    classified = {"classification": code} if code else {}
    return {"ocid": "o", "tender": {"title": title, **classified, **tender}, "awards": [award]}


def came_of(found: Picked) -> str:
    if found.picks:
        return "clear" if found.picks[0].clear else "perhaps"
    return next(iter(found.left)).name if found.left else "nothing"


@pytest.mark.parametrize(
    ("title", "code", "came"),
    [
        ("Physical intervention training", CPV_80, "clear"),
        ("Restraint reduction", CPV_80, "clear"),
        ("PMVA", CPV_80, "clear"),
        ("Restrictive practice training", CARE, "clear"),
        ("Trainers in PHYSICAL\u00a0INTERVENTIONS", None, "clear"),
        ("Conflict resolution training", CPV_80, "perhaps"),
        ("De-escalation and break-away courses", CPV_80, "perhaps"),
        ("Conflict resolution training", CARE, "BORDERING"),
        ("Restrictive practices: a review", CARE, "NO_TRAINING"),
        ("Fire safety training", CPV_80, "NO_WORDING"),
        ("Vehicle restraint systems: training of installers", CPV_80, "NO_WORDING"),
        ("Training in fitting wheelchair tie-down restraints", CPV_80, "NO_WORDING"),
        ("Child restraint seats, with training", CPV_80, "NO_WORDING"),
        ("Training for managers in times of price restraint", CPV_80, "NO_WORDING"),
        ("Course on restraint of trade", CPV_80, "NO_WORDING"),
        ("Road works", CARE, "nothing"),
    ],
)
def test_a_title_and_a_code_decide_together(
    title: str, code: dict[str, str] | None, came: str
) -> None:
    assert came_of(picked([process(title, code)])) == came


def test_restraint_of_people_is_found_beside_restraint_of_vehicles() -> None:
    found = phrases_in("vehicle restraint systems, and training in physical restraint")
    assert [each.written for each in found] == ["physical restraint"]


@pytest.mark.parametrize(
    ("description", "came"),
    [
        ("Staff have had training in restraint.", "perhaps"),
        (
            "Restraint is recorded. " + "The unit has beds. " * 10 + "Training is given.",
            "NO_TRAINING",
        ),
    ],
)
def test_outside_cpv_80_a_description_has_to_say_training_close_by_and_is_a_perhaps(
    description: str, came: str
) -> None:
    assert came_of(picked([process("Secure ward", CARE, description=description)])) == came


LOTS: dict[str, Any] = {
    "description": "Training in physical intervention, and in first aid.",
    "lots": [
        {"id": "1", "title": "Physical intervention"},
        {"id": "2", "title": "First aid"},
    ],
    "items": [
        {"id": "1", "relatedLot": "1", "additionalClassifications": [CPV_80]},
        {"id": "2", "relatedLot": "2", "additionalClassifications": [CPV_80]},
    ],
}


@pytest.mark.parametrize(("lot", "came"), [("1", "clear"), ("2", "perhaps")])
def test_what_is_said_of_the_whole_notice_is_only_a_perhaps_for_another_lot(
    lot: str, came: str
) -> None:
    found = picked([process("Courses", **LOTS, award={"relatedLots": [lot]})])
    assert came_of(found) == came


def test_a_code_of_another_lot_is_no_code_of_this_one() -> None:
    lots = {**LOTS, "items": LOTS["items"][:1]}
    found = picked([process("Courses", **lots, award={"relatedLots": ["2"]})])
    assert not [g for pick in found.picks for g in pick.grounds if g.what.startswith("CPV")]


@pytest.mark.parametrize("status", ["cancelled", "unsuccessful"])
def test_where_nothing_was_bought_nothing_is_picked_and_it_is_counted(status: str) -> None:
    found = picked([process("Restraint training", CPV_80, award={"status": status})], named=["o"])
    assert (found.picks, found.left[Left.NOTHING_BOUGHT]) == ([], 1)


@pytest.mark.parametrize("name", ["o", "o/1"])
def test_what_somebody_names_is_picked_whatever_its_wording(name: str) -> None:
    assert came_of(picked([process("Road works", CARE)], named=[name])) == "clear"


def test_every_pick_shows_by_what_where_and_why() -> None:
    (pick,) = picked([process("Physical intervention training", CPV_80)]).picks
    assert isinstance(pick, Pick)
    assert [(ground.what, ground.place) for ground in pick.grounds] == [
        ("CPV 80500000", "tender"),
        ("“Physical intervention”", "tender.title"),
    ]
    assert all(ground.reason for ground in pick.grounds)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.written[:30])
def test_every_phrase_has_a_reason_and_a_stem_that_lets_it_be_found(phrase: Any) -> None:
    assert phrase.reason
    assert phrase.stem in phrase.written.replace("~", "").replace("(?:ion|ve", "ion")
    assert phrase.weight in Weight
