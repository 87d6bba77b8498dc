"""A question with every field, and what can be done to it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.problems import problem_of
from tests.service import Service

FAMILY_NAME = "Okonedo-Brightwater"
FULL: dict[str, Any] = {
    "provider": [
        {"scheme": "certificate", "value": "EX-0001"},
        {"scheme": "ukprn", "value": "10099901"},
    ],
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1", "familyName": FAMILY_NAME},
    "deliveredOn": "2026-03-12",
    "knownAt": "2026-01-01T09:00:00Z",
    "maxAge": "P1D",
    "deliveredBy": {"scheme": "name", "value": "Calm Harbour"},
    "scope": {
        "setting": "social_care",
        "nation": "england",
        "population": "adults",
        "modules": ["seclusion"],
    },
    "evidence": ["certificate"],
    "reference": "PO-1234",
    "purpose": "audit",
}


def holder(question: dict[str, Any], pointer: str) -> tuple[Any, Any]:
    """Return the object or list that holds what a pointer points to, and under which key."""
    *parents, last = pointer.removeprefix("/").split("/")
    held: Any = question
    for step in parents:
        held = held[int(step) if isinstance(held, list) else step]
    return held, int(last) if isinstance(held, list) else last


def with_(pointer: str, value: object) -> dict[str, Any]:
    """Return the full question with another value, or one more, at a pointer."""
    question = copy.deepcopy(FULL)
    held, key = holder(question, pointer)
    held[key] = value
    return question


def without(pointer: str) -> dict[str, Any]:
    """Return the full question without the field at a pointer."""
    question = copy.deepcopy(FULL)
    held, key = holder(question, pointer)
    del held[key]
    return question


def fields(value: object, pointer: str = "") -> Iterator[tuple[str, object]]:
    """Go through every field of a question, and every member of its lists."""
    if pointer:
        yield pointer, value
    if isinstance(value, dict):
        for name, held in value.items():
            yield from fields(held, f"{pointer}/{name}")
    if isinstance(value, list):
        for i, held in enumerate(value):
            yield from fields(held, f"{pointer}/{i}")


async def refused(service: Service, key: str, body: dict[str, Any] | bytes) -> dict[str, Any]:
    """Return the problem that a question is refused with, having seen that it names no person."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    response = await service.http.post("/v1/verifications", content=content, headers=headers)
    problem = problem_of(response, 400)
    assert FAMILY_NAME.casefold() not in response.text.casefold()
    return problem
