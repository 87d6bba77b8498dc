"""`trivet watches`: what is relied on, watched from the command line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from trivet.cli import COULD_NOT, CouldNot
from trivet.cli.asking import STATUSES, Scope
from trivet.cli.calling import calling

if TYPE_CHECKING:
    from collections.abc import Callable

    from trivet_client import Watching, WatchRow

_PATIENCE = 60.0
"""How many seconds the service may take over one request of many rows."""

_SECONDS_BEFORE_BAR = 1.0
_NO_SCOPE = Scope()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be watched."""

    provider: Annotated[list[str], Parameter(negative="")] = field(default_factory=list)
    """The provider as scheme:value, such as certificate:EX-1; again for further identifiers, which must agree."""
    programme: str | None = None
    """The programme as scheme:value, such as register:ex-1."""
    trainer: str | None = None
    """The trainer as scheme:value, such as authorisation:A-1. Without one a triple can't pass."""
    on: str | None = None
    """The day of the training, such as 2026-03-12; without it the watch goes on from day to day."""
    delivered_by: str | None = None
    """The organisation that delivers, as scheme:value; the provider by default."""
    kind: Literal["triple", "provider", "programme", "trainer", "delivery"] = "triple"
    """What is watched: all of it together, or one of its parts alone."""
    reference: str | None = None
    """Your own reference, such as an order number: told with every event. One watch has it at a time."""
    expiry_notice: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """How long before an end to be told, such as P30D; once for each."""


def add(
    *,
    wanted: Wanted = Wanted(),
    scope: Scope = _NO_SCOPE,
    replace: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Watch training, or a part of it, and say where it stands now: the exit status is as of `trivet verify`.

    Parameters
    ----------
    replace
        Take the place of the watch on something else under this reference.
    """
    from uuid import uuid4

    if not wanted.provider:
        raise CouldNot("--provider is needed")
    with calling() as client:
        watching = client.watch(
            provider=wanted.provider,
            programme=wanted.programme,
            trainer=wanted.trainer,
            delivered_by=wanted.delivered_by,
            delivered_on=wanted.on,
            scope=scope.as_asked(),
            kind=wanted.kind,
            reference=wanted.reference,
            expiry_notice=wanted.expiry_notice,
            replace=replace,
            # By its reference it is known again; without one, by this.
            idempotency_key=None if wanted.reference else uuid4().hex,
        )
    _tell(watching)
    return STATUSES[watching.verdict]


def _tell(watching: "Watching") -> None:
    from trivet.cli.telling import STYLES, Page, why

    page = Page()
    page.print(_headline(watching), style=f"bold {STYLES[watching.verdict]}")
    reference = f", reference {watching.reference}" if watching.reference else ""
    page.print(f"Watched ({watching.kind.value}) as {watching.id}{reference}")
    for reason in watching.reasons:
        page.print(why(reason))


def _headline(watching: "Watching") -> str:
    """Return the sentence that says where a watch stands; a part that passes is not said to be certified training."""
    from trivet.cli.telling import UNCONFIRMED, at_fault, date_of, mirrored

    standing = watching.standing
    date_meant = date_of(standing.on, standing.checked_at)
    if watching.permits:
        passes = (
            "Certified"
            if watching.kind.value == "triple"
            else f"Nothing against this {_PARTS[watching.kind.value]} alone"
        )
        return f"{passes} {date_meant}, {mirrored(standing.register, standing.checked_at)}."
    if watching.verdict.value == "fail":
        return f"Not certified {date_meant}: {at_fault(standing.elements)}."
    return UNCONFIRMED


_PARTS = {
    "provider": "provider",
    "programme": "programme",
    "trainer": "trainer",
    "delivery": "delivering organisation",
}


def import_file(
    file: Annotated[Path, Parameter(name="FILE")],
    *,
    replace: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Watch every row of a csv file, each under its reference; the same file can be sent as often as you like.

    The exit status is 0 where every row is watched, and 3 where some are refused: standard error names them.

    Parameters
    ----------
    file
        The file, in UTF-8. Its columns are named kind, provider_scheme, provider, programme_scheme, programme,
        trainer_scheme, trainer, delivered_on, delivered_by_scheme, delivered_by, reference, expiry_notice.
    replace
        Take the place of watches on something else under the same references.
    """
    from trivet_client.watching import parts

    content = _content(file)
    with calling(timeout=_PATIENCE, quiet=True) as client:
        total = sum(part.rows for part in parts(content))
        with _bar(total) as progress:
            rows = client.watch_many(content, replace=replace, progress=progress)
    return _tell_of_each(rows)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CouldNot(f"{file} can't be read: {error.strerror or type(error).__name__}") from None


@contextmanager
def _bar(total: int) -> "Iterator[Callable[[int], None]]":
    """Give what shows how many rows are done, on a terminal and once it has taken long."""
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("watched"), BarColumn(), MofNCompleteColumn())
    shown = Progress(*columns, console=console, disable=not console.is_terminal)
    task = shown.add_task("watched", total=total)
    began = time.monotonic()

    def progress(done: int) -> None:
        shown.update(task, completed=done)
        if time.monotonic() - began > _SECONDS_BEFORE_BAR:
            shown.start()  # nothing, where it was started before

    try:
        yield progress
    finally:
        shown.stop()


def _tell_of_each(rows: "Sequence[WatchRow]") -> int:
    """Print how many rows had which end, and which were refused; return the exit status."""
    import sys
    from collections import Counter

    from trivet.cli.telling import Page

    for row in rows:
        if row.problem:
            fields = "".join(
                f"; {error['pointer']} {error['detail']}" for error in row.problem.errors
            )
            named = f" ({row.reference})" if row.reference else ""
            print(_plain(f"row {row.row}{named}: {row.problem.detail}{fields}"), file=sys.stderr)
    outcomes = Counter(row.outcome for row in rows)
    verdicts = Counter(row.verdict.value for row in rows if row.verdict is not None)
    told = ", ".join(
        f"{outcomes[word]} {word}" for word in ("created", "unchanged", "replaced", "refused")
    )
    stand = ", ".join(f"{verdicts[word]} {said}" for word, said in _VERDICTS.items())
    Page().print(f"{len(rows)} rows: {told}. Now {stand}.")
    return COULD_NOT if outcomes["refused"] else 0


_VERDICTS = {"pass": "pass", "fail": "fail", "cannot_confirm": "cannot be confirmed"}


def _plain(line: str) -> str:
    """Return a line that holds nothing that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in line)


def list_watches(
    *, reference: str | None = None, json: Annotated[bool, Parameter(negative="")] = False
) -> None:
    """List what is watched, the newest first, and where each stands now.

    Parameters
    ----------
    reference
        Only the one with this reference.
    json
        Print each as one line of JSON, as it came.
    """
    import json as written

    from trivet.cli.telling import Page

    with calling() as client:
        found = [*client.watches(reference)]
    page = Page()
    for watching in found:
        if json:
            page.print(written.dumps(watching.raw, ensure_ascii=False))
        else:
            page.print(_plain(_line(watching)))
    if not found and not json:
        page.print("Nothing is watched: see `trivet watches add --help`.")


def _line(watching: "Watching") -> str:
    verdict = watching.verdict.value.replace("_", " ")
    kind = watching.kind.value
    parts = (*watching.provider, watching.programme, watching.trainer, watching.delivered_by)
    named = " ".join(f"{part.scheme.value}:{part.value}" for part in parts if part)
    reference = f"  {watching.reference}" if watching.reference else ""
    return f"{watching.id}  {verdict:<14}  {kind:<9}  {named}{reference}"


def end(watch: str) -> None:
    """End a watch: nothing is told of it any more. What was told stays.

    Parameters
    ----------
    watch
        Its id, as `watches list` shows it.
    """
    with calling() as client:
        client.end_watch(watch)
    print(f"{watch} has ended.")
