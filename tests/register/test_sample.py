"""The bundled sample register: fictional throughout, and able to show nearly every answer."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.registers import index_of
from trivet.london import day_of
from trivet.register.faults import faults as document_faults
from trivet.register.index import Index
from trivet.register.records import Coverage, Document, Kind, VouchedBy
from trivet.register.sources import Profile, Reading, fetch, load_profile, read
from trivet.sample import FOLDER
from trivet.verification.question import Question, faults
from trivet.verification.reasons import REASONS
from trivet.verification.rules import Judgement, judge

PAGE = Path(__file__).parents[2] / "service" / "docs" / "sample-register.md"

SOON, LATER = datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2034, 12, 31, 12, tzinfo=UTC)

NEWCOMER = {
    "provider": {"scheme": "certificate", "value": "SAMPLE-0001"},
    "programme": {"scheme": "register", "value": "lf-foundation"},
    "trainer": {"scheme": "authorisation", "value": "AUTH-01"},
}


def ask(
    provider: str = "certificate:SAMPLE-0001",
    programme: str = "register:lf-foundation",
    trainer: str | None = "authorisation:AUTH-01",
    **rest: Any,
) -> dict[str, Any]:
    """Return a question's body; what it names is written scheme:value, providers apart by a bar."""
    providers = [named(each) for each in provider.split(" | ")]
    body = {
        "provider": providers[0] if len(providers) == 1 else providers,
        "programme": named(programme),
        **rest,
    }
    return body if trainer is None else {**body, "trainer": named(trainer)}


def named(text: str) -> dict[str, str]:
    scheme, _, value = text.partition(":")
    return {"scheme": scheme, "value": value}


LANTERNFOLD = "certificate:SAMPLE-0001"
NOWHERE_VALE = ("certificate:SAMPLE-0002", "register:nv-core", "authorisation:AUTH-08")
SEVEN_MERES = ("certificate:SAMPLE-0003", "register:sm-together", "authorisation:AUTH-09")
PENDULUM_HOUSE = ("certificate:SAMPLE-0005", "register:ph-balance", "authorisation:AUTH-10")
FALLEN_ACORN = ("certificate:SAMPLE-0006", "register:fa-roots", "authorisation:AUTH-11")
PAPER_KITE = ("certificate:SAMPLE-0007", "register:pk-line", "authorisation:AUTH-12")
ENDLESS_MEADOW = ("certificate:SAMPLE-0008", "register:em-open", "authorisation:AUTH-13")
DRIFTING_RAFT = ("certificate:SAMPLE-0009", "register:dr-calm", "authorisation:AUTH-14")
MOSSGATE, THIMBLEWICK, DIMMET_HOLLOW = named("ods:ZZ9M1"), named("ods:ZZ9T1"), named("ods:ZZ9D1")

# What a question that is not resolved to a provider says of programme and trainer besides.
UNRESOLVED = "programme_not_confirmed trainer_not_confirmed"
EVERY_CLAIM = ["membership", "aligned", "legacy_scheme", "train_the_trainer", "application"]

PASS: dict[str, dict[str, Any]] = {
    "all three stand": NEWCOMER,
    "identifiers that agree": ask(f"{LANTERNFOLD} | ukprn:19990001 | name:Lanternfold (fictional)"),
    "a company number without case": ask("companies-house:zz1"),
    "a programme by its title": ask(programme="title:steady lantern foundation"),
    "a trainer by reference": ask(trainer="register:trainer-01"),
    "a family name in capitals": ask()
    | {"trainer": NEWCOMER["trainer"] | {"familyName": "LAMPWRIGHT"}},
    "an associate of the provider": ask(*NOWHERE_VALE),
    "a consortium's other member": ask(*SEVEN_MERES, deliveredBy=named("ods:ZZ9S2")),
    "an affiliate's associate at home": ask(trainer="authorisation:AUTH-02", deliveredBy=MOSSGATE),
    "a senior trainer at an affiliate": ask(deliveredBy=MOSSGATE),
    "before the suspension": ask(*PENDULUM_HOUSE, deliveredOn="2025-01-31"),
    "reinstated": ask(*PENDULUM_HOUSE, deliveredOn="2025-05-01"),
    "before the withdrawal": ask(*FALLEN_ACORN, deliveredOn="2026-03-01"),
    "while the body was licensed": ask(*PAPER_KITE, deliveredOn="2024-03-31"),
    "within the three years assumed": ask(*ENDLESS_MEADOW, deliveredOn="2024-08-31"),
    "inside the scope": ask(
        programme="register:lf-advanced",
        scope={
            "setting": "secure",
            "nation": "england",
            "population": "adults",
            "modules": ["seclusion"],
        },
    ),
    "with membership offered": ask(evidence=["membership"]),
}

FAIL: dict[str, tuple[dict[str, Any], str]] = {
    "body no longer licensed": (ask(*PAPER_KITE), "body_not_licensed"),
    "body not yet accredited": (ask(*PAPER_KITE, deliveredOn="2020-10-01"), "body_not_accredited"),
    "no such provider": (
        ask("certificate:SAMPLE-9999"),
        "provider_not_on_register programme_of_another_provider trainer_not_authorised",
    ),
    "before anything began": (
        ask(*NOWHERE_VALE, deliveredOn="2020-08-31"),
        "provider_not_yet_certified programme_not_yet_approved trainer_not_yet_authorised",
    ),
    "between two certificates": (
        ask(*PENDULUM_HOUSE, deliveredOn="2023-02-15"),
        "provider_certification_expired",
    ),
    "suspended": (ask(*PENDULUM_HOUSE, deliveredOn="2025-04-30"), "provider_suspended"),
    "withdrawn": (ask(*FALLEN_ACORN), "provider_withdrawn"),
    "only applied": (
        ask("register:hopeful-sparrow", "register:hs-first"),
        "application_is_not_certification programme_not_yet_approved trainer_not_authorised",
    ),
    "no such programme": (ask(programme="register:lf-nothing"), "programme_not_on_register"),
    "another's programme": (ask(programme="register:nv-core"), "programme_of_another_provider"),
    "programme only applied for": (
        ask(programme="register:lf-night"),
        "programme_not_yet_approved",
    ),
    "programme's approval over": (ask(programme="register:lf-early"), "programme_approval_expired"),
    "programme suspended": (ask(programme="register:lf-young"), "programme_suspended"),
    "programme withdrawn": (ask(programme="register:lf-firm"), "programme_withdrawn"),
    "unknown trainer": (ask(trainer="authorisation:AUTH-99"), "trainer_not_authorised"),
    "another's trainer": (ask(trainer="authorisation:AUTH-09"), "trainer_not_authorised"),
    "another family name": (
        ask() | {"trainer": NEWCOMER["trainer"] | {"familyName": "Inkfeather"}},
        "trainer_not_authorised",
    ),
    "trainer of another programme": (
        ask(trainer="authorisation:AUTH-03"),
        "trainer_not_authorised_for_programme",
    ),
    "trainer only applied": (ask(trainer="authorisation:AUTH-07"), "trainer_not_yet_authorised"),
    "trainer's time over": (ask(trainer="authorisation:AUTH-06"), "trainer_authorisation_expired"),
    "trainer suspended": (ask(trainer="authorisation:AUTH-04"), "trainer_suspended"),
    "trainer withdrawn": (ask(trainer="authorisation:AUTH-05"), "trainer_withdrawn"),
    "delivered by no affiliate": (
        ask(deliveredBy=named("ods:ZZ999")),
        "train_the_trainer_is_not_certification",
    ),
    "affiliation over": (ask(deliveredBy=THIMBLEWICK), "affiliation_not_in_force"),
    "affiliation suspended": (ask(deliveredBy=DIMMET_HOLLOW), "affiliation_not_in_force"),
    "affiliation for another programme": (
        ask(programme="register:lf-advanced", deliveredBy=MOSSGATE),
        "affiliation_does_not_cover_programme",
    ),
    "associate away from home": (
        ask(trainer="authorisation:AUTH-02"),
        "associate_outside_own_organisation",
    ),
    "outside the setting": (ask(scope={"setting": "school"}), "outside_setting"),
    "outside the nation": (ask(scope={"nation": "scotland"}), "outside_nation"),
    "outside the population": (ask(scope={"population": "children"}), "outside_population"),
    "outside the modules": (ask(scope={"modules": ["seclusion"]}), "outside_modules"),
    "claims instead of a trainer": (
        ask(trainer="authorisation:AUTH-99", evidence=EVERY_CLAIM),
        """trainer_not_authorised membership_is_not_certification aligned_is_not_certification
        legacy_scheme_is_not_certification train_the_trainer_is_not_certification
        application_is_not_certification""",
    ),
    "nearly everything wrong": (
        ask(FALLEN_ACORN[0], deliveredBy=named("ods:ZZ999")),
        """provider_withdrawn programme_of_another_provider trainer_not_authorised
        train_the_trainer_is_not_certification""",
    ),
}

CANNOT_CONFIRM: dict[str, tuple[dict[str, Any], str]] = {
    "a body nobody describes": (ask(*DRIFTING_RAFT), "body_unknown"),
    "a name alone": (ask("name:Lanternfold (fictional)"), f"provider_ambiguous {UNRESOLVED}"),
    "identifiers of two providers": (
        ask(f"{LANTERNFOLD} | ods:ZZ9N1"),
        f"provider_ambiguous {UNRESOLVED}",
    ),
    "a code that not everyone has": (ask("ods:ZZ999"), f"provider_not_confirmed {UNRESOLVED}"),
    "three years over, no end published": (ask(*ENDLESS_MEADOW), "provider_term_elapsed"),
    "two programmes of one title": (
        ask(programme="title:Steady Lantern Refresher"),
        "programme_ambiguous",
    ),
    "a start that nobody recorded": (
        ask(programme="register:lf-quiet", deliveredOn="2025-03-03"),
        "start_not_recorded",
    ),
    "no trainer yet": (ask(trainer=None), "trainer_not_named"),
    "an affiliate by name alone": (
        ask(deliveredBy=named("name:Mossgate Moonlight Hospital (fictional)")),
        "delivery_organisation_ambiguous",
    ),
    "scope not recorded": (
        ask(NOWHERE_VALE[0], "register:nv-ward", NOWHERE_VALE[2], scope={"setting": "secure"}),
        "scope_not_recorded",
    ),
}

TABLE = [
    *(pytest.param(body, "pass", "", id=case) for case, body in PASS.items()),
    *(pytest.param(body, "fail", codes, id=case) for case, (body, codes) in FAIL.items()),
    *(
        pytest.param(body, "cannot_confirm", codes, id=case)
        for case, (body, codes) in CANNOT_CONFIRM.items()
    ),
]

# What one complete list that the register vouches for, read once, can't give.
OUT_OF_REACH = {
    *(f"{kind}_delisted" for kind in ("provider", "programme", "trainer", "affiliation")),
    *(f"{kind}_source_missing" for kind in ("provider", "programme", "trainer", "affiliation")),
    *(f"{kind}_declared_only" for kind in ("provider", "programme", "trainer", "affiliation")),
    "sources_contradict",
    "known_at_before_first_snapshot",
    "register_stale",  # in time, see below
}


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(FOLDER / "sample.toml")


@pytest.fixture(scope="module")
def reading(profile: Profile) -> Reading:
    return read(profile, fetch(profile))


@pytest.fixture(scope="module")
def document(reading: Reading) -> Document:
    return reading.document


@pytest.fixture(scope="module")
def sample(profile: Profile, reading: Reading) -> Index:
    return index_of(
        reading.document,
        first_seen=date(2026, 11, 1),
        as_of=reading.as_of,
        source=profile.name,
        vouched_by=profile.vouched_by,
        max_age=profile.max_age,
        term=profile.term,
        coverage=reading.coverage,
    )


def asked(sample: Index, body: dict[str, Any], now: datetime) -> Judgement:
    """Ask as a caller would: strictly typed, checked, on the London day of `now` by default."""
    question, today = msgspec.convert(body, Question, strict=True), day_of(now)
    assert faults(question, today, sample.words) == ()
    return judge(question, sample, question.delivered_on or today, now)


def codes_of(judgement: Judgement) -> set[str]:
    return {reason.code for reason in judgement.reasons}


@pytest.mark.parametrize("now", [SOON, LATER], ids=["soon", "later"])
@pytest.mark.parametrize(("body", "verdict", "codes"), TABLE)
def test_a_question_gets_the_same_answer_soon_and_in_eight_years(
    sample: Index, body: dict[str, Any], verdict: str, codes: str, now: datetime
) -> None:
    judgement = asked(sample, body, now)
    assert (judgement.verdict, codes_of(judgement)) == (verdict, set(codes.split()))


def test_every_reason_that_it_can_give_has_a_question() -> None:
    shown = {
        code for _, codes in (*FAIL.values(), *CANNOT_CONFIRM.values()) for code in codes.split()
    }
    assert shown == REASONS.keys() - OUT_OF_REACH


@pytest.mark.parametrize(
    "now",
    [
        datetime.now(UTC),
        datetime(2030, 1, 1, tzinfo=UTC),
        datetime(2034, 12, 31, 23, 59, tzinfo=UTC),
    ],
    ids=["today", "2030", "2034"],
)
def test_the_first_question_of_a_newcomer_passes_whenever_it_is_asked(
    sample: Index, now: datetime
) -> None:
    judgement = asked(sample, NEWCOMER, now)
    assert (judgement.verdict, codes_of(judgement)) == ("pass", set())


def test_in_its_last_years_it_says_that_it_is_stale_before_its_certificates_end(
    sample: Index,
) -> None:
    judgement = asked(sample, NEWCOMER, datetime(2037, 1, 1, tzinfo=UTC))
    assert (judgement.verdict, codes_of(judgement)) == ("cannot_confirm", {"register_stale"})


def test_a_certificate_without_an_end_passes_as_derived(sample: Index) -> None:
    judgement = asked(sample, ask(*ENDLESS_MEADOW, deliveredOn="2024-08-31"), SOON)
    assert [e.element for e in judgement.elements if e.derived] == ["provider"]


def test_an_ambiguous_name_brings_candidates(sample: Index) -> None:
    by_title = asked(sample, ask(programme="title:Steady Lantern Refresher"), SOON)
    by_name = asked(sample, ask("name:Lanternfold Trainings"), SOON)
    assert {c.register for c in by_title.candidates} == {
        "lf-refresher-adults",
        "lf-refresher-children",
    }
    assert "lanternfold" in {c.register for c in by_name.candidates}


def test_it_is_read_whole_and_keeps_every_rule(reading: Reading) -> None:
    assert list(document_faults(reading.document, reading.coverage)) == []
    assert reading.rejected == ()
    assert {kind: reading.coverage.of(kind) for kind in Kind} == dict.fromkeys(
        Kind, Coverage.COMPLETE
    )
    assert reading.as_of == datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_its_profile_vouches_as_a_register_and_says_that_it_is_fictional(profile: Profile) -> None:
    assert profile.vouched_by is VouchedBy.REGISTER
    assert "fictional" in (profile.permission or "").lower()


def test_every_organisation_says_in_its_name_that_it_is_fictional(document: Document) -> None:
    names = [*(b.name for b in document.bodies), *(p.name for p in document.providers)]
    names += [trading for p in document.providers for trading in p.trading_names]
    names += [a.organisation.name for a in document.affiliations]
    names += [a.organisation.name for a in document.authorisations if a.organisation]
    assert [name for name in names if not name.endswith(" (fictional)")] == []
    assert "fictional" in document.publisher


def test_no_identifier_is_one_that_a_real_organisation_could_bear(document: Document) -> None:
    identifiers = [i for provider in document.providers for i in provider.identifiers]
    identifiers += [i for a in document.affiliations for i in a.organisation.identifiers]
    employers = [a.organisation for a in document.authorisations if a.organisation]
    identifiers += [i for employer in employers for i in employer.identifiers]
    borne = [f"{i.scheme}:{i.value}" for i in identifiers]
    unreal = re.compile(r"ods:ZZ9\w+|companies-house:ZZ0000\d\d|ukprn:199900\d\d")
    assert [each for each in borne if not unreal.fullmatch(each)] == []


def test_trainers_are_references_and_no_name_reaches_the_index(sample: Index) -> None:
    records = [entry.record for entry in sample.authorisations.values()]
    assert all(re.fullmatch(r"trainer-\d\d", record.trainer) for record in records)
    assert {record.family_name for record in records} == {None}


def rows_of_the_page() -> Iterator[tuple[str, ...]]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            yield tuple(cell.strip() for cell in line.strip("|").split("|"))


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("now", [SOON, LATER], ids=["soon", "later"])
def test_the_page_tells_what_comes_back(sample: Index, now: datetime) -> None:
    told: set[str] = set()
    for provider, programme, trainer, rest, answer, _ in rows_of_the_page():
        verdict, *codes = quoted(answer)
        body = ask(
            " | ".join(quoted(provider)),
            quoted(programme)[0],
            next(iter(quoted(trainer)), None),
            **json.loads("{" + ", ".join(quoted(rest)) + "}"),
        )
        judgement = asked(sample, body, now)
        assert (judgement.verdict, codes_of(judgement)) == (verdict, set(codes)), (body, codes)
        told.update(codes)
    assert told == REASONS.keys() - OUT_OF_REACH


def test_the_page_opens_with_the_first_question() -> None:
    body = re.search(r"```json\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert body is not None
    assert json.loads(body[1]) == NEWCOMER
