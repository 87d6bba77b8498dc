"""A read carries a strong tag, and is not sent again to whom already has it."""

from typing import Any

import pytest

from tests.http.questions import FULL
from tests.service import Service

READS = (
    "/v1/verifications",
    "/v1/register",
    "/v1/register/snapshots",
    "/v1/register/changes",
    "/v1/register/contradictions",
    "/v1/providers",
    "/v1/providers/calm-harbour",
    "/v1/reasons",
    "/v1/requirements",
    "/openapi.json",
)


async def test_a_read_is_tagged_and_not_sent_twice(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path in READS:
        tag = (await service.http.get(path, headers=headers)).headers["ETag"]
        assert tag[0] == tag[-1] == '"'
        for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            with subtests.test(path=path, given=given):
                again = await service.http.get(path, headers={**headers, "If-None-Match": given})

                assert again.status_code == 304
                assert again.content == b""
                assert again.headers["ETag"] == tag
                assert again.headers["X-Request-ID"]
                assert "Content-Length" not in again.headers


async def test_what_changed_is_sent_again(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    before = (await service.http.get("/v1/verifications", headers=headers)).headers["ETag"]
    await service.ask(FULL, key)

    after = await service.http.get(
        "/v1/verifications", headers={**headers, "If-None-Match": before}
    )

    assert after.status_code == 200
    assert after.headers["ETag"] != before


async def test_a_kept_answer_keeps_its_tag(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    location = (await service.ask(FULL, key)).headers["Location"]

    tags = {(await service.http.get(location, headers=headers)).headers["ETag"] for _ in range(3)}

    assert len(tags) == 1


async def test_another_tag_does_not_hold_an_answer_back(service: Service, key: str) -> None:
    for given in ('"other"', "other", "", '""', ","):
        headers = {"Authorization": f"Bearer {key}", "If-None-Match": given}

        assert (await service.http.get("/v1/reasons", headers=headers)).status_code == 200


async def test_a_question_is_always_answered(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "If-None-Match": "*"}
    response = await service.http.post("/v1/verifications", json=FULL, headers=headers)

    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response.json()["verdict"]


async def test_a_refusal_carries_no_tag(service: Service, key: str) -> None:
    headers: dict[str, Any] = {"Authorization": f"Bearer {key}", "If-None-Match": "*"}
    for path, status in (("/v1/verifications/x", 404), ("/v1/providers?on=x", 400)):
        response = await service.http.get(path, headers=headers)

        assert response.status_code == status
        assert "ETag" not in response.headers


async def test_no_cache_on_the_way_answers_for_the_service(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path in READS:
        response = await service.http.get(path, headers=headers)

        assert response.headers["Cache-Control"] == "private, no-cache"
