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


# What a record is known by (rule 12, R22)

EGRET = provider("egret", certificate="EG-1")
EITHER_IS_SHOWN = pytest.mark.parametrize("names", ["ab", "ba"])
"""Which of two sources is shown is decided by their names, and nothing else may be."""


def listing(name: str, **instead: Any) -> SourceState:
    """Return a source that lists two providers, with the records above and those of the kinds named here instead."""
    records = {kind: [record] for kind, record in deepcopy(RECORDS).items()}
    records["providers"].append(EGRET)
    return source_of(document(**(records | instead)), first_seen=SEEN, as_of=NOW, source=name)


def odds(names: str, kind: str, here: Any, there: Any) -> tuple[SourceState, SourceState]:
    """Return two sources that differ in the records of a kind."""
    one, other = ([said] if isinstance(said, dict) else said for said in (here, there))
    return listing(names[0], **{kind: one}), listing(names[1], **{kind: other})


def heron(**fields: Any) -> list[dict[str, Any]]:
    """Return the two providers, one with these fields."""
    return [{**RECORDS["providers"], **fields}, EGRET]


@EITHER_IS_SHOWN
@pytest.mark.parametrize(
    ("field", "here", "there", "asked"),
    [
        ("certificate", "HE-1", "HE-2", lambda value: identifier("certificate", value)),
        (
            "identifiers",
            [identifier("ods", "ZZ9"), identifier("ukprn", "10000001")],
            [identifier("ods", "ZZ8"), identifier("ukprn", "10000001")],
            lambda value: value[0],
        ),
    ],
)
def test_a_provider_asked_for_by_what_equal_sources_dispute_is_not_known_whichever_is_shown(
    names: str, field: str, here: Any, there: Any, asked: Any
) -> None:
    sources = odds(names, "providers", heron(**{field: here}), heron(**{field: there}))
    for value in (here, there):
        said = ask(*sources, provider=asked(value))
        assert said.verdict == "cannot_confirm"
        assert by_element(said) == {
            "provider": ["sources_contradict"],
            "programme": ["programme_not_confirmed"],
            "trainer": ["trainer_not_confirmed"],
        }
        # beside what is not disputed, it is as doubtful
        both = [identifier("register", "heron"), asked(value)]
        assert by_element(ask(*sources, provider=both))["provider"] == ["sources_contradict"]
    assert ask(*sources).verdict == "pass"
    agreed = {
        "certificate": identifier("ods", "ZZ9"),
        "identifiers": identifier("ukprn", "10000001"),
    }
    assert ask(*sources, provider=agreed[field]).verdict == "pass"


@EITHER_IS_SHOWN
def test_a_provider_that_no_source_knows_by_a_number_is_absent_though_they_dispute_it(
    names: str,
) -> None:
    sources = odds(names, "providers", heron(certificate="HE-1"), heron(certificate="HE-2"))
    said = ask(*sources, provider=identifier("certificate", "HE-3"))
    assert by_element(said)["provider"] == ["provider_not_on_register"]


@EITHER_IS_SHOWN
def test_a_number_that_one_source_gives_to_another_provider_leaves_both_in_question(
    names: str,
) -> None:
    sources = odds(names, "providers", heron(certificate="HE-1"), heron(certificate="EG-1"))
    said = ask(*sources, provider=identifier("certificate", "EG-1"))
    assert by_element(said)["provider"] == ["provider_ambiguous"]


@EITHER_IS_SHOWN
def test_a_name_that_equal_sources_dispute_confirms_nothing_and_one_that_they_share_does(
    names: str,
) -> None:
    sources = odds(
        names,
        "providers",
        heron(name="Heron (fictional)", tradingNames=["Waders", "Reeds"]),
        heron(name="Grey Heron (fictional)", tradingNames=["Waders"]),
    )

    def named(name: str) -> dict[str, list[str]]:
        return by_element(ask(*sources, provider=[BY_ID, identifier("name", name)]))

    assert named("Waders") == {}
    for disputed in ("Heron (fictional)", "Grey Heron (fictional)", "Reeds"):
        assert named(disputed)["provider"] == ["sources_contradict"], disputed
    assert named("Nobody (fictional)")["provider"] == ["provider_ambiguous"]


BY_ID = identifier("register", "heron")


@EITHER_IS_SHOWN
def test_an_unknown_number_beside_a_name_that_some_source_knows_is_no_absence(names: str) -> None:
    sources = odds(names, "providers", heron(name="One (fictional)"), heron(name="Two (fictional)"))
    for name in ("One (fictional)", "Two (fictional)"):
        given = [identifier("certificate", "HE-9"), identifier("name", name)]
        assert by_element(ask(*sources, provider=given))["provider"] == ["provider_ambiguous"]


@EITHER_IS_SHOWN
def test_names_titles_and_numbers_that_are_only_written_differently_are_not_disputed(
    names: str,
) -> None:
    written = [("Heron Ltd", "HE-1", "Safe & Well"), ("HERON, LIMITED", "he-1", "safe and well")]
    sources = [
        listing(
            source,
            providers=heron(name=name, certificate=certificate),
            programmes=[programme(title=title)],
        )
        for source, (name, certificate, title) in zip(names, written, strict=True)
    ]
    said = ask(
        *sources,
        provider=[identifier("certificate", "HE-1"), identifier("name", "Heron")],
        programme=identifier("title", "Safe and Well"),
    )
    assert said.verdict == "pass"


@EITHER_IS_SHOWN
def test_a_programme_asked_for_by_a_title_that_equal_sources_dispute_is_not_known(
    names: str,
) -> None:
    sources = odds(names, "programmes", programme(title="Basics"), programme(title="Refresher"))
    for title in ("Basics", "Refresher"):
        said = ask(*sources, programme=identifier("title", title))
        assert by_element(said) == {"programme": ["sources_contradict"]}
    unknown = ask(*sources, programme=identifier("title", "Another"))
    assert by_element(unknown) == {"programme": ["programme_not_on_register"]}
    assert ask(*sources).verdict == "pass"


@EITHER_IS_SHOWN
def test_a_title_that_some_source_gives_to_a_second_programme_is_ambiguous(names: str) -> None:
    basics = programme("heron-2", title="Basics")
    sources = odds(
        names,
        "programmes",
        [programme(title="Basics"), basics],
        [programme(title="Refresher"), basics],
    )
    said = ask(*sources, programme=identifier("title", "Basics"))
    assert by_element(said) == {"programme": ["programme_ambiguous"]}


@EITHER_IS_SHOWN
@pytest.mark.parametrize(
    "asked", [identifier("register", "heron-1"), identifier("title", "Programme heron-1")]
)
def test_a_programme_that_equal_sources_give_to_two_providers_is_confirmed_and_denied_to_neither(
    names: str, asked: dict[str, str]
) -> None:
    sources = odds(names, "programmes", programme(), programme(provider="egret"))
    for whose in ("heron", "egret"):
        said = ask(*sources, provider=identifier("register", whose), programme=asked)
        assert by_element(said)["programme"] == ["sources_contradict"]


@EITHER_IS_SHOWN
def test_what_is_judged_for_a_programme_fails_nobody_while_its_title_is_disputed(
    names: str,
) -> None:
    """Another title's programme may be none of the register's, and a trainer need not be authorised for none."""
    partial = dict.fromkeys(KINDS, "partial") | {"authorisations": "complete"}
    lapsed = authorisation("AU-2", programmes=["heron-1"], periods=WITHDRAWN)
    good = authorisation("AU-3", programmes=["heron-2"])
    sources = [
        listing(
            name,
            coverage=partial,
            programmes=[programme(title=title), programme("heron-2")],
            authorisations=[lapsed, good],
        )
        for name, title in zip(names, ("Basics", "Refresher"), strict=True)
    ]
    said = ask(*sources, programme=identifier("title", "Basics"))
    assert said.verdict == "cannot_confirm"
    assert by_element(said)["trainer"] == ["sources_contradict"]
    assert ask(*sources).verdict == "fail"


@EITHER_IS_SHOWN
@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ({"trainer": "tr-2"}, {"trainer": identifier("register", "tr-1")}),
        ({"trainer": "tr-2"}, {"trainer": identifier("register", "tr-2")}),
        ({"provider": "egret"}, {"trainer": identifier("authorisation", "AU-1")}),
        (
            {"provider": "egret"},
            {
                "trainer": identifier("authorisation", "AU-1"),
                "provider": identifier("register", "egret"),
                "programme": identifier("register", "egret-1"),
            },
        ),
    ],
)
def test_an_authorisation_that_equal_sources_give_to_two_is_confirmed_and_denied_to_neither(
    names: str, there: dict[str, Any], asked: dict[str, Any]
) -> None:
    programmes = [programme(), programme("egret-1", provider="egret")]
    sources = [
        listing(name, programmes=programmes, authorisations=[{**RECORDS["authorisations"], **said}])
        for name, said in zip(names, ({}, there), strict=True)
    ]
    assert by_element(ask(*sources, **asked)) == {"trainer": ["sources_contradict"]}
    stranger = ask(*sources, **(asked | {"trainer": identifier("register", "tr-9")}))
    assert by_element(stranger) == {"trainer": ["trainer_not_authorised"]}


@EITHER_IS_SHOWN
def test_a_family_name_that_equal_sources_dispute_is_confirmed_and_denied_to_nobody(
    names: str,
) -> None:
    sources = odds(
        names,
        "authorisations",
        authorisation(familyName="Wader"),
        authorisation(familyName="Diver"),
    )

    def named(**family_name: str) -> dict[str, list[str]]:
        trainer = {**identifier("register", "tr-1"), **family_name}
        return by_element(ask(*sources, trainer=trainer))

    assert named(familyName="Wader") == named(familyName="Diver")
    assert named(familyName="Diver") == {"trainer": ["sources_contradict"]}
    assert named(familyName="Rail") == {"trainer": ["trainer_not_authorised"]}
    assert named() == named(familyName="-") == {}


@EITHER_IS_SHOWN
def test_an_authorisation_that_nobody_disputes_holds_beside_one_that_some_do(names: str) -> None:
    sources = odds(
        names,
        "authorisations",
        [authorisation(), authorisation("AU-2", trainer="tr-2")],
        [authorisation(), authorisation("AU-2")],
    )
    assert by_element(ask(*sources, trainer=identifier("register", "tr-1"))) == {}


@EITHER_IS_SHOWN
@pytest.mark.parametrize(
    "there",
    [{"trainer": "tr-1"}, {"provider": "heron"}, {"programmes": "all"}, {"periods": in_force()}],
)
def test_a_trainer_fails_by_no_authorisation_while_another_is_disputed_that_might_hold(
    names: str, there: dict[str, Any]
) -> None:
    lapsed = authorisation(periods=[period("withdrawn", "2026-02-01")])
    here = {"trainer": "tr-1", "provider": "heron", "programmes": "all", "periods": in_force()}
    otherwise = {"trainer": "tr-2", "provider": "egret", "programmes": [], "periods": WITHDRAWN}
    (field,) = there
    other = {**here, field: otherwise[field] if field != "programmes" else ["heron-2"]}
    programmes = [programme(), programme("heron-2")]
    sources = [
        listing(
            name, programmes=programmes, authorisations=[lapsed, authorisation("AU-2", **fields)]
        )
        for name, fields in zip(names, (here, other), strict=True)
    ]
    said = ask(*sources, trainer=identifier("register", "tr-1"))
    assert by_element(said)["trainer"] == ["sources_contradict"]


@EITHER_IS_SHOWN
@pytest.mark.parametrize(
    "there",
    [{"organisation": {**WARD, "identifiers": [identifier("ods", "ZZ2")]}}, {"provider": "egret"}],
)
def test_an_affiliate_whose_organisation_or_provider_is_disputed_is_confirmed_and_denied_to_nobody(
    names: str, there: dict[str, Any]
) -> None:
    sources = odds(names, "affiliations", affiliation(), {**affiliation(), **there})
    for number in ("ZZ1", "ZZ2") if "organisation" in there else ("ZZ1",):
        said = ask(*sources, deliveredBy=identifier("ods", number))
        assert by_element(said) == {"delivery": ["sources_contradict"]}
    nobody = ask(*sources, deliveredBy=identifier("ods", "ZZ3"))
    assert by_element(nobody) == {"delivery": ["train_the_trainer_is_not_certification"]}


@EITHER_IS_SHOWN
def test_whether_every_affiliate_bears_a_scheme_is_asked_of_all_that_is_said(names: str) -> None:
    by_ukprn = {**WARD, "identifiers": [identifier("ukprn", "10000001")]}
    sources = odds(names, "affiliations", affiliation(), affiliation(organisation=by_ukprn))
    said = ask(*sources, deliveredBy=identifier("ods", "ZZ3"))
    assert by_element(said) == {"delivery": ["delivery_organisation_ambiguous"]}


@EITHER_IS_SHOWN
def test_who_delivers_is_not_known_by_a_number_that_may_be_the_providers_own(names: str) -> None:
    sources = odds(
        names,
        "providers",
        heron(identifiers=[identifier("ods", "ZZ9")]),
        heron(identifiers=[identifier("ods", "ZZ8")]),
    )
    for number in ("ZZ9", "ZZ8"):
        said = ask(*sources, deliveredBy=identifier("ods", number))
        assert by_element(said) == {"delivery": ["sources_contradict"]}


@EITHER_IS_SHOWN
def test_while_who_delivers_is_disputed_no_associate_is_outside(names: str) -> None:
    oak = {"name": "Oak Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}
    sources = [
        listing(
            name,
            providers=heron(identifiers=[identifier("ods", number)]),
            authorisations=[authorisation(role="associate", organisation=oak)],
        )
        for name, number in zip(names, ("ZZ9", "ZZ8"), strict=True)
    ]
    for number in ("ZZ9", "ZZ8"):
        said = ask(*sources, deliveredBy=identifier("ods", number))
        assert by_element(said) == {"delivery": ["sources_contradict"]}
    assert ask(*sources).verdict == "fail"


@EITHER_IS_SHOWN
@pytest.mark.parametrize("there", [{"provider": "egret"}, {"organisation": WARD}])
def test_an_associate_is_not_at_home_by_an_affiliation_that_is_disputed(
    names: str, there: dict[str, Any]
) -> None:
    """The affiliate may deliver by another affiliation: only whose organisation it is hangs on the disputed one."""
    both = {**WARD, "identifiers": [identifier("ods", "ZZ1"), identifier("ods", "ZZ5")]}
    home = {"name": "Fen Ward (fictional)", "identifiers": [identifier("ods", "ZZ5")]}
    sources = [
        listing(
            name,
            authorisations=[authorisation(role="associate", organisation=home)],
            affiliations=[affiliation(), affiliation("AF-2", organisation=both) | instead],
        )
        for name, instead in zip(names, ({}, there), strict=True)
    ]
    assert by_element(ask(*sources, **BY_WARD)) == {"delivery": ["sources_contradict"]}


@EITHER_IS_SHOWN
def test_an_associate_of_the_provider_is_not_outside_where_it_may_have_the_affiliates_name(
    names: str,
) -> None:
    sources = [
        listing(
            name,
            providers=heron(name=called),
            authorisations=[authorisation(role="associate")],
        )
        for name, called in zip(names, ("Heron (fictional)", WARD["name"]), strict=True)
    ]
    said = ask(*sources, **BY_WARD)
    assert by_element(said) == {"delivery": ["delivery_organisation_ambiguous"]}


@EITHER_IS_SHOWN
def test_an_absent_providers_programme_is_anothers_by_a_title_that_nobody_disputes(
    names: str,
) -> None:
    nobody: dict[str, Any] = {
        "provider": identifier("register", "nobody"),
        "programme": identifier("title", "Basics"),
    }
    disputed = odds(names, "programmes", programme(title="Basics"), programme(title="Refresher"))
    assert by_element(ask(*disputed, **nobody))["programme"] == ["sources_contradict"]
    basics = programme("heron-2", title="Basics")
    beside = odds(
        names,
        "programmes",
        [programme(title="Basics"), basics],
        [programme(title="Refresher"), basics],
    )
    assert by_element(ask(*beside, **nobody))["programme"] == ["programme_of_another_provider"]


@EITHER_IS_SHOWN
def test_an_associate_is_not_at_home_by_a_number_that_is_disputed(names: str) -> None:
    home = {"name": "Heron Ward (fictional)", "identifiers": [identifier("ods", "ZZ8")]}
    associate = authorisation(role="associate", organisation=home)
    sources = [
        listing(
            name,
            providers=heron(identifiers=[identifier("ods", number)]),
            authorisations=[associate],
        )
        for name, number in zip(names, ("ZZ9", "ZZ8"), strict=True)
    ]
    assert by_element(ask(*sources)) == {"delivery": ["sources_contradict"]}
    away = authorisation(
        role="associate", organisation={**home, "identifiers": [identifier("ods", "ZZ7")]}
    )
    elsewhere = [
        listing(
            name, providers=heron(identifiers=[identifier("ods", number)]), authorisations=[away]
        )
        for name, number in zip(names, ("ZZ9", "ZZ8"), strict=True)
    ]
    assert by_element(ask(*elsewhere)) == {"delivery": ["associate_outside_own_organisation"]}


@EITHER_IS_SHOWN
def test_an_associate_is_not_outside_while_another_authorisation_is_disputed_that_is_at_home(
    names: str,
) -> None:
    oak = {"name": "Oak Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}
    away = authorisation(role="associate", organisation=oak)
    sources = odds(
        names,
        "authorisations",
        [away, authorisation("AU-2", trainer="tr-1")],
        [away, authorisation("AU-2", trainer="tr-2")],
    )
    said = ask(*sources, trainer=identifier("register", "tr-1"))
    assert said.verdict != "fail"


@EITHER_IS_SHOWN
def test_absence_is_not_proved_by_a_scheme_that_a_provider_may_be_certified_without(
    names: str,
) -> None:
    applied = {**EGRET, "periods": [period("applied", "2026-01-01")]}
    sources = odds(names, "providers", [*heron()[:1], EGRET], [*heron()[:1], applied])
    said = ask(*sources, provider=identifier("ods", "ZZ7"))
    assert by_element(said)["provider"] == ["provider_not_confirmed"]


def test_a_better_vouched_source_leaves_no_dispute_on_what_a_record_is_known_by() -> None:
    better = stated("z", providers={"certificate": "HE-1"})
    worse = stated("a", CONFIRMED, providers={"certificate": "HE-2"})
    assert ask(better, worse, provider=identifier("certificate", "HE-1")).verdict == "pass"
    other = ask(better, worse, provider=identifier("certificate", "HE-2"))
    assert by_element(other)["provider"] == ["provider_not_on_register"]


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
