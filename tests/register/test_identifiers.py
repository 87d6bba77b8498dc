"""Identifiers and names: what is well-formed, and what is the same (rule 2, R22)."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trivet.register.identifiers import (
    Scheme,
    comparable,
    comparable_id,
    comparable_name,
    ill_formed,
    unfit_text,
)
from trivet.register.people import family_name_hash

FORMS = ("ltd", "limited", "plc", "llp", "cic")

NAMES = [
    ("Calm Harbour Training Ltd", "calm harbour training"),
    ("CALM HARBOUR TRAINING LIMITED", "calm harbour training"),
    ("Calm Harbour Training Ltd.", "calm harbour training"),
    ("Calm Harbour Training (Ltd)", "calm harbour training"),
    ("Calm Harbour Limited PLC", "calm harbour"),
    ("Calm Harbour L.L.P.", "calm harbour"),
    ("Calm Harbour C.I.C.", "calm harbour"),
    ("Limited", "limited"),
    ("Ltd Limited", "ltd"),
    ("Ltd Ltd Ltd", "ltd"),
    ("Limited Horizons", "limited horizons"),
    ("Unlimited", "unlimited"),
    ("Calm Harbour Company", "calm harbour company"),
    ("Willow Gate & Partners", "willow gate and partners"),
    ("Willow Gate&Partners", "willow gate and partners"),
    ("Willow Gate \uff06 Partners", "willow gate and partners"),
    ("Willow Gate and Partners", "willow gate and partners"),
    ("O'Neill", "oneill"),
    ("O’Neill", "oneill"),
    ("Safe-Hands", "safehands"),
    ("Safe – Hands", "safe hands"),
    ("  Two \t spaces\u00a0here ", "two spaces here"),
    ("Straße", "strasse"),
    ("MÜLLER", "müller"),
    ("Mu\u0308ller", "müller"),
    ("ﬁrst", "first"),
    ("\uff23\uff41\uff4c\uff4d", "calm"),
    ("№ 5", "no 5"),
    ("Care+", "care+"),
    ("Care", "care"),
    ("£5 Training", "£5 training"),
    ("…", ""),
    ("'", ""),
    (" . ", ""),
    ("&", "and"),
]


@pytest.mark.parametrize(("written", "compared"), NAMES)
def test_a_name_is_compared_without_case_marks_and_company_form(
    written: str, compared: str
) -> None:
    assert comparable_name(written) == compared


words = st.lists(
    st.text(st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
).map(" ".join)
texts = st.text(max_size=40)
# A mark that loses the punctuation it stood on joins the letter before it.
without_marks = st.text(st.characters(exclude_categories=("Cs", "Mn", "Mc", "Me")), max_size=40)


@given(without_marks)
@example("ŉ Ltd")
@example("Ǆ")
@example("Ltd. Ltd")
def test_comparing_twice_is_comparing_once(name: str) -> None:
    once = comparable_name(name)
    assert comparable_name(once) == once


@given(texts)
def test_what_is_compared_has_neither_punctuation_nor_spare_white_space(name: str) -> None:
    compared = comparable_name(name)
    assert not any(unicodedata.category(c).startswith("P") for c in compared)
    assert compared == " ".join(compared.split())


@given(words, st.lists(st.sampled_from(FORMS), max_size=4))
def test_trailing_company_forms_never_tell_two_names_apart(name: str, forms: list[str]) -> None:
    assert comparable_name(" ".join([name, *forms])) == comparable_name(name)


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4))
def test_a_name_of_company_forms_alone_keeps_its_first_word(forms: list[str]) -> None:
    assert comparable_name(" ".join(forms)) == forms[0]


@given(words)
def test_composition_never_tells_two_names_apart(name: str) -> None:
    assert comparable_name(unicodedata.normalize("NFD", name)) == comparable_name(name)


@given(st.text("abcxyzàéîõüßñç &-", min_size=1, max_size=20))
def test_case_never_tells_two_names_apart(name: str) -> None:
    assert comparable_name(name.upper()) == comparable_name(name)


@given(words, words, st.sampled_from(["&", " & ", " and ", " AND ", " \uff06 "]))
def test_an_ampersand_is_the_word_and(left: str, right: str, between: str) -> None:
    assert comparable_name(left + between + right) == comparable_name(f"{left} and {right}")


COMPANIES = [
    ("1", "00000001"),
    ("9990001", "09990001"),
    ("09990001", "09990001"),
    (" 09990001 ", "09990001"),
    ("SC1", "sc000001"),
    ("sc001", "sc000001"),
    ("SC000001", "sc000001"),
    ("NI612345", "ni612345"),
    ("OC1234", "oc001234"),
    ("IP12345R", "ip12345r"),
    ("R0000123", "r0000123"),
]


@pytest.mark.parametrize(("written", "compared"), COMPANIES)
def test_a_company_number_is_padded_to_eight_places(written: str, compared: str) -> None:
    assert ill_formed(Scheme.COMPANIES_HOUSE, written) is None
    assert comparable(Scheme.COMPANIES_HOUSE, written) == compared
    assert len(compared) == 8


@given(st.integers(0, 99_999_999), st.integers(0, 8))
def test_leading_zeros_never_tell_two_company_numbers_apart(number: int, zeros: int) -> None:
    padded = str(number).zfill(min(8, len(str(number)) + zeros))
    assert comparable(Scheme.COMPANIES_HOUSE, padded) == str(number).zfill(8)


@given(st.sampled_from(list(Scheme)), st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True))
def test_identifiers_are_compared_trimmed_and_without_case(scheme: Scheme, value: str) -> None:
    assert comparable(scheme, f"  {value.upper()} ") == comparable(scheme, value.lower())


@pytest.mark.parametrize("scheme", [s for s in Scheme if s is not Scheme.COMPANIES_HOUSE])
def test_only_company_numbers_are_padded(scheme: Scheme) -> None:
    assert comparable(scheme, "1") != comparable(scheme, "01")


def test_ids_that_differ_in_a_mark_are_different_ids() -> None:
    assert comparable_id("A-1") != comparable_id("A1")
    assert comparable_id(" A-1 ") == comparable_id("a-1")


WELL_FORMED = {
    Scheme.REGISTER: ["a", "EPA0038-204a", "x" * 80, "a.b_c~d-e", " padded "],
    Scheme.CERTIFICATE: ["EX-0001", "No 5 (b)", "0", "x" * 300],
    Scheme.ODS: ["RX9", "rx9", "R1", "ABCDEF123456"],
    Scheme.COMPANIES_HOUSE: ["1", "12345678", "SC1", "SC123456", "IP12345R", "r1234567"],
    Scheme.UKPRN: ["10099901", "90000333"],
    Scheme.CHARITY: ["123456", "1234567", "1234567-1", "SC012345", "sc12345", "NIC100001"],
    Scheme.NAME: ["A", "Calm Harbour", "£"],
}
ILL_FORMED = {
    Scheme.REGISTER: ["", " ", "a b", "a/b", "ä", "x" * 81, "a\u200bb", "\u0663", "a:b", "a%20b"],
    Scheme.CERTIFICATE: ["", "  ", "x" * 301, "a\nb", "a\u202eb", "a\ud800"],
    Scheme.ODS: ["R", "ABCDEF1234567", "R-9", "R 9", "\uff32\uff38\uff19"],
    Scheme.COMPANIES_HOUSE: [
        "123456789",
        "SC1234567",
        "S123456",
        "SCABC",
        "12-34",
        "\u0661\u0662\u0663",
    ],
    Scheme.UKPRN: [
        "1009990",
        "100999011",
        "1009990A",
        "\uff11\uff10\uff10\uff19\uff19\uff19\uff10\uff11",
    ],
    Scheme.CHARITY: ["12345", "12345678", "SC1234", "1234567-1234", "X123456"],
    Scheme.NAME: ["", "...", "–", "x" * 301, "a\u0000b"],
}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_scheme_takes_what_is_well_formed_and_nothing_else(scheme: Scheme) -> None:
    assert [v for v in WELL_FORMED[scheme] if ill_formed(scheme, v)] == []
    assert [v for v in ILL_FORMED[scheme] if not ill_formed(scheme, v)] == []


@given(st.sampled_from(list(Scheme)), texts)
def test_what_is_well_formed_compares_to_something(scheme: Scheme, value: str) -> None:
    if ill_formed(scheme, value) is None:
        assert comparable(scheme, value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" \t", "is empty"),
        ("x" * 301, "is longer than 300 characters"),
        ("bell\x07", "has a control or bidirectional character"),
        ("next\x85", "has a control or bidirectional character"),
        ("left\u200eright", "has a control or bidirectional character"),
        ("hid\u200bden", "has a control or bidirectional character"),
        ("\ufeffmarked", "has a control or bidirectional character"),
    ],
)
def test_text_that_could_hide_something_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert unfit_text(text) == reason


def test_a_family_name_is_hashed_in_the_form_in_which_names_are_compared() -> None:
    assert family_name_hash("O'NEILL", b"key") == family_name_hash("o’neill", b"key")
    assert family_name_hash("O'Neill", b"key") != family_name_hash("O'Neill", b"another key")
    assert family_name_hash("O'Neill", b"key") != family_name_hash("O'Neal", b"key")


@pytest.mark.parametrize("nothing", [None, "", " ", "-", "'"])
def test_a_family_name_that_comes_to_nothing_is_none_given(nothing: str | None) -> None:
    assert family_name_hash(nothing, b"key") is None
