"""Pages as they are sent: filled in, escaped, and with what browsers are told about them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response

from trivet_lti import london
from trivet_lti.platforms import Platform, framing
from trivet_lti.refusals import Refused

VERDICTS = {
    "permitted": "Pass",
    "refused": "Fail",
    "not_confirmed": "Cannot confirm",
    "not_verified": "Could not be verified",
    "incomplete": "Can’t be asked about",
    "not_mapped": "Not mapped",
}
"""What people read for each way that an instructor may stand."""


def _day(day: str | date) -> str:
    return london.in_words(date.fromisoformat(day) if isinstance(day, str) else day)


_TEMPLATES = Environment(
    loader=PackageLoader("trivet_lti"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(day=_day, moment=london.moment)
_TEMPLATES.globals.update(verdicts=VERDICTS)


def page(
    template: str,
    platforms: Collection[Platform],
    *,
    status: int = 200,
    form_to: str = "",
    **shown: Any,
) -> Response[str]:
    """Return a page that these platforms may frame, and whose forms go to this tool and to one other origin at most."""
    content = _TEMPLATES.get_template(f"{template}.html").render(shown)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"form-action 'self' {form_to}".rstrip()
        + f"; frame-ancestors {framing(platforms)}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MediaType.HTML, status_code=status, headers=headers)


def refusal(refused: Refused, platforms: Collection[Platform]) -> Response[str]:
    """Return the page that says why something is refused, and what to do."""
    return page("refused", platforms, status=refused.status, refused=refused)
