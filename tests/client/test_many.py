"""Asking many questions with one call: results as they come, each as true as its answer, and a receipt at the end."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.client.answering import PASSES, Answering
from trivet.verification.receipts import BatchReceipt, verify_any_receipt
from trivet_client import AsyncTrivetClient, InvalidArgument, TrivetClient, UnexpectedAnswer
from trivet_client.batches import Reader
from trivet_client.questions import Asked


def asked(count: int) -> Iterator[Asked]:
    """Questions that pass, and every third one that does not."""
    for n in range(count):
        reference = f"PO-{n}"
        if n % 3:
            yield Asked(
                provider=PASSES["provider"],
                programme=PASSES["programme"],
                trainer=PASSES["trainer"],
                reference=reference,
                delivered_on="2026-03-12",
            )
        else:
            yield Asked(
                provider=PASSES["provider"],
                programme="register:nothing-such",
                trainer=PASSES["trainer"],
                reference=reference,
            )


def test_each_result_is_true_only_for_a_pass_and_the_receipt_covers_them(
    answering: Answering,
) -> None:
    with TrivetClient(answering.url, answering.key) as client:
        batch = client.verify_many(asked(30))
        assert batch.finished is None
        results = list(batch)
        jwks = httpx.get(f"{answering.url}/.well-known/jwks.json", trust_env=False).json()

    assert [result.reference for result in results] == [f"PO-{n}" for n in range(30)]
    assert [bool(result) for result in results] == [bool(n % 3) for n in range(30)]
    assert batch.finished
    assert (batch.finished.passed, batch.finished.failed) == (20, 10)
    receipt = verify_any_receipt(batch.finished.receipt, jwks)
    assert isinstance(receipt, BatchReceipt)
    assert (receipt.passed, receipt.failed) == (20, 10)


def test_what_is_wrong_with_a_row_is_its_result(answering: Answering) -> None:
    rows: list[dict[str, Any]] = [{"provider": 1}, {"reference": "x"}]
    with TrivetClient(answering.url, answering.key) as client:
        results = list(client.verify_rows(rows))
    assert [bool(result) for result in results] == [False, False]
    problem = results[0].problem
    assert problem
    assert problem.errors[0]["pointer"] == "/provider"
    assert results[1].reference == "x"


def test_the_same_batch_sent_again_is_not_asked_again(answering: Answering) -> None:
    with TrivetClient(answering.url, answering.key) as client:
        first = [r.document for r in client.verify_many(asked(5), idempotency_key="one")]
        again = [r.document for r in client.verify_many(asked(5), idempotency_key="one")]
    assert first == again


async def test_the_awaited_client_does_the_same(answering: Answering) -> None:
    async with AsyncTrivetClient(answering.url, answering.key) as client:
        batch = client.verify_many(asked(12))
        results = [result async for result in batch]
    assert len(results) == 12
    assert batch.finished
    assert batch.finished.passed == 8


def test_a_part_that_can_not_be_asked_is_told_by_its_name(answering: Answering) -> None:
    wrong = [Asked(provider="nonsense", programme="register:x")]
    with (
        TrivetClient(answering.url, answering.key) as client,
        pytest.raises(InvalidArgument, match="provider"),
    ):
        list(client.verify_many(wrong))


def test_results_that_break_off_are_no_results_for_the_rest() -> None:
    reader = Reader()
    with pytest.raises(UnexpectedAnswer, match="broke off after row 0"):
        reader.end()


@pytest.mark.parametrize(
    "line",
    [
        {"row": 2, "reference": None, "problem": {"code": "x", "detail": "y"}},
        {"batch": {"state": "complete", "rows": 1, "receipt": "x"}},
        {"batch": {"state": "running", "rows": 0, "receipt": None}},
        {"row": 1, "reference": None},
    ],
)
def test_a_line_that_is_not_the_next_is_not_believed(line: dict[str, Any]) -> None:
    with pytest.raises((ValueError, LookupError)):
        Reader().read(json.dumps(line))
