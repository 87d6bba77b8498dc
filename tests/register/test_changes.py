"""What a new reading changes, in what a source states and in the register (R20, R21)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.confirmed import confirmations
from tests.register.documents import (
    COMPLETE,
    affiliation,
    authorisation,
    body,
    document,
    in_force,
    period,
    programme,
    provider,
    whole,
)
from tests.registers import NAME_KEY
from trivet.register.changes import (
    Change,
    ChangeKind,
    Fresh,
    applied,
    register_changes,
    register_digest,
    statement_digest,
    statements_after,
)
from trivet.register.durations import Duration
from trivet.register.merge import NEVER, Merged, SourceState, Statement, Statements, merge
from trivet.register.records import (
    Coverage,
    CoverageByKind,
    Document,
    Kind,
    Programme,
    VouchedBy,
)

FIRST, SECOND, THIRD = date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)
ALL = msgspec.convert(COMPLETE, CoverageByKind)


def read(
    before: Statements,
    written: dict[str, Any],
    today: date,
    coverage: CoverageByKind = ALL,
    key: bytes = NAME_KEY,
) -> Statements:
    """Return what a source states once a document was read on a day."""
    told = msgspec.convert(written, Document)
    return applied(before, statements_after(before, told, coverage, today, key))


def fresh(before: Statements, written: dict[str, Any], today: date, **how: Any) -> list[str]:
    told = msgspec.convert(written, Document)
    stated = statements_after(before, told, how.get("coverage", ALL), today, NAME_KEY)
    return [f"{kind.value}/{key}" for kind, key, _ in stated]


def state(statements: Statements, **stated: Any) -> SourceState:
    plain = SourceState(
        source="register",
        publisher="body (fictional)",
        vouched_by=VouchedBy.REGISTER,
        as_of=datetime(2026, 11, 1, 9, tzinfo=UTC),
        max_age=timedelta(days=1),
        term=Duration.parse("P3Y"),
        coverage=ALL,
        statements=statements,
    )
    return replace(plain, **stated)


def merged(statements: Statements) -> Merged:
    return merge([state(statements)])


def changes(before: Statements | None, after: Statements, today: date) -> list[Change]:
    return list(register_changes(None if before is None else merged(before), merged(after), today))


def of(statements: Statements, kind: Kind = Kind.PROVIDERS, key: str = "heron") -> Statement:
    return statements[kind][key]


# ---- what a source states


def test_the_same_reading_again_states_nothing_fresh() -> None:
    once = read({}, whole(), FIRST)
    assert fresh(once, whole(), SECOND) == []


def test_order_and_spelling_of_an_id_state_nothing_fresh_of_other_records() -> None:
    once = read({}, whole(), FIRST)
    turned = whole(programmes=[programme("heron-2"), programme()])
    assert fresh(once, turned, SECOND) == []


def test_only_the_record_that_differs_is_stated_afresh() -> None:
    once = read({}, whole(), FIRST)
    assert fresh(
        once, whole(programmes=[programme(title="New"), programme("heron-2")]), SECOND
    ) == ["programmes/heron-1"]


def test_a_record_was_first_seen_on_its_first_day_whatever_happens_later() -> None:
    seen = read({}, document(providers=[provider()]), FIRST)
    changed = read(seen, document(providers=[provider(name="New (fictional)")]), SECOND)
    gone = read(changed, document(), SECOND)
    back = read(gone, document(providers=[provider()]), THIRD)
    assert {of(s).first_seen for s in (seen, changed, gone, back)} == {FIRST}


def test_a_record_missing_from_a_complete_reading_is_absent_since_the_day_it_was_missed() -> None:
    seen = read({}, document(providers=[provider()]), FIRST)
    gone = read(seen, document(), SECOND)
    assert of(gone).absent_since == SECOND
    assert of(gone).record == of(seen).record
    assert fresh(gone, document(), THIRD) == []


def test_a_record_seen_again_is_as_if_it_had_stayed() -> None:
    seen = read({}, document(providers=[provider()]), FIRST)
    back = read(read(seen, document(), SECOND), document(providers=[provider()]), THIRD)
    assert of(back) == of(seen)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("covered", [Coverage.PARTIAL, Coverage.NONE])
def test_a_reading_that_is_not_complete_concludes_no_absence(kind: Kind, covered: Coverage) -> None:
    seen = read({}, whole(), FIRST)
    coverage = replace(ALL, **{kind.value: covered})
    less = read(seen, document(), SECOND, coverage)
    assert less[kind] == seen[kind]
    others = [s for k in Kind if k is not kind for s in less[k].values()]
    assert {s.absent_since for s in others} == {SECOND}


def test_what_a_partial_reading_does_list_is_stated() -> None:
    partial = replace(ALL, providers=Coverage.PARTIAL)
    seen = read({}, document(providers=[provider(), provider("egret")]), FIRST)
    after = read(seen, document(providers=[provider(name="New (fictional)")]), SECOND, partial)
    assert after[Kind.PROVIDERS]["egret"] == seen[Kind.PROVIDERS]["egret"]
    assert of(after).record != of(seen).record


def test_a_family_name_is_stated_as_a_hash_and_never_as_it_is() -> None:
    stated = read({}, whole(), FIRST)[Kind.AUTHORISATIONS]["au-1"]
    assert stated.family_name_hash
    assert b"Wader" not in msgspec.json.encode(stated)


def test_a_new_family_name_is_stated_afresh() -> None:
    once = read({}, whole(), FIRST)
    married = whole()
    married["authorisations"][0]["familyName"] = "Diver"
    assert fresh(once, married, SECOND) == ["authorisations/au-1"]


# ---- what changes in the register


def test_everything_of_the_first_snapshot_is_added_from_the_day_it_begins() -> None:
    found = changes(None, read({}, whole(), FIRST), FIRST)
    assert {c.change for c in found} == {ChangeKind.ADDED}
    assert [(c.kind.value, c.register) for c in found] == [
        ("bodies", "body"),
        ("providers", "heron"),
        ("programmes", "heron-1"),
        ("programmes", "heron-2"),
        ("authorisations", "AU-1"),
        ("affiliations", "AF-1"),
    ]
    assert [c.valid_from for c in found] == [None] + [date(2024, 1, 1)] * 5


def test_nothing_changes_where_nothing_differs() -> None:
    once = read({}, whole(), FIRST)
    assert changes(once, read(once, whole(), SECOND), SECOND) == []


def listed(**fields: Any) -> dict[str, Any]:
    return document(providers=[provider(**fields)])


OPEN, ENDED = in_force(), in_force("2024-01-01", "2026-06-01")

HAPPENINGS: list[tuple[dict[str, Any], dict[str, Any], Change]] = [
    (
        listed(),
        listed(name="New (fictional)", settings=["school"]),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CHANGED, None, ("name", "settings")),
    ),
    (
        listed(periods=OPEN),
        listed(periods=ENDED),
        Change(Kind.PROVIDERS, "heron", ChangeKind.ENDED, date(2026, 6, 1), ("periods",)),
    ),
    (
        listed(periods=ENDED),
        listed(periods=in_force("2024-01-01", "2026-05-01"), name="New (fictional)"),
        Change(Kind.PROVIDERS, "heron", ChangeKind.ENDED, date(2026, 5, 1), ("name", "periods")),
    ),
    (
        listed(periods=ENDED),
        listed(periods=OPEN),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CHANGED, None, ("periods",)),
    ),
    (
        listed(periods=ENDED),
        listed(periods=in_force("2024-02-01", "2026-06-01")),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CHANGED, None, ("periods",)),
    ),
    (
        listed(periods=OPEN),
        document(),
        Change(Kind.PROVIDERS, "heron", ChangeKind.DELISTED, SECOND),
    ),
    (
        listed(periods=in_force("2024-01-01", "2026-11-09")),
        document(),
        Change(Kind.PROVIDERS, "heron", ChangeKind.DELISTED, SECOND),
    ),
    (
        listed(periods=in_force("2024-01-01", "2026-11-08")),
        document(),
        Change(Kind.PROVIDERS, "heron", ChangeKind.DROPPED, SECOND),
    ),
    (
        document(bodies=[body()]),
        document(),
        Change(Kind.BODIES, "body", ChangeKind.DELISTED, SECOND),
    ),
    (
        document(affiliations=[affiliation()], coverage={"affiliations": "complete"}),
        document(),
        Change(Kind.AFFILIATIONS, "AF-1", ChangeKind.DELISTED, SECOND),
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), HAPPENINGS)
def test_a_change_says_what_happened_from_when_and_in_which_fields(
    before: dict[str, Any], after: dict[str, Any], expected: Change
) -> None:
    was = read({}, before, FIRST)
    assert changes(was, read(was, after, SECOND), SECOND) == [expected]


def test_a_record_that_comes_back_is_relisted_with_what_changed_meanwhile() -> None:
    gone = read(read({}, listed(), FIRST), document(), SECOND)
    back = read(gone, listed(name="New (fictional)"), THIRD)
    assert changes(gone, back, THIRD) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.RELISTED, THIRD, ("name",))
    ]


def test_a_record_that_stays_away_changes_no_more() -> None:
    gone = read(read({}, listed(), FIRST), document(), SECOND)
    assert changes(gone, read(gone, document(), THIRD), THIRD) == []


def test_a_change_never_names_a_family_name() -> None:
    once = read({}, whole(), FIRST)
    married = whole()
    married["authorisations"][0]["familyName"] = "Diver"
    assert changes(once, read(once, married, SECOND), SECOND) == []


def test_changes_come_by_kind_and_id() -> None:
    ids = ["c", "A", "b"]
    written = document(
        providers=[provider(i) for i in ids],
        programmes=[programme(f"p-{i}", provider=i) for i in ids],
    )
    found = changes(None, read({}, written, FIRST), FIRST)
    assert [c.register for c in found] == ["A", "b", "c", "p-A", "p-b", "p-c"]


def test_a_record_that_only_a_mistake_stated_is_gone_and_that_is_told() -> None:
    register = state(read({}, whole(authorisations=[]), FIRST))
    letter = confirmations(authorisations=[authorisation()])
    mistaken = confirmations(authorisations=[authorisation()], absent=NEVER)
    told = register_changes(merge([register, letter]), merge([register, mistaken]), SECOND)
    assert [*told] == [Change(Kind.AUTHORISATIONS, "AU-1", ChangeKind.DELISTED, SECOND)]


def test_a_provider_that_is_known_by_another_id_now_is_not_told_to_be_gone() -> None:
    company = [{"scheme": "companies-house", "value": "ZZ000001"}]
    own = state(
        read({}, document(providers=[provider("own-7", identifiers=company)]), FIRST),
        source="own",
        vouched_by=VouchedBy.PROVIDER_DECLARED,
    )
    listed = state(read({}, document(providers=[provider("p-1", identifiers=company)]), FIRST))
    told = register_changes(merge([own]), merge([own, listed]), SECOND)
    assert [(c.register, c.change) for c in told] == [("p-1", ChangeKind.ADDED)]


# ---- digests


def digest(*states: SourceState, salt: bytes = b"") -> str:
    """Return the digest of the snapshot that these sources make."""
    fresh = [
        Fresh(s.source, kind, key, said)
        for s in states
        for kind, by_key in s.statements.items()
        for key, said in by_key.items()
    ]
    return register_digest(states, [statement_digest(f, salt) for f in fresh])


def turned(written: dict[str, Any]) -> dict[str, Any]:
    backwards = reversed(written.items())
    return {k: v[::-1] if isinstance(v, list) else v for k, v in backwards}


def test_a_digest_is_the_same_in_whatever_order_records_and_sources_come(
    register: dict[str, Any],
) -> None:
    one, other = read({}, register, FIRST), read({}, turned(register), FIRST)
    states = [state(one), state(one, source="another")]
    backwards = [state(other, source="another"), state(other)]
    assert digest(*states) == digest(*backwards)
    assert digest(*states).startswith("sha256:")


COUNTED: Iterable[dict[str, Any]] = (
    {"source": "another"},
    {"publisher": "another (fictional)"},
    {"vouched_by": VouchedBy.CERTIFIER_CONFIRMED},
    {"max_age": timedelta(days=2)},
    {"term": None},
    {"term": Duration.parse("P2Y")},
    {"coverage": replace(ALL, programmes=Coverage.PARTIAL)},
)


@pytest.mark.parametrize("stated", COUNTED, ids=str)
def test_a_digest_changes_with_what_a_source_states_of_itself(stated: dict[str, Any]) -> None:
    statements = read({}, whole(), FIRST)
    assert digest(state(statements, **stated)) != digest(state(statements))


def changed(kind: str, **fields: Any) -> dict[str, Any]:
    written = whole()
    written[kind][0] = {**written[kind][0], **fields}
    return written


RECORDS = [
    changed("bodies", name="New (fictional)"),
    changed("bodies", licensed={"from": "2020-01-02", "to": None}),
    changed("providers", tradingNames=[]),
    changed("providers", identifiers=[]),
    changed("providers", certificate="HE-2"),
    changed("providers", periods=[period("suspended", "2024-01-01")]),
    changed("programmes", restrictive=True),
    changed("authorisations", role="associate"),
    changed("authorisations", programmes="all"),
    changed("affiliations", periods=in_force("2024-01-02")),
    whole(affiliations=[]),
    whole(affiliations=[affiliation(), affiliation("AF-2")]),
]


@pytest.mark.parametrize("written", RECORDS)
def test_a_digest_changes_with_every_record(written: dict[str, Any]) -> None:
    assert digest(state(read({}, written, FIRST))) != digest(state(read({}, whole(), FIRST)))


def test_a_digest_changes_with_the_day_of_seeing_and_of_missing() -> None:
    seen = read({}, listed(), FIRST)
    assert digest(state(read({}, listed(), SECOND))) != digest(state(seen))
    gone, later = read(seen, document(), SECOND), read(seen, document(), THIRD)
    assert len({digest(state(s)) for s in (seen, gone, later)}) == 3


def test_a_family_name_and_its_key_are_outside_the_digest() -> None:
    married = changed("authorisations", familyName="Diver")
    nameless = changed("authorisations", familyName=None)
    digests = {
        digest(state(read({}, written, FIRST, key=key)))
        for written in (whole(), married, nameless)
        for key in (NAME_KEY, b"another key")
    }
    assert len(digests) == 1


def test_the_age_of_a_source_is_outside_the_digest() -> None:
    statements = read({}, whole(), FIRST)
    older = datetime(2026, 10, 1, tzinfo=UTC)
    assert digest(state(statements, as_of=older)) == digest(state(statements))


def test_a_salt_hides_what_a_statement_was() -> None:
    said = Fresh(
        "register",
        Kind.AUTHORISATIONS,
        "au-1",
        of(read({}, whole(), FIRST), Kind.AUTHORISATIONS, "au-1"),
    )
    assert len({statement_digest(said, salt) for salt in (b"", b"one", b"other")}) == 3


def test_two_kinds_never_share_a_statements_digest() -> None:
    said = of(read({}, whole(), FIRST))
    one, other = (
        Fresh("register", kind, "heron", said) for kind in (Kind.PROVIDERS, Kind.PROGRAMMES)
    )
    assert statement_digest(one, b"") != statement_digest(other, b"")


def test_authorisations_are_dated_like_everything_else() -> None:
    once = read({}, whole(), FIRST)
    less = whole(authorisations=[authorisation("AU-2", trainer="tr-2")])
    found = changes(once, read(once, less, SECOND), SECOND)
    assert [(c.register, c.change) for c in found] == [
        ("AU-1", ChangeKind.DELISTED),
        ("AU-2", ChangeKind.ADDED),
    ]


# ---- where equally vouched sources contradict each other


def two(one: Statements, other: Statements) -> Merged:
    return merge([state(one), state(other, source="second")])


def told(**fields: Any) -> Statements:
    return read({}, listed(**fields), FIRST)


def test_a_contradiction_that_begins_and_one_that_ends_are_changes_in_their_fields() -> None:
    agreeing = two(told(), told())
    contradicting = two(told(), told(name="Other (fictional)", certificate="HE-1"))
    worse = two(told(certificate="HE-2"), told(name="Other (fictional)", certificate="HE-1"))
    assert list(register_changes(agreeing, contradicting, SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.CHANGED, None, ("certificate",)),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CONTRADICTED, None, ("name",)),
    ]
    assert list(register_changes(contradicting, worse, SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.CHANGED, None, ("certificate",)),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CONTRADICTED, None, ("certificate",)),
    ]
    assert list(register_changes(worse, two(told(certificate="HE-2"), told()), SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.AGREED, None, ("name", "certificate"))
    ]


def test_one_contradiction_may_end_as_another_begins() -> None:
    before = two(told(), told(name="Other (fictional)"))
    after = two(told(), told(periods=ENDED))
    assert list(register_changes(before, after, SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.CONTRADICTED, None, ("periods",)),
        Change(Kind.PROVIDERS, "heron", ChangeKind.AGREED, None, ("name",)),
    ]


def test_a_record_that_is_new_and_contradicted_at_once_says_both() -> None:
    after = two(told(), told(name="Other (fictional)"))
    assert list(register_changes(None, after, SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.ADDED, date(2024, 1, 1)),
        Change(Kind.PROVIDERS, "heron", ChangeKind.CONTRADICTED, None, ("name",)),
    ]


def test_a_contradiction_that_lasts_is_no_change() -> None:
    one = two(told(), told(name="Other (fictional)"))
    other = two(told(), told(name="Yet another (fictional)"))
    assert list(register_changes(one, other, SECOND)) == []


def test_a_source_that_lists_a_record_no_more_contradicts_nobody() -> None:
    stated = told(name="Other (fictional)")
    before = two(told(), stated)
    after = two(told(), read(stated, document(), SECOND))
    assert list(register_changes(before, after, SECOND)) == [
        Change(Kind.PROVIDERS, "heron", ChangeKind.AGREED, None, ("name",))
    ]


def test_how_long_a_statement_is_good_is_in_its_digest_and_changes_no_other() -> None:
    register = state(read({}, whole(), FIRST))
    letters = [
        confirmations(authorisations=[authorisation()], **days)
        for days in ({}, {"on": date(2026, 3, 4)}, {"until": date(2027, 3, 3)})
    ]
    assert len({digest(register, letter) for letter in letters}) == 3
    aged = replace(letters[0], max_age=timedelta(days=1))
    assert digest(register, aged) != digest(register, letters[0])


def test_a_statement_that_says_nothing_of_its_age_has_the_digest_that_it_always_had() -> None:
    record = msgspec.convert(programme(), Programme)
    statement = Fresh("list", Kind.PROGRAMMES, "heron-1", Statement(record, FIRST))
    assert statement_digest(statement, b"") == (
        "sha256:3a954d54aa30051701e0f5528626890bf35e7314148bd2295a1a02ab58fb3e3d"
    )
