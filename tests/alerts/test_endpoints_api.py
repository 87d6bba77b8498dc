"""Endpoints over HTTP: a secret shown once, no way inside, and whatever fails is told, kept and sent again."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.alerts.receivers import OK, Receiver, deaf_port, receiving
from tests.alerts.watching import (
    NOW,
    all_events,
    call,
    deliveries,
    endpoint,
    ready,
    register,
    send,
    suspended,
    types_of,
    watch,
)
from tests.problems import pointers_of, problem_of
from tests.service import Service
from trivet.access.keys import Scope
from trivet.alerts.endpoints_api import MOST_ENDPOINTS
from trivet.alerts.events import EventType
from trivet.alerts.sealing import Sealing, Unsealed
from trivet_client.webhooks import Event, NotGenuine
from trivet_client.webhooks import Receiver as Reader

PATH = "/v1/webhook-endpoints"
OTHER = "Another trust (fictional)"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
FAR = 5


def heads_of(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def read(service: Service, request: bytes, *secrets: str) -> Event:
    """Return the event that a request brought, read as a receiver reads it that holds some secrets."""
    body = request.partition(b"\r\n\r\n")[2]
    return Reader(*secrets, clock=service.clock).event(heads_of(request), body)


def ids_of(requests: Sequence[bytes]) -> list[str]:
    return [heads_of(request)["webhook-id"] for request in requests]


async def act(service: Service, key: str, of: str, what: str, **sent: Any) -> httpx.Response:
    return await service.post(f"{PATH}/{of}/{what}", sent, key)


async def shown(service: Service, key: str, of: str) -> Any:
    response = await service.get(f"{PATH}/{of}", key)
    assert response.status_code == 200, response.text
    return response.json()


async def moved(service: Service, key: str, count: int = 1) -> list[str]:
    """Have heron suspended and reinstated by turns, and return the ids of the events that tells of."""
    before = len(await all_events(service, key))
    for turn in range(count):
        service.clock.now += timedelta(minutes=1)
        await service.publish(suspended() if turn % 2 == 0 else register())
    events = await all_events(service, key)
    return [event["id"] for event in events[before:]]


async def watching(service: Service) -> str:
    """Return a key of an account that watches a provider."""
    key = await ready(service)
    await watch(
        service, key, {"kind": "provider", "provider": {"scheme": "register", "value": "heron"}}
    )
    return key


# ---- made, with a secret that is shown once


async def test_an_endpoint_s_secret_is_shown_when_it_is_made_and_never_again(
    service: Service,
) -> None:
    key = await ready(service)
    made = await endpoint(service, key, 9, description="Audit (fictional)")
    secret = made.pop("secret")

    reads = [
        await service.get(PATH, key),
        await service.get(f"{PATH}/{made['id']}", key),
        await call(service, "PATCH", f"{PATH}/{made['id']}", key, json={"description": "x"}),
        await act(service, key, made["id"], "disable"),
        await act(service, key, made["id"], "enable"),
        await service.get(f"{PATH}/{made['id']}/deliveries", key),
    ]

    assert secret.startswith("whsec_")
    assert made == {
        "id": made["id"],
        "url": "http://127.0.0.1:9/hook",
        "description": "Audit (fictional)",
        "types": None,
        "version": "1",
        "enabled": True,
        "disabledAt": None,
        "disabledBy": None,
        "failingSince": None,
        "createdAt": "2026-11-27T12:00:00Z",
    }
    assert [response.status_code for response in reads] == [200] * 6
    assert not any(secret.removeprefix("whsec_") in response.text for response in reads)
    assert reads[1].json() == made


async def test_secrets_are_kept_encrypted_and_open_under_their_own_keys_alone(
    service: Service,
) -> None:
    key = await ready(service)
    made = await endpoint(service, key, 9)
    rotated = (await act(service, key, made["id"], "rotate-secret")).json()

    for secret in (made["secret"], rotated["secret"]):
        assert secret.removeprefix("whsec_").encode() not in service.held()
    for (sealed,) in service.rows("SELECT sealed FROM webhook_secrets"):
        with pytest.raises(Unsealed):
            Sealing([b"YW5vdGhlciBrZXkgb2YgMzIgYnl0ZXMsIGZvciB0ZXM="]).open(sealed)


async def test_sent_again_with_its_idempotency_key_it_is_one_endpoint_whose_secret_stays_unseen(
    service: Service,
) -> None:
    key = await ready(service)
    wanted = {"url": "http://127.0.0.1:9/hook"}
    headers = {"Idempotency-Key": "one"}
    first, again = [
        await call(service, "POST", PATH, key, json=wanted, headers=headers) for _ in range(2)
    ]
    other = await call(service, "POST", PATH, key, json={**wanted, "types": []}, headers=headers)
    assert first.json()["secret"]
    assert again.json() == {**first.json(), "secret": None}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code in (400, 422)
    assert len((await service.get(PATH, key)).json()["items"]) == 1


async def test_what_may_not_be_an_endpoint_is_refused_by_its_field(service: Service) -> None:
    key = await ready(service)
    url = "http://127.0.0.1:9/"
    wrong: list[tuple[dict[str, Any], str]] = [
        *(
            ({"url": refused}, "/url")
            for refused in (
                "http://10.0.0.1/", "https://192.168.1.1/", "https://[::1]/", "https://[fd00::1]/",
                "http://169.254.169.254/latest/meta-data", "https://0x7f.1/", "https://2130706433/",
                "https://user:hunter2@example.com/", "file:///etc/passwd",
                "ftp://127.0.0.1/", "",
                "https://[::ffff:10.0.0.1]/", "http://127.0.0.1:9/#x", "http://127.0.0.1:9/\n",
                "x" * 3000, "https://0.0.0.0/",
            )
        ),
        ({"url": url, "types": []}, "/types"),
        ({"url": url, "types": ["certification.suspended", "no.such"]}, "/types/1"),
        ({"url": url, "types": "certification.suspended"}, "/types"),
        ({"url": url, "description": "x" * 201}, "/description"),
        ({"url": url, "description": "a\0b"}, "/description"),
        ({"url": url, "secret": "whsec_mine"}, "/secret"),
        ({}, "/url"),
    ]  # fmt: skip
    for wanted, pointer in wrong:
        response = await service.post(PATH, wanted, key)
        assert pointers_of(problem_of(response, 400)) == [pointer], wanted
        assert "hunter2" not in response.text
    assert (await service.get(PATH, key)).json()["items"] == []


async def test_an_account_has_so_many_endpoints_and_no_more(service: Service) -> None:
    key = await ready(service)
    made = [await endpoint(service, key, 9) for _ in range(MOST_ENDPOINTS)]
    problem_of(await service.post(PATH, {"url": "http://127.0.0.1:9/"}, key), 409)
    await call(service, "DELETE", f"{PATH}/{made[0]['id']}", key)
    await endpoint(service, key, 9)
    pages = (await service.get(f"{PATH}?limit=30", key)).json()
    more = (await service.get(f"{PATH}?limit=30&cursor={pages['nextCursor']}", key)).json()
    listed = [one["id"] for one in (*pages["items"], *more["items"])]
    assert (len(listed), more["nextCursor"]) == (MOST_ENDPOINTS, None)
    assert listed[1:] == [one["id"] for one in made[1:]][::-1]


async def test_a_change_takes_what_is_given_and_leaves_the_rest(service: Service) -> None:
    key = await ready(service)
    types = ["certification.suspended", "register.stale"]
    made = await endpoint(service, key, 9, types=types, description="First (fictional)")
    path = f"{PATH}/{made['id']}"

    async def change(**changed: Any) -> tuple[Any, Any]:
        answer = (await call(service, "PATCH", path, key, json=changed)).json()
        assert answer == await shown(service, key, made["id"])
        return answer["types"], answer["description"]

    assert await change() == (types, "First (fictional)")
    assert await change(description="Second") == (types, "Second")
    assert await change(types=["watch.ended", "watch.ended"]) == (["watch.ended"], "Second")
    assert await change(description=None) == (["watch.ended"], None)
    assert await change(types=None) == (None, None)
    impossible: list[dict[str, Any]] = [
        {"types": []},
        {"types": ["x"]},
        {"url": "http://127.0.0.1:9/"},
        {"version": "2"},
    ]
    for wrong in impossible:
        problem_of(await call(service, "PATCH", path, key, json=wrong), 400)
    assert (await shown(service, key, made["id"]))["url"] == made["url"]


# ---- what a receiver gets


async def test_a_receiver_reads_what_happened_with_the_client_and_the_delivery_is_shown(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        (told,) = await moved(service, key)
        await send(service)
        (request,) = receiver.requests
    event = read(service, request, made["secret"])
    (delivery,) = await deliveries(service, key, made["id"])

    assert heads_of(request)["content-type"] == "application/json"
    assert event.id == told == heads_of(request)["webhook-id"]
    sent = json.loads(request.partition(b"\r\n\r\n")[2])
    assert sent == (await service.get(f"/v1/events/{told}", key)).json()
    assert (delivery["event"], delivery["type"]) == (told, "certification.suspended")
    assert (delivery["state"], delivery["nextTryAt"]) == ("delivered", None)
    (tried,) = delivery["tries"]
    assert (tried["status"], tried["failure"], tried["answer"]) == (200, None, "taken")


async def test_only_the_types_that_are_wanted_are_sent(service: Service) -> None:
    key = await watching(service)
    async with receiving() as receiver, receiving() as other:
        await endpoint(service, key, receiver.port, types=["certification.reinstated"])
        await endpoint(service, key, other.port)
        told = await moved(service, key, 2)
        await send(service)
        assert ids_of(receiver.requests) == told[1:]
        assert ids_of(other.requests) == told


async def test_while_a_secret_is_rotated_both_sign_and_then_the_new_one_alone(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        rotated = await act(service, key, made["id"], "rotate-secret", overlap="PT2H")
        await moved(service, key)
        await send(service)
        service.clock.now = NOW + timedelta(hours=3)
        await service.publish(register())
        await send(service)
        await act(service, key, made["id"], "rotate-secret", overlap="PT0S")
        await act(service, key, made["id"], "test")
    old, new = made["secret"], rotated.json()["secret"]
    during, after, at_once = receiver.requests

    assert rotated.json()["bothSignUntil"] == "2026-11-27T14:00:00Z"
    assert len(heads_of(during)["webhook-signature"].split(" ")) == 2
    service.clock.now = NOW
    for secret in (old, new):
        assert read(service, during, secret).id == read(service, during, old, new).id
    service.clock.now = NOW + timedelta(hours=3)
    assert read(service, after, new).type == "certification.reinstated"
    assert len(heads_of(after)["webhook-signature"].split(" ")) == 1
    for request, secret in ((after, old), (at_once, old), (at_once, new)):
        with pytest.raises(NotGenuine):
            read(service, request, secret)


async def test_an_overlap_that_can_not_be_is_refused_and_rotates_nothing(service: Service) -> None:
    key = await ready(service)
    made = await endpoint(service, key, 9)
    for overlap in ("P31D", "soon", "", "-P1D", "P99999999Y"):
        response = await act(service, key, made["id"], "rotate-secret", overlap=overlap)
        assert pointers_of(problem_of(response, 400)) == ["/overlap"]
    assert service.rows("SELECT count(*) FROM webhook_secrets") == [(1,)]


async def test_a_test_of_any_type_is_an_event_that_the_client_reads_and_that_is_kept_nowhere(
    service: Service,
) -> None:
    key = await ready(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        for kind in EventType:
            told = (await act(service, key, made["id"], "test", type=kind.value)).json()
            assert (told["delivered"], told["status"], told["answer"]) == (True, 200, "taken")
        plain = (await act(service, key, made["id"], "test")).json()
        assert plain["delivered"]
        requests = receiver.requests
    events = [read(service, request, made["secret"]) for request in requests]
    assert [event.type for event in events] == [*map(str, EventType), "webhook.test"]
    assert len({event.id for event in events}) == len(events)
    assert all(event.test for event in events)
    assert await all_events(service, key) == []
    assert await deliveries(service, key, made["id"]) == []


async def test_a_test_says_what_went_wrong(service: Service) -> None:
    key = await ready(service)
    with deaf_port() as port:
        made = await endpoint(service, key, port)
        refused = await act(service, key, made["id"], "test")
    async with receiving(BROKEN) as receiver:
        other = await endpoint(service, key, receiver.port)
        broken = await act(service, key, other["id"], "test")
    assert refused.status_code == broken.status_code == 200
    assert refused.json()["delivered"] is broken.json()["delivered"] is False
    assert (refused.json()["status"], refused.json()["failure"]) == (None, "connection refused")
    assert (broken.json()["status"], broken.json()["answer"]) == (500, "x" * 1024)
    wrong = await act(service, key, made["id"], "test", type="no.such")
    assert pointers_of(problem_of(wrong, 400)) == ["/type"]


# ---- what fails


async def test_a_failed_delivery_is_kept_with_its_tries_and_comes_again_under_the_same_id(
    service: Service,
) -> None:
    key = await watching(service)
    answers = iter([BROKEN, OK])

    async def answer(_: Receiver, writer: asyncio.StreamWriter) -> None:
        writer.write(next(answers))

    async with receiving(answer) as receiver:
        made = await endpoint(service, key, receiver.port)
        await moved(service, key)
        await send(service)
        (failed,) = await deliveries(service, key, made["id"], "?state=pending")
        failing = await shown(service, key, made["id"])
        await send(service)
        assert len(receiver.requests) == 1  # not before it is due
        service.clock.now += timedelta(seconds=FAR)
        await send(service)
        first, second = ids_of(receiver.requests)
    (delivered,) = await deliveries(service, key, made["id"], "?state=delivered")

    assert failing["failingSince"] == "2026-11-27T12:01:00Z"
    assert failed["nextTryAt"] == "2026-11-27T12:01:05Z"
    assert [t["status"] for t in failed["tries"]] == [500]
    assert failed["tries"][0]["answer"] == "x" * 1024
    assert first == second
    assert [t["status"] for t in delivered["tries"]] == [500, 200]
    assert (await shown(service, key, made["id"]))["failingSince"] is None


async def test_an_endpoint_that_is_gone_is_disabled_and_the_account_is_told(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving(GONE) as receiver, receiving() as other:
        made = await endpoint(service, key, receiver.port)
        told = await endpoint(service, key, other.port, types=["endpoint.disabled"])
        await moved(service, key)
        await send(service)
        await send(service)
        assert len(receiver.requests) == 1
        (request,) = other.requests
    now = await shown(service, key, made["id"])
    assert (now["enabled"], now["disabledBy"]) == (False, "gone")
    event = read(service, request, told["secret"])
    assert event.type == "endpoint.disabled"
    assert made["id"] in event.text
    assert types_of(await all_events(service, key)).count("endpoint.disabled") == 1
    (delivery,) = await deliveries(service, key, made["id"])
    assert delivery["state"] == "failed"


async def test_an_endpoint_that_fails_for_five_days_is_disabled_and_not_a_moment_before(
    service: Service,
) -> None:
    key = await watching(service)
    with deaf_port() as port:
        made = await endpoint(service, key, port)
        await moved(service, key)
        began = service.clock.now
        await send(service)
        daily = [timedelta(days=days) for days in range(1, 5)]
        for after in (*daily, timedelta(days=5, seconds=-1), timedelta(days=5)):
            assert (await shown(service, key, made["id"]))["enabled"]
            service.clock.now = began + after
            (delivery,) = await deliveries(service, key, made["id"])
            redelivered = await act(
                service, key, made["id"], f"deliveries/{delivery['id']}/redeliver"
            )
            assert redelivered.status_code == 202
            await send(service)
    now = await shown(service, key, made["id"])
    assert (now["enabled"], now["disabledBy"]) == (False, "failing")
    assert types_of(await all_events(service, key)).count("endpoint.disabled") == 1


async def test_an_endpoint_that_failed_long_ago_fails_anew(service: Service) -> None:
    key = await watching(service)
    with deaf_port() as port:
        made = await endpoint(service, key, port)
        await moved(service, key)
        await send(service)
        service.clock.now += timedelta(days=30)
        (delivery,) = await deliveries(service, key, made["id"])
        await act(service, key, made["id"], f"deliveries/{delivery['id']}/redeliver")
        await send(service)
    now = await shown(service, key, made["id"])
    assert now["enabled"]
    assert datetime.fromisoformat(now["failingSince"]) == service.clock.now


async def test_disabled_on_request_nothing_is_sent_and_what_was_missed_comes_once_recovered(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        delivered = await moved(service, key)
        await send(service)
        disabled = (await act(service, key, made["id"], "disable")).json()
        missed = await moved_back(service, key)
        await send(service)
        assert ids_of(receiver.requests) == delivered
        for what in ("recover", "deliveries/dlv_" + "0" * 32 + "/redeliver"):
            sent = {"since": NOW.isoformat()} if what == "recover" else {}
            problem_of(await act(service, key, made["id"], what, **sent), 409, "endpoint_disabled")

        enabled = (await act(service, key, made["id"], "enable")).json()
        await send(service)
        assert ids_of(receiver.requests) == delivered  # not before it is asked for
        told = await act(service, key, made["id"], "recover", since=NOW.isoformat())
        await send(service)
        again = await act(service, key, made["id"], "recover", since=NOW.isoformat())
        await send(service)

        assert ids_of(receiver.requests) == [*delivered, *missed]
    assert (disabled["enabled"], disabled["disabledBy"]) == (False, "asked")
    assert (enabled["enabled"], enabled["disabledBy"]) == (True, None)
    assert (told.status_code, told.json()) == (202, {"deliveries": len(missed)})
    assert again.json() == {"deliveries": 0}
    assert "endpoint.disabled" not in types_of(await all_events(service, key))


async def moved_back(service: Service, key: str) -> list[str]:
    """Have heron reinstated and suspended again, and return the ids of the events that tells of."""
    before = len(await all_events(service, key))
    for document in (register(), suspended()):
        service.clock.now += timedelta(minutes=1)
        await service.publish(document)
    return [event["id"] for event in (await all_events(service, key))[before:]]


async def test_recovery_brings_what_is_since_an_instant_and_of_the_types_that_are_wanted(
    service: Service,
) -> None:
    key = await watching(service)
    first = await moved(service, key)
    since = service.clock.now
    missed = await moved_back(service, key)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port, types=["certification.reinstated"])
        later = (since + timedelta(microseconds=1)).isoformat()
        told = await act(service, key, made["id"], "recover", since=later)
        await send(service)
        assert ids_of(receiver.requests) == missed[:1]
        assert told.json() == {"deliveries": 1}
        await call(service, "PATCH", f"{PATH}/{made['id']}", key, json={"types": None})
        # An instant may be told by any clock: this one stands an hour ahead of UTC.
        ahead = since.isoformat().replace("12:01:00+00:00", "13:01:00+01:00")
        await act(service, key, made["id"], "recover", since=ahead)
        await send(service)
        assert sorted(ids_of(receiver.requests)) == sorted([*first, *missed])


async def test_a_recovery_that_can_not_be_is_refused(service: Service) -> None:
    key = await ready(service)
    made = await endpoint(service, key, 9)
    long_ago = (NOW - timedelta(days=90, seconds=1)).isoformat()
    for sent in (
        {"since": long_ago},
        {"since": "2026-11-27"},
        {"since": "2026-11-27T12:00:00"},
        {},
    ):
        response = await act(service, key, made["id"], "recover", **sent)
        assert pointers_of(problem_of(response, 400)) == ["/since"], sent
    just = (NOW - timedelta(days=90)).isoformat()
    for since in (just, "9999-12-31T23:59:59Z"):
        assert (await act(service, key, made["id"], "recover", since=since)).status_code == 202


async def test_what_was_delivered_can_be_sent_again_under_the_same_id(service: Service) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        told = await moved(service, key)
        await send(service)
        (delivery,) = await deliveries(service, key, made["id"])
        path = f"deliveries/{delivery['id']}/redeliver"
        again = await act(service, key, made["id"], path)
        await send(service)
        assert ids_of(receiver.requests) == told * 2
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    (now,) = await deliveries(service, key, made["id"])
    assert (now["state"], len(now["tries"])) == ("delivered", 2)


async def test_deliveries_are_listed_page_by_page(service: Service) -> None:
    key = await watching(service)
    with deaf_port() as port:
        made = await endpoint(service, key, port)
        told = [*await moved(service, key), *await moved_back(service, key)]
    found: list[str] = []
    query = "?limit=2"
    while query:
        page = (await service.get(f"{PATH}/{made['id']}/deliveries{query}", key)).json()
        found += [item["event"] for item in page["items"]]
        query = f"?limit=2&cursor={page['nextCursor']}" if page["nextCursor"] else ""
    assert found == told[::-1]
    for wrong in ("state=lost", "cursor=x", "limit=0", "colour=red"):
        problem_of(await service.get(f"{PATH}/{made['id']}/deliveries?{wrong}", key), 400)


# ---- deleted, and whose


async def test_a_deleted_endpoint_gets_nothing_more_and_its_secrets_are_gone(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        await moved(service, key)
        deleted = await call(service, "DELETE", f"{PATH}/{made['id']}", key)
        await moved_back(service, key)
        await send(service)
        assert receiver.requests == []
    assert (deleted.status_code, deleted.content) == (204, b"")
    problem_of(await service.get(f"{PATH}/{made['id']}", key), 404)
    assert service.rows("SELECT count(*) FROM webhook_secrets") == [(0,)]
    assert len(await all_events(service, key)) == 3


async def test_another_account_and_the_other_register_s_keys_find_no_endpoint(
    service: Service,
) -> None:
    key = await watching(service)
    made = await endpoint(service, key, 9)
    await moved(service, key)
    (delivery,) = await deliveries(service, key, made["id"])
    other = await service.key(Scope.WATCH, account=OTHER)
    test = await service.key(Scope.WATCH, test=True)
    theirs = await endpoint(service, other, 9)
    asked: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/enable", {}),
        ("POST", "/disable", {}),
        ("POST", "/rotate-secret", {}),
        ("POST", "/test", {}),
        ("GET", "/deliveries", None),
        ("POST", f"/deliveries/{delivery['id']}/redeliver", {}),
        ("POST", "/recover", {"since": NOW.isoformat()}),
    ]
    for method, path, sent in asked:
        for who in (other, test):
            response = await call(service, method, f"{PATH}/{made['id']}{path}", who, json=sent)
            problem_of(response, 404, "not_found")
        for odd in ("whe_1", "%00", "whe_" + "9" * 3000, "%F0%9F%A6%86"):
            response = await call(service, method, f"{PATH}/{odd}{path}", key, json=sent)
            assert response.status_code in (400, 404), response.text
    for odd in (delivery["id"], "dlv_1", "%00"):
        path = f"deliveries/{odd}/redeliver"
        assert (await act(service, other, theirs["id"], path)).status_code in (400, 404)
    assert (await shown(service, key, made["id"]))["enabled"]
    assert service.rows("SELECT count(*) FROM webhook_secrets") == [(2,)]


async def test_an_endpoint_of_a_test_key_gets_tests_and_nothing_else(service: Service) -> None:
    key = await watching(service)
    test = await service.key(Scope.WATCH, test=True)
    async with receiving() as receiver:
        made = await endpoint(service, test, receiver.port)
        await moved(service, key)
        await send(service)
        assert receiver.requests == []
        recovered = await act(service, test, made["id"], "recover", since=NOW.isoformat())
        await send(service)
        assert recovered.json() == {"deliveries": 0}
        pinged = (await act(service, test, made["id"], "test")).json()
        assert pinged["delivered"]
        assert read(service, receiver.requests[0], made["secret"]).test
    assert (await service.get(PATH, key)).json()["items"] == []


async def test_a_secret_that_can_not_be_read_is_told_and_nothing_is_sent_unsigned(
    service: Service,
) -> None:
    key = await watching(service)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        service.execute("UPDATE webhook_secrets SET sealed = 'gAAAAAB' ")
        await moved(service, key)
        await send(service)
        tested = await act(service, key, made["id"], "test")
        assert receiver.requests == []
    (delivery,) = await deliveries(service, key, made["id"])
    assert [t["failure"] for t in delivery["tries"]] == ["the secret can't be read"]
    assert tested.status_code == 200
    assert tested.json()["failure"] == "the secret can't be read"
