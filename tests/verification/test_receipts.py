"""Receipts: what was answered, signed; checked without calling anyone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service
from trivet.cli import main
from trivet.verification.receipts import BadKey, BadReceipt, SigningKeys, verify_receipt

QUESTION = {
    "provider": {"scheme": "register", "value": "calm-harbour"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1", "familyName": "O'Neill"},
    "deliveredOn": "2026-03-12",
}


@pytest.fixture
async def answer(service: Service, register: dict[str, Any]) -> dict[str, Any]:
    await service.publish(register)
    answered: dict[str, Any] = (await service.ask(QUESTION, await service.key())).json()
    return answered


@pytest.fixture
async def jwks(service: Service) -> dict[str, Any]:
    keys: dict[str, Any] = (await service.http.get("/.well-known/jwks.json")).json()
    return keys


async def test_a_receipt_says_what_was_answered_and_names_no_person(
    answer: dict[str, Any], jwks: dict[str, Any]
) -> None:
    receipt = verify_receipt(answer["receipt"], jwks)

    assert receipt.verification == answer["id"]
    assert receipt.verdict == answer["verdict"]
    assert receipt.digest == answer["register"]["digest"]
    assert receipt.known_at.isoformat() == answer["knownAt"].replace("Z", "+00:00")
    assert not receipt.question.trainer or not receipt.question.trainer.family_name


async def test_the_published_keys_have_no_private_half(jwks: dict[str, Any]) -> None:
    assert jwks["keys"]
    assert all("d" not in key for key in jwks["keys"])


async def test_one_flipped_bit_anywhere_is_refused(
    answer: dict[str, Any], jwks: dict[str, Any]
) -> None:
    signed = answer["receipt"].encode()
    for place in range(len(signed)):
        for bit in range(7):
            altered = bytearray(signed)
            altered[place] ^= 1 << bit
            with pytest.raises(BadReceipt):
                verify_receipt(altered.decode(), jwks)


async def test_a_receipt_signed_before_a_rotation_still_verifies_and_a_stranger_s_does_not(
    answer: dict[str, Any], service: Service
) -> None:
    keys: SigningKeys = service.app.state.signing
    rotated = SigningKeys.parse(keys.succeeded().secret())

    assert verify_receipt(answer["receipt"], rotated.jwks()).verification == answer["id"]
    with pytest.raises(BadReceipt):
        verify_receipt(answer["receipt"], SigningKeys.new().jwks())


async def test_the_receipt_can_be_fetched_again_by_its_own_account_only(
    answer: dict[str, Any], service: Service
) -> None:
    address = f"/v1/verifications/{answer['id']}/receipt"
    mine = {"Authorization": f"Bearer {await service.key()}"}
    theirs = {"Authorization": f"Bearer {await service.key(account='Another trust (fictional)')}"}

    fetched = await service.http.get(address, headers=mine)

    assert fetched.headers["content-type"].startswith("application/jose")
    assert fetched.text == answer["receipt"]
    assert (await service.http.get(address, headers=theirs)).status_code == 404


async def test_the_receipt_is_a_page_for_who_accepts_pdf(
    answer: dict[str, Any], service: Service
) -> None:
    headers = {"Authorization": f"Bearer {await service.key()}", "Accept": "application/pdf"}

    page = await service.http.get(f"/v1/verifications/{answer['id']}/receipt", headers=headers)

    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"keys": []}', '{"kty": "RSA"}', "no"])
def test_a_file_without_a_signing_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        SigningKeys.parse(text)


def test_public_keys_alone_can_t_sign() -> None:
    with pytest.raises(BadKey, match="private"):
        SigningKeys.parse(json.dumps(SigningKeys.new().jwks()))


async def test_the_command_line_verifies_a_receipt_from_files_alone(
    answer: dict[str, Any],
    jwks: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    receipt, keys = tmp_path / "receipt.jws", tmp_path / "jwks.json"
    receipt.write_text(answer["receipt"] + "\n")
    keys.write_text(json.dumps(jwks))

    assert _status("receipt", "verify", str(receipt), "--jwks", str(keys)) == 0
    assert answer["id"] in capsys.readouterr().out
    receipt.write_text(answer["receipt"][:-4] + "AAAA")
    assert _status("receipt", "verify", str(receipt), "--jwks", str(keys)) == 1
    assert _status("receipt", "verify", str(tmp_path / "none"), "--jwks", str(keys)) == 3


def test_a_signing_key_is_made_for_its_owner_alone_and_succeeded_without_losing_the_old(
    tmp_path: Path,
) -> None:
    file = tmp_path / "keys" / "signing.json"

    assert _status("keys", "signing-key", str(file)) == 0
    first = SigningKeys.parse(file.read_text()).jwks()["keys"]
    assert _status("keys", "signing-key", str(file)) == 0
    second = SigningKeys.parse(file.read_text()).jwks()["keys"]

    assert file.stat().st_mode & 0o077 == 0
    assert second[1:] == first
    assert second[0] != first[0]


def _status(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)
