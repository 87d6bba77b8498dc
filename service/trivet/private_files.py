"""Files that hold secrets: their owner alone may read them."""

import os
from collections.abc import Callable
from pathlib import Path


def kept(file: Path, make: Callable[[], str]) -> str:
    """Return what a file holds, made where it is not there yet. OSError, UnicodeDecodeError: it can't be read."""
    if not file.exists():
        write(file, make())
    return file.read_text()


def write(file: Path, text: str) -> None:
    """Write a file whole, or not at all; its folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    passing = file.with_name(f".{file.name}.{os.getpid()}")
    passing.touch(mode=0o600)
    passing.write_text(text)
    passing.replace(file)
