"""The files of a roster: its rows, and the output that is there whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from trivet.cli import CouldNot
from trivet.cli.batch_files import ENDINGS, Rows, read_rows, written_whole
from trivet.cli.batch_mapping import ColumnMapping, text_of
from trivet.cli.roster.mapping import Columns, RosterMapping
from trivet.cli.roster.outcomes import ADDED, Found
from trivet.cli.roster.people import Member
from trivet.cli.roster.sessions import Row

_AS_THEY_ARE = ColumnMapping()


class FileOfRows:
    """The rows of a csv or xlsx."""

    def __init__(self, source: Path, mapping: RosterMapping) -> None:
        """Read the first row, which names the columns.

        Raises:
            CouldNot: the file can't be read, or lacks a column that the mapping names.
        """
        if source.suffix.lower() not in (".csv", ".xlsx"):
            raise CouldNot(f"{source}: give a file that ends in .csv or .xlsx")
        self._rows: Rows = read_rows(source, _AS_THEY_ARE)
        self._places = _places(source, self._rows.columns(), mapping)
        self._said = mapping.columns.given()
        self._shown = _shown(self._rows.columns(), mapping)

    def columns(self) -> Sequence[str]:
        """Return the names of the columns that an output may show."""
        return self._shown

    def rows(self) -> Iterator[Row]:
        """Yield the rows; blank ones are none."""
        for number, cells in enumerate(self._rows.cells(), 1):
            by_name = {
                name: cells[place] for name, place in self._places.items() if place < len(cells)
            }
            said = {what: text_of(by_name.get(name)) for what, name in self._said.items()}
            yield Row(number, [by_name.get(name, "") for name in self._shown], said)


def _places(source: Path, columns: Sequence[str], mapping: RosterMapping) -> dict[str, int]:
    """Return where each column stands; CouldNot for one that is mapped and not there, or there twice."""
    wanted = {f"columns.{name}": column for name, column in mapping.columns.given().items()}
    shown = mapping.show if isinstance(mapping.show, list) else []
    for key, column in (*wanted.items(), *(("show", column) for column in shown)):
        times = columns.count(column)
        if times != 1:
            said = "no column" if not times else f"{times} columns"
            there = ", ".join(map(ascii, columns))
            raise CouldNot(
                f"{source} has {said} {column!a}, which {key} of --map names: it has {there}"
            )
    return {column: place for place, column in enumerate(columns)}


def _shown(columns: Sequence[str], mapping: RosterMapping) -> list[str]:
    """Return the columns that an output may show: without `show` what is mapped, but no family name."""
    if mapping.show == "all":
        return list(dict.fromkeys(columns))
    given: Columns = mapping.columns
    named = mapping.show if mapping.show is not None else given.given().values()
    hidden = {given.family_name} if mapping.show is None else set()
    return [column for column in columns if column in named and column not in hidden]


def rows_of(members: Iterable[Member]) -> Iterator[Row]:
    """Yield a row for each member of staff; see `columns_of` for the columns."""
    for number, member in enumerate(members, 1):
        yield Row(number, [member.staff, *member.shown], {"member": str(number - 1)})


def columns_of(mapping: RosterMapping) -> list[str]:
    """Return the columns of a staff list that comes from a directory."""
    return ["staff", *(mapping.scim.show if mapping.scim else ())]


def check_output(out: Path) -> Path:
    """Return where the receipts go, beside the output; CouldNot where either is there, or can't be written."""
    receipts = out.with_name(f"{out.name}.receipts")
    if out.suffix.lower() not in ENDINGS:
        raise CouldNot(f"{out}: give an output that ends in .csv, .xlsx, .ndjson or .jsonl")
    for file in (out, receipts):
        if file.exists():
            raise CouldNot(f"{file} is there already: name a new file")
    if not out.parent.is_dir():
        raise CouldNot(f"{out.parent} is no folder")
    return receipts


def write(
    out: Path, columns: Sequence[str], found: Iterable[Found], *, ahead: bool, by_row: bool
) -> None:
    """Write what came of the lines, by the ending of the output, whole or not at all.

    `ahead` adds a column that says what ends soon, `by_row` leaves out the one that says which course of the row it is.
    """
    course, ending = () if by_row else ("course",), ("ending",) if ahead else ()
    with written_whole(out) as written:
        written([*columns, *course, *ADDED, *ending], None)
        for each in found:
            of_row = () if by_row else (each.session.course,)
            ends = ("yes" if each.ending else "",) if ahead else ()
            cells = [*each.session.row.cells, *of_row, *each.cells(), *ends]
            written(cells, each.document(columns))


def write_receipts(file: Path, receipts: Iterable[str]) -> str:
    """Write the receipts, one a line, whole or not at all; return the sentence that says where they are."""
    given = [receipt for receipt in receipts if receipt]
    if not given:
        return "There is no receipt."
    passing = file.with_name(f".{file.name}.passing")
    try:
        passing.write_text("".join(f"{receipt}\n" for receipt in given))
        passing.replace(file)
    finally:
        passing.unlink(missing_ok=True)
    return f"The receipts are in {file.name}."
