"""The registers that a test key's questions are asked of, and which question goes to which."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from trivet.london import day_of
from trivet.register.changes import Fresh, register_digest, statement_digest
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.index import Index, Known, Snapshot
from trivet.register.merge import SourceState, merge
from trivet.register.records import Coverage, CoverageByKind, Kind
from trivet.sandbox.sources import COMPLETE, MAX_AGE, states

FIRST_SNAPSHOT = datetime(2020, 1, 1, tzinfo=UTC)
"""When the sandbox's first snapshot was published (UTC): what was known earlier can't be asked."""

_PREFIX = "sandbox-"
_CHOOSING = (Scheme.CERTIFICATE, Scheme.REGISTER)


class Registers(msgspec.Struct, frozen=True):
    """The sandbox on one London day: the same records, told by a list that is complete, partial, no list, or stale."""

    complete: Index
    partial: Index
    missing: Index
    stale: Index

    def asked(self, provider: Sequence[Identifier]) -> Index:
        """Return the register that a question about this provider is asked of.

        The end of its certificate number or register id says which, the first given of those made for the sandbox: no
        list can be complete and partial at once.
        """
        for scheme, value in (identifier.comparable for identifier in provider):
            if scheme in _CHOOSING and value.startswith(_PREFIX):
                return self._named(value)
        return self.complete

    def _named(self, value: str) -> Index:
        if value.endswith("_not_confirmed"):
            return self.partial
        if value.endswith("_source_missing"):
            return self.missing
        return self.stale if value.endswith("register_stale") else self.complete


class SandboxRegister:
    """One of the sandbox's registers, to be asked like the mirrored one."""

    def __init__(self, index: Index) -> None:
        """Take the register's index."""
        self._index = index

    async def known(self, _connection: object, asked: datetime | None, now: datetime) -> Known:
        """Return what the sandbox knows: the same at any instant since its first snapshot (UTC)."""
        known_at = asked or now
        return Known(self._index if known_at >= FIRST_SNAPSHOT else None, known_at)


class Sandbox:
    """The sandbox, made anew each London day so that it never ages."""

    def __init__(self, name_key: bytes) -> None:
        """Take the key under which family names are hashed; nothing is made before it is asked for."""
        # Two days: an answer begun before midnight may end after it.
        self._on = lru_cache(maxsize=2)(lambda today: registers_on(today, name_key))

    def at(self, now: datetime) -> Registers:
        """Return the registers of the London day of an instant (UTC)."""
        return self._on(day_of(now))


def registers_on(today: date, name_key: bytes) -> Registers:
    """Make the sandbox's registers for the London day `today`; `name_key` hashes family names."""
    fresh = states(today, name_key)
    return Registers(
        complete=_index(fresh, today, name_key),
        partial=_index(_covering(fresh, Coverage.PARTIAL), today, name_key, "_partial"),
        missing=_index(_covering(fresh, Coverage.NONE), today, name_key, "_missing"),
        stale=_index(_aged(fresh), today, name_key, "_stale"),
    )


def _covering(sources: Sequence[SourceState], coverage: Coverage) -> Sequence[SourceState]:
    """Return the sources with the complete list claiming this much instead."""
    less = CoverageByKind(**dict.fromkeys(Kind, coverage))
    return [replace(s, coverage=less) if s.coverage == COMPLETE else s for s in sources]


def _aged(sources: Sequence[SourceState]) -> Sequence[SourceState]:
    """Return the sources as if nobody had stood by them for longer than they may grow old."""
    return [replace(s, as_of=s.as_of - MAX_AGE - timedelta(days=5)) for s in sources]


def _index(sources: Sequence[SourceState], today: date, name_key: bytes, which: str = "") -> Index:
    snapshot = Snapshot(f"snp_sandbox_{today:%Y%m%d}{which}", _digest(sources), FIRST_SNAPSHOT)
    return Index(snapshot, merge(sources), name_key)


def _digest(sources: Sequence[SourceState]) -> str:
    # No salt: nobody in the sandbox is a person, so there is nothing to keep to oneself.
    digests = [
        statement_digest(Fresh(state.source, kind, key, statement), b"")
        for state in sources
        for kind, statements in state.statements.items()
        for key, statement in statements.items()
    ]
    return register_digest(sources, digests)
