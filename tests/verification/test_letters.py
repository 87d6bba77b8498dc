"""Letters ready to send: one to each whom an answer needs, with all that it needs of them, and nobody's name."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from tests.register.documents import (
    authorisation,
    body,
    document,
    identifier,
    in_force,
    period,
    programme,
    provider,
)
from tests.registers import NAME_KEY, index_of
from tests.service import Service
from trivet.register.index import Index, Known
from trivet.register.records import Kind
from trivet.sandbox import registers_on
from trivet.verification.answer import Asking, Verification, answer
from trivet.verification.letters import POINTS
from trivet.verification.next_steps import BODY, PROVIDER, STEPS, Letter
from trivet.verification.question import Purpose, Question
from trivet.verification.reasons import REASONS, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = date(2026, 1, 10)
ASKED: dict[str, Any] = {
    "provider": identifier("certificate", "HE-1"),
    "programme": identifier("register", "heron-1"),
    "trainer": {"scheme": "authorisation", "value": "AU-1", "familyName": "Wader"},
    "deliveredOn": "2026-10-05",
    "reference": "PO-1234",
}


def register(coverage: str = "none", **records: Any) -> Index:
    listed = {
        "bodies": [body(name="Example Certification (fictional)")],
        "providers": [provider(certificate="HE-1", periods=in_force("2024-01-01", "2030-01-01"))],
        **records,
    }
    covered = {kind.value: "complete" if listed.get(kind.value) else coverage for kind in Kind}
    return index_of(document(covered, **listed), first_seen=SEEN, as_of=NOW)


def ask(index: Index | None, **asked: Any) -> Verification:
    question = msgspec.convert({**ASKED, **asked}, Question)
    asking = Asking(id="ver_0", now=NOW, purpose=Purpose.ORDER)
    return answer(question, Known(index, NOW), asking).verification


def letters(told: Verification) -> dict[str, Letter]:
    """Return the letters of an answer by the code of the step that has them."""
    return {step.code: step.letter for step in told.next_steps if step.letter}


def the_letter(told: Verification) -> Letter:
    (letter,) = letters(told).values()
    return letter


def points(letter: Letter) -> list[str]:
    return re.findall(r"^  \d+\. (.*)$", letter.body, re.MULTILINE)


def test_all_that_one_desk_is_asked_stands_in_one_letter() -> None:
    told = ask(register(), deliveredBy=identifier("ods", "ZZ1"), scope={"setting": "school"})
    assert [step.code for step in told.next_steps] == [
        "ask_body_to_confirm_programme",
        "ask_body_to_confirm_trainer",
        "ask_body_to_confirm_affiliation",
    ]
    letter = letters(told)["ask_body_to_confirm_programme"]
    assert the_letter(told) is letter
    assert [point.partition(":")[0] for point in points(letter)] == [
        "Programme",
        "Trainer",
        "Delivery",
    ]


def test_a_letter_says_to_whom_for_what_and_how_to_answer() -> None:
    scope = {"setting": "school", "nation": "wales", "population": "children", "modules": ["x_y"]}
    listed = programme(modules=["x_y"])
    told = ask(
        register(programmes=[listed]), scope=scope, deliveredBy=identifier("ukprn", "19990001")
    )
    letter = the_letter(told)
    assert letter.to == "Example Certification (fictional)"
    assert (
        letter.subject == "Please confirm: training by Heron Training (fictional) on 5 October 2026"
    )
    for line in (
        "  Provider: Heron Training (fictional) (certificate HE-1)",
        "  Programme: Programme heron-1 (register id heron-1)",
        "  Trainer: authorisation AU-1",
        "  Delivered on: 5 October 2026",
        "  Delivered by: UKPRN 19990001",
        "  Wanted for: setting: School, nation: Wales, population: Children, module: x_y",
    ):
        assert line in letter.body.splitlines()
    assert "to the sender of this letter, and quote PO-1234 (ver_0)." in letter.body
    assert "the desk or role that gives it (no person's name), its date, until when" in letter.body
    assert "each period with its first and its last day" in letter.body
    assert letter.body.startswith("Dear Sir or Madam,\n")
    assert letter.body.endswith("\nYours faithfully\n")


def test_without_a_reference_of_the_caller_s_the_verification_is_quoted() -> None:
    question = {name: said for name, said in ASKED.items() if name != "reference"}
    asking = Asking(id="ver_0", now=NOW, purpose=Purpose.ORDER)
    told = answer(msgspec.convert(question, Question), Known(register(), NOW), asking).verification
    assert "and quote ver_0." in the_letter(told).body


def test_body_and_provider_get_a_letter_each() -> None:
    question = {name: said for name, said in ASKED.items() if name != "trainer"}
    asking = Asking(id="ver_0", now=NOW, purpose=Purpose.ORDER)
    told = answer(msgspec.convert(question, Question), Known(register(), NOW), asking).verification
    assert {code: letter.to for code, letter in letters(told).items()} == {
        "ask_body_to_confirm_programme": "Example Certification (fictional)",
        "name_the_trainer": "Heron Training (fictional)",
    }
    to_provider = letters(told)["name_the_trainer"]
    assert to_provider.subject == "Your training on 5 October 2026: is it certified?"
    assert "  Trainer: not named yet" in to_provider.body
    assert "It is the certification body's word that counts" in to_provider.body


def test_whose_start_is_not_recorded_is_said() -> None:
    undated = register(
        programmes=[programme(periods=in_force(None))],
        authorisations=[authorisation(periods=in_force(None))],
    )
    told = ask(undated, deliveredOn="2026-01-09")
    assert [step.code for step in told.next_steps] == ["ask_body_for_start_date"]
    assert points(the_letter(told)) == [
        "The programme's approval: on which day did what holds now begin?",
        "The trainer's authorisation: on which day did what holds now begin?",
    ]


def test_where_the_provider_is_not_known_it_is_named_as_it_was_asked_for() -> None:
    partial = index_of(
        document(dict.fromkeys(("bodies", "providers"), "partial"), bodies=[body()]),
        first_seen=SEEN,
        as_of=NOW,
    )
    given = [identifier("certificate", "HE-9"), identifier("name", "Unknown & Co")]
    letter = the_letter(ask(partial, provider=given))
    assert letter.to == "The certification body named on the provider's certificate"
    assert "  Provider: certificate HE-9, name Unknown & Co\n" in letter.body


def test_where_no_record_describes_the_body_it_is_named_by_its_certificate() -> None:
    told = ask(register(bodies=[body("another")]))
    body_s = letters(told)["ask_body_to_confirm_programme"]
    assert body_s.to == "The certification body named on the provider's certificate"


def test_the_title_of_another_provider_s_programme_is_not_told_as_this_one_s() -> None:
    index = register(
        providers=[
            provider(certificate="HE-1", periods=in_force("2024-01-01", "2030-01-01")),
            provider("egret"),
        ],
        programmes=[programme("egret-1", provider="egret", title="A title of theirs")],
    )
    told = ask(index, programme=identifier("register", "egret-1"))
    assert "programme_of_another_provider" in {reason.code for reason in told.reasons}
    for letter in letters(told).values():
        assert "  Programme: register id egret-1\n" in letter.body
        assert "A title of theirs" not in letter.body


def test_nobody_is_named_but_by_reference() -> None:
    told = ask(register(programmes=[programme()]))
    text = msgspec.json.encode(told).decode()
    assert "AU-1" in the_letter(told).body
    assert "wader" not in text.casefold()


def test_of_the_trainer_no_more_is_told_than_was_asked() -> None:
    held = register(
        "partial",
        programmes=[programme()],
        authorisations=[
            authorisation(
                periods=[*in_force("2024-01-01", "2026-01-01"), period("suspended", "2026-01-01")]
            )
        ],
    )
    nobody = register("partial", programmes=[programme()], authorisations=[authorisation("AU-2")])
    by_reference = {"trainer": identifier("register", "tr-9")}
    written = {the_letter_or_none(ask(index, **by_reference)) for index in (held, nobody)}
    assert len(written) == 1


def the_letter_or_none(told: Verification) -> str:
    return json.dumps([letter.body for letter in letters(told).values()])


def test_a_text_that_was_given_stays_on_its_line() -> None:
    sly = "Unknown\u2028Subject: pay us\u2029\u00a0now"
    partial = index_of(
        document(dict.fromkeys(("bodies", "providers"), "partial"), bodies=[body()]),
        first_seen=SEEN,
        as_of=NOW,
    )
    given = [identifier("certificate", "HE-9"), identifier("name", sly)]
    letter = the_letter(ask(partial, provider=given, reference="PO\u20281"))
    for text in (letter.to, letter.subject):
        assert text.splitlines() == [text]
    assert letter.body.splitlines() == letter.body.removesuffix("\n").split("\n")


def test_a_pass_and_a_question_before_the_first_snapshot_need_no_letter() -> None:
    whole = register(programmes=[programme()], authorisations=[authorisation()])
    told = ask(whole)
    assert (told.verdict, told.next_steps) == (Verdict.PASS, [])
    told = ask(None)
    assert told.next_steps
    assert letters(told) == {}


def test_every_step_that_asks_body_or_provider_has_its_point_in_a_letter() -> None:
    asking = {code for code, step in STEPS.items() if step.contact in (BODY, PROVIDER)}
    assert asking - POINTS.keys() == {"raise_concern_with_body"}
    assert POINTS.keys() <= asking


@pytest.mark.parametrize("code", sorted(REASONS))
def test_whatever_the_reason_a_letter_is_fit_to_be_sent(code: str) -> None:
    sandbox = registers_on(NOW.date(), NAME_KEY)
    provider_asked = identifier("certificate", f"SANDBOX-{code}")
    asked: dict[str, Any] = {
        "provider": provider_asked,
        "programme": identifier("title", "Sandbox programme (fictional)"),
        "trainer": identifier("register", "sandbox-trainer"),
        "evidence": ["membership"],
    }
    question = msgspec.convert(asked, Question)
    index = sandbox.asked(question.providers)
    asking = Asking(id="ver_0", now=NOW, purpose=Purpose.ORDER)
    told = answer(question, Known(index, NOW), asking).verification
    asks = {step.contact for step in told.next_steps if step.code in POINTS}
    assert len(letters(told)) == len(asks)
    for letter in letters(told).values():
        assert points(letter)
        assert letter.to
        assert "22 November 2026" in letter.subject
        for text in (letter.to, letter.subject, letter.body):
            assert not re.search(r"[{}]|None|\bscheme\b|  +\n", text), text


async def test_a_letter_comes_with_the_answer_and_is_kept_with_it(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    key = await service.key()
    question = {
        "provider": identifier("register", "calm-harbour"),
        "programme": identifier("register", "ch-1"),
    }
    told = (await service.ask(question, key)).json()
    (step,) = told["nextSteps"]
    assert set(step) == {"code", "text", "contact", "letter"}
    assert set(step["letter"]) == {"to", "subject", "body"}
    headers = {"Authorization": f"Bearer {key}"}
    again = await service.http.get(f"/v1/verifications/{told['id']}", headers=headers)
    assert again.json() == told


async def test_the_reasons_are_listed_without_letters(service: Service) -> None:
    listed = (await service.http.get("/v1/reasons")).json()["items"]
    assert not any("letter" in item["nextStep"] for item in listed)
