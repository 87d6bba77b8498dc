"""Where a source is: a path, or an address of the web with what may be sent there."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from trivet.register.durations import Duration
from trivet.register.sources.archive import MAX_INFLATED
from trivet.register.sources.errors import Misstated

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OWN_HEADERS = frozenset(
    {"host", "content-length", "connection", "transfer-encoding", "accept-encoding", "range"}
)
_SECRET = re.compile(
    r"(^|[_-])key$|apikey$|token|secret|passw|pwd|signature|^sig$|auth$|credential|session|^sid$",
    re.IGNORECASE,
)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a site may take to connect, to send the next bytes, and over all; how much it may send."""

    connect: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=30)
    total: timedelta = timedelta(minutes=5)
    max_bytes: int = 64 * 2**20


class Web(msgspec.Struct, frozen=True, kw_only=True):
    """How to ask a site: `credential` names the environment variable that holds it, never itself."""

    limits: Limits
    credential: str | None = None
    credential_header: str | None = None
    proxy: Literal["environment"] | None = None
    ca_file: Path | None = None


class LimitKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits as a profile states them."""

    connect: str | None = None
    read: str | None = None
    total: str | None = None
    max_bytes: int | None = None


class WebKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a profile may say of a location that is an address."""

    allow_http: bool = False
    credential: str | None = None
    credential_header: str | None = None
    proxy: Literal["environment"] | None = None
    ca_file: str | None = None
    limits: LimitKeys = LimitKeys()


def is_address(location: str) -> bool:
    """Say whether a location is an address rather than a path."""
    return bool(_SCHEME.match(location))


def checked_path(location: str, stated: Mapping[str, Any]) -> str:
    """Return a location that is a path; Misstated if it can't be, or has keys of an address."""
    if not location.strip() or "\0" in location:
        raise Misstated(("location",), "should be the path of a file or a folder")
    for key in WebKeys.__struct_fields__:
        if key in stated:
            raise Misstated((key,), "is for a location that is an https address")
    return location


def checked_address(location: str, *, allow_http: bool) -> str:
    """Return an address as it will be asked for; Misstated if it must not be."""
    try:
        url = httpx.URL(location)
    except httpx.InvalidURL as error:
        raise Misstated(("location",), f"is no address: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise Misstated(("location",), "should be a path or an https address")
    if url.scheme == "http" and not (allow_http and _is_loopback(url.host)):
        raise Misstated(
            ("location",),
            "http can be read and changed on the way: use https"
            " (http is only for this machine itself, with allow_http = true)",
        )
    if url.userinfo or any(_SECRET.search(name) for name in url.params):
        raise Misstated(
            ("location",),
            "an address is shown and stored, so it can't hold a secret: put it into an environment"
            " variable and name that in `credential`",
        )
    if url.fragment:
        raise Misstated(("location",), "the part after # is never sent: leave it out")
    return str(url)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def web(keys: WebKeys, folder: Path) -> Web:
    """Return how a profile in `folder` says a site is to be asked; Misstated if it can't be."""
    if keys.credential is not None and not _VARIABLE.fullmatch(keys.credential):
        raise Misstated(
            ("credential",), "is the name of an environment variable, not the credential itself"
        )
    return Web(
        limits=_limits(keys.limits),
        credential=keys.credential,
        credential_header=_credential_header(keys),
        proxy=keys.proxy,
        ca_file=folder / keys.ca_file if keys.ca_file else None,
    )


def _credential_header(keys: WebKeys) -> str | None:
    name = keys.credential_header
    if name is None:
        return None
    if keys.credential is None:
        raise Misstated(("credential_header",), "needs `credential` beside it")
    if not _HEADER.fullmatch(name) or name.lower() in _OWN_HEADERS:
        raise Misstated(("credential_header",), f"{name!r} can't be the name of this header")
    return name


def _limits(keys: LimitKeys) -> Limits:
    stated: dict[str, Any] = {
        name: _time(name, text)
        for name in ("connect", "read", "total")
        if (text := getattr(keys, name)) is not None
    }
    if keys.max_bytes is not None:
        if not 0 < keys.max_bytes <= MAX_INFLATED:
            raise Misstated(("limits", "max_bytes"), f"should be from 1 to {MAX_INFLATED}")
        stated["max_bytes"] = keys.max_bytes
    return Limits(**stated)


def _time(name: str, text: str) -> timedelta:
    try:
        time = Duration.parse(text).as_timedelta()
    except (ValueError, OverflowError) as error:
        raise Misstated(("limits", name), str(error)) from None
    if not timedelta() < time <= timedelta(hours=1):
        raise Misstated(("limits", name), "should be longer than nothing, and an hour at most")
    return time


def shown(address: str) -> str:
    """Return an address or path as it may be shown: what looks like a secret is left out."""
    if not is_address(address):
        return address
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return "an address that is none"
    hidden = {name: "…" for name in url.params if _SECRET.search(name)}
    bare = url.copy_with(userinfo=b"", fragment=None)
    return str(bare.copy_merge_params(hidden)) if hidden else str(bare)
