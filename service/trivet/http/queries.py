"""Queries, read strictly: a parameter misspelt or given twice would get the answer to another question."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.typing import FieldDefinition

from trivet.http.bodies import clipped
from trivet.http.parameters import query_parameters
from trivet.http.problems import FieldError, Problem

Connection = ASGIConnection[Any, Any, Any, Any]


def strict_query(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request through whose query has its operation's parameters only, each once; else a Problem of 400.

    An operation that takes none can misread none: what is sent to it is left alone.
    """
    known = query_parameters(handler)
    if known and (errors := [*_errors(connection, known)]):
        detail = "The query could not be understood; see errors."
        raise Problem(400, "invalid_query", detail, errors=errors)


def _errors(connection: Connection, known: Mapping[str, FieldDefinition]) -> Iterator[FieldError]:
    given = connection.query_params
    for name, times in Counter(name for name, _ in given.multi_items()).items():
        pointer = f"?{clipped(name)}"
        if name not in known:
            detail = f"is not a parameter of this address: it takes {', '.join(known)}"
            yield FieldError(pointer=pointer, code="unknown_parameter", detail=detail)
        elif times > 1:
            yield FieldError(pointer=pointer, code="given_twice", detail="is given more than once")
        elif given[name].lower() == "null" and str not in get_args(known[name].annotation):
            # The framework would take the word for a parameter that was left out.
            yield FieldError(
                pointer=pointer, code="invalid", detail="is not to be null: leave it out"
            )
