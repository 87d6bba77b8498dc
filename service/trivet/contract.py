"""The OpenAPI document: what the service says of itself, and the problems that any operation may answer with."""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar import Request, get
from litestar.enums import OpenAPIMediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import (
    Components,
    Contact,
    License,
    SecurityScheme,
    Server,
    Tag,
)
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute

from trivet import __version__
from trivet.access.guards import PUBLIC
from trivet.http.problems import documented_problem
from trivet.http.schemas import PlainOperation

_DESCRIPTION = (
    "Says whether restrictive-practice training is certified against the Restraint Reduction Network Training "
    "Standards on a day: a certified provider, an approved programme and an authorised trainer, all three. "
    "Only `pass` is permission. This is an unofficial mirror of the register, not the certification body."
)
_TAGS: Mapping[str, str] = {
    "verifications": "Ask, and read again what was answered.",
    "batches": "Ask many questions at once.",
    "receipts": "What was answered, signed.",
    "register": "What the mirror holds. Nothing here lists trainers.",
    "confirmations": "For the operator: what the certification body confirmed record by record.",
    "reference": "The data that verdicts are made of.",
    "watches": "What is relied on, and told of when it moves.",
    "events": "All that was told, for ever.",
    "webhooks": "Where events are sent to.",
    "health": "For load balancers and monitors.",
}
_SHARED = {
    "caller",
    "index",
    "now",
    "current",
    "read_of",
    "history",
    "state",
    "request",
    "asked_of_each",
}
"""What handlers are given that callers do not send."""
_PROBLEMS: Mapping[int, str] = {
    400: "The request can't be understood: the fields at fault are named.",
    401: "The key is missing, unknown or revoked.",
    403: "The key lacks the scope.",
    404: "There is no such thing for this account.",
    429: "The key has sent too many requests in this minute; try again after Retry-After.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    500: "A mistake here; quote the request id.",
    503: "No register has been mirrored yet, or the service is overloaded; try again after Retry-After.",
}


def openapi_config(render: OpenAPIRenderPlugin) -> OpenAPIConfig:
    """Return the configuration of the OpenAPI document and its page."""
    return OpenAPIConfig(
        title="trivet",
        version=__version__,
        description=_DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        contact=Contact(name="The operator of this mirror"),
        servers=[Server(url="/")],
        tags=[Tag(name=name, description=text) for name, text in _TAGS.items()],
        security=[{"key": []}],
        components=Components(
            security_schemes={
                "key": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A key made with `trivet keys create`.",
                )
            }
        ),
        path="/docs",
        use_handler_docstrings=True,
        render_plugins=[render],
    )


@get(
    "/openapi.json",
    media_type=OpenAPIMediaType.OPENAPI_JSON,
    include_in_schema=False,
    opt={PUBLIC: True},
    sync_to_thread=False,
)
def get_openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return the OpenAPI document, at the root: the page that shows it would take every address beside it."""
    return request.app.openapi_schema.to_schema()


class ProblemResponses(ReceiveRoutePlugin):
    """Documents every operation with the problems that it may answer with, and its parameters plainly."""

    __slots__ = ()

    def receive_route(self, route: BaseRoute) -> None:
        """Add the problems to a route's operations as they are registered."""
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                documented = {s: documented_problem(_PROBLEMS[s]) for s in _statuses(handler)}
                if not issubclass(handler.operation_class, PlainOperation):
                    handler.operation_class = PlainOperation
                if handler.opt.get(PUBLIC):
                    handler.security = [{}]  # a key is not asked for
                handler.responses = {**documented, **(handler.responses or {})}


def _statuses(handler: HTTPRouteHandler) -> Iterator[int]:
    parameters = handler.parsed_fn_signature.parameters
    if handler.parsed_data_field or parameters.keys() - _SHARED:
        yield 400
    if not handler.opt.get(PUBLIC):
        yield from (401, 403, 429)
    before_first_snapshot = {"index", "known_at"} <= parameters.keys()
    if before_first_snapshot or any("{" in path for path in handler.paths):
        yield 404
    if handler.parsed_data_field:
        yield from (413, 415)
    yield from (500, 503)
