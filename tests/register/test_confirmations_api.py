"""Confirmations over HTTP: from "cannot confirm" to a pass and back, by the operator alone."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.problems import pointers_of, problem_of
from tests.register.documents import (
    authorisation,
    body,
    document,
    identifier,
    in_force,
    programme,
    provider,
)
from tests.service import PEPPER, Service
from trivet.access.keys import Scope
from trivet.database import writing
from trivet.http.repeats import forget_answers
from trivet.leases import holding, leases
from trivet.register.confirmations import desk, recording
from trivet.register.erasures import add_erasure
from trivet.register.people import person_hash
from trivet.register.publishing import Publication, publish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LETTER: dict[str, Any] = {
    "confirmedBy": "Certification desk, Example Body (fictional)",
    "confirmedOn": "2026-03-03",
    "document": "sha256:" + "0" * 64,
}
TRAINER: dict[str, Any] = {
    **LETTER,
    "kind": "authorisations",
    "register": "AU-1",
    "trainer": "tr-1",
    "familyName": "Wader",
    "provider": "heron",
    "role": "senior",
    "programmes": "all",
    "from": "2024-01-01",
}
QUESTION: dict[str, Any] = {
    "provider": identifier("register", "heron"),
    "programme": identifier("register", "heron-1"),
    "trainer": identifier("authorisation", "AU-1"),
    "deliveredOn": "2026-10-05",
}
LISTED = {
    "bodies": [body()],
    "providers": [provider(periods=in_force("2024-01-01", "2030-01-01"))],
    "programmes": [programme()],
}


def published(**more: Any) -> dict[str, Any]:
    """Return what the body publishes: providers and programmes, and no trainer."""
    covered = {**dict.fromkeys(LISTED, "complete"), **dict.fromkeys(more, "complete")}
    return document(covered, **LISTED, **more)


class Operator:
    """Someone with a live key of the scope admin, and a key to ask with."""

    def __init__(self, service: Service, admin: str, key: str) -> None:
        self.service, self.admin, self.key = service, admin, key

    async def post(
        self, path: str, sent: Any, key: str | None = None, **headers: str
    ) -> httpx.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {key or self.admin}"
        return await self.service.http.post(path, json=sent, headers=headers)

    async def get(self, path: str, key: str | None = None, **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.admin}"}
        return await self.service.http.get(path, params=query, headers=headers)

    async def record(self, **said: Any) -> dict[str, Any]:
        """Record a confirmation, and return what is told of it."""
        response = await self.post("/v1/confirmations", {**TRAINER, **said})
        assert response.status_code == 201, response.text
        await self.service.running.refresh()
        told: dict[str, Any] = response.json()
        return told

    async def end(self, told: dict[str, Any], **said: Any) -> dict[str, Any]:
        path = f"/v1/confirmations/{told['confirmation']['id']}/end"
        response = await self.post(path, {"reason": "They left (fictional)", **said})
        assert response.status_code == 200, response.text
        ended: dict[str, Any] = response.json()
        return ended

    async def ask(self, **asked: Any) -> dict[str, Any]:
        response = await self.service.ask({**QUESTION, **asked}, self.key)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def rows(self, of: str) -> list[tuple[Any, ...]]:
        return self.service.rows(of)


@pytest.fixture
async def operator(service: Service) -> Operator:
    service.clock.now = NOW
    await service.publish(published())
    return Operator(service, await service.key(Scope.ADMIN), await service.key())


def codes(answer: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in answer["reasons"]]


async def test_one_confirmation_leads_from_a_missing_source_to_a_pass(operator: Operator) -> None:
    before = await operator.ask()
    assert (before["verdict"], codes(before)) == ("cannot_confirm", ["trainer_source_missing"])

    told = await operator.record()

    after = await operator.ask()
    assert after["verdict"] == "pass"
    trainer = next(e for e in after["elements"] if e["element"] == "trainer")
    assert (trainer["record"], trainer["provenance"]) == ("AU-1", "certifier_confirmed")
    assert after["register"]["snapshot"] == told["snapshot"] != before["register"]["snapshot"]


async def test_what_was_recorded_is_told_in_words_and_without_the_name(operator: Operator) -> None:
    told = await operator.record(note="Filed under 7/3")
    assert told["record"] == {
        "register": "AU-1",
        "trainer": "tr-1",
        "provider": "heron",
        "role": "senior",
        "programmes": "all",
        "period": "in force from 2024-01-01",
    }
    assert told["doubts"] == []
    kept = dict(told["confirmation"])
    assert kept.pop("id").startswith("cnf_")
    assert kept.pop("recordedBy") == operator.admin.split("_")[2]
    assert kept == {
        "kind": "authorisations",
        "register": "AU-1",
        "subject": "tr-1",
        "state": "good",
        "confirmedBy": "Certification desk, Example Body (fictional)",
        "confirmedOn": "2026-03-03",
        "goodUntil": "2027-03-02",
        "document": "sha256:" + "0" * 64,
        "note": "Filed under 7/3",
        "recordedAt": "2026-11-22T12:00:00.000001Z",  # later than any answer that knew nothing of it
        "endedAt": None,
        "endedBy": None,
        "endReason": None,
    }


async def test_the_family_name_must_match_and_is_kept_nowhere(operator: Operator) -> None:
    told = await operator.record()
    trainer = {**QUESTION["trainer"], "familyName": "Heron"}
    assert codes(await operator.ask(trainer=trainer)) == ["trainer_source_missing"]
    trainer["familyName"] = "WADER"
    assert (await operator.ask(trainer=trainer))["verdict"] == "pass"
    assert "wader" not in json.dumps(told).casefold()
    listed = (await operator.get("/v1/confirmations")).text
    assert "wader" not in listed.casefold()
    assert b"wader" not in operator.service.held().lower()


async def test_what_was_known_before_it_stays_what_was_known(operator: Operator) -> None:
    before = await operator.ask()
    operator.service.clock.now += timedelta(days=1)
    told = await operator.record()
    passed = await operator.ask()
    operator.service.clock.now += timedelta(days=1)
    await operator.end(told, mistaken=True)

    assert (await operator.ask())["verdict"] == "cannot_confirm"
    for earlier in (before, passed):
        again = await operator.ask(knownAt=earlier["knownAt"])
        for field in ("verdict", "elements", "reasons", "register"):
            assert again[field] == earlier[field]


async def test_after_its_last_day_nothing_rests_on_it_and_the_body_is_asked_again(
    operator: Operator,
) -> None:
    await operator.record(goodUntil="2026-10-05")
    assert (await operator.ask())["verdict"] == "pass"
    over = await operator.ask(deliveredOn="2026-10-06")
    assert set(codes(over)) == {"register_stale"}
    assert [step["code"] for step in over["nextSteps"]] == ["ask_body_to_confirm_trainer"]
    assert "trainer authorised by this provider" in over["nextSteps"][0]["letter"]["body"]
    assert over["register"]["stale"] is False
    listed = (await operator.get("/v1/confirmations")).json()
    assert [item["state"] for item in listed["items"]] == ["over"]


async def test_ended_it_is_good_for_the_days_before(operator: Operator) -> None:
    ended = await operator.end(await operator.record())
    assert (ended["state"], ended["endReason"]) == ("ended", "They left (fictional)")
    assert ended["endedBy"] == operator.admin.split("_")[2]
    assert (await operator.ask(deliveredOn="2026-11-21"))["verdict"] == "pass"
    assert codes(await operator.ask(deliveredOn="2026-11-22")) == ["trainer_delisted"]


async def test_recorded_by_mistake_it_never_counted(operator: Operator) -> None:
    ended = await operator.end(await operator.record(), mistaken=True)
    assert ended["state"] == "mistaken"
    assert codes(await operator.ask()) == ["trainer_source_missing"]


async def test_after_a_mistake_the_record_can_be_confirmed_anew(operator: Operator) -> None:
    await operator.end(await operator.record(**{"from": "2020-01-01"}), mistaken=True)
    await operator.record()
    assert (await operator.ask())["verdict"] == "pass"
    early = await operator.ask(deliveredOn="2023-12-31")
    assert "trainer_not_yet_authorised" in codes(early)


async def test_the_register_wins_and_that_is_told(operator: Operator) -> None:
    withdrawn = [
        *in_force("2024-01-01", "2026-09-01"),
        {"status": "withdrawn", "from": "2026-09-01"},
    ]
    await operator.service.publish(
        published(authorisations=[authorisation(periods=withdrawn)]),
    )
    told = await operator.record()
    assert [doubt["code"] for doubt in told["doubts"]] == ["register_differs"]
    assert "withdrawn from 2026-09-01" in told["doubts"][0]["detail"]
    assert codes(await operator.ask()) == ["trainer_withdrawn"]


async def test_of_two_for_one_record_the_later_one_counts(operator: Operator) -> None:
    first = await operator.record()
    second = await operator.record(
        confirmedOn="2026-09-01", status="suspended", **{"from": "2026-08-01"}
    )
    assert codes(await operator.ask()) == ["trainer_suspended"]
    assert (await operator.ask(deliveredOn="2026-07-31"))["verdict"] == "pass"
    path = f"/v1/confirmations/{first['confirmation']['id']}"
    replaced = (await operator.get(path)).json()
    assert replaced["state"] == "replaced"
    assert second["confirmation"]["id"] in replaced["endReason"]
    response = await operator.post(f"{path}/end", {"reason": "Ended already"})
    assert "replaced by" in problem_of(response, 409, "already_ended")["detail"]


async def test_an_earlier_letter_does_not_take_the_place_of_a_later_one(operator: Operator) -> None:
    await operator.record(confirmedOn="2026-09-01")
    response = await operator.post("/v1/confirmations", TRAINER)
    problem = problem_of(response, 400, "invalid_confirmation")
    assert pointers_of(problem) == ["/confirmedOn"]
    assert len(operator.rows("select id from confirmations")) == 1
    again = await operator.record(confirmedOn="2026-09-01", goodUntil="2026-12-31")
    assert again["confirmation"]["goodUntil"] == "2026-12-31"


async def test_an_undated_start_counts_from_the_first_letter_on(operator: Operator) -> None:
    undated = {name: said for name, said in TRAINER.items() if name != "from"}
    for day in ("2026-03-03", "2026-09-01"):
        response = await operator.post("/v1/confirmations", {**undated, "confirmedOn": day})
        assert response.status_code == 201
    assert (await operator.ask(deliveredOn="2026-03-03"))["verdict"] == "pass"
    assert codes(await operator.ask(deliveredOn="2026-03-02")) == ["start_not_recorded"]


async def test_the_source_of_confirmations_makes_no_register_old_or_stale(
    operator: Operator,
) -> None:
    reader = await operator.service.key(Scope.READ)
    before = (await operator.get("/v1/register", reader)).json()
    told = await operator.record(goodUntil="2026-03-04")
    operator.service.clock.now += timedelta(days=3000)

    after = (await operator.get("/v1/register", reader)).json()

    assert (after["asOf"], after["stale"]) == (before["asOf"], False)
    assert after["coverage"] == before["coverage"]
    assert after["snapshot"] == told["snapshot"]
    source = next(s for s in after["sources"] if s["source"] == "confirmations")
    assert (source["stale"], source["maxAgeSeconds"]) == (False, None)
    assert source["vouchedBy"] == "certifier_confirmed"
    assert set(source["coverage"].values()) == {"none"}
    answer = await operator.ask(deliveredOn="2026-03-04")
    assert answer["verdict"] == "pass"
    assert answer["register"]["asOf"] == before["asOf"]
    assert answer["caveats"][-1].count("asked by the operator") == 0
    ready = await operator.service.http.get("/health/ready")
    assert ready.json() == {"status": "ready"}


async def test_a_provider_whose_confirmation_is_over_is_not_shown_in_force(
    operator: Operator,
) -> None:
    said = {"kind": "providers", "name": "Ibis (fictional)", "body": "body", "from": "2024-01-01"}
    response = await operator.post("/v1/confirmations", {**LETTER, "register": "ibis", **said})
    assert response.status_code == 201, response.text
    await operator.service.running.refresh()
    reader = await operator.service.key(Scope.READ)
    for day, state in (("2027-03-02", "term_elapsed"), ("2026-12-01", "in_force")):
        shown = (await operator.get("/v1/providers/ibis", reader, on=day)).json()
        assert shown["standing"]["state"] == state
    shown = (await operator.get("/v1/providers/ibis", reader, on="2027-03-03")).json()
    assert shown["standing"]["state"] == "confirmation_over"


async def test_nobody_else_may_list_record_or_end_them(operator: Operator) -> None:
    told = await operator.record()
    path = f"/v1/confirmations/{told['confirmation']['id']}"
    every = [scope for scope in Scope if scope is not Scope.ADMIN]
    for key in [await operator.service.key(*every)]:
        for response in (
            await operator.post("/v1/confirmations", TRAINER, key),
            await operator.get("/v1/confirmations", key),
            await operator.get(path, key),
            await operator.post(f"{path}/end", {"reason": "Not mine to end"}, key),
        ):
            problem_of(response, 403, "scope_missing")
    assert (await operator.ask())["verdict"] == "pass"
    assert (await operator.service.http.get("/v1/confirmations")).status_code == 401


async def test_a_test_key_never_reaches_the_live_register(operator: Operator) -> None:
    key = await operator.service.key(Scope.ADMIN, test=True)
    for response in (
        await operator.post("/v1/confirmations", TRAINER, key),
        await operator.get("/v1/confirmations", key),
    ):
        problem_of(response, 403, "test_key")
    assert operator.rows("select * from confirmations") == []


async def test_the_newest_come_first_page_by_page(operator: Operator) -> None:
    ids = [
        (await operator.record(register=f"AU-{n}", trainer=f"tr-{n}"))["confirmation"]["id"]
        for n in range(5)
    ]
    first = (await operator.get("/v1/confirmations", limit=3)).json()
    second = (await operator.get("/v1/confirmations", limit=3, cursor=first["nextCursor"])).json()
    assert [item["id"] for page in (first, second) for item in page["items"]] == ids[::-1]
    assert second["nextCursor"] is None
    problem_of(await operator.get("/v1/confirmations", cursor="x"), 400, "invalid_cursor")


async def test_what_is_not_there_can_be_neither_read_nor_ended(operator: Operator) -> None:
    path = "/v1/confirmations/cnf_" + "0" * 32
    problem_of(await operator.get(path), 404, "not_found")
    problem_of(await operator.post(f"{path}/end", {"reason": "Never was"}), 404, "not_found")


BODIES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "bodies"}, "/kind"),
    ({"colour": "blue"}, "/colour"),
    ({"goodUntil": None}, "/goodUntil"),
    ({"role": "Senior"}, "/role"),
    ({"confirmedOn": "2026-02-30"}, "/confirmedOn"),
    ({"confirmedOn": "2026-03-03T00:00:00Z"}, "/confirmedOn"),
    ({"programmes": "every"}, "/programmes"),
    ({"programmes": [1]}, "/programmes/0"),
    ({"organisation": {"name": "W", "identifiers": [{"scheme": "nhs", "value": "1"}]}}, ""),
    ({"document": "letter.pdf"}, "/document"),
    ({"provider": "nobody"}, "/provider"),
    ({"from": "2026-13-01"}, "/from"),
]


@pytest.mark.parametrize(("said", "pointer"), BODIES)
async def test_a_body_that_is_doubtful_is_refused_whole(
    operator: Operator, said: dict[str, Any], pointer: str
) -> None:
    response = await operator.post("/v1/confirmations", {**TRAINER, **said})
    (found,) = pointers_of(problem_of(response, 400))
    assert found.startswith(pointer)
    assert "wader" not in response.text.casefold()
    assert operator.rows("select * from confirmations") == []
    assert operator.rows("select count(*) from snapshots") == [(1,)]


@pytest.mark.parametrize("missing", ["kind", "confirmedBy", "confirmedOn", "document"])
async def test_what_every_confirmation_says_can_not_be_left_out(
    operator: Operator, missing: str
) -> None:
    said = {name: value for name, value in TRAINER.items() if name != missing}
    response = await operator.post("/v1/confirmations", said)
    assert pointers_of(problem_of(response, 400)) == [f"/{missing}"]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({}, "/reason"),
        ({"reason": ""}, "/reason"),
        ({"reason": "x" * 2001}, "/reason"),
        ({"reason": "Ended", "mistaken": "yes"}, "/mistaken"),
        ({"reason": "Ended", "since": "2026-01-01"}, "/since"),
    ],
)
async def test_an_end_says_why(operator: Operator, said: dict[str, Any], pointer: str) -> None:
    told = await operator.record()
    path = f"/v1/confirmations/{told['confirmation']['id']}/end"
    response = await operator.post(path, said)
    assert pointers_of(problem_of(response, 400)) == [pointer]
    assert (await operator.ask())["verdict"] == "pass"


async def test_before_anything_was_mirrored_there_is_nothing_to_confirm(service: Service) -> None:
    headers = {"Authorization": f"Bearer {await service.key(Scope.ADMIN)}"}
    response = await service.http.post("/v1/confirmations", json=TRAINER, headers=headers)
    problem_of(response, 503, "no_snapshot")


async def test_while_another_is_being_recorded_it_is_to_be_tried_again(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.0)
    engine = operator.service.engine
    async with holding(engine, "source confirmations", operator.service.clock):
        response = await operator.post("/v1/confirmations", TRAINER)
    problem_of(response, 503, "busy")
    assert response.headers["Retry-After"] == "5"
    assert operator.rows("select * from confirmations") == []


async def test_nothing_is_recorded_of_a_person_who_was_erased(operator: Operator) -> None:
    subject = person_hash("TR-1", PEPPER.encode())
    async with writing(operator.service.engine) as connection:
        await add_erasure(connection, [subject], subject, "asked (fictional)", NOW)
    response = await operator.post("/v1/confirmations", TRAINER)
    assert pointers_of(problem_of(response, 400)) == ["/trainer"]
    assert operator.rows("select * from confirmations") == []


async def test_an_erasure_finds_what_was_confirmed_of_a_person(operator: Operator) -> None:
    await operator.record()
    person = person_hash("tr-1", PEPPER.encode())
    assert operator.rows("select person from confirmations") == [(person,)]
    of_statement = "select person from statements where source = 'confirmations'"
    assert operator.rows(of_statement) == [(person,)]


async def test_snapshot_statement_and_evidence_are_committed_together(operator: Operator) -> None:
    await operator.record()
    (fetched,) = operator.rows(
        "select outcome, location from fetches where source = 'confirmations'"
    )
    (kept,) = operator.rows("select id, confirmed_on, good_until from confirmations")
    assert fetched == ("updated", f"confirmation {kept[0]}")
    stated = operator.rows(
        "select confirmed_on, good_until from statements where person is not null"
    )
    assert stated == [kept[1:]] == [("2026-03-03", "2027-03-02")]
    changed = operator.rows(
        "select kind, register, change from changes order by number desc limit 1"
    )
    assert changed == [("authorisations", "AU-1", "added")]


async def test_a_list_read_later_leaves_the_confirmations_standing(operator: Operator) -> None:
    await operator.record()
    operator.service.clock.now += timedelta(days=30)
    later = {"publishedAt": "2026-12-20T09:00:00Z"}
    await operator.service.publish(published(affiliations=[]) | later)
    answer = await operator.ask()
    assert answer["verdict"] == "pass"
    assert answer["register"]["asOf"] == "2026-12-20T09:00:00Z"  # later than any confirmation


async def test_what_was_ended_says_nothing_of_the_days_before_a_new_letter(
    operator: Operator,
) -> None:
    undated = {name: said for name, said in TRAINER.items() if name != "from"}
    response = await operator.post("/v1/confirmations", undated)
    await operator.end(response.json())
    nameless = {name: said for name, said in undated.items() if name != "familyName"}
    response = await operator.post("/v1/confirmations", {**nameless, "confirmedOn": "2026-09-01"})
    assert response.status_code == 201
    assert codes(await operator.ask(deliveredOn="2026-08-31")) == ["start_not_recorded"]
    another = {**QUESTION["trainer"], "familyName": "Heron"}
    assert (await operator.ask(trainer=another))["verdict"] == "pass"


class Interrupted:
    """Publishing as it is, but for what happens just before it, once."""

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        self._happens: Callable[[], Awaitable[object]] | None = happens

    async def __call__(self, *given: Any, **named: Any) -> Publication:
        happens, self._happens = self._happens, None
        if happens:
            await happens()
        return await publish(*given, **named)


@pytest.mark.in_process("interrupts the process that answers")
async def test_what_is_published_meanwhile_is_taken_into_account(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def the_number_becomes_another_trainer_s() -> None:
        theirs = authorisation(trainer="tr-2")
        await operator.service.publish(published(authorisations=[theirs]))

    monkeypatch.setattr(recording, "publish", Interrupted(the_number_becomes_another_trainer_s))
    response = await operator.post("/v1/confirmations", TRAINER)
    assert pointers_of(problem_of(response, 400)) == ["/trainer"]
    assert operator.rows("select * from confirmations") == []


@pytest.mark.in_process("interrupts the process that answers")
async def test_who_was_held_up_for_too_long_records_nothing(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def another_takes_over() -> None:
        async with writing(operator.service.engine) as connection:
            await connection.execute(update(leases).values(holder="another"))

    monkeypatch.setattr(recording, "publish", Interrupted(another_takes_over))
    response = await operator.post("/v1/confirmations", TRAINER)
    problem_of(response, 503, "busy")
    assert operator.rows("select * from confirmations") == []
    assert operator.rows("select count(*) from snapshots") == [(1,)]


# ---- requests that are sent again


async def test_a_confirmation_that_is_sent_again_is_recorded_once(operator: Operator) -> None:
    first = await operator.post("/v1/confirmations", TRAINER, Idempotency_Key="letter-7")
    operator.service.clock.now += timedelta(hours=1)
    again = await operator.post("/v1/confirmations", TRAINER, Idempotency_Key="letter-7")
    other = {**TRAINER, "note": "Another letter"}
    refused = await operator.post("/v1/confirmations", other, Idempotency_Key="letter-7")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    problem_of(refused, 422, "idempotency_key_reused")
    assert operator.rows("select count(*) from confirmations") == [(1,)]


async def test_an_erasure_takes_away_what_was_kept_for_a_repeat(operator: Operator) -> None:
    await operator.post("/v1/confirmations", TRAINER, Idempotency_Key="letter-7")
    async with writing(operator.service.engine) as connection:
        await forget_answers(connection)
    again = await operator.post("/v1/confirmations", TRAINER, Idempotency_Key="letter-7")
    problem_of(again, 409, "answer_not_kept")
    assert operator.rows("select count(*) from confirmations") == [(1,)]
