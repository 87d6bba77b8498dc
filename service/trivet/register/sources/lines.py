"""In which line of a TOML text a key stands; the standard library's reader doesn't say."""

import re
from collections.abc import Iterator

from trivet.register.sources.errors import Key

_PART = r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'"""
_NAME = rf"(?:{_PART})(?:\s*\.\s*(?:{_PART}))*"
_HEADING = re.compile(rf"\s*(\[\[?)\s*({_NAME})\s*\]")
_SETTING = re.compile(rf"\s*({_NAME})\s*=")


def line_of(text: str, key: Key) -> int:
    """Return the line, counted from 1, of `key` or of the closest of the keys it stands in."""
    best, found = 0, 1
    for line, here in _keys(text):
        shared = _shared(here, tuple(key))
        if shared > best:
            best, found = shared, line
    return found


def _keys(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            if heading[1] == "[[":
                name = _resolved(heading[2], counts)
                counts[name] = counts.get(name, -1) + 1
            table = _resolved(heading[2], counts, last=True)
            yield number, table
        elif setting := _SETTING.match(line):
            yield number, table + _parts(setting[1])


def _resolved(
    name: str, counts: dict[tuple[str | int, ...], int], *, last: bool = False
) -> tuple[str | int, ...]:
    """Return a heading's key with the position of the latest table of each array it names."""
    key: tuple[str | int, ...] = ()
    parts = _parts(name)
    for i, part in enumerate(parts):
        key += (part,)
        if key in counts and (last or i < len(parts) - 1):
            key += (counts[key],)
    return key


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))


def _shared(here: tuple[str | int, ...], key: tuple[str | int, ...]) -> int:
    length = 0
    for mine, asked in zip(here, key, strict=False):
        if mine != asked:
            break
        length += 1
    return length
