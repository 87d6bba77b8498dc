"""What a platform says when it opens the tool, judged claim by claim. Pure: the clock is an argument.

The rules are those of LTI 1.3 and the 1EdTech Security Framework 1.0.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trivet_lti.legible import is_id, legible
from trivet_lti.platforms import Platform
from trivet_lti.refusals import Refused

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
VERSION = "1.3.0"

RESOURCE, CHOICE = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"

LEEWAY = 60.0
"""How many seconds the platform's clock may differ from ours."""


@dataclass(frozen=True, kw_only=True)
class DeepLink:
    """Where a choice is sent back to, and what has to go with it."""

    return_url: str
    data: str | None


@dataclass(frozen=True, kw_only=True)
class Launch:
    """Who opened what in which course, as the platform signed it."""

    deployment: str
    user: str
    name: str | None
    """How the platform calls the person, for this page only."""
    roles: tuple[str, ...]
    context: str
    title: str
    link: str
    provider: str | None
    programme: str | None
    memberships: str | None
    """Where the roster is; None where the platform offers none."""
    choice: DeepLink | None


def judged(claims: Mapping[str, Any], platform: Platform, nonce: str, now: datetime) -> None:
    """Judge what every token has to say: for us, from this platform, now, and asked for by us.

    Raises:
        Refused: one of it is not so.
    """
    if claims.get("iss") != platform.issuer:
        raise Refused("token_issuer")
    _audience(claims, platform.client_id)
    _times(claims, now.timestamp())
    if claims.get("nonce") != nonce:
        raise Refused("token_nonce")
    if claims.get(f"{LTI}version") != VERSION:
        raise Refused("version_unknown")
    if claims.get(f"{LTI}deployment_id") not in platform.deployments:
        raise Refused("deployment_unknown")


def launch_from(claims: Mapping[str, Any], platform: Platform, target: str) -> Launch:
    """Return what a token says that was judged; `target` is the one address that a link may lead to.

    Raises:
        Refused: a claim is missing that the message needs, or leads elsewhere.
    """
    kind = claims.get(f"{LTI}message_type")
    if kind not in (RESOURCE, CHOICE):
        raise Refused("message_unknown")
    if claims.get(f"{LTI}target_link_uri", target if kind == CHOICE else None) != target:
        raise Refused("target_not_ours")
    context = _object(claims, f"{LTI}context")
    custom = claims.get(f"{LTI}custom")
    custom = custom if isinstance(custom, Mapping) else {}
    return Launch(
        deployment=_id(claims, f"{LTI}deployment_id"),
        user=_id(claims, "sub"),
        name=_maybe(claims, "name"),
        roles=_roles(claims.get(f"{LTI}roles")),
        context=_id(context, "id"),
        title=_maybe(context, "title") or _maybe(context, "label") or "This course",
        link="" if kind == CHOICE else _id(_object(claims, f"{LTI}resource_link"), "id"),
        provider=_maybe(custom, "trivet_provider"),
        programme=_maybe(custom, "trivet_programme"),
        memberships=_memberships(claims, platform),
        choice=_choice(claims, platform) if kind == CHOICE else None,
    )


def _audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    # Several audiences need the authorised party; where it is told at all, it has to be this tool.
    if client_id not in audiences or (party is None and len(audiences) > 1):
        raise Refused("token_audience")
    if party is not None and party != client_id:
        raise Refused("token_audience")


def _times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = _instant(claims, "exp"), _instant(claims, "iat")
    begins = _instant(claims, "nbf") if "nbf" in claims else issued
    if expires <= now - LEEWAY or max(issued, begins) > now + LEEWAY or expires <= issued:
        raise Refused("token_time")


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("token_time")
    try:
        instant = float(value)
    except OverflowError:
        raise Refused("token_time") from None
    if not math.isfinite(instant):
        raise Refused("token_time")
    return instant


def _roles(roles: object) -> tuple[str, ...]:
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise Refused("claims_missing")
    return tuple(roles)


def _memberships(claims: Mapping[str, Any], platform: Platform) -> str | None:
    service = claims.get(ROSTER)
    url = service.get("context_memberships_url") if isinstance(service, Mapping) else None
    return url if isinstance(url, str) and platform.owns(url) else None


def _choice(claims: Mapping[str, Any], platform: Platform) -> DeepLink:
    settings = _object(claims, f"{DEEP_LINKING}deep_linking_settings")
    url, types = settings.get("deep_link_return_url"), settings.get("accept_types")
    if not isinstance(url, str) or not platform.owns(url):
        raise Refused("return_not_the_platforms")
    if not isinstance(types, list) or "ltiResourceLink" not in types:
        raise Refused("link_not_accepted")
    data = settings.get("data")
    return DeepLink(return_url=url, data=data if isinstance(data, str) else None)


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = claims.get(name)
    if not isinstance(found, Mapping):
        raise Refused("claims_missing")
    return found


def _id(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    if not is_id(found):
        raise Refused("claims_missing")
    return str(found)


def _maybe(claims: Mapping[str, Any], name: str) -> str | None:
    return legible(claims.get(name)) or None
