"""Registers for tests: an interchange document becomes the index that questions are asked of."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from trivet.register.changes import applied, register_digest, statements_after
from trivet.register.durations import Duration
from trivet.register.faults import faults
from trivet.register.index import Index, Snapshot
from trivet.register.merge import SourceState, merge
from trivet.register.records import CoverageByKind, Document, VouchedBy

NAME_KEY = bytes(range(32))
"""The key under which the family names of these registers are hashed."""


def index_of(
    document: Document | dict[str, Any], *, first_seen: date, as_of: datetime, **stated: Any
) -> Index:
    """Return the index of a register that has one source; see `source_of`."""
    return index_of_sources(source_of(document, first_seen=first_seen, as_of=as_of, **stated))


def index_of_sources(*sources: SourceState) -> Index:
    """Return the index of the register that several sources make; each needs a name of its own."""
    published_at = max(source.as_of for source in sources)
    snapshot = Snapshot("snp_test", register_digest(sources, ()), published_at)
    return Index(snapshot, merge(sources), NAME_KEY)


def source_of(
    document: Document | dict[str, Any], *, first_seen: date, as_of: datetime, **stated: Any
) -> SourceState:
    """Return a source that was read once, on the London day `first_seen`, and stood by at `as_of`.

    `document` is an interchange document, or the JSON of one. Unless `stated`, under the names of
    `SourceState`, the source is called "example", the register vouches for it, it may grow a day
    old, an open certificate is good for three years, and the document's own coverage holds.

    Raises:
        ValueError: the document breaks a rule, so no source could ever state it.
    """
    document = msgspec.convert(document, Document) if isinstance(document, dict) else document
    coverage = stated.pop("coverage", document.coverage or CoverageByKind())
    for fault in faults(document, coverage):
        raise ValueError(str(fault))
    state = SourceState(
        source="example",
        publisher=document.publisher,
        vouched_by=VouchedBy.REGISTER,
        as_of=as_of,
        max_age=timedelta(days=1),
        term=Duration.parse("P3Y"),
        coverage=coverage,
        statements=applied({}, statements_after({}, document, coverage, first_seen, NAME_KEY)),
    )
    return msgspec.structs.replace(state, **stated)
