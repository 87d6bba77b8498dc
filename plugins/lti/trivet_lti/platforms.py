"""Learning platforms that an operator registered, and what each is believed about."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:\d+)?|https?://\[[0-9a-f:]+\](:\d+)?")


class BadAddress(ValueError):
    """An address can't be one; the message names the field and says what to give."""


@dataclass(frozen=True, kw_only=True)
class Platform:
    """One registration. All addresses are whole URLs; origins are scheme, host and port."""

    id: str
    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    """The deployment ids that are known; a launch of another one is refused."""
    auth_url: str
    token_url: str
    token_audience: str
    jwks_url: str
    origins: tuple[str, ...] = ()
    """Other origins of the platform: where its services answer, and what frames this tool."""
    asks_role: bool = False
    """Whether its roster can be asked for instructors only, sub-roles included."""

    @property
    def own_origins(self) -> tuple[str, ...]:
        """All origins that are the platform's, each once."""
        urls = (self.auth_url, self.token_url, self.jwks_url)
        return tuple(dict.fromkeys([*(origin(url) for url in urls), *self.origins]))

    def owns(self, url: str) -> bool:
        """Tell whether an address is the platform's; only such a one is called or sent to."""
        try:
            return origin(url) in self.own_origins
        except BadAddress:
            return False


def origin(url: str) -> str:
    """Return the origin of a URL in the one form: lower case, and no port where it is the usual one.

    Raises:
        BadAddress: it is no http or https URL with a host and without a user.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadAddress("an address is no URL") from None
    if parts.username or parts.password or not url.isprintable() or " " in url:
        raise BadAddress("an address is a URL without a user")
    usual = {"http": 80, "https": 443}.get(scheme)
    found = f"{scheme}://{f'[{host}]' if ':' in host else host}"
    found += f":{port}" if port is not None and port != usual else ""
    if not _ORIGIN.fullmatch(found):
        raise BadAddress("an address is a whole http or https URL")
    return found


def checked(field: str, url: str, *, loopback: bool) -> str:
    """Return an address that may be called: https, or http on this machine where that is allowed.

    Raises:
        BadAddress: it may not be, with the field's name.
    """
    try:
        origin(url)
    except BadAddress as error:
        raise BadAddress(f"{field}: {error}") from None
    parts = urlsplit(url)
    if parts.fragment:
        raise BadAddress(f"{field}: leave out what follows the #")
    if parts.scheme.lower() == "https" or (loopback and parts.hostname in LOOPBACK):
        return url
    raise BadAddress(f"{field}: give an https address")


def framing(platforms: Collection[Platform]) -> str:
    """Return who may frame a page, as a Content-Security-Policy says it."""
    origins = dict.fromkeys(each for platform in platforms for each in platform.own_origins)
    return " ".join(origins) or "'none'"
