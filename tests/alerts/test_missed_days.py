"""Days on which nobody looked: what they brought is told afterwards, each once, in order, for the day that it holds."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.life import Expected, Life, at, compare, near, told, turned
from tests.register.documents import authorisation, body, in_force, programme, provider
from tests.service import PROFILE, Service, running_service
from trivet.worker import Workshop, go_round, working

HERON = {"scheme": "register", "value": "heron"}


def register(begins: str = "2024-11-05", ends: str | None = "2026-11-12") -> dict[str, Any]:
    """Return a register with a provider whose certification ends, and all that a pass rests on beside it."""
    records = {
        "bodies": [body()],
        "providers": [
            provider("heron", periods=in_force(begins, ends)),
            provider("egret", periods=in_force("2024-01-01", "2030-01-01")),
        ],
        "programmes": [programme("h-1")],
        "authorisations": [
            authorisation("AU-1", trainer="tr-1", periods=in_force("2024-01-01", "2026-11-18"))
        ],
    }
    return {kind: {one["register"]: one for one in of_kind} for kind, of_kind in records.items()}


async def watching(service: Service, last: str, **dates: Any) -> Life:
    """Return a life in which a provider and a triple are watched, looked at last on a day."""
    life = Life(service, register(**dates), PROFILE, read_on=frozenset())
    await life.begin(at(last))
    await life.watch(
        "T1", "p", kind="provider", provider=HERON, expiryNotice=["P30D", "P3D", "P2D"]
    )
    await life.watch(
        "T2",
        "p",
        provider=HERON,
        programme={"scheme": "register", "value": "h-1"},
        trainer={"scheme": "register", "value": "tr-1"},
        expiryNotice=["P7D"],
    )
    return life


async def all_told(life: Life, *expected: Expected) -> None:
    """Make sure that this was told now, and no more."""
    life.expect(*expected)
    compare(await life.events("trust"), life.expected_of("trust"))


def four_days() -> list[Expected]:
    """Return what the days from 9 to 12 November bring, in order."""
    return [
        near("provider heron", "T1:pp", ends="2026-11-12", notice="P3D", seen="2026-11-09"),
        near("provider heron", "T1:pp", ends="2026-11-12", notice="P2D", seen="2026-11-10"),
        near("authorisation AU-1", "T2:pp", ends="2026-11-18", notice="P7D", seen="2026-11-11"),
        told("lapsed", "provider heron", "in_force>lapsed", "T1:pf T2:pf", on="2026-11-12"),
        turned("p>f", "T2", on="2026-11-12"),
    ]


async def test_after_four_days_a_round_tells_what_each_brought_once_and_in_order(
    service: Service,
) -> None:
    # Its certification is within a week of its end already: T2 was told so in the answer.
    life = await watching(service, "2026-11-08")
    await life.move(at("2026-11-12"))
    assert await life.go_round()
    await all_told(life, *four_days())
    assert not await life.go_round()
    await life.move(at("2026-11-12", 15))
    assert not await life.go_round()
    await all_told(life)


async def test_after_four_days_a_sync_that_says_nothing_new_tells_the_same(
    service: Service,
) -> None:
    life = await watching(service, "2026-11-08")
    await life.move(at("2026-11-12"))
    await life.read(outcome="unchanged")
    await all_told(life, *four_days())
    assert not await life.go_round()
    await all_told(life)


async def test_a_sync_that_stands_by_nothing_later_leaves_them_to_the_next_round(
    service: Service,
) -> None:
    life = await watching(service, "2026-11-08")
    await life.move(at("2026-11-12"))
    await service.sync(PROFILE)  # the same file, still of the day on which it was published
    await life.go_round()
    await all_told(life, *four_days())


async def test_after_four_days_a_sync_with_renewed_records_tells_no_lapse(
    service: Service,
) -> None:
    life = await watching(service, "2026-11-08")
    await life.move(at("2026-11-12"))
    life.set("providers", "heron", periods=in_force("2024-11-05", "2029-11-12"))
    life.set("authorisations", "AU-1", periods=in_force("2024-01-01", "2029-11-18"))
    await life.read(outcome="updated")
    await life.go_round()
    events = await life.events("trust")
    assert [(one.type, one.subject) for one in events] == [
        ("certification.renewed", "provider heron"),
        ("authorisation.renewed", "authorisation AU-1"),
    ]


@pytest.mark.parametrize(
    ("last_good", "lapsed"),
    [
        ("2026-10-25", "2026-10-26"),  # the clocks went back on the 25th
        ("2027-03-28", "2027-03-29"),  # and forward on the 28th
        ("2027-06-30", "2027-07-01"),  # a day of summer begins before one of UTC does
    ],
)
async def test_a_day_begins_at_midnight_in_london_whichever_time_holds(
    service: Service, last_good: str, lapsed: str
) -> None:
    life = Life(service, register(ends=lapsed), PROFILE, read_on=frozenset())
    await life.begin(at(last_good) - timedelta(days=4))
    await life.watch("T1", "p", kind="provider", provider=HERON)
    await life.move(at(last_good, 23, 59))
    await life.go_round()
    await all_told(life)
    await life.move(at(lapsed, 0, 0))
    await life.go_round()
    await all_told(life, told("lapsed", "provider heron", "in_force>lapsed", "T1:pf", on=lapsed))


@pytest.mark.parametrize(
    ("begins", "last_good", "lapsed"),
    [
        ("2024-02-29", "2027-02-28", "2027-03-01"),  # a term from the 29th ends on 1 March
        ("2024-03-01", "2027-02-28", "2027-03-01"),
        ("2025-02-28", "2028-02-27", "2028-02-28"),
    ],
)
async def test_a_term_of_three_years_ends_on_its_day_over_29_february(
    service: Service, begins: str, last_good: str, lapsed: str
) -> None:
    life = Life(service, register(begins=begins, ends=None), PROFILE, read_on=frozenset())
    await life.begin(at("2026-12-01"))
    await life.watch("T1", "p", kind="provider", provider=HERON)
    await life.move(at(last_good, 23))
    await life.go_round()
    await all_told(life)
    await life.move(at(lapsed, 0, 0))
    await life.go_round()
    await all_told(life, told("lapsed", "provider heron", "in_force>lapsed", "T1:pc", on=lapsed))


async def test_after_a_stop_of_400_days_what_happened_is_still_told(service: Service) -> None:
    life = await watching(service, "2026-11-08")
    await life.move(at("2026-11-08") + timedelta(days=400))
    await life.go_round()
    events = await life.events("trust")
    assert [(e.type, e.subject, e.on) for e in events if e.type.endswith("lapsed")] == [
        ("certification.lapsed", "provider heron", "2026-11-12"),
        ("authorisation.lapsed", "authorisation AU-1", "2026-11-18"),
    ]
    assert [e.moved for e in events if e.type == "verification.changed"] == ["pass>fail"]
    assert not await life.go_round()


@pytest.mark.keeps
async def test_a_worker_that_starts_after_four_days_tells_them_once(tmp_path: Path) -> None:
    async with running_service(tmp_path) as service:
        life = await watching(service, "2026-11-08")
        await life.move(at("2026-11-12"))
        workshop = Workshop(service.engine, service.settings, service.clock)
        async with working(workshop), asyncio.timeout(60):
            await workshop.queue.enqueue(go_round)
            await workshop.queue.enqueue(go_round)
            while not await life.events("trust"):  # noqa: ASYNC110 - a worker's doing, seen over HTTP
                await asyncio.sleep(0.1)
        await all_told(life, *four_days())
