"""Commands about receipts: the keys that sign them, and what a receipt is worth."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import msgspec

from trivet.cli import CouldNot
from trivet.settings import load_settings
from trivet.signing import read_keys, write_keys
from trivet.verification.receipts import (
    BadReceipt,
    BatchReceipt,
    Receipt,
    SigningKeys,
    verify_any_receipt,
    verify_receipt,
)
from trivet_client import Answer, TrivetClient

ALTERED = 1


def make_signing_key(file: Path) -> None:
    """Make a signing key, or a successor to the one in the file; what the old ones signed still verifies."""
    known = file.exists()
    write_keys(file, read_keys(file).succeeded() if known else SigningKeys.new())
    did = "A new key signs from the next start" if known else "A signing key was made"
    print(f"{did}: {file}. Keep it where only the service reads it.")


def verify(file: Path, jwks: str | None) -> int:
    """Say whether a receipt verifies, and what it says."""
    try:
        receipt = verify_any_receipt(_text(file), _jwks(jwks))
    except BadReceipt as error:
        print(f"NOT VERIFIED: {error}")
        return ALTERED
    print("Verified: signed by one of these keys, and not altered since.")
    for line in _lines(receipt) if isinstance(receipt, Receipt) else _batch_lines(receipt):
        print(line)
    return 0


def reproduced(receipt: Receipt, client: TrivetClient, family_name: str | None) -> int:
    """Ask a receipt's question again at its two clocks, and say whether the answer is the same."""
    if receipt.family_name_given and family_name is None:
        raise CouldNot(
            "the question named the trainer's family name, which no receipt keeps: --family-name"
        )
    asked: dict[str, Any] = json.loads(msgspec.json.encode(receipt.question))
    parts = {_snake(name): part for name, part in asked.items()}
    answer = client.verify(
        **parts
        | {
            "family_name": family_name,
            "delivered_on": receipt.delivered_on,
            "known_at": receipt.known_at,
            "purpose": "audit",
        }
    )
    differing = _differing(receipt, answer)
    for line in differing:
        print(line)
    if differing:
        if receipt.accepts_declared:
            print("The account that asked then took a provider's own word: does this one?")
        return ALTERED
    print(f"The same answer: {receipt.verdict.value}, as known at {receipt.known_at.isoformat()}.")
    return 0


def _differing(receipt: Receipt, answer: Answer) -> list[str]:
    reasons = list(dict.fromkeys(reason.code for reason in answer.reasons))
    compared = (
        ("verdict", receipt.verdict.value, answer.verdict.value),
        ("reasons", ", ".join(sorted(receipt.reasons)), ", ".join(sorted(reasons))),
        ("snapshot", receipt.digest, answer.register.digest),
    )
    return [f"DIFFERS in {what}: {was}; now {now}" for what, was, now in compared if was != now]


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def read_receipt(file: Path, jwks: str | None) -> Receipt:
    """Return what a receipt says; CouldNot if it does not verify."""
    try:
        return verify_receipt(_text(file), _jwks(jwks))
    except BadReceipt as error:
        raise CouldNot(f"{file}: {error}") from None


def _lines(receipt: Receipt) -> list[str]:
    return [
        f"  verdict:       {receipt.verdict.value}",
        f"  reasons:       {', '.join(receipt.reasons) or 'none'}",
        f"  delivered on:  {receipt.delivered_on}",
        f"  known at:      {receipt.known_at.isoformat()}",
        f"  checked at:    {receipt.checked_at.isoformat()}",
        f"  verification:  {receipt.verification}",
        f"  snapshot:      {receipt.snapshot or 'before the first'} {receipt.digest or ''}",
        f"  account:       {receipt.account}",
        f"  {receipt.states}",
    ]


def _batch_lines(receipt: BatchReceipt) -> list[str]:
    verdicts = f"{receipt.passed} pass, {receipt.failed} fail, {receipt.cannot_confirm} cannot be confirmed"
    return [
        f"  {receipt.rows} rows: {verdicts}, {receipt.problems} with a problem",
        f"  results:       {receipt.results} over the lines of NDJSON",
        f"  questions:     {receipt.questions}",
        f"  known at:      {receipt.known_at.isoformat() if receipt.known_at else ''}",
        f"  finished at:   {receipt.finished_at.isoformat()}",
        f"  batch:         {receipt.batch}",
        f"  snapshot:      {receipt.snapshot or ''} {receipt.digest or ''}",
        f"  account:       {receipt.account}",
        f"  {receipt.states}",
    ]


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNot(f"{file} can't be read: {error}") from None


def _jwks(place: str | None) -> Any:
    """Read the public keys: a file, an address, or those of the service that TRIVET_URL names."""
    place = place or f"{load_settings().url.rstrip('/')}/.well-known/jwks.json"
    try:
        if place.startswith(("http://", "https://")):
            return httpx.get(place, timeout=10).raise_for_status().json()
        return json.loads(Path(place).read_text())
    except (OSError, ValueError, httpx.HTTPError) as error:
        raise CouldNot(f"the keys can't be read from {place}: {error}") from None
