"""What a host stores of a line that it showed, and a person who decides about it later."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.client.gates import FATES, NOW, in_memory, line
from trivet_client import NotConfigured, Unreachable
from trivet_client.gate import (
    LineDecision,
    Outcome,
    Person,
    Shown,
    Trainer,
    Unreadable,
    concerns_trainer,
    fingerprints,
    override,
)

DOWN = Unreachable("nobody there")
BY = Person("7", "Ann Example")
WHY = "The trainer's new certificate was seen on paper."


def decided(*fates: str, then: Exception | None = None, **given: Any) -> LineDecision:
    """Decide about one line with a trainer for each fate, and one more who is not answered about."""
    trainers = [f"authorisation:A-{n}" for n, _ in enumerate((*fates, "?"), 1)]
    told = [FATES[fate] for fate in fates]
    return in_memory(told, [line("PO-1/1", *trainers)], then=then or DOWN, **given).lines[0]


EVERY_FATE = decided("pass", "fail", "cannot_confirm", "bad", "spent")


def test_what_was_shown_is_read_back_as_it_was_but_for_the_answers_in_full() -> None:
    stored = json.loads(json.dumps(Shown.of(EVERY_FATE).to_dict()))

    found = Shown.from_dict(stored)

    assert found.key == EVERY_FATE.key
    assert found.questions == tuple(replace(each, answer=None) for each in EVERY_FATE.questions)
    assert concerns_trainer(found)


def test_who_decides_later_decides_about_what_was_shown() -> None:
    stored = Shown.of(EVERY_FATE).to_dict()

    later = override([Shown.from_dict(stored)], reason=WHY, by=BY, at=NOW)

    assert later == override([EVERY_FATE], reason=WHY, by=BY, at=NOW)
    assert decided("pass", "fail", "cannot_confirm", "bad", "spent", overrides=[later])
    assert not decided("fail", "fail", "cannot_confirm", "bad", "spent", overrides=[later])


def test_a_kept_fail_that_was_shown_goes_on_holding_a_line_up_while_the_service_is_down() -> None:
    shown = Shown.of(decided("fail"))

    found = decided(kept=shown.kept, now=NOW + timedelta(days=9))

    assert found.outcome is Outcome.REFUSED


@pytest.mark.parametrize("part", ["key", "questions", "digest"])
def test_what_was_changed_since_is_not_read(part: str) -> None:
    stored = Shown.of(EVERY_FATE).to_dict() | {part: "another"}

    with pytest.raises(Unreadable):
        Shown.from_dict(stored)


def test_no_name_is_in_what_is_stored() -> None:
    named = line(trainers=(Trainer("authorisation:A-1", "Weatherwax"),))
    shown = Shown.of(in_memory([FATES["fail"]], [named]).lines[0])

    assert "weatherwax" not in json.dumps(shown.to_dict()).casefold()


def test_a_stored_decision_is_of_a_record_as_long_as_its_questions_are_the_same() -> None:
    asked = line("PO-1/1", "authorisation:A-1", "authorisation:A-2")
    shown = Shown.of(in_memory([FATES["pass"], FATES["pass"]], [asked], purpose="order").lines[0])

    assert shown.fingerprints == fingerprints(asked)
    assert shown.fingerprints != fingerprints(replace(asked, delivered_on="2026-03-13"))
    assert shown.fingerprints != fingerprints(replace(asked, trainers=asked.trainers[:1]))


def test_a_system_that_is_not_set_up_is_told_from_a_service_that_is_down() -> None:
    found = in_memory([], [line()], then=NotConfigured("Set the address.")).lines[0]

    assert found.outcome is Outcome.NOT_VERIFIED
    assert found.questions[0].cause == "not_configured"
    assert found.words == (
        "Could not be verified for 12 March 2026: this system is not set up to ask the service."
    )
