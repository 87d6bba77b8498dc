"""`trivet notices`: which awards in procurement notices are of restrictive-practice training, and how they stand."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trivet.cli import CouldNot
from trivet.cli.batch_files import ENDINGS, written_whole
from trivet.cli.calling import calling
from trivet.cli.notice_asking import Desk
from trivet.cli.notice_files import load_programmes, releases_of
from trivet.cli.notice_telling import COLUMNS, page, row, summary
from trivet.cli.telling import Line, Page
from trivet.london import day_of
from trivet.notices.checks import Programmes, checks_of
from trivet.notices.compiling import compiled
from trivet.notices.judging import Finding, Outcome
from trivet.notices.picking import Picked, picked
from trivet_client import RegisterStatus

_PATIENCE = 30.0
"""How many seconds each step of a request may take: a batch of a thousand is worked at before it answers."""


def notices(files: Sequence[Path], programmes: Path | None, out: Path | None) -> int:
    """Look at the awards in some files, tell or write what was found, and return the exit status."""
    _check(files, out)
    bought = load_programmes(programmes) if programmes else {}
    found = picked(compiled(releases_of(files)), named=bought.keys())
    findings, register = _findings(found, bought)
    lines = [*_unused(found, bought), *page(found, findings, register)]
    if out:
        _write(out, findings)
        counts = summary(findings) or "nothing to look at"
        lines = [*_unused(found, bought), (f"{out}: {counts}.", "")]
    shown = Page()
    for line, style in lines:
        shown.print(line, style=style)
    return status_of(findings)


def _check(files: Sequence[Path], out: Path | None) -> None:
    """Refuse what could not be done in the end, before anybody is asked."""
    if not files:
        raise CouldNot(
            "give the files to read: OCDS release packages, record packages or JSON lines"
        )
    if out and out.suffix.lower() not in ENDINGS:
        raise CouldNot(f"--out: give a file that ends in {', '.join(ENDINGS)}, not {out.name!a}")
    if out and out.exists():
        raise CouldNot(f"{out} is there already: name a new file")


def _findings(found: Picked, bought: Programmes) -> tuple[Sequence[Finding], RegisterStatus | None]:
    checks = [check for pick in found.picks for check in checks_of(pick, bought)]
    if not checks:
        return [], None
    with calling(timeout=_PATIENCE) as client:
        desk = Desk(client, day_of(datetime.now(UTC)))
        register = desk.register()
        return desk.findings(checks), register


def _unused(found: Picked, bought: Programmes) -> Iterator[Line]:
    """Yield what --programmes names and no file has: a slip would else go unseen."""
    there = {name for pick in found.picks for name in (pick.award.ocid, pick.award.key)}
    for name in bought.keys() - there:
        yield (
            f"--programmes names {name}, of which no award that was made is in these files.",
            "yellow",
        )


def _write(out: Path, findings: Sequence[Finding]) -> None:
    with written_whole(out) as write:
        write(COLUMNS, None)
        for cells, told in map(row, findings):
            write(cells, told)


def status_of(findings: Sequence[Finding]) -> int:
    """Return 0 where nothing is to hold up, 1 for a fail, 2 where anything else is not known to stand."""
    outcomes = {finding.outcome for finding in findings}
    if Outcome.FAIL in outcomes:
        return 1
    return 2 if outcomes - {Outcome.STANDS} else 0
