"""A query that can't be understood is refused and names its parameter; the answer to another one is never given."""

from typing import Any

import pytest

from tests.http.questions import FULL
from tests.problems import pointers_of, problem_of
from tests.service import Service

NO_CURSORS = ("", "!", "AAAA", "null", "%ff", "A" * 5000, "dmVyXzAx%00", "..%2F..")
NO_LIMITS = (
    "0",
    "-1",
    "201",
    "9" * 30,
    "x",
    "",
    "1_0",
    "+5",
    "%D9%A3",
    "null",
    "true",
    "1.5",
    "NaN",
)
NO_DAYS: tuple[str, ...] = (
    "2026-02-30",
    "2026-13-01",
    "yesterday",
    "",
    "null",
    "NULL",
    "1",
    "20260312",
)
NO_DAYS += ("2026-03-12T00:00:00Z", "0000-01-01", "10000-01-01", "%00", "%ff")
PAGED = (
    "/v1/verifications",
    "/v1/providers",
    "/v1/register/snapshots",
    "/v1/register/contradictions",
)
DATED = ("/v1/providers", "/v1/providers/calm-harbour", "/v1/requirements")
MISREAD = [
    *((f"{path}?cursor={cursor}", "?cursor") for path in PAGED for cursor in NO_CURSORS),
    *((f"{path}?limit={limit}", "?limit") for path in PAGED for limit in NO_LIMITS),
    *((f"{path}?on={day}", "?on") for path in DATED for day in NO_DAYS),
    *((f"/v1/verifications?verdict={word}", "?verdict") for word in ("", "Pass", "ok", "null")),
    *((f"/v1/requirements?setting={word}", "?setting") for word in ("", "moon", "School", "%00")),
    *((f"/v1/requirements?nation={word}", "?nation") for word in ("", "france", "England")),
    ("/v1/verifications?cursor=dmVyXw", "?cursor"),  # half an id
    ("/v1/providers?query=" + "x" * 301, "?query"),
    ("/v1/providers?looked_for=calm", "?looked_for"),
    ("/v1/verifications?refrence=PO-1", "?refrence"),
    ("/v1/verifications?knownAt=2026-01-01", "?knownAt"),
    ("/v1/providers/calm-harbour?om=2026-01-01", "?om"),
    ("/v1/verifications?limit=1&limit=2", "?limit"),
    ("/v1/verifications?reference=a&reference=b", "?reference"),
    ("/v1/providers?on=2026-01-01&on=2026-01-01", "?on"),
]


async def test_a_query_that_can_not_be_understood_is_refused(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for address, pointer in MISREAD:
        with subtests.test(address=address[:80]):
            problem = problem_of(await service.http.get(address, headers=headers), 400)
            assert pointers_of(problem) == [pointer]


async def test_a_cursor_of_one_list_is_refused_by_another(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    providers = (await service.http.get("/v1/providers?limit=1", headers=headers)).json()

    elsewhere = await service.http.get(
        f"/v1/verifications?cursor={providers['nextCursor']}", headers=headers
    )

    problem_of(elsewhere, 400, "invalid_cursor")


async def test_any_day_of_the_calendar_may_be_looked_at(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for day in ("0001-01-01", "9999-12-31", "2024-02-29"):
        for path in DATED:
            with subtests.test(day=day, path=path):
                response = await service.http.get(f"{path}?on={day}", headers=headers)
                assert response.status_code == 200


async def test_text_that_is_looked_for_may_be_any(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for text in ("null", "%00", "%ff", "%F0%9F%A6%86", "'; DROP TABLE keys; --", "%25"):
        for address in (f"/v1/verifications?reference={text}", f"/v1/providers?query={text}"):
            with subtests.test(address=address):
                response = await service.http.get(address, headers=headers)
                assert response.json() == {"items": [], "nextCursor": None}


async def test_an_operation_without_parameters_leaves_a_query_alone(
    service: Service, key: str
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    asked: Any = await service.http.post("/v1/verifications?x=1", json=FULL, headers=headers)

    assert asked.status_code == 200
    assert (await service.http.get("/health/live?x=1&x=2")).status_code == 200
