"""From a roster to its output: what is read, what is asked, and what is said at the end."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from trivet.cli import CouldNot
from trivet.cli.roster.asking import decisions
from trivet.cli.roster.directory import members_at
from trivet.cli.roster.files import (
    FileOfRows,
    check_output,
    columns_of,
    rows_of,
    write,
    write_receipts,
)
from trivet.cli.roster.mapping import RosterMapping, Scim, load_roster_mapping, refuse_first
from trivet.cli.roster.outcomes import Found, found, status, summary
from trivet.cli.roster.people import FromDirectory, FromFile, Member, OfTheirOwn
from trivet.cli.roster.sessions import Row, Session, Staff, sessions
from trivet_client import TrivetError


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for at the command line. Days are those of Europe/London."""

    source: Path | None
    """The roster; None where the directory is the staff list."""
    out: Path
    map: Path
    on: date
    """The day where no column says it."""
    on_given: bool
    soon: date | None
    """What holds no longer than this day ends soon; None where nobody asks."""
    held: bool
    scim: str | None


@dataclass(frozen=True)
class _Given:
    """What is asked about."""

    columns: Sequence[str]
    rows: Iterable[Row]
    staff: Staff
    left_out: str = ""


def check(wanted: Wanted, now: datetime) -> int:
    """Ask about every line of a roster at an instant (UTC), write what came of it, and return the exit status.

    Raises:
        CouldNot: it could not be done, or there is nothing to ask about; nothing was written then.
    """
    mapping = load_roster_mapping(wanted.map)
    refuse_first(wanted.map, _unfit(mapping, wanted))
    receipts_file, receipts = check_output(wanted.out), list[str]()
    given = _given(wanted, mapping)
    lines = [each for row in given.rows for each in sessions(row, mapping, given.staff, wanted.on)]
    if not lines:
        raise CouldNot(f"there is nobody and nothing to ask about. {given.left_out}".strip())
    came = _decided(lines, now, wanted.soon, receipts)
    shown = [each for each in came if not wanted.held or not each.outcome or each.ending]
    told = write_receipts(receipts_file, receipts)
    write(wanted.out, given.columns, shown, ahead=wanted.soon is not None, by_row=mapping.by_row)
    return _told(wanted, came, f"{given.left_out} {told}".strip())


def _decided(
    lines: Sequence[Session], now: datetime, soon: date | None, receipts: list[str]
) -> list[Found]:
    try:
        return [
            found(session, decision, soon) for session, decision in decisions(lines, now, receipts)
        ]
    except TrivetError as error:
        raise CouldNot(str(error)) from None


def _told(wanted: Wanted, came: Sequence[Found], rest: str) -> int:
    counted = Counter(each.outcome for each in came)
    ending = sum(each.ending for each in came)
    ends = f" {ending} end by {wanted.soon}." if wanted.soon else ""
    print(f"{wanted.out}: {summary(counted)}.{ends} {rest}")
    return status(counted, ending=ending > 0)


def _given(wanted: Wanted, mapping: RosterMapping) -> _Given:
    file = FileOfRows(wanted.source, mapping) if wanted.source else None
    members = members_at(wanted.scim, mapping.scim) if wanted.scim and mapping.scim else []
    if file:
        staff = FromDirectory(mapping, members) if wanted.scim else FromFile(mapping)
        return _Given(file.columns(), file.rows(), staff)
    trainers = [each for each in members if each.active and each.references]
    staff_list = OfTheirOwn(mapping, trainers)
    return _Given(columns_of(mapping), rows_of(trainers), staff_list, _left_out(members))


def _left_out(members: Sequence[Member]) -> str:
    inactive = sum(not each.active for each in members)
    without = sum(each.active and not each.references for each in members)
    if not inactive + without:
        return ""
    return f"Of the directory are left out: {inactive} inactive, {without} without a reference."


def _unfit(mapping: RosterMapping, wanted: Wanted) -> Iterator[str]:
    """Yield what of a mapping does not go with what is asked for."""
    if wanted.on_given and mapping.columns.day:
        yield "columns.day says the days already: leave out --on"
    if wanted.scim is None:
        if not mapping.columns.trainer:
            yield "columns.trainer: say which column holds the trainer's reference"
    elif mapping.scim is None:
        yield "[scim] is missing: say which attribute holds the trainer's reference, as trainer = …"
    else:
        yield from _unfit_beside(mapping, mapping.scim, wanted)


def _unfit_beside(mapping: RosterMapping, scim: Scim, wanted: Wanted) -> Iterator[str]:
    """Yield what does not go with a directory: it says who the trainer is, and the file when and where."""
    given = mapping.columns.given()
    if wanted.source is None:
        yield from (f"columns.{name}: there is no file that has it" for name in given)
        return
    if "staff" not in given:
        yield "columns.staff: say which column holds the staff number, for the directory"
    for name in ("trainer", "family_name"):
        if name in given:
            yield f"columns.{name}: with --scim it comes from the directory, so take it out"
    if scim.show:
        yield "scim.show: it is for a staff list from the directory, and here is a file"
