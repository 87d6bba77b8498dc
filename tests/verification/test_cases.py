"""The labelled cases: each gives its verdict and exactly its reasons, over HTTP."""

import json
from typing import Any

import pytest

from tests.conftest import DATA
from tests.service import Service

CASES: list[dict[str, Any]] = json.loads((DATA / "cases" / "cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
async def test_a_case_gives_its_verdict_and_exactly_its_reasons(
    case: dict[str, Any], register: dict[str, Any], service: Service
) -> None:
    register["coverage"].update(case.get("coverage", {}))
    await service.publish(register)

    answer = (await service.ask(case["question"], await service.key())).json()

    assert answer["verdict"] == case["verdict"]
    assert {reason["code"] for reason in answer["reasons"]} == set(case["reasons"])
