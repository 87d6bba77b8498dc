"""`trivet claims`: what it prints of a supplier's wording, and that nothing in it can be taken for a pass."""

import io
import sys

import pytest

from trivet.cli import CouldNot, main
from trivet.cli.claiming import claims
from trivet.verification.claims import MOST_CHARACTERS

TOO_LONG = "RRN " * (MOST_CHARACTERS // 4 + 1)


def given_on_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="ascii"))


def test_each_phrase_has_its_line_its_worth_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert claims("We train staff.\nWe are an RRN member\r\nand Bild ACT certified.") == 0
    said = capsys.readouterr().out
    assert "line 2: “RRN member”" in said
    assert "(membership_is_not_certification, R3)" in said
    assert "line 3: “Bild ACT certified”" in said
    assert "worth nothing until it is verified" in said
    assert "What to do: Ask the provider for its certificate number" in said
    assert "Not assessed:\n  line 1: “We train staff.”" in said


def test_the_last_word_is_that_no_wording_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    claims("certified by Bild ACT")
    *_, last = capsys.readouterr().out.splitlines()
    assert "none of them shows that any training is certified" in last
    assert "No register was consulted" in last


def test_a_text_of_which_nothing_is_recognised_is_assessed_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert claims("We are kind.") == 0
    assert "No phrase was recognised" in capsys.readouterr().out


def test_a_dash_reads_standard_input_as_utf_8_whatever_the_terminal_is_set_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_on_standard_input(monkeypatch, "\ufeffWe aren’t certified.".encode())
    assert claims("-") == 0
    assert "line 1: “aren’t certified”" in capsys.readouterr().out


def test_a_phrase_over_several_lines_is_printed_on_one(capsys: pytest.CaptureFixture[str]) -> None:
    claims("aligned\n  to the\nRRN")
    assert "line 1: “aligned to the RRN”" in capsys.readouterr().out


def test_what_is_invisible_is_written_out_and_can_not_command_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claims("RRN\x1b[2J \u202emember\x07. \udc80Fine\x1b]0;certified\x07 words.")
    said = capsys.readouterr().out
    assert all(character.isprintable() or character == "\n" for character in said)
    assert "<U+001B>" in said
    assert "<U+202E>" in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (TOO_LONG.encode(), "characters: send at most 20000"),
        (b"RRN " * MOST_CHARACTERS * 2, "too long"),
        (b"RRN\xff", "not UTF-8: byte 3"),
        (b"", "is empty"),
        (b" \n", "is empty"),
    ],
)
def test_what_can_not_be_assessed_is_said_and_nothing_printed(
    content: bytes,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given_on_standard_input(monkeypatch, content)
    with pytest.raises(CouldNot, match=why):
        claims("-")
    assert capsys.readouterr().out == ""


def test_a_text_that_is_too_long_is_refused_as_an_argument_too() -> None:
    with pytest.raises(CouldNot, match="has 20004 characters"):
        claims(TOO_LONG)


def test_a_dash_reads_the_wording_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"We are an RRN member.")))

    with pytest.raises(SystemExit) as ended:
        main(["claims", "-"])

    assert ended.value.code == 0
    assert "membership_is_not_certification" in capsys.readouterr().out
