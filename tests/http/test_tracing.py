"""Every response carries the ids under which it is logged, the caller's where they are fit for a log."""

import pytest

from tests.service import Service

FIT = ("a", "PO-1234", "0198f0c2-7d7a-7c33", "trace:1/2+3=", "x" * 128)
UNFIT = (
    "",
    " ",
    "x" * 129,
    "a b",
    "a\tb",
    "<script>",
    '"quoted"',
    "a,b",
    "a;b",
    "%0d%0aSet-Cookie: a",
)
PATHS = ("/health/live", "/nope", "/v1/verifications", "/docs", "/openapi.json")


async def test_ids_that_are_fit_come_back(service: Service, subtests: pytest.Subtests) -> None:
    for path in PATHS:
        for given in FIT:
            with subtests.test(path=path, given=given[:20]):
                headers = {"X-Request-ID": given, "X-Correlation-ID": f"{given[:100]}-c"}
                response = await service.http.get(path, headers=headers)

                assert response.headers["X-Request-ID"] == given
                assert response.headers["X-Correlation-ID"] == f"{given[:100]}-c"


@pytest.mark.in_process("no client sends such headers")
async def test_ids_that_are_unfit_are_replaced(service: Service, subtests: pytest.Subtests) -> None:
    for path in PATHS:
        for given in UNFIT:
            with subtests.test(path=path, given=given[:20]):
                headers = {"X-Request-ID": given, "X-Correlation-ID": given}
                response = await service.http.get(path, headers=headers)

                assert response.headers["X-Request-ID"].startswith("req_")
                assert response.headers["X-Correlation-ID"] == response.headers["X-Request-ID"]


async def test_an_id_that_is_not_ascii_is_replaced(service: Service) -> None:
    headers = {b"X-Request-ID": "Müller".encode("latin-1")}
    response = await service.http.get("/health/live", headers=headers)

    assert response.headers["X-Request-ID"].startswith("req_")


async def test_each_request_gets_an_id_of_its_own(service: Service) -> None:
    ids = [(await service.http.get(path)).headers["X-Request-ID"] for path in PATHS * 2]

    assert len(set(ids)) == len(ids)


async def test_a_problem_is_found_by_the_caller_s_own_id(service: Service) -> None:
    for path in ("/nope", "/v1/verifications"):
        response = await service.http.get(path, headers={"X-Request-ID": "mine-7"})

        assert response.json()["requestId"] == "mine-7"
        assert response.headers.get_list("X-Request-ID") == ["mine-7"]
