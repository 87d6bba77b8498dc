"""Several sources beside each other: who is believed, who contradicts whom, who is stale, and what vanished."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
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
from trivet.register.merge import SourceState
from trivet.register.records import Kind, VouchedBy
from trivet.verification.caveats import caveats
from trivet.verification.question import Question
from trivet.verification.rules import Judgement, judge

REGISTER, CONFIRMED, DECLARED = VouchedBy
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = date(2026, 1, 10)
DAY = date(2026, 3, 12)
GONE = date(2026, 3, 1)
KINDS = [kind.value for kind in Kind]

WARD = {"name": "Reed Ward (fictional)", "identifiers": [identifier("ods", "ZZ1")]}
BY_WARD: dict[str, Any] = {"deliveredBy": identifier("ods", "ZZ1")}
LAPSED = [period("in_force", "2024-01-01", "2025-01-01")]
WITHDRAWN = [period("in_force", "2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]

RECORDS: dict[str, dict[str, Any]] = {
    "bodies": body(),
    "providers": provider(certificate="HE-1", identifiers=[identifier("ods", "ZZ9")]),
    "programmes": programme(),
    "authorisations": authorisation(familyName="Wader"),
    "affiliations": affiliation(),
}
ELEMENT = {
    "bodies": "body",
    "providers": "provider",
    "programmes": "programme",
    "authorisations": "trainer",
    "affiliations": "delivery",
}
"""The element that rests on a kind of record; delivery, where the ward delivers."""


def stated(
    name: str,
    vouched_by: VouchedBy = REGISTER,
    *,
    coverage: str = "complete",
    as_of: datetime = NOW,
    term: str | None = "P3Y",
    **instead: Any,
) -> SourceState:
    """Return a source that states the records above, some fields or whole kinds of them otherwise.

    `instead` gives fields by kind, or None: nothing of that kind, and no coverage of it.
    """
    records = deepcopy(RECORDS)
    for kind, fields in instead.items():
        records[kind] = {**records[kind], **fields} if fields is not None else {}
    listed = {kind: [record] if record else [] for kind, record in records.items()}
    covered = {kind: coverage if records[kind] else "none" for kind in KINDS}
    return source_of(
        document(covered, **listed),
        first_seen=SEEN,
        as_of=as_of,
        source=name,
        vouched_by=vouched_by,
        term=Duration.parse(term) if term else None,
    )


def of(kind: str, fields: Any) -> dict[str, Any]:
    """Return what to state instead of one kind of record."""
    return {kind: fields}


def only(kind: str, **fields: Any) -> dict[str, Any]:
    """Return what to state instead, for a source of one kind of record."""
    return {**dict.fromkeys(KINDS, None), kind: fields}


def missing(source: SourceState, kind: str, since: date = GONE) -> SourceState:
    """Return the source after all its records of a kind were missed."""
    listed = source.statements[Kind(kind)]
    gone = {key: replace(statement, absent_since=since) for key, statement in listed.items()}
    return replace(source, statements={**source.statements, Kind(kind): gone})


def ask(*sources: SourceState, on: date = DAY, now: datetime = NOW, **asked: Any) -> Judgement:
    """Ask whether the one trainer delivers the one programme, by the provider unless asked otherwise."""
    question = {
        "provider": identifier("register", "heron"),
        "programme": identifier("register", "heron-1"),
        "trainer": identifier("register", "tr-1"),
        **asked,
    }
    return judge(msgspec.convert(question, Question), index_of_sources(*sources), on, now)


def by_element(said: Judgement) -> dict[str, list[str]]:
    """Return the reasons of each element that has any."""
    return {
        element.element.value: [reason.code for reason in element.reasons]
        for element in said.elements
        if element.reasons
    }


def test_one_source_of_everything_passes_and_so_does_the_affiliate() -> None:
    assert ask(stated("a")).verdict == "pass"
    assert ask(stated("a"), **BY_WARD).verdict == "pass"


# Who contradicts whom (R21)

CONTRADICTED = [
    ("bodies", {"licensed": {"from": "2021-01-01", "to": None}}),
    ("bodies", {"accreditation": {"number": "00001", "from": "2021-01-01", "to": None}}),
    ("providers", {"periods": in_force("2025-01-01")}),
    ("programmes", {"periods": in_force("2025-01-01")}),
    ("authorisations", {"periods": in_force("2025-01-01")}),
    ("authorisations", {"programmes": ["heron-1"]}),
    ("affiliations", {"periods": in_force("2025-01-01")}),
    ("affiliations", {"programmes": "all"}),
]


@pytest.mark.parametrize(("kind", "otherwise"), CONTRADICTED)
def test_equal_sources_that_differ_on_what_an_element_rests_on_cannot_confirm_it(
    kind: str, otherwise: dict[str, Any]
) -> None:
    said = ask(stated("a"), stated("b", **of(kind, otherwise)), **BY_WARD)
    assert said.verdict == "cannot_confirm"
    assert by_element(said)[ELEMENT[kind]] == ["sources_contradict"]


@pytest.mark.parametrize("kind", ["providers", "programmes", "authorisations", "affiliations"])
def test_one_sources_lapse_is_no_fail_while_an_equal_one_says_in_force(kind: str) -> None:
    for lapsed in (LAPSED, WITHDRAWN):
        disputed = stated("a", **of(kind, {"periods": lapsed})), stated("b")
        said = ask(*disputed, **BY_WARD)
        assert said.verdict == "cannot_confirm"
        assert by_element(said)[ELEMENT[kind]] == ["sources_contradict"]


IRRELEVANT = [
    ("bodies", {"name": "Another spelling (fictional)"}),
    ("providers", {"name": "Another spelling (fictional)"}),
    ("providers", {"standardsEdition": "1.2", "kind": "commercial"}),
    ("providers", {"settings": ["school"]}),
    ("providers", {"identifiers": [identifier("ods", "ZZ8")]}),
    ("providers", {"certificate": "HE-2"}),
    ("programmes", {"title": "Another spelling"}),
    ("programmes", {"modules": ["seclusion"], "settings": ["school"]}),
    ("authorisations", {"organisation": WARD}),
    ("authorisations", {"provider": "HERON", "trainer": "TR-1"}),
    ("affiliations", {"periods": LAPSED}),
]


@pytest.mark.parametrize(("kind", "otherwise"), IRRELEVANT)
def test_equal_sources_may_differ_on_what_no_element_rests_on(
    kind: str, otherwise: dict[str, Any]
) -> None:
    assert ask(stated("a"), stated("b", **of(kind, otherwise))).verdict == "pass"


@pytest.mark.parametrize(
    ("role", "reasons"),
    [("senior", {}), ("associate", {"delivery": ["sources_contradict"]})],
)
def test_where_a_trainer_belongs_matters_only_for_an_associate(
    role: str, reasons: dict[str, list[str]]
) -> None:
    elsewhere = {"name": "Oak Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}
    sources = [
        stated(name, authorisations={"role": role, "organisation": organisation})
        for name, organisation in (("a", WARD), ("b", elsewhere))
    ]
    assert by_element(ask(*sources, **BY_WARD)) == reasons


def test_a_scope_that_equal_sources_differ_on_cannot_be_confirmed() -> None:
    sources = [
        stated(name, programmes={"settings": settings})
        for name, settings in (("a", ["school"]), ("b", ["school", "secure"]))
    ]
    for setting in ("school", "secure"):
        said = ask(*sources, scope={"setting": setting})
        assert by_element(said) == {"scope": ["sources_contradict"]}


def test_a_better_vouched_source_is_not_contradicted_but_believed() -> None:
    for better, worse in ((REGISTER, CONFIRMED), (REGISTER, DECLARED), (CONFIRMED, DECLARED)):
        good = stated("z", better), stated("a", worse, providers={"periods": WITHDRAWN})
        assert ask(*good).verdict == "pass"
        bad = stated("z", better, providers={"periods": WITHDRAWN}), stated("a", worse)
        assert by_element(ask(*bad)) == {"provider": ["provider_withdrawn"]}


# The provider's own word (R10)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("providers", "provider_declared_only"),
        ("programmes", "programme_declared_only"),
        ("authorisations", "trainer_declared_only"),
        ("affiliations", "affiliation_declared_only"),
        ("bodies", "body_unknown"),
    ],
)
def test_an_element_for_which_there_is_only_the_providers_word_cannot_be_confirmed(
    kind: str, code: str
) -> None:
    sources = stated("a", **of(kind, None)), stated("own", DECLARED, **only(kind))
    assert by_element(ask(*sources, **BY_WARD)) == {ELEMENT[kind]: [code]}


def test_a_providers_own_list_of_trainers_beside_a_register_of_providers_names_whom_to_ask() -> (
    None
):
    published = stated("list", authorisations=None)
    own = stated("own", DECLARED, coverage="partial", **only("authorisations"))
    assert by_element(ask(published, own)) == {"trainer": ["trainer_declared_only"]}
    unknown = ask(published, own, trainer=identifier("register", "tr-9"))
    assert by_element(unknown) == {"trainer": ["trainer_not_confirmed"]}


def test_what_the_body_confirmed_bears_out_a_providers_own_list() -> None:
    published = stated("list", authorisations=None)
    own = stated("own", DECLARED, coverage="partial", **only("authorisations"))
    letter = stated("letter", CONFIRMED, coverage="partial", **only("authorisations"))
    assert ask(published, own, letter).verdict == "pass"


def test_that_an_associate_belongs_to_the_ward_is_not_taken_from_the_providers_word_alone() -> None:
    published = stated("a", authorisations={"role": "associate"})
    own = stated("own", DECLARED, authorisations={"role": "associate", "organisation": WARD})
    assert by_element(ask(published, own, **BY_WARD)) == {"delivery": ["trainer_declared_only"]}


def test_a_recorded_scope_is_not_taken_from_the_providers_word_alone() -> None:
    own = stated("own", DECLARED, programmes={"settings": ["school"]})
    said = ask(stated("a"), own, scope={"setting": "school"})
    assert by_element(said) == {"scope": ["scope_not_recorded"]}


def test_a_published_affiliation_is_preferred_to_a_declared_one() -> None:
    published = stated("a", affiliations={"register": "AF-2"})
    own = stated("own", DECLARED, **only("affiliations", register="AF-1"))
    assert ask(published, own, **BY_WARD).verdict == "pass"


def test_a_published_authorisation_is_preferred_to_a_declared_one() -> None:
    published = stated("a", authorisations={"register": "AU-2"})
    own = stated("own", DECLARED, **only("authorisations", register="AU-1"))
    assert ask(published, own).verdict == "pass"


def test_what_the_provider_says_against_itself_still_fails() -> None:
    sources = (
        stated("a", authorisations=None),
        stated("own", DECLARED, **only("authorisations", periods=WITHDRAWN)),
    )
    assert by_element(ask(*sources)) == {"trainer": ["trainer_withdrawn"]}


# What vanished from a list (R21)

DELISTED = [
    ("bodies", "body_unknown"),
    ("providers", "provider_delisted"),
    ("programmes", "programme_delisted"),
    ("authorisations", "trainer_delisted"),
    ("affiliations", "affiliation_delisted"),
]


@pytest.mark.parametrize(("kind", "code"), DELISTED)
def test_a_record_that_vanished_is_good_until_the_day_on_which_it_was_missed(
    kind: str, code: str
) -> None:
    source = missing(stated("a"), kind)
    assert ask(source, on=GONE - timedelta(days=1), **BY_WARD).verdict == "pass"
    said = ask(source, on=GONE, **BY_WARD)
    assert said.verdict == "cannot_confirm"
    assert set(by_element(said)[ELEMENT[kind]]) == {code}


@pytest.mark.parametrize("kind", ["providers", "programmes", "authorisations", "affiliations"])
def test_a_record_that_vanished_fails_all_the_same_where_its_periods_do(kind: str) -> None:
    suspended = of(kind, {"periods": [period("suspended", "2024-01-01")]})
    source = missing(stated("a", **suspended), kind)
    assert ask(source, **BY_WARD).verdict == "fail"


def test_a_withdrawal_is_not_undone_by_dropping_the_row() -> None:
    letter = stated("letter", CONFIRMED, coverage="partial", **only("providers"))
    published = stated("a", providers={"periods": WITHDRAWN})
    for source in (published, missing(published, "providers")):
        assert by_element(ask(source, letter)) == {"provider": ["provider_withdrawn"]}


def test_a_trainer_who_vanished_is_not_made_known_by_the_providers_list() -> None:
    own = stated("own", DECLARED, **only("authorisations"))
    said = ask(missing(stated("a"), "authorisations"), own)
    assert by_element(said) == {"trainer": ["trainer_delisted"]}


# How old a source may grow (R21)

LONG_AGO = NOW - timedelta(days=300)


def test_only_what_rests_on_the_stale_source_is_stale() -> None:
    sources = (
        stated("a", authorisations=None),
        stated("trainers", as_of=LONG_AGO, **only("authorisations")),
    )
    # Whether a trainer is an associate, and of whom, is the trainers' source's word too.
    stale = {"trainer": ["register_stale"], "delivery": ["register_stale"]}
    assert by_element(ask(*sources)) == stale


def test_an_absence_is_stale_with_the_list_that_would_have_it() -> None:
    sources = (
        stated("a", authorisations=None),
        stated("trainers", as_of=LONG_AGO, **only("authorisations")),
    )
    unknown: dict[str, Any] = {"trainer": identifier("register", "tr-9")}
    assert by_element(ask(*sources, **unknown)) == {"trainer": ["register_stale"]}
    fresh = stated("a", authorisations=None), stated("trainers", **only("authorisations"))
    assert by_element(ask(*fresh, **unknown)) == {"trainer": ["trainer_not_authorised"]}


def test_what_follows_from_a_providers_absence_is_stale_with_the_list_of_providers() -> None:
    sources = (
        stated("a", as_of=LONG_AGO, programmes=None, authorisations=None),
        stated("b", bodies=None, providers=None, affiliations=None),
    )
    said = ask(*sources, provider=identifier("register", "nobody"))
    stale = {e: ["register_stale"] for e in ("provider", "programme", "trainer")}
    assert by_element(said) == stale


def test_a_fail_by_record_is_never_stale() -> None:
    old = stated("a", as_of=LONG_AGO, programmes={"periods": WITHDRAWN})
    said = ask(old)
    assert said.verdict == "fail"
    assert by_element(said)["programme"] == ["programme_withdrawn"]


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        # British Summer Time begins on 29 March and ends on 25 October 2026.
        ("2026-03-28", "2026-03-29T00:00Z"),
        ("2026-03-29", "2026-03-29T23:00Z"),
        ("2026-10-24", "2026-10-24T23:00Z"),
        ("2026-10-25", "2026-10-26T00:00Z"),
    ],
)
def test_a_source_has_to_be_fresh_until_the_day_of_delivery_ends_in_london(
    day: str, ends: str
) -> None:
    on, max_age = date.fromisoformat(day), timedelta(days=1)
    oldest = datetime.fromisoformat(ends) - max_age
    assert ask(stated("a", as_of=oldest), on=on).verdict == "pass"
    older = stated("a", as_of=oldest - timedelta(microseconds=1))
    assert set(by_element(ask(older, on=on))["provider"]) == {"register_stale"}


def test_for_today_and_days_to_come_a_source_has_to_be_fresh_until_now() -> None:
    oldest = NOW - timedelta(days=1)
    for on in (NOW.date(), NOW.date() + timedelta(days=3)):
        assert ask(stated("a", as_of=oldest), on=on).verdict == "pass"
        older = stated("a", as_of=oldest - timedelta(microseconds=1))
        assert ask(older, on=on).verdict == "cannot_confirm"


# The term of a certificate without an end (R11)


@pytest.mark.parametrize(
    ("term", "begins", "last_good_day"),
    [
        ("P3Y", "2024-01-01", "2026-12-31"),
        ("P3Y", "2024-02-29", "2027-02-28"),
        ("P1Y", "2024-02-29", "2025-02-28"),
        ("P4Y", "2024-02-29", "2028-02-28"),
        ("P18M", "2024-08-31", "2026-02-28"),
        ("P90D", "2024-01-01", "2024-03-30"),
    ],
)
def test_a_certificate_without_an_end_is_good_for_the_sources_term(
    term: str, begins: str, last_good_day: str
) -> None:
    early = {"periods": in_force("2023-01-01")}
    certified = {"periods": in_force(begins)}
    source = stated("a", term=term, providers=certified, programmes=early, authorisations=early)
    last = date.fromisoformat(last_good_day)
    good = ask(source, on=last)
    assert good.verdict == "pass"
    assert [element.derived for element in good.elements if element.element == "provider"] == [True]
    after = ask(source, on=last + timedelta(days=1))
    assert by_element(after) == {"provider": ["provider_term_elapsed"]}


def test_a_source_may_say_that_a_certificate_without_an_end_is_open() -> None:
    said = ask(stated("a", term=None), on=date(2076, 1, 1))
    assert said.verdict == "pass"
    assert not any(element.derived for element in said.elements)


def test_a_start_that_is_not_recorded_starts_no_term() -> None:
    undated = stated("a", providers={"periods": in_force(None)})
    assert ask(undated, on=date(2036, 1, 1)).verdict == "pass"
    before = ask(undated, on=SEEN - timedelta(days=1))
    assert by_element(before) == {"provider": ["start_not_recorded"]}


def test_the_term_is_that_of_the_source_whose_periods_are_believed() -> None:
    open_ended = stated("own", DECLARED, term=None)
    said = ask(stated("a"), open_ended, on=date(2027, 6, 1))
    assert by_element(said) == {"provider": ["provider_term_elapsed"]}


# Days to come (R20)


@pytest.mark.parametrize(("on", "said"), [(NOW.date(), False), (date(2026, 11, 23), True)])
def test_a_pass_for_a_day_to_come_is_said_to_be_as_recorded_now(on: date, said: bool) -> None:  # noqa: FBT001
    judgement = ask(stated("a"), on=on)
    assert judgement.verdict == "pass"
    told = " ".join(caveats(judgement, on, NOW.date(), ["A publisher (fictional)"], NOW))
    assert ("as recorded now" in told) == said


def test_a_fail_for_a_day_to_come_needs_no_such_caveat() -> None:
    on = NOW.date() + timedelta(days=3)
    judgement = ask(stated("a", programmes={"periods": WITHDRAWN}), on=on)
    told = " ".join(caveats(judgement, on, NOW.date(), ["A publisher (fictional)"], NOW))
    assert "as recorded now" not in told


# The edges of a period, whichever record has it (R20)


@pytest.mark.parametrize("kind", ["providers", "programmes", "authorisations", "affiliations"])
@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2025-12-31", "fail"),
        ("2026-01-01", "pass"),
        ("2026-05-31", "pass"),
        ("2026-06-01", "fail"),
    ],
)
def test_a_period_begins_with_its_first_day_and_ends_before_its_last(
    kind: str, day: str, verdict: str
) -> None:
    source = stated("a", **of(kind, {"periods": in_force("2026-01-01", "2026-06-01")}))
    assert ask(source, on=date.fromisoformat(day), **BY_WARD).verdict == verdict


@pytest.mark.parametrize("field", ["licensed", "accreditation"])
@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2025-12-31", "fail"),
        ("2026-01-01", "pass"),
        ("2026-05-31", "pass"),
        ("2026-06-01", "fail"),
    ],
)
def test_a_body_counts_from_its_first_day_and_up_to_its_last(
    field: str, day: str, verdict: str
) -> None:
    held = {"from": "2026-01-01", "to": "2026-06-01"}
    number = {"number": "00001"} if field == "accreditation" else {}
    source = stated("a", bodies={field: {**held, **number}})
    assert ask(source, on=date.fromisoformat(day)).verdict == verdict


def test_everything_of_the_sample_document_hangs_together() -> None:
    source = source_of(whole(), first_seen=SEEN, as_of=NOW)
    assert ask(source, trainer=identifier("authorisation", "au-1"), **BY_WARD).verdict == "pass"
