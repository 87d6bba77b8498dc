"""The signature of a token: RS256 with one of the platform's keys, and nothing else. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from trivet_lti.refusals import Refused

ALGORITHM = "RS256"
LONGEST = 64 * 1024
SHORTEST_KEY = 2048


def key_id(token: str) -> str:
    """Return the id of the key that a token says it is signed with.

    Raises:
        Refused: it is no signed token, or is signed in another way than RS256.
    """
    if len(token) > LONGEST:
        raise Refused("token_malformed")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError):
        raise Refused("token_malformed") from None
    if header.get("alg") != ALGORITHM:
        raise Refused("token_algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Refused("token_key")
    return kid


def claims_of(token: str, key: RSAKey) -> Mapping[str, Any]:
    """Return the claims of a token that was signed with a key.

    Raises:
        Refused: it was not.
    """
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, RecursionError):
        raise Refused("token_signature") from None
    if not isinstance(claims, Mapping):
        raise Refused("token_malformed")
    return claims


def public_keys(document: bytes) -> Mapping[str, RSAKey]:
    """Return the keys of a JWK set that may sign, by id; what is no RSA key for signing is left out.

    Raises:
        ValueError: it is no JWK set.
    """
    try:
        listed = json.loads(document)["keys"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("this is no set of keys") from error
    if not isinstance(listed, list):
        raise ValueError("this is no set of keys")  # noqa: TRY004  # it is what came, not how we were called
    found: dict[str, RSAKey] = {}
    for each in listed:
        key = _signing_key(each)
        if key is not None:
            found.setdefault(str(each["kid"]), key)
    return found


def _signing_key(each: object) -> RSAKey | None:
    if (
        not isinstance(each, dict)
        or each.get("kty") != "RSA"
        or not isinstance(each.get("kid"), str)
    ):
        return None
    if each.get("use", "sig") != "sig" or each.get("alg", ALGORITHM) != ALGORITHM:
        return None
    try:
        key = RSAKey.import_key({"kty": "RSA", "n": each["n"], "e": each["e"]})
        long_enough = key.public_key.key_size >= SHORTEST_KEY
    except (JoseError, KeyError, TypeError, ValueError):
        return None
    return key if long_enough else None
