"""What has been kept for long enough is emptied, proved, and never said not to have been."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import breaking
from tests.people.keeping import (
    about,
    answer_to,
    erase,
    gone,
    in_own_process,
    listed,
    register,
)
from tests.register.documents import provider
from tests.register.test_mirror import dump
from tests.service import PROFILE, Service
from trivet.database import connect
from trivet.people.purging import Purge, What, due, purge, purge_all
from trivet.people.retention import Retention
from trivet.register.durations import Duration
from trivet.verification.receipts import verify_receipt
from trivet.verification.store import verifications

YEAR = Retention(raw=Duration.parse("P1Y"), questions=Duration.parse("P7Y"))
GUARDED = PROFILE + "[guards]\nmax_shrink = 0.2\n"


@pytest.fixture
def service(service: Service) -> Service:
    """The service on a day from which years can be counted."""
    service.clock.now = datetime(2026, 11, 5, 9, tzinfo=UTC)
    return service


async def purged(service: Service, retention: Retention = YEAR) -> Sequence[Purge]:
    engine = connect(service.settings.database_url)
    try:
        return await purge_all(engine, service.clock(), retention)
    finally:
        await engine.dispose()


def named(name: str) -> dict[str, Any]:
    return register(providers=[provider(name=f"{name} (fictional)"), provider("egret")])


def left(service: Service) -> dict[str, bool]:
    """Return of each document, by its digest, whether its content is there."""
    return {d: c is not None for d, c in service.rows("SELECT digest, content FROM raw_documents")}


def proof(digests: Iterable[str]) -> str:
    return "sha256:" + hashlib.sha256("".join(f"{d}\n" for d in digests).encode()).hexdigest()


# ---- raw documents


async def test_a_document_is_emptied_when_its_retention_is_over_and_not_before(
    service: Service,
) -> None:
    first = (await service.publish(named("First"))).fetch.digest
    stored = service.clock.now
    service.clock.now += timedelta(days=1)
    second = (await service.publish(named("Second"))).fetch.digest
    (size,) = service.rows("SELECT size FROM raw_documents WHERE digest = ?", first)[0]

    service.clock.now = stored.replace(year=2027)
    assert await purged(service) == []
    service.clock.now += timedelta(microseconds=1)
    (done,) = await purged(service)

    assert left(service) == {first: False, second: True}
    kept = service.rows("SELECT size, emptied_by FROM raw_documents WHERE digest = ?", first)
    assert kept == [(size, done.id)]
    assert (done.what, done.rows, done.digest) == ("raw_documents", 1, proof([str(first)]))
    assert done.before == stored + timedelta(microseconds=1)


async def test_the_last_document_read_of_each_source_is_never_emptied(service: Service) -> None:
    written = [await service.publish(named(name)) for name in ("First", "Second", "First")]
    service.clock.now += timedelta(days=3000)
    (service.settings.sources_folder / "register.json").write_text("not JSON")
    failed = await service.sync()

    await purged(service)
    service.clock.now += timedelta(days=3000)
    await purged(service)

    assert left(service) == {
        written[0].fetch.digest: True,
        written[1].fetch.digest: False,
        failed.fetch.digest: False,
    }


async def test_a_quarantined_document_is_kept_while_its_reading_is_young(service: Service) -> None:
    old = await service.publish(register(authorisations=[]), GUARDED)
    await service.publish(register(), GUARDED)
    service.clock.now += timedelta(days=800)
    held = await service.publish(register(authorisations=[]), GUARDED)
    assert (held.fetch.outcome, held.fetch.digest) == ("quarantined", old.fetch.digest)

    service.clock.now += timedelta(days=365)
    assert await purged(service) == []
    service.clock.now += timedelta(days=1)
    assert [done.rows for done in await purged(service)] == [1]

    assert left(service)[str(old.fetch.digest)] is False


async def test_the_register_answers_from_a_source_whose_old_documents_are_gone(
    service: Service,
) -> None:
    for name in ("First", "Second"):
        await service.publish(named(name))
    service.clock.now += timedelta(days=400)
    assert await purged(service)

    again = await service.sync()
    answer = await answer_to(service, about("robin-1"), await service.key())

    assert again.fetch.outcome == "unchanged"
    assert answer["verdict"] == "pass"


# ---- questions


async def ask_over_time(service: Service, key: str) -> list[dict[str, Any]]:
    """Ask four questions, two of them on one day and two a year later each."""
    given = []
    for days in (0, 0, 365, 365):
        service.clock.now += timedelta(days=days)
        given.append(await answer_to(service, about("robin-1"), key, reference="PO-1"))
    return given


async def test_an_answer_whose_retention_is_over_is_said_to_have_been_given(
    service: Service,
) -> None:
    await service.publish(register())
    key = await service.key()
    given = await ask_over_time(service, key)
    left_of = service.rows("SELECT question_digest, answer_digest FROM verifications ORDER BY id")
    service.clock.now = datetime(2033, 11, 5, 9, 0, 0, 1, tzinfo=UTC)

    await purged(service)

    jwks = (await service.http.get("/.well-known/jwks.json")).json()
    for answer, digests in zip(given[:2], left_of, strict=False):
        for path in (
            f"/v1/verifications/{answer['id']}",
            f"/v1/verifications/{answer['id']}/receipt",
        ):
            problem = await gone(service, path, key, "retention_over")
            assert "given on 2026-11-05" in problem["detail"]
            assert all(digest in problem["detail"] for digest in digests)
        assert verify_receipt(answer["receipt"], jwks).verification == answer["id"]
    for answer in given[2:]:
        headers = {"Authorization": f"Bearer {key}"}
        again = await service.http.get(f"/v1/verifications/{answer['id']}", headers=headers)
        assert again.json() == answer
    assert await listed(service, key) == [given[3]["id"], given[2]["id"]]


async def test_a_purge_empties_what_was_asked_and_leaves_that_it_was(service: Service) -> None:
    await service.publish(register())
    given = await ask_over_time(service, await service.key())
    columns = (
        "id, account, key, purpose, verdict, delivered_on, known_at, snapshot, checked_at, person"
    )
    columns += ", question_digest, answer_digest"
    before = service.rows(f"SELECT {columns} FROM verifications ORDER BY id")  # noqa: S608
    service.clock.now += timedelta(days=9 * 366)

    (done,) = await purged(service, Retention(raw=Duration.parse("P99Y"), questions=YEAR.questions))

    assert service.rows(f"SELECT {columns} FROM verifications ORDER BY id") == before  # noqa: S608
    emptied = service.rows(
        "SELECT question, answer, reference, naming, emptied_by FROM verifications"
    )
    assert emptied == [(None, None, None, None, done.id)] * len(given)
    assert done.digest == proof(digest for row in before for digest in row[-2:])


async def test_a_trainer_asked_about_before_the_retention_is_asked_about_anew(
    service: Service,
) -> None:
    await service.running.set(unknown_trainers_per_day=9)
    await service.publish(register())
    key = await service.key()
    await answer_to(service, about("nobody"), key)
    service.clock.now += timedelta(days=9 * 366)
    await purged(service)

    await answer_to(service, about("nobody"), key)

    assert service.rows("SELECT unknown FROM unknown_trainers") == [(1,), (1,)]


async def test_what_was_purged_and_then_erased_stays_proved_by_its_purge(service: Service) -> None:
    await service.publish(register())
    key = await service.key()
    given = await answer_to(service, about("dunnock-1"), key)
    service.clock.now += timedelta(days=9 * 366)
    questions = [done for done in await purged(service) if done.what == "questions"]

    await erase(service, "dunnock-1")

    await gone(service, f"/v1/verifications/{given['id']}", key, "retention_over")
    assert service.rows("SELECT emptied_by FROM verifications") == [(questions[0].id,)]


# ---- the proof


async def test_each_purge_can_be_proved_from_the_rows_that_it_left(service: Service) -> None:
    for name in ("First", "Second", "Third", "Fourth"):
        await service.publish(named(name))
    key = await service.key()
    for _ in range(5):
        await answer_to(service, about("robin-1"), key)
    service.clock.now += timedelta(days=9 * 366)

    async def part(connection: AsyncConnection) -> Sequence[Purge]:
        return await purge(connection, service.clock(), YEAR, documents=2, questions=2)

    done: list[Purge] = []
    while made := await in_own_process(service, part):
        assert all(each.rows <= 2 for each in made)
        done += made

    assert [(d.what, d.rows) for d in done] == [
        ("raw_documents", 2),
        ("questions", 2),
        ("raw_documents", 1),
        ("questions", 2),
        ("questions", 1),
    ]
    kept = service.rows('SELECT id, what, "rows", digest FROM purges ORDER BY id')
    assert kept == [(d.id, d.what, d.rows, d.digest) for d in done]
    for identity, what, _, digest in kept:
        if what == "raw_documents":
            query = "SELECT digest FROM raw_documents WHERE emptied_by = ? ORDER BY digest"
        else:
            query = "SELECT question_digest, answer_digest FROM verifications WHERE emptied_by = ? ORDER BY id"
        assert digest == proof(d for row in service.rows(query, identity) for d in row)


@pytest.mark.parametrize("table", ["raw_documents", "verifications"])
async def test_nothing_is_emptied_without_its_proof_nor_proved_without_being_emptied(
    table: str, service: Service
) -> None:
    await service.publish(named("First"))
    await service.publish(named("Second"))
    await answer_to(service, about("robin-1"), await service.key())
    service.clock.now += timedelta(days=9 * 366)
    before = dump(service)
    with (
        breaking(service.settings.database_url, "UPDATE", table),
        pytest.raises(DBAPIError, match="broken"),
    ):
        await purged(service)

    assert dump(service) == before


async def test_what_is_due_is_counted_as_it_is_then_emptied(service: Service) -> None:
    for name in ("First", "Second", "Third"):
        await service.publish(named(name))
    await answer_to(service, about("robin-1"), await service.key())
    service.clock.now += timedelta(days=9 * 366)
    before = dump(service)

    async def count(connection: AsyncConnection) -> dict[What, int]:
        return dict(await due(connection, service.clock(), YEAR))

    counted = await in_own_process(service, count)

    assert dump(service) == before
    assert counted == {What.RAW_DOCUMENTS: 2, What.QUESTIONS: 1}
    assert {What(d.what): d.rows for d in await purged(service)} == counted
    assert await in_own_process(service, count) == dict.fromkeys(What, 0)


async def test_the_writer_has_a_turn_between_the_parts_of_a_large_purge(service: Service) -> None:
    await service.publish(register())
    await answer_to(service, about("robin-1"), await service.key())
    columns = ", ".join(column.name for column in verifications.c if column.name != "id")
    service.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"  # noqa: S608
        f" INSERT INTO verifications (id, {columns})"
        f" SELECT 'ver_' || i, {columns} FROM verifications, n"
    )
    service.clock.now += timedelta(days=9 * 366)

    done = [each for each in await purged(service) if each.what == "questions"]

    assert [each.rows for each in done] == [500, 500, 201]
