"""Watches over HTTP: what can be watched and what can't, each once under its reference, each account by itself."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.alerts.watching import (
    KINDS,
    LASTING,
    NOW,
    PROGRAMME,
    PROVIDER,
    TRAINER,
    TRIPLE,
    WARD,
    all_events,
    all_watches,
    call,
    ready,
    register,
    suspended,
    types_of,
    watch,
)
from tests.problems import pointers_of, problem_of
from tests.register.documents import affiliation, body, identifier, period, programme, provider
from tests.service import PROFILE, Service
from trivet.access.keys import Scope
from trivet.access.store import set_accepts_declared
from trivet.database import writing

OTHER = "Another trust (fictional)"
SANDBOX = {
    "provider": identifier("certificate", "SANDBOX-pass"),
    "programme": identifier("title", "Sandbox programme (fictional)"),
    "trainer": identifier("register", "sandbox-trainer"),
}
UNKNOWN_IDS = [
    "wat_" + "0" * 32,
    "wat_1",
    "%00",
    "wat_" + "9" * 4000,
    "%F0%9F%A6%86",
    "..%2F",
    "%FF",
]


async def create(service: Service, key: str, **wanted: Any) -> httpx.Response:
    return await service.post("/v1/watches", wanted, key)


async def refused(service: Service, key: str, **wanted: Any) -> list[str]:
    """See that something can't be watched and is not, and return where the problem points to."""
    problem = problem_of(await create(service, key, **wanted), 400)
    assert await all_watches(service, key) == []
    return pointers_of(problem)


# ---- what can be watched


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_is_answered_at_once_with_where_it_stands(
    kind: str, service: Service
) -> None:
    key = await ready(service)
    wanted = {"kind": kind, "provider": PROVIDER, **KINDS[kind], "expiryNotice": ["P30D"]}

    response = await create(service, key, **wanted, reference="PO-1")

    made = response.json()
    assert response.status_code == 201, response.text
    assert response.headers["Location"] == f"/v1/watches/{made['id']}"
    assert made["provider"] == [PROVIDER]
    assert {name: made[name] for name in ("kind", "reference", "expiryNotice")} == {
        "kind": kind,
        "reference": "PO-1",
        "expiryNotice": ["P30D"],
    }
    assert {name: made[name] for name in KINDS[kind]} == KINDS[kind]
    missing = kind == "triple"  # an award may come before trainers are known: that is no pass
    assert made["standing"]["verdict"] == ("cannot_confirm" if missing else "pass")
    assert made["standing"]["on"] == "2026-11-27"
    assert (await service.get(response.headers["Location"], key)).json() == made
    assert await all_watches(service, key) == [made]


async def test_a_triple_is_the_kind_unless_another_is_named_and_may_name_everything(
    service: Service,
) -> None:
    key = await ready(service)
    made = await watch(service, key, TRIPLE, deliveredBy=WARD, deliveredOn="2026-12-24", scope={})
    assert made["kind"] == "triple"
    assert made["deliveredOn"] == made["standing"]["on"] == "2026-12-24"
    assert made["standing"]["verdict"] == "pass"
    assert [e["element"] for e in made["standing"]["elements"]][:5] == [
        "body", "provider", "programme", "trainer", "delivery",
    ]  # fmt: skip


async def test_what_fails_and_what_can_not_be_confirmed_are_watched_too_and_say_why(
    service: Service,
) -> None:
    key = await ready(service)
    await service.publish(suspended())

    fails = await watch(service, key)
    unknown = await watch(service, key, TRIPLE, provider=identifier("ods", "ZZ8"))

    assert fails["standing"]["verdict"] == "fail"
    assert [r["code"] for r in fails["standing"]["reasons"]] == ["provider_suspended"]
    assert unknown["standing"]["verdict"] in ("fail", "cannot_confirm")
    assert "provider_not_confirmed" in [r["code"] for r in unknown["standing"]["reasons"]]


async def test_an_account_that_accepts_what_providers_declare_watches_by_that(
    service: Service,
) -> None:
    key = await ready(service)
    await service.publish(register(), PROFILE.replace('"register"\n', '"provider_declared"\n'))
    before = await watch(service, key)
    async with writing(service.engine) as connection:
        await set_accepts_declared(connection, "Test trust (fictional)", accepts=True)

    after = (await service.get(f"/v1/watches/{before['id']}", key)).json()

    assert before["standing"]["verdict"] == "cannot_confirm"
    assert "provider_declared_only" in [r["code"] for r in before["standing"]["reasons"]]
    assert after["standing"]["verdict"] == "pass"
    assert {e["provenance"] for e in after["standing"]["elements"]} >= {"provider_declared"}


# ---- what can't


GIVEN: dict[str, Any] = {
    "programme": PROGRAMME,
    "trainer": TRAINER,
    "deliveredBy": WARD,
    "deliveredOn": "2026-12-01",
    "scope": {"setting": "school"},
}


async def test_what_is_no_part_of_a_kind_is_refused(service: Service) -> None:
    key = await ready(service)
    for kind in KINDS.keys() - {"triple"}:
        for field in GIVEN.keys() - KINDS[kind].keys():
            wanted = {"kind": kind, "provider": PROVIDER, **KINDS[kind], field: GIVEN[field]}
            assert f"/{field}" in await refused(service, key, **wanted), kind


async def test_what_a_kind_needs_is_missed(service: Service) -> None:
    key = await ready(service)
    for kind, needed in KINDS.items():
        for field in needed:
            assert await refused(service, key, kind=kind, provider=PROVIDER) == [f"/{field}"]
        assert await refused(service, key, kind=kind, **needed) == ["/provider"]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"trainer": {**TRAINER, "familyName": "Wader"}}, "/trainer/familyName"),
    ({"provider": []}, "/provider"),
    ({"provider": {"scheme": "ods", "value": "not an ods code"}}, "/provider/value"),
    ({"provider": {"scheme": "vat", "value": "1"}}, "/provider/scheme"),
    ({"provider": {"scheme": "register", "value": "he\0ron"}}, "/provider/value"),
    ({"trainer": {"scheme": "register", "value": ""}}, "/trainer/value"),
    ({"trainer": {"scheme": "name", "value": "Wader"}}, "/trainer/scheme"),
    ({"kind": "everything"}, "/kind"),
    ({"colour": "red"}, "/colour"),
    ({"maxAge": "P1D"}, "/maxAge"),
    ({"knownAt": "2026-01-01T00:00:00Z"}, "/knownAt"),
    ({"deliveredOn": "2026-02-30"}, "/deliveredOn"),
    ({"deliveredOn": "2026-12-01", "expiryNotice": ["P30D"]}, "/expiryNotice"),
    ({"expiryNotice": ["P30D", "P1M"]}, "/expiryNotice/1"),
    ({"expiryNotice": ["P0D"]}, "/expiryNotice/0"),
    ({"expiryNotice": ["P731D"]}, "/expiryNotice/0"),
    ({"expiryNotice": ["PT24H"]}, "/expiryNotice/0"),
    ({"expiryNotice": [f"P{days}D" for days in range(1, 12)]}, "/expiryNotice"),
    ({"expiryNotice": "P30D"}, "/expiryNotice"),
    ({"scope": {"setting": "moon_base"}}, "/scope/setting"),
    ({"reference": "R" * 300}, "/reference"),
    ({"reference": "PO\0-1"}, "/reference"),
    ({"reference": None}, "/reference"),
]


async def test_what_can_not_be_is_refused_by_name_and_never_becomes_a_watch(
    service: Service,
) -> None:
    key = await ready(service)
    for changed, pointer in IMPOSSIBLE:
        assert await refused(service, key, **{**TRIPLE, **changed}) == [pointer], changed
    assert service.rows("SELECT count(*) FROM watches") == [(0,)]


async def test_a_family_name_that_is_refused_is_kept_nowhere(service: Service) -> None:
    key = await ready(service)
    named = {**TRAINER, "familyName": "Quillfeather"}
    response = await create(service, key, **{**TRIPLE, "trainer": named})
    problem_of(response, 400)
    assert "Quillfeather" not in response.text
    assert b"Quillfeather" not in service.held()


async def test_before_anything_is_mirrored_nothing_can_be_watched(service: Service) -> None:
    key = await service.key(Scope.WATCH)
    response = await create(service, key, **TRIPLE)
    problem_of(response, 503)
    assert response.headers["Retry-After"]
    assert service.rows("SELECT count(*) FROM watches") == [(0,)]
    bulk = await service.post("/v1/watches/batch", {"items": [{**TRIPLE, "reference": "1"}]}, key)
    problem_of(bulk, 503)


# ---- by reference


async def test_asked_for_again_under_its_reference_it_is_the_same_watch(service: Service) -> None:
    key = await ready(service)
    first = await watch(service, key, reference="PO-1", expiryNotice=["P7D", "P5W", "P7D"])

    again = await create(
        service, key, **TRIPLE, reference="  PO-1 ", kind="triple", expiryNotice=["P35D", "P1W"]
    )

    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert again.headers["Location"] == f"/v1/watches/{first['id']}"
    assert first["expiryNotice"] == ["P35D", "P7D"]
    assert len(await all_watches(service, key)) == 1


async def test_without_a_reference_each_request_is_a_watch_of_its_own(service: Service) -> None:
    key = await ready(service)
    made = {(await watch(service, key))["id"] for _ in range(3)}
    assert {one["id"] for one in await all_watches(service, key)} == made
    assert len(made) == 3


async def test_a_reference_that_is_taken_is_told_and_changes_nothing(service: Service) -> None:
    key = await ready(service)
    first = await watch(service, key, reference="PO-1")

    response = await create(service, key, kind="provider", provider=PROVIDER, reference="PO-1")

    assert (response.status_code, response.json()["code"]) == (409, "reference_taken")
    assert first["id"] in response.json()["detail"]
    assert await all_watches(service, key) == [first]


async def test_replaced_a_watch_ends_and_another_has_its_reference(service: Service) -> None:
    key = await ready(service)
    first = await watch(service, key, reference="PO-1")

    response = await service.post(
        "/v1/watches?replace=true",
        {"kind": "provider", "provider": PROVIDER, "reference": "PO-1"},
        key,
    )

    assert response.status_code == 201, response.text
    assert [w["id"] for w in await all_watches(service, key)] == [response.json()["id"]]
    problem_of(await service.get(f"/v1/watches/{first['id']}", key), 404)
    await service.publish(suspended())
    (event,) = await all_events(service, key)
    assert [w["id"] for w in event["data"]["watches"]] == [response.json()["id"]]


async def test_replacing_by_the_same_changes_nothing(service: Service) -> None:
    key = await ready(service)
    first = await watch(service, key, reference="PO-1")
    again = await service.post("/v1/watches?replace=true", {**TRIPLE, "reference": "PO-1"}, key)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


# ---- sent again with an Idempotency-Key


def named(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def test_a_request_that_is_sent_again_makes_no_second_watch(service: Service) -> None:
    key = await ready(service)
    sent = [
        await call(service, "POST", "/v1/watches", key, json=TRIPLE, headers=named("one"))
        for _ in range(3)
    ]
    assert [response.status_code for response in sent] == [201] * 3
    assert len({response.json()["id"] for response in sent}) == 1
    assert [r.headers.get("Idempotency-Replayed") for r in sent] == [None, "true", "true"]
    assert len({response.headers["Location"] for response in sent}) == 1
    assert len(await all_watches(service, key)) == 1


async def test_an_idempotency_key_is_of_one_request_and_one_api_key(service: Service) -> None:
    key = await ready(service)
    other = await service.key(Scope.WATCH)
    await call(service, "POST", "/v1/watches", key, json=TRIPLE, headers=named("one"))

    changed = {**TRIPLE, "reference": "PO-2"}
    reused = await call(service, "POST", "/v1/watches", key, json=changed, headers=named("one"))
    others = await call(service, "POST", "/v1/watches", other, json=changed, headers=named("one"))

    problem_of(reused, 422, "idempotency_key_reused")
    assert others.status_code == 201


async def test_a_refused_request_leaves_its_idempotency_key_free(service: Service) -> None:
    key = await ready(service)
    wrong = {**TRIPLE, "deliveredOn": "2026-12-01", "expiryNotice": ["P30D"]}
    refused = await call(service, "POST", "/v1/watches", key, json=wrong, headers=named("one"))
    right = await call(service, "POST", "/v1/watches", key, json=TRIPLE, headers=named("one"))
    problem_of(refused, 400)
    assert right.status_code == 201


async def test_a_retry_brings_no_deleted_watch_back(service: Service) -> None:
    key = await ready(service)
    sent = await call(service, "POST", "/v1/watches", key, json=TRIPLE, headers=named("one"))
    await call(service, "DELETE", sent.headers["Location"], key)

    again = await call(service, "POST", "/v1/watches", key, json=TRIPLE, headers=named("one"))

    problem_of(again, 404)
    assert await all_watches(service, key) == []


# ---- ended


async def test_a_deleted_watch_is_told_nothing_more_and_its_reference_is_free(
    service: Service,
) -> None:
    key = await ready(service)
    first = await watch(service, key, reference="PO-1")

    ended = await call(service, "DELETE", f"/v1/watches/{first['id']}", key)
    again = await call(service, "DELETE", f"/v1/watches/{first['id']}", key)
    await service.publish(suspended())

    assert (ended.status_code, ended.content) == (204, b"")
    problem_of(again, 404)
    assert await all_events(service, key) == []
    second = await watch(service, key, reference="PO-1")
    assert second["id"] != first["id"]
    assert [w["id"] for w in await all_watches(service, key)] == [second["id"]]


async def test_an_id_that_no_watch_has_is_not_found_whatever_it_looks_like(
    service: Service,
) -> None:
    key = await ready(service)
    for identity in UNKNOWN_IDS:
        for method in ("GET", "DELETE"):
            response = await call(service, method, f"/v1/watches/{identity}", key)
            assert response.status_code in (400, 404), (identity, response.text)
            assert response.headers["Content-Type"] == "application/problem+json"


# ---- listed


async def test_a_list_goes_on_page_by_page_the_newest_first_each_once(service: Service) -> None:
    key = await ready(service)
    made = [(await watch(service, key, reference=f"PO-{n}"))["id"] for n in range(7)]
    found: list[str] = []
    query = "?limit=3"
    while True:
        page = (await service.get(f"/v1/watches{query}", key)).json()
        found += [item["id"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        query = f"?limit=3&cursor={page['nextCursor']}"
        await watch(service, key)  # newer than any page to come
    assert found == made[::-1]


async def test_a_watch_is_found_by_its_reference_alone(service: Service) -> None:
    key = await ready(service)
    for reference in ("PO-1", "PO-10", "po-1"):
        await watch(service, key, reference=reference)
    page = (await service.get("/v1/watches?reference=PO-1", key)).json()
    assert [item["reference"] for item in page["items"]] == ["PO-1"]
    for nobody in ("PO-2", "%00", "%25", "_", "%F0%9F%A6%86"):
        page = (await service.get(f"/v1/watches?reference={nobody}", key)).json()
        assert page["items"] == []


async def test_a_query_that_can_not_be_is_refused_by_name(service: Service) -> None:
    key = await ready(service)
    for query in (
        *("limit=0", "limit=201", "limit=x", "colour=red"),
        *("cursor=abc", "cursor=%00", "cursor=" + "A" * 5000),
    ):
        problem = problem_of(await service.get(f"/v1/watches?{query}", key), 400)
        assert pointers_of(problem) == ["?" + query.partition("=")[0]]


# ---- whose


async def test_another_account_sees_and_ends_nothing(service: Service) -> None:
    key = await ready(service)
    mine = await watch(service, key, reference="PO-1")
    other = await service.key(Scope.WATCH, account=OTHER)

    for method in ("GET", "DELETE"):
        theirs = await call(service, method, f"/v1/watches/{mine['id']}", other)
        nobodys = await call(service, method, f"/v1/watches/wat_{'0' * 32}", other)
        problem_of(theirs, 404)
        told = [{**r.json(), "requestId": ""} for r in (theirs, nobodys)]
        assert told[0] == told[1]
    assert await all_watches(service, other) == []
    assert (await watch(service, other, reference="PO-1"))["id"] != mine["id"]
    assert await all_watches(service, key) == [mine]


async def test_another_key_of_the_account_sees_and_ends_its_watches(service: Service) -> None:
    key = await ready(service)
    mine = await watch(service, key)
    second = await service.key(Scope.WATCH)
    assert await all_watches(service, second) == [mine]
    ended = await call(service, "DELETE", f"/v1/watches/{mine['id']}", second)
    assert ended.status_code == 204


async def test_a_key_without_the_scope_may_not(service: Service) -> None:
    await ready(service)
    key = await service.key(Scope.VERIFY, Scope.READ, Scope.ADMIN)
    for method, path in (
        ("POST", "/v1/watches"),
        ("POST", "/v1/watches/batch"),
        ("GET", "/v1/watches"),
        ("GET", "/v1/watches/wat_1"),
        ("DELETE", "/v1/watches/wat_1"),
        ("GET", "/v1/events"),
        ("GET", "/v1/events/evt_1"),
        ("POST", "/v1/webhook-endpoints"),
        ("GET", "/v1/webhook-endpoints"),
        ("POST", "/v1/webhook-endpoints/whe_1/test"),
    ):
        sent = {"json": TRIPLE} if method == "POST" else {}
        problem_of(await call(service, method, path, key, **sent), 403)
    assert service.rows("SELECT count(*) FROM watches") == [(0,)]


async def test_a_test_key_and_a_live_key_see_only_their_own_register_and_watches(
    service: Service,
) -> None:
    live = await ready(service)
    test = await service.key(Scope.WATCH, test=True)

    real = await watch(service, live, reference="PO-1")
    played = await watch(service, test, SANDBOX, reference="PO-1")
    unknown = await watch(service, test, TRIPLE)
    unreal = await watch(service, live, SANDBOX)

    assert real["standing"]["verdict"] == played["standing"]["verdict"] == "pass"
    assert unknown["standing"]["verdict"] != "pass"
    assert unreal["standing"]["verdict"] != "pass"
    assert {w["id"] for w in await all_watches(service, live)} == {real["id"], unreal["id"]}
    assert {w["id"] for w in await all_watches(service, test)} == {played["id"], unknown["id"]}
    problem_of(await service.get(f"/v1/watches/{real['id']}", test), 404)
    problem_of(await call(service, "DELETE", f"/v1/watches/{played['id']}", live), 404)


# ---- guessing at trainers


def guess(number: int) -> dict[str, Any]:
    return {**TRIPLE, "trainer": identifier("register", f"guess-{number}")}


async def test_unknown_trainers_are_counted_when_they_are_watched_and_refused_in_the_end(
    service: Service,
) -> None:
    await service.running.set(unknown_trainers_per_day=2)
    key = await ready(service)
    for number in (1, 2):
        await watch(service, key, guess(number))

    response = await create(service, key, **guess(3))

    problem_of(response, 429, "unknown_trainers_spent")
    assert int(response.headers["Retry-After"]) > 0
    assert len(await all_watches(service, key)) == 2
    assert service.rows("SELECT unknown, refused FROM unknown_trainers") == [(2, 1)]
    # Nothing else is: a watch on a provider names nobody.
    await watch(service, key, {"kind": "provider", "provider": PROVIDER})


async def test_what_is_refused_for_guessing_ends_no_watch_and_frees_its_idempotency_key(
    service: Service,
) -> None:
    await service.running.set(unknown_trainers_per_day=1)
    key = await ready(service)
    kept = await watch(service, key, reference="PO-1")
    await watch(service, key, guess(1))
    replacing = {**guess(2), "reference": "PO-1"}
    path = "/v1/watches?replace=true"

    refused = await call(service, "POST", path, key, json=replacing, headers=named("one"))

    problem_of(refused, 429)
    assert kept["id"] in [w["id"] for w in await all_watches(service, key)]
    service.clock.now = NOW + timedelta(days=1)
    again = await call(service, "POST", path, key, json=replacing, headers=named("one"))
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, None)


async def test_reading_a_watch_again_is_no_further_guess(service: Service) -> None:
    await service.running.set(unknown_trainers_per_day=1)
    key = await ready(service)
    made = await watch(service, key, guess(1), reference="PO-1")
    for _ in range(3):
        assert (await service.get(f"/v1/watches/{made['id']}", key)).status_code == 200
        assert (await create(service, key, **guess(1), reference="PO-1")).status_code == 200
    assert service.rows("SELECT unknown, refused FROM unknown_trainers") == [(1, 0)]


async def test_unknown_trainers_of_a_bulk_are_counted_and_refused_row_by_row(
    service: Service,
) -> None:
    await service.running.set(unknown_trainers_per_day=2)
    key = await ready(service)
    items = [{**guess(n), "reference": f"PO-{n}"} for n in range(4)]
    items.append({"kind": "provider", "provider": PROVIDER, "reference": "PO-5"})

    told = (await service.post("/v1/watches/batch", {"items": items}, key)).json()

    assert [row["outcome"] for row in told["items"]] == [
        "created", "created", "refused", "refused", "created",
    ]  # fmt: skip
    assert {row["problem"]["code"] for row in told["items"][2:4]} == {"unknown_trainers_spent"}


# ---- what is kept


async def test_what_is_watched_goes_on_in_the_register_as_it_moves(service: Service) -> None:
    key = await ready(service)
    made = await watch(service, key, TRIPLE, deliveredBy=WARD)
    assert made["standing"]["verdict"] == "pass"

    await service.publish(
        register(affiliations=[affiliation(periods=[period("withdrawn", "2026-11-01")])])
    )

    now = (await service.get(f"/v1/watches/{made['id']}", key)).json()["standing"]
    assert now["verdict"] == "fail"
    assert [r["code"] for r in now["reasons"]] == ["affiliation_not_in_force"]
    assert types_of(await all_events(service, key)) == [
        "affiliation.ended",
        "verification.changed",
    ]


async def test_a_read_of_a_watch_can_be_conditional(service: Service) -> None:
    key = await ready(service)
    made = await watch(service, key)
    path = f"/v1/watches/{made['id']}"
    etag = (await service.get(path, key)).headers["ETag"]
    again = await call(service, "GET", path, key, headers={"If-None-Match": etag})
    assert not etag.startswith("W/")
    assert (again.status_code, again.content) == (304, b"")


async def test_a_watch_s_body_may_not_be_larger_than_it_can_sensibly_be(service: Service) -> None:
    key = await ready(service)
    body_ = json.dumps({**TRIPLE, "reference": "x" * 70_000})
    headers = {"Content-Type": "application/json"}
    response = await call(service, "POST", "/v1/watches", key, content=body_, headers=headers)
    problem_of(response, 413)


async def test_a_body_whose_license_ends_fails_what_is_watched(service: Service) -> None:
    key = await ready(service)
    made = await watch(service, key, {"kind": "provider", "provider": PROVIDER})
    ended = {"from": "2020-01-01", "to": "2026-11-27"}
    await service.publish(
        register(
            bodies=[body(licensed=ended)],
            providers=[provider(periods=LASTING), provider("egret", periods=LASTING)],
            programmes=[programme(), programme("egret-1", provider="egret")],
        )
    )
    now = (await service.get(f"/v1/watches/{made['id']}", key)).json()["standing"]
    assert now["verdict"] == "fail"
    assert [r["code"] for r in now["reasons"]] == ["body_not_licensed"]
    assert types_of(await all_events(service, key)) == ["certification.lapsed"]
