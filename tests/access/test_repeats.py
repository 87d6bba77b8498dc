"""A request that is sent again with its Idempotency-Key is done once, whoever answers and however many come at once."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.problems import problem_of
from tests.register.documents import whole
from tests.service import Service

QUESTION: dict[str, Any] = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "reference": "PO-1",
}


async def ask(
    service: Service, key: str, repeat: str, question: dict[str, Any] = QUESTION
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": repeat}
    return await service.http.post("/v1/verifications", json=question, headers=headers)


@pytest.fixture
async def key(service: Service) -> str:
    await service.publish(whole())
    return await service.key()


async def test_the_first_answer_is_given_again_byte_for_byte(service: Service, key: str) -> None:
    first = await ask(service, key, "one")
    service.clock.now += timedelta(hours=23)
    await service.publish(whole(providers=[]))

    again = await ask(service, key, "one")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert service.kept() == 1


async def test_a_hundred_at_once_are_answered_by_one_verification(
    service: Service, key: str
) -> None:
    answers = await asyncio.gather(*(ask(service, key, "at-once") for _ in range(100)))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 409}, statuses
    assert statuses[200] >= 1
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1
    assert service.kept() == 1


async def test_another_request_under_the_same_key_is_refused(service: Service, key: str) -> None:
    await ask(service, key, "one")

    other = await ask(service, key, "one", {**QUESTION, "reference": "PO-2"})

    problem_of(other, 422, "idempotency_key_reused")
    assert service.kept() == 1


async def test_keys_of_callers_do_not_meet_and_end_after_a_day(service: Service, key: str) -> None:
    theirs = await service.key(account="Another trust (fictional)")
    await ask(service, key, "one")
    assert (await ask(service, theirs, "one", {**QUESTION, "reference": "x"})).status_code == 200
    service.clock.now += timedelta(hours=24)
    assert (await ask(service, key, "one", {**QUESTION, "reference": "y"})).status_code == 200
    assert service.kept() == 3


async def test_what_was_refused_is_not_remembered(service: Service, key: str) -> None:
    wrong = {**QUESTION, "provider": {"scheme": "ods", "value": "!"}}
    problem_of(await ask(service, key, "one", wrong), 400)
    assert (await ask(service, key, "one")).status_code == 200


@pytest.mark.parametrize("repeat", ["", "x" * 256, "a b"])
async def test_a_key_that_is_none_is_refused_by_the_name_of_its_header(
    service: Service, key: str, repeat: str
) -> None:
    problem = problem_of(await ask(service, key, repeat), 400)
    assert [error["pointer"] for error in problem["errors"]] == ["Idempotency-Key"]
    assert service.kept() == 0


async def test_nothing_that_could_be_guessed_back_is_kept_of_the_request(
    service: Service, key: str
) -> None:
    trainer = {"scheme": "register", "value": "tr-1", "familyName": "Quillfeather"}
    await ask(service, key, "one", {**QUESTION, "trainer": trainer})
    assert b"uillfeather" not in service.held()
