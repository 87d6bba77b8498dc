"""What is not there, and what is not done there, is a problem that says so."""

import pytest

from tests.problems import problem_of
from tests.service import Service

NOWHERE = (
    "/",
    "/nope",
    "/v1",
    "/v2/verifications",
    "/v1/trainers",
    "/v1/trainers/tr-1",
    "/v1/authorisations",
    "/v1/authorisations/AU-1",
    "/v1/verifications/a/b",
    "/v1/verifications/..%2F..%2Fetc",
    "//v1/verifications",
    "/v1/providers/a%2Fb",
    "/V1/verifications",
    "/openapi.yaml",
    "/docs/assets/nope.js",
    "/docs/assets/../../app.py",
    "/docs/assets/%2e%2e/%2e%2e/app.py",
    "/docs/assets/..%2f..%2fapp.py",
)
GONE = (
    "/v1/verifications/x",
    "/v1/verifications/ver_00000000000000000000000000000000",
    "/v1/verifications/%00",
    "/v1/verifications/%ff",
    "/v1/verifications/" + "x" * 5000,
    "/v1/verifications/x/receipt",
    "/v1/providers/nobody",
    "/v1/providers/%00",
    "/v1/providers/%ff",
    "/v1/providers/%2e%2e",
    "/v1/providers/calm-harbour%20x",
    "/v1/providers/%F0%9F%A6%86",
)
ADDRESSES = {
    "/v1/verifications": {"GET", "POST"},
    "/v1/verifications/x": {"GET"},
    "/v1/verifications/x/receipt": {"GET"},
    "/.well-known/jwks.json": {"GET"},
    "/v1/reasons": {"GET"},
    "/v1/requirements": {"GET"},
    "/v1/claims": {"POST"},
    "/v1/register": {"GET"},
    "/v1/register/snapshots": {"GET"},
    "/v1/register/changes": {"GET"},
    "/v1/register/contradictions": {"GET"},
    "/v1/providers": {"GET"},
    "/v1/providers/calm-harbour": {"GET"},
    "/health/live": {"GET"},
    "/health/ready": {"GET"},
    "/openapi.json": {"GET"},
    "/docs": {"GET"},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW")


async def test_nothing_is_at_an_address_that_is_none(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for path in NOWHERE:
        for headers in ({"Authorization": f"Bearer {key}"}, {}):
            with subtests.test(path=path, key=bool(headers)):
                problem_of(await service.http.get(path, headers=headers), 404, "not_found")


async def test_what_does_not_exist_is_not_found(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path in GONE:
        with subtests.test(path=path[:60]):
            problem_of(await service.http.get(path, headers=headers), 404, "not_found")


@pytest.mark.in_process("the server knows no such methods")
async def test_a_method_that_an_address_does_not_take_is_refused_with_those_that_it_does(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path, taken in ADDRESSES.items():
        for method in METHODS:
            if method in taken:
                continue
            with subtests.test(path=path, method=method):
                response = await service.http.request(method, path, headers=headers)
                problem_of(response, 405, "method_not_allowed")
                assert set(response.headers["Allow"].split(", ")) - {"OPTIONS"} == taken


async def test_head_is_refused_without_a_body(
    service: Service, key: str, subtests: pytest.Subtests
) -> None:
    for path in ADDRESSES:
        with subtests.test(path=path):
            response = await service.http.head(path, headers={"Authorization": f"Bearer {key}"})

            assert response.status_code == 405
            assert response.headers["Allow"]
            assert response.content == b""


async def test_options_tells_methods_and_no_more(
    service: Service, subtests: pytest.Subtests
) -> None:
    for path in ADDRESSES:
        with subtests.test(path=path):
            response = await service.http.options(path)

            assert response.status_code == 204
            assert response.headers["Allow"]
            assert response.content == b""
            assert not [name for name in response.headers if name.startswith("access-control")]


async def test_an_address_may_end_in_a_stroke(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path in ("/v1/verifications", "/v1/providers/calm-harbour"):
        with_one = await service.http.get(f"{path}/", headers=headers)

        assert with_one.json() == (await service.http.get(path, headers=headers)).json()


@pytest.mark.in_process("reads the log of the process that answers")
async def test_a_mistake_here_is_a_problem_that_gives_nothing_away(
    service: Service, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    # A mistake has to be made for this: what the service was started with is taken away from under it.
    await service.running.set(pepper=None)

    response = await service.http.get(
        "/v1/register", headers={"Authorization": f"Bearer {key}", "X-Request-ID": "seen-1"}
    )

    problem = problem_of(response, 500, "internal_error")
    assert problem["requestId"] == "seen-1"
    assert "Error" not in response.text.replace("Internal Server Error", "")
    (record,) = [record for record in caplog.records if record.name.startswith("trivet")]
    assert record.levelname == "ERROR"
    assert record.exc_info
