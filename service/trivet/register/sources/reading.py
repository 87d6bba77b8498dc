"""What fetching and reading a source yield."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from trivet.register.records import CoverageByKind, Document, Kind


class Validators(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a site gave with a page to ask by next time whether it changed (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


class Raw(msgspec.Struct, frozen=True):
    """A source's bytes as fetched: where from, their digest (`sha256:…`), and as of when (UTC).

    From a site, `http_status` is 304 if it said of every page that it has not changed since the last
    fetch, else 200, and `validators` are those of each page by its address. A file has none.
    """

    location: str
    content: bytes
    digest: str
    as_of: datetime
    http_status: int | None = None
    validators: Mapping[str, Validators] = {}

    @classmethod
    def of(cls, location: str, content: bytes, as_of: datetime, **answered: Any) -> "Raw":
        """Return the bytes of a release with their digest; `answered` is what only a site says."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        return cls(location=location, content=content, digest=digest, as_of=as_of, **answered)


class Rejected(msgspec.Struct, frozen=True):
    """A row that was left out: where it stands, of which record and field if known, and why."""

    kind: Kind
    place: str
    register: str | None
    field: str | None
    reason: str


class Counts(msgspec.Struct, frozen=True):
    """What became of the rows of a kind: `read` is the sum of `merged`, `rejected` and `records`.

    `differing` counts the rows that contradict another row of their record.
    """

    read: int
    merged: int
    rejected: int
    records: int
    differing: int = 0


class Reading(msgspec.Struct, frozen=True):
    """A source's content as a document that keeps the rules; what it covers, as of when (UTC)."""

    document: Document
    coverage: CoverageByKind
    as_of: datetime
    counts: dict[Kind, Counts]
    rejected: tuple[Rejected, ...] = ()
