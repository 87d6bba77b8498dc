import re
from collections.abc import Iterator

import pytest

from trivet.verification import reasons, requirements
from trivet.verification.next_steps import CONCERNS, STEPS, NextStep
from trivet.verification.reasons import (
    EVIDENCE_REASONS,
    REASONS,
    Element,
    Evidence,
    Reason,
    Verdict,
)

# The contract's table, row by row. One word per code and no commas, so that it reads as a table.
FAIL = {
    Element.BODY: "body_not_licensed body_not_accredited",
    Element.PROVIDER: """
        provider_not_on_register provider_not_yet_certified provider_certification_expired
        provider_suspended provider_withdrawn application_is_not_certification""",
    Element.PROGRAMME: """
        programme_not_on_register programme_of_another_provider programme_not_yet_approved
        programme_approval_expired programme_suspended programme_withdrawn""",
    Element.TRAINER: """
        trainer_not_authorised trainer_not_authorised_for_programme trainer_not_yet_authorised
        trainer_authorisation_expired trainer_suspended trainer_withdrawn""",
    Element.DELIVERY: """
        train_the_trainer_is_not_certification affiliation_not_in_force
        affiliation_does_not_cover_programme associate_outside_own_organisation""",
    Element.SCOPE: "outside_setting outside_nation outside_population outside_modules",
}
CANNOT_CONFIRM = {
    Element.BODY: "body_unknown",
    Element.PROVIDER: """
        provider_ambiguous provider_not_confirmed provider_term_elapsed provider_delisted
        provider_source_missing provider_declared_only""",
    Element.PROGRAMME: """
        programme_ambiguous programme_not_confirmed programme_delisted programme_source_missing
        programme_declared_only""",
    Element.TRAINER: """
        trainer_not_named trainer_not_confirmed trainer_delisted trainer_source_missing
        trainer_declared_only""",
    Element.DELIVERY: """
        affiliation_source_missing affiliation_delisted affiliation_declared_only
        delivery_organisation_ambiguous""",
    Element.SCOPE: "scope_not_recorded",
}
# The other two codes that evidence gives are reasons of an element too, and stand there.
ONLY_FROM_EVIDENCE = """
    membership_is_not_certification aligned_is_not_certification
    legacy_scheme_is_not_certification"""
OF_ANY_ELEMENT = """
    register_stale start_not_recorded sources_contradict known_at_before_first_snapshot"""

DOMAIN_RULES = {f"R{number}" for number in range(1, 32)}
URL = re.compile(r"https?://\S+")


def listed_codes() -> Iterator[tuple[str, Element | None, Verdict | None]]:
    for element in Element:
        yield from ((code, element, Verdict.FAIL) for code in FAIL[element].split())
        yield from (
            (code, element, Verdict.CANNOT_CONFIRM) for code in CANNOT_CONFIRM[element].split()
        )
    yield from ((code, None, None) for code in ONLY_FROM_EVIDENCE.split())
    yield from ((code, None, Verdict.CANNOT_CONFIRM) for code in OF_ANY_ELEMENT.split())


def everything_said() -> Iterator[str]:
    """Yield every text, source and label of the three modules, without addresses."""
    rows = [row.requirement for row in requirements._ROWS]
    said = [
        *(part for reason in REASONS.values() for part in (reason.text, reason.source)),
        *(step.text for step in (*STEPS.values(), *CONCERNS.values())),
        *(step.contact or "" for step in (*STEPS.values(), *CONCERNS.values())),
        *(part for row in rows for part in (row.text, row.source)),
        requirements._NOT_ASKED.text,
        requirements._NOT_KNOWN.text,
        *requirements.SETTINGS.values(),
        *requirements.NATIONS.values(),
        *requirements.POPULATIONS.values(),
        *requirements.MODULES.values(),
    ]
    for text in said:
        yield URL.sub("", text)


def sentences() -> Iterator[str]:
    for text in everything_said():
        yield from re.split(r"(?<=[.:;]) ", text)


EVERY_REASON = pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS.keys())


def test_the_reasons_are_those_of_the_table_in_its_order() -> None:
    said = [(reason.code, reason.element, reason.verdict) for reason in REASONS.values()]
    assert said == list(listed_codes())


@EVERY_REASON
def test_a_reason_is_found_under_its_own_code(reason: Reason) -> None:
    assert REASONS[reason.code] is reason


def test_no_code_is_given_twice() -> None:
    codes = [row.code for _, _, rows in reasons._TABLE for row in rows]
    assert len(codes) == len(REASONS)


def test_the_reasons_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        REASONS["more"] = REASONS["register_stale"]  # type: ignore[index]


@EVERY_REASON
def test_a_reason_rests_on_a_rule_of_the_domain_and_names_a_source(reason: Reason) -> None:
    assert reason.rule in DOMAIN_RULES
    assert reason.source


@EVERY_REASON
def test_a_reason_is_one_or_two_whole_sentences_without_placeholders(reason: Reason) -> None:
    assert 1 <= len(re.findall(r"[.](?: |$)", reason.text)) <= 2
    assert reason.text.endswith(".")
    assert not re.search(r"[{}%<>\[\]]|  ", reason.text)


@EVERY_REASON
def test_what_cannot_be_confirmed_is_never_a_finding(reason: Reason) -> None:
    says_so = reason.text.startswith("Not confirmed: ") and (
        "This is not a finding against the provider" in reason.text
    )
    assert says_so == (reason.verdict is Verdict.CANNOT_CONFIRM)


@EVERY_REASON
def test_every_reason_leads_to_a_step(reason: Reason) -> None:
    assert reason.next_step in STEPS


def test_every_step_is_used() -> None:
    appended = {"raise_concern_with_body"}
    assert {reason.next_step for reason in REASONS.values()} | appended == set(STEPS)


def test_a_trainer_who_is_not_found_is_not_told_apart_from_one_whose_name_differs() -> None:
    text = REASONS["trainer_not_authorised"].text.lower()
    assert not re.search(r"\bname|unknown|another|differ", text)


def test_each_kind_of_evidence_but_a_certificate_adds_its_code() -> None:
    assert dict(EVIDENCE_REASONS) == {
        Evidence.MEMBERSHIP: "membership_is_not_certification",
        Evidence.ALIGNED: "aligned_is_not_certification",
        Evidence.LEGACY_SCHEME: "legacy_scheme_is_not_certification",
        Evidence.TRAIN_THE_TRAINER: "train_the_trainer_is_not_certification",
        Evidence.APPLICATION: "application_is_not_certification",
    }
    assert set(EVIDENCE_REASONS.values()) <= set(REASONS)


def test_inferences_of_ours_are_said_to_be_ours() -> None:
    inferred = "provider_term_elapsed", "application_is_not_certification", "provider_delisted"
    for code in inferred:
        assert REASONS[code].source.startswith("trivet's reading of ")


@pytest.mark.parametrize(
    "words",
    [
        r"recommend",
        r"endors",
        r"\bscor(e|ed|ing)\b",
        r"\brat(ed|ing)\b",
        r"approved by (the )?(RRN|Restraint Reduction Network)",
        r"approved provider",
        r"approved affiliate",
        r"less restrictive",
        r"\bobserved\b",
        r"(authori|organi|recogni|certifi)z",
        r"\bprograms?\b",
        r"\bcenter",
        r"\bbehavior",
        r"\ba license\b",
    ],
)
def test_words_that_must_not_stand_do_not(words: str) -> None:
    assert [text for text in everything_said() if re.search(words, text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("word", "subject"),
    [
        ("approved", "programme"),
        ("authorised", "trainer"),
        # A body is accredited by UKAS, and so was the earlier scheme; what is certified is not.
        ("accredit", "UKAS|PITAS"),
    ],
)
def test_a_word_is_said_only_of_what_it_belongs_to(word: str, subject: str) -> None:
    astray = [s for s in sentences() if word in s.lower() and not re.search(subject, s)]
    assert astray == []


def test_a_step_gives_no_contact_of_its_own_making() -> None:
    given: list[NextStep] = [step for step in (*STEPS.values(), *CONCERNS.values()) if step.url]
    assert {step.url for step in given} == {
        "https://restraintreductionnetwork.org/training-standards-further-guidance"
    }
