"""Which record a confirmation is of, and what is refused before anything is recorded."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from tests.confirmed import confirmations
from tests.register.documents import (
    affiliation,
    authorisation,
    body,
    document,
    identifier,
    in_force,
    period,
    programme,
    provider,
)
from tests.registers import NAME_KEY, index_of_sources, source_of
from trivet.register.confirmations.asked import Confirming, Fault, Refused, faults
from trivet.register.confirmations.doubts import doubts
from trivet.register.confirmations.records import confirmed_record, held_record
from trivet.register.confirmations.references import Timeline
from trivet.register.index import Index
from trivet.register.merge import SourceState
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Programme,
    Provider,
    Role,
    VouchedBy,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY, SEEN = NOW.date(), date(2026, 1, 10)
LETTER: dict[str, Any] = {
    "confirmedBy": "Certification desk, Example Body (fictional)",
    "confirmedOn": "2026-03-03",
    "document": "sha256:" + "0" * 64,
}
COMPANY = identifier("companies-house", "ZZ000001")
WARD = {"name": "Reed Ward (fictional)", "identifiers": [identifier("ods", "ZZ1")]}


def listed(
    vouched_by: VouchedBy = VouchedBy.REGISTER, name: str = "list", **records: Any
) -> SourceState:
    written = document(dict.fromkeys(records, "partial"), **records)
    return source_of(written, first_seen=SEEN, as_of=NOW, source=name, vouched_by=vouched_by)


def register(*others: SourceState, **instead: Any) -> Index:
    records = {
        "bodies": [body()],
        "providers": [provider(), provider("egret")],
        "programmes": [programme(), programme("egret-1", provider="egret")],
        "authorisations": [authorisation()],
        "affiliations": [affiliation()],
    }
    return index_of_sources(listed(**{**records, **instead}), *others)


def asked(kind: str, **said: Any) -> Confirming:
    return msgspec.convert({**LETTER, "kind": kind, **said}, Confirming)


def recorded(index: Index, kind: str, **said: Any) -> Timeline:
    request = asked(kind, **said)
    assert [*faults(request, TODAY)] == []
    return confirmed_record(request, index, NAME_KEY)


def refused(index: Index, kind: str, **said: Any) -> list[Fault]:
    request = asked(kind, **said)
    wrong = [*faults(request, TODAY)]
    if wrong:
        return wrong
    with pytest.raises(Refused) as caught:
        confirmed_record(request, index, NAME_KEY)
    return [*caught.value.faults]


def where(wrong: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in wrong]


def one(kind: str, record: Timeline) -> dict[str, Any]:
    return {kind: [msgspec.to_builtins(record)]}


# One that the mirror holds


def test_a_record_that_is_held_is_confirmed_as_it_stands() -> None:
    index = register(authorisations=[authorisation(role="associate", organisation=WARD)])
    found = recorded(index, "authorisations", register="au-1")
    assert isinstance(found, Authorisation)
    assert found == index.authorisations["au-1"].record
    assert (found.register, found.organisation and found.organisation.name) == (
        "AU-1",
        "Reed Ward (fictional)",
    )


def test_the_rest_of_what_a_provider_says_of_itself_is_not_taken_for_confirmed() -> None:
    own = listed(
        VouchedBy.PROVIDER_DECLARED,
        "own",
        providers=[provider("ibis")],
        programmes=[
            programme("ibis-1", provider="ibis", settings=["school"], modules=["seclusion"])
        ],
    )
    found = recorded(register(own), "programmes", register="ibis-1")
    assert isinstance(found, Programme)
    assert (found.title, found.settings, found.modules) == ("Programme ibis-1", None, None)
    found = recorded(register(own), "programmes", register="ibis-1", settings=["secure"])
    assert isinstance(found, Programme)
    assert (found.settings, found.modules) == (("secure",), None)


def test_what_is_given_is_said_of_it_too() -> None:
    found = recorded(
        register(), "authorisations", register="AU-1", role="associate", organisation=WARD
    )
    assert isinstance(found, Authorisation)
    assert found.role is Role.ASSOCIATE
    assert found.organisation == msgspec.convert(WARD, type(found.organisation))


TIMELINES: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({}, in_force("2024-01-01")),
    ({"to": "2027-01-01"}, in_force("2024-01-01", "2027-01-01")),
    (
        {"status": "suspended", "from": "2026-02-01"},
        [*in_force("2024-01-01", "2026-02-01"), period("suspended", "2026-02-01")],
    ),
    (
        {"from": "2026-02-01", "to": "2029-02-01"},
        [*in_force("2024-01-01", "2026-02-01"), *in_force("2026-02-01", "2029-02-01")],
    ),
]


@pytest.mark.parametrize(("said", "periods"), TIMELINES)
def test_its_timeline_goes_on_as_the_letter_says(
    said: dict[str, Any], periods: list[dict[str, Any]]
) -> None:
    found = recorded(register(), "programmes", register="heron-1", **said)
    assert msgspec.to_builtins([*found.periods]) == periods


def test_an_end_alone_is_that_of_what_holds_whatever_that_is() -> None:
    suspended = [*in_force("2024-01-01", "2026-02-01"), period("suspended", "2026-02-01")]
    index = register(programmes=[programme(periods=suspended)])
    found = recorded(index, "programmes", register="heron-1", to="2026-06-01")
    assert [(p.status, str(p.to)) for p in found.periods] == [
        ("in_force", "2026-02-01"),
        ("suspended", "2026-06-01"),
    ]


def test_a_provider_is_found_by_any_id_that_its_sources_have_for_it() -> None:
    own = listed(
        VouchedBy.PROVIDER_DECLARED,
        "own",
        providers=[provider("own-7", identifiers=[COMPANY])],
    )
    index = register(own, providers=[provider(identifiers=[COMPANY]), provider("egret")])
    found = recorded(index, "providers", register="own-7")
    assert found.register == "heron"
    found = recorded(
        index, "programmes", provider="own-7", title="Another programme", register="heron-2"
    )
    assert isinstance(found, Programme)
    assert found.provider == "heron"


# One that nobody lists

NEW: list[tuple[str, dict[str, Any], type[Timeline]]] = [
    ("providers", {"name": "Ibis Training (fictional)", "body": "body"}, Provider),
    ("programmes", {"provider": "heron", "title": "Another programme"}, Programme),
    (
        "authorisations",
        {"provider": "heron", "trainer": "tr-9", "role": "senior", "programmes": ["heron-1"]},
        Authorisation,
    ),
    (
        "affiliations",
        {
            "provider": "heron",
            "programmes": "all",
            "organisation": {
                "name": "Oak Ward (fictional)",
                "identifiers": [identifier("ods", "ZZ7")],
            },
        },
        Affiliation,
    ),
]


@pytest.mark.parametrize(("kind", "said", "of"), NEW)
def test_a_record_that_nobody_lists_gets_an_id_that_stays_the_same(
    kind: str, said: dict[str, Any], of: type[Timeline]
) -> None:
    found, again = recorded(register(), kind, **said), recorded(register(), kind, **said)
    assert isinstance(found, of)
    assert found == again
    assert found.register.startswith("confirmed-")
    assert found.periods[0].from_ is None
    named = recorded(register(), kind, register="new-1", **said)
    assert named.register == "new-1"


def test_the_id_made_for_a_trainer_s_record_tells_nothing_without_our_key() -> None:
    kind, said, _ = NEW[2]
    request = asked(kind, **said)
    ids = {confirmed_record(request, register(), key).register for key in (b"a" * 32, b"b" * 32)}
    assert len(ids) == 2


@pytest.mark.parametrize(("kind", "said", "of"), NEW)
def test_of_such_a_record_everything_needed_is_asked_for(
    kind: str, said: dict[str, Any], of: type[Timeline]
) -> None:
    for field in said:
        without = {name: value for name, value in said.items() if name != field}
        assert where(refused(register(), kind, **without)) == [(f"/{field}", "missing")]
        with_an_id = refused(register(), kind, register="new-1", **without)
        assert where(with_an_id) == [("/register", "unknown_reference")]
        assert f"'new-1': check it, or give {field} too" in with_an_id[0].detail


@pytest.mark.parametrize(("kind", "said", "of"), NEW)
def test_recorded_again_without_an_id_it_is_the_same_record(
    kind: str, said: dict[str, Any], of: type[Timeline]
) -> None:
    first = recorded(register(), kind, **said)
    index = register(confirmations(**one(kind, first)))
    assert recorded(index, kind, **said) == first


# What is refused

UNKNOWN: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("providers", {**NEW[0][1], "body": "nobody"}, ("/body", "unknown_reference")),
    ("programmes", {**NEW[1][1], "provider": "nobody"}, ("/provider", "unknown_reference")),
    ("authorisations", {**NEW[2][1], "provider": "nobody"}, ("/provider", "unknown_reference")),
    (
        "authorisations",
        {**NEW[2][1], "programmes": ["heron-1", "heron-9"]},
        ("/programmes/1", "unknown_reference"),
    ),
    (
        "authorisations",
        {**NEW[2][1], "programmes": ["egret-1"]},
        ("/programmes/0", "unknown_reference"),
    ),
    (
        "affiliations",
        {**NEW[3][1], "programmes": ["egret-1"]},
        ("/programmes/0", "unknown_reference"),
    ),
]


@pytest.mark.parametrize(("kind", "said", "expected"), UNKNOWN)
def test_what_a_record_refers_to_has_to_be_on_the_register(
    kind: str, said: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert where(refused(register(), kind, **said)) == [expected]


HELD_ALREADY: list[tuple[str, dict[str, Any], str, str]] = [
    ("providers", {"name": "heron training (FICTIONAL)", "body": "body"}, "/name", "heron"),
    (
        "providers",
        {**NEW[0][1], "certificate": "he-1"},
        "/certificate",
        "heron",
    ),
    ("providers", {**NEW[0][1], "identifiers": [COMPANY]}, "/identifiers", "heron"),
    (
        "providers",
        {"register": "egret", "identifiers": [COMPANY]},
        "/identifiers",
        "heron",
    ),
    ("programmes", {"provider": "heron", "title": "PROGRAMME HERON 1"}, "/title", "heron-1"),
    (
        "programmes",
        {"provider": "heron", "title": "programme heron-1.", "register": "new-1"},
        "/title",
        "heron-1",
    ),
    ("authorisations", {**NEW[2][1], "trainer": "TR-1"}, "/trainer", "AU-1"),
    ("affiliations", {**NEW[3][1], "organisation": WARD}, "/organisation", "AF-1"),
]


@pytest.mark.parametrize(("kind", "said", "pointer", "held"), HELD_ALREADY)
def test_a_second_record_of_what_the_mirror_holds_is_refused_and_the_first_is_named(
    kind: str, said: dict[str, Any], pointer: str, held: str
) -> None:
    index = register(
        providers=[provider(certificate="HE-1", identifiers=[COMPANY]), provider("egret")],
        programmes=[programme(title="Programme heron 1"), programme("egret-1", provider="egret")]
        if kind == "programmes" and "1." not in said["title"]
        else [programme(), programme("egret-1", provider="egret")],
    )
    wrong = refused(index, kind, **said)
    assert where(wrong) == [(pointer, "held_already")]
    assert f"as {held}: give that id to confirm it" in wrong[0].detail


def test_a_trainer_may_have_another_authorisation_under_a_number_of_its_own() -> None:
    found = recorded(
        register(), "authorisations", register="AU-2", **{**NEW[2][1], "trainer": "tr-1"}
    )
    assert found.register == "AU-2"


def test_a_number_is_of_one_trainer_and_one_provider() -> None:
    wrong = refused(register(), "authorisations", register="AU-1", trainer="tr-2")
    assert where(wrong) == [("/trainer", "contradicts")]
    wrong = refused(register(), "authorisations", register="AU-1", provider="egret")
    assert where(wrong) == [("/provider", "contradicts")]
    wrong = refused(register(), "programmes", register="heron-1", provider="egret")
    assert where(wrong) == [("/provider", "contradicts")]


def test_an_affiliate_may_have_another_arrangement_under_an_id_of_its_own() -> None:
    said = {**NEW[3][1], "organisation": WARD}
    assert recorded(register(), "affiliations", register="AF-2", **said).register == "AF-2"


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, said, _ in NEW[2:]])
def test_an_organisation_is_not_known_by_a_name_alone(kind: str, said: dict[str, Any]) -> None:
    nameless = {**said, "organisation": {"name": "Oak Ward (fictional)"}}
    wrong = refused(register(), kind, **nameless)
    assert where(wrong) == [("/organisation/identifiers", "missing")]


def test_by_what_a_provider_is_known_is_not_taken_from_its_own_word() -> None:
    own = listed(
        VouchedBy.PROVIDER_DECLARED,
        "own",
        bodies=[body()],
        providers=[provider("ibis", certificate="IB-1", identifiers=[COMPANY])],
    )
    index = index_of_sources(own)
    wrong = refused(index, "providers", register="ibis")
    assert where(wrong) == [("/certificate", "missing")]
    assert "certificate IB-1, companies-house ZZ000001" in wrong[0].detail
    found = recorded(index, "providers", register="ibis", certificate="IB-1")
    assert isinstance(found, Provider)
    assert (found.certificate, found.identifiers) == ("IB-1", ())


def test_by_what_a_provider_is_known_is_not_taken_from_an_earlier_letter() -> None:
    index = register(confirmations(providers=[provider("ibis", certificate="IB-1")]))
    wrong = refused(index, "providers", register="ibis")
    assert where(wrong) == [("/certificate", "missing")]


GENERAL: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"confirmedBy": " "}, ("/confirmedBy", "ill_formed")),
    ({"confirmedBy": "x" * 201}, ("/confirmedBy", "ill_formed")),
    ({"confirmedBy": "a\u202eb"}, ("/confirmedBy", "ill_formed")),
    ({"note": ""}, ("/note", "ill_formed")),
    ({"note": "x" * 2001}, ("/note", "ill_formed")),
    ({"document": "sha256:" + "0" * 63}, ("/document", "ill_formed")),
    ({"document": "sha256:" + "A" * 64}, ("/document", "ill_formed")),
    ({"document": "md5:" + "0" * 32}, ("/document", "ill_formed")),
    ({"confirmedOn": "2026-11-23"}, ("/confirmedOn", "out_of_range")),
    ({"confirmedOn": "0026-03-03"}, ("/confirmedOn", "out_of_range")),
    ({"goodUntil": "2026-03-02"}, ("/goodUntil", "out_of_range")),
    ({"goodUntil": "2029-03-03"}, ("/goodUntil", "out_of_range")),
    ({"status": "expired"}, ("/status", "invalid")),
    ({"register": "a b"}, ("/register", "ill_formed")),
    ({"register": ""}, ("/register", "ill_formed")),
    ({"familyName": "\n"}, ("/familyName", "ill_formed")),
    ({"title": "Another"}, ("/title", "misplaced")),
    ({"settings": ["school"]}, ("/settings", "misplaced")),
    ({"certificate": "HE-1"}, ("/certificate", "misplaced")),
    ({"status": "suspended"}, ("/from", "missing")),
    ({"from": "2026-02-01", "to": "2026-02-01"}, ("/to", "out_of_range")),
    ({"to": "2023-01-01"}, ("/to", "out_of_range")),
    ({"from": "1066-10-14"}, ("/from", "ill_formed")),
    ({"programmes": []}, ("/programmes", "ill_formed")),
    ({"organisation": {"name": " "}}, ("/organisation/name", "ill_formed")),
    (
        {"organisation": {"name": "W", "identifiers": [identifier("ods", "!")]}},
        ("/organisation/identifiers/0/value", "ill_formed"),
    ),
]


@pytest.mark.parametrize(("said", "expected"), GENERAL)
def test_what_can_not_be_is_named_with_its_field(
    said: dict[str, Any], expected: tuple[str, str]
) -> None:
    wrong = refused(register(), "authorisations", **{"register": "AU-1", **said})
    assert where(wrong) == [expected]


def test_a_scope_is_words_and_not_an_empty_list() -> None:
    for settings in ([], ["Big School"]):
        wrong = refused(register(), "programmes", register="heron-1", settings=settings)
        assert wrong[0].pointer.startswith("/settings")


@pytest.mark.parametrize(
    ("given", "until"),
    [("2026-03-03", "2027-03-02"), ("2024-02-29", "2025-02-28"), ("2025-03-01", "2026-02-28")],
)
def test_a_letter_is_good_for_a_year_unless_it_says(given: str, until: str) -> None:
    assert str(asked("programmes", confirmedOn=given).stood_by.until) == until


def test_a_letter_is_good_for_three_years_at_most() -> None:
    assert refused(register(), "programmes", goodUntil="2029-03-03")
    recorded(register(), "programmes", register="heron-1", goodUntil="2029-03-02")


# What to look at again


def looked_at(index: Index, kind: str, **said: Any) -> dict[str, str]:
    request = asked(kind, **said)
    record = confirmed_record(request, index, NAME_KEY)
    before = held_record(request.kind, index, record.register)
    stood_by = request.stood_by
    letter = confirmations(on=stood_by.on, until=stood_by.until, **one(kind, record))
    others = [s for s in index.sources.values() if s.source != letter.source]
    after = held_record(request.kind, index_of_sources(*others, letter), record.register)
    assert after is not None
    found = doubts(request, record, before, after, today=TODAY, name_key=NAME_KEY)
    return {d.code: d.detail for d in found}


def test_where_the_letter_says_what_the_list_says_there_is_nothing_to_look_at() -> None:
    assert looked_at(register(), "programmes", register="heron-1") == {}
    assert looked_at(register(), NEW[2][0], **NEW[2][1]) == {}


def test_where_the_register_says_otherwise_that_is_told_and_who_is_believed() -> None:
    told = looked_at(register(), "programmes", register="heron-1", to="2027-01-01")
    assert told == {
        "register_differs": "list says otherwise of the period, and is believed: in force from "
        "2024-01-01, not in force from 2024-01-01 to 2026-12-31"
    }


def test_where_an_equal_source_says_otherwise_nobody_is_believed() -> None:
    sheet = listed(
        VouchedBy.CERTIFIER_CONFIRMED,
        "sheet",
        programmes=[programme("heron-3", periods=in_force("2024-01-01", "2028-01-01"))],
    )
    told = looked_at(register(sheet), "programmes", register="heron-3", to="2027-01-01")
    assert set(told) == {"contradicted"}
    assert told["contradicted"].startswith("another source, which counts as much, says otherwise")


def test_what_only_the_provider_had_said_is_to_be_compared_with_the_letter() -> None:
    own = listed(
        VouchedBy.PROVIDER_DECLARED,
        "own",
        authorisations=[authorisation("AU-7", trainer="tr-7", programmes=["heron-1"])],
    )
    told = looked_at(register(own), "authorisations", register="AU-7")
    assert set(told) == {"was_declared_only"}
    assert "role senior; programmes heron-1" in told["was_declared_only"]
    told = looked_at(register(own), "authorisations", register="AU-7", role="senior")
    assert "role" not in told["was_declared_only"]


def test_a_letter_that_is_over_already_is_told() -> None:
    told = looked_at(register(), "programmes", register="heron-1", confirmedOn="2024-03-03")
    assert told == {
        "confirmation_over": "it was good until 2025-03-02: nothing of a later day rests on it"
    }


def test_what_an_earlier_letter_had_named_and_this_one_does_not_is_told() -> None:
    earlier = confirmations(programmes=[programme("heron-3", settings=["school"])])
    told = looked_at(register(earlier), "programmes", register="heron-3")
    assert told == {
        "no_longer_on_record": "settings school is on record no more: give it if the letter says so"
    }


def test_a_family_name_that_is_not_the_one_on_record_is_told_without_either() -> None:
    own = listed(
        VouchedBy.PROVIDER_DECLARED,
        "own",
        authorisations=[authorisation("AU-7", trainer="tr-7", familyName="Wader")],
    )
    for name, differs in (("Plover", True), ("wader", False)):
        told = looked_at(register(own), "authorisations", register="AU-7", familyName=name)
        assert ("family_name_differs" in told) is differs
        assert name not in str(told)
        assert "Wader" not in str(told)
