"""Which lines a gate lets go ahead, whatever becomes of the service, and what people may do about it."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.answering import PASSES, Answering
from tests.client.gates import (
    DAY,
    FATES,
    NOW,
    Decides,
    Telling,
    TellingLater,
    batch,
    begin,
    by_async_gate,
    by_gate,
    in_memory,
    line,
    questions,
    trouble,
    verdict,
)
from tests.client.scripted import KEY, Reply, Scripted, answer, drops, hangs, problem, says
from trivet_client import (
    Identifier,
    NotConfigured,
    TrivetClient,
    TrivetError,
    UnexpectedAnswer,
    Unreachable,
)
from trivet_client.gate import (
    TEMPLATES,
    AsyncGate,
    Conclusion,
    Gate,
    Kept,
    Line,
    LineDecision,
    Outcome,
    Override,
    Person,
    Review,
    Trainer,
    Unreadable,
    concerns_trainer,
    missing,
    override,
    review,
)
from trivet_client.gate.asking import MOST_LEFT
from trivet_client.gate.sealed import VERSION, digest_of
from trivet_client.gate.words import CAUSES

README = Path(__file__).parents[2] / "client" / "README.md"

PERMITTED, REFUSED = Outcome.PERMITTED, Outcome.REFUSED
NOT_CONFIRMED, NOT_VERIFIED = Outcome.NOT_CONFIRMED, Outcome.NOT_VERIFIED
INCOMPLETE = Outcome.INCOMPLETE

ANN = Person("7", "Ann Example")
WHY = "The trainer's new certificate was seen on paper."
A_DAY = timedelta(days=1)
DOWN = Unreachable("nobody there")


@pytest.fixture(params=[by_gate, by_async_gate], ids=["sync", "async"])
def decide(request: pytest.FixtureRequest) -> Decides:
    """Both gates, over a connection."""
    found: Decides = request.param
    return found


def only(told: Any = None, given_line: Line | None = None, **given_: Any) -> LineDecision:
    """Decide about one line whose question comes to what is told, or to an outage."""
    rows = [] if told is None else [told]
    then = None if rows else DOWN
    decision = in_memory(rows, [given_line or line()], then=then, **given_)
    return decision.lines[0]


def kept(word: str = "pass", *, ago: timedelta = timedelta(), **changed: Any) -> Kept:
    """Return a kept verdict about the usual line, of some time ago."""
    (found,) = only(verdict(word)).questions
    assert found.kept
    return replace(found.kept, checked_at=NOW - ago, **changed)


# ---- What came of a line


OUTCOMES = [
    ("pass", PERMITTED),
    ("fail", REFUSED),
    ("cannot_confirm", NOT_CONFIRMED),
    ("bad", INCOMPLETE),
    ("spent", NOT_VERIFIED),
    ("later", NOT_VERIFIED),
]


@pytest.mark.parametrize(("fate", "outcome"), OUTCOMES)
def test_only_a_pass_permits(
    fate: str, outcome: Outcome, scripted: Scripted, decide: Decides
) -> None:
    scripted.will(batch(FATES[fate]))
    decision = decide(scripted.url, [line()])
    assert decision["PO-1/1"].outcome is outcome
    assert bool(decision) is bool(decision["PO-1/1"]) is bool(outcome) is (fate == "pass")


@pytest.mark.parametrize(
    ("fates", "outcome"),
    [
        (["pass", "pass"], PERMITTED),
        (["pass", "fail"], REFUSED),
        (["cannot_confirm", "fail"], REFUSED),
        (["fail", "spent"], REFUSED),
        (["fail", "bad"], REFUSED),
        (["pass", "cannot_confirm"], NOT_CONFIRMED),
        (["spent", "cannot_confirm"], NOT_CONFIRMED),
        (["pass", "spent"], NOT_VERIFIED),
        (["pass", "bad"], INCOMPLETE),
        (["spent", "bad"], INCOMPLETE),
    ],
)
def test_a_line_comes_out_as_its_gravest_question(fates: list[str], outcome: Outcome) -> None:
    for each in (fates, fates[::-1]):
        trainers = [f"authorisation:A-{n}" for n in range(len(each))]
        decision = in_memory([FATES[fate] for fate in each], [line("x", *trainers)])
        assert decision["x"].outcome is outcome


def test_all_questions_of_all_lines_go_in_one_call_with_what_they_are_for(
    scripted: Scripted, decide: Decides
) -> None:
    asked: list[dict[str, Any]] = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked.extend(questions(handler))
        begin(handler)

    scripted.will(reply)
    two = line("b", "authorisation:A-1", "authorisation:A-2", reference="PO-2")
    decide(scripted.url, [line("a"), two], purpose="delivery")
    assert len(scripted.requests) == 1
    assert [each["trainer"]["value"] for each in asked] == ["A-1", "A-1", "A-2"]
    assert [each.get("reference") for each in asked] == [None, "PO-2", "PO-2"]
    assert {each["purpose"] for each in asked} == {"delivery"}


def test_nothing_asked_is_nothing_permitted() -> None:
    telling = Telling([])
    assert not Gate(telling).decide([], NOW)
    assert telling.calls == 0


def test_a_failing_trainer_among_many_holds_up_their_line_alone() -> None:
    many = line("many", *[f"authorisation:A-{n}" for n in range(20)])
    told = [FATES["pass"]] * 20 + [FATES["pass"]]
    told[13] = FATES["fail"]
    decision = in_memory(told, [many, line("other")])
    assert [each.outcome for each in decision] == [REFUSED, PERMITTED]
    assert not decision
    assert "Trainer (authorisation:A-13): Why the trainer is no pass." in decision["many"].words
    assert "A-12" not in decision["many"].words


def test_lines_need_keys_of_their_own_and_an_instant_with_its_offset() -> None:
    gate = Gate(Telling([FATES["pass"]] * 2))
    for lines in ([line("a"), line("a")], [line(" ")]):
        with pytest.raises(ValueError, match="key"):
            gate.decide(lines, NOW)
    with pytest.raises(ValueError, match="now"):
        gate.decide([line()], NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit": 0},
        {"time_limit": float("nan")},
        {"kept_for": -A_DAY},
        {"fresh_for": -A_DAY},
        {"purpose": "x"},
    ],
)
def test_a_gate_is_not_made_of_what_can_not_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"time_limit|purpose"):
        Gate(Telling([]), **wrong)


# ---- What a record lacks


@pytest.mark.parametrize(
    ("lacking", "fields"),
    [
        ({}, ()),
        ({"provider": None}, ("provider",)),
        ({"provider": []}, ("provider",)),
        ({"programme": "  "}, ("programme",)),
        ({"delivered_on": None}, ("delivered_on",)),
        ({"trainers": ()}, ("trainers",)),
        ({"provider": "", "trainers": ()}, ("provider", "trainers")),
    ],
)
def test_a_record_tells_what_it_lacks(lacking: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert missing(line(**lacking)) == fields


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"provider": None}, "The provider is missing"),
        ({"provider": "EX-1"}, "The provider can't be asked"),
        ({"programme": None}, "The programme is missing"),
        ({"delivered_on": None}, "The day of delivery is missing"),
        ({"delivered_on": "12/03/2026"}, "The day of delivery can't be asked"),
        ({"delivered_on": NOW}, "The day of delivery can't be asked"),
        ({"delivered_by": "nobody"}, "The organisation that delivers can't be asked"),
        ({"scope": "school"}, "The scope can't be asked"),
        ({"scope": {"modules": [object()]}}, "The record can't be asked"),
        ({"trainers": (Trainer(None, "Quillfeather"),)}, "A trainer's reference is missing"),
        ({"trainers": (Trainer("Quillfeather"),)}, "A trainer's reference can't be asked"),
    ],
)
def test_an_incomplete_record_is_not_asked_about_and_says_which_field(
    wrong: dict[str, Any], field: str
) -> None:
    telling = Telling([FATES["pass"]])
    decision = Gate(telling).decide([line(**wrong), line("good")], NOW)
    assert decision["PO-1/1"].outcome is INCOMPLETE
    assert field in decision["PO-1/1"].words
    assert "Quillfeather" not in decision["PO-1/1"].words
    assert decision["good"].outcome is PERMITTED


@pytest.mark.parametrize(
    ("pointer", "field"),
    [
        ("/provider/value", "The provider"),
        ("/trainer/value", "A trainer's reference"),
        ("/scope/nation", "The scope"),
        ("/reference", "The reference"),
        ("/something/else", "The record"),
        ("", "The record"),
    ],
)
def test_a_row_that_is_refused_as_a_question_says_which_field(pointer: str, field: str) -> None:
    assert f"{field} can't be asked about" in only(trouble("invalid_body", pointer)).words


def test_without_a_trainer_it_is_asked_and_the_answer_counts() -> None:
    assert only(FATES["cannot_confirm"], line(trainers=())).outcome is NOT_CONFIRMED


# ---- When no answer can be had


def trickles(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer, and send a letter of it now and then."""
    questions(handler)
    begin(handler)
    _drip(handler, b'{"row": 1, "reference": "' + b"x" * 10_000)


def trickles_headers(handler: BaseHTTPRequestHandler) -> None:
    """Never come to the end of the headers."""
    questions(handler)
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(handler, b"x" * 10_000)


def _drip(handler: BaseHTTPRequestHandler, text: bytes) -> None:
    handler.close_connection = True
    try:
        for n in range(200):
            handler.wfile.write(text[n : n + 1])
            time.sleep(0.02)
    except OSError:
        return  # the other end had enough


def reads_then(reply: Reply) -> Reply:
    """Read the rows first, so that nothing of them is taken for another request."""

    def then(handler: BaseHTTPRequestHandler) -> None:
        questions(handler)
        handler.close_connection = True
        reply(handler)

    return then


OUTAGES: list[tuple[str, Reply, str]] = [
    ("closes", drops, "unreachable"),
    ("429", reads_then(problem(429, "too_many_requests", Retry_After="1")), "asked_too_often"),
    ("503", reads_then(problem(503, "overloaded", Retry_After="1")), "service_unavailable"),
    ("500", reads_then(problem(500, "internal_error")), "service_unavailable"),
    ("401", reads_then(problem(401, "unauthenticated")), "key_refused"),
    ("403", reads_then(problem(403, "scope_missing")), "key_refused"),
    ("400", reads_then(problem(400, "invalid_body")), "not_taken"),
    ("409", reads_then(problem(409, "still_running")), "not_taken"),
    ("a login page", reads_then(says("<html>", 200, "text/html")), "unexpected_answer"),
    ("JSON", reads_then(says(answer())), "unexpected_answer"),
    ("another service", reads_then(says("no", 404, "text/plain")), "unexpected_answer"),
    ("no rows", batch(), "broken_off"),
    ("no end", batch(ends=False), "broken_off"),
    ("garbage", batch(lines=["{nonsense"], ends=False), "unexpected_answer"),
    ("a list", batch(lines=["[]"], ends=False), "unexpected_answer"),
    ("an unknown verdict", batch(verdict("maybe")), "unexpected_answer"),
    ("another day", batch(verdict(deliveredOn="2026-03-13")), "unexpected_answer"),
    ("another reference", batch(verdict(reference="PO-9")), "unexpected_answer"),
    ("no instant", batch(verdict(checkedAt="2026-03-12T10:00:00")), "unexpected_answer"),
    ("no id", batch(verdict(id=5)), "unexpected_answer"),
    (
        "a verdict its elements contradict",
        batch(verdict("fail", verdict="pass")),
        "unexpected_answer",
    ),
]


@pytest.mark.parametrize(("reply", "cause"), [o[1:] for o in OUTAGES], ids=[o[0] for o in OUTAGES])
def test_an_outage_is_neither_a_fail_nor_a_pass(
    reply: Reply, cause: str, scripted: Scripted, decide: Decides
) -> None:
    scripted.will(reply)
    found = decide(scripted.url, [line()]).lines[0]
    assert (found.outcome, found.questions[0].cause) == (NOT_VERIFIED, cause)
    assert found.words == f"Could not be verified for 12 March 2026: {CAUSES[cause]}."
    assert len(scripted.requests) == 1  # and it is not asked again


def test_what_was_answered_before_the_answers_broke_off_counts(
    scripted: Scripted, decide: Decides
) -> None:
    scripted.will(batch(FATES["pass"], FATES["fail"], ends=False))
    decision = decide(scripted.url, [line("a"), line("b"), line("c")])
    assert [each.outcome for each in decision] == [PERMITTED, REFUSED, NOT_VERIFIED]
    assert len(decision.kept) == 2


def test_nobody_there_is_no_verdict(decide: Decides) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert decide(url, [line()]).lines[0].questions[0].cause == "unreachable"


@contextmanager
def silence() -> Iterator[str]:
    """A socket that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_connection_that_hangs_takes_the_time_limit_and_little_more(decide: Decides) -> None:
    with silence() as url:
        began = time.monotonic()
        found = decide(url, [line()], time_limit=0.3).lines[0]
        took = time.monotonic() - began
    assert (found.outcome, found.questions[0].cause) == (NOT_VERIFIED, "too_slow")
    assert 0.3 <= took < 2


@pytest.mark.parametrize("reply", [trickles, trickles_headers])
def test_what_trickles_takes_the_time_limit_and_little_more(
    reply: Reply, scripted: Scripted, decide: Decides
) -> None:
    scripted.will(reply)
    began = time.monotonic()
    found = decide(scripted.url, [line()], time_limit=0.3).lines[0]
    took = time.monotonic() - began
    assert (found.outcome, found.questions[0].cause) == (NOT_VERIFIED, "too_slow")
    assert 0.3 <= took < 2


def test_what_came_before_the_time_was_over_counts(scripted: Scripted, decide: Decides) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        batch(FATES["pass"], ends=False)(handler)
        handler.wfile.flush()
        scripted.released.wait(30)

    scripted.will(reply)
    decision = decide(scripted.url, [line("a"), line("b")], time_limit=0.4)
    scripted.released.set()
    assert [each.outcome for each in decision] == [PERMITTED, NOT_VERIFIED]
    assert decision["b"].questions[0].cause == "too_slow"


def test_no_more_calls_are_left_hanging_than_a_few_and_one_that_ends_makes_room(
    scripted: Scripted,
) -> None:
    scripted.will(*[hangs(scripted)] * MOST_LEFT)
    with TrivetClient(scripted.url, KEY) as client:
        gate = Gate(client, time_limit=0.05)
        for _ in range(MOST_LEFT + 3):
            assert gate.decide([line()], NOW).lines[0].outcome is NOT_VERIFIED
        assert len(scripted.requests) == MOST_LEFT
        scripted.released.set()
        scripted.will(*[batch(FATES["pass"])] * 100)
        patient = time.monotonic() + 20
        while not gate.decide([line()], NOW) and time.monotonic() < patient:
            time.sleep(0.02)
        assert gate.decide([line()], NOW)


def test_what_is_nobodys_outage_is_raised() -> None:
    for mistake in (RuntimeError("closed"), KeyError("x")):
        with pytest.raises(type(mistake)):
            in_memory([], [line()], then=mistake)


# ---- Kept verdicts


@pytest.mark.parametrize(
    ("stored", "kept_for", "outcome"),
    [
        ([kept(ago=timedelta(0))], timedelta(0), NOT_VERIFIED),
        ([kept(ago=A_DAY)], A_DAY, PERMITTED),
        ([kept(ago=A_DAY + timedelta(microseconds=1))], A_DAY, NOT_VERIFIED),
        ([kept(ago=-timedelta(seconds=1))], A_DAY, NOT_VERIFIED),
        ([kept(delivered_on=date(2026, 3, 13))], A_DAY, NOT_VERIFIED),
        ([kept(fingerprint="sha256:00")], A_DAY, NOT_VERIFIED),
        ([kept("fail", ago=900 * A_DAY)], timedelta(0), REFUSED),
        ([kept("cannot_confirm", ago=900 * A_DAY)], A_DAY, NOT_CONFIRMED),
        ([kept("fail", ago=-A_DAY)], A_DAY, REFUSED),
        ([kept("fail", ago=2 * A_DAY), kept(ago=A_DAY)], A_DAY, PERMITTED),
        ([kept(ago=A_DAY), kept("fail", ago=A_DAY / 2)], A_DAY, REFUSED),
        ([kept(), kept("fail")], A_DAY, REFUSED),
        ([kept("fail", ago=A_DAY), kept(ago=-A_DAY)], A_DAY, REFUSED),
        ([kept("fail", ago=9 * A_DAY), kept(ago=5 * A_DAY)], A_DAY, NOT_VERIFIED),
        ([], A_DAY, NOT_VERIFIED),
    ],
)
def test_only_a_young_pass_for_the_same_question_stands_in_for_an_answer(
    stored: list[Kept], kept_for: timedelta, outcome: Outcome
) -> None:
    for order in (stored, stored[::-1], [each.to_dict() for each in stored]):
        found = only(kept=order, kept_for=kept_for)
        assert found.outcome is outcome
        assert found.questions[0].from_kept is (outcome is not NOT_VERIFIED)


def test_a_kept_pass_that_permits_says_so_and_how_old_it_is() -> None:
    found = only(kept=[kept(ago=timedelta(hours=3))], kept_for=A_DAY)
    assert found.questions[0].age == timedelta(hours=3)
    assert found.words == (
        "Could not be verified now: the service could not be reached. "
        "When last asked, 3 hours ago, it was certified for 12 March 2026."
    )


def test_a_kept_fail_that_holds_up_says_when_it_was_answered() -> None:
    found = only(kept=[kept("fail", ago=A_DAY)])
    assert "Trainer (authorisation:A-1): Why the trainer is no pass." in found.words
    assert "as answered on 11 March 2026, for it could not be verified now" in found.words


def test_what_is_answered_now_outweighs_what_was_kept() -> None:
    assert only(FATES["fail"], kept=[kept()], kept_for=A_DAY).outcome is REFUSED
    assert only(FATES["bad"], kept=[kept()], kept_for=A_DAY).outcome is INCOMPLETE
    assert only(FATES["pass"], kept=[kept("fail")]).outcome is PERMITTED


def test_a_kept_verdict_is_for_the_host_to_store_only_when_it_is_new() -> None:
    fresh = in_memory([FATES["pass"]], [line()])
    stale = in_memory([], [line()], then=DOWN, kept=fresh.kept, kept_for=999 * A_DAY)
    assert stale
    assert (len(fresh.kept), stale.kept) == (1, ())


NAMED = line(trainers=(Trainer("authorisation:A-1", "Quillfeather"),))


def test_a_kept_pass_does_not_stand_in_where_a_name_may_be_another_by_now() -> None:
    stored = in_memory([FATES["pass"]], [NAMED]).kept
    asked_with = {"scheme": "authorisation", "value": "A-1", "familyName": "Thistledown"}
    for again in (NAMED, line(trainers=(Trainer(asked_with),))):
        assert only(None, again, kept=stored, kept_for=999 * A_DAY).outcome is NOT_VERIFIED
    failed = in_memory([FATES["fail"]], [NAMED]).kept
    assert only(None, NAMED, kept=failed).outcome is REFUSED


# ---- Fresh verdicts

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("word", ["pass", "fail", "cannot_confirm"])
def test_a_fresh_answer_is_taken_as_it_is_and_not_asked_for_again(word: str) -> None:
    telling = Telling([])
    gate = Gate(telling, fresh_for=HOUR)
    found = gate.decide([line()], NOW, kept=[kept(word, ago=HOUR)])
    (question,) = found.lines[0].questions
    assert (telling.calls, bool(found)) == (0, word == "pass")
    assert (question.from_kept, question.age, found.kept) == (False, HOUR, ())
    assert found.lines[0].words == only(FATES[word]).words


@pytest.mark.parametrize(
    ("stored", "fresh_for"),
    [
        (kept(), timedelta(0)),
        (kept(ago=HOUR + timedelta(microseconds=1)), HOUR),
        (kept(ago=-HOUR - timedelta(microseconds=1)), HOUR),
        (kept("fail", ago=-HOUR - timedelta(microseconds=1)), HOUR),
        (kept(delivered_on=date(2026, 3, 13)), HOUR),
        (kept(fingerprint="sha256:00"), HOUR),
    ],
)
def test_what_is_old_from_far_ahead_or_to_another_question_is_asked_for(
    stored: Kept, fresh_for: timedelta
) -> None:
    telling = Telling([FATES["fail"]])
    assert not Gate(telling, fresh_for=fresh_for, time_limit=30).decide(
        [line()], NOW, kept=[stored]
    )
    assert telling.calls == 1


def test_an_answer_that_came_to_somebody_else_a_moment_after_now_is_fresh() -> None:
    stored = [kept("fail", ago=HOUR), kept(ago=-timedelta(seconds=1))]
    found = Gate(Telling([]), fresh_for=HOUR).decide([line()], NOW, kept=stored)
    assert found
    assert found.lines[0].questions[0].age == timedelta(0)


def test_a_question_with_a_name_is_always_asked() -> None:
    stored = in_memory([FATES["pass"]], [NAMED]).kept
    found = in_memory([FATES["fail"]], [NAMED], kept=stored, fresh_for=999 * A_DAY)
    assert found.lines[0].outcome is REFUSED


def test_each_answer_goes_to_its_own_question_where_some_are_not_asked(
    scripted: Scripted, decide: Decides
) -> None:
    scripted.will(batch(verdict("fail"), verdict("cannot_confirm")))
    lines = [line(str(n), f"authorisation:A-{n}", "authorisation:A-1") for n in (2, 3)]
    decision = decide(scripted.url, lines, kept=[kept()], fresh_for=HOUR)
    outcomes = [[q.outcome for q in each.questions] for each in decision]
    assert outcomes == [[REFUSED, PERMITTED], [NOT_CONFIRMED, PERMITTED]]


def test_a_system_that_is_not_set_up_has_verified_nothing() -> None:
    found = in_memory([], [line()], then=NotConfigured("no key")).lines[0]
    assert (found.outcome, found.questions[0].cause) == (NOT_VERIFIED, "not_configured")


# ---- Fingerprints


def fingerprint(of: Line) -> str:
    return only(None, of).questions[0].fingerprint


def test_forms_that_ask_the_same_have_one_fingerprint() -> None:
    forms: list[Any] = [
        ("certificate", "EX-1"),
        {"scheme": "certificate", "value": " EX-1 "},
        Identifier("certificate", "EX-1"),  # type: ignore[arg-type]
        ["certificate:EX-1"],
        ["certificate:EX-1", "certificate:EX-1"],
    ]
    same = {fingerprint(line(provider=each)) for each in ["certificate:EX-1", *forms]}
    same |= {fingerprint(line(delivered_on=date(2026, 3, 12), reference="PO-9"))}
    assert len(same) == 1
    one, other = ["ods:ZZ9", "certificate:EX-1"], ["certificate:EX-1", "ods:ZZ9"]
    assert fingerprint(line(provider=one)) == fingerprint(line(provider=other))


def test_each_part_of_a_question_makes_it_another() -> None:
    lines = [
        line(),
        line(provider="certificate:EX-2"),
        line(provider=["certificate:EX-1", "ods:ZZ9"]),
        line(programme="register:ex-2"),
        line(programme="title:ex-1"),
        line("PO-1/1", "authorisation:A-2"),
        line("PO-1/1", "register:A-1"),
        line(trainers=()),
        NAMED,
        line(delivered_on="2026-03-13"),
        line(delivered_by="ods:ZZ9"),
        line(scope={"setting": "school"}),
        line(scope={"modules": ["seclusion"]}),
        line(provider=None),
        line(provider="EX-1"),
        line(provider="EX-2"),
        line(provider=None, delivered_on="2026-03-13"),
        line("PO-1/1", "authorisation:A-2", provider=None),
    ]
    assert len({fingerprint(each) for each in lines}) == len(lines)


def test_no_name_takes_part_in_a_fingerprint() -> None:
    other = line(trainers=(Trainer("authorisation:A-1", "Thistledown"),))
    assert fingerprint(NAMED) == fingerprint(other)
    in_a_wrong_place = [line(trainers=(Trainer(name),)) for name in ("Quillfeather", "Thistledown")]
    assert len({fingerprint(each) for each in in_a_wrong_place}) == 1


# ---- Overrides


def overriding(told: Any = None, given_line: Line | None = None, **given_: Any) -> Override:
    return override([only(told, given_line)], reason=WHY, by=ANN, at=NOW, **given_)


@pytest.mark.parametrize("fate", ["fail", "cannot_confirm", "spent", "bad", None])
def test_a_person_may_let_a_line_go_ahead_and_its_outcome_stays(fate: str | None) -> None:
    told = fate and FATES[fate]
    made = overriding(told)
    found = only(told, overrides=[made.to_dict()])
    assert found
    assert not found.outcome
    assert found.override == made
    assert found.words.endswith(
        "Ann Example decided on 12 March 2026 that it may go ahead all the same."
    )
    assert (made.lines, made.person, made.reason) == (("PO-1/1",), ANN, WHY)


def test_an_override_tells_what_it_was_about() -> None:
    (covered,) = overriding(FATES["fail"]).covers
    assert (covered.outcome, covered.codes) == (REFUSED, ("trainer_fail",))
    assert covered.verification == "ver_1"
    (lacking,) = overriding(None, line(provider=None)).covers
    assert (lacking.outcome, lacking.codes) == (INCOMPLETE, ("provider_missing",))


@pytest.mark.parametrize(
    "changed",
    [
        line("PO-1/1", "authorisation:A-2"),
        line(delivered_on="2026-03-13"),
        line(provider="certificate:EX-2"),
        line(delivered_by="ods:ZZ9"),
        line("PO-1/2"),
        line("PO-1/1", "authorisation:A-1", "authorisation:A-2"),
    ],
)
def test_a_record_that_changed_needs_another_override(changed: Line) -> None:
    told = verdict("fail", deliveredOn=str(changed.delivered_on))
    decision = in_memory([told, told], [changed], overrides=[overriding(FATES["fail"])])
    assert decision.lines[0].outcome is REFUSED
    assert not decision


def test_an_incomplete_record_that_is_filled_in_is_asked() -> None:
    made = overriding(None, line(programme=None))
    assert only(None, line(programme=None), overrides=[made])
    assert not only(FATES["cannot_confirm"], overrides=[made])


@pytest.mark.parametrize(
    ("seen", "now", "permits"),
    [
        (None, FATES["fail"], False),
        (None, FATES["cannot_confirm"], False),
        (FATES["cannot_confirm"], FATES["fail"], False),
        (FATES["fail"], verdict("fail", leg="provider"), False),
        (FATES["fail"], FATES["fail"], True),
        (FATES["fail"], None, True),
        (FATES["cannot_confirm"], None, True),
    ],
)
def test_what_nobody_has_seen_is_not_overridden(seen: Any, now: Any, *, permits: bool) -> None:
    assert bool(only(now, overrides=[overriding(seen)])) is permits


def test_a_graver_outcome_is_not_overridden_even_for_the_same_reason() -> None:
    def for_one_reason(word: str) -> Any:
        told = verdict(word)
        told["verification"]["reasons"][0]["code"] = "one_reason"
        return told

    made = overriding(for_one_reason("cannot_confirm"))
    assert only(for_one_reason("cannot_confirm"), overrides=[made])
    assert not only(for_one_reason("fail"), overrides=[made])


def test_a_kept_fail_is_not_overridden_by_who_only_knew_of_an_outage() -> None:
    assert not only(kept=[kept("fail")], overrides=[overriding(None)])


@pytest.mark.parametrize(
    ("now", "permits"),
    [
        (NOW, True),
        (NOW - timedelta(seconds=1), False),
        (datetime(2026, 3, 14, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 15, tzinfo=UTC), False),
        (datetime(2026, 3, 15, 0, 30, tzinfo=timezone(timedelta(hours=1))), False),
    ],
)
def test_an_override_holds_from_its_instant_to_its_last_day(
    now: datetime, *, permits: bool
) -> None:
    made = overriding(FATES["fail"], expires_on=date(2026, 3, 14))
    assert bool(only(FATES["fail"], now=now, overrides=[made])) is permits


@pytest.mark.parametrize(
    "reason", ["", "ok", "          ", "..........!!", "aaaaaaaaaaaaaaa", "x" * 1001]
)
def test_a_reason_has_to_say_something(reason: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        override([only(FATES["fail"])], reason=reason, by=ANN, at=NOW)


def test_an_override_needs_something_to_override_a_person_and_an_instant() -> None:
    with pytest.raises(ValueError, match="held up"):
        override([only(FATES["pass"])], reason=WHY, by=ANN, at=NOW)
    with pytest.raises(ValueError, match="person"):
        Person("7", " ")
    with pytest.raises(ValueError, match="at"):
        override([only(FATES["fail"])], reason=WHY, by=ANN, at=NOW.replace(tzinfo=None))
    with pytest.raises(AttributeError):
        overriding(FATES["fail"]).reason = "another"  # type: ignore[misc]


# ---- Reviews


@pytest.mark.parametrize(
    ("told", "about", "concerns"),
    [
        (FATES["fail"], line(), True),
        (FATES["cannot_confirm"], line(), True),
        (FATES["spent"], line(), True),
        (None, line(), True),
        (verdict("fail", leg="provider"), line(), False),
        (FATES["pass"], line(), False),
        (FATES["cannot_confirm"], line(trainers=()), False),
        (None, line(trainers=()), False),
        (None, line(provider=None), False),
        (None, line(trainers=(Trainer("Quillfeather"),)), True),
    ],
)
def test_a_block_that_concerns_a_trainer_is_to_be_reviewed(
    told: Any, about: Line, *, concerns: bool
) -> None:
    assert concerns_trainer(only(told, about)) is concerns


def test_where_an_associate_may_deliver_concerns_a_trainer() -> None:
    told = verdict("fail", leg="delivery")
    told["verification"]["reasons"][0]["code"] = "associate_outside_own_organisation"
    assert concerns_trainer(only(told))
    assert not concerns_trainer(only(verdict("fail", leg="delivery")))


def test_a_review_that_reverses_is_an_override_and_one_that_upholds_permits_nothing() -> None:
    decision = in_memory([FATES["fail"], FATES["pass"], verdict("fail", leg="provider")],
                         [line("a"), line("b"), line("c")])  # fmt: skip
    made = review(decision, conclusion=Conclusion.REVERSED, reason=WHY, by=ANN, at=NOW)
    assert made.override
    assert made.override.lines == ("a",)
    assert only(FATES["fail"], line("a"), overrides=[made.override])
    upheld = review(decision, conclusion=Conclusion.UPHELD, reason=WHY, by=ANN, at=NOW)
    assert upheld.override is None
    with pytest.raises(ValueError, match="held up"):
        review([decision["c"]], conclusion=Conclusion.UPHELD, reason=WHY, by=ANN, at=NOW)
    with pytest.raises(ValueError, match="upholds"):
        replace(upheld, override=made.override)


# ---- What is stored


def stored_things() -> list[tuple[type, Any]]:
    decision = in_memory([verdict("fail", leg="trainer")], [NAMED])
    reversal = review(decision, conclusion=Conclusion.REVERSED, reason=WHY, by=ANN, at=NOW)
    return [
        (Kept, decision.kept[0]),
        (Kept, kept()),
        (Override, overriding(FATES["fail"], expires_on=date(2026, 3, 14))),
        (Override, overriding(None)),
        (Review, reversal),
    ]


@pytest.mark.parametrize(("kind", "thing"), stored_things())
def test_what_is_stored_comes_back_the_same_through_json(kind: Any, thing: Any) -> None:
    assert kind.from_dict(json.loads(json.dumps(thing.to_dict()))) == thing


@pytest.mark.parametrize(("kind", "thing"), stored_things())
def test_what_was_changed_cut_or_is_of_another_version_is_not_read(kind: Any, thing: Any) -> None:
    stored = thing.to_dict()
    others: list[Any] = [None, "x", 2, [], {}, True]
    for name in stored:
        for other in others:
            if stored[name] != other:
                with pytest.raises(Unreadable):
                    kind.from_dict(stored | {name: other})
        with pytest.raises(Unreadable):
            kind.from_dict({key: value for key, value in stored.items() if key != name})
    with pytest.raises(Unreadable):
        kind.from_dict(stored | {"more": "x"})
    for nonsense in [*others, {"digest": float("nan")}, {"x": float("nan"), "digest": "x"}]:
        with pytest.raises(Unreadable):
            kind.from_dict(nonsense)


def test_a_seal_of_another_version_or_shape_is_not_read_even_if_it_is_whole() -> None:
    stored = kept("fail").to_dict()
    changes: list[dict[str, Any]] = [
        {"version": VERSION + 1},
        {"verdict": "maybe"},
        {"verdict": ""},
        {"checked_at": "2026-03-12T10:00:00"},
        {"delivered_on": "yesterday"},
        {"reasons": [{}]},
        {"caveats": "x"},
        {"more": "x"},
    ]
    for changed in changes:
        body = {key: value for key, value in stored.items() if key != "digest"} | changed
        with pytest.raises(Unreadable):
            Kept.from_dict(body | {"digest": digest_of(body)})


def test_what_can_not_be_read_permits_nothing_and_harms_nothing() -> None:
    forged = kept("fail").to_dict() | {"verdict": "pass"}
    found = only(kept=[forged, {}, kept().to_dict()], kept_for=A_DAY, overrides=[{}])
    assert found.outcome is PERMITTED
    assert only(kept=[forged], kept_for=A_DAY).outcome is NOT_VERIFIED
    weakened = overriding(None).to_dict() | {"reason": "Another reason altogether"}
    assert not only(overrides=[weakened])


def test_no_name_is_stored_shown_or_logged(
    scripted: Scripted, decide: Decides, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lines = [NAMED, replace(NAMED, key="b", provider="wrong"), replace(NAMED, key="c")]
    scripted.will(batch(FATES["fail"], FATES["bad"]))
    decision = decide(scripted.url, lines)
    made = review(decision, conclusion=Conclusion.REVERSED, reason=WHY, by=ANN, at=NOW)
    shown = [lines, decision, [each.words for each in decision], made, made.to_dict()]
    shown += [each.to_dict() for each in decision.kept]
    shown += [each.messages for each in decision]
    assert "Quillfeather" not in repr(shown) + caplog.text
    assert not [each for each in caplog.records if each.name.startswith("trivet")]


# ---- Words


@pytest.mark.parametrize(
    ("fate", "begins"),
    [
        (
            "pass",
            "Certified on 12 March 2026, according to the mirror of the register as of 1 March 2026.",
        ),
        ("fail", "Not certified on 12 March 2026. Trainer (authorisation:A-1): Why the trainer"),
        (
            "cannot_confirm",
            "Not confirmed for 12 March 2026. This is not a finding against anybody. T",
        ),
        ("spent", "Could not be verified for 12 March 2026: this system has asked about as many"),
        ("bad", "Can't be asked about yet, for the record is incomplete. The provider"),
    ],
)
def test_each_outcome_has_fair_words(fate: str, begins: str) -> None:
    assert only(FATES[fate]).words.startswith(begins)


def test_a_pass_for_a_day_to_come_is_as_recorded_now() -> None:
    ahead = only(verdict(deliveredOn="2026-03-13"), line(delivered_on="2026-03-13"))
    assert ahead.words.startswith("Certified for 13 March 2026 as recorded now")


def test_messages_come_by_code_and_parameters_for_translation() -> None:
    first, second = only(FATES["fail"]).messages
    assert (first.code, first.params) == ("refused", {"day": DAY})
    assert second.params["code"] == "trainer_fail"
    assert second.params["trainer"] == "authorisation:A-1"
    assert {first.code, second.code} <= set(TEMPLATES)


def test_what_is_said_of_several_trainers_alike_is_said_once() -> None:
    two = line("x", "authorisation:A-1", "authorisation:A-2")
    told = verdict("fail", leg="provider")
    assert in_memory([told, told], [two])["x"].words.count("Why the provider") == 1


def test_a_line_held_up_for_one_trainer_says_who_else_could_not_be_verified() -> None:
    two = line("x", "authorisation:A-1", "authorisation:A-2")
    words = in_memory([FATES["fail"]], [two], then=DOWN)["x"].words
    assert "Trainer (authorisation:A-2) could not be verified: the service could not" in words


def test_nothing_that_could_not_be_verified_is_said_to_have_failed() -> None:
    for cause in CAUSES.values():
        assert "fail" not in cause
    assert "fail" not in only(None).words


# ---- Properties


FATE = st.sampled_from(sorted(FATES))
PER_LINE = st.lists(st.lists(FATE, min_size=1, max_size=3), min_size=1, max_size=4)
ERRORS = st.sampled_from([DOWN, UnexpectedAnswer("x"), TrivetError("x")])


def lines_of(fates: list[list[str]]) -> list[Line]:
    return [
        line(f"L{n}", *[f"authorisation:A-{n}-{m}" for m in range(len(each))])
        for n, each in enumerate(fates)
    ]


@settings(deadline=None)
@given(fates=PER_LINE)
def test_nothing_is_permitted_unless_every_verdict_is_a_pass(fates: list[list[str]]) -> None:
    told = [FATES[fate] for each in fates for fate in each]
    decision = in_memory(told, lines_of(fates))
    for each, found in zip(fates, decision, strict=True):
        assert bool(found) is (set(each) == {"pass"})
        assert (found.outcome is REFUSED) is ("fail" in each)
    assert bool(decision) is all(set(each) == {"pass"} for each in fates)


@settings(deadline=None)
@given(fates=PER_LINE, after=st.integers(0, 12), error=ERRORS)
def test_an_outage_at_any_point_makes_neither_a_fail_nor_a_pass(
    fates: list[list[str]], after: int, error: TrivetError
) -> None:
    told = [FATES[fate] for each in fates for fate in each][:after]
    decision = in_memory(told, lines_of(fates), then=error)
    asked = iter(told)
    for found in decision:
        for question in found.questions:
            if next(asked, None) is None:
                assert question.outcome is NOT_VERIFIED
                assert not found


@settings(deadline=None)
@given(fates=PER_LINE, extra=st.lists(FATE, min_size=1, max_size=3), at=st.integers(0, 4))
def test_a_line_more_changes_no_others_outcome(
    fates: list[list[str]], extra: list[str], at: int
) -> None:
    lines = lines_of(fates)
    alone = in_memory([FATES[fate] for each in fates for fate in each], lines)
    at = min(at, len(fates))
    more = [*fates[:at], extra, *fates[at:]]
    with_extra = [*lines[:at], line("extra", *["authorisation:X"] * len(extra)), *lines[at:]]
    together = in_memory([FATES[fate] for each in more for fate in each], with_extra)
    assert [each for each in together if each.key != "extra"] == list(alone)


@settings(deadline=None)
@given(
    memories=st.lists(
        st.tuples(st.sampled_from(["pass", "fail", "cannot_confirm"]), st.integers(-48, 480)),
        max_size=4,
    ),
    hours=st.integers(0, 72),
)
def test_only_the_last_and_a_young_pass_ever_stands_in(
    memories: list[tuple[str, int]], hours: int
) -> None:
    stored = [kept(word, ago=timedelta(hours=ago)) for word, ago in memories]
    permitted = bool(only(kept=stored, kept_for=timedelta(hours=hours)))
    past = [(ago, word) for word, ago in memories if ago >= 0]
    against = [ago for word, ago in memories if word != "pass"]
    passes = [ago for ago, word in past if word == "pass"]
    young = bool(passes) and hours > 0 and min(passes) <= hours
    assert permitted is (young and all(ago > min(passes) for ago in against))


@settings(deadline=None)
@given(seen=FATE, now=FATE, days=st.integers(-2, 4), same=st.booleans())
def test_an_override_permits_only_what_its_person_saw(
    seen: str, now: str, days: int, *, same: bool
) -> None:
    held_up = only(FATES[seen])
    if held_up:
        return
    made = override([held_up], reason=WHY, by=ANN, at=NOW, expires_on=date(2026, 3, 14))
    about = line() if same else line("PO-1/1", "authorisation:A-2")
    found = only(FATES[now], about, now=NOW + days * A_DAY, overrides=[made])
    no_worse = now in ("spent", "later") or now == seen
    assert bool(found) is (now == "pass" or (same and no_worse and 0 <= days <= 2))


@settings(deadline=None)
@given(fates=PER_LINE)
def test_both_gates_decide_alike(fates: list[list[str]]) -> None:
    told = [FATES[fate] for each in fates for fate in each]
    later = AsyncGate(TellingLater(Telling(told, DOWN))).decide(lines_of(fates), NOW)
    assert asyncio.run(later) == in_memory(told, lines_of(fates), then=DOWN)


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
FIELDS = ("provider", "programme", "delivered_on", "delivered_by", "scope", "reference")


@settings(deadline=None)
@given(field=st.sampled_from(FIELDS), junk=JUNK)
def test_nothing_in_a_record_keeps_the_others_from_being_decided(field: str, junk: Any) -> None:
    spoilt = line("spoilt", **{field: junk})
    alone = in_memory([], [spoilt], then=DOWN)
    asked = len([q for q in alone.lines[0].questions if not q.lacks])
    decision = in_memory([FATES["fail"]] * asked + [FATES["pass"]], [spoilt, line("good")])
    assert decision["good"].outcome is PERMITTED
    assert not decision["spoilt"]


# ---- The real service


def real(key: str, *trainers: Trainer, **changed: Any) -> Line:
    whole: dict[str, Any] = {
        "key": key,
        "provider": PASSES["provider"],
        "programme": PASSES["programme"],
        "trainers": trainers or (Trainer(PASSES["trainer"]),),
        "delivered_on": DAY,
        "reference": key,
    }
    return Line(**whole | changed)


def test_the_real_service_is_understood(answering: Answering, decide: Decides) -> None:
    unknown = Trainer("authorisation:AUTH-99", "Quillfeather")
    lines = [
        real("passes"),
        real("many", *[Trainer(PASSES["trainer"])] * 5, unknown),
        real("untold", trainers=()),
        real("unknown", provider="ods:ZZ999"),
        real("mars", scope={"nation": "mars"}),
        real("key", scope={"planet": "earth"}),
        real("shape", delivered_by="ods:!!"),
        real("long", reference="x" * 500),
        real("zero", reference="a\0b"),
        real("ahead", delivered_on="2027-01-02"),
    ]
    decision = decide(answering.url, lines, key=answering.key, time_limit=20, purpose="award")
    expected = [
        PERMITTED,
        REFUSED,
        NOT_CONFIRMED,
        NOT_CONFIRMED,
        *[INCOMPLETE] * 5,
        PERMITTED,
    ]
    assert [each.outcome for each in decision] == expected
    assert "as recorded now" in decision["ahead"].words
    assert "Trainer (authorisation:AUTH-99): " in decision["many"].words
    assert decision["passes"].caveats
    assert decision.kept[0].receipt
    for each in decision.kept:
        assert Kept.from_dict(json.loads(json.dumps(each.to_dict()))) == each
    assert not decide(answering.url, lines[:1], key=answering.watching_key)


def test_the_example_of_the_readme_runs(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIVET_URL", answering.url)
    monkeypatch.setenv("TRIVET_API_KEY", answering.key)
    shown = README.read_text().partition("## Gates")[2].split("```python\n")[1].split("```")[0]
    exec(compile(shown, "README.md", "exec"), {})  # noqa: S102
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("PO-1234/2 refused: Not certified on ")
    assert said[-1] == "Go ahead"
