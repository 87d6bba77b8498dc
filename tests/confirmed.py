"""What a body confirmed record by record, as a snapshot holds it: the source of confirmations, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from tests.registers import source_of
from trivet.register.merge import SourceState, Statement, StoodBy
from trivet.register.records import CONFIRMATIONS, CoverageByKind, Document, Kind, VouchedBy

GIVEN, UNTIL = date(2026, 3, 3), date(2027, 3, 2)
"""The day of a letter, and the last day for which it is good."""
RECORDED = datetime(2026, 3, 10, 12, tzinfo=UTC)


def confirmations(
    *, on: date = GIVEN, until: date = UNTIL, absent: date | None = None, **records: Any
) -> SourceState:
    """Return the source that states these records, by kind, each confirmed on a day and good until another.

    `absent`: since when none of them holds any more.
    """
    document = msgspec.convert(
        {"format": "register/1", "publisher": "body (fictional)", **records}, Document
    )
    source = source_of(
        document,
        first_seen=on,
        as_of=RECORDED,
        source=CONFIRMATIONS,
        vouched_by=VouchedBy.CERTIFIER_CONFIRMED,
        coverage=CoverageByKind(),
    )
    return replace(source, max_age=None, statements=_stood_by(source, StoodBy(on, until), absent))


def _stood_by(
    source: SourceState, word: StoodBy, absent: date | None
) -> dict[Kind, dict[str, Statement]]:
    return {
        kind: {
            key: replace(statement, stood_by=word, absent_since=absent)
            for key, statement in of_kind.items()
        }
        for kind, of_kind in source.statements.items()
    }


def together(*sources: SourceState) -> SourceState:
    """Return several confirmations as the one source that they are."""
    statements = {
        kind: {k: s for source in sources for k, s in source.statements[kind].items()}
        for kind in Kind
    }
    return replace(sources[0], statements=statements)
