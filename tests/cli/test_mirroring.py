"""`sync`, `sources` and `register` at the command line: what they print and how they end."""

import json
from typing import Any

import pytest

from tests.commands import Operator
from tests.register.documents import authorisation, document, in_force, programme, provider, whole
from tests.service import PROFILE


def publish(operator: Operator, written: dict[str, Any], name: str = "register") -> None:
    (operator.sources / f"{name}.toml").write_text(PROFILE.replace("register.json", f"{name}.json"))
    (operator.sources / f"{name}.json").write_text(json.dumps(written))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_before_the_first_sync_nothing_is_published(operator: Operator) -> None:
    ran = operator("register", "status")
    assert ran == (3, "No snapshot has been published: run `trivet sync`.\n", "")


def test_a_sync_tells_what_it_read_and_what_changed(operator: Operator) -> None:
    publish(operator, whole())
    ran = operator("sync")
    assert (ran.status, ran.err) == (0, "")
    told = lines(ran.out)
    assert told[0] == "register: updated, as of 2026-11-01 09:00 UTC"
    assert "programmes: 2 rows read = 2 records + 0 merged + 0 rejected (complete)" in told
    assert "programmes: 2 added" in told
    assert "authorisations: 1 added" in told


def test_a_sync_names_what_ended_and_vanished_but_never_a_trainers_record(
    operator: Operator,
) -> None:
    publish(operator, whole(authorisations=[authorisation(), authorisation("AU-2")]))
    operator("sync")
    ended = in_force("2024-01-01", "2026-06-01")
    publish(
        operator,
        whole(
            programmes=[programme(periods=ended)],
            authorisations=[authorisation(periods=ended)],
            affiliations=[],
        ),
    )
    told = lines(operator("sync").out)
    assert "programmes: 1 ended, 1 delisted" in told
    assert "authorisations: 1 ended, 1 delisted" in told
    assert "ended: heron-1" in told
    assert "delisted: heron-2, AF-1" in told
    assert not any("AU-" in line for line in told)


def test_an_unchanged_reading_is_told_without_changes(operator: Operator) -> None:
    publish(operator, whole())
    first = operator("sync").out
    again = operator("sync").out
    assert again.startswith("register: unchanged, as of 2026-11-01 09:00 UTC")
    assert "added" not in again
    snapshot = next(line for line in lines(first) if line.startswith("snapshot "))
    assert snapshot in lines(again)


def test_only_the_sources_named_are_read(operator: Operator) -> None:
    publish(operator, whole(), "one")
    publish(operator, document(), "two")
    told = operator("sync", "two").out
    assert "two: updated" in told
    assert "one:" not in told


def test_status_tells_the_snapshot_its_records_and_its_sources(operator: Operator) -> None:
    publish(operator, whole())
    synced = lines(operator("sync").out)
    snapshot = next(line for line in synced if line.startswith("snapshot ")).split()
    ran = operator("register", "status")
    assert (ran.status, ran.err) == (0, "")
    told = lines(ran.out)
    assert told[0].startswith(f"snapshot {snapshot[1]}, published ")
    assert told[1] == f"digest {snapshot[2]}"
    assert "programmes: 2 (complete)" in told
    assert "register: as of 2026-11-01 09:00 UTC, fresh, register" in told
    assert told[-1].startswith("last reading of register: updated at ")


def test_status_tells_a_stale_source_and_a_failed_reading(operator: Operator) -> None:
    publish(operator, {**whole(), "publishedAt": "2020-01-01T00:00:00Z"})
    profile = operator.sources / "register.toml"
    profile.write_text(profile.read_text().replace("P36500D", "P1D"))
    operator("sync")
    (operator.sources / "register.json").write_text("")
    operator("sync")
    told = lines(operator("register", "status").out)
    assert "register: as of 2020-01-01 00:00 UTC, STALE, register" in told
    assert told[-1].startswith("last reading of register: failed at ")
    assert told[-1].endswith(": register.json: is empty")


def test_where_sources_contradict_each_other_is_told_but_of_trainers_only_counted(
    operator: Operator,
) -> None:
    publish(operator, whole(), "one")
    operator("sync")
    assert "contradicted by equally vouched sources: none" in operator("register", "status").out

    other = whole(
        programmes=[programme(title="Other title"), programme("heron-2")],
        authorisations=[authorisation(role="associate", familyName="Diver")],
    )
    publish(operator, other, "two")
    synced = lines(operator("sync", "two").out)
    assert "programmes: 1 contradicted" in synced
    assert "authorisations: 1 contradicted" in synced
    assert "contradicted: heron-1" in synced

    told = operator("register", "status").out
    assert "contradicted by equally vouched sources: 1 programmes, 1 authorisations" in told
    assert "programmes heron-1, title: Programme heron-1 (one) – Other title (two)" in told
    assert "AU-1" not in told

    publish(operator, whole(), "two")
    assert "agreed: heron-1" in lines(operator("sync", "two").out)


def test_checking_a_good_profile_tells_what_it_reads_and_stores_nothing(
    operator: Operator,
) -> None:
    publish(operator, whole())
    ran = operator("sources", "check", str(operator.sources / "register.toml"))
    assert (ran.status, ran.err) == (0, "")
    assert "as of 2026-11-01 09:00 UTC, sha256:" in ran.out
    assert "providers: 1 rows read = 1 records + 0 merged + 0 rejected (complete)" in ran.out
    assert not (operator.folder / "trivet.db").exists()


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (PROFILE + 'vouched = "register"\n', "register.toml, line 5: vouched"),
        (PROFILE.replace('"P36500D"', '"a day"'), "register.toml, line 4: max_age"),
        (PROFILE.replace('"json"', '"gopher"'), "register.toml, line 1: kind"),
        (
            PROFILE.replace('"P36500D"', "P1D"),
            "register.toml: is not TOML: Invalid value (at line 4",
        ),
    ],
)
def test_checking_a_bad_profile_tells_its_file_line_and_key(
    operator: Operator, profile: str, said: str
) -> None:
    publish(operator, whole())
    (operator.sources / "register.toml").write_text(profile)
    line = operator.refused("sources", "check", str(operator.sources / "register.toml"))
    assert line.startswith(said)
    assert operator.refused("sync").startswith(said)


def test_checking_a_profile_of_a_bad_release_tells_why(operator: Operator) -> None:
    publish(operator, whole(programmes=[programme(provider="egret")]))
    line = operator.refused("sources", "check", str(operator.sources / "register.toml"))
    assert "programmes[0].provider ('heron-1'): names 'egret'" in line


def test_checking_a_profile_that_is_not_there_is_told(operator: Operator) -> None:
    assert "nowhere.toml" in operator.refused("sources", "check", "nowhere.toml")


CSV = """\
kind = "csv"
location = "register.csv"
vouched_by = "register"
max_age = "P36500D"
ends = "exclusive"

[coverage]
providers = "complete"

[[providers]]

[providers.fields]
register = "Ref"
name = "Name"
body = { value = "body" }
"""


def test_a_rejected_row_is_told_and_from_such_a_reading_no_absence_is_concluded(
    operator: Operator,
) -> None:
    (operator.sources / "list.toml").write_text(CSV)
    table = operator.sources / "list.csv"
    (operator.sources / "list.toml").write_text(CSV.replace("register.csv", "list.csv"))
    table.write_text("Ref,Name\nheron,Heron (fictional)\negret,Egret (fictional)\n")
    assert (
        "providers: 2 rows read = 2 records + 0 merged + 0 rejected (complete)"
        in operator("sync").out
    )

    table.write_text("Ref,Name\nno id,Rail (fictional)\n")
    told = operator("sync").out
    assert "providers: 1 rows read = 0 records + 0 merged + 1 rejected (partial)" in told
    assert "rejected: " in told
    assert "delisted" not in told
    assert "providers: 2 (partial)" in operator("register", "status").out
    assert operator("sources", "check", str(operator.sources / "list.toml")).status == 3

    table.write_text("Ref,Name\nheron,Heron (fictional)\n")
    assert "delisted: egret" in operator("sync").out


def test_the_sources_are_listed(operator: Operator) -> None:
    operator.set("COLUMNS", "200")
    publish(operator, whole())
    ran = operator("sources", "list")
    assert ran.status == 0
    head, one = lines(ran.out)
    assert head.split()[:3] == ["source", "kind", "location"]
    assert one.split()[:4] == ["register", "json", "register.json", "register"]


def test_a_relisted_record_is_named(operator: Operator) -> None:
    for providers in ([provider()], [], [provider()]):
        publish(operator, document(providers=providers))
        told = lines(operator("sync").out)
    assert "providers: 1 relisted" in told
    assert "relisted: heron" in told
