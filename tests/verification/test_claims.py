import re
import time
from itertools import pairwise
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trivet.verification.claims import (
    MOST_CHARACTERS,
    AssessedPhrase,
    Assessment,
    UnassessedPart,
    assess,
    unfit,
)
from trivet.verification.next_steps import STEPS
from trivet.verification.reasons import REASONS
from trivet.verification.wording.phrases import CODES
from trivet.verification.wording.words import sentences
from trivet.verification.wording.worths import WORTHS

ALIGNED = "aligned_is_not_certification"
MEMBER = "membership_is_not_certification"
LEGACY = "legacy_scheme_is_not_certification"
TRAIN_THE_TRAINER = "train_the_trainer_is_not_certification"
APPLICATION = "application_is_not_certification"
CLAIMED = "certification_claimed"
DENIED = "certification_denied"
ENDORSED = "endorsement_is_not_given"
BILD_MEMBER = "bild_membership_is_not_certification"
OTHER = "other_scheme_is_not_certification"
UKAS = "ukas_accredits_bodies_not_training"
LESS_RESTRICTIVE = "no_technique_is_less_restrictive"


class Row(NamedTuple):
    """A text, and the phrases that are recognised in it with their codes."""

    text: str
    found: list[tuple[str, str]]


def row(text: str, *found: tuple[str, str]) -> Row:
    return Row(text, list(found))


def found_in(text: str) -> list[tuple[str, str]]:
    return [(item.phrase, item.code) for item in assess(text).items]


def whole(code: str, *texts: str) -> list[Row]:
    """Texts that are one phrase from end to end."""
    return [row(text, (text, code)) for text in texts]


WHOLE = [
    *whole(
        ALIGNED,
        "RRN compliant",
        "RRN-compliant",
        "RRN compliance",
        "RRN aligned",
        "RRN Training Standards compliant",
        "RRN’s Training Standards compliant",
        "Restraint Reduction Network-aligned",
        "follows the RRN Training Standards",
        "follow the Restraint Reduction Network Training Standards",
        "meets the RRN standards",
        "meeting the requirements of the RRN Training Standards",
        "exceeds RRN requirements",
        "in line with the Restraint Reduction Network (RRN) Training Standards",
        "in accordance with the RRN Standards",
        "aligned to the RRN Training Standards",
        "aligned with RRN",
        "aligned with the Restraint Reduction Network",
        "adheres to RRN standards",
        "based on the RRN Training Standards",
        "mapped to the RRN Training Standards",
        "consistent with the standards of the RRN",
        "complies with the RRN Training Standards",
        "conforms to the Training Standards",
        "compliance with current legislation, NICE guidance and the RRN Training Standards",
        "signed up to the RRN Training Standards",
        "committed to the RRN Training Standards",
        "delivered to RRN standards",
        "underpinned by the RRN Training Standards",
        "equivalent to Bild ACT certification",
        "as good as certified",
    ),
    *whole(
        MEMBER,
        "RRN member",
        "RRN members",
        "RRN membership",
        "RRN organisational membership",
        "RRN pledge",
        "member of the RRN",
        "members of the Restraint Reduction Network",
        "signed the RRN pledge",
        "part of the Restraint Reduction Network",
    ),
    *whole(BILD_MEMBER, "Bild member", "member of Bild", "members of the Bild ACT"),
    *whole(
        LEGACY,
        "BILD accredited",
        "Bild-accredited",
        "BILD accreditation",
        "BILD physical intervention accreditation",
        "accredited by BILD",
        "accredited by the British Institute of Learning Disabilities (BILD)",
        "PITAS",
        "PITAS/10053",
        "PITAS: 10053",
        "BILD PITAS accreditation number 10053",
        "BILD’s Code of Practice",
    ),
    *whole(
        TRAIN_THE_TRAINER,
        "train the trainer",
        "Train-the-Trainer",
        "train the trainers",
        "train-the-trainer course",
        "trainers were trained by a certified provider",
        "instructors have been trained by a Bild ACT certified company",
        "trained as trainers",
    ),
    *whole(
        APPLICATION,
        "in the process of being certified by Bild ACT",
        "in the process of becoming an affiliate of Bild ACT",
        "working towards certification",
        "working towards the RRN Training Standards",
        "applying for Bild ACT certification",
        "applied to Bild ACT for certification",
        "Bild ACT certification pending",
        "certification: in progress",
        "awaiting our Bild ACT certificate",
        "going through the Bild ACT certification process",
        "seeking accreditation with Bild ACT",
        "will be certified by Bild ACT",
        "hope to achieve RRN certification",
    ),
    *whole(
        CLAIMED,
        "certified",
        "Bild ACT certified",
        "BILD-ACT-CERTIFIED",
        "BILD certified training",
        "RRN certified",
        "certified by Bild ACT",
        "certificated by the Bild Association of Certified Training (Bild ACT)",
        "certified against the RRN Training Standards",
        "certified as meeting the RRN Training Standards",
        "certified as complying with the Restraint Reduction Network Training Standards",
        "certified by a UKAS-accredited certification body",
        "Bild ACT certification",
        "accredited by Bild ACT",
        "Bild ACT affiliate",
        "Bild ACT approved",
        "affiliate of a certified provider",
        "satellite of a certified training provider",
        "affiliate organisation of Bild ACT",
        "affiliated to a certified training provider",
        "approved programme",
        "authorised trainers",
        "certified training provider",
    ),
    *whole(
        DENIED,
        "not certified",
        "not yet certified",
        "never been certified",
        "no longer certified by Bild ACT",
        "not, at present, certified by Bild ACT",
        "non-certified",
        "uncertified",
        "no certification",
        "not hold Bild ACT certification",
        "yet to be certified",
        "neither RRN nor Bild ACT certified",
        "formerly certified by Bild ACT",
        "lost our Bild ACT certification",
        "Bild ACT certified: no",
        "RRN certified - not yet",
        "Our Bild ACT certification has lapsed",
    ),
    *whole(
        ENDORSED,
        "approved by RRN",
        "endorsed by the Restraint Reduction Network (RRN)",
        "recognised by the RRN",
        "RRN approved",
        "RRN endorsed",
        "RRN accredited",
        "RRN accreditation",
        "RRN recommended",
        "RRN training provider",
        "partnership with the RRN",
    ),
    *whole(UKAS, "UKAS accredited", "accredited by UKAS"),
    *whole(OTHER, "CPD certified", "ISO 9001 certified", "accredited by Ofqual"),
    *whole(LESS_RESTRICTIVE, "less restrictive techniques"),
]

IN_SENTENCES = [
    row(
        "We are an RRN member and BILD accredited (PITAS/10053).",
        ("RRN member", MEMBER),
        ("BILD accredited", LEGACY),
        ("PITAS/10053", LEGACY),
    ),
    row(
        "We are not RRN certified but working towards.",
        ("not RRN certified", DENIED),
        ("working towards", APPLICATION),
    ),
    row(
        "Our training is not just aligned but certified by Bild ACT.",
        ("aligned", ALIGNED),
        ("certified by Bild ACT", CLAIMED),
    ),
    row("We are not just certified by Bild ACT.", ("certified by Bild ACT", CLAIMED)),
    row("We are not merely RRN aligned.", ("RRN aligned", ALIGNED)),
    row(
        "Not only are we RRN members, we are certified.",
        ("RRN members", MEMBER),
        ("certified", CLAIMED),
    ),
    row(
        "Never certified by Bild ACT, but we follow the RRN Training Standards.",
        ("Never certified by Bild ACT", DENIED),
        ("follow the RRN Training Standards", ALIGNED),
    ),
    row(
        "We are not a large company, our training is certified by Bild ACT.",
        ("certified by Bild ACT", CLAIMED),
    ),
    row(
        "We meet the needs of people and follow RRN standards.",
        ("follow RRN standards", ALIGNED),
    ),
    row("We are certified by Bild actively.", ("certified by Bild", CLAIMED)),
    row("An affiliate of Example Training (fictional).", ("affiliate of", CLAIMED)),
    row(
        "Our certificate number is EX-1234 (Bild ACT).", ("certificate number is EX-1234", CLAIMED)
    ),
    row(
        "• RRN member\n• Bild ACT certified\n• BILD accredited",
        ("RRN member", MEMBER),
        ("Bild ACT certified", CLAIMED),
        ("BILD accredited", LEGACY),
    ),
    row("Bild ACT is licensed by the RRN.", ("licensed by the RRN", ENDORSED)),
]

IN_ANY_SPELLING = [
    row(
        "aligned\nto the\r\nRRN\tTraining\n  Standards",
        ("aligned\nto the\r\nRRN\tTraining\n  Standards", ALIGNED),
    ),
    row(
        "ALIGNED TO THE RRN TRAINING STANDARDS", ("ALIGNED TO THE RRN TRAINING STANDARDS", ALIGNED)
    ),
    row("“aligned to” the (RRN).", ("aligned to” the (RRN)", ALIGNED)),
    row("Bild\u2011ACT\u00a0certified", ("Bild\u2011ACT\u00a0certified", CLAIMED)),
    row("BildACT certified", ("BildACT certified", CLAIMED)),
    row("B.I.L.D. accredited", ("B.I.L.D. accredited", LEGACY)),
    row("ＲＲＮ ｍｅｍｂｅｒ", ("ＲＲＮ ｍｅｍｂｅｒ", MEMBER)),  # noqa: RUF001
    row("RRN me\u0301mber", ("RRN me\u0301mber", MEMBER)),
    row("R\u200bR\u00adN member", ("R\u200bR\u00adN member", MEMBER)),
    row("\u202eRRN\u202d member\u202c", ("RRN\u202d member", MEMBER)),
    row("cert\x00ified", ("cert\x00ified", CLAIMED)),
    row("We aren’t certified.", ("aren’t certified", DENIED)),
    row("We aren't certified.", ("aren't certified", DENIED)),
    row("We aren&rsquo;t certified.", ("aren&rsquo;t certified", DENIED)),
    row("RRN&nbsp;member", ("RRN&nbsp;member", MEMBER)),
    row("aligned to the RRN&#8217;s standards", ("aligned to the RRN&#8217;s standards", ALIGNED)),
    row("🙂 RRN member", ("RRN member", MEMBER)),
]

NOT_ASSESSED = [
    "Are you certified?",
    "Is your training aligned to the RRN Training Standards?",
    "Any supplier of ours must be certified against the RRN Training Standards.",
    "Certified by Bild ACT or not, we love our work.",
    "Bild ACT certified does not mean expensive.",
    "Either we are certified by Bild ACT or we are not.",
    "If we are certified, you will see it here.",
    "We do not need to be certified.",
    "No other provider is certified.",
    "We do not claim to be certified.",
    "Until 2023 we were certified by Bild ACT.",
    "We are not aligned to the RRN Training Standards.",
    "We are not an RRN member.",
    "RRN",
    "the RRN Training Standards",
    "Bild ACT",
    "Working towards a better world.",
    "We know all about restraint.",
    "We are lovely people.",
    "✅",
    "&nbsp; …!",
    "A certified copy of the report.",
    "Planning permission is pending.",
    "Certifïcation: ask us",
    "Сertified by our founder",  # noqa: RUF001 - the first letter is Cyrillic
]

# What hostile texts are made of: what opens a phrase and never ends it, what is read twice, what is no word at all.
HOSTILE = [
    "a",
    " ",
    "\n ",
    "&",
    "not not certified ",
    "aligned to a, b, c, d, ",
    "certified by x x x x ",
    "in the process of ",
    "will be being gaining a b c ",
    "rrn, bild, act and the rrn ",
    "trainers were are is trained by a b c d ",
    "the standards of ",
    "e\u0301\u202e",
    "apply for being bild act certified under by as to ",
]


@pytest.mark.parametrize(
    "told", [*WHOLE, *IN_SENTENCES, *IN_ANY_SPELLING], ids=lambda told: repr(told.text)
)
def test_a_phrase_is_recognised_where_it_stands_and_for_what_it_is_worth(told: Row) -> None:
    assert found_in(told.text) == told.found


@pytest.mark.parametrize("told", [*WHOLE, *IN_SENTENCES], ids=lambda told: repr(told.text))
def test_case_makes_no_difference(told: Row) -> None:
    codes = [code for _, code in told.found]
    assert [code for _, code in found_in(told.text.upper())] == codes
    assert [code for _, code in found_in(told.text.lower())] == codes


@pytest.mark.parametrize("told", WHOLE, ids=lambda told: repr(told.text))
def test_the_same_phrase_asked_is_no_claim(told: Row) -> None:
    assert found_in(f"Is this so: {told.text}?") == []


@pytest.mark.parametrize("text", NOT_ASSESSED)
def test_what_is_not_recognised_is_said_to_be_unassessed(text: str) -> None:
    assessment = assess(text)
    assert assessment.items == ()
    assert [part.phrase for part in assessment.unassessed] == [text]


def test_the_rest_of_a_sentence_that_touches_on_the_subject_is_unassessed() -> None:
    assessment = assess("We are an RRN member with unrivalled restraint expertise.")
    assert [item.phrase for item in assessment.items] == ["RRN member"]
    assert [part.phrase for part in assessment.unassessed] == [
        "with unrivalled restraint expertise."
    ]


def test_who_a_phrase_is_about_is_no_part_of_its_own() -> None:
    assert assess("Our training is aligned to the RRN Training Standards.").unassessed == ()


def test_of_two_readings_the_longer_is_taken() -> None:
    assert found_in("working towards RRN compliance") == [
        ("working towards RRN compliance", APPLICATION)
    ]
    assert found_in("certified as meeting the RRN Training Standards")[0][1] == CLAIMED


def test_positions_count_characters_of_the_text_as_it_was_given() -> None:
    text = "🙂&nbsp;We are an\r\nRRN\u200b member."
    (item,) = assess(text).items
    assert (item.start, item.end) == (text.index("RRN"), text.index("."))


def test_a_claim_says_to_verify_and_by_which_number() -> None:
    (item,) = assess("certified by Bild ACT").items
    assert "worth nothing until it is verified" in item.text
    assert "certificate number" in item.next_step.text


def test_a_phrase_that_has_a_reason_says_what_the_reason_says() -> None:
    (item,) = assess("RRN member").items
    reason = REASONS[MEMBER]
    assert (item.rule, item.text, item.source) == (reason.rule, reason.text, reason.source)
    assert item.next_step == STEPS[reason.next_step]


def test_every_code_is_explained_and_can_be_found() -> None:
    assert set(WORTHS) == CODES
    assert {code for told in WHOLE for _, code in told.found} == CODES


@pytest.mark.parametrize("code", WORTHS)
def test_no_code_is_praise(code: str) -> None:
    worth = WORTHS[code]
    assert not re.search(
        r"pass|good|fine|confirmed|valid|\bok\b", f"{code} {worth.text}", re.IGNORECASE
    )
    assert re.search(r"\b(not?|nothing|nobody)\b", worth.text)
    assert re.fullmatch(r"R([1-9]|[12]\d|3[01])", worth.rule)
    assert worth.next_step in STEPS
    assert worth.source


@pytest.mark.parametrize("code", WORTHS)
def test_approved_is_said_of_a_programme_and_authorised_of_a_trainer_alone(code: str) -> None:
    words = WORTHS[code].text
    assert not re.search(r"approved (?!programme)|authorised (?!trainer)", words)
    assert not re.search(
        r"recommend|scor(e|ing)|rat(ed|ing)\b|(authori|organi|recogni|certifi)z", words
    )


@pytest.mark.parametrize(
    "text", ["Bild ACT certified", "RRN member. We are kind.", "We are kind.", "", "RRN member"]
)
def test_the_summary_never_reads_as_a_pass(text: str) -> None:
    summary = assess(text).summary
    assert "No register was consulted" in summary
    assert re.search(r"none of them shows|says nothing in favour", summary)
    assert ("not assessed" in summary) == bool(assess(text).unassessed)


def test_an_assessment_carries_neither_verdict_nor_score() -> None:
    told = msgspec.to_builtins(assess("RRN member. We are kind."))
    assert set(told) == {"items", "unassessed", "summary"}
    (item,) = told["items"]
    assert set(item) == {"start", "end", "phrase", "code", "rule", "text", "source", "nextStep"}
    assert set(told["unassessed"][0]) == {"start", "end", "phrase"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * (MOST_CHARACTERS + 1), "has 20001 characters: send at most 20000"),
        ("", "is empty"),
        (" \n\t\u00a0", "is empty"),
    ],
)
def test_what_cannot_be_assessed_is_said_in_words(text: str, reason: str) -> None:
    assert reason in (unfit(text) or "")


def test_a_text_of_the_greatest_length_can_be_assessed() -> None:
    assert unfit("x" * MOST_CHARACTERS) is None


# ---- any text

_WORDS = """
    we our not never no longer but and or , ; . ? : - / & ( ) RRN Bild ACT BILD certified certification
    certificate aligned to with meets the Training Standards member membership of accredited by approved
    affiliate PITAS 10053 trainers were trained train trainer working towards applied for pending is just
    in process a will be if must UKAS &nbsp; &rsquo; \u202e \u200b e\u0301 ß ﷺ
"""
SUPPLIER_LIKE = st.lists(st.sampled_from([*_WORDS.split(), "\n"]), max_size=60).map(" ".join)
ANY = st.text(max_size=400) | SUPPLIER_LIKE | st.text(st.characters(), max_size=100)
CAREFULLY = settings(deadline=None, max_examples=300)


def parts_of(assessment: Assessment) -> list[AssessedPhrase | UnassessedPart]:
    """What is said to be recognised or not, in the order of the text."""
    return sorted([*assessment.items, *assessment.unassessed], key=lambda part: part.start)


@CAREFULLY
@given(ANY)
@example("\ud800certified")
@example("&#0;&#x110000;&#xD800; certified")
def test_every_span_lies_in_the_text_reproduces_its_phrase_and_overlaps_no_other(text: str) -> None:
    assessment = assess(text)
    for part in parts_of(assessment):
        assert 0 <= part.start < part.end <= len(text)
        assert text[part.start : part.end] == part.phrase
    for before, after in pairwise(parts_of(assessment)):
        assert before.end <= after.start


@CAREFULLY
@given(ANY)
def test_every_sentence_without_a_recognised_phrase_is_unassessed(text: str) -> None:
    assessment = assess(text)
    for sentence in sentences(text):
        start, end = sentence.words[0].start, sentence.words[-1].end
        recognised = any(item.start < end and start < item.end for item in assessment.items)
        left = any(part.start <= start and end <= part.end for part in assessment.unassessed)
        assert recognised or left


@CAREFULLY
@given(ANY.filter(lambda text: "&" not in text))
def test_every_letter_is_in_a_sentence(text: str) -> None:
    letters = {i for i, character in enumerate(text) if character.isascii() and character.isalnum()}
    held = (range(w.start, w.end) for sentence in sentences(text) for w in sentence.words)
    assert letters <= {i for word in held for i in word}


@CAREFULLY
@given(SUPPLIER_LIKE)
def test_every_phrase_of_any_text_is_explained(text: str) -> None:
    for item in assess(text).items:
        assert item.code in WORTHS
        assert item.next_step in STEPS.values()


def seconds(text: str) -> float:
    """The least of three readings, of the time that this process itself worked."""

    def once() -> float:
        begun = time.process_time()
        assess(text)
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.parametrize("unit", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(unit: str) -> None:
    text = unit * MOST_CHARACTERS
    small, large = text[: MOST_CHARACTERS // 2], text[: MOST_CHARACTERS * 2]
    assert seconds(large) < 10 * seconds(small)  # a search that looks back would take sixteen times
