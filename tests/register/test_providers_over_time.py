"""Providers as the mirror knew them at an instant, whatever it learned later."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.problems import pointers_of, problem_of
from tests.register.documents import document, in_force, period, programme, provider, whole
from tests.service import Service
from trivet.database import connect, writing_alone

LIST, ONE = "/v1/providers", "/v1/providers/heron"
WITHDRAWN = [*in_force("2024-01-01", "2025-01-01"), period("withdrawn", "2025-01-01")]


@pytest.fixture
async def key(service: Service) -> str:
    """A key that may read."""
    return await service.key()


async def read(service: Service, key: str, address: str, **query: str) -> dict[str, Any]:
    response = await service.http.get(
        address, params=query, headers={"Authorization": f"Bearer {key}"}
    )
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def two_snapshots(service: Service) -> datetime:
    """Publish a register, and a month later another; return the instant of the first."""
    await service.publish(whole())
    first = service.clock.now
    service.clock.now += timedelta(days=30)
    later = document(
        providers=[
            provider(name="Renamed (fictional)", periods=WITHDRAWN),
            provider("egret"),
        ],
        programmes=[programme(title="New title"), programme("heron-3")],
    )
    await service.publish(later)
    return first


async def test_providers_are_shown_as_they_were_known_at_an_instant(
    service: Service, key: str
) -> None:
    first = await two_snapshots(service)
    then = (await read(service, key, LIST, knownAt=first.isoformat()))["items"]
    now = (await read(service, key, LIST))["items"]

    assert [(p["name"], p["standing"]["state"]) for p in then] == [
        ("Heron Training (fictional)", "in_force")
    ]
    assert [(p["name"], p["standing"]["state"]) for p in now] == [
        ("Egret Training (fictional)", "in_force"),
        ("Renamed (fictional)", "withdrawn"),
    ]
    found = await read(service, key, LIST, query="renamed", knownAt=first.isoformat())
    assert found["items"] == []


async def test_one_provider_is_shown_with_the_programmes_that_were_known(
    service: Service, key: str
) -> None:
    first = await two_snapshots(service)
    then = await read(service, key, ONE, knownAt=first.isoformat())
    now = await read(service, key, ONE)
    just_before = service.clock.now - timedelta(microseconds=1)

    assert [p["title"] for p in then["programmes"]] == ["Programme heron-1", "Programme heron-2"]
    assert [p["title"] for p in now["programmes"]] == [
        "New title",
        "Programme heron-2",
        "Programme heron-3",
    ]
    assert (await read(service, key, ONE, knownAt=just_before.isoformat()))["name"] == then["name"]
    problem = await service.get(f"/v1/providers/egret?knownAt={quote(first.isoformat())}", key)
    problem_of(problem, 404, "not_found")


async def test_the_day_is_by_default_the_london_day_of_the_instant(
    service: Service, key: str
) -> None:
    service.clock.now = datetime.fromisoformat("2026-06-30T12:00:00+00:00")
    await service.publish({**whole(), "publishedAt": "2026-06-30T11:00:00Z"})
    service.clock.now += timedelta(days=60)

    for known_at, day in (
        ("2026-06-30T22:59:59Z", "2026-06-30"),
        ("2026-06-30T23:00:00Z", "2026-07-01"),
        ("2026-07-01T00:00:00+02:00", "2026-06-30"),
    ):
        answer = await read(service, key, ONE, knownAt=known_at)
        assert answer["on"] == day, known_at
    asked = await read(service, key, ONE, knownAt="2026-06-30T23:00:00Z", on="2023-12-31")
    assert (asked["on"], asked["standing"]["state"]) == ("2023-12-31", "not_yet")


async def test_pages_of_what_was_known_are_walked_with_the_same_instant(
    service: Service, key: str
) -> None:
    await service.publish(document(providers=[provider(i) for i in ("a1", "b2", "c3")]))
    then = service.clock.now.isoformat()
    service.clock.now += timedelta(days=1)
    await service.publish(document(providers=[provider("b1")]))

    first = await read(service, key, LIST, knownAt=then, limit="2")
    rest = await read(service, key, LIST, knownAt=then, cursor=first["nextCursor"])

    assert [p["register"] for p in (*first["items"], *rest["items"])] == ["a1", "b2", "c3"]


async def test_before_the_first_snapshot_it_is_said_that_nothing_was_known(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    just_before = (service.clock.now - timedelta(seconds=1)).isoformat()
    for early in (just_before, "0001-01-01T00:00:00+14:00"):
        for address in (LIST, ONE):
            response = await service.get(f"{address}?knownAt={quote(early)}", key)
            problem_of(response, 404, "known_at_before_first_snapshot")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T09:00:00",
        "2026-02-30T09:00:00Z",
        "2026-03-01T09:00:00+01:00",  # a plus that was not written as %2B is a blank
        "now",
        "1",
        "null",
        "",
        "2999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ],
)
async def test_what_is_no_instant_or_one_to_come_is_refused(
    text: str, service: Service, key: str
) -> None:
    await service.publish(whole())
    for address in (LIST, ONE):
        problem = problem_of(await service.get(f"{address}?knownAt={text}", key), 400)
        assert pointers_of(problem) == ["?knownAt"]


async def test_a_test_key_sees_what_the_sandbox_knew(service: Service) -> None:
    await service.publish(whole())
    test = await service.key(test=True)
    now = await read(service, test, LIST)
    then = await read(service, test, LIST, knownAt="2020-01-01T00:00:00Z", on=_today(service))

    assert then == now
    early = await service.get(f"{LIST}?knownAt=2019-12-31T23:59:59Z", test)
    problem_of(early, 404, "known_at_before_first_snapshot")


def _today(service: Service) -> str:
    return service.clock.now.date().isoformat()


PUBLISHED_MEANWHILE = (
    "INSERT INTO snapshots SELECT 2, 'snp_2', id, 'sha256:2', published_at FROM snapshots",
    """
    INSERT INTO snapshot_sources
    SELECT 2, source, snapshot_sources."fetch", publisher, vouched_by, as_of, max_age_seconds, term, coverage
    FROM snapshot_sources
    """,
    """
    INSERT INTO statements (snapshot, source, kind, key, record, first_seen, digest)
    SELECT 2, source, kind, key, replace(record, 'Heron', 'Renamed'), first_seen, digest
    FROM statements WHERE kind = 'providers'
    """,
)


async def test_what_is_being_published_is_waited_for_so_that_what_was_known_stays_so(
    service: Service, key: str
) -> None:
    await service.publish(whole())
    engine = connect(service.settings.database_url)
    async with writing_alone(engine) as connection:
        for statement in PUBLISHED_MEANWHILE:
            await connection.exec_driver_sql(statement)
        known_at = service.clock.now.isoformat()
        asked = asyncio.create_task(read(service, key, ONE, knownAt=known_at))
        await asyncio.wait((asked,), timeout=0.3)
    await engine.dispose()

    assert (await asked)["name"] == "Renamed Training (fictional)"
