"""Two releases of a real register, mirrored by command and asked over HTTP (see tests/data/epao/README.md)."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.commands import Operator
from tests.conftest import DATA
from tests.processes import Served, environment, served, until
from trivet.london import day_of

EPAO = DATA / "epao"
ELEMENTS = ("body", "provider", "programme", "trainer")


class Mirrored:
    """What the two releases came to: what each sync printed, and the service as it answers."""

    def __init__(self, operator: Operator, service: Served) -> None:
        self.operator, self.service, self.key = operator, service, operator.key()
        self.printed = {release: self._released(release) for release in ("02", "06")}

    def _released(self, release: str) -> str:
        """Add a release to the folder, mirror it, and ask what is asked of it."""
        shutil.copy(EPAO / f"epao-register-2018-{release}.xlsx", self.operator.sources)
        self.day = day_of(datetime.now(UTC))
        printed = self.operator.done("sync")
        snapshot = re.search(r"snapshot (snp_\w+)", printed)
        assert snapshot
        until(lambda: self.register().get("snapshot") == snapshot[1])
        answers = {on: self.ask("EPA0016", "59", on) for on in ("2017-07-31", "2017-08-01")}
        self.answers = {**getattr(self, "answers", {}), release: answers}
        return printed

    def register(self) -> dict[str, Any]:
        with self.service.client(self.key) as client:
            answer: dict[str, Any] = client.get("/v1/register").json()
        return answer

    def ask(self, provider: str, standard: str, on: str | None = None) -> dict[str, Any]:
        question: dict[str, Any] = {
            "provider": {"scheme": "register", "value": provider},
            "programme": {"scheme": "register", "value": f"{provider}-{standard}"},
            "trainer": {"scheme": "register", "value": "anyone"},
        }
        return self.service.ask(question | ({"deliveredOn": on} if on else {}), self.key)


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirrored]:
    folder = tmp_path_factory.mktemp("epao")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        operator = Operator(folder, patch.setenv)
        shutil.copy(EPAO / "epao.toml", operator.sources)
        with served(folder) as service:
            yield Mirrored(operator, service)


def element(answer: dict[str, Any], name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [e for e in answer["elements"] if e["element"] == name]
    return found[0]


@pytest.mark.parametrize(
    ("release", "on", "verdict"),
    [
        ("02", "2017-07-31", "pass"),
        ("02", "2017-08-01", "pass"),
        ("06", "2017-07-31", "pass"),
        ("06", "2017-08-01", "fail"),
    ],
)
def test_an_end_that_a_later_release_brings_holds_from_the_day_after_it(
    mirrored: Mirrored, release: str, on: str, verdict: str
) -> None:
    answer = mirrored.answers[release][on]
    programme = element(answer, "programme")
    assert programme["verdict"] == verdict
    assert programme["record"] == "EPA0016-59"
    assert programme["validFrom"] == ("2017-08-01" if verdict == "fail" else "2016-12-31")
    if verdict == "fail":
        assert programme["reasons"] == ["programme_approval_expired"]
    else:
        assert programme["validTo"] == (None if release == "02" else "2017-08-01")


@pytest.mark.parametrize("release", ["02", "06"])
@pytest.mark.parametrize("on", ["2017-07-31", "2017-08-01"])
def test_a_register_without_trainers_never_passes(
    mirrored: Mirrored, release: str, on: str
) -> None:
    answer = mirrored.answers[release][on]
    lapsed = (release, on) == ("06", "2017-08-01")
    assert answer["verdict"] == ("fail" if lapsed else "cannot_confirm")
    assert "trainer_source_missing" in {reason["code"] for reason in answer["reasons"]}
    assert [element(answer, name)["verdict"] for name in ELEMENTS] == [
        "pass",
        "pass",
        "fail" if lapsed else "pass",
        "cannot_confirm",
    ]


ROWS = re.compile(
    r"(\w+): (\d+) rows read = (\d+) records \+ (\d+) merged \+ (\d+) rejected \((\w+)\)"
)
COUNTS = {
    "02": {"bodies": (1, 1, 0, 0), "providers": (135, 135, 0, 0), "programmes": (501, 501, 0, 0)},
    "06": {"bodies": (1, 1, 0, 0), "providers": (149, 149, 0, 0), "programmes": (717, 588, 129, 0)},
}


@pytest.mark.parametrize("release", ["02", "06"])
def test_a_sync_tells_what_became_of_every_row(mirrored: Mirrored, release: str) -> None:
    found = {kind: tuple(map(int, n)) for kind, *n, _ in ROWS.findall(mirrored.printed[release])}
    assert found == COUNTS[release]
    assert all(read == sum(rest) for read, *rest in found.values())


def test_a_sync_tells_what_changed_since_the_release_before(mirrored: Mirrored) -> None:
    first, second = mirrored.printed["02"], mirrored.printed["06"]
    assert "providers: 135 added\n" in first
    assert "programmes: 501 added\n" in first
    assert "ended" not in first
    assert "delisted" not in first

    assert re.search(r"providers: 19 added(, \d+ changed)?, 5 delisted\n", second)
    assert re.search(
        r"programmes: 107 added(, \d+ changed)?, \d+ ended, 14 delisted, 6 dropped\n", second
    )
    for what, count in (("delisted", 19), ("dropped", 6)):
        assert named(second, what) <= {
            *changes(mirrored, "providers", what),
            *changes(mirrored, "programmes", what),
        }
        assert len(named(second, what)) + unnamed(second, what) == count
    assert named(second, "ended") <= changes(mirrored, "programmes", "ended")


def named(printed: str, what: str) -> set[str]:
    """Return the records that a sync names under what happened to them."""
    (line,) = re.findall(rf"  {what}: (.*)\n", printed)
    return set(line.partition(" … ")[0].split(", "))


def unnamed(printed: str, what: str) -> int:
    """Return how many more there are than it names."""
    more = re.search(rf"  {what}: .* … and (\d+) more\n", printed)
    return int(more[1]) if more else 0


def changes(mirrored: Mirrored, kind: str, *what: str) -> set[str]:
    with closing(sqlite3.connect(mirrored.operator.folder / "trivet.db")) as connection:
        rows = connection.execute(
            "select register, change from changes where snapshot = 2 and kind = ?", (kind,)
        )
        return {register for register, change in rows if change in what}


def test_what_vanished_while_open_is_delisted_and_what_had_ended_is_dropped(
    mirrored: Mirrored,
) -> None:
    delisted = changes(mirrored, "programmes", "delisted")
    dropped = changes(mirrored, "programmes", "dropped")
    assert (len(delisted), len(dropped)) == (14, 6)
    assert len(changes(mirrored, "providers", "delisted", "dropped")) == 5
    assert "EPA0016-59" in changes(mirrored, "programmes", "ended")


def test_a_programme_that_moved_to_another_sheet_is_still_listed(mirrored: Mirrored) -> None:
    assert "EPA0076-24" not in changes(mirrored, "programmes", "delisted", "dropped")
    programme = element(mirrored.ask("EPA0076", "24", "2018-06-01"), "programme")
    assert programme["record"] == "EPA0076-24"
    assert "programme_delisted" not in programme["reasons"]


def test_a_code_of_digits_and_a_letter_is_found_delisted_from_today_and_good_before(
    mirrored: Mirrored,
) -> None:
    assert "EPA0038-204a" in changes(mirrored, "programmes", "delisted")
    now = element(mirrored.ask("EPA0038", "204a"), "programme")
    assert (now["record"], now["reasons"]) == ("EPA0038-204a", ["programme_delisted"])
    assert now["verdict"] == "cannot_confirm"

    begun = now["validFrom"]
    before = element(mirrored.ask("EPA0038", "204a", begun), "programme")
    assert (before["verdict"], before["record"]) == ("pass", "EPA0038-204a")
    params = [
        r["params"]
        for r in mirrored.ask("EPA0038", "204a")["reasons"]
        if r["code"] == "programme_delisted"
    ]
    assert params == [{"since": mirrored.day.isoformat()}]


def test_a_release_read_again_changes_nothing(mirrored: Mirrored) -> None:
    again = mirrored.operator.done("sync")
    assert "epao: unchanged, as of 2018-05-31 23:00 UTC" in again
    assert " added" not in again
