"""What was handled before: deliveries come at least once, and an event is to be handled once.

An id is noted only when its event was handled. Whatever ends a handler, an exception or a loss of power, leaves the
event unhandled, and the service sends it again.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from threading import Lock
from typing import Protocol


class InHand(Exception):
    """The event is being handled now, in another thread or process: send it again, in case that comes to nothing."""


class Seen(Protocol):
    """Knows which events were handled.

    Best is a table of the database into which the handler writes: with the id and the handler's own writes in one
    transaction, both are kept or neither. With Django and a model `Handled` whose primary key is `event_id`:

        class SeenInDatabase:
            @contextmanager
            def once(self, event_id):
                with transaction.atomic():
                    _, new = Handled.objects.get_or_create(event_id=event_id)
                    yield new

    Of two that begin at once, PostgreSQL lets the second wait until the first has ended, and takes it for a repeat or
    for new by how that went. Ids older than the days for which the service sends again may be deleted.
    """

    def once(self, event_id: str) -> AbstractContextManager[bool]:
        """Return what to handle an event within: it gives whether to, and notes the id when left without an exception.

        Raises:
            InHand: on entering it, that the same event is being handled elsewhere.
        """


class AsyncSeen(Protocol):
    """Knows which events were handled, for a handler that is awaited; see `Seen`."""

    def once(self, event_id: str) -> AbstractAsyncContextManager[bool]:
        """Return what to handle an event within, as `Seen.once` does."""


class SeenInMemory:
    """Knows the last events that this process handled: for one process, and for development.

    Another process, or this one once it was started anew, takes a repeat for new.

    Args:
        at_most: how many ids are kept; the ones noted first are forgotten first.
    """

    def __init__(self, at_most: int = 10_000) -> None:
        self._at_most = at_most
        self._handled: OrderedDict[str, None] = OrderedDict()
        self._in_hand: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def once(self, event_id: str) -> Iterator[bool]:
        """Give whether an event is new, and note it when it was handled; it never waits."""
        if not self._begun(event_id):
            yield False
            return
        try:
            yield True
        except BaseException:
            with self._lock:
                self._in_hand.discard(event_id)
            raise
        self._note(event_id)

    def _begun(self, event_id: str) -> bool:
        with self._lock:
            if event_id in self._handled:
                return False
            if event_id in self._in_hand:
                raise InHand
            self._in_hand.add(event_id)
            return True

    def _note(self, event_id: str) -> None:
        with self._lock:
            self._in_hand.discard(event_id)
            self._handled[event_id] = None
            while len(self._handled) > self._at_most:
                self._handled.popitem(last=False)
