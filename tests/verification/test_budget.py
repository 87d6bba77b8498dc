"""Unknown trainers are budgeted, so that guessing at references or names ends; known ones may always be asked about."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.problems import problem_of
from tests.service import Service
from trivet.register.people import family_name_hash

PASS: dict[str, Any] = {
    "provider": {"scheme": "certificate", "value": "EX-0001"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "register", "value": "tr-1"},
    "deliveredOn": "2026-03-12",
}
NOBODY = {"scheme": "register", "value": "tr-999"}
ANOTHER_PROVIDERS = {"scheme": "register", "value": "tr-4"}
ANOTHER_NAME = {"scheme": "register", "value": "tr-1", "familyName": "Quillfeather"}


@pytest.fixture
async def key(service: Service, register: dict[str, Any]) -> str:
    """A key that may ask about two unknown trainers a day."""
    await service.running.set(unknown_trainers_per_day=2)
    await service.publish(register)
    return await service.key()


def guess(number: int) -> dict[str, Any]:
    return {"scheme": "register", "value": f"guess-{number}"}


async def ask(service: Service, key: str, trainer: object, **changed: Any) -> httpx.Response:
    return await service.ask({**PASS, "trainer": trainer, **changed}, key)


async def answered(service: Service, key: str, trainer: object, **changed: Any) -> dict[str, Any]:
    response = await ask(service, key, trainer, **changed)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def refused(service: Service, key: str, trainer: object, **changed: Any) -> httpx.Response:
    response = await ask(service, key, trainer, **changed)
    problem_of(response, 429, "unknown_trainers_spent")
    return response


async def spend(service: Service, key: str, unknown: int = 2) -> None:
    for number in range(unknown):
        await answered(service, key, guess(number))


def counted(service: Service) -> list[tuple[int, int, int]]:
    """Return what was counted of each key and day: asked, unknown, refused."""
    return service.rows("SELECT asked, unknown, refused FROM unknown_trainers ORDER BY day, key")


async def test_when_the_budget_is_spent_a_new_trainer_is_refused_known_or_not(
    service: Service, key: str
) -> None:
    await spend(service, key)

    refusals = [
        await refused(service, key, trainer)
        for trainer in (PASS["trainer"], NOBODY, ANOTHER_PROVIDERS, ANOTHER_NAME)
    ]

    # The refusal must not tell them apart: all but the request's own id is the same.
    assert len({r.text.replace(r.json()["requestId"], "") for r in refusals}) == 1
    assert len({tuple(r.headers) for r in refusals}) == 1
    assert len({r.headers["Retry-After"] for r in refusals}) == 1


@pytest.mark.parametrize("unknown", [NOBODY, ANOTHER_PROVIDERS, ANOTHER_NAME])
async def test_unknown_another_provider_s_and_of_another_name_are_counted_alike(
    unknown: dict[str, str], service: Service, key: str
) -> None:
    await answered(service, key, unknown)

    assert counted(service) == [(1, 1, 0)]


async def test_known_trainers_cost_nothing(service: Service, key: str) -> None:
    for trainer in ("AU-1", "AU-2", "AU-3"):
        await answered(service, key, {"scheme": "authorisation", "value": trainer})

    assert counted(service) == [(3, 0, 0)]


async def test_who_was_asked_about_before_is_answered_and_costs_nothing(
    service: Service, key: str
) -> None:
    before = [PASS["trainer"], guess(0), guess(1)]
    for trainer in before:
        await answered(service, key, trainer)
    service.clock.now += timedelta(days=1)
    for number in (2, 3):
        await answered(service, key, guess(number))
    await refused(service, key, guess(4))

    for trainer in before:
        await answered(service, key, trainer)

    assert counted(service) == [(3, 2, 0), (5, 2, 1)]


async def test_a_trainer_is_one_however_the_reference_is_written(
    service: Service, key: str
) -> None:
    await answered(service, key, {"scheme": "register", "value": "Guess-0"})
    await answered(service, key, {"scheme": "register", "value": " guess-0 "})

    assert counted(service) == [(2, 1, 0)]


async def test_a_number_and_a_reference_of_the_same_letters_are_two_trainers(
    service: Service, key: str
) -> None:
    await answered(service, key, {"scheme": "register", "value": "guess-0"})
    await answered(service, key, {"scheme": "authorisation", "value": "guess-0"})

    await refused(service, key, PASS["trainer"])


async def test_a_number_does_not_make_its_holder_s_reference_one_asked_about_before(
    service: Service, key: str
) -> None:
    # AU-4 is tr-4's, of another provider. Were tr-4 answered now, that would tell.
    await answered(service, key, {"scheme": "authorisation", "value": "AU-4"})
    await answered(service, key, guess(0))

    await refused(service, key, ANOTHER_PROVIDERS)


async def test_guessing_at_a_known_trainer_s_family_name_is_counted(
    service: Service, key: str
) -> None:
    await answered(service, key, PASS["trainer"])
    for name in ("Aaronson", "Abbott"):
        await answered(service, key, PASS["trainer"] | {"familyName": name})

    await refused(service, key, PASS["trainer"] | {"familyName": "O'Neill"})
    await answered(service, key, PASS["trainer"])


async def test_asking_without_a_provider_makes_nobody_one_asked_about_before(
    service: Service, key: str
) -> None:
    for provider in ({"scheme": "name", "value": "Calm"}, {"scheme": "ods", "value": "ZZZ"}):
        await answered(service, key, NOBODY, provider=provider)
    assert counted(service) == [(2, 0, 0)]

    await answered(service, key, NOBODY)

    assert counted(service) == [(3, 1, 0)]


async def test_asking_of_a_time_before_the_first_snapshot_looks_nobody_up(
    service: Service, key: str
) -> None:
    await answered(service, key, NOBODY, knownAt="2026-01-01T00:00:00Z")
    await answered(service, key, NOBODY)

    assert counted(service) == [(2, 1, 0)]


async def test_a_test_key_has_no_budget_and_makes_nobody_one_asked_about_before(
    service: Service, key: str
) -> None:
    test = await service.key(test=True)
    for number in range(4):
        await answered(service, test, guess(number))
    assert counted(service) == []

    await spend(service, key)

    assert counted(service) == [(2, 2, 0)]


async def test_each_key_has_a_budget_of_its_own_and_an_account_one_memory(
    service: Service, key: str
) -> None:
    await spend(service, key)
    await refused(service, key, guess(2))
    other = await service.key()

    await answered(service, other, guess(0))
    await answered(service, other, guess(2))
    await answered(service, key, guess(2))

    assert sorted(counted(service)) == [(2, 1, 0), (3, 2, 1)]


async def test_another_account_s_questions_make_nobody_one_asked_about_before(
    service: Service, key: str
) -> None:
    other = await service.key(account="Another trust (fictional)")
    await answered(service, other, guess(9))
    await spend(service, key)

    await refused(service, key, guess(9))


async def test_who_names_no_trainer_is_answered_and_not_counted(service: Service, key: str) -> None:
    await spend(service, key)

    response = await service.ask({k: v for k, v in PASS.items() if k != "trainer"}, key)

    assert response.status_code == 200
    assert counted(service) == [(2, 2, 0)]


async def test_one_in_fifty_may_be_unknown_where_that_is_more(service: Service, key: str) -> None:
    await spend(service, key)
    for _ in range(147):
        await service.ask(PASS | {"trainer": guess(0)}, key)
    await refused(service, key, guess(2))  # 149 were answered: 2 % is 2

    await answered(service, key, guess(0))
    await answered(service, key, guess(2))
    await refused(service, key, guess(3))

    assert counted(service) == [(151, 3, 2)]


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        ("2026-07-01T12:00:00", 11 * 3600),
        ("2026-07-01T22:59:59.5", 1),
        ("2026-07-01T23:00:00", 24 * 3600),
        ("2026-12-01T12:00:00", 12 * 3600),
        ("2026-10-24T23:00:00", 25 * 3600),  # the clocks go back on the 25th
    ],
)
async def test_a_refusal_lasts_until_midnight_in_london(
    now: str, wait: int, service: Service, register: dict[str, Any]
) -> None:
    await service.running.set(unknown_trainers_per_day=1)
    service.clock.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    register["publishedAt"] = "2026-06-01T09:00:00Z"
    await service.publish(register)
    key = await service.key()
    await answered(service, key, guess(0))

    refusal = await refused(service, key, guess(1))
    assert refusal.headers["Retry-After"] == str(wait)
    limits = refusal.headers["RateLimit"].split(", ")
    assert limits[0] == f'"unknown-trainers";r=0;t={wait}'

    service.clock.now += timedelta(seconds=wait) - timedelta(milliseconds=600)
    await refused(service, key, guess(1))
    service.clock.now += timedelta(milliseconds=600)
    await answered(service, key, guess(1))


async def test_of_what_was_refused_nothing_is_kept_but_how_often(
    service: Service, key: str
) -> None:
    await spend(service, key)
    kept = service.kept()

    await refused(service, key, {"scheme": "register", "value": "never-to-be-kept"})
    await refused(service, key, guess(3))

    assert service.kept() == kept
    assert counted(service) == [(2, 2, 2)]
    assert b"never-to-be-kept" not in service.held()


async def test_a_question_that_can_not_be_asked_is_not_counted(service: Service, key: str) -> None:
    await spend(service, key)

    problem_of(await ask(service, key, NOBODY, deliveredOn="1020-01-01"), 400)

    assert counted(service) == [(2, 2, 0)]


@pytest.mark.in_process("reads the log of the process that answers")
async def test_the_operator_is_told_once_a_day_of_the_key_and_not_of_the_trainer(
    service: Service, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    def told() -> list[logging.LogRecord]:
        return [r for r in caplog.records if r.name == "trivet.verification.budget"]

    await spend(service, key)
    assert told() == []
    for number in (7, 8, 9):
        await refused(service, key, guess(number))

    (record,) = told()
    assert record.levelno == logging.WARNING
    assert key.split("_")[2] in record.getMessage()
    assert "guess" not in record.getMessage()
    assert key.split("_")[3] not in record.getMessage()

    service.clock.now += timedelta(days=1)
    for number in (10, 11, 12):
        await ask(service, key, guess(number))
    assert len(told()) == 2


@pytest.mark.in_process("counts what the process that answers does")
async def test_a_family_name_is_hashed_whether_there_is_somebody_to_compare_it_with_or_not(
    service: Service, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | None] = []

    def noted(name: str | None, name_key: bytes) -> str | None:
        hashed.append(name)
        return family_name_hash(name, name_key)

    monkeypatch.setattr("trivet.register.index.family_name_hash", noted)
    for trainer in (NOBODY, ANOTHER_PROVIDERS):
        await answered(service, key, trainer | {"familyName": "Quillfeather"})

    assert hashed == ["Quillfeather"] * 2
