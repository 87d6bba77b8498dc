"""Events over HTTP: replayed for ever, none missed or told twice, each account its own, and never rewritten."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.alerts.watching import (
    NOW,
    PROVIDER,
    TRIPLE,
    all_events,
    call,
    ready,
    register,
    suspended,
    types_of,
    watch,
)
from tests.databases import breaking
from tests.problems import pointers_of, problem_of
from tests.service import Service
from trivet.access.keys import Scope
from trivet.alerts.events import MOST_WATCHES

OTHER = "Another trust (fictional)"
OF_PROVIDER = {"kind": "provider", "provider": PROVIDER}


async def turn(service: Service, times: int = 1) -> None:
    """Have heron suspended and reinstated by turns."""
    for _ in range(times):
        told = service.rows("SELECT count(*) FROM events WHERE type LIKE 'certification.%'")[0][0]
        service.clock.now += timedelta(minutes=1)
        await service.publish(register() if told % 2 else suspended())


async def page(service: Service, key: str, query: str = "") -> Any:
    response = await service.get(f"/v1/events{query}", key)
    assert response.status_code == 200, response.text
    return response.json()


async def test_what_moved_is_told_with_what_caused_it_and_whom_it_concerns(
    service: Service,
) -> None:
    key = await ready(service)
    made = await watch(service, key, reference="PO-1")

    await service.publish(suspended())
    published = (await service.get("/v1/register", await service.key(Scope.READ))).json()

    record, verdict = await all_events(service, key)
    assert types_of([record, verdict]) == ["certification.suspended", "verification.changed"]
    assert record["timestamp"] == published["publishedAt"]
    assert record["data"]["snapshot"] == verdict["data"]["snapshot"] == published["snapshot"]
    assert record["data"]["effectiveOn"] == "2026-11-20"
    assert record["data"]["status"] == {"before": "in_force", "after": "suspended"}
    assert record["data"]["subject"] == {
        "kind": "provider",
        "register": "heron",
        "name": "Heron Training (fictional)",
        "provider": "heron",
        "validFrom": "2026-11-20",
        "validTo": "2029-01-01",
    }
    assert verdict["data"]["verdict"] == {"before": "pass", "after": "fail"}
    assert [r["code"] for r in verdict["data"]["reasons"]] == ["provider_suspended"]
    concerned = {
        "id": made["id"],
        "kind": "triple",
        "reference": "PO-1",
        "trainer": TRIPLE["trainer"],
        "before": "pass",
        "after": "fail",
    }
    for event in (record, verdict):
        assert (event["data"]["watches"], event["data"]["watchCount"]) == ([concerned], 1)
        assert event["data"].keys() == {
            "text", "effectiveOn", "subject", "status", "verdict", "reasons", "expiry", "sources",
            "watches", "watchCount", "corrects", "snapshot", "test",
        }  # fmt: skip
        assert (await service.get(f"/v1/events/{event['id']}", key)).json() == event


async def test_none_is_missed_and_none_comes_twice_while_more_happens_between_pages(
    service: Service,
) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    found: list[str] = []
    after = "?limit=2"
    for more in (3, 1, 0, 2, 0, 0, 0):
        await turn(service, more)
        told = await page(service, key, after)
        found += [item["id"] for item in told["items"]]
        after = f"?limit=2&after={told['nextCursor']}"
    assert found == [event["id"] for event in await all_events(service, key)]
    assert len(found) == len(set(found)) == 6
    # Long after, the same cursor goes on where it stood.
    service.clock.now += timedelta(days=4000)
    assert (await page(service, key, after))["items"] == []


async def test_the_first_page_of_nothing_has_a_cursor_that_finds_the_first_event(
    service: Service,
) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    empty = await page(service, key)
    await turn(service)
    assert empty["items"] == []
    told = await page(service, key, f"?after={empty['nextCursor']}")
    assert types_of(told["items"]) == ["certification.suspended"]


async def test_events_of_one_type_are_found_alone(service: Service) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    await turn(service, 4)
    first = await page(service, key, "?type=certification.reinstated&limit=1")
    query = f"?type=certification.reinstated&limit=1&after={first['nextCursor']}"
    second = await page(service, key, query)
    everything = await all_events(service, key)
    assert [*first["items"], *second["items"]] == everything[1::2]
    assert (await page(service, key, "?type=programme.delisted"))["items"] == []
    problem = problem_of(await service.get("/v1/events?type=no.such", key), 400)
    assert pointers_of(problem) == ["?type"]


async def test_a_cursor_or_an_id_of_another_account_is_as_good_as_none(service: Service) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    await turn(service)
    told = await page(service, key)
    (event,) = told["items"]
    other = await service.key(Scope.WATCH, account=OTHER)

    assert await all_events(service, other) == []
    problem_of(await service.get(f"/v1/events/{event['id']}", other), 404)
    problem_of(await service.get(f"/v1/events/{event['id']}/watches", other), 404)
    nobodys = base64.urlsafe_b64encode(b"evt_" + b"0" * 32).decode().rstrip("=")
    refusals = [
        await service.get(f"/v1/events?after={cursor}", other)
        for cursor in (told["nextCursor"], nobodys)
    ]
    for response in refusals:
        assert pointers_of(problem_of(response, 400)) == ["?after"]
    assert len({r.text.replace(r.json()["requestId"], "") for r in refusals}) == 1
    for odd in ("evt_1", "evt_start", "%00", "evt_" + "9" * 3000, "%F0%9F%A6%86"):
        for path in ("", "/watches"):
            found = await service.get(f"/v1/events/{odd}{path}", key)
            assert found.status_code in (400, 404), found.text
    for wrong in ("after=x", "after=%00", "limit=0", "limit=201", "colour=red"):
        problem_of(await service.get(f"/v1/events?{wrong}", key), 400)
    for wrong in ("cursor=x", "cursor=%00", "cursor=LTE", "limit=0", "limit=201"):
        problem_of(await service.get(f"/v1/events/{event['id']}/watches?{wrong}", key), 400)


async def test_each_account_is_told_of_its_own_watches_alone(service: Service) -> None:
    key = await ready(service)
    other = await service.key(Scope.WATCH, account=OTHER)
    test = await service.key(Scope.WATCH, test=True)
    nobody = await service.key(Scope.WATCH, account="A third trust (fictional)")
    mine = await watch(service, key, OF_PROVIDER, reference="mine")
    theirs = await watch(service, other, OF_PROVIDER, reference="theirs")
    await watch(service, test, {"kind": "provider", "provider": PROVIDER})
    await turn(service)

    for who, made in ((key, mine), (other, theirs)):
        (event,) = await all_events(service, who)
        assert [w["id"] for w in event["data"]["watches"]] == [made["id"]]
        problem_of(await service.get(f"/v1/events/{event['id']}", test), 404)
        problem_of(await service.get(f"/v1/events/{event['id']}/watches", test), 404)
    assert await all_events(service, test) == await all_events(service, nobody) == []


async def test_an_event_lists_a_thousand_watches_and_all_of_them_can_be_paged(
    service: Service,
) -> None:
    key = await ready(service)
    count = MOST_WATCHES + 5
    items = [{**OF_PROVIDER, "reference": f"PO-{n}"} for n in range(count)]
    made = (await service.post("/v1/watches/batch", {"items": items}, key)).json()
    assert made["created"] == count
    await service.publish(suspended())

    (event,) = await all_events(service, key)
    data, found = event["data"], []
    query = "?limit=200"
    while query:
        response = await service.get(f"/v1/events/{event['id']}/watches{query}", key)
        listed = response.json()
        found += listed["items"]
        query = f"?limit=200&cursor={listed['nextCursor']}" if listed["nextCursor"] else ""

    assert (data["watchCount"], len(data["watches"])) == (count, MOST_WATCHES)
    assert data["watches"] == found[:MOST_WATCHES]
    assert sorted(one["reference"] for one in found) == sorted(f"PO-{n}" for n in range(count))
    assert f"{count} watches" in data["text"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events",
        "DELETE FROM event_watches",
        "UPDATE events SET type = 'certification.granted'",
        "UPDATE events SET account = 'somebody else'",
        "UPDATE events SET at = '2020-01-01 00:00:00'",
        "UPDATE event_watches SET after = 'pass'",
    ],
)
async def test_what_was_told_can_not_be_rewritten_in_the_database(
    statement: str, service: Service
) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    await turn(service)
    told = await all_events(service, key)
    with pytest.raises(DBAPIError, match="appended only"):
        service.execute(statement)
    assert await all_events(service, key) == told


async def test_a_snapshot_whose_events_can_not_be_told_is_not_published_either(
    service: Service,
) -> None:
    key = await ready(service)
    made = await watch(service, key, OF_PROVIDER)
    before = (await service.get("/v1/register", await service.key(Scope.READ))).json()
    for table in ("events", "event_watches"):
        with breaking(service.settings.database_url, "INSERT", table), pytest.raises(DBAPIError):
            await service.publish(suspended())
        await service.running.refresh()
        now = (await service.get("/v1/register", await service.key(Scope.READ))).json()
        assert now["snapshot"] == before["snapshot"]
        assert await all_events(service, key) == []
        standing = (await service.get(f"/v1/watches/{made['id']}", key)).json()["standing"]
        assert standing["verdict"] == "pass"

    await service.publish(suspended())

    (event,) = await all_events(service, key)
    assert event["type"] == "certification.suspended"
    standing = (await service.get(f"/v1/watches/{made['id']}", key)).json()["standing"]
    assert standing["register"]["snapshot"] == event["data"]["snapshot"]


async def test_what_the_clock_moves_is_told_once(service: Service) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER, expiryNotice=["P30D"])
    service.clock.now = NOW.replace(year=2028, month=12, day=10)
    assert await service.go_round()
    assert not await service.go_round()
    (event,) = await all_events(service, key)
    assert event["type"] == "certification.expiring"
    assert event["data"]["expiry"] == {"expiresOn": "2029-01-01", "notice": "P30D"}
    assert event["data"]["snapshot"] is None
    assert event["data"]["verdict"] is event["data"]["status"] is None


async def test_a_read_of_an_event_can_be_conditional(service: Service) -> None:
    key = await ready(service)
    await watch(service, key, OF_PROVIDER)
    await turn(service)
    path = "/v1/events"
    etag = (await service.get(path, key)).headers["ETag"]
    again = await call(service, "GET", path, key, headers={"If-None-Match": etag})
    await turn(service)
    changed = await call(service, "GET", path, key, headers={"If-None-Match": etag})
    assert (again.status_code, changed.status_code) == (304, 200)
