"""People are told by keyed hashes alone, and those who were erased are taken out of what is logged."""

import pytest

from trivet.register.people import Erased, authorisation_hash, naming_hash, person_hash

KEY = b"a key for tests"


def test_a_reference_is_hashed_as_ids_are_compared() -> None:
    assert person_hash(" TR-1 ", KEY) == person_hash("tr-1", KEY)
    assert person_hash("tr-1", KEY) != person_hash("tr-1", b"another key")
    assert authorisation_hash("AU-1 ", KEY) == authorisation_hash("au-1", KEY)


def test_a_number_is_never_taken_for_a_reference() -> None:
    assert authorisation_hash("7", KEY) != person_hash("7", KEY)


def test_a_naming_is_of_the_trainer_and_the_name_in_any_writing() -> None:
    one, other = person_hash("tr-1", KEY), person_hash("tr-2", KEY)

    assert naming_hash(one, "O’Neill", KEY) == naming_hash(one, "o'neill", KEY)
    assert naming_hash(one, None, KEY) == naming_hash(one, "–", KEY)
    different = {
        naming_hash(who, name, KEY) for who in (one, other) for name in (None, "O'Neill", "Evans")
    }
    assert len(different) == 6


ERASED = Erased({person_hash("tr-1", KEY), authorisation_hash("AU-1", KEY)}, KEY)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("authorisations[0].provider ('AU-1'): names 'heron'", "('[erased]'): names 'heron'"),
        ("the id 'au-1' is also made from something else", "the id '[erased]' is also"),
        ('"TR-1" is listed twice', '"[erased]" is listed twice'),
        ("https://list.example/trainers/tr-1: the site answers 404", "/trainers/[erased]: the"),
        ("https://list.example/show?trainer=tr-1&page=2: is empty", "?trainer=[erased]&page"),
        ("see https://list.example/trainers/tr-1.", "/trainers/[erased]"),
        ("'AU-10', 'AU-2' and line 1", "'AU-10', 'AU-2' and line 1"),
        ("", ""),
    ],
)
def test_a_message_loses_the_erased_and_nothing_else(message: str, left: str) -> None:
    assert left in ERASED.scrubbed(message)


def test_a_number_of_digits_is_not_taken_out_of_counts_and_places() -> None:
    erased = Erased({person_hash("7", KEY)}, KEY)

    assert erased.scrubbed("line 7: 7 of 9 rows") == "line 7: 7 of 9 rows"
    assert erased.scrubbed("('7'): is empty") == "('[erased]'): is empty"


def test_a_rejected_row_loses_its_number_and_keeps_its_place() -> None:
    row = {"place": "row 7", "register": "AU-1", "field": "role", "reason": "'chief' is none"}

    assert ERASED.scrubbed_row(row) == row | {"register": None}
    assert ERASED.scrubbed_row(row | {"register": "AU-2"}) == row | {"register": "AU-2"}
    assert ERASED.scrubbed_row(row | {"register": None}) == row | {"register": None}
