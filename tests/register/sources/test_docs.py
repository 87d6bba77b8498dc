"""The worked example of the page on source profiles does what the page says."""

import re
from pathlib import Path

import pytest

from tests.register.sources.making import counts
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, Kind
from trivet.register.sources import fetch, load_profile, read

PAGE = Path(__file__).parents[3] / "service" / "docs" / "source-profiles.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    examples = re.findall(
        r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(examples) == 3
    for name, text in examples:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_worked_example_reads_as_the_page_says(folder: Path) -> None:
    profile = load_profile(folder / "fictional.toml")
    reading = read(profile, fetch(profile))
    assert [p.register for p in reading.document.programmes] == ["TP-1-A", "TP-1-B", "TP-2-A"]
    assert counts(reading, Kind.PROGRAMMES) == (4, 0, 1, 3)
    assert [rejected.place for rejected in reading.rejected] == [
        "curricula.csv line 5, column Provider ref"
    ]
    assert reading.coverage.programmes is Coverage.PARTIAL
    assert reading.coverage.providers is Coverage.COMPLETE
    assert reading.document.providers[1].periods == (Period(Status.SUSPENDED, None, None),)
    assert reading.document.providers[0].settings == ("mental_health_unit", "secure")


def test_the_four_lines_are_a_profile(tmp_path: Path) -> None:
    first = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert first
    (tmp_path / "example.toml").write_text(first[1], encoding="utf-8")
    assert load_profile(tmp_path / "example.toml").kind == "json"
