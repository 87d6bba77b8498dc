"""How a page is opened: the login that a platform begins, and the launch that ends it (OpenID Connect, form post)."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from litestar import Response, post, route
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet_lti import browsers, courses, logins, registry, sessions
from trivet_lti.choosing import choosing
from trivet_lti.course_page import course_page
from trivet_lti.database import writing
from trivet_lti.launches import Launch, judged, launch_from
from trivet_lti.logins import Begun
from trivet_lti.pages import page
from trivet_lti.platforms import Platform
from trivet_lti.refusals import Refused
from trivet_lti.roles import may_look
from trivet_lti.tokens import claims_of, key_id
from trivet_lti.tool import Tool
from trivet_lti.visits import Asked, Visit, form_of, said_once, tool_of

_NEEDED = ("iss", "login_hint", "target_link_uri")
_TOLD = (*_NEEDED, "client_id", "lti_message_hint", "lti_deployment_id")

_LONGEST = 4096
"""How long a hint may be: it comes back to the platform in an address."""


@route("/login", http_method=["GET", "POST"])
async def login(request: Asked) -> Redirect:
    """Begin a login where a platform asks for one, and send the browser back to it."""
    tool = tool_of(request)
    told = await _told(request)
    if told["target_link_uri"] != tool.settings.launch_url:
        raise Refused("target_not_ours")
    browser = browsers.of(request, tool.settings) or browsers.new()
    async with writing(tool.engine) as connection:
        platform = await registry.for_login(connection, told["iss"], told.get("client_id"))
        if told.get("lti_deployment_id", platform.deployments[0]) not in platform.deployments:
            raise Refused("deployment_unknown")
        state, nonce = await logins.begin(connection, platform.id, browser, told, tool.now())
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": tool.settings.launch_url,
        "state": state,
        "nonce": nonce,
        **{name: told[name] for name in ("login_hint", "lti_message_hint") if name in told},
    }
    headers = {"Set-Cookie": browsers.cookie(browser, tool.settings), "Cache-Control": "no-store"}
    return Redirect(_with(platform.auth_url, asked), status_code=302, headers=headers)


@post("/launch", status_code=200)
async def launch(request: Asked) -> Response[str]:
    """End a login with what the platform signed, and show the page that was asked for."""
    tool, form = tool_of(request), await form_of(request)
    begun, platform = await _ended(tool, form)
    if "id_token" not in form:
        raise Refused("platform_refused")
    said = await _said(tool, platform, begun, form["id_token"])
    browser = browsers.of(request, tool.settings)
    if browser is None or not begun.by(browser):
        # Checked last, so that nobody but a platform can have this page shown.
        return page("window", [platform], status=403, again=_again(begun))
    if not may_look(said.roles):
        raise Refused("role", 403)
    async with writing(tool.engine) as connection:
        visit = await _begun(connection, tool, platform, said, browser)
    if said.choice:
        return await choosing(visit)
    return await course_page(visit, name=said.name)


async def _told(request: Asked) -> Mapping[str, str]:
    """Return what a platform says to begin with.

    Raises:
        Refused: it does not say all that it has to, or says it twice or at too great a length.
    """
    posted = request.method == "POST"
    sent = await form_of(request) if posted else said_once(request.query_params.multi_items())
    told = {name: sent[name] for name in _TOLD if sent.get(name)}
    if any(name not in told for name in _NEEDED):
        raise Refused("login_incomplete")
    if any(len(value) > _LONGEST for value in told.values()):
        raise Refused("login_incomplete")
    return told


async def _ended(tool: Tool, form: Mapping[str, str]) -> tuple[Begun, Platform]:
    async with writing(tool.engine) as connection:
        begun = await logins.end(connection, form.get("state", ""), tool.now())
        return begun, await registry.by_id(connection, begun.platform)


async def _said(tool: Tool, platform: Platform, begun: Begun, token: str) -> Launch:
    key = await tool.keys.key(platform, key_id(token))
    claims = claims_of(token, key)
    judged(claims, platform, begun.nonce, tool.now())
    said = launch_from(claims, platform, tool.settings.launch_url)
    if begun.begun_with.get("lti_deployment_id", said.deployment) != said.deployment:
        raise Refused("deployment_unknown")
    return said


async def _begun(
    connection: AsyncConnection, tool: Tool, platform: Platform, said: Launch, browser: str
) -> Visit:
    course = await courses.opened(connection, platform.id, said)
    token, session = await sessions.begin(
        connection, platform.id, course.id, said, browser, tool.now()
    )
    return Visit(tool, session, token, platform, {})


def _again(begun: Begun) -> str:
    """Return where the same login begins anew, in a window of its own, where the cookie is not a third party's."""
    return f"/login?{urlencode(begun.begun_with)}"


def _with(url: str, asked: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=query + urlencode(asked)))
