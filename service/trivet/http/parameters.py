"""Parameters by the names that callers know them by."""

from collections.abc import Mapping

from litestar.handlers import BaseRouteHandler
from litestar.params import HeaderParameter, QueryParameter
from litestar.typing import FieldDefinition


def query_parameters(handler: BaseRouteHandler) -> Mapping[str, FieldDefinition]:
    """Return what a handler takes from the query, by its name on the wire."""
    return {
        name: field
        for name, field in parameters(handler).items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }


def parameters(handler: BaseRouteHandler) -> Mapping[str, FieldDefinition]:
    """Return what a handler takes from the query and from headers, by its name on the wire."""
    return {
        field.kwarg_definition.name or name: field
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter | HeaderParameter)
    }
