import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.register.sources.making import JSON, profile, providers
from trivet.register.sources import SourceError, fetch, files

FOLDER = JSON.replace('"register.json"', '"releases"')
TWO_FILES = (
    providers(table='file = "providers.csv"').replace('"register.csv"', '"releases"')
    + """
[[providers]]
file = "others.csv"
optional = true
[providers.fields]
register = "Ref"
name = "Name"
body = { value = "body" }
"""
)


def _put(folder: Path, name: str, day: int, content: bytes = b"{}") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    moment = datetime(2024, 5, day, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_a_file_is_as_old_as_its_modification_time(tmp_path: Path) -> None:
    _put(tmp_path, "register.json", 3)
    raw = fetch(profile(tmp_path, JSON))
    assert raw.content == b"{}"
    assert raw.as_of == datetime(2024, 5, 3, tzinfo=UTC)
    assert raw.digest == ("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")


def test_a_file_is_as_old_as_the_profile_says(tmp_path: Path) -> None:
    _put(tmp_path, "register.json", 3)
    raw = fetch(profile(tmp_path, JSON + '[releases]\n"register.json" = 2024-01-02'))
    assert raw.as_of == datetime(2024, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "releases", "newest"),
    [
        ({"a.json": 1, "b.json": 2}, "", "b.json"),
        ({"a.json": 2, "b.json": 1}, "", "a.json"),
        ({"a.json": 1, "b.json": 1}, "", "b.json"),
        ({"a.json": 1, "b.json": 2}, '"a.json" = 2024-02-02\n"b.json" = 2024-02-01', "a.json"),
        ({"a.json": 1, ".b.json": 2, "~$c.json": 3, "d.csv": 4}, "", "a.json"),
        ({"a.JSON": 1}, "", "a.JSON"),
    ],
)
def test_the_newest_file_of_a_folder_is_read(
    tmp_path: Path, days: dict[str, int], releases: str, newest: str
) -> None:
    for name, day in days.items():
        _put(tmp_path / "releases", name, day)
    raw = fetch(profile(tmp_path, f"{FOLDER}[releases]\n{releases}"))
    assert Path(raw.location).name == newest


def test_a_pattern_chooses_among_the_files_of_a_folder(tmp_path: Path) -> None:
    for day, name in enumerate(("register-1.json", "register-2.json", "other.json"), 1):
        _put(tmp_path / "releases", name, day)
    raw = fetch(profile(tmp_path, FOLDER + 'files = "register-*.json"'))
    assert Path(raw.location).name == "register-2.json"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"register\.json: is missing"):
        fetch(profile(tmp_path, JSON))


def test_a_folder_without_a_release_is_an_error(tmp_path: Path) -> None:
    _put(tmp_path / "releases", "notes.txt", 1)
    with pytest.raises(SourceError, match=r"holds no file named \*\.json"):
        fetch(profile(tmp_path, FOLDER))


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "register.json")
    with pytest.raises(SourceError, match="not a regular file"):
        fetch(profile(tmp_path, JSON))


def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    path = _put(tmp_path, "register.json", 1)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(SourceError, match="can't be read"):
        fetch(profile(tmp_path, JSON))


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    _put(tmp_path, "register.json", 1, b"x" * 11)
    with pytest.raises(SourceError, match="larger than"):
        fetch(profile(tmp_path, JSON))


def test_several_files_are_one_release_with_one_digest(tmp_path: Path) -> None:
    two_files = profile(tmp_path, TWO_FILES)
    _put(tmp_path / "releases", "providers.csv", 2, b"Ref,Name\n")
    _put(tmp_path / "releases", "others.csv", 1, b"Ref,Name\n")
    first = fetch(two_files)
    assert first.as_of == datetime(2024, 5, 1, tzinfo=UTC)
    _put(tmp_path / "releases", "others.csv", 4, b"Ref,Name\n")
    second = fetch(two_files)
    assert second.digest == first.digest
    assert second.as_of == datetime(2024, 5, 2, tzinfo=UTC)


def test_several_files_are_as_old_as_the_profile_says_of_their_folder(tmp_path: Path) -> None:
    _put(tmp_path / "releases", "providers.csv", 2)
    raw = fetch(profile(tmp_path, TWO_FILES + "\n[releases]\nreleases = 2024-02-01"))
    assert raw.as_of == datetime(2024, 2, 1, tzinfo=UTC)


def test_of_several_files_only_optional_ones_may_be_missing(tmp_path: Path) -> None:
    two_files = profile(tmp_path, TWO_FILES)
    _put(tmp_path / "releases", "providers.csv", 2)
    fetch(two_files)
    (tmp_path / "releases" / "providers.csv").unlink()
    with pytest.raises(SourceError, match=r"providers\.csv: is missing"):
        fetch(two_files)


def test_several_files_together_may_not_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    _put(tmp_path / "releases", "providers.csv", 2, b"x" * 6)
    _put(tmp_path / "releases", "others.csv", 2, b"x" * 6)
    with pytest.raises(SourceError, match="larger than"):
        fetch(profile(tmp_path, TWO_FILES))
