"""The cookie that tells one browser from another: without it a login could be ended in somebody else's browser.

It is asked for as a partitioned one, which browsers that block third-party cookies keep for a frame all the same.
"""

from datetime import timedelta
from typing import Any

from litestar import Request

from trivet_lti.settings import Settings

LASTS = timedelta(hours=12)

_LONGEST = 128


def of(request: Request[Any, Any, Any], settings: Settings) -> str | None:
    """Return what a browser is known by; None for one that sent nothing, because it is new or blocks the cookie."""
    value = request.cookies.get(_name(settings))
    return value if value and len(value) <= _LONGEST else None


def cookie(browser: str, settings: Settings) -> str:
    """Return the cookie as it is set.

    Over https it is for frames on other sites too, where it is partitioned by them. On plain http, which is for trying
    the tool on one machine, browsers keep no such cookie, and one for the same site has to do.
    """
    kept = f"{_name(settings)}={browser}; Path=/; Max-Age={int(LASTS.total_seconds())}; HttpOnly"
    return (
        f"{kept}; Secure; SameSite=None; Partitioned"
        if settings.secure
        else f"{kept}; SameSite=Lax"
    )


def _name(settings: Settings) -> str:
    return "__Host-trivet-lti" if settings.secure else "trivet-lti"
