"""Asking about every row of a file, some at a time: what was answered stays answered, however often it is cut off."""

import hashlib
import itertools
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from trivet.cli import CouldNot
from trivet.cli.batch_files import ENDINGS, NOT_ASKED, Rows, read_rows, write_results
from trivet.cli.batch_mapping import PLAIN, load_mapping
from trivet.cli.rows_asking import ask_until_heard
from trivet_client import TrivetClient, TrivetError
from trivet_client.batches import Result

ROWS_AT_ONCE = 1000
"""How many rows are sent in one request."""

_RESUMED_WITHIN = timedelta(hours=24)
_ATTEMPTS = 6
_PATIENCE = 120.0
_WORDS = {
    "pass": "pass",
    "fail": "fail",
    "cannot_confirm": "cannot be confirmed",
    NOT_ASKED: "could not be asked",
}


def batch(source: Path, out: Path, mapping: Path | None) -> int:
    """Ask about every row of a file and write what came of it into another; return the exit status."""
    rows = read_rows(source, load_mapping(mapping) if mapping else PLAIN)
    if out.suffix.lower() not in ENDINGS:
        raise CouldNot(f"{out}: give an output that ends in {' or '.join(ENDINGS)}")
    if out.exists():
        raise CouldNot(f"{out} is there already: name a new file")
    kept = Kept(out, _identity(source, mapping), datetime.now(UTC))
    try:
        with TrivetClient.from_settings(timeout=_PATIENCE) as client:
            _ask_the_rest(client, rows, kept)
    except TrivetError as error:
        said = f"{kept.rows} rows were answered and are kept: run the same command again to go on"
        raise CouldNot(f"{error}. {said}") from None
    verdicts = write_results(out, rows, kept.results())
    receipts = out.with_name(f"{out.name}.receipts")
    receipts.write_text("".join(f"{receipt}\n" for receipt in kept.receipts()))
    kept.remove()
    told = ", ".join(f"{verdicts[verdict]} {word}" for verdict, word in _WORDS.items())
    print(f"{out}: {told}. The receipts are in {receipts.name}.")
    return _status(verdicts)


def _status(verdicts: Counter[str]) -> int:
    if verdicts["fail"]:
        return 1
    return 2 if verdicts["cannot_confirm"] or verdicts[NOT_ASKED] else 0


def _identity(source: Path, mapping: Path | None) -> str:
    """Return what tells this file, asked about in this way, from any other."""
    digest = hashlib.sha256(f"{ROWS_AT_ONCE} rows at once\n".encode())
    for path in (source, mapping) if mapping else (source,):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _ask_the_rest(client: TrivetClient, rows: Rows, kept: "Kept") -> None:
    questions = itertools.islice(rows.questions(), kept.rows, None)
    console = Console(stderr=True)
    columns = (TextColumn("asked"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task("asked", total=rows.count(), completed=kept.rows)
        while some := list(itertools.islice(questions, ROWS_AT_ONCE)):
            results, receipt = _asked(client, some, kept.name_of_next())
            kept.add(results, receipt)
            shown.update(task, completed=kept.rows)


def _asked(
    client: TrivetClient, rows: Sequence[Mapping[str, Any]], name: str
) -> tuple[Sequence[Mapping[str, Any]], str]:
    """Ask some rows, again where the service can't be reached: under the same name nothing is asked twice."""
    results: list[Result] = []
    receipt = ask_until_heard(client, rows, name, results, attempts=_ATTEMPTS)
    return [result.document for result in results], receipt


class Run(msgspec.Struct, frozen=True):
    """One run: what it asks about, when it began (UTC), and a name that no other run has, so that it is asked anew."""

    identity: str
    begun: datetime
    name: str


class Kept:
    """What was answered so far: a folder beside the output that outlives an interruption, a file for each request."""

    def __init__(self, out: Path, identity: str, now: datetime) -> None:
        """Take up what a run with the same input and mapping left less than a day before an instant (UTC).

        Raises:
            CouldNot: another run left it, or it is too old to stand beside what is answered now.
        """
        self._folder = out.with_name(f".{out.name}.part")
        self._folder.mkdir(mode=0o700, exist_ok=True)  # it may name trainers
        file = self._folder / "run.json"
        if not file.exists():
            _write(file, msgspec.json.encode(Run(identity, now, uuid4().hex)))
        self._run = msgspec.json.decode(file.read_bytes(), type=Run)
        if self._run.identity != identity:
            raise CouldNot(
                f"{self._folder} was left by a run on another input, or with another mapping: remove it to begin anew"
            )
        if now - self._run.begun > _RESUMED_WITHIN:
            raise CouldNot(
                f"{self._folder} was left by a run that began at {self._run.begun:%Y-%m-%d %H:%M} UTC: what it was "
                "answered may hold no more, so remove it to begin anew"
            )
        self._files = sorted(self._folder.glob("*.ndjson"))
        self.rows = ROWS_AT_ONCE * len(self._files)

    def name_of_next(self) -> str:
        """Return the Idempotency-Key of the next rows: the same when this run goes on, another in any other run."""
        return f"{self._run.name}-{len(self._files)}"

    def add(self, results: Sequence[Mapping[str, Any]], receipt: str) -> None:
        """Keep what came of some rows, and their receipt: all of it or nothing."""
        file = self._folder / f"{len(self._files):06}.ndjson"
        lines = [*results, {"receipt": receipt}]
        _write(file, "".join(f"{json.dumps(line)}\n" for line in lines).encode())
        self._files.append(file)
        self.rows += len(results)

    def results(self) -> Iterator[Mapping[str, Any]]:
        """Yield what came of each row, in order, numbered as in the input."""
        for number, line in enumerate((line for line in self._lines() if "row" in line), 1):
            yield {**line, "row": number}

    def receipts(self) -> Iterator[str]:
        """Yield the receipt of each request."""
        return (line["receipt"] for line in self._lines() if "row" not in line)

    def remove(self) -> None:
        """Remove it all, once the output is written."""
        shutil.rmtree(self._folder)

    def _lines(self) -> Iterator[Mapping[str, Any]]:
        for path in self._files:
            with path.open("rb") as file:
                yield from map(json.loads, file)


def _write(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile."""
    passing = file.with_suffix(".passing")
    with passing.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    passing.replace(file)
