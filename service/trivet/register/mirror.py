"""One sync of one source, from fetch to published snapshot, in one transaction."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import writing
from trivet.ids import new_id
from trivet.london import day_of
from trivet.register import store
from trivet.register.changes import (
    Change,
    Fresh,
    applied,
    register_changes,
    register_digest,
    statement_digest,
    statements_after,
)
from trivet.register.erasures import keep_out, scrubbed, withholds
from trivet.register.guards import tripped
from trivet.register.identifiers import comparable_id
from trivet.register.merge import Merged, SourceState, Statements, merge
from trivet.register.people import person_hash
from trivet.register.records import Authorisation, Kind
from trivet.register.sources import Profile, Raw, Reading, SourceError, fetch, read

_CLOCKS_DIFFER_BY = timedelta(minutes=5)
Clock = Callable[[], datetime]


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What one sync came to. `snapshot` is the one that answers now; `changes` are empty unless it is new."""

    fetch: store.Fetch
    reading: Reading | None = None
    snapshot: store.Published | None = None
    changes: Sequence[Change] = ()

    @property
    def failed(self) -> bool:
        """Whether the source could not be read or was not believed; the last good snapshot still answers."""
        return self.fetch.outcome in ("failed", "quarantined")


async def sync(engine: AsyncEngine, profile: Profile, name_key: bytes, clock: Clock) -> Synced:
    """Read a source and publish what is new in it; a source that can't be read changes nothing and is logged."""
    started, raw = clock(), None
    try:
        raw = await asyncio.to_thread(fetch, profile, clock=clock)
        reading = await asyncio.to_thread(read, profile, raw)
        _refuse_ahead_of_time(profile, reading, clock())
    except SourceError as error:
        failed = _logged(profile, started, clock(), outcome="failed", error=str(error), raw=raw)
        async with writing(engine) as connection:
            failed = replace(failed, error=await scrubbed(connection, str(error), name_key))
            if raw is not None:  # what was refused is kept too: it is the evidence
                whole = not await withholds(connection, profile.name)
                at = failed.finished_at
                await store.keep_raw(connection, raw.digest, raw.content, at, whole=whole)
            await store.add_fetch(connection, failed)
        return Synced(fetch=failed)
    async with writing(engine) as connection:
        return await _publish(connection, profile, raw, reading, name_key, started, clock())


def _refuse_ahead_of_time(profile: Profile, reading: Reading, now: datetime) -> None:
    if reading.as_of > now + _CLOCKS_DIFFER_BY:
        raise SourceError(
            f"{profile.name}: published at {reading.as_of.isoformat()}, which is still to come: "
            "correct the date in the document or the profile"
        )


async def _publish(
    connection: AsyncConnection,
    profile: Profile,
    raw: Raw,
    reading: Reading,
    name_key: bytes,
    started: datetime,
    now: datetime,
) -> Synced:
    latest = await store.latest_snapshot(connection)
    stated = await store.load_snapshot(connection, latest.number) if latest else _NOTHING
    before = stated.sources.get(profile.name)
    today = day_of(now)
    known = before.statements if before else {}
    kept = await keep_out(connection, reading, name_key, now)
    reading = kept.reading
    trips = tripped(profile.guards, known, reading, today, profile.term)
    if trips:
        why = "; ".join(trip.sentence for trip in trips)
        held = _logged(
            profile, started, now, outcome="quarantined", error=why, raw=raw, reading=reading
        )
        await store.keep_raw(connection, raw.digest, raw.content, now, whole=kept.whole)
        await store.add_fetch(connection, held)
        return Synced(fetch=held, reading=reading, snapshot=latest)
    fresh = [
        Fresh(profile.name, *stating)
        for stating in statements_after(
            known, reading.document, reading.coverage, today, name_key, kept.left_out
        )
    ]
    after = _state(profile, reading, applied(known, ((f.kind, f.key, f.statement) for f in fresh)))
    outcome = (
        "updated" if before is None or fresh or _terms(after) != _terms(before) else "unchanged"
    )
    logged = _logged(profile, started, now, outcome=outcome, raw=raw, reading=reading)
    await store.keep_raw(connection, raw.digest, raw.content, now, whole=kept.whole)
    await store.add_fetch(connection, logged)
    if outcome == "unchanged":
        return Synced(fetch=logged, reading=reading, snapshot=latest)
    sources = {**stated.sources, profile.name: after}
    rows = [_row(f, name_key) for f in fresh]
    digests = dict(stated.digests) | {
        (r.fresh.source, r.fresh.kind, r.fresh.key): r.digest for r in rows
    }
    published = store.Published(
        number=latest.number + 1 if latest else 1,
        id=new_id("snp"),
        parent=latest.id if latest else None,
        digest=register_digest(sources.values(), digests.values()),
        published_at=now,
    )
    changed = _changes(stated, sources.values(), latest, now)
    await store.add_snapshot(connection, published, sources.values(), logged)
    await store.add_statements(connection, published.number, rows)
    await store.add_changes(
        connection, published.number, [_change_row(c, sources, name_key) for c in changed], now
    )
    return Synced(fetch=logged, reading=reading, snapshot=published, changes=changed)


_NOTHING = store.Stated({}, {})


def _state(profile: Profile, reading: Reading, statements: Statements) -> SourceState:
    return SourceState(
        source=profile.name,
        publisher=reading.document.publisher,
        vouched_by=profile.vouched_by,
        as_of=reading.as_of,
        max_age=profile.max_age,
        term=profile.term,
        coverage=reading.coverage,
        statements=statements,
    )


def _terms(state: SourceState) -> tuple[object, ...]:
    return state.publisher, state.vouched_by, state.as_of, state.max_age, state.term, state.coverage


def _changes(
    stated: store.Stated,
    sources: Iterable[SourceState],
    latest: store.Published | None,
    now: datetime,
) -> list[Change]:
    before: Merged | None = merge(stated.sources.values()) if latest else None
    return list(register_changes(before, merge(sources), day_of(now)))


def _row(fresh: Fresh, key: bytes) -> store.Row:
    record = fresh.statement.record
    if not isinstance(record, Authorisation):
        return store.Row(fresh, statement_digest(fresh, b""), b"", None)
    salt = secrets.token_bytes(16)
    return store.Row(fresh, statement_digest(fresh, salt), salt, person_hash(record.trainer, key))


def _change_row(change: Change, sources: Mapping[str, SourceState], key: bytes) -> store.ChangeRow:
    person = None
    if change.kind is Kind.AUTHORISATIONS:
        stated = (
            s.statements[change.kind].get(comparable_id(change.register)) for s in sources.values()
        )
        record = next(s.record for s in stated if s is not None)
        person = person_hash(record.trainer, key) if isinstance(record, Authorisation) else None
    return store.ChangeRow(new_id("chg"), change, person)


def _logged(
    profile: Profile,
    started: datetime,
    finished: datetime,
    *,
    outcome: str,
    error: str | None = None,
    raw: Raw | None = None,
    reading: Reading | None = None,
) -> store.Fetch:
    return store.Fetch(
        id=new_id("fch"),
        source=profile.name,
        started_at=started,
        finished_at=finished,
        location=raw.location if raw else profile.location,
        digest=raw.digest if raw else None,
        as_of=reading.as_of if reading else None,
        outcome=outcome,
        error=error,
        counts=msgspec.to_builtins(reading.counts) if reading else None,
        rejected=msgspec.to_builtins(reading.rejected) if reading else None,
    )
