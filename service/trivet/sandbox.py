"""What a test key sees: a fixed, fictional register, in memory, apart from everything that was mirrored."""

from datetime import UTC, datetime

from trivet.register.changes import applied, register_digest, statements_after
from trivet.register.index import Index, Snapshot
from trivet.register.merge import SourceState, merge
from trivet.register.sources import fetch, load_profile, read
from trivet.sample import FOLDER

_FIRST_SEEN = datetime(2026, 11, 1, tzinfo=UTC)


def sandbox_index(name_key: bytes) -> Index:
    """Return the index of the sandbox register: the bundled sample, read through its own profile."""
    profile = load_profile(FOLDER / "sample.toml")
    reading = read(profile, fetch(profile))
    fresh = statements_after({}, reading.document, reading.coverage, _FIRST_SEEN.date(), name_key)
    state = SourceState(
        source="sandbox",
        publisher=reading.document.publisher,
        vouched_by=profile.vouched_by,
        as_of=reading.as_of,
        max_age=profile.max_age,
        term=profile.term,
        coverage=reading.coverage,
        statements=applied({}, fresh),
    )
    snapshot = Snapshot("snp_sandbox", register_digest([state], ()), _FIRST_SEEN)
    return Index(snapshot, merge([state]), name_key)
