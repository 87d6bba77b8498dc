"""What the body confirmed, in the rules: used where it is there, for as long as it is good, and for nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.confirmed import GIVEN, UNTIL, confirmations, together
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
from tests.registers import index_of_sources, source_of
from trivet.register.merge import NEVER, SourceState
from trivet.register.records import Kind, VouchedBy
from trivet.verification.question import Question
from trivet.verification.rules import Judgement, judge

REGISTER, CONFIRMED, DECLARED = VouchedBy
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = date(2026, 1, 10)
DAY = date(2026, 5, 12)
ONE_DAY = timedelta(days=1)
BY_WARD: dict[str, Any] = {"deliveredBy": identifier("ods", "ZZ1")}
UNDATED: dict[str, Any] = {"periods": in_force(None)}
WITHDRAWN: dict[str, Any] = {
    "periods": [*in_force("2024-01-01", "2026-05-01"), period("withdrawn", "2026-05-01")]
}


def certified(register: str = "heron", **fields: Any) -> dict[str, Any]:
    return provider(register, **{"periods": in_force("2023-01-01", "2036-01-01"), **fields})


def listed(
    coverage: str = "complete",
    *,
    vouched_by: VouchedBy = REGISTER,
    name: str = "list",
    as_of: datetime = NOW,
    **records: Any,
) -> SourceState:
    """Return a list of these records that covers the kinds it has records of."""
    covered = {kind.value: coverage if records.get(kind.value) else "none" for kind in Kind}
    return source_of(
        document(covered, **records),
        first_seen=SEEN,
        as_of=as_of,
        source=name,
        vouched_by=vouched_by,
    )


def published(**instead: Any) -> SourceState:
    """Return what a public list has: the organisations, and what is put in their place."""
    return listed(**{"bodies": [body()], "providers": [certified()], **instead})


def ask(
    *sources: SourceState,
    on: date = DAY,
    now: datetime = NOW,
    declared: bool = False,
    **asked: Any,
) -> Judgement:
    question = {
        "provider": identifier("register", "heron"),
        "programme": identifier("register", "heron-1"),
        "trainer": identifier("authorisation", "AU-1"),
        **asked,
    }
    index = index_of_sources(*sources)
    return judge(msgspec.convert(question, Question), index, on, now, accepts_declared=declared)


def reasons(said: Judgement) -> dict[str, list[str]]:
    return {
        element.element.value: [reason.code for reason in element.reasons]
        for element in said.elements
        if element.reasons
    }


def test_what_nobody_lists_passes_once_the_body_has_confirmed_it() -> None:
    before = ask(published())
    assert reasons(before) == {
        "programme": ["programme_source_missing"],
        "trainer": ["trainer_source_missing"],
    }
    letters = confirmations(programmes=[programme()], authorisations=[authorisation()])
    after = ask(published(), letters)
    assert after.verdict == "pass"
    assert {e.element.value: e.provenance for e in after.elements}["trainer"] is CONFIRMED


def test_one_confirmation_confirms_one_element_and_no_other() -> None:
    said = ask(published(), confirmations(authorisations=[authorisation()]))
    assert reasons(said) == {"programme": ["programme_source_missing"]}


def test_a_confirmation_bears_out_what_the_provider_declared() -> None:
    register = published(programmes=[programme()])
    own = listed("partial", vouched_by=DECLARED, name="own", authorisations=[authorisation()])
    assert reasons(ask(register, own)) == {"trainer": ["trainer_declared_only"]}
    letter = confirmations(authorisations=[authorisation()])
    assert ask(register, own, letter).verdict == "pass"


def test_a_handful_of_confirmations_proves_nobody_s_absence() -> None:
    letters = confirmations(authorisations=[authorisation()])
    said = ask(published(programmes=[programme()]), letters, trainer=identifier("register", "tr-9"))
    assert reasons(said) == {"trainer": ["trainer_source_missing"]}


def test_it_does_not_make_a_provider_s_own_complete_list_a_partial_one() -> None:
    own = listed(
        vouched_by=DECLARED,
        bodies=[body()],
        providers=[certified()],
        programmes=[programme()],
        authorisations=[authorisation()],
    )
    letter = confirmations(authorisations=[authorisation()])
    unknown: dict[str, Any] = {"trainer": identifier("register", "tr-9")}
    without, beside = ask(own, **unknown), ask(own, letter, **unknown)
    assert "trainer_not_authorised" in reasons(without)["trainer"]
    assert reasons(beside) == reasons(without)


# How long it is good

KINDS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("programmes", programme(), {"programme"}),
    ("authorisations", authorisation(), {"trainer", "delivery"}),
    ("providers", certified(certificate="HE-1"), {"provider", "body", "delivery"}),
]


def all_but(kind: str, as_of: datetime = NOW) -> SourceState:
    records = {**whole_lists(), "affiliations": [affiliation()]}
    return listed(as_of=as_of, **{**records, kind: []})


def whole_lists() -> dict[str, Any]:
    return {
        "bodies": [body()],
        "providers": [certified()],
        "programmes": [programme()],
        "authorisations": [authorisation()],
    }


def of(kind: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return the records of a confirmation of one."""
    return {kind: [record]}


@pytest.mark.parametrize(("kind", "record", "elements"), KINDS)
def test_it_is_good_up_to_and_including_its_last_day(
    kind: str, record: dict[str, Any], elements: set[str]
) -> None:
    letter = confirmations(**of(kind, record))
    now = datetime(2028, 1, 1, tzinfo=UTC)
    fresh = all_but(kind, as_of=now)
    assert ask(fresh, letter, on=UNTIL, now=now).verdict == "pass"
    over = ask(fresh, letter, on=UNTIL + ONE_DAY, now=now)
    assert over.verdict == "cannot_confirm"
    assert reasons(over) == {element: ["register_stale"] for element in elements}


def test_an_affiliation_that_was_confirmed_is_good_as_long() -> None:
    letter = confirmations(affiliations=[affiliation()])
    assert ask(all_but("affiliations"), letter, on=DAY, **BY_WARD).verdict == "pass"
    said = ask(all_but("affiliations"), letter, on=UNTIL + ONE_DAY, **BY_WARD)
    assert reasons(said) == {"delivery": ["register_stale"]}


def test_a_day_to_come_that_lies_beyond_it_is_not_confirmed_today() -> None:
    letter = confirmations(authorisations=[authorisation()])
    said = ask(all_but("authorisations"), letter, on=UNTIL + ONE_DAY, now=NOW)
    assert "register_stale" in reasons(said)["trainer"]


def test_a_day_long_past_stays_confirmed_by_a_letter_that_was_good_then() -> None:
    letter = confirmations(authorisations=[authorisation()])
    later = datetime(2035, 1, 1, tzinfo=UTC)
    assert ask(all_but("authorisations"), letter, on=DAY, now=later).verdict == "pass"
    before_the_letter = GIVEN - timedelta(days=400)
    said = ask(all_but("authorisations"), letter, on=before_the_letter, now=later)
    assert said.verdict == "pass"


def test_why_it_is_stale_names_the_confirmation_and_its_last_day() -> None:
    said = ask(
        all_but("authorisations"),
        confirmations(authorisations=[authorisation()]),
        on=UNTIL + ONE_DAY,
    )
    (given,) = (r for e in said.elements if e.element == "trainer" for r in e.reasons)
    assert given.params == {
        "sources": "confirmations",
        "goodUntil": "2027-03-02",
        "records": "authorisations",
    }


@pytest.mark.parametrize("status", ["suspended", "withdrawn"])
def test_nothing_fails_by_a_confirmation_that_is_over(status: str) -> None:
    lapsed = authorisation(
        periods=[*in_force("2024-01-01", "2026-03-01"), period(status, "2026-03-01")]
    )
    letter = confirmations(authorisations=[lapsed])
    assert ask(all_but("authorisations"), letter, on=UNTIL).verdict == "fail"
    over = ask(all_but("authorisations"), letter, on=UNTIL + ONE_DAY)
    assert over.verdict == "cannot_confirm"
    assert reasons(over)["trainer"] == ["register_stale"]


def test_what_ended_within_a_confirmation_fails_only_while_it_is_good() -> None:
    letter = confirmations(programmes=[programme(periods=in_force("2024-01-01", "2026-10-01"))])
    lapsed = ask(all_but("programmes"), letter, on=date(2026, 10, 1))
    assert reasons(lapsed) == {"programme": ["programme_approval_expired"]}
    said = ask(all_but("programmes"), letter, on=UNTIL + ONE_DAY)
    assert reasons(said) == {"programme": ["register_stale"]}


def test_a_stale_list_still_fails_what_it_says_has_lapsed() -> None:
    register = replace(all_but("authorisations"), as_of=NOW - timedelta(days=900))
    register = replace(
        register,
        statements={
            **register.statements,
            Kind.PROGRAMMES: listed(programmes=[programme(**WITHDRAWN)]).statements[
                Kind.PROGRAMMES
            ],
        },
    )
    said = ask(register, confirmations(authorisations=[authorisation()]))
    assert reasons(said)["programme"] == ["programme_withdrawn"]


@pytest.mark.parametrize(("max_age", "verdict"), [("P70D", "cannot_confirm"), ("P71D", "pass")])
def test_a_caller_may_ask_for_a_confirmation_that_is_younger(max_age: str, verdict: str) -> None:
    # The 12th of May ends 71 days, but for the hour of summer time, after the 3rd of March began.
    letter = confirmations(authorisations=[authorisation()])
    said = ask(all_but("authorisations"), letter, on=DAY, maxAge=max_age)
    assert said.verdict == verdict


def test_a_list_that_agrees_needs_no_confirmation_and_a_confirmation_no_fresh_list() -> None:
    sheet = listed("partial", vouched_by=CONFIRMED, name="sheet", authorisations=[authorisation()])
    letter = confirmations(authorisations=[authorisation()])
    rest = all_but("authorisations")
    assert ask(rest, sheet, letter, on=UNTIL + ONE_DAY).verdict == "pass"
    old = replace(sheet, as_of=NOW - timedelta(days=900))
    assert ask(rest, old, letter).verdict == "pass"
    said = ask(rest, old, letter, on=UNTIL + ONE_DAY)
    assert "register_stale" in reasons(said)["trainer"]


# How it ends


def test_one_that_was_ended_is_good_for_the_days_before() -> None:
    ended = confirmations(authorisations=[authorisation()], absent=date(2026, 6, 1))
    assert ask(all_but("authorisations"), ended, on=date(2026, 5, 31)).verdict == "pass"
    said = ask(all_but("authorisations"), ended, on=date(2026, 6, 1))
    assert reasons(said) == {"trainer": ["trainer_delisted"]}


def test_one_that_was_a_mistake_never_counted() -> None:
    mistaken = confirmations(authorisations=[authorisation()], absent=NEVER)
    without = ask(all_but("authorisations"))
    assert reasons(ask(all_but("authorisations"), mistaken)) == reasons(without)
    own = listed("partial", vouched_by=DECLARED, name="own", authorisations=[authorisation()])
    said = ask(all_but("authorisations"), own, mistaken)
    assert reasons(said) == {"trainer": ["trainer_declared_only"]}


# The register is believed


@pytest.mark.parametrize("fields", [WITHDRAWN, {"periods": [period("suspended", "2024-01-01")]}])
def test_the_register_s_word_on_a_day_is_not_replaced(fields: dict[str, Any]) -> None:
    register = published(programmes=[programme(**fields)], authorisations=[authorisation()])
    letter = confirmations(programmes=[programme()])
    assert ask(register, letter).verdict == "fail"
    good = published(programmes=[programme()], authorisations=[authorisation()])
    worse = confirmations(programmes=[programme(**fields)])
    assert ask(good, worse).verdict == "pass"


def test_a_register_that_is_stale_is_not_made_fresh_by_a_confirmation() -> None:
    old = listed(as_of=NOW - timedelta(days=900), **whole_lists())
    letter = confirmations(authorisations=[authorisation()])
    assert "register_stale" in reasons(ask(old, letter))["trainer"]


LEFT_OPEN: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("providers", {}, UNDATED, "start_not_recorded"),
    ("programmes", {}, UNDATED, "start_not_recorded"),
    ("authorisations", {}, UNDATED, "start_not_recorded"),
    (
        "providers",
        {"on": date(2027, 2, 1)},
        {"periods": in_force("2024-01-01")},
        "provider_term_elapsed",
    ),
]
MAKE = {"providers": certified, "programmes": programme, "authorisations": authorisation}
ELEMENT = {"providers": "provider", "programmes": "programme", "authorisations": "trainer"}


@pytest.mark.parametrize(("kind", "asked", "fields", "code"), LEFT_OPEN)
def test_what_the_register_leaves_open_the_body_may_have_confirmed(
    kind: str, asked: dict[str, Any], fields: dict[str, Any], code: str
) -> None:
    day = {"on": date(2026, 1, 9), **asked}
    register = listed(**{**whole_lists(), kind: [MAKE[kind](**fields)]})
    assert code in reasons(ask(register, **day))[ELEMENT[kind]]
    letter = confirmations(**of(kind, MAKE[kind](periods=in_force("2023-01-01", "2028-01-01"))))
    said = ask(register, letter, **day)
    assert said.verdict == "pass"
    assert {e.element.value: e.provenance for e in said.elements}[ELEMENT[kind]] is CONFIRMED


def test_what_two_registers_dispute_is_not_left_open() -> None:
    lists = {**whole_lists(), "programmes": [programme(**UNDATED)]}
    another = listed(name="z", programmes=[programme(**WITHDRAWN)])
    letter = confirmations(programmes=[programme(periods=in_force("2023-01-01"))])
    said = ask(listed(**lists), another, letter, on=date(2026, 1, 9))
    assert said.verdict == "cannot_confirm"


def test_a_day_that_the_letter_does_not_speak_of_stays_open() -> None:
    register = listed(**{**whole_lists(), "programmes": [programme(**UNDATED)]})
    letter = confirmations(programmes=[programme(periods=in_force("2025-06-01", "2026-01-01"))])
    for day in (date(2025, 5, 31), date(2026, 1, 1)):
        said = ask(register, letter, on=day)
        assert reasons(said) == {"programme": ["start_not_recorded"]}
    assert ask(register, letter, on=date(2025, 12, 31)).verdict == "pass"


def test_where_the_register_knows_the_day_its_own_freshness_is_what_counts() -> None:
    register = listed(**{**whole_lists(), "programmes": [programme(**UNDATED)]})
    letter = confirmations(programmes=[programme(periods=in_force("2023-01-01"))])
    said = ask(register, letter, on=UNTIL + ONE_DAY)
    assert said.verdict == "pass"
    element = {e.element.value: e for e in said.elements}["programme"]
    assert element.provenance is REGISTER


def missed(source: SourceState, kind: str, since: date) -> SourceState:
    of_kind = source.statements[Kind(kind)]
    gone = {key: replace(statement, absent_since=since) for key, statement in of_kind.items()}
    return replace(source, statements={**source.statements, Kind(kind): gone})


@pytest.mark.parametrize("kind", ["providers", "programmes", "authorisations"])
def test_what_vanished_from_the_register_holds_if_the_body_says_so_afterwards(kind: str) -> None:
    register = missed(listed(**whole_lists()), kind, date(2026, 3, 1))
    assert reasons(ask(register))[ELEMENT[kind]] == [f"{ELEMENT[kind]}_delisted"]
    for on, verdict in ((date(2026, 3, 1), "pass"), (date(2026, 2, 28), "cannot_confirm")):
        letter = confirmations(on=on, until=UNTIL, **of(kind, MAKE[kind]()))
        assert ask(register, letter).verdict == verdict


def test_a_record_that_vanished_again_after_the_letter_is_delisted() -> None:
    register = missed(listed(**whole_lists()), "programmes", date(2026, 4, 1))
    letter = confirmations(programmes=[programme()])
    assert ask(register, letter, on=date(2026, 3, 31)).verdict == "pass"
    said = ask(register, letter, on=date(2026, 4, 1))
    assert reasons(said) == {"programme": ["programme_delisted"]}


def test_what_the_register_withdrew_before_dropping_it_stays_withdrawn() -> None:
    lists = {**whole_lists(), "programmes": [programme(**WITHDRAWN)]}
    register = missed(listed(**lists), "programmes", date(2026, 2, 1))
    said = ask(register, confirmations(programmes=[programme()]))
    assert reasons(said) == {"programme": ["programme_withdrawn"]}


def test_the_body_may_say_that_what_vanished_is_withdrawn() -> None:
    register = missed(listed(**whole_lists()), "programmes", date(2026, 2, 1))
    letter = confirmations(
        programmes=[
            programme(
                periods=[*in_force("2024-01-01", "2026-02-01"), period("withdrawn", "2026-02-01")]
            )
        ]
    )
    assert reasons(ask(register, letter)) == {"programme": ["programme_withdrawn"]}


def test_equal_sources_that_differ_are_not_believed_either_of_them() -> None:
    sheet = listed(
        "partial",
        vouched_by=CONFIRMED,
        name="sheet",
        programmes=[programme(**WITHDRAWN)],
    )
    said = ask(all_but("programmes"), sheet, confirmations(programmes=[programme()]))
    assert reasons(said) == {"programme": ["sources_contradict"]}


def test_a_letter_finds_its_provider_under_the_id_that_a_register_gives_it_later() -> None:
    company = [identifier("companies-house", "ZZ000001")]
    own = listed(
        "partial",
        vouched_by=DECLARED,
        name="own",
        providers=[certified("own-7", identifiers=company)],
        programmes=[programme(provider="own-7")],
        authorisations=[authorisation(provider="own-7")],
    )
    letters = together(
        confirmations(programmes=[programme(provider="own-7")]),
        confirmations(authorisations=[authorisation(provider="own-7")]),
    )
    register = published(providers=[certified("p-100", identifiers=company)])
    for known_as in ("p-100", "own-7"):
        said = ask(register, own, letters, provider=identifier("register", known_as))
        assert said.verdict == "pass", reasons(said)
