"""Webhooks: what is genuine is read, and everything else is refused in one of two ways."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.client.webhooks import (
    ID,
    OTHER,
    REASON,
    SECRET,
    SOURCE,
    WATCH,
    changed,
    event,
    signed,
    text_of,
)
from trivet_client import NotConfigured, Verdict
from trivet_client.questions import question
from trivet_client.webhooks import (
    Event,
    Expiring,
    NotAnEvent,
    NotGenuine,
    Receiver,
    Refused,
    RegisterEvent,
    StandingChanged,
    VerificationChanged,
    Watch,
    WatchEnded,
)

NOW = datetime(2026, 11, 28, 2, 10, 5, tzinfo=UTC)
RECEIVER = Receiver(SECRET, clock=lambda: NOW)
BODY = text_of(event())
HEADERS = signed(event(), at=NOW)


def received(body: object, **header: str) -> Event:
    return RECEIVER.event({**signed(body, at=NOW), **header}, text_of(body))


# ---- what is read


def test_a_change_of_standing_is_read_whole() -> None:
    found = received(event())
    assert isinstance(found, StandingChanged)
    assert (found.id, found.type, found.version) == (ID, "certification.suspended", "1")
    assert found.timestamp == datetime(2026, 11, 28, 2, 10, 0, 123456, tzinfo=UTC)
    assert found.timestamp.tzinfo is UTC
    assert found.effective_on == date(2026, 11, 27)
    assert (found.subject.register, found.subject.valid_from) == ("heron", date(2024, 1, 1))
    assert (found.before, found.after, found.lost, found.test) == (
        "in_force",
        "suspended",
        True,
        False,
    )
    assert [reason.code for reason in found.reasons] == [REASON["code"]]
    assert (found.watch_count, found.corrects, found.snapshot) == (1, None, "snp_1")
    assert found.raw == event()


def test_what_ends_soon_is_read() -> None:
    expiry = {"expiresOn": "2026-12-28", "notice": "P30D"}
    found = received(event("programme.expiring", expiry=expiry, status=None))
    assert isinstance(found, Expiring)
    assert (found.expires_on, found.notice) == (date(2026, 12, 28), "P30D")


@pytest.mark.parametrize(
    ("after", "permits"), [("pass", True), ("fail", False), ("cannot_confirm", False)]
)
def test_a_changed_verification_is_read(after: str, *, permits: bool) -> None:
    verdict = {"before": "pass", "after": after}
    found = received(event("verification.changed", subject=None, status=None, verdict=verdict))
    assert isinstance(found, VerificationChanged)
    assert (found.after, found.permits) == (after, permits)


@pytest.mark.parametrize("word", ["stale", "recovered", "quarantined"])
def test_what_becomes_of_the_register_is_read(word: str) -> None:
    found = received(event(f"register.{word}", subject=None, status=None, sources=[SOURCE]))
    assert isinstance(found, RegisterEvent)
    assert [source.as_of for source in found.sources] == [datetime(2026, 11, 26, 2, tzinfo=UTC)]


def test_a_watch_that_ended_is_read() -> None:
    ended = changed(WATCH, before=None, after=None)
    found = received(event("watch.ended", subject=None, status=None, watches=[ended]))
    assert isinstance(found, WatchEnded)
    assert [watch.permits for watch in found.watches] == [False]


@pytest.mark.parametrize(
    "kind", ["webhook.test", "endpoint.disabled", "certification.merged", "provider.renamed", "x"]
)
def test_an_event_of_a_type_that_is_not_known_is_an_event(kind: str) -> None:
    found = received({**event(kind, subject={"kind": 1}, added=[{}]), "added": True})
    assert type(found) is Event
    assert found.type == kind
    assert found.watches[0].reference == "PO-1234"


def test_what_a_newer_service_leaves_out_or_adds_makes_no_receiver_fail() -> None:
    bare = {**event(), "data": {"text": "Something happened."}, "type": "new.kind", "version": "2"}
    found = received(bare)
    assert (found.test, found.watches, found.watch_count) == (False, (), 0)


@pytest.mark.parametrize(
    "kind", ["authorisation.suspended", "authorisation.expiring", "verification.changed"]
)
def test_what_says_no_more_whom_it_was_about_is_an_event(kind: str) -> None:
    # As the service tells of it once the person was erased.
    nameless = changed(WATCH, reference=None, trainer=None)
    found = received(event(kind, subject=None, status=None, reasons=[], watches=[nameless]))
    assert type(found) is Event
    assert (found.type, found.watches[0].permits) == (kind, False)


@pytest.mark.parametrize(
    ("after", "permits"),
    [
        ("pass", True),
        ("fail", False),
        ("cannot_confirm", False),
        ("PASS", False),
        ("passed", False),
    ],
)
def test_only_a_pass_after_is_permission_to_a_watch(after: str, *, permits: bool) -> None:
    watch = received(event(watches=[changed(WATCH, after=after)])).watches[0]
    assert watch.after == after
    assert watch.permits is permits
    assert bool(watch.after) is permits


def test_words_of_an_event_are_those_of_an_answer() -> None:
    watch = received(event()).watches[0]
    words: tuple[object, object] = (watch.before, watch.after)
    assert words == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(
    ("kind", "status", "lost"),
    [
        ("certification.granted", {"before": "none", "after": "in_force"}, False),
        ("certification.lapsed", {"before": "in_force", "after": "lapsed"}, True),
        ("certification.suspended", {"before": "in_force", "after": "paused"}, True),
        ("certification.renewed", None, False),
        ("affiliation.ended", None, True),
    ],
)
def test_only_what_is_in_force_is_not_lost(
    kind: str, status: dict[str, str] | None, *, lost: bool
) -> None:
    found = received(event(kind, status=status))
    assert isinstance(found, StandingChanged)
    assert found.lost is lost


def test_a_trainer_can_be_asked_about_as_a_watch_names_them_and_is_shown_in_no_log() -> None:
    found = received(event())
    trainer = found.watches[0].trainer
    assert trainer
    asked = question(provider="register:heron", programme="register:p", trainer=trainer)
    assert asked.to_dict()["trainer"] == {"scheme": "register", "value": "tr-1"}
    assert "tr-1" not in repr(found)


def test_an_event_can_not_be_changed() -> None:
    found = received(event())
    with pytest.raises(AttributeError):
        found.test = True  # type: ignore[misc]
    assert isinstance(hash(found), int)
    assert isinstance(found.watches[0], Watch)


# ---- what is genuine


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_headers_may_be_in_any_letter_case(change: Any) -> None:
    assert RECEIVER.event({change(name): value for name, value in HEADERS.items()}, BODY).id == ID


def test_a_body_may_be_text_or_bytes() -> None:
    assert RECEIVER.event(HEADERS, BODY) == RECEIVER.event(HEADERS, BODY.decode())


def test_while_a_secret_is_being_rotated_either_of_both_is_enough() -> None:
    new, old = Receiver(SECRET, clock=lambda: NOW), Receiver(OTHER, clock=lambda: NOW)
    both = Receiver(OTHER, SECRET, clock=lambda: NOW)
    assert both.event(HEADERS, BODY).id == ID
    two = " ".join(signed(event(), s, at=NOW)["webhook-signature"] for s in (OTHER, SECRET))
    for receiver in (new, old, both):
        assert receiver.event({**HEADERS, "webhook-signature": f"v1a,x {two} "}, BODY).id == ID
    with pytest.raises(NotGenuine, match="signature"):
        old.event(HEADERS, BODY)


@pytest.mark.parametrize("seconds", [-300, -299, 0, 300])
def test_what_was_signed_within_five_minutes_is_genuine(seconds: int) -> None:
    assert RECEIVER.event(signed(event(), at=NOW + timedelta(seconds=seconds)), BODY).id == ID


@pytest.mark.parametrize("seconds", [-301, 301, -86400])
def test_what_was_signed_longer_ago_or_ahead_is_not(seconds: int) -> None:
    with pytest.raises(NotGenuine, match="too long ago"):
        RECEIVER.event(signed(event(), at=NOW + timedelta(seconds=seconds)), BODY)


def test_how_old_a_delivery_may_be_can_be_chosen() -> None:
    patient = Receiver(SECRET, tolerance=timedelta(hours=1), clock=lambda: NOW)
    assert patient.event(signed(event(), at=NOW - timedelta(minutes=59)), BODY).id == ID


STAMP = HEADERS["webhook-timestamp"]
SIGNATURE = HEADERS["webhook-signature"]


@pytest.mark.parametrize("missing", list(HEADERS))
def test_a_missing_header_is_refused(missing: str) -> None:
    with pytest.raises(NotGenuine, match=missing):
        RECEIVER.event({k: v for k, v in HEADERS.items() if k != missing}, BODY)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", "evt_ü"),
        ("webhook-id", "evt_1\n"),
        ("webhook-id", "\ud800"),
        ("webhook-timestamp", f"{STAMP}.0"),
        ("webhook-timestamp", f"0{STAMP}"),
        ("webhook-timestamp", f"+{STAMP}"),
        ("webhook-timestamp", f" {STAMP}"),
        ("webhook-timestamp", f"{STAMP[:4]}_{STAMP[4:]}"),
        ("webhook-timestamp", "٣" * 10),
        ("webhook-timestamp", "nan"),
        ("webhook-timestamp", "9" * 400),
        ("webhook-timestamp", "99999999999"),
        ("webhook-timestamp", "soon"),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,not base64"),
        ("webhook-signature", "v1,é"),
        ("webhook-signature", f"v2{SIGNATURE[2:]}"),
        ("webhook-signature", SIGNATURE[3:]),
        ("webhook-signature", SIGNATURE.rstrip("=")),
        ("webhook-signature", f"{SIGNATURE},{SIGNATURE}"),
    ],
)
def test_a_malformed_header_is_refused(header: str, value: str) -> None:
    with pytest.raises(NotGenuine) as refused:
        RECEIVER.event({**HEADERS, header: value}, BODY)
    assert refused.value.status == 401
    assert SECRET not in str(refused.value)


def test_a_header_that_is_no_text_is_refused() -> None:
    for wrong in (b"v1,x", None, 1):
        with pytest.raises(NotGenuine):
            RECEIVER.event({**HEADERS, "webhook-signature": wrong}, BODY)  # type: ignore[dict-item]


@pytest.mark.parametrize("body", [b"\xff\xfe", "\ud800", b"", b"{}"])
def test_a_body_that_was_not_signed_is_refused_and_not_read(body: bytes | str) -> None:
    with pytest.raises(NotGenuine):
        RECEIVER.event(HEADERS, body)


NO_EVENTS: dict[str, object] = {
    "nothing": "",
    "text": "hello",
    "a list": [event()],
    "null": "null",
    "nested without end": "[" * 100_000,
    "a number without end": "9" * 5000,
    "an object without end": '{"id":' * 50_000,
    "no data": {k: v for k, v in event().items() if k != "data"},
    "a type that is a number": {**event(), "type": 1},
    "a type that is a list": {**event(), "type": []},
    "no type": {**event(), "type": None},
    "no instant": {**event(), "timestamp": "yesterday"},
    "an instant without an offset": {**event(), "timestamp": "2026-11-28T02:10:00"},
    "an instant before all": {**event(), "timestamp": "0001-01-01T00:00:00+14:00"},
    "watches that are none": event(watches={"id": "wat_1"}),
    "a watch that is none": event(watches=["wat_1"]),
    "a verdict that is true": event(watches=[changed(WATCH, after=True)]),
    "a count that is true": event(watchCount=True),
    "a test that is a word": event(test="no"),
    "a day that is none": event(effectiveOn="soon"),
    "a day that is a number": event(effectiveOn=20261127),
    "no subject": event(subject=None),
    "nothing that expires": event("certification.expiring", expiry=None),
    "a change of no verdict": event("verification.changed", verdict=None),
    "another event than the headers say": {**event(), "id": "evt_other"},
}


@pytest.mark.parametrize("body", NO_EVENTS.values(), ids=NO_EVENTS)
def test_what_is_signed_and_no_event_is_told_apart(body: object) -> None:
    with pytest.raises(NotAnEvent) as refused:
        received(body)
    assert refused.value.status == 400
    assert "Heron" not in str(refused.value)


@given(some.data())
def test_whatever_single_byte_of_a_body_or_header_is_changed_it_is_refused(
    data: some.DataObject,
) -> None:
    parts = {**{name: value.encode() for name, value in HEADERS.items()}, "body": BODY}
    name = data.draw(some.sampled_from(sorted(parts)))
    old = parts[name]
    at = data.draw(some.integers(0, len(old) - 1))
    new = data.draw(some.integers(0, 255).filter(lambda byte: byte != old[at]))
    parts[name] = old[:at] + bytes([new]) + old[at + 1 :]
    body = parts.pop("body")
    headers = {header: value.decode("latin-1") for header, value in parts.items()}
    with pytest.raises(NotGenuine):
        RECEIVER.event(headers, body)


def test_no_other_last_letter_of_a_signature_is_taken_for_it() -> None:
    # Of the last letter before the padding, base64 drops two bits.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    taken = []
    for letter in alphabet:
        try:
            RECEIVER.event({**HEADERS, "webhook-signature": f"{SIGNATURE[:-2]}{letter}="}, BODY)
            taken.append(letter)
        except NotGenuine:
            pass
    assert taken == [SIGNATURE[-2]]


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=8,
)
HEADER_NAMES = some.sampled_from(list(HEADERS)) | some.text()


@given(
    headers=some.dictionaries(HEADER_NAMES, some.text() | some.sampled_from([*HEADERS.values()])),
    body=some.binary() | some.text(some.characters(exclude_categories=())) | some.just(BODY),
)
def test_nothing_that_arrives_raises_anything_else(headers: dict[str, str], body: bytes) -> None:
    try:
        RECEIVER.event({**HEADERS, **headers}, body)
    except Refused:
        return
    assert body in (BODY, BODY.decode())


KINDS = ("certification.granted", "programme.expiring", "verification.changed", "register.stale")


@given(
    kind=some.sampled_from(KINDS),
    name=some.sampled_from(sorted(event()["data"])),
    inner=some.sampled_from(["", "before", "kind", "expiresOn", "asOf", "trainer", "code"]),
    value=JSON,
)
def test_no_signed_body_raises_anything_but_that_it_is_no_event(
    kind: str, name: str, inner: str, value: object
) -> None:
    found = event(
        kind,
        verdict={"before": "pass", "after": "fail"},
        expiry={"expiresOn": "2026-12-28", "notice": None},
        sources=[SOURCE],
    )
    at = found["data"][name]
    holder = at[0] if isinstance(at, list) and at else at
    if inner and isinstance(holder, dict):
        holder[inner] = value
    else:
        found["data"][name] = value
    body = json.dumps(found)  # surrogates are escaped, and so signed
    try:
        read = received(body)
    except NotAnEvent:
        return
    assert read.type == kind
    assert all(watch.permits == (watch.after == "pass") for watch in read.watches)


# ---- secrets


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_c2hvcnQ=",
        SECRET.removeprefix("whsec_"),
        "whsec_not base64 at all, but long enough to be one",
        "whsec_ZmljdGlvbmFsIHNlY3JldCBmb3IgdGVzdHMgb25seSEü",
    ],
)
def test_a_secret_that_can_not_be_one_is_refused_and_not_quoted(secret: str) -> None:
    with pytest.raises(NotConfigured, match="secret of a webhook") as refused:
        Receiver(secret)
    assert not secret.removeprefix("whsec_") or secret not in repr(refused.value)


def test_a_receiver_without_a_secret_is_none() -> None:
    with pytest.raises(NotConfigured):
        Receiver()


def test_a_receiver_shows_no_secret() -> None:
    assert SECRET[6:] not in repr(Receiver(SECRET))
