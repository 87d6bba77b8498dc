"""How commands ask the service at TRIVET_URL: patiently, and with what went wrong in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from trivet.cli import CouldNot

if TYPE_CHECKING:
    from trivet_client import InvalidArgument, TrivetClient

_SECONDS_BEFORE_SPINNER = 1.0
_OPTIONS = MappingProxyType({"delivered_on": "on", "types": "type"})


@contextmanager
def calling(*, timeout: float | None = None, quiet: bool = False) -> Iterator["TrivetClient"]:
    """Give a client of the service, with a spinner on a terminal while it takes long, unless it is to be `quiet`.

    `timeout` is how many seconds each step of a request may take, where that is not the client's own default.

    Raises:
        CouldNot: no answer could be had, or what was asked can't be; an option is named as it is given.
    """
    # Imported here: the HTTP client alone would double the time that `--help` takes.
    from trivet_client import InvalidArgument, TrivetClient, TrivetError

    patience: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
    try:
        with TrivetClient.from_settings(**patience) as client:
            if quiet:
                yield client
            else:
                with spinner():
                    yield client
    except InvalidArgument as error:
        raise CouldNot(of_option(error)) from error
    except TrivetError as error:
        raise CouldNot(str(error)) from error


def of_option(error: "InvalidArgument") -> str:
    """Return what is wrong with an argument, by the option with which it was given."""
    option = _OPTIONS.get(error.argument, error.argument).replace("_", "-")
    return f"--{option}: {error.reason}"


@contextmanager
def spinner() -> Iterator[None]:
    """Turn a spinner on a terminal while something takes long; a quick answer shows none."""
    from rich.console import Console

    status = Console(stderr=True).status("Asking the service")
    late = Timer(_SECONDS_BEFORE_SPINNER, status.start)
    late.start()
    try:
        yield
    finally:
        late.cancel()
        late.join()  # it must not start after it was stopped
        status.stop()
