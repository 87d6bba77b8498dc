"""The files of `trivet notices`: OCDS documents, which programmes were bought, and the output."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from trivet.cli import CouldNot
from trivet.notices.checks import Programmes
from trivet.notices.reading import Release, releases_in
from trivet.notices.shape import NotOcds

MOST_BYTES = 128 * 1024 * 1024
"""How large a JSON document may be; a day of Find a Tender has some MB."""
MOST_BYTES_OF_LINE = 16 * 1024 * 1024
"""How large a line of JSON lines may be; there may be any number of them."""

_LINES = (".jsonl", ".ndjson")
_PROGRAMME = re.compile(r"(register|title):\s*\S.*")


def releases_of(files: Sequence[Path]) -> Iterator[Release]:
    """Yield what is read of each release in some files; CouldNot names the file, and the place in it, that is at fault.

    A file that ends in .jsonl or .ndjson has a release, a record or a package in each line, any other is one of them.
    """
    for file in files:
        try:
            yield from _of_lines(file) if file.suffix.lower() in _LINES else _of_document(file)
        except OSError as error:
            raise CouldNot(f"{file} can't be read: {error.strerror or error}") from None


def _of_document(file: Path) -> Iterator[Release]:
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CouldNot(
            f"{file} is larger than {MOST_BYTES // 1024**2} MiB: give its releases as JSON lines, in a .jsonl file"
        )
    yield from _releases(content, str(file))


def _of_lines(file: Path) -> Iterator[Release]:
    with file.open("rb") as opened:
        number = 0
        while line := opened.readline(MOST_BYTES_OF_LINE + 1):
            number += 1
            if len(line) > MOST_BYTES_OF_LINE:
                most = MOST_BYTES_OF_LINE // 1024**2
                raise CouldNot(f"{file}, line {number}, is larger than {most} MiB")
            if line.strip():
                yield from _releases(line, f"{file}, line {number}")


def _releases(content: bytes, where: str) -> Iterator[Release]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CouldNot(f"{where} is not UTF-8: byte {error.start}") from None
    except RecursionError:
        raise CouldNot(f"{where} is nested too deeply to be OCDS") from None
    except ValueError as error:
        raise CouldNot(f"{where} is not JSON: {error}") from None
    try:
        yield from releases_in(document)
    except NotOcds as error:
        raise CouldNot(f"{where}: {error}") from None


class _Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    programmes: dict[str, str | list[str]]


def load_programmes(file: Path) -> Programmes:
    """Read which programmes were bought; CouldNot says what is wrong with the file, by its key."""
    try:
        read = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8-sig")), _Mapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CouldNot(f"--programmes: {file} can't be read: {error}") from None
    except msgspec.ValidationError as error:
        raise CouldNot(f"--programmes: {file}: {error}") from None
    found = {
        key: [given] if isinstance(given, str) else given for key, given in read.programmes.items()
    }
    for key, given in found.items():
        if not given or not all(_PROGRAMME.fullmatch(each.strip()) for each in given):
            raise CouldNot(
                f"--programmes: {file}: programmes.{key} is to be written as register:… or title:…"
            )
    return found
