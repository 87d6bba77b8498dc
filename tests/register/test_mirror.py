"""A sync publishes whole or not at all, and never touches what was known before (rule 11, R20, R21)."""

import asyncio
import json
import multiprocessing
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests import databases
from tests.register.documents import (
    authorisation,
    body,
    document,
    in_force,
    period,
    programme,
    provider,
    whole,
)
from tests.service import PEPPER, PROFILE, Service, settings_in
from trivet.alerts.rounds import Rounds
from trivet.database import connect
from trivet.register.changes import ChangeKind
from trivet.register.mirror import sync
from trivet.register.sources import load_profile

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
}


def certified(**records: Any) -> dict[str, Any]:
    """Return a register that certifies heron, heron-1 and AU-1 in March 2026."""
    return document(
        **{
            "bodies": [body()],
            "providers": [provider()],
            "programmes": [programme()],
            "authorisations": [authorisation(familyName="Wader")],
            **records,
        }
    )


def rows(service: Service, query: str) -> list[tuple[Any, ...]]:
    return service.rows(query)


def dump(service: Service) -> Mapping[str, set[str]]:
    """Return every row of every table, as text."""
    return databases.dump(service.settings.database_url)


def count(service: Service, table: str) -> int:
    return int(rows(service, f"select count(*) from {table}")[0][0])  # noqa: S608


async def verdict(service: Service) -> str:
    key = await service.key()
    answer = (await service.ask(QUESTION, key)).json()
    return str(answer["verdict"])


async def test_what_a_sync_publishes_answers_at_once(service: Service) -> None:
    synced = await service.publish(certified())
    assert (synced.fetch.outcome, synced.failed) == ("updated", False)
    assert await verdict(service) == "pass"


# ---- one transaction

WRITES = [
    "raw_documents",
    "fetches",
    "snapshots",
    "snapshot_sources",
    "statements",
    "changes",
]


@pytest.mark.parametrize("table", WRITES)
async def test_a_sync_that_breaks_in_the_middle_leaves_nothing_and_the_last_one_answers(
    service: Service, table: str
) -> None:
    await service.publish(certified())
    before = dump(service)
    with databases.breaking(service.settings.database_url, "INSERT", table):
        with pytest.raises(DBAPIError, match="broken"):
            await service.publish(certified(providers=[provider(periods=_withdrawn())]))

        assert dump(service) == before
        assert await verdict(service) == "pass"

    again = await service.sync()
    assert (again.fetch.outcome, again.snapshot and again.snapshot.number) == ("updated", 2)
    assert await verdict(service) == "fail"


def _withdrawn() -> list[dict[str, Any]]:
    return [*in_force("2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]


# ---- read again


async def test_reading_the_same_again_publishes_nothing_and_makes_nothing_fresher(
    service: Service,
) -> None:
    first = await service.publish(certified())
    service.clock.now += timedelta(days=3)
    again = await service.sync()
    assert again.fetch.outcome == "unchanged"
    assert again.changes == ()
    assert again.snapshot == first.snapshot
    assert count(service, "snapshots") == 1
    assert count(service, "fetches") == 2
    status = await _status(service)
    assert status["asOf"] == "2026-11-01T09:00:00Z"
    assert status["sources"][0]["lastSync"]["outcome"] == "unchanged"


async def _status(service: Service) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {await service.key()}"}
    status: dict[str, Any] = (await service.http.get("/v1/register", headers=headers)).json()
    return status


async def test_a_file_without_a_date_of_its_own_is_as_old_as_it_lies_there(
    service: Service,
) -> None:
    undated = certified()
    del undated["publishedAt"]
    await service.publish(undated)
    file = service.settings.sources_folder / "register.json"
    lain = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    service.clock.now += timedelta(days=3)
    again = await service.sync()
    assert again.fetch.outcome == "unchanged"
    assert again.fetch.as_of == lain


async def test_the_same_content_published_later_is_fresher_and_changes_nothing_else(
    service: Service,
) -> None:
    await service.publish(certified())
    later = await service.publish({**certified(), "publishedAt": "2026-11-02T09:00:00Z"})
    assert (later.fetch.outcome, later.changes) == ("unchanged", [])
    assert (await _status(service))["asOf"] == "2026-11-02T09:00:00Z"


async def test_the_same_bytes_are_kept_once(service: Service) -> None:
    one, other = certified(), certified(providers=[provider(name="Other (fictional)")])
    for written in (one, one, other, one):
        await service.publish(written)
    assert count(service, "raw_documents") == 2
    assert count(service, "fetches") == 4
    kept = rows(service, "select digest, content, size from raw_documents")
    assert {json.loads(content)["providers"][0]["name"] for _, content, _ in kept} == {
        "Heron Training (fictional)",
        "Other (fictional)",
    }
    assert all(size == len(content) for _, content, size in kept)


# ---- nothing known is ever changed

HISTORY: list[dict[str, Any]] = [
    certified(),
    certified(providers=[provider(name="Renamed (fictional)")]),
    certified(programmes=[], authorisations=[]),  # delisted
    certified(),  # relisted, and named as before
    certified(providers=[provider(periods=_withdrawn())]),
    certified(bodies=[], providers=[provider("egret")], programmes=[], authorisations=[]),
]


async def test_syncs_only_ever_add_rows(service: Service) -> None:
    await service.key()
    held = dump(service)
    for written in HISTORY:
        service.clock.now += timedelta(days=1)
        await service.publish(written)
        after = dump(service)
        lost = {table: held[table] - after[table] for table in held if held[table] - after[table]}
        # How far the watches were looked through is no knowledge of the register.
        lost.pop("rounds", None)
        assert lost == {}
        held = after
    assert count(service, "snapshots") == len(HISTORY)


async def test_each_snapshot_knows_its_parent_and_its_changes(service: Service) -> None:
    for written in HISTORY:
        service.clock.now += timedelta(days=1)
        await service.publish(written)
    published = rows(service, "select id, parent from snapshots order by number")
    assert [parent for _, parent in published] == [None, *(i for i, _ in published[:-1])]
    happened = rows(
        service,
        "select snapshot, change, register from changes where kind = 'programmes' order by number",
    )
    assert happened == [
        (1, ChangeKind.ADDED, "heron-1"),
        (3, ChangeKind.DELISTED, "heron-1"),
        (4, ChangeKind.RELISTED, "heron-1"),
        (6, ChangeKind.DELISTED, "heron-1"),
    ]


async def test_a_delisted_record_is_good_for_the_days_before_and_a_relisted_one_as_if_it_had_stayed(
    service: Service,
) -> None:
    await service.publish(certified())
    await service.publish(certified(programmes=[], authorisations=[]))
    assert await verdict(service) == "pass"  # of March
    today = {**QUESTION, "deliveredOn": None}
    del today["deliveredOn"]
    key = await service.key()
    answer = (await service.ask(today, key)).json()
    assert (answer["verdict"], {r["code"] for r in answer["reasons"]}) == (
        "cannot_confirm",
        {"programme_delisted", "trainer_delisted"},
    )
    await service.publish(certified())
    assert (await service.ask(today, key)).json()["verdict"] == "pass"


# ---- several sources


async def test_two_sources_make_one_register_and_each_keeps_its_own_reading(
    service: Service,
) -> None:
    both = certified()
    providers = {
        **both,
        "programmes": [],
        "authorisations": [],
        "coverage": {"providers": "complete", "bodies": "complete"},
    }
    rest = {
        **both,
        "bodies": [],
        "providers": [],
        "coverage": {"programmes": "complete", "authorisations": "complete"},
    }
    await _publish(service, "list", providers)
    assert await verdict(service) == "cannot_confirm"
    await _publish(service, "trainers", rest)
    assert await verdict(service) == "pass"

    again = await _publish(service, "list", providers)
    assert again == "unchanged"
    assert await _publish(service, "list", {**providers, "providers": []}) == "updated"
    assert rows(
        service, 'select source, snapshot, "fetch" from snapshot_sources order by 2, 1'
    ) == [
        ("list", 1, _fetch(service, "list", 0)),
        ("list", 2, _fetch(service, "list", 0)),
        ("trainers", 2, _fetch(service, "trainers", 0)),
        ("list", 3, _fetch(service, "list", 2)),
        ("trainers", 3, _fetch(service, "trainers", 0)),
    ]


async def _publish(service: Service, name: str, written: dict[str, Any]) -> str:
    (service.settings.sources_folder / f"{name}.json").write_text(json.dumps(written))
    synced = await service.sync(PROFILE.replace("register.json", f"{name}.json"), name)
    return synced.fetch.outcome


def _fetch(service: Service, source: str, nth: int) -> str:
    of_source = rows(service, f"select id from fetches where source = '{source}' order by id")  # noqa: S608
    return str(of_source[nth][0])


async def _sync_together(folder: Path, barrier: Any) -> None:
    """Sync once, at the same moment as another process."""
    settings = settings_in(folder)
    profile = load_profile(settings.sources_folder / "cases.toml")
    engine = connect(settings.database_url)
    await asyncio.to_thread(barrier.wait, 40)
    key = PEPPER.encode()
    await sync(engine, profile, key, lambda: datetime.now(UTC), herald=Rounds(engine, key))
    await engine.dispose()


def _sync_in_a_process_of_its_own(folder: Path, barrier: Any) -> None:
    asyncio.run(_sync_together(folder, barrier))


async def test_processes_that_sync_one_source_at_once_publish_it_once(
    service: Service, tmp_path: Path
) -> None:
    await service.publish(certified())
    (service.settings.sources_folder / "register.json").write_text(json.dumps(whole()))

    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    other = spawn.Process(target=_sync_in_a_process_of_its_own, args=(tmp_path, barrier))
    other.start()
    await _sync_together(tmp_path, barrier)
    await asyncio.to_thread(other.join, 40)

    assert other.exitcode == 0
    outcomes = rows(service, "select outcome from fetches order by id")[1:]
    assert sorted(outcomes) == [("unchanged",), ("updated",)]
    assert count(service, "snapshots") == 2
    assert count(service, "raw_documents") == 2


# ---- people


async def test_no_family_name_is_anywhere_in_the_database_but_in_what_was_fetched(
    service: Service,
) -> None:
    await service.publish(certified())
    married = certified(authorisations=[authorisation(familyName="Sandpiper")])
    await service.publish(married)
    await service.publish(certified(authorisations=[]))
    trainer = {"scheme": "authorisation", "value": "AU-1", "familyName": "Sandpiper"}
    answer = await service.ask({**QUESTION, "trainer": trainer}, await service.key())
    assert answer.json()["verdict"] == "pass"
    (service.settings.sources_folder / "register.json").write_text(
        json.dumps(certified(authorisations=[authorisation(familyName="Dunlin\u202e")]))
    )
    assert (await service.sync()).failed

    names = ("Wader", "Sandpiper", "Dunlin")
    for table, held in dump(service).items():
        found = [n for n in names for row in held if n in row]
        assert found == [] or table == "raw_documents", table
    status = json.dumps(await _status(service))
    assert not any(name in status for name in names)
