"""The page that is put on file: read back from the PDF, as somebody would who holds it."""

import asyncio
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from tests.conftest import DATA
from tests.service import running_service
from trivet.register.identifiers import Identifier, Scheme
from trivet.verification.answer import CandidateAnswer, ReasonAnswer, SourceAnswer, Verification
from trivet.verification.checklist import CORE_STRATEGIES, EVIDENCE, NOT_PART_OF_THE_VERDICT
from trivet.verification.next_steps import STEPS
from trivet.verification.paper import NotInstalled, receipt_pdf
from trivet.verification.question import (
    ProgrammeReference,
    ProgrammeScheme,
    Question,
    TrainerReference,
    TrainerScheme,
)
from trivet.verification.question import Scope as Wanted
from trivet.verification.reasons import REASONS, Element, Evidence, Verdict
from trivet.verification.receipt_page import _UNPRINTABLE

NOW = datetime(2026, 11, 22, 14, 3, 7, tzinfo=UTC)
RECEIPT = "eyJhbGciOiJFZDI1NTE5In0.eyJ2ZXJkaWN0IjoicGFzcyJ9.c2lnbmF0dXJl"
OPERATOR = "Example trust (fictional)"

CERTIFIED: dict[str, Any] = {
    "provider": {"scheme": "certificate", "value": "EX-0001"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
    "reference": "PO-1234",
    "purpose": "award",
}
NOT_CERTIFIED = {
    **CERTIFIED,
    "provider": {"scheme": "register", "value": "willow-gate"},
    "deliveredBy": {"scheme": "ods", "value": "RX9"},
    "deliveredOn": "2026-10-12",
    "scope": {"setting": "mental_health_unit", "nation": "england"},
    "evidence": [evidence.value for evidence in Evidence],
}
IN_A_UNIT = {"setting": "mental_health_unit", "nation": "england"}
TRAINER_BY_NAME = {"scheme": "register", "value": "tr-1", "familyName": "O'Neill"}
QUESTIONS = {
    "certified": CERTIFIED,
    "not certified": NOT_CERTIFIED,
    "unresolved": {**CERTIFIED, "provider": {"scheme": "name", "value": "Calm Harbour"}},
    "to come": {**CERTIFIED, "deliveredOn": "2026-12-01"},
    "to come, not certified": {**NOT_CERTIFIED, "deliveredOn": "2027-01-01"},
    "the least": {name: CERTIFIED[name] for name in ("provider", "programme", "deliveredOn")},
    "a trainer's name": {**CERTIFIED, "trainer": TRAINER_BY_NAME},
    "no published end": {**CERTIFIED, "provider": {"scheme": "ods", "value": "RX9"}},
    "in a unit": {**CERTIFIED, "scope": IN_A_UNIT},
    "fresh enough": {**CERTIFIED, "maxAge": "P30D"},
    "before there was a mirror": {**CERTIFIED, "knownAt": "2020-01-01T09:00:00Z"},
}

Answers = Mapping[str, tuple[Verification, Question]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The questions with their answers, as the service gives them."""
    return asyncio.run(ask(tmp_path_factory.mktemp("mirror")))


async def ask(folder: Path) -> Answers:
    register = json.loads((DATA / "cases" / "register.json").read_text())
    async with running_service(folder) as service:
        service.clock.now = NOW
        await service.publish(register)
        key = await service.key()
        responses = {name: await service.ask(asked, key) for name, asked in QUESTIONS.items()}
    assert {response.status_code for response in responses.values()} == {200}
    return {
        name: (
            msgspec.json.decode(responses[name].content, type=Verification),
            msgspec.convert(asked, Question),
        )
        for name, asked in QUESTIONS.items()
    }


def address_of(verification: Verification) -> str:
    return f"https://trivet.example/v1/verifications/{verification.id}"


def pdf_of(
    verification: Verification, question: Question, operator: str | None = OPERATOR
) -> bytes:
    return receipt_pdf(verification, question, RECEIPT, address_of(verification), operator)


def told(pdf: bytes) -> str:
    """What the one page says, on one line."""
    (page,) = PdfReader(BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


def squeezed(text: str) -> str:
    """A text without white space: what is too long for a line is broken anywhere."""
    return "".join(text.split())


def changed(verification: Verification, **fields: Any) -> Verification:
    return msgspec.structs.replace(verification, **fields)


# ---- what it says


def test_a_pass_says_who_mirrored_what_and_as_of_when(answers: Answers) -> None:
    page = told(pdf_of(*answers["certified"]))

    assert "Pass Delivered on 12 March 2026" in page
    assert (
        "Certified on this date, according to the mirror of cases "
        "as of 1 November 2026, 09:00:00 UTC." in page
    )
    assert f"Mirror run by {OPERATOR}" in page
    assert "Fail" not in page
    assert "Cannot confirm" not in page


def test_a_fail_names_the_elements_at_fault_and_says_why(answers: Answers) -> None:
    verification, question = answers["not certified"]
    page = told(pdf_of(verification, question))

    assert "Not certified on this date: provider, programme, trainer and delivery." in page
    assert "The provider's certification had been withdrawn by this date" in page
    assert "provider_withdrawn, R20" in page
    assert "What was offered as proof" in page
    assert STEPS["choose_certified_training"].text in page
    assert "Certified on this date" not in page


def test_what_cannot_be_confirmed_is_no_finding(answers: Answers) -> None:
    page = told(pdf_of(*answers["unresolved"]))

    assert "Cannot confirm" in page
    assert "Not confirmed. This is not a finding against the provider." in page
    assert "It may be one of: calm-harbour: Calm Harbour Training Ltd." in page
    assert "Not certified" not in page


def test_a_day_to_come_is_as_recorded_now(answers: Answers) -> None:
    page = told(pdf_of(*answers["to come"]))

    assert "Certified on this date, as recorded now, according to the mirror" in page
    assert "Ask again before the training is delivered" in page


def test_a_fail_for_a_day_to_come_is_as_recorded_now(answers: Answers) -> None:
    page = told(pdf_of(*answers["to come, not certified"]))

    assert "Not certified on this date, as recorded now: " in page


def test_the_question_stands_as_it_was_asked(answers: Answers) -> None:
    page = told(pdf_of(*answers["not certified"]))

    assert "Provider register id: willow-gate" in page
    assert "Programme register id: ch-1" in page
    assert "Trainer authorisation: AU-1" in page
    assert "Delivered by ODS code: RX9" in page
    assert "Wanted for setting: Mental health unit, nation: England" in page
    assert "Offered as proof a certificate, membership of the Restraint Reduction Network" in page
    assert "Reference PO-1234" in page
    assert "Purpose award" in page


def test_what_was_left_out_of_the_question_is_said(answers: Answers) -> None:
    page = told(pdf_of(*answers["the least"], operator=None))

    assert "Trainer none named" in page
    assert "Delivered by the provider" in page
    assert "Reference none given" in page
    assert "Mirror run by an operator who has given no name" in page


def test_a_family_name_is_nowhere_in_the_file(answers: Answers) -> None:
    verification, question = answers["a trainer's name"]
    assert question.trainer
    assert question.trainer.family_name
    page = told(pdf_of(verification, question))

    assert "Trainer register id: tr-1" in page
    assert "Neill" not in page


def test_the_last_day_printed_is_the_last_one_covered(answers: Answers) -> None:
    verification, question = answers["certified"]
    assert date(2028, 3, 1) in [element.valid_to for element in verification.elements]
    page = told(pdf_of(verification, question))

    assert "1 March 2025 29 February 2028" in page
    assert "1 March 2028" not in page
    assert "The last day is the last one covered" in page


def test_an_end_that_nobody_published_is_marked_as_assumed(answers: Answers) -> None:
    page = told(pdf_of(*answers["no published end"]))

    assert "29 February 2024 28 February 2027 (assumed)" in page


def test_it_tells_when_it_was_checked_in_utc_and_in_london(answers: Answers) -> None:
    verification, question = answers["certified"]
    in_summer = changed(verification, checked_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    page = told(pdf_of(in_summer, question))

    assert "Checked at 30 June 2026, 23:30:00 UTC In London 1 July 2026, 00:30:00" in page


def test_an_answer_as_of_an_earlier_instant_says_which(answers: Answers) -> None:
    verification, question = answers["certified"]
    assert "As known at" not in told(pdf_of(verification, question))
    earlier = changed(verification, known_at=datetime(2026, 11, 20, 9, tzinfo=UTC))

    page = told(pdf_of(earlier, question))

    assert "As known at 20 November 2026, 09:00:00 UTC" in page
    assert "Checked at 22 November 2026, 14:03:07 UTC" in page


def test_what_was_asked_before_there_was_a_mirror_is_not_confirmed(answers: Answers) -> None:
    page = told(pdf_of(*answers["before there was a mirror"]))

    assert "Not confirmed. This is not a finding against the provider." in page
    assert "Mirror of, as of none yet" in page
    assert "Snapshot none yet" in page


def test_how_old_the_caller_lets_the_register_be_is_said(answers: Answers) -> None:
    page = told(pdf_of(*answers["fresh enough"]))

    assert "No older than P30D (ISO 8601)" in page


def test_a_source_that_is_too_old_is_said_to_be(answers: Answers) -> None:
    verification, question = answers["certified"]
    old = SourceAnswer(source="letters", as_of=NOW, stale=True)
    register = msgspec.structs.replace(verification.register, sources=[old])

    page = told(pdf_of(changed(verification, register=register), question))

    assert "letters, 22 November 2026, 14:03:07 UTC (older than is allowed)" in page


def test_what_it_rests_on_can_be_found_again(answers: Answers) -> None:
    verification, question = answers["certified"]
    pdf = pdf_of(verification, question)
    page = told(pdf)

    assert verification.id in page
    assert verification.register.snapshot
    assert verification.register.snapshot in page
    assert verification.register.digest
    assert verification.register.digest in page
    assert f"sha256:{hashlib.sha256(RECEIPT.encode()).hexdigest()}" in page
    assert address_of(verification) in page
    assert f"QR code of the address of the verification: {address_of(verification)}" in alts(pdf)


def test_requirement_caveats_and_that_it_is_unofficial_are_there(answers: Answers) -> None:
    verification, question = answers["in a unit"]
    page = told(pdf_of(verification, question))

    assert verification.requirement.text in page
    assert all(caveat in page for caveat in verification.caveats)
    assert "neither the certification body nor the Restraint Reduction Network did" in page


def test_the_evidence_is_there_to_be_ticked_by_hand(answers: Answers) -> None:
    pdf = pdf_of(*answers["certified"])
    page = told(pdf)

    assert NOT_PART_OF_THE_VERDICT in page
    assert all(item.text in page for item in EVIDENCE.values())
    assert all(item.text in page for item in CORE_STRATEGIES.values())
    assert not PdfReader(BytesIO(pdf)).get_fields()


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_neither_ranks_nor_endorses(name: str, answers: Answers) -> None:
    page = told(pdf_of(*answers[name])).lower()

    assert not [word for word in ("recommended", "score", "ranking", "endorse") if word in page]


# ---- one page, whatever the answer


LONG = {
    "wide letters": "W" * 300,
    "accents": "Ŵ" * 300,
    "words": "Training and Development of Nowhere " * 8,
    "right to left": "א" * 300,
    "not in any font": "😀" * 300,
    "markup": "#panic(]$\\" * 30,
}


def worst_question(name: str) -> Question:
    """As much as may be asked, all of it as long as it may be."""
    return Question(
        provider=tuple(Identifier(Scheme.NAME, name) for _ in range(20)),
        programme=ProgrammeReference(scheme=ProgrammeScheme.TITLE, value=name),
        trainer=TrainerReference(scheme=TrainerScheme.AUTHORISATION, value=name, family_name=name),
        delivered_by=Identifier(Scheme.NAME, name),
        scope=Wanted(setting=name, nation=name, population=name, modules=(name,) * 50),
        evidence=tuple(Evidence),
        reference=name[:200],
    )


def reason_of(code: str, element: Element | None, name: str) -> ReasonAnswer:
    known = REASONS[code]
    return ReasonAnswer(
        code=code,
        element=element,
        rule=known.rule,
        text=known.text,
        source=known.source,
        params={"asked": name, "sources": name},
    )


def worst_answer(verification: Verification, name: str) -> Verification:
    """Every element fails for every reason there is, and every text is long."""
    elements = [
        msgspec.structs.replace(
            element,
            verdict=Verdict.FAIL,
            record="W" * 80,
            valid_from=date(2026, 9, 30),
            valid_to=date(2026, 12, 1),
            derived=True,
        )
        for element in verification.elements
    ]
    reasons = [
        reason_of(code, known.element or element.element, name)
        for element in elements
        for code, known in REASONS.items()
        if known.element in (element.element, None)
    ]
    offered = [reason_of(code, None, name) for code in REASONS if code.endswith("_certification")]
    return changed(
        verification,
        verdict=Verdict.FAIL,
        elements=elements,
        reasons=[*reasons, *offered],
        candidates=[
            CandidateAnswer(element=element.element, register="W" * 80, name=name)
            for element in elements
            for _ in range(10)
        ],
        next_steps=[*STEPS.values()],
        caveats=[*verification.caveats, "A pass says little. " * 12, "As recorded now. " * 12],
        reference=name[:200],
        register=msgspec.structs.replace(
            verification.register,
            sources=[SourceAnswer(source=name, as_of=NOW, stale=True) for _ in range(40)],
        ),
    )


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_the_worst_of_answers_is_one_page_and_says_what_it_leaves_out(
    name: str, answers: Answers
) -> None:
    verification, _ = answers["not certified"]
    worst = worst_answer(verification, name)

    page = told(pdf_of(worst, worst_question(name), operator=name))

    assert "more, see the verification" in page
    assert page.count("…") > 10
    assert page.count(" Fail ") >= 6
    assert verification.id in page
    assert str(verification.register.digest) in page
    assert verification.caveats[-1] in page
    assert "What is signed is the receipt" in page


def test_a_pass_with_long_names_is_one_page_too(answers: Answers) -> None:
    verification, _ = answers["to come"]
    name = LONG["wide letters"]
    sources = [SourceAnswer(source=name, as_of=NOW, stale=False) for _ in range(40)]
    register = msgspec.structs.replace(verification.register, sources=sources)

    page = told(pdf_of(changed(verification, register=register), worst_question(name), name))

    assert "and 37 more as of" in page
    assert all(caveat in page for caveat in verification.caveats)


def test_a_word_that_is_too_long_goes_on_in_the_next_line(answers: Answers) -> None:
    verification, question = answers["certified"]
    fits_the_column = 20

    pdf = pdf_of(changed(verification, reference="Ŵ" * 200), question)

    (page,) = PdfReader(BytesIO(pdf)).pages
    lines = re.findall("Ŵ+", page.extract_text())
    assert sum(map(len, lines)) == 200
    assert max(map(len, lines)) <= fits_the_column


@pytest.mark.parametrize("name", ["certified", "unresolved", "to come", "in a unit", "the least"])
def test_an_everyday_answer_is_told_whole(name: str, answers: Answers) -> None:
    verification, asked = answers[name]
    page = told(pdf_of(verification, asked))

    assert "see the verification" not in page
    assert all(reason.text in page for reason in verification.reasons)
    assert all(step.text in page for step in verification.next_steps)


# ---- what came from outside is text


@pytest.mark.parametrize(
    "text",
    [
        '#panic("stop")',
        "#eval(sys.inputs.page)",
        "](#[*bold* _slanted_ `raw`",
        "$ x^2 + sum_(i=0) $",
        r"\u{41} \ \\ \# \n",
        "<label> @label = heading - list // comment /* and */",
        '"; panic("stop"); "',
        "{{7*7}} ${7*7} %s {0}",
        "https://example.org ~~ -- --- ...",
    ],
)
def test_markup_comes_out_as_it_went_in(text: str, answers: Answers) -> None:
    verification, question = answers["unresolved"]
    candidate = CandidateAnswer(element=Element.PROVIDER, register="x", name=text)
    verification = changed(verification, reference=text, candidates=[candidate])
    asked = ProgrammeReference(scheme=ProgrammeScheme.TITLE, value=text)
    question = msgspec.structs.replace(question, programme=asked)

    page = squeezed(told(pdf_of(verification, question, operator=text)))

    wanted = squeezed(text)
    assert f"Reference{wanted}Purpose" in page
    assert f"title:{wanted}" in page
    assert f"x:{wanted}." in page
    assert f"Mirrorrunby{wanted}Mirrorof" in page


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("smile 😀", "smile [U+1F600]"),
        ("nul \x00 escape \x1b[31m", "nul [U+0000] escape [U+001B][31m"),
        ("gpj\u202eexe", "gpj[U+202E]exe"),
        ("in\u200bvisible\ufeff", "in[U+200B]visible[U+FEFF]"),
        ("half \ud83d", "half [U+D83D]"),
        ("stacked a\u0301\u0301\u0301", "stacked á[U+0301][U+0301]"),
        ("中文", "[U+4E2D][U+6587]"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("Ysbyty Gwynedd – Tŷ’r Ŵyl, Łódź, Čaj, Ελλάδα, Жизнь", None),
        ("O’Neill & Søn “Ltd” €5 ½ №1™", None),
    ],
)
def test_what_cannot_be_printed_is_told_by_its_code_point(
    text: str, printed: str | None, answers: Answers
) -> None:
    verification, question = answers["certified"]

    page = told(pdf_of(changed(verification, reference=text), question))

    assert f"Reference {printed or text} Purpose" in page


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_at_all_makes_one_page(answers: Answers, text: str) -> None:
    verification, question = answers["unresolved"]
    candidates = [CandidateAnswer(element=Element.PROVIDER, register="x", name=text)]

    pdf = pdf_of(changed(verification, reference=text, candidates=candidates), question, text)

    assert verification.id in told(pdf)


@pytest.mark.parametrize("text", ["שלום", "سلام"])
def test_letters_written_from_right_to_left_come_out_as_letters(
    text: str, answers: Answers
) -> None:
    verification, question = answers["certified"]

    page = told(pdf_of(changed(verification, reference=f"{text} 12"), question))

    assert all(letter in page for letter in text)


def test_every_character_that_passes_as_printable_can_be_printed(answers: Answers) -> None:
    verification, question = answers["certified"]
    every = "".join(c for c in map(chr, range(0x20, 0x3000)) if not _UNPRINTABLE.match(c))
    assert len(every) > 1000

    for at in range(0, len(every), 100):
        some = every[at : at + 100]
        elements = [msgspec.structs.replace(one, record=some) for one in verification.elements]
        page = told(pdf_of(changed(verification, reference=some, elements=elements), question))
        assert not [character for character in some if character not in page]


# ---- the file


def test_the_same_answer_gives_the_same_bytes(answers: Answers) -> None:
    verification, question = answers["not certified"]
    later = changed(verification, checked_at=datetime(2026, 11, 22, 14, 3, 8, tzinfo=UTC))

    assert pdf_of(verification, question) == pdf_of(verification, question)
    assert pdf_of(verification, question) != pdf_of(later, question)


def test_it_is_dated_titled_and_in_british_english(answers: Answers) -> None:
    verification, question = answers["certified"]
    reader = PdfReader(BytesIO(pdf_of(verification, question)))

    assert reader.metadata
    assert reader.metadata.title == f"Verification {verification.id}: pass"
    assert reader.metadata.creation_date == NOW
    assert str(reader.root_object["/Lang"]) == "en-GB"


def test_it_is_tagged_and_made_to_be_kept(answers: Answers) -> None:
    pdf = pdf_of(*answers["certified"])

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(tags(pdf))
    assert b"<pdfuaid:part>1<" in pdf
    assert b"<pdfaid:part>2<" in pdf
    assert b"<pdfaid:conformance>A<" in pdf


def test_it_is_a4_and_brings_its_own_fonts(answers: Answers) -> None:
    (page,) = PdfReader(BytesIO(pdf_of(*answers["certified"]))).pages
    fonts = {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]

    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert fonts
    assert all("Libertinus" in font or "DejaVuSansMono" in font for font in fonts)


@pytest.mark.parametrize("missing", ["typst", "segno"])
def test_without_the_extra_it_says_what_to_install(
    missing: str, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    verification, question = answers["certified"]
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(NotInstalled, match=r"pip install 'trivet\[pdf\]'"):
        pdf_of(verification, question)


def structure(pdf: bytes) -> Iterator[DictionaryObject]:
    """The elements of the tagged structure, in the order of reading."""
    waiting: list[PdfObject] = [PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop().get_object()
        if isinstance(found, ArrayObject):
            waiting += reversed(found)
        elif isinstance(found, DictionaryObject):
            yield found
            waiting += [found["/K"]] if "/K" in found else []


def tags(pdf: bytes) -> list[str]:
    return [str(element["/S"]) for element in structure(pdf) if "/S" in element]


def alts(pdf: bytes) -> list[str]:
    return [str(element["/Alt"]) for element in structure(pdf) if "/Alt" in element]
