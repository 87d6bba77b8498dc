"""People in alerts: a reference where it has to be, a name nowhere, and nothing once they were erased."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from tests.alerts.receivers import Receiver, deaf_port, receiving
from tests.alerts.test_endpoints_api import act, ids_of
from tests.alerts.watching import (
    PROGRAMME,
    PROVIDER,
    all_events,
    all_watches,
    deliveries,
    endpoint,
    ready,
    register,
    send,
    types_of,
    watch,
)
from tests.people.keeping import erase
from tests.problems import problem_of
from tests.register.documents import authorisation, identifier, period
from tests.service import Service
from trivet.access.keys import Scope
from trivet.alerts.forgetting import forget_old
from trivet.database import clear_journal, writing

OTHER = "Another trust (fictional)"
PERSON, NUMBER = "dunnock-1", "AU-dunnock"
BY_REFERENCE: dict[str, Any] = {
    "kind": "trainer",
    "provider": PROVIDER,
    "trainer": identifier("register", PERSON),
}
BY_NUMBER: dict[str, Any] = {
    "provider": PROVIDER,
    "programme": PROGRAMME,
    "trainer": identifier("authorisation", NUMBER),
}
ROBIN: dict[str, Any] = {**BY_REFERENCE, "trainer": identifier("register", "robin-1")}
ENDED = [period("in_force", "2024-01-01", "2026-11-20"), period("withdrawn", "2026-11-20")]


def people(**periods: Any) -> dict[str, Any]:
    """Return a register of two trainers, whose authorisations may have other periods."""
    return register(
        authorisations=[
            authorisation(NUMBER, trainer=PERSON, familyName="Quillfeather", **periods),
            authorisation("AU-robin", trainer="robin-1", familyName="Winterbourne", **periods),
        ]
    )


async def told_of(service: Service) -> str:
    """Mirror two people; return the key of an account that watches them."""
    key = await ready(service)
    await service.publish(people())
    return key


async def happens(service: Service, **periods: Any) -> None:
    """Mirror the two people a minute later, with other periods."""
    service.clock.now += timedelta(minutes=1)
    await service.publish(people(**periods))


async def forgotten(service: Service, *words: str) -> None:
    """See that nothing that is kept holds any of some words."""
    clear_journal(service.settings.database_url)
    held = service.held()
    assert [word for word in words if word.encode() in held] == []


async def test_erasing_a_trainer_ends_every_account_s_watches_on_them_and_tells_ids_only(
    service: Service,
) -> None:
    key = await told_of(service)
    other = await service.key(Scope.WATCH, account=OTHER)
    test = await service.key(Scope.WATCH, test=True)
    mine = [
        (await watch(service, key, BY_REFERENCE, reference="PO-secret-1"))["id"],
        (await watch(service, key, BY_NUMBER, reference="PO-secret-2"))["id"],
    ]
    theirs = (await watch(service, other, BY_NUMBER))["id"]
    await watch(service, test, BY_REFERENCE)
    kept = await watch(service, key, ROBIN, reference="PO-robin")

    found = await erase(service, PERSON)
    await happens(service, periods=ENDED)

    assert found.watches == 4
    ended, *later = await all_events(service, key)
    (other_ended,) = await all_events(service, other)
    assert ended["type"] == other_ended["type"] == "watch.ended"
    assert sorted(w["id"] for w in ended["data"]["watches"]) == sorted(mine)
    assert [w["id"] for w in other_ended["data"]["watches"]] == [theirs]
    for one in (*ended["data"]["watches"], *other_ended["data"]["watches"]):
        assert one["reference"] is one["trainer"] is None
        assert (one["before"], one["after"]) == ("pass", "cannot_confirm")
    assert [w["id"] for w in await all_watches(service, key)] == [kept["id"]]
    assert await all_watches(service, other) == await all_watches(service, test) == []
    for identity in mine:
        problem_of(await service.get(f"/v1/watches/{identity}", key), 404)
    # Whoever else is watched is told of as before.
    assert types_of(later) == ["authorisation.withdrawn"]
    assert later[0]["data"]["watches"][0]["reference"] == "PO-robin"
    await service.go_round()
    await forgotten(service, PERSON, NUMBER, "PO-secret")


async def test_what_was_told_of_an_erased_trainer_is_empty_and_another_s_is_as_it_was(
    service: Service,
) -> None:
    key = await told_of(service)
    for wanted in (BY_REFERENCE, BY_NUMBER, ROBIN):
        await watch(service, key, wanted, reference=f"PO-{wanted['trainer']['value']}")
    await happens(service, periods=ENDED)
    before = {event["id"]: event for event in await all_events(service, key)}

    await erase(service, PERSON)

    after = {event["id"]: event for event in await all_events(service, key)}
    assert before.keys() < after.keys()
    for identity, event in before.items():
        now = after[identity]
        assert (now["type"], now["timestamp"]) == (event["type"], event["timestamp"])
        assert now["data"]["watchCount"] == event["data"]["watchCount"]
        if "robin-1" in json.dumps(event):
            assert now == event
        else:
            assert now["data"]["subject"] is None
            assert {w["trainer"] for w in now["data"]["watches"]} == {None}
            told = await service.get(f"/v1/events/{identity}/watches", key)
            assert {w["reference"] for w in told.json()["items"]} == {None}
    assert "robin-1" in json.dumps([*after.values()])
    assert PERSON not in json.dumps([*after.values()])
    await forgotten(service, PERSON, NUMBER)


async def test_what_was_still_to_be_sent_of_an_erased_trainer_is_never_sent(
    service: Service,
) -> None:
    key = await told_of(service)
    await watch(service, key, BY_REFERENCE)
    async with receiving() as receiver:
        made = await endpoint(service, key, receiver.port)
        await happens(service, periods=ENDED)
        (waiting,) = await deliveries(service, key, made["id"])
        await erase(service, PERSON)
        await send(service)

        assert [json.loads(r.partition(b"\r\n\r\n")[2])["type"] for r in receiver.requests] == [
            "watch.ended"
        ]
        again = await act(service, key, made["id"], f"deliveries/{waiting['id']}/redeliver")
        problem_of(again, 410)
        since = (service.clock.now - timedelta(days=1)).isoformat()
        recovered = await act(service, key, made["id"], "recover", since=since)
        await send(service)
        assert recovered.json() == {"deliveries": 0}
        assert waiting["event"] not in ids_of(receiver.requests)


async def test_what_a_receiver_sent_back_of_an_erased_trainer_is_forgotten(
    service: Service,
) -> None:
    key = await told_of(service)
    await watch(service, key, BY_NUMBER, reference="PO-secret")

    async def echo(receiver: Receiver, writer: Any) -> None:
        answer = receiver.requests[-1].partition(b"\r\n\r\n")[2][-900:]
        head = f"HTTP/1.1 400 No\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)

    async with receiving(echo) as receiver:
        made = await endpoint(service, key, receiver.port)
        await happens(service, periods=ENDED)
        await send(service)
    answers = [t["answer"] for d in await deliveries(service, key, made["id"]) for t in d["tries"]]
    assert any(NUMBER in answer for answer in answers), answers

    await erase(service, PERSON)

    await forgotten(service, PERSON, NUMBER, "PO-secret")
    told = await deliveries(service, key, made["id"])
    assert [t["status"] for d in told for t in d["tries"]] == [400] * len(answers)


async def test_after_its_retention_an_ended_watch_and_what_was_told_of_trainers_are_empty(
    service: Service,
) -> None:
    key = await told_of(service)
    ended = await watch(service, key, BY_REFERENCE, reference="PO-ended")
    await watch(service, key, ROBIN, reference="PO-goes-on")
    with deaf_port() as port:
        made = await endpoint(service, key, port)
        await happens(service, periods=ENDED)
        await send(service)
    await act(service, key, made["id"], "disable")
    headers = {"Authorization": f"Bearer {key}"}
    await service.http.delete(f"/v1/watches/{ended['id']}", headers=headers)
    told = await all_events(service, key)
    years_later = service.clock.now + timedelta(days=3000)

    for kept_since in (service.clock.now - timedelta(days=1), years_later):
        before = await all_events(service, key)
        async with writing(service.engine) as connection:
            await forget_old(connection, years_later, kept_since)
        if kept_since < service.clock.now:
            assert before == await all_events(service, key) == told

    after = await all_events(service, key)
    assert [event["id"] for event in after] == [event["id"] for event in told]
    assert not any(word in json.dumps(after) for word in (PERSON, NUMBER, "robin-1", "PO-"))
    # What goes on names what it watches still.
    assert [w["reference"] for w in await all_watches(service, key)] == ["PO-goes-on"]
    kept = service.rows("SELECT reference, watched, state FROM watches WHERE ended_at IS NOT NULL")
    assert kept == [(None, None, None)]
    assert await deliveries(service, key, made["id"]) == []
    assert service.rows("SELECT count(*) FROM delivery_tries") == [(0,)]


async def test_a_family_name_is_in_no_event_webhook_log_or_row_of_alerts(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = await told_of(service)
    for wanted in (BY_REFERENCE, BY_NUMBER, ROBIN):
        await watch(service, key, wanted)
    async with receiving() as receiver:
        await endpoint(service, key, receiver.port)
        await happens(service, periods=ENDED)
        await happens(service)
        await erase(service, PERSON)
        await send(service)
        sent = b"".join(receiver.requests)
    events = json.dumps(await all_events(service, key))
    tables = ("watches", "events", "event_watches", "deliveries", "delivery_tries", "rounds")
    rows = str([service.rows(f"SELECT * FROM {table}") for table in tables])  # noqa: S608
    assert sent
    for where in (sent.decode(), events, rows, caplog.text):
        for name in ("Quillfeather", "Winterbourne"):
            assert name.casefold() not in where.casefold()
