"""After an asking that took all of its time, nobody waits for the next: the service is left alone for a while."""

import time
from collections.abc import Callable

SECONDS = 15.0
"""How long. Every learner who is asked for in vain keeps one of the platform's workers waiting."""


class Pause:
    """A pause of one process, by a clock that counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._over = clock, clock()

    def begin(self) -> None:
        """Begin one, or begin it anew."""
        self._over = self._clock() + SECONDS

    def __bool__(self) -> bool:
        return self._clock() < self._over
