"""Answers: only a pass is true, and only what the contract says is an answer."""

from typing import Any

import pytest

from tests.client.answering import PASSES
from tests.client.scripted import Reply, Scripted, answer, breaks_off, element, says
from trivet_client import Answer, Element, TrivetClient, UnexpectedAnswer, Unreachable, Verdict


def test_only_pass_is_true() -> None:
    truths = {word: bool(Answer.from_dict(answer(word))) for word in Verdict}
    assert truths == {Verdict.PASS: True, Verdict.FAIL: False, Verdict.CANNOT_CONFIRM: False}


def test_of_the_words_only_pass_is_true() -> None:
    assert [word for word in Verdict if word] == [Verdict.PASS]
    judged = Answer.from_dict(answer("fail")).elements
    assert [e.element for e in judged if not e.verdict] == [Element.TRAINER]


@pytest.mark.parametrize("word", list(Verdict))
def test_the_three_verdicts_exclude_each_other(word: Verdict) -> None:
    found = Answer.from_dict(answer(word))
    said = {
        Verdict.PASS: found.passed,
        Verdict.FAIL: found.failed,
        Verdict.CANNOT_CONFIRM: found.unconfirmed,
    }
    assert [verdict for verdict, is_so in said.items() if is_so] == [word]


def test_what_came_is_kept_as_it_came(scripted: Scripted, client: TrivetClient) -> None:
    sent = answer(addedLater={"x": 1})
    scripted.will(says(sent))
    assert client.verify(**PASSES).document == sent


def pass_less(*names: str) -> list[dict[str, Any]]:
    always = ("body", "provider", "programme", "trainer", "delivery")
    return [element(name) for name in always if name not in names]


NO_ANSWERS: dict[str, Reply] = {
    "a proxy's page": says("<html>Sign in</html>", kind="text/html"),
    "a page that claims to be JSON": says("<html>Sign in</html>"),
    "nothing": says(""),
    "JSON without a type": says(answer(), kind=""),
    "other JSON": says({"status": "ok"}),
    "a bare word": says('"pass"'),
    "a list": says([answer()]),
    "null": says("null"),
    "a number": says("1"),
    "nested without end": says("[" * 100_000),
    "an unknown verdict": says(answer("probably")),
    "a verdict in capitals": says(answer("PASS")),
    "a true verdict": says(answer(verdict=True)),
    "no verdict": says({k: v for k, v in answer().items() if k != "verdict"}),
    "an unknown verdict of an element": says(answer(elements=[element("body", "ok")])),
    "a pass that nothing was judged for": says(answer(elements=[])),
    "a pass without a trainer": says(answer(elements=pass_less("trainer"))),
    "a pass over an element that fails": says(
        answer(elements=[*pass_less("body"), element("body", "fail")])
    ),
    "a pass over an element in doubt": says(
        answer(elements=[*pass_less(), element("scope", "cannot_confirm")])
    ),
    "a fail of nothing that fails": says(answer("fail", elements=pass_less())),
    "a day that is none": says(answer(deliveredOn="soon")),
    "created": says(answer(), 201),
    "a redirect": says("", 302, Location="http://127.0.0.1:9/"),
    "an answer with the wrong status": says(answer(), 403),
    "a proxy's error": says("<html>Bad gateway</html>", 502, "text/html"),
    "a status that nobody knows": says("odd", 520, "text/plain"),
    "a problem that is none": says("{}", 404, "application/problem+json"),
    "a problem with numbers for words": says(
        {"type": "x", "title": 1, "status": 404, "detail": 2, "code": 3, "requestId": 4},
        404,
        "application/problem+json",
    ),
    "a problem that says OK": says(answer(), 200, "application/problem+json"),
    "not what it says it is packed in": says("{}", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("reply", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_what_the_contract_does_not_say_is_no_verdict(
    reply: Reply, scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(reply)
    with pytest.raises(UnexpectedAnswer):
        client.verify(**PASSES)
    assert len(scripted.requests) == 1


def test_the_answer_to_what_was_asked_is_taken(scripted: Scripted, client: TrivetClient) -> None:
    scripted.will(says(answer(reference="PO-1"), kind="Application/JSON; charset=utf-8"))
    assert client.verify(**PASSES, delivered_on="2026-03-12", reference="PO-1")


@pytest.mark.parametrize(
    "other",
    [{"deliveredOn": "2026-03-13"}, {"reference": "PO-2"}, {"reference": None}],
    ids=["another day", "another order", "no order"],
)
def test_the_answer_to_another_question_is_refused(
    other: dict[str, Any], scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says(answer(**{"reference": "PO-1", **other})))
    with pytest.raises(UnexpectedAnswer, match="another"):
        client.verify(**PASSES, delivered_on="2026-03-12", reference="PO-1")


def test_half_an_answer_is_no_verdict(scripted: Scripted, client: TrivetClient) -> None:
    scripted.will(breaks_off)
    with pytest.raises(Unreachable):
        client.verify(**PASSES)


def test_another_verification_than_the_one_asked_for_is_refused(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says(answer(id="ver_2")))
    with pytest.raises(UnexpectedAnswer):
        client.get("ver_1")


def test_a_list_that_leads_back_to_itself_ends(scripted: Scripted, client: TrivetClient) -> None:
    page = {"items": [answer()], "nextCursor": "again"}
    scripted.will(says(page), says(page))
    listed = client.verifications()
    next(listed)
    with pytest.raises(UnexpectedAnswer):
        next(listed)
