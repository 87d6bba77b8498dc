"""Events read through the client: from the first on, whatever became of whom they were about."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.client.answering import PASSES, Answering, answering_service
from tests.client.scripted import Scripted, says
from tests.client.webhooks import ID, WATCH, changed, event
from trivet_client import (
    AsyncTrivetClient,
    InvalidQuestion,
    NotFound,
    TrivetClient,
    UnexpectedAnswer,
)
from trivet_client.webhooks import Event, StandingChanged

SUSPENDED = {"status": "suspended", "from": "2026-11-01", "to": None}


def suspend(kind: str, register: str, document: dict[str, Any]) -> None:
    """Suspend a record of a document of the register, for good."""
    record = next(one for one in document[kind] if one["register"] == register)
    kept = [period for period in record["periods"] if period["from"] < SUSPENDED["from"]]
    kept[-1]["to"] = SUSPENDED["from"]
    record["periods"] = [*kept, SUSPENDED]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    """A service that has told of a trainer, who was erased then, and of a provider."""
    with answering_service(tmp_path_factory.mktemp("moved")) as service:
        with TrivetClient(service.url, service.watching_key) as trivet:
            for reference in ("PO-1", "PO-2"):
                trivet.watch(**PASSES, reference=reference)
            trivet.watch(provider=PASSES["provider"], kind="provider", reference="LF")
        service.publish(lambda document: suspend("authorisations", "AUTH-01", document))
        service.publish(lambda document: suspend("providers", "lanternfold", document))
        service.erase("trainer-01")
        yield service


@pytest.fixture
def trivet(moved: Answering) -> Iterator[TrivetClient]:
    with TrivetClient(moved.url, moved.watching_key) as made:
        yield made


def test_events_are_read_on_from_where_they_were_left(trivet: TrivetClient) -> None:
    whole = trivet.events()
    first = trivet.events(limit=1)
    rest = trivet.events(first.next_cursor)
    assert [*first.items, *rest.items] == whole.items
    assert len(first.items) == 1
    over = trivet.events(rest.next_cursor)
    assert (over.items, over.next_cursor) == ([], rest.next_cursor)


def test_events_of_one_type_are_typed(trivet: TrivetClient) -> None:
    (suspended,) = trivet.events(type="certification.suspended").items
    assert isinstance(suspended, StandingChanged)
    assert suspended.lost
    assert suspended.subject.register == "lanternfold"
    assert "LF" in [watch.reference for watch in suspended.watches]
    assert trivet.event(suspended.id) == suspended
    assert [*trivet.event_watches(suspended.id)] == [*suspended.watches]


def test_what_was_told_of_a_person_who_was_erased_stops_nobody_who_reads_on(
    trivet: TrivetClient,
) -> None:
    told = {found.type: found for found in trivet.events().items}
    assert {"authorisation.suspended", "watch.ended"} <= set(told)
    emptied = told["authorisation.suspended"]
    assert type(emptied) is Event
    assert [watch.trainer for watch in emptied.watches] == [None] * emptied.watch_count


def test_what_is_not_there_is_said(trivet: TrivetClient) -> None:
    with pytest.raises(InvalidQuestion):
        trivet.events("nonsense")
    with pytest.raises(InvalidQuestion):
        trivet.events(type="something.else")
    with pytest.raises(NotFound):
        trivet.event(ID)
    with pytest.raises(NotFound):
        next(trivet.event_watches(ID))


async def test_the_awaited_client_reads_them_alike(moved: Answering, trivet: TrivetClient) -> None:
    async with AsyncTrivetClient(moved.url, moved.watching_key) as awaited:
        page = await awaited.events(limit=2)
        assert page == trivet.events(limit=2)
        first = page.items[0]
        assert await awaited.event(first.id) == first
        watches = [watch async for watch in awaited.event_watches(first.id)]
        assert watches == [*first.watches]


def test_an_event_of_a_type_that_a_newer_service_has_is_read(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says({"items": [event("certification.merged")], "nextCursor": "next"}))
    (found,) = client.events("before").items
    assert type(found) is Event
    assert scripted.requests[0].path == "/v1/events?after=before"


def test_watches_of_an_event_come_page_by_page(scripted: Scripted, client: TrivetClient) -> None:
    pages = ([WATCH], "next"), ([changed(WATCH, id="wat_2")], None)
    scripted.will(*[says({"items": items, "nextCursor": cursor}) for items, cursor in pages])
    assert [watch.id for watch in client.event_watches(ID)] == ["wat_1", "wat_2"]
    assert scripted.requests[1].path == f"/v1/events/{ID}/watches?cursor=next"


@pytest.mark.parametrize(
    "page",
    [
        {"items": [{}], "nextCursor": "next"},
        {"items": [event(subject=None)], "nextCursor": "next"},
        {"items": [event()], "nextCursor": None},
        {"items": [event()], "nextCursor": "before"},
        {"items": [event()]},
        [],
    ],
    ids=["no event", "half an event", "no cursor", "the same cursor", "none at all", "a list"],
)
def test_events_that_are_not_as_agreed_are_not_believed(
    page: object, scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says(page))
    with pytest.raises(UnexpectedAnswer):
        client.events("before")


def test_watches_that_are_not_as_agreed_are_not_believed(
    scripted: Scripted, client: TrivetClient
) -> None:
    scripted.will(says({"items": [{"id": 1}], "nextCursor": None}), says(event()))
    with pytest.raises(UnexpectedAnswer):
        next(client.event_watches(ID))
    with pytest.raises(UnexpectedAnswer):
        client.event("evt_another")


def test_an_id_leads_nowhere_else(scripted: Scripted, client: TrivetClient) -> None:
    scripted.will(says(event()))
    with pytest.raises(UnexpectedAnswer):
        client.event("../watches?x=1")
    assert scripted.requests[0].path == "/v1/events/..%2Fwatches%3Fx%3D1"
