"""The sandbox: every reason code can be asked for, on any day, and its page tells how."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.registers import NAME_KEY
from tests.service import Service
from trivet.london import day_of, end_of, start_of
from trivet.register.faults import faults as document_faults
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.index import Index
from trivet.register.records import Coverage, Document, Kind
from trivet.sandbox import FIRST_SNAPSHOT, Registers, Sandbox, registers_on
from trivet.sandbox.situations import certificate_of
from trivet.sandbox.sources import sources
from trivet.verification.question import Question, faults
from trivet.verification.reasons import REASONS
from trivet.verification.rules import Judgement, judge

PAGE = Path(__file__).parents[2] / "service" / "docs" / "sandbox.md"
BEFORE_THE_FIRST_SNAPSHOT = "known_at_before_first_snapshot"
CLOCKS_GO_FORWARD, CLOCKS_GO_BACK = date(2027, 3, 28), date(2027, 10, 31)
TODAY = day_of(datetime.now(UTC))
DAYS = {
    "today": TODAY,
    "New Year": date(2027, 1, 1),
    "leap day": date(2028, 2, 29),
    "clocks go forward": CLOCKS_GO_FORWARD,
    "clocks go back": CLOCKS_GO_BACK,
    "in ten years": TODAY + timedelta(days=3653),
    "in forty years": TODAY + timedelta(days=14610),
}
MOMENTS = {
    f"{name}, {when}": instant
    for name, day in DAYS.items()
    for when, instant in (
        ("first moment", start_of(day)),
        ("last moment", end_of(day) - timedelta(microseconds=1)),
    )
}

FIRST = {
    "provider": {"scheme": "certificate", "value": "SANDBOX-pass"},
    "programme": {"scheme": "title", "value": "Sandbox programme (fictional)"},
    "trainer": {"scheme": "register", "value": "sandbox-trainer"},
}
HOSPITAL = {"scheme": "ods", "value": "ZZ9A1"}
SCOPE = {
    "setting": "learning_disability",
    "nation": "wales",
    "population": "adults",
    "modules": ["seclusion"],
}
PASSES: dict[str, dict[str, Any]] = {
    "as it stands": {},
    "by register ids and authorisation number": {
        "provider": {"scheme": "register", "value": "sandbox-pass"},
        "programme": {"scheme": "register", "value": "sandbox-pass"},
        "trainer": {"scheme": "authorisation", "value": "sandbox-pass"},
    },
    "by other identifiers": {
        "provider": [
            {"scheme": "ukprn", "value": "19990001"},
            {"scheme": "companies-house", "value": "ZZ000001"},
        ]
    },
    "with the family name": {"trainer": FIRST["trainer"] | {"familyName": "Fictional"}},
    "delivered by the hospital": {"deliveredBy": HOSPITAL},
    "inside the scope": {"scope": SCOPE},
    "the other programme": {
        "programme": {"scheme": "title", "value": "Other sandbox programme (fictional)"}
    },
    "on a day long past": {"deliveredOn": "2020-06-01"},
}


@cache
def registers_of(day: date) -> Registers:
    return registers_on(day, NAME_KEY)


def asked(body: dict[str, Any], now: datetime) -> Judgement:
    """Ask the sandbox as a caller would: strictly typed, checked, on the London day of `now` by default."""
    question, today = msgspec.convert(body, Question, strict=True), day_of(now)
    index = registers_of(today).asked(question.providers)
    assert faults(question, today, index.words) == ()
    return judge(question, index, question.delivered_on or today, now)


def answer_to(body: dict[str, Any], now: datetime) -> tuple[str, set[str]]:
    judgement = asked(body, now)
    return judgement.verdict.value, {reason.code for reason in judgement.reasons}


class Row(msgspec.Struct):
    """A row of the page: the code looked for, the question, and what it says comes back."""

    code: str
    question: dict[str, Any]
    verdict: str
    codes: set[str]


def read_row(line: str) -> Row:
    code, _, question, answer = (cell.strip() for cell in line.strip("|").split(" | "))
    verdict, *codes = re.findall(r"`(\w+)`", answer)
    return Row(code.strip("`"), json.loads(question.strip("`")), verdict, set(codes))


ROWS = [
    read_row(line)
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| `\w+` \| .+ \| `\{", line)
]
JUDGED = [row for row in ROWS if row.code != BEFORE_THE_FIRST_SNAPSHOT]


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.code)
def test_a_question_of_the_page_gets_what_stands_beside_it_on_any_day(row: Row) -> None:
    answers = {moment: answer_to(row.question, now) for moment, now in MOMENTS.items()}
    assert answers == dict.fromkeys(MOMENTS, (row.verdict, row.codes))


def test_the_page_has_one_question_for_every_reason_code() -> None:
    assert [row.code for row in ROWS] == list(REASONS)
    assert [row.code for row in ROWS if row.code not in row.codes] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_the_certificate_number_is_the_code(row: Row) -> None:
    assert row.question["provider"] == {"scheme": "certificate", "value": f"SANDBOX-{row.code}"}


def test_a_code_comes_alone_unless_the_provider_is_not_known() -> None:
    in_company = {row.code for row in JUDGED if row.codes != {row.code}}
    assert in_company == {
        "provider_not_on_register",
        "provider_ambiguous",
        "provider_not_confirmed",
        "provider_source_missing",
        "membership_is_not_certification",
        "aligned_is_not_certification",
        "legacy_scheme_is_not_certification",
    }


def test_the_page_opens_with_a_question_that_passes() -> None:
    body = re.search(r"```json\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert body is not None
    assert json.loads(body[1]) == FIRST


@pytest.mark.parametrize("now", MOMENTS.values(), ids=MOMENTS.keys())
@pytest.mark.parametrize("changes", PASSES.values(), ids=PASSES.keys())
def test_what_the_page_says_passes_does(changes: dict[str, Any], now: datetime) -> None:
    assert answer_to(FIRST | changes, now) == ("pass", set())


def test_another_family_name_looks_like_an_unknown_trainer() -> None:
    trainer = FIRST["trainer"] | {"familyName": "Another"}
    assert answer_to(FIRST | {"trainer": trainer}, MOMENTS["today, last moment"]) == (
        "fail",
        {"trainer_not_authorised"},
    )


def test_what_was_offered_is_named_beside_any_answer_but_a_pass() -> None:
    offered = {"evidence": ["train_the_trainer", "application"]}
    suspended = {"provider": {"scheme": "certificate", "value": "SANDBOX-provider_suspended"}}
    now = MOMENTS["today, last moment"]
    assert answer_to(FIRST | offered, now) == ("pass", set())
    assert answer_to(FIRST | offered | suspended, now) == (
        "fail",
        {
            "provider_suspended",
            "train_the_trainer_is_not_certification",
            "application_is_not_certification",
        },
    )


def test_a_question_about_the_time_before_it_names_an_instant_before_the_first_snapshot() -> None:
    (row,) = (row for row in ROWS if row.code == BEFORE_THE_FIRST_SNAPSHOT)
    assert datetime.fromisoformat(row.question["knownAt"]) < FIRST_SNAPSHOT
    published = {index.snapshot.published_at for index in each(registers_of(TODAY))}
    assert published == {FIRST_SNAPSHOT}
    assert FIRST_SNAPSHOT.strftime("%Y-%m-%dT%H:%M:%SZ") in PAGE.read_text(encoding="utf-8")


def each(registers: Registers) -> list[Index]:
    return [registers.complete, registers.partial, registers.missing, registers.stale]


def test_the_days_on_which_the_clocks_change_are_those() -> None:
    hours = {day: (end_of(day) - start_of(day)) // timedelta(hours=1) for day in DAYS.values()}
    assert (hours[CLOCKS_GO_FORWARD], hours[CLOCKS_GO_BACK]) == (23, 25)


def test_the_number_s_end_says_which_list_is_asked_under_either_scheme_without_case() -> None:
    registers = registers_of(TODAY)
    lists = {
        "SANDBOX-trainer_not_confirmed": registers.partial,
        "SANDBOX-trainer_source_missing": registers.missing,
        "SANDBOX-register_stale": registers.stale,
        "SANDBOX-pass": registers.complete,
        "anybody_not_confirmed": registers.complete,
    }
    for scheme in (Scheme.CERTIFICATE, Scheme.REGISTER):
        for value, index in lists.items():
            for written in (value, value.upper(), f" {value.lower()} "):
                assert registers.asked([Identifier(scheme, written)]) is index
    named = [Identifier(Scheme.NAME, "SANDBOX-x_not_confirmed"), Identifier(Scheme.ODS, "ZZ9A1")]
    assert registers.asked(named) is registers.complete
    number = Identifier(Scheme.CERTIFICATE, "SANDBOX-register_stale")
    assert registers.asked([*named, number]) is registers.stale


def test_the_four_lists_hold_the_same_records_and_differ_in_what_they_claim() -> None:
    registers = registers_of(TODAY)
    claimed = [{index.coverage(kind) for kind in Kind} for index in each(registers)]
    assert claimed == [
        {Coverage.COMPLETE},
        {Coverage.PARTIAL},
        {Coverage.NONE},
        {Coverage.COMPLETE},
    ]
    for index in each(registers):
        assert index.providers == registers.complete.providers
        assert index.authorisations == registers.complete.authorisations
        assert index.counts == registers.complete.counts


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_a_snapshot_is_the_same_all_day_and_another_on_the_next(day: date) -> None:
    today, again = (
        registers_on(day, NAME_KEY),
        registers_on(day, b"another key of 32 characters or so"),
    )
    tomorrow = registers_on(day + timedelta(days=1), NAME_KEY)
    for one, same, next_ in zip(each(today), each(again), each(tomorrow), strict=True):
        assert one.snapshot == same.snapshot
        assert one.snapshot.id.startswith(f"snp_sandbox_{day:%Y%m%d}")
        assert one.snapshot.id != next_.snapshot.id
        assert one.snapshot.digest != next_.snapshot.digest
    assert len({index.snapshot.id for index in each(today)}) == 4


def test_it_is_made_once_a_london_day() -> None:
    sandbox = Sandbox(NAME_KEY)
    # In summer a London day begins at eleven in the evening, UTC.
    first, last = datetime(2027, 7, 1, 23, tzinfo=UTC), datetime(2027, 7, 2, 22, 59, tzinfo=UTC)
    made = sandbox.at(first)
    assert sandbox.at(last) is made
    assert sandbox.at(last + timedelta(minutes=1)) is not made
    assert made.complete.snapshot.id == "snp_sandbox_20270702"


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_every_document_keeps_every_rule_of_the_register(day: date) -> None:
    broken = {
        (source.name, read_on): [str(fault) for fault in document_faults(document, source.coverage)]
        for source in sources(day)
        for read_on, document in source.readings.items()
    }
    assert {place: found for place, found in broken.items() if found} == {}


def documents() -> list[Document]:
    return [document for source in sources(TODAY) for document in source.readings.values()]


def test_every_name_says_that_it_is_fictional() -> None:
    names = [b.name for d in documents() for b in d.bodies]
    names += [n for d in documents() for p in d.providers for n in (p.name, *p.trading_names)]
    names += [p.title for d in documents() for p in d.programmes]
    names += [a.organisation.name for d in documents() for a in d.affiliations]
    names += [a.organisation.name for d in documents() for a in d.authorisations if a.organisation]
    names += [f"{a.family_name} (fictional)" for d in documents() for a in d.authorisations]
    assert [name for name in names if not name.endswith("(fictional)")] == []
    assert {d.publisher for d in documents()} == {"the sandbox (fictional)"}


def test_no_identifier_is_one_that_a_real_organisation_could_bear() -> None:
    identifiers = [i for d in documents() for p in d.providers for i in p.identifiers]
    identifiers += [
        i for d in documents() for a in d.affiliations for i in a.organisation.identifiers
    ]
    borne = {f"{i.scheme}:{i.value}" for i in identifiers}
    unreal = re.compile(r"ods:ZZ9\w+|companies-house:ZZ0000\d\d|ukprn:199900\d\d")
    assert [each for each in borne if not unreal.fullmatch(each)] == []
    numbers = {p.certificate for d in documents() for p in d.providers}
    assert [number for number in numbers if not (number or "").startswith("SANDBOX-")] == []


def test_no_family_name_reaches_the_index() -> None:
    held = [entry.record for entry in registers_of(TODAY).complete.authorisations.values()]
    assert {record.family_name for record in held} == {None}


def test_no_situation_is_left_that_the_page_does_not_tell() -> None:
    numbers = {p.certificate for d in documents() for p in d.providers if p.certificate is not None}
    told = {row.question["provider"]["value"] for row in ROWS} | {certificate_of("pass")}
    assert numbers - told == set()


async def test_a_test_key_gets_each_of_the_four_lists_over_http(service: Service) -> None:
    key = await service.key(test=True)
    rows = {row.code: row for row in JUDGED}
    for code in (
        "provider_suspended",
        "programme_not_confirmed",
        "affiliation_source_missing",
        "register_stale",
    ):
        answer = (await service.ask(rows[code].question, key)).json()
        assert (answer["verdict"], {r["code"] for r in answer["reasons"]}) == (
            rows[code].verdict,
            rows[code].codes,
        )
        assert answer["register"]["snapshot"].startswith("snp_sandbox_")
        assert answer["register"]["stale"] == (code == "register_stale")


async def test_over_http_the_sandbox_moves_on_with_the_day(service: Service) -> None:
    key = await service.key(test=True)
    for now in (datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2040, 3, 1, 12, tzinfo=UTC)):
        service.clock.now = now
        answer = (await service.ask(FIRST, key)).json()
        assert answer["verdict"] == "pass"
        assert answer["register"]["snapshot"] == f"snp_sandbox_{now:%Y%m%d}"


async def test_a_live_key_never_sees_the_sandbox(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    key = await service.key()
    for row in JUDGED:
        if row.code.startswith("programme_"):
            answer = (await service.ask(row.question, key)).json()
            assert answer["verdict"] != "pass"
            assert not answer["register"]["snapshot"].startswith("snp_sandbox")
            assert {e["record"] for e in answer["elements"]} == {None}
