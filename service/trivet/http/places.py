"""Places: how much of what takes long one key may have under way in a process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from trivet.http.problems import Problem


class Places:
    """The places of every key in this process, for one kind of work."""

    def __init__(self, at_once: int, code: str, detail: str) -> None:
        """Take how many places a key has, and the code and the sentence of the 429 where it has no more."""
        self._at_once, self._code, self._detail = at_once, code, detail
        self._taken: Counter[str] = Counter()

    def take(self, key: str) -> None:
        """Take a place of a key's; a Problem of 429 if it has no more."""
        if self._taken[key] >= self._at_once:
            raise Problem(429, self._code, self._detail, headers={"Retry-After": "10"})
        self._taken[key] += 1

    def give_back(self, key: str) -> None:
        """Give a place back."""
        self._taken[key] -= 1

    @contextmanager
    def taken(self, key: str) -> Iterator[None]:
        """Have a place of a key's for as long as the block runs; a Problem of 429 if it has no more."""
        self.take(key)
        try:
            yield
        finally:
            self.give_back(key)
