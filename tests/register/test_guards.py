"""What a reading must not look like: each guard trips on what it guards against, and on no more."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from tests.register.documents import (
    COMPLETE,
    authorisation,
    body,
    in_force,
    period,
    programme,
    provider,
)
from trivet.register.changes import applied, statements_after
from trivet.register.durations import Duration
from trivet.register.guards import Guards, tripped
from trivet.register.merge import Statements
from trivet.register.records import CoverageByKind, Document, Kind

TODAY = date(2024, 6, 1)
ALL = msgspec.convert(COMPLETE, CoverageByKind)
KEY = b"a key for tests"


class Counted(msgspec.Struct, frozen=True):
    read: int
    rejected: int = 0
    differing: int = 0


class Read(msgspec.Struct, frozen=True):
    document: Document
    counts: Mapping[Kind, Counted]


def _document(**records: Sequence[Mapping[str, Any]]) -> Document:
    return msgspec.convert({"format": "register/1", "publisher": "p", **records}, Document)


def _read(counts: Mapping[Kind, Counted] | None = None, **records: Any) -> Read:
    document = _document(**records)
    return Read(document, counts or {kind: Counted(len(document.of(kind))) for kind in Kind})


def _stated(**records: Any) -> Statements:
    return applied({}, statements_after({}, _document(**records), ALL, TODAY, KEY))


def _sentences(
    guards: Guards, reading: Read, before: Statements | None = None, term: Duration | None = None
) -> list[str]:
    return [trip.sentence for trip in tripped(guards, before or {}, reading, TODAY, term)]


TEN = [provider(f"p-{number}") for number in range(10)]


def test_without_guards_nothing_trips() -> None:
    assert _sentences(Guards(), _read(), _stated(providers=TEN)) == []


def test_rows_that_could_not_be_read_do_not_count() -> None:
    guards = Guards(min_rows={Kind.PROVIDERS: 10})
    assert _sentences(guards, _read({Kind.PROVIDERS: Counted(10)})) == []
    assert _sentences(guards, _read({Kind.PROVIDERS: Counted(10, rejected=1)})) == [
        "9 rows of providers could be read; there should be at least 10"
    ]


def test_one_number_of_rows_is_for_all_kinds_together() -> None:
    reading = _read(providers=TEN[:5], programmes=[programme()])
    assert _sentences(Guards(min_rows={None: 6}), reading) == []
    assert _sentences(Guards(min_rows={None: 7}), reading) == [
        "6 rows of all kinds together could be read; there should be at least 7"
    ]


def test_records_that_are_missing_count_even_if_others_came() -> None:
    before = _stated(providers=TEN)
    guards = Guards(max_shrink=0.2)
    assert _sentences(guards, _read(providers=TEN[2:]), before) == []
    assert _sentences(
        guards, _read(providers=[*TEN[3:], *(provider(f"q-{n}") for n in range(9))]), before
    ) == ["3 of the 10 providers listed before are missing; at most 20% may be"]


def test_a_record_is_the_same_however_its_id_is_written() -> None:
    shouted = [provider(p["register"].upper()) for p in TEN]
    assert _sentences(Guards(max_shrink=0), _read(providers=shouted), _stated(providers=TEN)) == []


def test_what_was_missing_before_does_not_count_again() -> None:
    before = _stated(providers=TEN)
    fewer = statements_after(before, _document(providers=TEN[5:]), ALL, TODAY, KEY)
    before = applied(before, fewer)
    assert _sentences(Guards(max_shrink=0), _read(providers=TEN[5:]), before) == []


def test_each_kind_is_guarded_by_itself() -> None:
    before = _stated(providers=TEN, programmes=[programme()])
    trips = tripped(Guards(max_shrink=0.5), before, _read(providers=TEN), TODAY)
    assert [(trip.guard, trip.kind) for trip in trips] == [("max_shrink", Kind.PROGRAMMES)]


def test_a_first_reading_neither_shrinks_nor_changes() -> None:
    guards = Guards(max_shrink=0, max_status_change=0)
    assert _sentences(guards, _read(providers=TEN)) == []


SUSPENDED = [period("suspended", None)]


def test_many_standings_do_not_change_at_once() -> None:
    before = _stated(providers=TEN)
    guards = Guards(max_status_change=0.1)
    one = [provider("p-0", periods=SUSPENDED), *TEN[1:]]
    two = [provider("p-0", periods=SUSPENDED), provider("p-1", periods=SUSPENDED), *TEN[2:]]
    assert _sentences(guards, _read(providers=one), before) == []
    assert _sentences(guards, _read(providers=two), before) == [
        "2 of the 10 providers listed before change in standing at once; at most 10% may"
    ]


def test_suspensions_that_are_all_lifted_at_once_trip_too() -> None:
    before = _stated(programmes=[programme(periods=SUSPENDED)])
    assert _sentences(Guards(max_status_change=0.5), _read(programmes=[programme()]), before)


def test_a_renewal_and_an_end_that_has_come_are_no_change_in_standing() -> None:
    ended = [provider("p-0", periods=in_force("2023-01-01", "2024-05-01"))]
    renewed = [provider("p-1", periods=in_force(ends="2025-01-01"))]
    longer = [provider("p-1", periods=in_force(ends="2028-01-01"))]
    before = _stated(providers=ended + renewed)
    assert _sentences(Guards(max_status_change=0), _read(providers=ended + longer), before) == []


def test_a_certificate_whose_term_is_over_changes_when_it_is_renewed() -> None:
    before = _stated(providers=[provider(periods=in_force("2020-01-01"))])
    renewed = _read(providers=[provider(periods=in_force("2024-01-01"))])
    guards = Guards(max_status_change=0)
    assert _sentences(guards, renewed, before) == []
    assert _sentences(guards, renewed, before, Duration.parse("P3Y"))


@pytest.mark.parametrize(
    ("kind", "field", "has", "lacks"),
    [
        ("providers", "to", provider("a", periods=in_force(ends="2025-01-01")), provider("b")),
        ("providers", "from", provider("a"), provider("b", periods=in_force(None))),
        ("providers", "certificate", provider("a", certificate="1"), provider("b")),
        ("providers", "settings", provider("a", settings=["school"]), provider("b")),
        ("providers", "tradingNames", provider("a", tradingNames=["A"]), provider("b")),
        (
            "providers",
            "identifiers.ods",
            provider("a", identifiers=[{"scheme": "ods", "value": "ZZ1"}]),
            provider("b", identifiers=[{"scheme": "ukprn", "value": "10000000"}]),
        ),
        ("programmes", "restrictive", programme("a", restrictive=False), programme("b")),
        ("bodies", "accreditation.from", body("a"), body("b", accreditation={"from": None})),
        ("bodies", "accreditation.number", body("a"), body("b", accreditation={"from": None})),
    ],
)  # fmt: skip
def test_a_record_without_a_required_field_trips_and_is_named(
    kind: str, field: str, has: dict[str, Any], lacks: dict[str, Any]
) -> None:
    guards = Guards(required={Kind(kind): (field,)})
    one: dict[str, Any] = {kind: [has]}
    both: dict[str, Any] = {kind: [has, lacks]}
    assert _sentences(guards, _read(**one)) == []
    assert _sentences(guards, _read(**both)) == [f"1 of 2 {kind} have no {field}: b"]


def test_no_trainer_is_named() -> None:
    guards = Guards(required={Kind.AUTHORISATIONS: ("organisation.identifiers.ods",)})
    employed = authorisation(organisation={"name": "A", "identifiers": []})
    assert _sentences(guards, _read(authorisations=[employed, authorisation("AU-2")])) == [
        "2 of 2 authorisations have no organisation.identifiers.ods"
    ]


def test_rows_that_contradict_each_other_trip_if_the_profile_says_so() -> None:
    reading = _read({Kind.PROVIDERS: Counted(4, rejected=2, differing=1)})
    assert _sentences(Guards(), reading) == []
    assert _sentences(Guards(no_duplicates=True), reading) == [
        "rows of providers that contradict another row of the same record: 1"
    ]
