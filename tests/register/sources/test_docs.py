"""The worked examples of the pages on source profiles do what the pages say."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.register.sources.making import JSON, counts, profile
from tests.register.sources.sites import FakeSite
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, Kind
from trivet.register.sources import Reading, fetch, load_profile, read

DOCS = Path(__file__).parents[3] / "service" / "docs"
PAGE = DOCS / "source-profiles.md"
HTML_PAGE = DOCS / "html-sources.md"


def _examples(page: Path) -> dict[str, str]:
    found = re.findall(
        r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
    )
    return dict(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    examples = _examples(PAGE)
    assert len(examples) == 3
    for name, text in examples.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_worked_example_reads_as_the_page_says(folder: Path) -> None:
    loaded = load_profile(folder / "fictional.toml")
    reading = read(loaded, fetch(loaded))
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


@pytest.fixture
def on_site(site: FakeSite, tmp_path: Path) -> Callable[[str], Reading]:
    """Read one of the html profiles, with the pages of the examples on a site of this machine."""
    examples = _examples(HTML_PAGE)
    assert len(examples) == 7
    for path in (name for name in examples if name.startswith("/")):
        site.show(path, examples[path])

    def reading(name: str) -> Reading:
        text = examples[name].replace("https://register.example", site.address(""))
        found = profile(tmp_path, f"allow_http = true\n{text}", name)
        return read(found, fetch(found))

    return reading


def test_the_table_over_two_pages_reads_as_the_page_says(
    on_site: Callable[[str], Reading], site: FakeSite
) -> None:
    reading = on_site("certified.toml")
    assert [p.register for p in reading.document.providers] == ["C-101", "C-102", "C-103"]
    assert [rejected.place for rejected in reading.rejected] == [
        f"{site.address('/certified?page=2')} row 2, column No."
    ]
    assert reading.coverage.providers is Coverage.PARTIAL
    first, second, third = reading.document.providers
    assert first.periods == (Period(Status.IN_FORCE, None, date(2027, 4, 1)),)
    assert first.settings == ("mental_health_unit", "secure")
    assert second.periods == (Period(Status.SUSPENDED, None, None),)
    assert third.settings is None


def test_the_cards_with_their_pages_read_as_the_page_says(
    on_site: Callable[[str], Reading],
) -> None:
    reading = on_site("cards.toml")
    assert reading.rejected == ()
    assert [p.register for p in reading.document.programmes] == ["P-17-FND", "P-17-REF", "P-18-FND"]
    assert [p.title for p in reading.document.programmes][1] == "Yearly refresher"
    first, second = reading.document.providers
    assert (first.register, first.name) == ("P-17", "Fictional Training Service")
    assert first.periods == (Period(Status.IN_FORCE, date(2024, 4, 1), date(2027, 4, 1)),)
    assert (first.settings, second.settings) == (("secure", "school"), None)


def test_every_profile_of_the_pages_can_be_loaded(tmp_path: Path) -> None:
    for text in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        if text.startswith("kind"):
            profile(tmp_path, text)
        elif text.startswith("[guards]"):
            profile(tmp_path, f"{JSON}\n{text}")
