"""Choosing provider and programme: for a link that a platform puts into a course, or for a course on its page."""

import secrets
from collections.abc import Sequence
from typing import Any

from litestar import Response, post

from trivet_client import ProviderWithProgrammes, TrivetError
from trivet_lti import courses, people
from trivet_lti.course_page import course_page
from trivet_lti.database import writing
from trivet_lti.launches import CHOICE, DEEP_LINKING, LTI, VERSION, DeepLink
from trivet_lti.pages import page
from trivet_lti.platforms import origin
from trivet_lti.visits import Asked, Visit, visit

SHOWN = 5
"""How many providers a search shows."""

_LASTS = 300


async def choosing(
    visit: Visit, *, query: str = "", wrong: str = "", status: int = 200
) -> Response[str]:
    """Return the page on which provider and programme are looked for and chosen."""
    found: Sequence[ProviderWithProgrammes] = ()
    try:
        found = await _providers(visit, query) if query else ()
    except TrivetError:
        wrong = "The register could not be searched at present. Try again later."
    return page(
        "choose",
        [visit.platform],
        status=status,
        session=visit.token,
        query=query,
        found=found,
        wrong=wrong,
        for_link=visit.session.choice is not None,
    )


@post("/training", status_code=200)
async def search(request: Asked) -> Response[str]:
    """Look for providers by part of a name or by an identifier."""
    asked = await visit(request)
    _may(asked)
    return await choosing(asked, query=asked.text("query"))


@post("/training/choose", status_code=200)
async def choose(request: Asked) -> Response[str]:
    """Keep the choice for the course, or hand it to the platform as a link."""
    asked = await visit(request)
    _may(asked)
    provider, _, programme = asked.text("training").partition(" ")
    try:
        title = await _title(asked, provider, programme)
    except TrivetError:
        title = None
    if title is None:
        wrong = "Choose a programme from the list; it could not be found in the register just now."
        return await choosing(asked, query=asked.text("query"), wrong=wrong, status=422)
    if asked.session.choice:
        return _to_platform(asked, asked.session.choice, provider, programme, title)
    view = await asked.tool.looking.look(asked.session)
    async with writing(asked.tool.engine) as connection:
        by = people.person(asked.session.user, view.viewer)
        await courses.choose(connection, view.course, provider, programme, by, asked.tool.now())
    return await course_page(asked, done=f"The training of this course is {title}.")


def _may(asked: Visit) -> None:
    """Refuse who may not choose: in a link whoever the platform lets edit its course may, on the page managers."""
    if asked.session.choice is None:
        asked.must_manage()


async def _providers(visit: Visit, query: str) -> Sequence[ProviderWithProgrammes]:
    found: list[ProviderWithProgrammes] = []
    async for listed in visit.tool.trivet.providers(query):
        found.append(await visit.tool.trivet.provider(listed.register))
        if len(found) == SHOWN:
            break
    return found


async def _title(visit: Visit, provider: str, programme: str) -> str | None:
    """Return what a choice is called in the register; None where there is no such training."""
    register, listed = provider.removeprefix("register:"), programme.removeprefix("register:")
    if not register or provider == register or programme == listed:
        return None
    found = await visit.tool.trivet.provider(register)
    titles = [each.title for each in found.programmes if each.register == listed]
    return f"{titles[0]} by {found.name}" if titles else None


def _to_platform(
    visit: Visit, choice: DeepLink, provider: str, programme: str, title: str
) -> Response[str]:
    item = {
        "type": "ltiResourceLink",
        "title": f"Standing of instructors: {title}"[:255],
        "url": visit.tool.settings.launch_url,
        "custom": {"trivet_provider": provider, "trivet_programme": programme},
    }
    token = visit.tool.key.sign(_response(visit, choice, item))
    return page(
        "link",
        [visit.platform],
        form_to=origin(choice.return_url),
        return_url=choice.return_url,
        token=token,
        title=title,
    )


def _response(visit: Visit, choice: DeepLink, item: dict[str, Any]) -> dict[str, Any]:
    now = int(visit.tool.now().timestamp())
    told = {
        "iss": visit.platform.client_id,
        "aud": visit.platform.issuer,
        "iat": now,
        "exp": now + _LASTS,
        "nonce": secrets.token_urlsafe(),
        f"{LTI}deployment_id": visit.session.deployment,
        f"{LTI}message_type": CHOICE.replace("Request", "Response"),
        f"{LTI}version": VERSION,
        f"{DEEP_LINKING}content_items": [item],
    }
    return told if choice.data is None else {**told, f"{DEEP_LINKING}data": choice.data}
