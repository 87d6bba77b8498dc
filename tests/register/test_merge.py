"""Several sources become one register: who is believed, what is the same, what contradicts (rule 12, R10, R21)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

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
    whole,
)
from tests.registers import index_of_sources, source_of
from trivet.register.durations import Duration
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.merge import Entry, Merged, SourceState, is_delisted, merge, standing_of
from trivet.register.periods import Period, Status
from trivet.register.records import (
    Affiliation,
    Authorisation,
    Coverage,
    Kind,
    Programme,
    Provider,
    Record,
    VouchedBy,
)

SEEN = date(2026, 11, 1)
AS_OF = datetime(2026, 11, 1, 9, tzinfo=UTC)
REGISTER, CONFIRMED, DECLARED = VouchedBy

HE_1 = identifier("certificate", "HE-1")
COMPANY = identifier("companies-house", "ZZ000001")


def source(
    name: str,
    vouched_by: VouchedBy = REGISTER,
    *,
    seen: date = SEEN,
    coverage: dict[str, str] | None = None,
    **records: Any,
) -> SourceState:
    partial = dict.fromkeys(("providers",), "partial")
    written = document(coverage or partial, **records)
    return source_of(written, first_seen=seen, as_of=AS_OF, source=name, vouched_by=vouched_by)


def absent(state: SourceState, kind: Kind, key: str, since: date) -> SourceState:
    """Return the source as it is once it lists a record no more."""
    gone = replace(state.statements[kind][key], absent_since=since)
    of_kind = {**state.statements[kind], key: gone}
    return replace(state, statements={**state.statements, kind: of_kind})


def entry(merged: Merged, kind: Kind, key: str) -> Entry[Record]:
    return merged.entries[kind][key]


def heron(*states: SourceState) -> Entry[Provider]:
    (found,) = merge(states).entries[Kind.PROVIDERS].values()
    assert isinstance(found.record, Provider)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("better", "worse"), [(REGISTER, CONFIRMED), (CONFIRMED, DECLARED), (REGISTER, DECLARED)]
)
@pytest.mark.parametrize("names", ["ab", "ba"])
def test_the_better_vouched_source_wins_each_field_that_it_states(
    better: VouchedBy, worse: VouchedBy, names: str
) -> None:
    one = source(names[0], better, providers=[provider(name="Right", standardsEdition="1.2")])
    other = source(
        names[1],
        worse,
        providers=[provider(name="Wrong", standardsEdition="2019", settings=["school"])],
    )
    found = heron(other, one)
    assert (found.record.name, found.record.standards_edition) == ("Right", "1.2")
    assert found.record.settings == ("school",)
    assert found.said["name"].vouched_by is better
    assert found.said["name"].sources == {names[0]}
    assert found.said["settings"].vouched_by is worse
    assert found.said["settings"].sources == {names[1]}


def test_a_worse_vouched_source_that_differs_contradicts_nothing() -> None:
    found = heron(
        source("register", REGISTER, providers=[provider(name="Right")]),
        source("own", DECLARED, providers=[provider(name="Wrong")]),
    )
    assert not any(said.contradicted for said in found.said.values())


def test_equally_vouched_sources_that_differ_contradict_on_that_field_alone() -> None:
    found = heron(
        source("a", providers=[provider(name="One", periods=in_force("2024-01-01"))]),
        source("b", providers=[provider(name="One", periods=in_force("2024-01-02"))]),
    )
    assert [field for field, said in found.said.items() if said.contradicted] == ["periods"]
    assert found.record.periods == (Period(Status.IN_FORCE, date(2024, 1, 1), None),)
    assert found.said["periods"].sources == {"a"}
    assert found.said["name"].sources == {"a", "b"}


def test_a_third_source_that_agrees_does_not_settle_a_contradiction() -> None:
    found = heron(
        *(source(n, providers=[provider(name=w)]) for n, w in zip("abc", "XYX", strict=True))
    )
    assert found.said["name"].contradicted
    assert found.said["name"].sources == {"a", "c"}


def test_a_field_that_one_of_two_sources_leaves_out_is_no_contradiction() -> None:
    found = heron(
        source("a", providers=[provider(certificate="HE-1")]),
        source("b", providers=[provider(settings=["school"])]),
    )
    assert not any(said.contradicted for said in found.said.values())
    assert (found.record.certificate, found.record.settings) == ("HE-1", ("school",))


SPELLINGS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("providers", {"body": "body"}, {"body": "BODY"}),
    ("providers", {"name": "Reed & Oak Ltd"}, {"name": "REED AND OAK"}),
    ("providers", {"tradingNames": ["Reed & Oak"]}, {"tradingNames": ["Reed and Oak, Limited"]}),
    ("providers", {"certificate": "HE-1"}, {"certificate": " he-1"}),
    ("programmes", {"title": "Safe & Well"}, {"title": "safe and well."}),
    ("providers", {"settings": ["school", "secure"]}, {"settings": ["secure", "school"]}),
    ("providers", {"tradingNames": ["A", "B"]}, {"tradingNames": ["B", "A"]}),
    ("programmes", {"provider": "heron"}, {"provider": "Heron"}),
    ("programmes", {"modules": ["seclusion", "school"]}, {"modules": ["school", "seclusion"]}),
    ("authorisations", {"trainer": "tr-1"}, {"trainer": "TR-1"}),
    ("authorisations", {"programmes": ["p1", "p2"]}, {"programmes": ["P2", "P1"]}),
    (
        "affiliations",
        {"organisation": {"name": "Reed Ward Ltd", "identifiers": [identifier("ods", "ZZ1")]}},
        {"organisation": {"name": "REED WARD", "identifiers": [identifier("ods", "zz1")]}},
    ),
]
MAKERS = {
    "providers": provider,
    "programmes": programme,
    "authorisations": authorisation,
    "affiliations": affiliation,
}


@pytest.mark.parametrize(("kind", "one", "other"), SPELLINGS)
def test_sources_that_only_write_the_same_thing_differently_agree(
    kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    states = [
        source(name, coverage={kind: "partial"}, **_one(kind, said))
        for name, said in (("a", one), ("b", other))
    ]
    (found,) = merge(states).entries[Kind(kind)].values()
    assert [field for field, said in found.said.items() if said.contradicted] == []


def test_nobody_bears_an_identifier_on_their_own_word_where_somebody_better_states_them() -> None:
    found = heron(
        source("register", REGISTER, providers=[provider(identifiers=[COMPANY])]),
        source(
            "own",
            DECLARED,
            providers=[
                provider(
                    identifiers=[
                        identifier("companies-house", "ZZ000002"),
                        identifier("ods", "ZZ9"),
                    ]
                )
            ],
        ),
    )
    assert found.record.identifiers == (Identifier(Scheme.COMPANIES_HOUSE, "ZZ000001"),)
    assert found.said["identifiers"].sources == {"register"}
    assert not found.said["identifiers"].contradicted


def test_equally_vouched_sources_with_other_numbers_of_one_scheme_contradict() -> None:
    found = heron(
        source("a", providers=[provider(identifiers=[COMPANY])]),
        source("b", providers=[provider(identifiers=[identifier("companies-house", "ZZ000002")])]),
    )
    assert found.said["identifiers"].contradicted


def _one(kind: str, said: dict[str, Any]) -> dict[str, Any]:
    return {kind: [MAKERS[kind](**said)]}


# ---- the same provider under two ids


def test_a_provider_is_the_same_by_a_declared_identifier_where_ids_differ() -> None:
    found = heron(
        source("register", REGISTER, providers=[provider("heron", certificate="HE-1")]),
        source(
            "own", DECLARED, providers=[provider("h-77", certificate="he-1", settings=["school"])]
        ),
    )
    assert found.record.register == "heron"
    assert found.record.settings == ("school",)


def providers_of(*states: SourceState) -> list[str]:
    return sorted(merge(states).entries[Kind.PROVIDERS])


def test_providers_are_not_the_same_by_name() -> None:
    both = providers_of(
        source("a", providers=[provider("heron", name="One Name")]),
        source("b", providers=[provider("h-77", name="One Name")]),
    )
    assert both == ["h-77", "heron"]


def test_providers_are_not_the_same_where_a_shared_scheme_disagrees() -> None:
    both = providers_of(
        source("a", providers=[provider("heron", certificate="HE-1", identifiers=[COMPANY])]),
        source("b", providers=[provider("h-77", certificate="HE-2", identifiers=[COMPANY])]),
    )
    assert both == ["h-77", "heron"]


def test_a_provider_that_may_be_one_of_two_is_neither() -> None:
    three = providers_of(
        source(
            "a",
            providers=[
                provider("heron", certificate="HE-1", identifiers=[COMPANY]),
                provider("egret", certificate="HE-2", identifiers=[COMPANY]),
            ],
        ),
        source("b", providers=[provider("h-77", identifiers=[COMPANY])]),
    )
    assert three == ["egret", "h-77", "heron"]


def test_of_two_providers_that_may_both_be_a_known_one_neither_is() -> None:
    three = providers_of(
        source("a", providers=[provider("heron", identifiers=[COMPANY])]),
        source(
            "b",
            providers=[
                provider("h-77", certificate="HE-1", identifiers=[COMPANY]),
                provider("h-78", certificate="HE-2", identifiers=[COMPANY]),
            ],
        ),
    )
    assert three == ["h-77", "h-78", "heron"]


def test_two_providers_of_one_source_are_never_one() -> None:
    both = providers_of(
        source(
            "a",
            providers=[
                provider("heron", identifiers=[COMPANY]),
                provider("egret", identifiers=[COMPANY]),
            ],
        )
    )
    assert both == ["egret", "heron"]


def test_an_id_that_is_known_is_that_provider_whatever_else_it_bears() -> None:
    both = providers_of(
        source(
            "a",
            providers=[
                provider("heron", identifiers=[COMPANY]),
                provider("egret", certificate="EG-1"),
            ],
        ),
        source("b", providers=[provider("egret", identifiers=[COMPANY])]),
    )
    assert both == ["egret", "heron"]


def test_what_belongs_to_a_provider_follows_it_under_its_known_id() -> None:
    merged = merge(
        [
            source(
                "register",
                REGISTER,
                coverage={"providers": "complete", "programmes": "complete"},
                providers=[provider("Heron", certificate="HE-1")],
                programmes=[programme("p1", provider="Heron")],
            ),
            source(
                "own",
                DECLARED,
                providers=[provider("h-77", certificate="HE-1")],
                programmes=[programme("p1", provider="h-77"), programme("p2", provider="H-77")],
                authorisations=[authorisation(provider="h-77")],
                affiliations=[affiliation(provider="h-77", programmes=["p2"])],
            ),
        ]
    )
    named = [
        e.record.provider.casefold()
        for kind in (Kind.PROGRAMMES, Kind.AUTHORISATIONS, Kind.AFFILIATIONS)
        for e in merged.entries[kind].values()
        if isinstance(e.record, Programme | Authorisation | Affiliation)
    ]
    assert named == ["heron"] * 4


def test_what_two_equal_sources_say_of_one_providers_programme_agrees_under_both_its_ids() -> None:
    merged = merge(
        [
            source(
                "a",
                coverage={"providers": "partial", "programmes": "partial"},
                providers=[provider("Heron", certificate="HE-1")],
                programmes=[programme("p1", provider="Heron")],
            ),
            source(
                "b",
                coverage={"providers": "partial", "programmes": "partial"},
                providers=[provider("h-77", certificate="HE-1")],
                programmes=[programme("p1", provider="h-77")],
            ),
        ]
    )
    assert not entry(merged, Kind.PROGRAMMES, "p1").said["provider"].contradicted


def test_a_provider_is_found_by_every_id_that_a_source_gives_it() -> None:
    index = index_of_sources(
        source("register", REGISTER, providers=[provider("heron", certificate="HE-1")]),
        source("own", DECLARED, providers=[provider("h-77", certificate="HE-1")]),
    )
    (found,) = index.bearing(Identifier(Scheme.REGISTER, "h-77"))
    assert found.record.register == "heron"


# ---- listed no more


GONE, LATER = date(2026, 11, 5), date(2026, 11, 9)


def test_a_record_is_delisted_once_the_last_of_its_best_sources_lists_it_no_more() -> None:
    a, b = (source(n, providers=[provider()]) for n in "ab")
    gone = absent(a, Kind.PROVIDERS, "heron", GONE)
    assert heron(gone, b).delisted_on is None
    assert heron(gone, absent(b, Kind.PROVIDERS, "heron", LATER)).delisted_on == LATER


def test_a_record_that_a_worse_source_still_lists_is_delisted_all_the_same() -> None:
    found = heron(
        absent(source("register", providers=[provider()]), Kind.PROVIDERS, "heron", GONE),
        source("own", DECLARED, providers=[provider()]),
    )
    assert found.delisted_on == GONE
    assert not is_delisted(found, GONE - timedelta(days=1))
    assert is_delisted(found, GONE)


def test_a_record_that_a_worse_source_lists_no_more_stays() -> None:
    found = heron(
        source("register", providers=[provider()]),
        absent(source("own", DECLARED, providers=[provider()]), Kind.PROVIDERS, "heron", GONE),
    )
    assert found.delisted_on is None


def test_a_source_that_lists_a_record_no_more_does_not_contradict_one_that_does() -> None:
    gone = absent(source("a", providers=[provider(name="Old")]), Kind.PROVIDERS, "heron", GONE)
    found = heron(gone, source("b", providers=[provider(name="New")]))
    assert (found.record.name, found.said["name"].contradicted) == ("New", False)


def test_a_worse_source_never_takes_the_word_of_a_better_one_that_delisted_the_record() -> None:
    withdrawn = [*in_force("2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]
    gone = absent(
        source("register", providers=[provider(periods=withdrawn)]), Kind.PROVIDERS, "heron", GONE
    )
    found = heron(gone, source("note", CONFIRMED, providers=[provider(periods=in_force())]))
    assert standing_of(found, date(2025, 6, 1)).state.value == "withdrawn"
    assert found.said["periods"].vouched_by is REGISTER


def test_a_delisted_record_keeps_its_last_form() -> None:
    gone = absent(source("a", providers=[provider(name="Last")]), Kind.PROVIDERS, "heron", GONE)
    assert heron(gone).record.name == "Last"


# ---- the rest of what the merged register knows


def test_a_start_not_recorded_counts_from_when_the_source_that_states_it_saw_the_record() -> None:
    found = heron(
        source("register", REGISTER, seen=LATER, providers=[provider()]),
        source("own", DECLARED, seen=GONE, providers=[provider()]),
    )
    assert found.first_seen == LATER


def test_a_certificate_has_the_term_of_the_source_that_states_its_timeline() -> None:
    register = source("register", REGISTER, providers=[provider()])
    own = replace(source("own", DECLARED, providers=[provider()]), term=Duration.parse("P1Y"))
    assert heron(register, own).term == Duration.parse("P3Y")
    assert heron(replace(register, term=None), own).term is None


def test_only_a_provider_has_a_term() -> None:
    merged = merge([source_of(whole(), first_seen=SEEN, as_of=AS_OF)])
    terms = {kind: {e.term for e in merged.entries[kind].values()} for kind in Kind}
    assert terms.pop(Kind.PROVIDERS) == {Duration.parse("P3Y")}
    assert set().union(*terms.values()) == {None}


def test_the_better_vouched_family_name_counts_and_none_is_no_name() -> None:
    coverage = {"authorisations": "partial"}
    nameless = source("a", coverage=coverage, authorisations=[authorisation()])
    named = source(
        "b", CONFIRMED, coverage=coverage, authorisations=[authorisation(familyName="Wader")]
    )
    other = source(
        "c", DECLARED, coverage=coverage, authorisations=[authorisation(familyName="Diver")]
    )
    merged = merge([nameless, named, other])
    expected = named.statements[Kind.AUTHORISATIONS]["au-1"].family_name_hash
    assert entry(merged, Kind.AUTHORISATIONS, "au-1").family_name_hash == expected


COVERAGES = [
    (("complete", "none"), "complete"),
    (("none", "complete"), "complete"),
    (("partial", "none"), "partial"),
    (("partial", "complete"), "complete"),
    (("partial", "partial"), "partial"),
    (("none", "none"), "none"),
]


@pytest.mark.parametrize(("covered", "together"), COVERAGES)
@pytest.mark.parametrize("kind", list(Kind))
def test_sources_cover_between_them_what_the_best_of_them_covers(
    kind: Kind, covered: Sequence[str], together: str
) -> None:
    states = [source(n, coverage={kind.value: c}) for n, c in zip("ab", covered, strict=True)]
    merged = merge(states)
    assert merged.coverage(kind) == together
    assert {merged.coverage(other) for other in Kind if other is not kind} == {Coverage.NONE}


def test_no_source_covers_nothing() -> None:
    assert {merge([]).coverage(kind) for kind in Kind} == {Coverage.NONE}


def test_a_provider_s_own_list_proves_nobody_else_absent() -> None:
    complete = {"authorisations": "complete"}
    own = source("own", DECLARED, coverage=complete)
    register = source("register", REGISTER, coverage={"providers": "complete"})

    assert merge([own]).coverage(Kind.AUTHORISATIONS) is Coverage.COMPLETE
    assert merge([own, register]).coverage(Kind.AUTHORISATIONS) is Coverage.PARTIAL


# ---- in whatever order they come


ids = st.sampled_from(["heron", "egret", "h-77"])
bits = st.none() | st.sampled_from(["X-1", "X-2"])


@st.composite
def sources(draw: st.DrawFn) -> list[SourceState]:
    """Draw up to four sources that know some providers, by one id or another, with a programme each."""
    drawn = []
    for name in draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)):
        known = draw(st.lists(ids, max_size=3, unique=True))
        listed = [
            provider(
                i,
                name=draw(st.sampled_from(["One", "Two"])),
                certificate=draw(bits),
                identifiers=[identifier("ods", "ZZ1")] if draw(st.booleans()) else [],
            )
            for i in known
        ]
        state = source(
            name,
            draw(st.sampled_from(list(VouchedBy))),
            seen=draw(st.sampled_from([GONE, LATER])),
            coverage={"providers": "partial", "programmes": "partial"},
            providers=listed,
            programmes=[programme(f"{i}-1", provider=i) for i in known],
            bodies=[body()],
        )
        for i in known:
            if draw(st.booleans()):
                state = absent(state, Kind.PROVIDERS, i, draw(st.sampled_from([GONE, LATER])))
        drawn.append(state)
    return drawn


@given(sources(), st.randoms(use_true_random=False))
def test_the_order_of_sources_and_of_their_records_changes_nothing(
    states: list[SourceState], random: Any
) -> None:
    shuffled = [
        replace(
            s,
            statements={
                kind: dict(random.sample(list(said.items()), len(said)))
                for kind, said in s.statements.items()
            },
        )
        for s in random.sample(states, len(states))
    ]
    assert merge(shuffled) == merge(states)


@given(sources())
def test_every_statement_stands_behind_a_record_and_every_reference_finds_its_provider(
    states: list[SourceState],
) -> None:
    merged = merge(states)
    listed = {key for s in states for key in s.statements[Kind.PROVIDERS]}
    assert set(merged.entries[Kind.PROVIDERS]) <= listed
    for programmed in merged.entries[Kind.PROGRAMMES].values():
        assert isinstance(programmed.record, Programme)
        assert programmed.record.provider in merged.entries[Kind.PROVIDERS]
    for kind in (Kind.PROVIDERS, Kind.PROGRAMMES):
        for key, found in merged.entries[kind].items():
            assert found.key == key


@given(sources())
def test_nothing_is_said_by_a_source_that_is_worse_vouched_than_another_that_says_it(
    states: list[SourceState],
) -> None:
    best_first = list(VouchedBy)
    vouching = {s.source: s.vouched_by for s in states}
    for found in merge(states).entries[Kind.PROVIDERS].values():
        for field, said in found.said.items():
            assert {vouching[name] for name in said.sources} >= {said.vouched_by}, field
            assert min(best_first.index(vouching[n]) for n in said.sources) == best_first.index(
                said.vouched_by
            )


# ---- what is said instead


def test_what_equally_vouched_sources_say_instead_is_kept_with_whose_it_is() -> None:
    found = heron(
        *(source(n, providers=[provider(name=w)]) for n, w in zip("abcd", "XYXZ", strict=True)),
        source("own", DECLARED, providers=[provider(name="Own")]),
    )
    others = [(o.source, o.value, set(o.against)) for o in found.said["name"].others]
    assert others == [("b", "Y", {"a", "c"}), ("d", "Z", {"a", "c"})]
    assert found.stated("name") == ("X", "Y", "Z")
    assert found.contradictions == ("name",)


def test_other_numbers_of_a_scheme_are_kept_against_those_who_state_that_scheme() -> None:
    found = heron(
        source("a", providers=[provider(identifiers=[COMPANY, identifier("ods", "ZZ9")])]),
        source("b", providers=[provider(identifiers=[identifier("ods", "ZZ9")])]),
        source("c", providers=[provider(identifiers=[identifier("ods", "ZZ8")])]),
    )
    (other,) = found.said["identifiers"].others
    assert (other.source, other.value, set(other.against)) == (
        "c",
        (Identifier(Scheme.ODS, "ZZ8"),),
        {"a", "b"},
    )


def test_the_ids_under_which_sources_list_one_record_contradict_nothing() -> None:
    found = heron(
        source("a", providers=[provider("heron", certificate="HE-1")]),
        source(
            "b", providers=[provider("h-77", name="Heron Training (fictional)", certificate="HE-1")]
        ),
    )
    assert found.contradictions == ()


def test_family_names_that_differ_contradict_and_are_kept_as_hashes_only() -> None:
    states = [
        source(
            name,
            coverage={"authorisations": "partial"},
            authorisations=[authorisation(familyName=family_name)],
        )
        for name, family_name in (("a", "Wader"), ("b", "Diver"), ("c", None))
    ]
    found = entry(merge(states), Kind.AUTHORISATIONS, "au-1")
    hashes = [s.statements[Kind.AUTHORISATIONS]["au-1"].family_name_hash for s in states]
    assert found.contradictions == ("family_name",)
    assert (found.family_name_hash, found.said["family_name"].others[0].value) == (
        hashes[0],
        hashes[1],
    )
    assert isinstance(found.record, Authorisation)
    assert found.record.family_name is None


def test_a_record_of_one_source_is_contradicted_nowhere() -> None:
    merged = merge([source_of(whole(), first_seen=SEEN, as_of=AS_OF)])
    for kind in Kind:
        for found in merged.entries[kind].values():
            assert found.contradictions == ()
            assert not found.contradicted("periods", "name")
