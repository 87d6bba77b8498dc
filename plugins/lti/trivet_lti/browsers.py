"""The cookie that tells one browser from another: without it a login could be ended in somebody else's browser.

It is asked for as a partitioned one, which browsers that block third-party cookies keep for a frame all the same.
"""

import re
import secrets
from datetime import timedelta
from typing import Any

from litestar import Request

from trivet_lti.settings import Settings

LASTS = timedelta(hours=12)

_OURS = re.compile(r"[\w-]{43}", re.ASCII)
"""As a cookie of ours is written. It is sent again with each login, so that nothing else may be."""


def new() -> str:
    """Return what a browser will be known by: no two are the same, and none can be guessed."""
    return secrets.token_urlsafe(32)


def of(request: Request[Any, Any, Any], settings: Settings) -> str | None:
    """Return what a browser is known by; None for one that sent nothing, because it is new or blocks the cookie."""
    value = request.cookies.get(_name(settings))
    return value if value and _OURS.fullmatch(value) else None


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
