"""Webhook endpoints through the client, made at the real service and received on loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.client.answering import Answering
from tests.client.scripted import Scripted, drops, problem, says
from trivet_client import (
    AsyncTrivetClient,
    InvalidArgument,
    InvalidQuestion,
    NotFound,
    TrivetClient,
    TrivetProblem,
    Unreachable,
)
from trivet_client.webhooks import Receiver


@pytest.fixture
def trivet(answering: Answering) -> Iterator[TrivetClient]:
    with TrivetClient(answering.url, answering.watching_key) as made:
        yield made


def test_an_endpoint_is_made_with_a_secret_that_is_told_once(
    trivet: TrivetClient, scripted: Scripted
) -> None:
    made = trivet.webhooks.add(
        scripted.url, types=["certification.suspended", "register.stale"], description="Orders"
    )
    assert made.secret
    Receiver(made.secret)
    assert made.secret not in repr(made)
    found = trivet.webhooks.get(made.id)
    assert (found.url, found.description, found.enabled) == (scripted.url, "Orders", True)
    assert found.types
    assert [kind.value for kind in found.types] == ["certification.suspended", "register.stale"]
    assert made.id in [one.id for one in trivet.webhooks.each()]
    again = trivet.webhooks.add(scripted.url, idempotency_key="endpoint")
    assert trivet.webhooks.add(scripted.url, idempotency_key="endpoint").id == again.id


def test_an_endpoint_is_changed_disabled_enabled_and_deleted(
    trivet: TrivetClient, scripted: Scripted
) -> None:
    made = trivet.webhooks.add(scripted.url, types=["register.stale"], description="Orders").id
    changed = trivet.webhooks.change(made, types=["watch.ended"])
    assert changed.types
    assert [kind.value for kind in changed.types] == ["watch.ended"]
    assert changed.description == "Orders"
    assert trivet.webhooks.change(made, description=None).description is None
    assert trivet.webhooks.change(made, types=None).types is None
    assert not trivet.webhooks.disable(made).enabled
    with pytest.raises(TrivetProblem, match="endpoint_disabled"):
        trivet.webhooks.recover(made, "2026-11-01T00:00:00Z")
    assert trivet.webhooks.enable(made).enabled
    trivet.webhooks.delete(made)
    with pytest.raises(NotFound):
        trivet.webhooks.get(made)


def test_a_test_is_signed_with_the_secret_and_its_answer_is_told(
    trivet: TrivetClient, scripted: Scripted
) -> None:
    made = trivet.webhooks.add(scripted.url)
    scripted.will(says("", 204), says("It broke.", 500))
    sent = trivet.webhooks.test(made.id, type="certification.suspended")
    assert (sent.delivered, sent.status) == (True, 204)
    refused = trivet.webhooks.test(made.id)
    assert (refused.delivered, refused.status, refused.answer) == (False, 500, "It broke.")
    assert [request.body["type"] for request in scripted.requests] == [
        "certification.suspended",
        "webhook.test",
    ]
    assert len(scripted.requests) == 2


def test_a_rotated_secret_is_told_once(trivet: TrivetClient, scripted: Scripted) -> None:
    made = trivet.webhooks.add(scripted.url)
    rotated = trivet.webhooks.rotate(made.id, overlap="P2D")
    assert rotated.secret != made.secret
    assert rotated.secret not in repr(rotated)
    assert (rotated.both_sign_until - made.created_at).days == 2
    with pytest.raises(InvalidQuestion, match="/overlap"):
        trivet.webhooks.rotate(made.id, overlap="P1Y")


def test_deliveries_are_listed_and_what_is_not_there_can_not_be_sent_again(
    trivet: TrivetClient, scripted: Scripted
) -> None:
    made = trivet.webhooks.add(scripted.url).id
    assert [*trivet.webhooks.deliveries(made, state="failed")] == []
    assert trivet.webhooks.recover(made, datetime.now(UTC)).deliveries == 0
    with pytest.raises(NotFound):
        trivet.webhooks.redeliver(made, f"dlv_{0:032}")


@pytest.mark.parametrize(
    ("ask", "argument"),
    [
        (lambda webhooks: webhooks.add("https://x.example", types=["nothing.such"]), "types"),
        (lambda webhooks: webhooks.add("https://x.example", types="register.stale"), "types"),
        (lambda webhooks: webhooks.deliveries("whe_1", state="lost"), "state"),
        (lambda webhooks: webhooks.recover("whe_1", "2026-11-28"), "since"),
        (lambda webhooks: webhooks.get(".."), "endpoint"),
        (lambda webhooks: webhooks.redeliver("whe_1", ""), "delivery"),
    ],
    ids=["an unknown type", "a word", "an unknown state", "a day", "a folder", "nothing"],
)
def test_what_can_not_be_asked_is_told_by_its_name_and_not_sent(
    ask: Callable[[Any], object], argument: str, scripted: Scripted, client: TrivetClient
) -> None:
    with pytest.raises(InvalidArgument, match=argument):
        ask(client.webhooks)
    assert scripted.requests == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda webhooks: webhooks.add("https://x.example"),
        lambda webhooks: webhooks.delete("whe_1"),
        lambda webhooks: webhooks.rotate("whe_1"),
        lambda webhooks: webhooks.test("whe_1"),
        lambda webhooks: webhooks.redeliver("whe_1", "dlv_1"),
        lambda webhooks: webhooks.recover("whe_1", "2026-11-28T00:00:00Z"),
    ],
    ids=["add", "delete", "rotate", "test", "redeliver", "recover"],
)
def test_what_would_be_done_twice_is_asked_for_once(
    ask: Callable[[Any], object], scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(drops, problem(500, "internal_error"))
    with pytest.raises(Unreachable):
        ask(client.webhooks)
    assert len(scripted.requests) == 1


async def test_the_awaited_client_manages_them_alike(
    answering: Answering, scripted: Scripted
) -> None:
    async with AsyncTrivetClient(answering.url, answering.watching_key) as trivet:
        webhooks = trivet.webhooks
        made = await webhooks.add(scripted.url, description="Awaited")
        scripted.will(says("", 204))
        assert (await webhooks.test(made.id)).delivered
        assert (await webhooks.rotate(made.id)).secret
        assert (await webhooks.change(made.id, description="Else")).description == "Else"
        assert not (await webhooks.disable(made.id)).enabled
        assert (await webhooks.enable(made.id)).enabled
        assert (await webhooks.get(made.id)).id == made.id
        assert made.id in [one.id async for one in webhooks.each()]
        assert [one async for one in webhooks.deliveries(made.id)] == []
        assert (await webhooks.recover(made.id, datetime.now(UTC))).deliveries == 0
        with pytest.raises(NotFound):
            await webhooks.redeliver(made.id, f"dlv_{0:032}")
        await webhooks.delete(made.id)
