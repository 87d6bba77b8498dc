"""How the mirror recognises a trainer without keeping a name: keyed hashes only."""

import hashlib
import hmac

from trivet.register.identifiers import comparable_name


def family_name_hash(name: str | None, key: bytes) -> str | None:
    """Return the keyed hash of a family name in the form in which names are compared; None for a name of nothing."""
    comparable = comparable_name(name or "")
    return _keyed(key, "family-name", comparable) if comparable else None


def person_hash(trainer: str, key: bytes) -> str:
    """Return the keyed hash of a trainer's reference in comparable form: finds a person's rows without naming them."""
    return _keyed(key, "trainer", trainer.strip().casefold())


def _keyed(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()
