"""Errors on the wire: problem details (RFC 9457), and the one table from exceptions to them."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from sqlalchemy import exc

from trivet.http.parameters import parameters
from trivet.http.tracing import REQUEST_ID, trace

_log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter."""

    pointer: str
    code: str
    detail: str


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A problem as it is sent."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: Sequence[FieldError] = ()


class Problem(Exception):
    """A request that can't be answered. Raised by handlers, sent as problem details."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the HTTP status, a stable code, a sentence that says what to do, and the fields at fault."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = errors, dict(headers or {})


_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
}
_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method; see the Allow header.",
    413: "The body is larger than this address takes.",
}


def documented_problem(description: str) -> ResponseSpec:
    """Return how a problem that an operation may answer with stands in the OpenAPI document."""
    return ResponseSpec(
        data_container=ProblemDetails,
        description=description,
        media_type=PROBLEM_JSON,
        generate_examples=False,
    )


def send_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[ProblemDetails]:
    """Turn a problem into the response that is sent."""
    ids = trace(request.scope)
    body = ProblemDetails(
        type=f"urn:trivet:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        request_id=ids[REQUEST_ID],
        errors=problem.errors,
    )
    return Response(
        body,
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers={**ids, **problem.headers},
    )


def send_http_exception(
    request: Request[Any, Any, Any], exception: HTTPException
) -> Response[ProblemDetails]:
    """Turn an exception of the framework into problem details."""
    status = exception.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return send_internal_error(request, exception)
    detail = _DETAILS.get(status) or exception.detail or HTTPStatus(status).phrase
    errors: Sequence[FieldError] = ()
    if isinstance(exception, ValidationException):
        errors = [*_parameter_errors(request, exception)]
        detail = "The request could not be understood; see errors."
    elif status == HTTPStatus.BAD_REQUEST:
        errors = [FieldError(pointer="", code="invalid", detail=detail)]
    problem = Problem(
        status, _CODES.get(status, "error"), detail, errors=errors, headers=exception.headers
    )
    return send_problem(request, problem)


def send_internal_error(
    request: Request[Any, Any, Any], exception: Exception
) -> Response[ProblemDetails]:
    """Answer a mistake of ours without telling what it was; the log has it."""
    ids = trace(request.scope)
    _log.error("unexpected error", exc_info=exception, extra={"request": ids[REQUEST_ID]})
    return send_problem(
        request, Problem(500, "internal_error", "Something went wrong here; quote the request id.")
    )


def send_database_error(
    request: Request[Any, Any, Any], exception: exc.SQLAlchemyError
) -> Response[ProblemDetails]:
    """Answer that the database can't be asked just now: 503, for nothing was answered, and it may be soon."""
    if not isinstance(exception, exc.OperationalError | exc.InterfaceError | exc.TimeoutError):
        return send_internal_error(request, exception)
    why = exception.orig if isinstance(exception, exc.DBAPIError) else exception
    ids = trace(request.scope)
    _log.error(
        "the database can't be asked: %s", type(why).__name__, extra={"request": ids[REQUEST_ID]}
    )
    detail = "The database can't be asked just now. Whether this request was done is not known: send it again, best "
    detail += "with the Idempotency-Key that it had."
    return send_problem(
        request, Problem(503, "database_unavailable", detail, headers={"Retry-After": "2"})
    )


def _parameter_errors(
    request: Request[Any, Any, Any], exception: ValidationException
) -> Iterator[FieldError]:
    names = {field.name: name for name, field in parameters(request.route_handler).items()}
    for extra in exception.extra if isinstance(exception.extra, list) else []:
        name = str(extra.get("key", ""))
        if extra.get("source") == "header":
            message = str(extra.get("message", ""))
            yield FieldError(pointer=names.get(name, name), code="invalid", detail=message)
        elif name == "data":
            yield FieldError(pointer="", code="missing", detail="The body is empty.")
        else:
            pointer = f"?{names.get(name, name)}"
            yield FieldError(pointer=pointer, code="invalid", detail=str(extra.get("message", "")))
