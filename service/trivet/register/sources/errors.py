"""What goes wrong with a source: its profile, or what it holds."""

from collections.abc import Sequence
from pathlib import Path

from trivet.register.sources.reading import Raw

Key = Sequence[str | int]
"""Where something stands in a profile: names of keys, and positions in arrays of tables."""


class SourceError(Exception):
    """A source can't be read; names the file or address, the place in it, the reason and what to do.

    Never quotes a family name or a secret. `raw` is what of a site had come by then: it is evidence.
    """

    http_status: int | None = None
    raw: Raw | None = None


class Refused(SourceError):
    """A site answered with a status that brings no page."""

    def __init__(self, message: str, http_status: int) -> None:
        """Take the message and the status that the site answered with."""
        self.http_status = http_status
        super().__init__(message)


class ProfileError(SourceError):
    """A source profile says something that can't be; names its file, line and key."""

    def __init__(self, path: Path, reason: str, line: int | None = None, key: str = "") -> None:
        """Take the profile's path, what is wrong with it and, where known, line and key."""
        self.path, self.line, self.key, self.reason = path, line, key, reason
        place = f"{path.name}, line {line}" if line else path.name
        super().__init__(f"{place}: {key}: {reason}" if key else f"{place}: {reason}")


class Misstated(Exception):
    """A key of a profile has a value it can't have; the profile's reader adds file and line."""

    def __init__(self, key: Key, reason: str) -> None:
        """Take the key, from the top of the profile, and what is wrong with it."""
        self.key, self.reason = tuple(key), reason
        super().__init__(f"{dotted(key)}: {reason}")


def dotted(key: Key) -> str:
    """Return a key as people write it: `programmes[0].fields.title`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")
