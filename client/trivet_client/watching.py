"""Watches: what is relied on, where it stands now, and what came of asking for many at once."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from trivet_api.models import Element, ReasonAnswer, Verdict, WatchAnswer, WatchKind
from trivet_client.answers import ALWAYS_JUDGED, made_of
from trivet_client.batches import RowProblem
from trivet_client.problems import InvalidArgument
from trivet_client.questions import Watched, watched

T = TypeVar("T", bound="Watching")

ROWS_AT_ONCE = 250
"""How many rows one request sends: few enough to be answered within a client's patience (the service takes 10,000)."""

BYTES_AT_ONCE = 4 * 1024 * 1024
"""How long one request's rows may be together; the service takes twice as much."""


@runtime_checkable
class Opened(Protocol):
    """A file that was opened for reading bytes."""

    def read(self) -> bytes:
        """Return all of it."""


Rows = Iterable[Watched] | bytes | Path | Opened
"""What is to be watched: what `watch` takes, a mapping each; or csv, as bytes, as a file's path or as a file."""

_JUDGED: Mapping[WatchKind, frozenset[Element]] = {
    WatchKind.TRIPLE: ALWAYS_JUDGED,
    WatchKind.PROVIDER: frozenset({Element.BODY, Element.PROVIDER}),
    WatchKind.PROGRAMME: frozenset({Element.BODY, Element.PROVIDER, Element.PROGRAMME}),
    WatchKind.TRAINER: frozenset({Element.BODY, Element.PROVIDER, Element.TRAINER}),
    WatchKind.DELIVERY: frozenset({Element.BODY, Element.PROVIDER, Element.DELIVERY}),
}


class Watching(WatchAnswer):
    """A watch, and where it stood when it was read. It is true only for `pass`, for what its kind names.

    Of a `triple` a pass says what the pass of a verification says. A provider, programme, trainer or delivering
    organisation that passes by itself is not certified training yet.
    """

    raw: Mapping[str, Any]
    """The watch as it came, read from its JSON."""

    def __bool__(self) -> bool:
        return self.permits

    def __repr__(self) -> str:
        return f"Watching({self.id}: {self.verdict.value} on {self.standing.on})"

    @property
    def verdict(self) -> Verdict:
        """Where it stands."""
        return self.standing.verdict

    @property
    def reasons(self) -> Sequence[ReasonAnswer]:
        """Why it is no pass."""
        return self.standing.reasons

    @property
    def permits(self) -> bool:
        """Whether what is watched is certified now, as far as the watch names it."""
        return self.verdict is Verdict.PASS

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        """Read a watch from its JSON.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is not what the contract says.
        """
        watching = super().from_dict(src_dict)
        watching.raw = src_dict
        elements = watching.standing.elements
        if _JUDGED[watching.kind] - {judged.element for judged in elements}:
            raise ValueError("an element was not judged")
        if watching.verdict is not made_of(elements):
            raise ValueError("the verdict is not what its elements make")
        return watching


@dataclass(frozen=True)
class WatchRow:
    """What came of a row, counted from 1. It is true only where it is watched and passes now."""

    row: int
    reference: str | None
    outcome: str
    """`created`, `unchanged`, `replaced` or `refused`."""
    watch: str | None
    """The watch's id; None where the row was refused."""
    verdict: Verdict | None
    problem: RowProblem | None
    """Why the row was refused: then nothing is watched for it."""

    def __bool__(self) -> bool:
        return self.verdict is Verdict.PASS


@dataclass(frozen=True)
class Part:
    """As many rows as one request takes: its body with its type, how many rows went before, and how many these are."""

    body: bytes
    kind: str
    before: int
    rows: int

    def results(self, answered: bytes) -> Sequence[WatchRow]:
        """Return what came of these rows; ValueError, TypeError or LookupError if that is not told of each."""
        told = json.loads(answered)["items"]
        if [one["row"] for one in told] != [*range(1, self.rows + 1)]:
            raise ValueError("it does not tell of every row what came of it")
        return [_row(one, self.before) for one in told]


def _row(told: Mapping[str, Any], before: int) -> WatchRow:
    wrong, verdict = told.get("problem"), told.get("verdict")
    if (told["outcome"] == "refused") is (told.get("watch") is not None) or bool(wrong) is bool(
        verdict
    ):
        raise ValueError("a row is either watched or refused")
    problem = (
        RowProblem(wrong["code"], wrong["detail"], tuple(wrong.get("errors", ())))
        if wrong
        else None
    )
    return WatchRow(
        row=before + told["row"],
        reference=told["reference"],
        outcome=told["outcome"],
        watch=told.get("watch"),
        verdict=Verdict(verdict) if verdict else None,
        problem=problem,
    )


def parts(rows: Rows) -> Iterator[Part]:
    """Yield rows in as many requests as they need, each made when it is needed.

    Raises:
        InvalidArgument: a row can't be asked for, or what was given is no csv. What came before it was yielded.
    """
    if isinstance(rows, bytes):
        return _csv_parts(rows)
    if isinstance(rows, Path):
        return _csv_parts(rows.read_bytes())
    if isinstance(rows, Opened):
        return _csv_parts(rows.read())
    if isinstance(rows, str):  # type: ignore[unreachable]  # by whoever has no types
        raise InvalidArgument("rows", "give csv as bytes, as a Path or as a file opened for bytes")
    return _json_parts(rows)


def _json_parts(rows: Iterable[Watched]) -> Iterator[Part]:
    lines = (json.dumps(watched(**row).to_dict(), ensure_ascii=False).encode() for row in rows)
    before = 0
    for some in _some(lines):
        body = b'{"items":[' + b",".join(some) + b"]}"
        yield Part(body, "application/json", before, len(some))
        before += len(some)


def _csv_parts(file: bytes) -> Iterator[Part]:
    """Yield the rows of a csv file, each part with the first row, which names the columns. Cells stay as they are."""
    try:
        text = io.StringIO(file.decode("utf-8-sig"), newline="")
        header, *lines = (_line(row) for row in csv.reader(text, strict=True) if row)
    except UnicodeDecodeError:
        raise InvalidArgument("rows", "give csv in UTF-8") from None
    except csv.Error as error:
        raise InvalidArgument("rows", f"give csv: {error}") from None
    except ValueError:
        raise InvalidArgument(
            "rows", "the file is empty: its first row names the columns"
        ) from None
    before = 0
    for some in _some(lines):
        yield Part(header + b"".join(some), "text/csv", before, len(some))
        before += len(some)
    if not before:
        yield Part(header, "text/csv", 0, 0)  # so that columns that can't be are told of


def _line(cells: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().encode()


def _some(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    length = 0
    for line in lines:
        if some and (len(some) == ROWS_AT_ONCE or length + len(line) > BYTES_AT_ONCE):
            yield some
            some, length = [], 0
        some.append(line)
        length += len(line)
    if some:
        yield some
