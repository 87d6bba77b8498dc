"""The labelled cases: each gives its verdict and exactly its reasons, over HTTP."""

import json
from itertools import groupby
from typing import Any

import pytest

from tests.conftest import DATA
from tests.service import Service

Case = dict[str, Any]


def coverage_of(case: Case) -> str:
    """Return what the register of a case claims to cover, beside what it says itself."""
    return json.dumps(case.get("coverage", {}), sort_keys=True)


CASES: list[Case] = json.loads((DATA / "cases" / "cases.json").read_text())
BY_COVERAGE = {
    coverage: list(cases)
    for coverage, cases in groupby(sorted(CASES, key=coverage_of), key=coverage_of)
}


@pytest.mark.parametrize("coverage", BY_COVERAGE)
async def test_a_case_gives_its_verdict_and_exactly_its_reasons(
    coverage: str, register: dict[str, Any], service: Service, subtests: pytest.Subtests
) -> None:
    register["coverage"].update(json.loads(coverage))
    await service.publish(register)
    key = await service.key()

    for case in BY_COVERAGE[coverage]:
        with subtests.test(case["case"]):
            answer = (await service.ask(case["question"], key)).json()

            assert answer["verdict"] == case["verdict"]
            assert {reason["code"] for reason in answer["reasons"]} == set(case["reasons"])
