"""Samples that tests of an endpoint send: whole, marked as tests, and like nothing that is real."""

import json
from datetime import UTC, date, datetime

import pytest

from trivet.alerts.events import VERSION, EventType
from trivet.alerts.samples import sample
from trivet.alerts.sending import rendered
from trivet_client.webhooks.reading import event_of

NOW, TODAY = datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 11, 27)
KEYS = {
    "text", "effectiveOn", "subject", "status", "verdict", "reasons", "expiry", "sources",
    "watches", "watchCount", "corrects", "snapshot", "test",
}  # fmt: skip


@pytest.mark.parametrize("kind", EventType)
def test_a_sample_is_whole_says_that_it_is_a_test_and_reads_as_its_type(kind: EventType) -> None:
    body = rendered(sample(kind, "evt_1", VERSION, NOW, TODAY))
    sent, data = json.loads(body), json.loads(body)["data"]

    event = event_of(body.decode())

    assert sent.keys() == {"id", "type", "version", "timestamp", "data"}
    assert (sent["type"], sent["timestamp"]) == (kind.value, "2026-11-27T12:00:00Z")
    assert data.keys() == KEYS
    assert data["test"] is event.test is True
    assert "fictional" in data["text"].casefold()
    assert (event.id, event.type) == ("evt_1", kind.value)
    assert data["watchCount"] == len(data["watches"])


@pytest.mark.parametrize("kind", EventType)
def test_a_sample_of_a_record_is_about_a_record_of_that_kind_and_where_it_moved(
    kind: EventType,
) -> None:
    of, _, moved = kind.partition(".")
    data = json.loads(rendered(sample(kind, "evt_1", VERSION, NOW, TODAY)))["data"]
    kinds = {"certification": "provider"}
    if of in ("certification", "programme", "authorisation", "affiliation"):
        assert data["subject"]["kind"] == kinds.get(of, of)
        assert (data["subject"]["name"] is None) == (of == "authorisation")
        assert (data["expiry"] is not None) == (moved == "expiring")
        assert (data["status"] is None) == (moved == "expiring")
        if moved in ("lapsed", "suspended", "withdrawn", "delisted"):
            assert data["status"] == {"before": "in_force", "after": moved}
            assert all(reason["code"].startswith(kinds.get(of, of).replace("authorisation", "trainer"))
                       for reason in data["reasons"])  # fmt: skip
    else:
        assert data["subject"] is None
    assert (data["verdict"] is not None) == (kind is EventType.VERIFICATION_CHANGED)
    assert bool(data["sources"]) == (of == "register")
