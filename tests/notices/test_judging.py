"""What an answer without a trainer says: at best that provider and programme stand, and never a pass."""

from datetime import date
from typing import Any

import pytest

from tests.client.scripted import answer, element
from trivet.notices.awards import awards_of
from trivet.notices.checks import Check, checks_of
from trivet.notices.judging import Outcome, of_answer
from trivet.notices.picking import Pick
from trivet_client import Answer

LEGS = ("body", "provider", "programme", "delivery")


def check() -> Check:
    (award,) = awards_of({"ocid": "o", "awards": [{"id": "1", "date": "2026-03-12"}]})
    return next(checks_of(Pick(award, clear=True, grounds=()), {"o": ["register:x"]}))


def reason(code: str, leg: str) -> dict[str, Any]:
    text = f"It is {code}."
    return {"code": code, "element": leg, "rule": "R1", "text": text, "source": "x", "params": {}}


def answered(word: str, *codes: tuple[str, str], **legs: str) -> Answer:
    judged = [element(name, legs.get(name, "pass")) for name in LEGS]
    told = [reason(*code) for code in (("trainer_not_named", "trainer"), *codes)]
    elements = [*judged, element("trainer", "cannot_confirm")]
    return Answer.from_dict(answer(word, elements=elements, reasons=told))


def test_where_the_trainer_alone_is_missing_provider_and_programme_stand() -> None:
    found = of_answer(check(), answered("cannot_confirm"))
    assert found.outcome is Outcome.STANDS
    assert found.words.endswith("; trainers are to be checked before delivery.")


@pytest.mark.parametrize("leg", LEGS)
def test_a_doubt_about_any_other_part_is_no_standing(leg: str) -> None:
    found = of_answer(check(), answered("cannot_confirm", ("why", leg), **{leg: "cannot_confirm"}))
    assert found.outcome is Outcome.CANNOT_CONFIRM
    assert found.words.endswith("This is not a finding against the provider. It is why.")
    assert found.reasons == ("why",)


def test_a_reason_that_is_not_the_missing_trainer_is_no_standing() -> None:
    found = of_answer(check(), answered("cannot_confirm", ("register_stale", "trainer")))
    assert found.outcome is Outcome.CANNOT_CONFIRM


def test_a_fail_says_which_part_failed_and_not_that_no_trainer_was_named() -> None:
    found = of_answer(check(), answered("fail", ("why", "programme"), programme="fail"))
    assert found.outcome is Outcome.FAIL
    assert found.words == "Not certified on this date: programme. It is why."


def test_of_a_day_to_come_it_is_said_that_it_is_as_recorded_now() -> None:
    ahead = Answer.from_dict({**answered("cannot_confirm").document, "deliveredOn": "2999-01-01"})
    assert ahead.delivered_on == date(2999, 1, 1)
    assert "stand on this date, as recorded now; trainers" in of_answer(check(), ahead).words


def test_a_pass_of_a_question_without_a_trainer_is_not_believed() -> None:
    elements = [element(name) for name in (*LEGS, "trainer")]
    passed = Answer.from_dict(answer("pass", elements=elements, reasons=[]))
    with pytest.raises(ValueError, match="without a trainer"):
        of_answer(check(), passed)
