"""Alive is not ready, ready is not fresh: each is told apart, and nothing is answered before it can be."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.questions import FULL
from tests.problems import problem_of
from tests.service import Service

A_DAY = 'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P1D"\n'


async def health(service: Service, path: str) -> tuple[int, dict[str, Any]]:
    response = await service.http.get(path)
    return response.status_code, response.json()


async def test_a_service_without_a_register_is_alive_and_not_ready(service: Service) -> None:
    assert await health(service, "/health/live") == (200, {"status": "alive"})

    status, told = await health(service, "/health/ready")
    assert (status, told["status"]) == (503, "not_ready")
    assert told["reasons"]


@pytest.mark.parametrize("path", ["/v1/register", "/v1/providers", "/v1/providers/calm-harbour"])
async def test_nothing_is_told_of_a_register_that_is_not_there(path: str, service: Service) -> None:
    headers = {"Authorization": f"Bearer {await service.key()}"}
    response = await service.http.get(path, headers=headers)

    problem_of(response, 503, "no_snapshot")
    assert int(response.headers["Retry-After"]) > 0


async def test_no_verdict_is_given_without_a_register(service: Service) -> None:
    response = await service.ask(FULL, await service.key())

    problem_of(response, 503, "no_snapshot")
    assert int(response.headers["Retry-After"]) > 0
    assert service.kept() == 0


async def test_what_does_not_rest_on_the_register_is_there_without_it(service: Service) -> None:
    headers = {"Authorization": f"Bearer {await service.key()}"}
    for path in ("/v1/reasons", "/v1/requirements", "/v1/verifications"):
        assert (await service.http.get(path, headers=headers)).status_code == 200


async def test_the_sandbox_is_there_without_a_register(service: Service) -> None:
    headers = {"Authorization": f"Bearer {await service.key(test=True)}"}

    assert (await service.http.get("/v1/register", headers=headers)).status_code == 200


async def test_a_fresh_register_is_ready_and_a_stale_one_degraded(
    service: Service, register: dict[str, Any]
) -> None:
    register["publishedAt"] = service.clock().isoformat()
    await service.publish(register, A_DAY)
    assert await health(service, "/health/ready") == (200, {"status": "ready"})

    service.clock.now += timedelta(days=1, seconds=1)

    status, told = await health(service, "/health/ready")
    assert (status, told["status"]) == (200, "degraded")
    assert ["cases" in reason for reason in told["reasons"]] == [True]
    assert await health(service, "/health/live") == (200, {"status": "alive"})


async def test_a_stale_register_is_ready_again_once_it_is_read_again(
    service: Service, register: dict[str, Any]
) -> None:
    register["publishedAt"] = service.clock().isoformat()
    await service.publish(register, A_DAY)
    service.clock.now += timedelta(days=3)
    register["publishedAt"] = service.clock().isoformat()

    await service.publish(register, A_DAY)

    assert (await health(service, "/health/ready"))[1] == {"status": "ready"}
