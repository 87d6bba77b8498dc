"""What every problem on the wire has, whatever went wrong (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import httpx

MEMBERS = {"type", "title", "status", "detail", "code", "requestId"}


def problem_of(response: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """Return the problem that a response is, having looked at each of its members."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem.keys() == MEMBERS | ({"errors"} if status == 400 else set())
    assert problem["type"] == f"urn:trivet:problem:{problem['code']}"
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["code"] == (code or problem["code"])
    assert problem["requestId"] == response.headers["X-Request-ID"]
    for error in errors_of(problem):
        assert error.keys() == {"pointer", "code", "detail"}
        assert error["code"]
        assert error["detail"]
    return problem


def errors_of(problem: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a problem says of single fields; a problem of 400 says something."""
    errors: list[dict[str, str]] = problem.get("errors", [])
    assert errors or problem["status"] != 400
    return errors


def pointers_of(problem: dict[str, Any]) -> list[str]:
    """Return where a problem points to."""
    return [error["pointer"] for error in errors_of(problem)]
