"""The tool's own key: made once, kept in a file that only its owner reads, told to platforms by its public half."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeyParameters, RSAKey

from trivet_lti.tokens import ALGORITHM

_ABOUT: KeyParameters = {"use": "sig", "alg": ALGORITHM}


class ToolKey:
    """Signs what the tool sends to a platform."""

    def __init__(self, key: RSAKey) -> None:
        self._key = key

    @classmethod
    def kept_in(cls, file: Path) -> "ToolKey":
        """Return the key of a file; one is made where there is none.

        Raises:
            ValueError: the file is there and holds no private RSA key as a JWK; the message names the file.
        """
        if not file.exists():
            _write_new(file, RSAKey.generate_key(2048, _ABOUT, auto_kid=True))
        try:
            key = RSAKey.import_key(json.loads(file.read_bytes()), _ABOUT)
            whole = key.is_private and bool(key.kid)
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise ValueError(
                f"{file}: this is no private RSA key as a JWK with a kid; move it away to have one made"
            )
        return cls(key)

    @property
    def public(self) -> Mapping[str, Any]:
        """The set of public keys, as platforms read it."""
        return {"keys": [self._key.as_dict(private=False)]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return claims as a signed token."""
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])


def _write_new(file: Path, key: RSAKey) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w") as written:
        json.dump(key.as_dict(private=True), written)
