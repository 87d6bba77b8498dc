"""Two releases of a real register, read as they are (see tests/data/epao/README.md)."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from tests.register.sources.making import counts
from trivet.register.faults import faults
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, Kind, Programme, Provider
from trivet.register.sources import Profile, Reading, fetch, load_profile, read

DATA = Path(__file__).parents[2] / "data" / "epao"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(DATA / "epao.toml")


@pytest.fixture(scope="module")
def february(profile: Profile) -> Reading:
    return _release(profile, "epao-register-2018-02.xlsx")


@pytest.fixture(scope="module")
def june(profile: Profile) -> Reading:
    return _release(profile, "epao-register-2018-06.xlsx")


def _release(profile: Profile, name: str) -> Reading:
    one = msgspec.structs.replace(profile, location=name)
    return read(one, fetch(one))


def _programmes(reading: Reading) -> dict[str, Programme]:
    return {programme.register: programme for programme in reading.document.programmes}


def _providers(reading: Reading) -> dict[str, Provider]:
    return {provider.register: provider for provider in reading.document.providers}


def test_the_newest_release_of_the_folder_is_the_one_of_june(profile: Profile) -> None:
    raw = fetch(profile)
    assert Path(raw.location).name == "epao-register-2018-06.xlsx"
    assert raw.as_of == datetime(2018, 5, 31, 23, tzinfo=UTC)  # the first of June in London


def test_every_row_of_february_becomes_a_record(february: Reading) -> None:
    assert counts(february, Kind.PROVIDERS) == (135, 0, 0, 135)
    assert counts(february, Kind.PROGRAMMES) == (501, 0, 0, 501)
    assert february.rejected == ()


def test_rows_of_both_sheets_of_june_are_one_programme_each(june: Reading) -> None:
    assert counts(june, Kind.PROVIDERS) == (149, 0, 0, 149)
    assert counts(june, Kind.PROGRAMMES) == (587 + 130, 129, 0, 588)
    assert june.rejected == ()


@pytest.mark.parametrize("release", ["february", "june"])
def test_a_release_keeps_every_rule_and_its_coverage(
    release: str, request: pytest.FixtureRequest
) -> None:
    reading: Reading = request.getfixturevalue(release)
    assert list(faults(reading.document, reading.coverage)) == []
    assert reading.coverage.programmes is Coverage.COMPLETE
    assert reading.coverage.authorisations is Coverage.NONE
    assert len(reading.document.bodies) == 1


def test_twenty_programmes_are_gone_in_june_fourteen_of_them_without_an_end(
    february: Reading, june: Reading
) -> None:
    gone = _programmes(february).keys() - _programmes(june).keys()
    without_end = [p for p in gone if _programmes(february)[p].periods[-1].to is None]
    assert (len(gone), len(without_end)) == (20, 14)


def test_a_programme_that_only_moved_to_the_other_sheet_is_not_gone(
    profile: Profile, february: Reading, june: Reading
) -> None:
    assert profile.tables is not None
    first_sheet_only = msgspec.structs.replace(
        profile.tables,
        tables=tuple(t for t in profile.tables.tables if t.sheet != "Register - Standards - OA"),
    )
    less = _release(
        msgspec.structs.replace(profile, tables=first_sheet_only), "epao-register-2018-06.xlsx"
    )
    assert len(_programmes(february).keys() - _programmes(less).keys()) == 21
    assert "EPA0076-24" not in _programmes(less)
    assert "EPA0076-24" in _programmes(june)


def test_a_code_of_digits_and_a_letter_stays_as_it_is(february: Reading) -> None:
    assert "EPA0038-204a" in _programmes(february)
    assert "EPA0001-79" in _programmes(february)


def test_an_end_that_came_in_june_is_the_last_day_covered(february: Reading, june: Reading) -> None:
    was = Period(Status.IN_FORCE, date(2016, 12, 31), None)
    assert _programmes(february)["EPA0016-59"].periods == (was,)
    now = Period(Status.IN_FORCE, date(2016, 12, 31), date(2017, 8, 1))
    assert _programmes(june)["EPA0016-59"].periods == (now,)


def test_two_sheets_with_different_starts_make_one_period(june: Reading) -> None:
    united = Period(Status.IN_FORCE, date(2016, 6, 30), None)
    assert _programmes(june)["EPA0016-52"].periods == (united,)


@pytest.mark.parametrize(
    ("provider", "ukprn"),
    [
        ("EPA0001", ["10022712"]),  # a number
        ("EPA0150", ["10007144"]),  # a text
        ("EPA0003", []),  # "-"
        ("EPA0070", []),  # " -"
        ("EPA0103", ["90000333"]),  # eight digits, if an unusual one
    ],
)
def test_a_provider_bears_its_ukprn_if_it_has_one(
    june: Reading, provider: str, ukprn: list[str]
) -> None:
    expected = tuple(Identifier(Scheme.UKPRN, value) for value in ukprn)
    assert _providers(june)[provider].identifiers == expected


def test_organisations_without_dates_count_from_the_day_that_the_profile_states(
    june: Reading,
) -> None:
    stated = (Period(Status.IN_FORCE, date(2015, 9, 1), None),)
    assert {p.periods for p in june.document.providers} == {stated}
    starts = [p.periods[0].from_ for p in june.document.programmes]
    assert min(start for start in starts if start) >= date(2015, 9, 1)
