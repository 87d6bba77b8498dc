"""Secrets of webhooks: made from the system's randomness, shown once, kept encrypted."""

import base64
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import make_url

from trivet.private_files import kept
from trivet.settings import SettingError, Settings

_MAKE = "make one with `openssl rand -base64 32`"


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Unsealed(Exception):
    """A secret was encrypted under another key than those of TRIVET_SECRETS_KEY."""


class Sealing:
    """Encrypts what signs webhooks, under the first of some keys; what an older one encrypted can still be read."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the keys, the newest first: 32 random bytes each, in base64. ValueError if one is not."""
        plainly = [key.translate(_URL_SAFE) for key in keys]
        self._fernet = MultiFernet([Fernet(key) for key in plainly])

    def seal(self, secret: str) -> str:
        """Return a secret encrypted."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return a secret as it was; Unsealed if no key opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unsealed(
                "a webhook's secret can't be read: TRIVET_SECRETS_KEY has to hold the key it was made under"
            ) from None

    def open_all(self, sealed: Sequence[str]) -> list[str]:
        """Return secrets as they were, but for those that no key opens; Unsealed if none of them does."""
        opened: list[str] = []
        unreadable: Unsealed | None = None
        for one in sealed:
            try:
                opened.append(self.open(one))
            except Unsealed as error:
                unreadable = error
        if unreadable and not opened:
            raise unreadable
        return opened


def new_webhook_secret() -> str:
    """Return a new secret as Standard Webhooks 1.0 writes it: `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def sealing(settings: Settings) -> Sealing:
    """Return what encrypts under TRIVET_SECRETS_KEY; SettingError says what is wrong with it.

    Where it is not set, the key is kept beside the SQLite file, made at the first start.
    """
    given = settings.secrets_key or _beside(settings)
    try:
        return Sealing([key.strip().encode() for key in given.split(",")])
    except ValueError:
        raise SettingError(
            f"TRIVET_SECRETS_KEY is not 32 bytes in base64: {_MAKE}; several are divided by commas, "
            "the newest first"
        ) from None


def _beside(settings: Settings) -> str:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise SettingError(
            "TRIVET_SECRETS_KEY is not set: every process has to read the secrets of webhooks with the same key; "
            f"{_MAKE} and give it to each of them"
        )
    if not url.database or url.database == ":memory:":
        return Fernet.generate_key().decode()
    file = Path(url.database).with_name("secrets-key")
    return kept(file, lambda: Fernet.generate_key().decode() + "\n")
