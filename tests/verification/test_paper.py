"""The page that is put on file: read back from the PDF, as somebody would who holds it."""

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from tests.service import Service
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
UNRESOLVED = {**CERTIFIED, "provider": {"scheme": "name", "value": "Calm Harbour"}}
TO_COME = {**CERTIFIED, "deliveredOn": "2026-12-01"}

Answered = tuple[Verification, Question]


@pytest.fixture
async def mirror(service: Service, register: dict[str, Any]) -> Service:
    service.clock.now = NOW
    await service.publish(register)
    return service


async def answered(mirror: Service, question: dict[str, Any]) -> Answered:
    response = await mirror.ask(question, await mirror.key())
    assert response.status_code == 200, response.text
    verification = msgspec.json.decode(response.content, type=Verification)
    return verification, msgspec.convert(question, Question)


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


async def test_a_pass_says_who_mirrored_what_and_as_of_when(mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, CERTIFIED)))

    assert "Pass Delivered on 12 March 2026" in page
    assert (
        "Certified on this date, according to the mirror of cases "
        "as of 22 November 2026, 14:03:07 UTC." in page
    )
    assert f"Mirror run by {OPERATOR}" in page
    assert "Fail" not in page
    assert "Cannot confirm" not in page


async def test_a_fail_names_the_elements_at_fault_and_says_why(mirror: Service) -> None:
    verification, question = await answered(mirror, NOT_CERTIFIED)
    page = told(pdf_of(verification, question))

    assert "Not certified on this date: provider, programme, trainer and delivery." in page
    assert "The provider's certification had been withdrawn by this date" in page
    assert "provider_withdrawn, R20" in page
    assert "What was offered as proof" in page
    assert STEPS["choose_certified_training"].text in page
    assert "Certified on this date" not in page


async def test_what_cannot_be_confirmed_is_no_finding(mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, UNRESOLVED)))

    assert "Cannot confirm" in page
    assert "Not confirmed. This is not a finding against the provider." in page
    assert "It may be one of: calm-harbour: Calm Harbour Training Ltd." in page
    assert "Not certified" not in page


async def test_a_day_to_come_is_as_recorded_now(mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, TO_COME)))

    assert "Certified on this date, as recorded now, according to the mirror" in page
    assert "Ask again before the training is delivered" in page


async def test_a_fail_for_a_day_to_come_is_as_recorded_now(mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, {**NOT_CERTIFIED, "deliveredOn": "2027-01-01"})))

    assert "Not certified on this date, as recorded now: " in page


async def test_the_question_stands_as_it_was_asked(mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, NOT_CERTIFIED)))

    assert "Provider register id: willow-gate" in page
    assert "Programme register id: ch-1" in page
    assert "Trainer authorisation: AU-1" in page
    assert "Delivered by ODS code: RX9" in page
    assert "Wanted for setting: Mental health unit, nation: England" in page
    assert "Offered as proof a certificate, membership of the Restraint Reduction Network" in page
    assert "Reference PO-1234" in page
    assert "Purpose award" in page


async def test_what_was_left_out_of_the_question_is_said(mirror: Service) -> None:
    least = {name: CERTIFIED[name] for name in ("provider", "programme", "deliveredOn")}
    page = told(pdf_of(*await answered(mirror, least), operator=None))

    assert "Trainer none named" in page
    assert "Delivered by the provider" in page
    assert "Reference none given" in page
    assert "Mirror run by an operator who has given no name" in page


async def test_a_family_name_is_nowhere_in_the_file(mirror: Service) -> None:
    trainer = {"scheme": "register", "value": "tr-1", "familyName": "O'Neill"}
    verification, question = await answered(mirror, {**CERTIFIED, "trainer": trainer})
    assert question.trainer
    assert question.trainer.family_name
    page = told(pdf_of(verification, question))

    assert "Trainer register id: tr-1" in page
    assert "Neill" not in page


async def test_the_last_day_printed_is_the_last_one_covered(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    assert date(2028, 3, 1) in [element.valid_to for element in verification.elements]
    page = told(pdf_of(verification, question))

    assert "1 March 2025 29 February 2028" in page
    assert "1 March 2028" not in page
    assert "The last day is the last one covered" in page


async def test_an_end_that_nobody_published_is_marked_as_assumed(mirror: Service) -> None:
    provider = {"scheme": "ods", "value": "RX9"}
    page = told(pdf_of(*await answered(mirror, {**CERTIFIED, "provider": provider})))

    assert "29 February 2024 28 February 2027 (assumed)" in page


async def test_it_tells_when_it_was_checked_in_utc_and_in_london(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    in_summer = changed(verification, checked_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    page = told(pdf_of(in_summer, question))

    assert "Checked at 30 June 2026, 23:30:00 UTC 1 July 2026, 00:30:00 in London" in page


async def test_a_source_that_is_too_old_is_said_to_be(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    old = SourceAnswer(source="letters", as_of=NOW, stale=True)
    register = msgspec.structs.replace(verification.register, sources=[old])

    page = told(pdf_of(changed(verification, register=register), question))

    assert "letters, 22 November 2026, 14:03:07 UTC (older than is allowed)" in page


async def test_what_it_rests_on_can_be_found_again(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    pdf = pdf_of(verification, question)
    page = told(pdf)

    assert verification.id in page
    assert verification.register.snapshot in page
    assert verification.register.digest in page
    assert f"sha256:{hashlib.sha256(RECEIPT.encode()).hexdigest()}" in page
    assert address_of(verification) in page
    assert f"QR code of the address of the verification: {address_of(verification)}" in alts(pdf)


async def test_requirement_caveats_and_that_it_is_unofficial_are_there(mirror: Service) -> None:
    asked = {**CERTIFIED, "scope": {"setting": "mental_health_unit", "nation": "england"}}
    verification, question = await answered(mirror, asked)
    page = told(pdf_of(verification, question))

    assert verification.requirement.text in page
    assert all(caveat in page for caveat in verification.caveats)
    assert "neither the certification body nor the Restraint Reduction Network did" in page


async def test_the_evidence_is_there_to_be_ticked_by_hand(mirror: Service) -> None:
    pdf = pdf_of(*await answered(mirror, CERTIFIED))
    page = told(pdf)

    assert NOT_PART_OF_THE_VERDICT in page
    assert all(item.text in page for item in EVIDENCE.values())
    assert all(item.text in page for item in CORE_STRATEGIES.values())
    assert not PdfReader(BytesIO(pdf)).get_fields()


@pytest.mark.parametrize("question", [CERTIFIED, NOT_CERTIFIED, UNRESOLVED, TO_COME])
async def test_it_neither_ranks_nor_endorses(question: dict[str, Any], mirror: Service) -> None:
    page = told(pdf_of(*await answered(mirror, question))).lower()

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
async def test_the_worst_of_answers_is_one_page_and_says_what_it_leaves_out(
    name: str, mirror: Service
) -> None:
    verification, _ = await answered(mirror, NOT_CERTIFIED)
    worst = worst_answer(verification, name)

    page = told(pdf_of(worst, worst_question(name), operator=name))

    assert "more, see the verification" in page
    assert page.count("… (see the verification)") > 10
    assert page.count(" Fail ") >= 6
    assert verification.id in page
    assert verification.register.digest in page
    assert verification.caveats[-1] in page
    assert "What is signed is the receipt" in page


async def test_a_pass_with_long_names_is_one_page_too(mirror: Service) -> None:
    verification, _ = await answered(mirror, TO_COME)
    name = LONG["wide letters"]
    sources = [SourceAnswer(source=name, as_of=NOW, stale=False) for _ in range(40)]
    register = msgspec.structs.replace(verification.register, sources=sources)

    page = told(pdf_of(changed(verification, register=register), worst_question(name), name))

    assert "and 37 more as of" in page
    assert all(caveat in page for caveat in verification.caveats)


@pytest.mark.parametrize("question", [CERTIFIED, UNRESOLVED, TO_COME])
async def test_an_everyday_answer_is_told_whole(question: dict[str, Any], mirror: Service) -> None:
    verification, asked = await answered(mirror, question)
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
async def test_markup_comes_out_as_it_went_in(text: str, mirror: Service) -> None:
    verification, question = await answered(mirror, UNRESOLVED)
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
async def test_what_cannot_be_printed_is_told_by_its_code_point(
    text: str, printed: str | None, mirror: Service
) -> None:
    verification, question = await answered(mirror, CERTIFIED)

    page = told(pdf_of(changed(verification, reference=text), question))

    assert f"Reference {printed or text} Purpose" in page


@pytest.mark.parametrize("text", ["שלום", "سلام"])
async def test_letters_written_from_right_to_left_come_out_as_letters(
    text: str, mirror: Service
) -> None:
    verification, question = await answered(mirror, CERTIFIED)

    page = told(pdf_of(changed(verification, reference=f"{text} 12"), question))

    assert all(letter in page for letter in text)


async def test_every_character_that_passes_as_printable_can_be_printed(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    every = "".join(map(chr, range(0x20, 0x3000))).replace("\xa0", "")
    elements = [
        msgspec.structs.replace(element, record=every[at : at + 600])
        for element, at in zip(verification.elements, range(0, 3600, 600), strict=False)
    ]

    for at in range(0, len(every), 600):
        pdf_of(changed(verification, reference=every[at : at + 600], elements=elements), question)


# ---- the file


async def test_the_same_answer_gives_the_same_bytes(mirror: Service) -> None:
    verification, question = await answered(mirror, NOT_CERTIFIED)
    later = changed(verification, checked_at=datetime(2026, 11, 22, 14, 3, 8, tzinfo=UTC))

    assert pdf_of(verification, question) == pdf_of(verification, question)
    assert pdf_of(verification, question) != pdf_of(later, question)


async def test_it_is_dated_titled_and_in_british_english(mirror: Service) -> None:
    verification, question = await answered(mirror, CERTIFIED)
    reader = PdfReader(BytesIO(pdf_of(verification, question)))

    assert reader.metadata
    assert reader.metadata.title == f"Verification {verification.id}: pass"
    assert reader.metadata.creation_date == NOW
    assert reader.root_object["/Lang"] == "en-GB"


async def test_it_is_tagged_and_made_to_be_kept(mirror: Service) -> None:
    pdf = pdf_of(*await answered(mirror, CERTIFIED))
    reader = PdfReader(BytesIO(pdf))
    metadata = reader.root_object["/Metadata"].get_object()

    assert "/StructTreeRoot" in reader.root_object
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(tags(pdf))
    assert b"pdfuaid:part" in metadata.get_data()  # type: ignore[attr-defined]
    assert b"pdfaid:part" in metadata.get_data()  # type: ignore[attr-defined]


async def test_it_is_a4_and_brings_its_own_fonts(mirror: Service) -> None:
    (page,) = PdfReader(BytesIO(pdf_of(*await answered(mirror, CERTIFIED)))).pages
    fonts = {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]

    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert fonts
    assert all("Libertinus" in font or "DejaVuSansMono" in font for font in fonts)


@pytest.mark.parametrize("missing", ["typst", "segno"])
async def test_without_the_extra_it_says_what_to_install(
    missing: str, mirror: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    verification, question = await answered(mirror, CERTIFIED)
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
