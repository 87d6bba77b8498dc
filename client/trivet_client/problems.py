"""What is raised where no verdict could be had, and how a response is told from an answer.

Nothing here is ever a verdict: whoever asks treats every `TrivetError` as "not confirmed".
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx

from trivet_api.models import FieldError, ProblemDetails
from trivet_client.retries import seconds_to_wait

PROBLEM_JSON = "application/problem+json"
_MISSHAPEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
_WELL = frozenset({200, 201, 202})
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TrivetError(Exception):
    """No verdict could be had. Never read one into it."""

    status: int | None = None
    """The HTTP status, where there was a response."""
    retry_after: float | None = None
    """How many seconds the service asked to be left alone, where it said so."""
    request_id: str | None = None
    """What to quote to whoever runs the service."""


class NotConfigured(TrivetError):
    """The address of the service, the key or the secret of a webhook is missing, or can't be one."""


class InvalidArgument(TrivetError, ValueError):
    """An argument can't be asked about; nothing was sent. The value itself is not quoted: it may name a person."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(argument, reason)
        self.argument, self.reason = argument, reason

    def __str__(self) -> str:
        return f"{self.argument}: {self.reason}"


class Unreachable(TrivetError):
    """No answer could be had: nobody there, too slow, too busy, or not what trivet would say."""

    sent = True
    """Whether the request may have reached the service, and so may have been answered there."""


class UnexpectedAnswer(Unreachable):
    """Something answered, but not as trivet does: a proxy's page, say, or an unknown word for a verdict."""


class TrivetProblem(TrivetError):
    """The service said why it gives no verdict, in problem details (RFC 9457)."""

    def __init__(self, details: ProblemDetails, status: int) -> None:
        super().__init__(details, status)
        self.status = status
        self.code, self.title, self.detail = details.code, details.title, details.detail
        self.request_id = details.request_id
        self.errors: Sequence[FieldError] = details.errors or ()

    def __str__(self) -> str:
        fields = "".join(f" {error.pointer} {error.detail}." for error in self.errors)
        return f"{self.status} {self.code}: {self.detail}{fields}"


class InvalidQuestion(TrivetProblem):
    """The service can't take the question (400, 422); `errors` name the fields."""


class Unauthenticated(TrivetProblem):
    """The key is unknown or was revoked (401)."""


class Forbidden(TrivetProblem):
    """The key lacks a scope (403)."""


class NotFound(TrivetProblem):
    """There is nothing of that id, or it is not this account's (404)."""


class Unavailable(TrivetProblem, Unreachable):
    """The service can't answer now: asked too often (429), not ready (503) or broken (500)."""


_PROBLEMS: dict[int, type[TrivetProblem]] = {
    400: InvalidQuestion,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    422: InvalidQuestion,
    429: Unavailable,
}


def streamed(response: httpx.Response) -> bool:
    """Tell whether a response is an answer that is read as it comes."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return response.status_code == 200 and kind == "application/x-ndjson"


def refusal(response: httpx.Response) -> TrivetError | None:
    """Return why a response whose body was read is not an answer; None if it may be one."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status_code in _WELL and kind == "application/json":
        return None
    if response.status_code == 204 and not response.content:
        return None
    error = _problem(response) if kind == PROBLEM_JSON else None
    error = error or UnexpectedAnswer(
        f"{_origin(response.request)} answered {response.status_code} with {kind or 'no type'}, as trivet "
        "would not: is this its address, and is anything between?"
    )
    error.status = response.status_code
    error.retry_after = seconds_to_wait(response.headers, datetime.now(UTC))
    error.request_id = error.request_id or response.headers.get("X-Request-ID")
    return error


def _problem(response: httpx.Response) -> TrivetError | None:
    try:
        details = ProblemDetails.from_dict(response.json())
        said = (details.code, details.title, details.detail, details.request_id)
        if not all(isinstance(text, str) for text in said):
            return None
    except _MISSHAPEN:
        return None
    status = response.status_code
    other = Unavailable if status >= 500 else TrivetProblem
    return _PROBLEMS.get(status, other)(details, status)


@contextmanager
def nothing_but_ours(url: str) -> Iterator[None]:
    """Turn what goes wrong on the way to an answer, and in reading one, into a `TrivetError`."""
    try:
        yield
    except InvalidArgument:
        raise  # of rows that are made as they are sent
    except httpx.TransportError as error:
        unreachable = Unreachable(f"{url} gave no answer: {_said(error)}")
        unreachable.sent = not isinstance(error, _NOTHING_SENT)
        raise unreachable from error
    except (httpx.HTTPError, httpx.InvalidURL, *_MISSHAPEN) as error:
        unexpected = UnexpectedAnswer(
            f"{url} answered, but not as trivet would ({type(error).__name__}: {_said(error)})"
        )
        unexpected.status = (
            200  # any that does not say that it went well was refused before it was read
        )
        raise unexpected from error


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _origin(request: httpx.Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc.decode()}"
