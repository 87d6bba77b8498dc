"""Supplier wording over HTTP."""

import json
from typing import Any

import httpx
import pytest

from tests.service import Service
from trivet.access.keys import Scope
from trivet.verification.claims import MOST_CHARACTERS


async def post(service: Service, body: Any, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or await service.key()}"}
    return await service.http.post("/v1/claims", json=body, headers=headers)


async def test_each_phrase_comes_with_its_span_worth_rule_source_and_next_step(
    service: Service,
) -> None:
    text = "🙂 We are an RRN member. We are kind."
    answered = await post(service, {"text": text})
    assert answered.status_code == 200
    told = answered.json()
    assert set(told) == {"items", "unassessed", "summary"}
    (item,) = told["items"]
    assert set(item) == {"start", "end", "phrase", "code", "rule", "text", "source", "nextStep"}
    assert (item["phrase"], item["code"], item["rule"]) == (
        "RRN member",
        "membership_is_not_certification",
        "R3",
    )
    assert text[item["start"] : item["end"]] == "RRN member"
    assert item["nextStep"]["code"] == "do_not_rely_on_membership"
    assert told["unassessed"] == [{"start": 24, "end": 36, "phrase": "We are kind."}]


async def test_it_needs_no_register(service: Service) -> None:
    assert (await post(service, {"text": "RRN member"})).status_code == 200


@pytest.mark.parametrize("scope", [Scope.VERIFY, Scope.READ])
async def test_either_scope_will_do(service: Service, scope: Scope) -> None:
    key = await service.key(scope)
    assert (await post(service, {"text": "RRN member"}, key)).status_code == 200


async def test_without_a_key_or_its_scope_it_is_refused(service: Service) -> None:
    assert (await service.http.post("/v1/claims", json={"text": "x"})).status_code == 401
    key = await service.key(Scope.WATCH)
    assert (await post(service, {"text": "x"}, key)).status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": "x" * (MOST_CHARACTERS + 1)}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": " \n\t"}, "/text"),
        ({"text": None}, "/text"),
        ({"text": 7}, "/text"),
        ({"text": "x", "verdict": "pass"}, "/verdict"),
        ({}, "/text"),
        ([], ""),
    ],
)
async def test_what_can_not_be_assessed_names_the_field(
    service: Service, body: Any, pointer: str
) -> None:
    answered = await post(service, body)
    assert answered.status_code == 400
    (error,) = answered.json()["errors"]
    assert error["pointer"] == pointer


@pytest.mark.parametrize("as_escapes", [True, False])
async def test_the_greatest_length_fits_however_it_is_written(
    service: Service, *, as_escapes: bool
) -> None:
    written = json.dumps({"text": "🙂" * MOST_CHARACTERS}, ensure_ascii=as_escapes)
    headers = {
        "Authorization": f"Bearer {await service.key()}",
        "Content-Type": "application/json",
    }
    answered = await service.http.post("/v1/claims", content=written, headers=headers)
    assert answered.status_code == 200


async def test_a_body_far_beyond_it_is_too_large(service: Service) -> None:
    assert (await post(service, {"text": "x" * 20 * MOST_CHARACTERS})).status_code == 413
