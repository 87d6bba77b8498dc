"""The application: its handlers, what it does on errors, and the rounds that it makes while it runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from importlib.resources import files
from typing import Any

from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from sqlalchemy import text

from trivet_client import AsyncTrivetClient
from trivet_lti import choosing, course_page, opening, registry
from trivet_lti.pages import refusal
from trivet_lti.refusals import Refused
from trivet_lti.roster import SCOPE
from trivet_lti.settings import Settings
from trivet_lti.tool import Tool, running, utc_now
from trivet_lti.visits import Asked, tool_of

LOG = logging.getLogger("trivet_lti")

MOST = 256 * 1024
"""How many bytes a request may have; a launch has a few thousand."""

PAUSE = 60.0
"""How many seconds lie between two rounds."""

_STYLE = (files("trivet_lti") / "style.css").read_text()


@get("/jwks.json", sync_to_thread=False)
def jwks(request: Asked) -> Response[Any]:
    """Tell platforms the tool's public key."""
    return Response(tool_of(request).key.public, headers={"Cache-Control": "max-age=3600"})


@get("/config.json", sync_to_thread=False)
def config(request: Asked) -> Response[Any]:
    """Tell an administrator's platform how the tool is registered there."""
    return Response(configuration(tool_of(request).settings))


@get("/style.css", media_type=MediaType.CSS, sync_to_thread=False)
def style() -> Response[str]:
    """Hand out the one style sheet."""
    return Response(_STYLE, media_type=MediaType.CSS, headers={"Cache-Control": "max-age=3600"})


@get("/health")
async def health(request: Asked) -> Response[Any]:
    """Say that the tool answers, and that its database does."""
    async with tool_of(request).engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return Response({"status": "ok"})


def configuration(settings: Settings) -> dict[str, Any]:
    """Return what a platform has to know to register the tool, in the form that Canvas reads."""
    placements = [
        {"placement": name, "message_type": kind, "target_link_uri": settings.launch_url}
        for name, kind in (
            ("course_navigation", "LtiResourceLinkRequest"),
            ("link_selection", "LtiDeepLinkingRequest"),
        )
    ]
    return {
        "title": "Standing of instructors (trivet)",
        "description": "Shows whether the instructors of a course stand certified.",
        "oidc_initiation_url": f"{settings.url}/login",
        "target_link_uri": settings.launch_url,
        "redirect_uris": [settings.launch_url],
        "public_jwk_url": f"{settings.url}/jwks.json",
        "scopes": [SCOPE],
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "privacy_level": "name_only",
                "settings": {"placements": placements},
            }
        ],
    }


def application(
    settings: Settings,
    trivet: AsyncTrivetClient,
    now: Callable[[], datetime] = utc_now,
    pause: float | None = PAUSE,
) -> Litestar:
    """Return the application; `pause` is how many seconds lie between two rounds, and None makes none.

    It closes the client when it ends.
    """

    @asynccontextmanager
    async def living(app: Litestar) -> AsyncIterator[None]:
        async with trivet, running(settings, trivet, now) as tool:
            app.state.tool = tool
            async with _rounds(tool, pause):
                yield

    return Litestar(
        route_handlers=[
            *(opening.login, opening.launch, jwks, config, style, health),
            *(course_page.look, course_page.map_person, course_page.unmap_person),
            *(course_page.review, course_page.attest, course_page.download),
            *(choosing.search, choosing.choose),
        ],
        lifespan=[living],
        before_request=_know_platforms,
        state=State(),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MOST,
        exception_handlers={Refused: _refused, HTTPException: _http_error, Exception: _broken},
    )


@asynccontextmanager
async def _rounds(tool: Tool, pause: float | None) -> AsyncIterator[None]:
    if pause is None:
        yield
        return
    task = asyncio.create_task(tool.rechecker.run(pause))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _know_platforms(request: Asked) -> None:
    """Note who may frame a page that says why something is refused: then it is not always known whose request it is."""
    async with tool_of(request).engine.connect() as connection:
        request.state.platforms = await registry.every(connection)


def _refused(request: Asked, refused: Refused) -> Response[str]:
    LOG.info("refused: %s", refused.code)
    return refusal(refused, request.state.get("platforms", ()))


def _http_error(request: Asked, error: HTTPException) -> Response[str]:
    code = "page_unknown" if error.status_code == 404 else "request_unreadable"
    return _refused(request, Refused(code, error.status_code))


def _broken(request: Asked, error: Exception) -> Response[str]:
    LOG.error(
        "a request broke off: %s", type(error).__name__
    )  # what is in the error may be a person's
    return _refused(request, Refused("broken", 500))
