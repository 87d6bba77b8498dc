"""What an operator sets, by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from trivet_lti.platforms import BadAddress, checked

URL, FOLDER, LOOPBACK, KEPT_HOURS, CHECK_HOURS = (
    "TRIVET_LTI_URL",
    "TRIVET_LTI_FOLDER",
    "TRIVET_LTI_ALLOW_LOOPBACK_HTTP",
    "TRIVET_LTI_KEPT_HOURS",
    "TRIVET_LTI_CHECK_HOURS",
)


class BadSetting(ValueError):
    """A setting can't be what it is; the message names it and says what to give."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the tool is reached, where it keeps what it keeps, and how long what was answered is relied on."""

    url: str
    """The address that browsers and platforms reach it by, without a slash at its end."""
    folder: Path
    loopback: bool = False
    """Whether http is allowed on this machine, to try the tool."""
    kept_for: timedelta = timedelta(0)
    """How old a pass may be to stand in where the service can't be asked; by default none does."""
    check_every: timedelta = timedelta(hours=6)
    """How often all courses are asked about again, whatever happens."""

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "lti.db"

    @property
    def key(self) -> Path:
        """The file of the tool's own key."""
        return self.folder / "tool-key.json"

    @property
    def launch_url(self) -> str:
        """The one address that links lead to."""
        return f"{self.url}/launch"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https."""
        return self.url.startswith("https:")


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Return what the environment says.

    Raises:
        BadSetting: one of it is missing, or can't be what it is.
    """
    environ = os.environ if environ is None else environ
    loopback = _yes(environ, LOOPBACK)
    try:
        url = checked(URL, environ.get(URL, "").strip().rstrip("/"), loopback=loopback)
    except BadAddress as error:
        raise BadSetting(f"{error}, like https://lti.trust.example") from None
    if urlsplit(url).path or urlsplit(url).query:
        raise BadSetting(f"{URL}: give the root of a host, like https://lti.trust.example")
    return Settings(
        url=url,
        folder=Path(environ.get(FOLDER) or "trivet-lti-data"),
        loopback=loopback,
        kept_for=_hours(environ, KEPT_HOURS, "0"),
        check_every=_hours(environ, CHECK_HOURS, "6"),
    )


def _yes(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in ("", "0", "1", "no", "yes"):
        raise BadSetting(f"{name}: give 1 or 0")
    return value in ("1", "yes")


def _hours(environ: Mapping[str, str], name: str, usual: str) -> timedelta:
    try:
        hours = float(environ.get(name) or usual)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 24 * 7:
        raise BadSetting(f"{name}: give hours, from 0 to 168")
    return timedelta(hours=hours)
