"""What a request comes with: the form it sent, and the session that a page's form carries."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request

from trivet_lti import browsers, registry, sessions
from trivet_lti.platforms import Platform
from trivet_lti.refusals import Refused
from trivet_lti.sessions import Session
from trivet_lti.tool import Tool

Asked = Request[Any, Any, Any]

PATIENCE = 10.0
"""For how many seconds a form may arrive."""


@dataclass(frozen=True)
class Visit:
    """A request from a page of ours, by whom it is, and what it says."""

    tool: Tool
    session: Session
    token: str
    platform: Platform
    form: Mapping[str, str]

    def text(self, field: str) -> str:
        """Return what a field says; empty where it says nothing."""
        return self.form.get(field, "").strip()

    def must_manage(self) -> None:
        """Refuse who may look and no more.

        Raises:
            Refused: it is nobody with a managing role.
        """
        if not self.session.manages:
            raise Refused("not_allowed", 403)


def tool_of(request: Asked) -> Tool:
    """Return the tool that a request was sent to."""
    tool: Tool = request.app.state.tool
    return tool


async def form_of(request: Asked) -> Mapping[str, str]:
    """Return the texts of a form.

    Raises:
        Refused: it does not arrive within `PATIENCE` seconds.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            sent = await request.form()
    except TimeoutError:
        raise Refused("request_unreadable", 408) from None
    return said_once(sent.multi_items())


def said_once(fields: Iterable[tuple[str, object]]) -> Mapping[str, str]:
    """Return the texts of fields; a file, or a field that is sent twice, says nothing."""
    each = list(fields)
    times = Counter(name for name, _ in each)
    return {name: value for name, value in each if isinstance(value, str) and times[name] == 1}


async def visit(request: Asked) -> Visit:
    """Return whose page a request is from.

    The token stands in the page and the cookie in the browser. Another site has neither, so that it can send no form
    in somebody's name.

    Raises:
        Refused: there is no such session, or it is over, or it is another browser's.
    """
    tool, form = tool_of(request), await form_of(request)
    browser = browsers.of(request, tool.settings)
    async with tool.engine.connect() as connection:
        session = await sessions.found(connection, form.get("session", ""), browser, tool.now())
        platform = await registry.by_id(connection, session.platform)
    return Visit(tool, session, form["session"], platform, form)
