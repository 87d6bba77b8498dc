"""`trivet events`: what was told, read from the first on, and followed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from trivet.cli.calling import calling

if TYPE_CHECKING:
    from trivet_client import TrivetClient
    from trivet_client.webhooks import Event

_SECONDS_BETWEEN_LOOKS = 3.0
_AT_ONCE = 200


def events(
    *,
    after: str | None = None,
    type: str | None = None,  # noqa: A002 - as it is said at the command line
    json: Annotated[bool, Parameter(negative="")] = False,
    follow: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Print what was told, the oldest first, an event a line; then, on standard error, where to go on from.

    Parameters
    ----------
    after
        Go on from here: what an earlier call ended with, however long ago.
    type
        Only events of this type, such as certification.suspended.
    json
        Print each as one line of JSON, as it came.
    follow
        Go on looking every few seconds, until interrupted.
    """
    from trivet.cli.event_lines import json_of, line_of

    show = json_of if json else line_of
    place = _Place(after)
    with place.told_at_last(), _ended_quietly(wanted=follow), calling(quiet=follow) as client:
        for event in place.each(client, type, follow=follow):
            print(show(event), flush=True)


class _Place:
    """How far events were printed; it is told in the end, whatever the end is."""

    def __init__(self, after: str | None) -> None:
        self._after, self._reached = after, False

    def each(self, client: "TrivetClient", kind: str | None, *, follow: bool) -> Iterator["Event"]:
        """Yield events page by page until there are no more, or for ever."""
        import time

        while True:
            page = client.events(self._after, type=kind, limit=_AT_ONCE)
            yield from page.items
            # A page that was cut off while it was printed comes again.
            self._after, self._reached = page.next_cursor, True
            if not page.items and not follow:
                return
            if not page.items:
                time.sleep(_SECONDS_BETWEEN_LOOKS)

    @contextmanager
    def told_at_last(self) -> Iterator[None]:
        """Say in the end where to go on from."""
        import sys

        try:
            yield
        finally:
            if self._reached:
                print(f"go on with --after {self._after}", file=sys.stderr)


@contextmanager
def _ended_quietly(*, wanted: bool) -> Iterator[None]:
    """End as if there were no more events where nobody reads on, and on an interrupt where that is how it ends."""
    import os
    import signal
    import sys

    if wanted:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # told so, it ends with 0 as well
    try:
        yield
    except KeyboardInterrupt:
        if not wanted:
            raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
