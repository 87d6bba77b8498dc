"""One call for many who ask the same at once."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 30.0
"""How long one waits for another's answer, in seconds: longer than any asking may take."""


class Flights(Generic[T]):
    """Lets the first of those who ask the same at once ask, and gives all of them what came of it.

    That is within one process. What came is not kept here.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[T]] = {}

    def shared(self, what: Hashable, ask: Callable[[], T]) -> tuple[T, bool]:
        """Return what `ask` returns, to whoever asks the same while it runs; and whether it was asked by this call.

        Raises:
            TimeoutError: who asks takes longer than anybody may.
            Exception: whatever `ask` raised, to each of them. What ends a thread ends only the one that asked.
        """
        with self._lock:
            other = self._under_way.get(what)
            own = self._under_way.setdefault(what, Future())
        return (other.result(PATIENCE), False) if other else (self._flown(what, own, ask), True)

    def _flown(self, what: Hashable, own: Future[T], ask: Callable[[], T]) -> T:
        try:
            found = ask()
        except BaseException as error:
            ends = not isinstance(error, Exception)
            own.set_exception(RuntimeError("whoever asked was ended") if ends else error)
            raise
        else:
            own.set_result(found)
            return found
        finally:
            with self._lock:
                del self._under_way[what]
