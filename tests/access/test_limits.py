"""How much a key may ask in a minute: told in every answer, counted for all processes together, and no more."""

from datetime import timedelta

import httpx
import pytest

from tests.problems import problem_of
from tests.register.documents import whole
from tests.service import Service
from trivet.access.limits import Policy, counts_for

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
}
TRAINER = QUESTION | {"trainer": {"scheme": "register", "value": "nobody-1"}}


@pytest.fixture
async def limited(service: Service) -> Service:
    """A service where a key may send three requests a minute, two of them about trainers."""
    await service.publish(whole())
    service.clock.now = service.clock.now.replace(second=20, microsecond=0)
    await service.running.set_quotas(requests=3, trainers=2)
    return service


async def test_every_answer_tells_what_is_left_and_the_one_too_many_when_to_come_again(
    limited: Service,
) -> None:
    key = await limited.key()

    answers = [await limited.ask(QUESTION, key) for _ in range(4)]

    assert [a.headers["RateLimit"] for a in answers] == [
        f'"requests";r={left};t=40' for left in (2, 1, 0, 0)
    ]
    assert {a.headers["RateLimit-Policy"] for a in answers} == {'"requests";q=3;w=60'}
    assert [a.status_code for a in answers[:3]] == [200] * 3
    problem = problem_of(answers[3], 429, "too_many_requests")
    assert "3 requests a minute" in problem["detail"]
    assert answers[3].headers["Retry-After"] == "40"
    assert limited.kept() == 3


async def test_questions_about_trainers_have_a_tighter_limit_of_their_own(limited: Service) -> None:
    key = await limited.key()

    answers = [await limited.ask(TRAINER, key) for _ in range(3)]

    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit"] == '"requests";r=2;t=40, "trainers";r=1;t=40'
    assert "name a trainer" in problem_of(answers[2], 429, "too_many_requests")["detail"]


async def test_the_next_minute_begins_anew_and_another_key_has_limits_of_its_own(
    limited: Service,
) -> None:
    key, other = await limited.key(), await limited.key()
    for _ in range(4):
        await limited.ask(QUESTION, key)

    assert (await limited.ask(QUESTION, other)).status_code == 200
    limited.clock.now += timedelta(seconds=40)
    assert (await limited.ask(QUESTION, key)).status_code == 200


async def test_a_reader_is_limited_too_and_the_public_pages_are_not(limited: Service) -> None:
    key = await limited.key()
    read = [await limited.get("/v1/register", key) for _ in range(4)]
    assert [r.status_code for r in read] == [200, 200, 200, 429]
    public: list[httpx.Response] = [await limited.http.get("/v1/reasons") for _ in range(9)]
    assert {r.status_code for r in public} == {200}
    assert "RateLimit" not in public[0].headers


async def test_two_processes_count_together_where_they_share_a_database(service: Service) -> None:
    if service.engine.dialect.name == "sqlite":
        pytest.skip("one process answers from a SQLite file")
    window = service.clock.now.replace(second=0, microsecond=0)
    counts = [counts_for(service.engine), counts_for(service.engine)]

    counted = [await counts[n % 2].add("a-key", Policy.REQUESTS, window) for n in range(10)]

    assert counted == list(range(1, 11))
