"""What can't be understood is refused, names its field, is no verdict and leaves nothing behind."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.http.questions import FAMILY_NAME, FULL, fields, refused, with_, without
from tests.problems import errors_of, pointers_of
from tests.service import Service

FULL_WIDTH_DIGITS = "".join(chr(ord(digit) + 0xFEE0) for digit in "20260312")
BIDIRECTIONAL = ("\u061c", "\u200b", "\u200e", "\u202e", "\u2066", "\ufeff")
CONTROL = ("\x00", "\n", "\t", "\x1b", "\x7f", "\x85")
WORDLESS: tuple[Any, ...] = (None, True, False, 12, 1.5, -1, [], {}, [None], {"x": 1}, "", " ")
NOTHING_ASKED = {("/evidence", "[]"), ("/scope/modules", "[]"), ("/scope", "{}")}
"""What may be left out may be empty, too: nothing is asked of it."""

ILL_FORMED = {
    "register": ("", " ", "a b", "a/b", "é", "x" * 81, "a\u200bb"),
    "ods": ("", "R", "RX9-1", "R X9", "é12", "A" * 13),
    "companies-house": ("", "123456789", "ABC12345", "0999OOO1", "-1", "SC12345678", "١٢٣"),
    "ukprn": ("", "1009990", "100999011", "1009990A", "10 099 901", FULL_WIDTH_DIGITS),
    "charity": ("", "12345", "12345678", "SC1", "XX123456", "123456-", "123456-1234"),
    "certificate": ("", "  ", "x" * 301, "EX\x000001"),
    "name": ("", "  ", "x" * 301, "...", "Calm\u202eHarbour", "–"),
}


async def test_the_full_question_itself_is_answered(service: Service, key: str) -> None:
    assert (await service.ask(FULL, key)).status_code == 200


async def test_a_wrong_type_or_null_or_empty_text_is_refused_wherever_it_stands(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for pointer, right in fields(FULL):
        for wrong in WORDLESS:
            text = json.dumps(wrong)
            if (pointer, text) in NOTHING_ASKED or (pointer, type(wrong)) == ("/scope", dict):
                continue
            with subtests.test(field=pointer, given=text, instead_of=type(right).__name__):
                problem = await refused(service, key, with_(pointer, wrong))

                assert all(found.startswith(pointer) for found in pointers_of(problem))
    assert service.kept() == 0


async def test_a_field_that_nobody_asked_for_is_refused_at_every_level(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for at in ("", *(pointer for pointer, value in fields(FULL) if isinstance(value, dict))):
        for unknown in ("verdict", "family_name", "familyname", "Scheme", "", "a`b", "é"):
            with subtests.test(at=at, field=unknown):
                question = with_(f"{at}/{unknown}", "x")
                errors = errors_of(await refused(service, key, question))

                assert [error["code"] for error in errors] == ["unknown_field"]
                assert errors[0]["pointer"] == f"{at}/{unknown}"
    assert service.kept() == 0


async def test_a_pointer_to_a_field_is_escaped(service: Service, key: str) -> None:
    assert pointers_of(await refused(service, key, {**FULL, "a/b~c": 1})) == ["/a~1b~0c"]


async def test_a_field_that_is_needed_is_missed_by_its_name(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    references = ("/provider/0", "/provider/1", "/programme", "/trainer", "/deliveredBy")
    parts = (f"{at}/{part}" for at in references for part in ("scheme", "value"))
    for pointer in ("/provider", "/programme", *parts):
        with subtests.test(field=pointer):
            problem = await refused(service, key, without(pointer))

            assert [(e["pointer"], e["code"]) for e in errors_of(problem)] == [(pointer, "missing")]


@pytest.mark.parametrize("given", ["provider", "provider of several", "deliveredBy"])
async def test_an_ill_formed_identifier_names_its_field_under_every_scheme(
    given: str, service: Service, key: str, subtests: pytest.Subtests
) -> None:
    at = {"provider": "/provider", "provider of several": "/provider/1"}.get(given, "/deliveredBy")
    for scheme, values in ILL_FORMED.items():
        for value in values:
            with subtests.test(scheme=scheme, value=value):
                question = with_(at, {"scheme": scheme, "value": value})
                problem = await refused(service, key, question)

                assert [(e["pointer"], e["code"]) for e in errors_of(problem)] == [
                    (f"{at}/value", "ill_formed")
                ]
    assert service.kept() == 0


async def test_an_ill_formed_programme_or_trainer_names_its_field(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    schemes = {
        "/programme": {"register": "register", "title": "name"},
        "/trainer": {"register": "register", "authorisation": "certificate"},
    }
    for at, alike in schemes.items():
        for scheme, other in alike.items():
            for value in ILL_FORMED[other]:
                with subtests.test(at=at, scheme=scheme, value=value):
                    problem = await refused(
                        service, key, with_(at, {"scheme": scheme, "value": value})
                    )
                    assert pointers_of(problem) == [f"{at}/value"]


async def test_an_unknown_scheme_names_its_field(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for pointer, schemes in {
        "/provider/0/scheme": ("nhs", "CERTIFICATE", "title", "authorisation", "companies_house"),
        "/programme/scheme": ("certificate", "name", "Title"),
        "/trainer/scheme": ("certificate", "name", "familyName"),
        "/deliveredBy/scheme": ("nhs", "title"),
    }.items():
        for scheme in schemes:
            with subtests.test(field=pointer, scheme=scheme):
                problem = await refused(service, key, with_(pointer, scheme))
                assert pointers_of(problem) == [pointer]


async def test_a_day_that_is_none_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    impossible = ("2026-02-30", "2026-13-01", "2025-02-29", "2026-00-10", "0000-01-01", "2026-3-12")
    not_a_day = ("yesterday", "today", "12/03/2026", "20260312", "2026-W11-4", "2026-071", "2026")
    an_instant = ("2026-03-12T00:00:00Z", "2026-03-12T00:00:00", "2026-03-12 09:00")
    disguised = (
        " 2026-03-12",
        "2026-03-12\n",
        f"{FULL_WIDTH_DIGITS[:4]}-03-12",
        "2026–03–12",
        "-2026-03-12",
        "+12026-03-12",
    )
    for day in impossible + not_a_day + an_instant + disguised:
        with subtests.test(day=day):
            problem = await refused(service, key, with_("/deliveredOn", day))
            assert pointers_of(problem) == ["/deliveredOn"]


async def test_a_day_a_century_off_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    this_year = service.clock().year
    for year in (1, 1026, this_year - 100, this_year - 51, this_year + 51, this_year + 100, 9999):
        with subtests.test(year=year):
            problem = await refused(service, key, with_("/deliveredOn", f"{year:04}-03-12"))
            assert [(e["pointer"], e["code"]) for e in errors_of(problem)] == [
                ("/deliveredOn", "out_of_range")
            ]


async def test_an_instant_that_is_none_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    no_instants: tuple[str, ...] = (
        "2026-01-01",
        "2026-02-30T09:00:00Z",
        "2026-01-01T09:00:00",
        "2026-01-01T25:00:00Z",
    )
    no_instants += ("now", "2026-01-01T09:00Z", "2026-01-01T09:00:00+25:00", "1767258000")
    no_instants += ("2026-01-01T09:00:00 Europe/London", " 2026-01-01T09:00:00Z")
    for instant in no_instants:
        with subtests.test(instant=instant):
            problem = await refused(service, key, with_("/knownAt", instant))
            assert pointers_of(problem) == ["/knownAt"]


async def test_nothing_was_known_in_a_time_to_come_or_long_ago(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    now = service.clock()
    instants = [(now + timedelta(seconds=1)).isoformat(), (now + timedelta(days=900)).isoformat()]
    instants += ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1926-01-01T00:00:00Z"]
    instants += ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"]
    for instant in instants:
        with subtests.test(instant=instant):
            problem = await refused(service, key, with_("/knownAt", instant))
            assert [(e["pointer"], e["code"]) for e in errors_of(problem)] == [
                ("/knownAt", "out_of_range")
            ]


async def test_an_age_that_is_none_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    ages: tuple[str, ...] = (
        "P",
        "PT",
        "1D",
        "P1",
        "P1H",
        "P-1D",
        "-P1D",
        "P1.5D",
        "P1D ",
        "one day",
        "86400",
    )
    ages += ("P0D", "PT0S", "P99999999999D", "P1" + "0" * 50 + "Y", "P" + "9" * 5000 + "D")
    for age in ages:
        with subtests.test(age=age[:20]):
            problem = await refused(service, key, with_("/maxAge", age))
            assert pointers_of(problem) == ["/maxAge"]
            assert len(json.dumps(problem)) < 2000


async def test_text_that_hides_or_turns_about_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    texts = {
        "/provider/0": {"scheme": "name", "value": "Calm{}Harbour"},
        "/programme": {"scheme": "title", "value": "Prevention{}and De-escalation"},
        "/trainer/value": "AU{}1",
        "/trainer/familyName": f"{FAMILY_NAME}{{}}",
        "/reference": "PO{}1234",
        "/maxAge": "P1{}D",
        "/scope/setting": "social{}care",
        "/scope/modules/0": "seclusion{}",
    }
    for pointer, text in texts.items():
        for unfit in (*BIDIRECTIONAL, *CONTROL, "\ud800", "\udfff"):
            with subtests.test(field=pointer, unfit=ascii(unfit)):
                given = json.loads(json.dumps(text).replace("{}", json.dumps(unfit)[1:-1]))
                problem = await refused(service, key, with_(pointer, given))
                assert all(found.startswith(pointer) for found in pointers_of(problem))
    assert service.kept() == 0


async def test_half_a_character_is_refused_wherever_it_stands(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for pointer, right in fields(FULL):
        if isinstance(right, str):
            with subtests.test(field=pointer):
                problem = await refused(service, key, with_(pointer, f"{right}\ud800"))
                assert pointers_of(problem) == [pointer]
    with subtests.test(field="a name of a field"):
        await refused(service, key, {**FULL, "\udfff": {"\ud800": ["\ud800"]}})


async def test_more_than_is_taken_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    many = {
        "/provider": FULL["provider"][:1] * 21,
        "/scope/modules": ["seclusion"] * 51,
        "/evidence": ["membership"] * 21,
        "/reference": "x" * 201,
        "/trainer/familyName": FAMILY_NAME * 20,
        "/trainer/value": "x" * 301,
        "/programme/value": "x" * 81,
    }
    for pointer, value in many.items():
        with subtests.test(field=pointer):
            problem = await refused(service, key, with_(pointer, value))
            assert pointers_of(problem) == [pointer]


async def test_thousands_of_faults_are_not_all_told(service: Service, key: str) -> None:
    modules = with_("/scope/modules", ["x"] * 9000)
    providers = with_("/provider", [{"scheme": "ods", "value": "!"}] * 1200)

    for question in (modules, providers):
        assert len(errors_of(await refused(service, key, question))) < 60


async def test_a_word_of_scope_that_is_neither_known_nor_used_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for pointer in ("/scope/setting", "/scope/nation", "/scope/population", "/scope/modules/0"):
        for word in ("moon", "Social_Care", "social care", "x" * 5000):
            with subtests.test(field=pointer, word=word[:20]):
                problem = await refused(service, key, with_(pointer, word))
                assert [(e["pointer"], e["code"]) for e in errors_of(problem)] == [
                    (pointer, "unknown_word")
                ]


async def test_every_fault_of_a_question_is_told_at_once(service: Service, key: str) -> None:
    question = with_("/provider/0/value", " ") | {"reference": "", "deliveredOn": "1900-01-01"}
    question["scope"] = {"setting": "moon"}

    problem = await refused(service, key, question)

    assert set(pointers_of(problem)) == {
        "/provider/0/value",
        "/reference",
        "/deliveredOn",
        "/scope/setting",
    }
