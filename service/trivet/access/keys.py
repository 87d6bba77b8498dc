"""API keys: made once, shown once, kept only as a keyed hash."""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum

import msgspec

_FORM = re.compile(r"tvt_(live|test)_([a-z0-9]{16})_([A-Za-z0-9]{64})")


class Scope(StrEnum):
    """What a key may be used for."""

    VERIFY = "verify"
    READ = "read"
    WATCH = "watch"
    ADMIN = "admin"


class Caller(msgspec.Struct, frozen=True):
    """Who asks: the key that was shown, its account, and what it may do. A test key sees the sandbox only."""

    key: str
    account: str
    scopes: frozenset[Scope]
    purpose: str
    test: bool
    accepts_declared: bool = False


class Secret(msgspec.Struct, frozen=True):
    """A key as its holder has it."""

    id: str
    secret: str
    test: bool

    @classmethod
    def new(cls, *, test: bool) -> "Secret":
        """Make a key from the system's source of randomness."""
        return cls(id=secrets.token_hex(8), secret=secrets.token_hex(32), test=test)

    @classmethod
    def parse(cls, text: str) -> "Secret | None":
        """Read a key as it is written, or return None if it can't be one."""
        match = _FORM.fullmatch(text)
        return cls(id=match[2], secret=match[3], test=match[1] == "test") if match else None

    def __str__(self) -> str:
        return f"tvt_{'test' if self.test else 'live'}_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"<key {self.id}>"

    def hashed(self, pepper: bytes) -> str:
        """Return the keyed hash that is stored: the secret has 256 bits, so a slow hash would add nothing."""
        return hmac.new(pepper, f"key:{self}".encode(), hashlib.sha256).hexdigest()

    def matches(self, stored: str, pepper: bytes) -> bool:
        """Say whether this is the key whose hash was stored, in constant time."""
        return hmac.compare_digest(self.hashed(pepper), stored)
