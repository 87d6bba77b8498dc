"""`trivet roster`: who of a roster or a staff list may deliver which course."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from trivet.cli import CouldNot


def roster(
    source: Annotated[Path, Parameter(name="IN")],
    out: Annotated[Path | None, Parameter(name="OUT")] = None,
    *,
    map: Path,  # noqa: A002 - as it is said at the command line
    on: date | None = None,
    ahead: str | None = None,
    only: Literal["held"] | None = None,
    scim: str | None = None,
) -> int:
    """Ask the service at TRIVET_URL about every session of a roster, or every course of a staff list.

    The exit status is 0 where every line is permitted, 1 where one is refused, 2 where none is but one can't be
    confirmed, is incomplete or could not be verified, 3 where it could not be done and nothing was written, and 4
    where all are permitted and --ahead found one that ends. Only 0 and 4 are permission.

    Parameters
    ----------
    source
        The roster or staff list, csv or xlsx. With --scim and no roster, leave it out: the directory is the list.
    out
        The new file: csv, xlsx or, for machines, ndjson. It has the columns of the input that the mapping lets through,
        and outcome, why, valid_until, next, note, as_of and verification.
    map
        A TOML file that says which column holds what, and what course codes and sites stand for.
    on
        The day, such as 2026-03-12, where no column says it; today by default. Days are those of Europe/London.
    ahead
        Also say what ends within this time after that day, such as P60D.
    only
        "held": write only the lines that are not permitted.
    scim
        The address of a SCIM 2.0 server that says who has which reference, before /Users; TRIVET_SCIM_TOKEN is its
        token.
    """
    from datetime import UTC, datetime

    from trivet.cli.roster.checking import Wanted, check
    from trivet.london import day_of

    if out is None and scim is None:
        raise CouldNot("give IN and OUT; OUT alone goes with --scim")
    now = datetime.now(UTC)
    day = on or day_of(now)
    wanted = Wanted(
        source=source if out else None,
        out=out or source,
        map=map,
        on=day,
        on_given=on is not None,
        soon=_after(ahead, day),
        held=only == "held",
        scim=scim,
    )
    return check(wanted, now)


def _after(ahead: str | None, day: date) -> date | None:
    from trivet.register.durations import Duration

    if ahead is None:
        return None
    try:
        return Duration.parse(ahead).after(day)
    except (ValueError, OverflowError):
        raise CouldNot(f"--ahead: {ahead!a} is not an ISO 8601 duration such as P60D") from None
