"""Receipts: what the mirror knew, signed, to be checked without calling anyone (RFC 7515, RFC 8037)."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from trivet.verification.answer import Verification
from trivet.verification.question import Question, without_names
from trivet.verification.reasons import Verdict

ALGORITHM: Literal["Ed25519"] = "Ed25519"
TYPE, BATCH_TYPE = "trivet-receipt", "trivet-batch-receipt"
STATES = (
    "This states what the mirror knew at knownAt. It is not a certificate, and neither the "
    "certification body nor the Restraint Reduction Network has signed it."
)


class BadKey(Exception):
    """A file does not hold signing keys; the message says what it should hold."""


class BadReceipt(Exception):
    """A receipt does not verify, or is none; the message says why."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a receipt says. The question carries no names of persons; instants are UTC, days London."""

    states: str
    verification: str
    account: str
    question: Question
    family_name_given: bool
    verdict: Verdict
    reasons: list[str]
    delivered_on: date
    known_at: datetime
    checked_at: datetime
    snapshot: str | None
    digest: str | None
    # Whether the account took a provider's own word (R10): asked by one that does not, the answer may be another.
    accepts_declared: bool = False


class BatchReceipt(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the receipt of a batch says: how many rows, of which verdict, and the digests of both sides.

    `questions` is the SHA-256 of the rows as they were understood and kept, without names of persons: each a line of
    JSON, an empty one where something was wrong with the row. `results` is that of the results as NDJSON, each with its
    line feed. Instants are UTC.
    """

    states: str
    batch: str
    account: str
    rows: int
    passed: int
    failed: int
    cannot_confirm: int
    problems: int
    questions: str
    results: str
    known_at: datetime | None
    finished_at: datetime
    snapshot: str | None
    digest: str | None
    accepts_declared: bool = False


class SigningKeys:
    """The key that signs, and the public halves of it and of those that signed before."""

    def __init__(self, keys: Sequence[OKPKey]) -> None:
        """Take the keys, the one that signs first; those behind it only verify."""
        if not keys or not keys[0].is_private:
            raise BadKey("the first key has no private half, so nothing can be signed with it")
        self._signing = keys[0]
        self._public = [_public(key) for key in keys]

    @classmethod
    def new(cls) -> "SigningKeys":
        """Make a signing key."""
        return cls([OKPKey.generate_key(ALGORITHM)])

    @classmethod
    def parse(cls, text: str) -> "SigningKeys":
        """Read a JWK or a JWK set, the signing key first; BadKey says what is wrong."""
        return cls(_keys(text))

    def succeeded(self) -> "SigningKeys":
        """Return keys that sign with a new one and still verify what these signed."""
        return SigningKeys([OKPKey.generate_key(ALGORITHM), *_keys(json.dumps(self.jwks()))])

    def secret(self) -> str:
        """Return the JWK set with the private half of the signing key: for a file that only the service reads."""
        signing = {**self._signing.as_dict(private=True), **_named(self._public[0])}
        return json.dumps({"keys": [signing, *self.jwks()["keys"][1:]]}, indent=2)

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Return the public keys as a JWK set (RFC 7517)."""
        return {"keys": [{**key.as_dict(private=False), **_named(key)} for key in self._public]}

    def sign(self, receipt: Receipt | BatchReceipt) -> str:
        """Return a receipt as a compact JWS."""
        kind = TYPE if isinstance(receipt, Receipt) else BATCH_TYPE
        header = {"alg": ALGORITHM, "kid": self._public[0].thumbprint(), "typ": kind}
        payload = msgspec.json.encode(receipt)
        return jws.serialize_compact(header, payload, self._signing, algorithms=[ALGORITHM])


def _named(key: OKPKey) -> dict[str, str]:
    return {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}


def _public(key: OKPKey) -> OKPKey:
    return OKPKey.import_key(key.as_dict(private=False))


def _keys(text: str) -> list[OKPKey]:
    try:
        found = json.loads(text)
        members = found.get("keys", [found])
        return [OKPKey.import_key({k: v for k, v in m.items() if k in _MEMBERS}) for m in members]
    except (ValueError, TypeError, KeyError, AttributeError, JoseError) as error:
        raise BadKey(f"holds no Ed25519 JWK or set of them ({type(error).__name__})") from None


_MEMBERS = frozenset({"kty", "crv", "x", "d"})


def receipt_for(
    verification: Verification, question: Question, account: str, *, accepts_declared: bool
) -> Receipt:
    """Return what is signed for an answer to an account; of its question, all but names."""
    return Receipt(
        states=STATES,
        verification=verification.id,
        account=account,
        question=without_names(question),
        family_name_given=bool(question.trainer and question.trainer.family_name),
        verdict=verification.verdict,
        reasons=list(dict.fromkeys(reason.code for reason in verification.reasons)),
        delivered_on=verification.delivered_on,
        known_at=verification.known_at,
        checked_at=verification.checked_at,
        snapshot=verification.register.snapshot,
        digest=verification.register.digest,
        accepts_declared=accepts_declared,
    )


def verify_receipt(text: str, jwks: Mapping[str, Any]) -> Receipt:
    """Return what a receipt says, if one of the keys signed it exactly as it stands; BadReceipt says why not."""
    found = verify_any_receipt(text, jwks)
    if not isinstance(found, Receipt):
        raise BadReceipt("this is the receipt of a batch, not of one verification")
    return found


def verify_any_receipt(text: str, jwks: Mapping[str, Any]) -> Receipt | BatchReceipt:
    """Return what the receipt of a verification or of a batch says; BadReceipt says why it does not verify."""
    compact = text.strip()
    _refuse_loose_ends(compact)
    try:
        keys = KeySet.import_key_set({"keys": list(jwks["keys"])})
        signed = jws.deserialize_compact(compact, keys, algorithms=[ALGORITHM])
        kind = _KINDS.get(signed.headers().get("typ", ""))
        if kind is None:
            raise BadReceipt("this is signed, but it is no receipt of trivet")
        return msgspec.json.decode(signed.payload or b"", type=kind)
    except msgspec.MsgspecError as error:
        raise BadReceipt(f"the receipt is signed, but can't be read: {error}") from None
    except (JoseError, ValueError, KeyError, TypeError) as error:
        detail = str(error) or type(error).__name__
        raise BadReceipt(f"the receipt does not verify: {detail}") from None


_KINDS: Mapping[str, type[Receipt] | type[BatchReceipt]] = {
    TYPE: Receipt,
    BATCH_TYPE: BatchReceipt,
}


def _refuse_loose_ends(compact: str) -> None:
    """Refuse base64 whose spare bits are set: it would decode to the same bytes as another text."""
    for part in compact.split("."):
        try:
            raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except (binascii.Error, ValueError):
            raise BadReceipt("this is not a compact JWS") from None
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
            raise BadReceipt("the receipt was altered: it is not encoded as it was signed")
