"""Watching through the client: over a socket to the real service, and what is not believed of a false one."""

import copy
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.answering import PASSES, Answering
from tests.client.scripted import KEY, Scripted, drops, element, problem, says, watch
from trivet_client import (
    AsyncTrivetClient,
    InvalidArgument,
    InvalidQuestion,
    NotFound,
    TrivetClient,
    TrivetProblem,
    UnexpectedAnswer,
    Unreachable,
    Verdict,
    watching,
)
from trivet_client.questions import Watched

README = Path(__file__).parents[2] / "client" / "README.md"

CERTIFIED = Watched(
    provider=PASSES["provider"], programme=PASSES["programme"], trainer=PASSES["trainer"]
)
WITHDRAWN = Watched(provider="certificate:SAMPLE-0006", programme="register:fa-roots")
CSV = (
    "provider_scheme,provider,programme_scheme,programme,trainer_scheme,trainer,reference,kind\r\n"
    "certificate,SAMPLE-0001,register,lf-foundation,authorisation,AUTH-01,{0}-1,\r\n"
    '"certificate","SAMPLE-0006",,,,,"{0}, ""2""",provider\r\n'
    "\r\n"
    "certificate,SAMPLE-0001,register,lf-foundation,authorisation,AUTH-01,,\r\n"
    "certificate,SAMPLE-0001\r\n"
    "certificate,SAMPLE-0001,register,lf-foundation,authorisation,AUTH-01,{0}-5,\r\n"
)


@pytest.fixture
def trivet(answering: Answering) -> Iterator[TrivetClient]:
    with TrivetClient(answering.url, answering.watching_key) as made:
        yield made


def test_a_watch_says_where_it_stands_and_is_true_only_for_a_pass(trivet: TrivetClient) -> None:
    passes = trivet.watch(**PASSES, reference="W-passes", expiry_notice=["P30D", "P1W"])
    assert passes
    assert passes.permits
    assert (passes.verdict, passes.reference) == (Verdict.PASS, "W-passes")
    assert passes.expiry_notice == ["P30D", "P7D"]
    fails = trivet.watch(**WITHDRAWN)
    assert not fails
    assert fails.verdict is Verdict.FAIL
    assert "provider_withdrawn" in [reason.code for reason in fails.reasons]
    assert fails.raw["id"] == fails.id


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("provider", {}),
        ("programme", {"programme": "register:lf-foundation"}),
        ("trainer", {"trainer": "authorisation:AUTH-01"}),
        ("delivery", {"delivered_by": "register:lanternfold"}),
    ],
)
def test_each_kind_is_judged_by_what_it_names_alone(
    kind: str, named: dict[str, Any], trivet: TrivetClient
) -> None:
    found = trivet.watch(provider="certificate:SAMPLE-0001", kind=kind, **named)
    assert found
    judged = {judged.element.value for judged in found.standing.elements}
    assert judged == {"body", "provider"} | ({kind} - {"provider"})


def test_under_the_same_reference_it_is_the_same_watch(trivet: TrivetClient) -> None:
    first = trivet.watch(**PASSES, reference="W-same")
    assert trivet.watch(**PASSES, reference=" W-same ").id == first.id
    another = Watched({**WITHDRAWN, "reference": "W-same"})
    with pytest.raises(TrivetProblem) as taken:
        trivet.watch(**another)
    assert taken.value.status == 409
    other = trivet.watch(**another, replace=True)
    assert other.id != first.id
    assert [found.id for found in trivet.watches("W-same")] == [other.id]


def test_under_the_same_idempotency_key_it_is_the_same_watch(trivet: TrivetClient) -> None:
    first = trivet.watch(**PASSES, idempotency_key="once")
    assert trivet.watch(**PASSES, idempotency_key="once").id == first.id
    assert trivet.watch(**PASSES).id != first.id


def test_watches_are_read_again_listed_from_page_to_page_and_ended(trivet: TrivetClient) -> None:
    made = [trivet.watch(**WITHDRAWN).id for _ in range(51)]
    assert [found.id for found in trivet.watches()][:51] == made[::-1]
    assert trivet.watch_of(made[0]).verdict is Verdict.FAIL
    trivet.end_watch(made[0])
    with pytest.raises(NotFound):
        trivet.watch_of(made[0])
    with pytest.raises(NotFound):
        trivet.end_watch(made[0])
    assert made[0] not in [found.id for found in trivet.watches()]


@pytest.mark.parametrize(
    ("asked", "argument"),
    [
        ({}, "programme"),
        ({"trainer": "authorisation:AUTH-01"}, "programme"),
        ({"kind": "everything"}, "kind"),
        ({"kind": "trainer", "trainer": "AUTH-01"}, "trainer"),
        (
            {
                "kind": "trainer",
                "trainer": {"scheme": "register", "value": "t", "familyName": "Lampwright"},
            },
            "trainer",
        ),
        ({"kind": "provider", "expiry_notice": "P30D"}, "expiry_notice"),
        ({"kind": "delivery", "delivered_by": "nobody"}, "delivered_by"),
        ({"programme": "register:x", "delivered_on": "12/03/2026"}, "delivered_on"),
    ],
)
def test_what_can_not_be_watched_is_told_by_its_name_and_not_sent(
    asked: dict[str, Any], argument: str, scripted: Scripted, client: TrivetClient
) -> None:
    with pytest.raises(InvalidArgument, match=argument) as refused:
        client.watch(provider="certificate:SAMPLE-0001", **asked)
    assert "Lampwright" not in str(refused.value)
    assert scripted.requests == []


def test_what_the_service_will_not_watch_names_its_fields(trivet: TrivetClient) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        trivet.watch(**PASSES, kind="provider", expiry_notice=["P1M"])
    pointers = {error.pointer for error in refused.value.errors}
    assert pointers == {"/programme", "/trainer", "/expiryNotice/0"}


# ---- many


def test_a_file_says_of_every_row_what_came_of_it_across_requests(
    trivet: TrivetClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "ROWS_AT_ONCE", 2)
    file = tmp_path / "orders.csv"
    file.write_text(CSV.format("F"), encoding="utf-8-sig", newline="")
    done: list[int] = []
    rows = trivet.watch_many(file, progress=done.append)
    assert done == [2, 4, 5]
    assert [row.row for row in rows] == [1, 2, 3, 4, 5]
    assert [bool(row) for row in rows] == [True, False, False, False, True]
    assert [row.outcome for row in rows] == [
        "created",
        "created",
        "refused",
        "refused",
        "created",
    ]
    assert [row.reference for row in rows] == ["F-1", 'F, "2"', None, None, "F-5"]
    assert rows[1].verdict is Verdict.FAIL
    assert rows[0].watch == next(trivet.watches("F-1")).id
    nameless, short = rows[2].problem, rows[3].problem
    assert nameless
    assert nameless.errors[0]["pointer"] == "column reference"
    assert short
    assert "2 cells where the first row has 8" in short.detail
    for again in (file.read_bytes(), io.BytesIO(file.read_bytes())):
        outcomes = [row.outcome for row in trivet.watch_many(again)]
        assert outcomes == ["unchanged", "unchanged", "refused", "refused", "unchanged"]


def test_rows_are_cut_where_they_grow_too_long_for_one_request(
    trivet: TrivetClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "BYTES_AT_ONCE", 150)
    done: list[int] = []
    trivet.watch_many(CSV.format("L").encode(), progress=done.append)
    assert done[0] < done[-1] == 5


def test_mappings_are_watched_as_watch_takes_them(trivet: TrivetClient) -> None:
    rows = [Watched({**CERTIFIED, "reference": "M-1"}), Watched({**WITHDRAWN, "reference": "M-2"})]
    assert [bool(row) for row in trivet.watch_many(rows)] == [True, False]
    moved = [Watched({**WITHDRAWN, "reference": "M-1"})]
    refused = trivet.watch_many(moved)[0]
    assert refused.problem
    assert refused.problem.code == "reference_taken"
    assert trivet.watch_many(moved, replace=True)[0].outcome == "replaced"
    assert trivet.watch_many([]) == []


@pytest.mark.parametrize(
    "rows",
    [
        b"",
        "reference\nTräining".encode("latin-1"),
        b'reference\n"open',
        "orders.csv",
        [Watched(provider="nonsense", kind="provider")],
    ],
    ids=["empty", "latin-1", "broken", "a name", "a row"],
)
def test_rows_that_can_not_be_sent_are_not(
    rows: Any, scripted: Scripted, client: TrivetClient
) -> None:
    with pytest.raises(InvalidArgument):
        client.watch_many(rows)
    assert scripted.requests == []


def test_columns_that_can_not_be_are_told_of_even_without_rows(trivet: TrivetClient) -> None:
    with pytest.raises(InvalidQuestion, match="unknown: supplier"):
        trivet.watch_many(b"supplier,reference\n")


async def test_the_awaited_client_watches_alike(answering: Answering) -> None:
    async with AsyncTrivetClient(answering.url, answering.watching_key) as trivet:
        made = await trivet.watch(**PASSES, reference="A-1")
        assert (await trivet.watch_of(made.id)).permits
        done: list[int] = []
        rows = await trivet.watch_many(CSV.format("A").encode(), progress=done.append)
        assert (rows[0].outcome, done) == ("unchanged", [5])
        assert [found.id async for found in trivet.watches("A-1")] == [made.id]
        await trivet.end_watch(made.id)
        assert [found.id async for found in trivet.watches("A-1")] == []


# ---- what may be sent again, and what is not believed


def test_a_watch_that_may_have_been_opened_is_asked_for_once(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(drops, says(watch(), 201))
    with pytest.raises(Unreachable):
        client.watch(provider="certificate:EX-1", programme="register:ex-1")
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("known_by", ["reference", "idempotency_key"])
def test_a_watch_that_is_known_again_is_asked_for_again(
    known_by: str, scripted: Scripted, client: TrivetClient
) -> None:
    reference = "PO-1" if known_by == "reference" else None
    scripted.will(drops, says(watch(reference=reference), 200))
    named: dict[str, Any] = {known_by: "PO-1"}
    client.watch(provider="certificate:EX-1", programme="register:ex-1", **named)
    assert len(scripted.requests) == 2
    sent = scripted.requests[1]
    assert (sent.headers.get("idempotency-key"), sent.body.get("reference")) == (
        named.get("idempotency_key"),
        named.get("reference"),
    )


def test_many_are_sent_again_where_no_answer_came(scripted: Scripted, client: TrivetClient) -> None:
    row = {"row": 1, "reference": "PO-1", "outcome": "created", "watch": "wat_1", "verdict": "pass"}
    scripted.will(drops, problem(503, "overloaded"), says({"items": [row]}))
    rows = client.watch_many([Watched(provider="ods:RX9", kind="provider", reference="PO-1")])
    assert [bool(row) for row in rows] == [True]
    assert len(scripted.requests) == 3


def test_the_end_of_a_watch_is_not_asked_for_twice(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(drops)
    with pytest.raises(Unreachable):
        client.end_watch("wat_1")
    assert len(scripted.requests) == 1


def _standing(**changed: Any) -> dict[str, Any]:
    return {"standing": {**watch()["standing"], **changed}}


@pytest.mark.parametrize(
    "reply",
    [
        says(watch(**_standing(verdict="probably")), 201),
        says(watch("fail", **_standing(elements=[element("trainer", "fail")])), 201),
        says(watch(**_standing(elements=[element("body"), element("provider")])), 201),
        says(watch(**_standing(verdict="fail")), 201),
        says(watch(reference="PO-2"), 201),
        says(watch(kind="provider"), 201),
        says(watch(), 202),
        says("", 204),
        says("<html></html>", 201, "text/html"),
    ],
    ids=[
        "an unknown verdict",
        "the trainer alone",
        "elements missing",
        "a contradiction",
        "another reference",
        "another kind",
        "another status",
        "nothing",
        "a proxy",
    ],
)
def test_a_watch_that_is_not_as_agreed_is_not_believed(
    reply: Any, scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(reply)
    with pytest.raises(UnexpectedAnswer):
        client.watch(provider="certificate:EX-1", programme="register:ex-1")


WATCHED = {"row": 1, "reference": "x", "outcome": "created", "watch": "wat_1", "verdict": "pass"}


@pytest.mark.parametrize(
    "changed",
    [
        {"row": 2},
        {"watch": None},
        {"verdict": None},
        {"outcome": "refused"},
        {"problem": {"code": "x", "detail": "y", "errors": []}},
    ],
)
def test_a_row_that_is_neither_watched_nor_refused_is_not_believed(
    changed: dict[str, Any], scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says({"items": [{**copy.deepcopy(WATCHED), **changed}]}))
    with pytest.raises(UnexpectedAnswer):
        client.watch_many([Watched(provider="ods:RX9", kind="provider", reference="x")])


def test_another_watch_than_the_one_asked_for_is_not_believed(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says(watch()))
    with pytest.raises(UnexpectedAnswer):
        client.watch_of("wat_2")


def test_no_representation_of_a_watch_names_a_trainer(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says(watch(trainer={"scheme": "authorisation", "value": "AUTH-9"})))
    found = client.watch_of("wat_1")
    assert repr(found) == "Watching(wat_1: pass on 2026-03-12)"
    assert KEY not in repr(client.webhooks)


def test_the_readme_example_works(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIVET_URL", answering.url)
    monkeypatch.setenv("TRIVET_API_KEY", answering.watching_key)
    section = README.read_text().partition("## Watches and events")[2]
    shown = section.split("```python\n")[1].split("```")[0]
    exec(compile(shown, "README.md", "exec"), {})  # noqa: S102
    assert re.match(r"wat_[0-9a-f]{32} Certified\n", capsys.readouterr().out)
