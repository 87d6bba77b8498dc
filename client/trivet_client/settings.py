"""Where the service is, and the key it is asked with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from trivet_client.problems import NotConfigured

URL, KEY = "TRIVET_URL", "TRIVET_API_KEY"


@dataclass(frozen=True)
class Settings:
    """An address and a key. The key is not shown.

    Raises:
        NotConfigured: one of them can't be what it should.
    """

    url: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            raise NotConfigured(
                f"The address of the service ({URL}) must be like https://trivet.example: "
                "http or https and a host, without user, query or fragment."
            )
        if not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise NotConfigured(f"The key ({KEY}) can't be one: keys look like tvt_live_….")


def settings_from(
    url: str | None = None, key: str | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Return what is given, and from the environment what is not.

    Raises:
        NotConfigured: the address or the key is missing, or can't be one.
    """
    environ = os.environ if environ is None else environ
    url = (environ.get(URL, "") if url is None else url).strip()
    key = (environ.get(KEY, "") if key is None else key).strip()
    if not url:
        raise NotConfigured(
            f"Set {URL} to the address of the service, like https://trivet.example."
        )
    if not key:
        raise NotConfigured(f"Set {KEY} to a key that the service's operator made for you.")
    return Settings(url, key)


@contextmanager
def usable_environment() -> Iterator[None]:
    """Turn what httpx finds unusable in the environment, a proxy or a certificate, into `NotConfigured`."""
    try:
        yield
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        raise NotConfigured(
            f"A proxy or a certificate that the environment names can't be used: {error}"
        ) from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = not any((parts.username, parts.password, parts.query, parts.fragment))
    return parts.scheme in ("http", "https") and bool(host) and plain and url.isprintable()
