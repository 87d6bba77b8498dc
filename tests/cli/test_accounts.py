"""Accounts, and whether a provider's own word is enough for them."""

import json
from typing import Any

import pytest

from tests.commands import Operator
from tests.service import PROFILE, Service
from trivet.access.store import set_accepts_declared
from trivet.database import writing
from trivet.verification.receipts import verify_receipt

DECLARED = PROFILE.replace('"register"\n', '"provider_declared"\n')
ACCOUNT = "Test trust (fictional)"


def test_an_account_accepts_no_provider_s_own_word_until_it_is_told_to(operator: Operator) -> None:
    operator.key()
    assert "not enough" in operator.done("accounts", "list")
    assert "says so" in operator.done("accounts", "declared", ACCOUNT, "accept")
    assert "accepted" in operator.done("accounts", "list")
    assert "can't be confirmed" in operator.done("accounts", "declared", ACCOUNT, "refuse")
    assert "not enough" in operator.done("accounts", "list")


def test_an_account_that_is_not_there_is_named(operator: Operator) -> None:
    line = operator.refused("accounts", "declared", "Nobody", "accept")
    assert line == "there is no account 'Nobody': see `trivet accounts list`"


@pytest.mark.parametrize("accepts", [True, False])
async def test_a_receipt_says_whether_a_provider_s_own_word_was_enough(
    service: Service, register: dict[str, Any], *, accepts: bool
) -> None:
    key = await service.key()
    async with writing(service.engine) as connection:
        assert await set_accepts_declared(connection, ACCOUNT, accepts=accepts)
    await service.publish(register, DECLARED)
    question = {
        "provider": {"scheme": "register", "value": "calm-harbour"},
        "programme": {"scheme": "register", "value": "ch-1"},
        "trainer": {"scheme": "authorisation", "value": "AU-1"},
        "deliveredOn": "2026-03-12",
    }
    answer = (await service.ask(question, key)).json()
    keys = json.loads((await service.http.get("/.well-known/jwks.json")).text)
    assert verify_receipt(answer["receipt"], keys).accepts_declared is accepts
    said = any("own word alone" in caveat for caveat in answer["caveats"])
    codes = {reason["code"] for reason in answer["reasons"]}
    assert said is accepts
    assert ("trainer_declared_only" in codes) is not accepts
