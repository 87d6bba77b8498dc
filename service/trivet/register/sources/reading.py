"""What fetching and reading a source yield."""

from datetime import datetime

import msgspec

from trivet.register.records import CoverageByKind, Document, Kind


class Raw(msgspec.Struct, frozen=True):
    """A source's bytes as fetched: where from, their digest (`sha256:…`), and as of when (UTC)."""

    location: str
    content: bytes
    digest: str
    as_of: datetime


class Rejected(msgspec.Struct, frozen=True):
    """A row that was left out: where it stands, of which record and field if known, and why."""

    kind: Kind
    place: str
    register: str | None
    field: str | None
    reason: str


class Counts(msgspec.Struct, frozen=True):
    """What became of the rows of a kind: `read` is the sum of the other three."""

    read: int
    merged: int
    rejected: int
    records: int


class Reading(msgspec.Struct, frozen=True):
    """A source's content as a document that keeps the rules; what it covers, as of when (UTC)."""

    document: Document
    coverage: CoverageByKind
    as_of: datetime
    counts: dict[Kind, Counts]
    rejected: tuple[Rejected, ...] = ()
