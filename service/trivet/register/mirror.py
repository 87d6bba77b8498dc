"""One sync of one source, from fetch to published snapshot."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import reading as reading_from
from trivet.database import writing_alone
from trivet.ids import new_id
from trivet.leases import Lease, holding
from trivet.register import quarantine, store
from trivet.register.changes import Change, statements_after
from trivet.register.erasures import KeptOut, keep_out, scrubbed, withholds
from trivet.register.guards import Trip, tripped
from trivet.register.merge import SourceState, Statements
from trivet.register.publishing import Draft, Herald, Stating, publish
from trivet.register.quarantine import Decision, Held
from trivet.register.schedule import ATTEMPTS_THAT_COUNT, due_at
from trivet.register.sources import Profile, Raw, Reading, SourceError, fetch, read

PATIENCE = 60.0
"""How long a sync waits while another process reads the same source, in seconds."""

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


async def sync(
    engine: AsyncEngine,
    profile: Profile,
    name_key: bytes,
    clock: Clock,
    *,
    herald: Herald,
    patience: float = PATIENCE,
) -> Synced:
    """Read a source and publish what is new in it; a source that can't be read changes nothing and is logged.

    No two processes read one source at a time. What was fetched last is asked about by its validators.

    Raises:
        Taken: another process has been reading it for as long as `patience`, in seconds.
        Lost: this process was held up for so long that another one may have begun; nothing was changed.
    """
    async with holding(engine, _lease_of(profile), clock, patience) as lease:
        turn = _Turn(engine, profile, name_key, clock, lease, clock(), herald)
        raw = None
        try:
            raw = await _fetched(turn)
            found = await asyncio.to_thread(_read, profile, raw, clock())
        except SourceError as error:
            return await _failed(turn, error, raw or error.raw)
        async with reading_from(engine) as connection:
            believed = await quarantine.was_released(connection, profile.name, raw.digest)
        return await _publish(turn, raw, found, guarded=not believed)


async def is_due(engine: AsyncEngine, profile: Profile, now: datetime) -> bool:
    """Say whether a source is to be read by its schedule at an instant (UTC); one without a schedule never is."""
    if profile.schedule is None:
        return False
    async with reading_from(engine) as connection:
        attempts = await store.last_attempts(connection, profile.name, ATTEMPTS_THAT_COUNT)
    due = due_at(profile.schedule, attempts)
    return due is None or due <= now


async def release(
    engine: AsyncEngine,
    profile: Profile,
    waiting: Held,
    name_key: bytes,
    clock: Clock,
    *,
    note: str,
    herald: Herald,
) -> Synced:
    """Publish a quarantined document after all, by its source's profile as it is now; `note` says why.

    Raises:
        SourceError: the document can't be read, its retention is over, or it was overtaken or decided meanwhile.
        Taken: another process has been reading the source for too long.
    """
    async with holding(engine, _lease_of(profile), clock, PATIENCE) as lease:
        turn = _Turn(engine, profile, name_key, clock, lease, clock(), herald)
        async with reading_from(engine) as connection:
            still_held = waiting in await quarantine.held(connection)
            raw = await quarantine.held_document(connection, waiting)
        if not still_held:
            raise SourceError(f"{waiting.id}: waits no more: it was decided or overtaken meanwhile")
        if raw is None:
            raise SourceError(f"{waiting.id}: its content is kept no more: read the source again")
        found = await asyncio.to_thread(_read, profile, raw, clock())

        async def decide(connection: AsyncConnection, now: datetime) -> None:
            await quarantine.decide(connection, waiting, Decision.RELEASED, note, now)

        return await _publish(turn, raw, found, guarded=False, also=decide)


class _Turn(msgspec.Struct, frozen=True):
    """One process's turn at a source, begun at an instant (UTC)."""

    engine: AsyncEngine
    profile: Profile
    name_key: bytes
    clock: Clock
    lease: Lease
    started: datetime
    herald: Herald


def _lease_of(profile: Profile) -> str:
    return f"source {profile.name}"


def _read(profile: Profile, raw: Raw, now: datetime) -> Reading:
    found = read(profile, raw)
    if found.as_of > now + _CLOCKS_DIFFER_BY:
        raise SourceError(
            f"{profile.name}: published at {found.as_of.isoformat()}, which is still to come: "
            "correct the date in the document or the profile"
        )
    return found


async def _fetched(turn: _Turn) -> Raw:
    """Fetch in a thread that nobody waits for: a site that is slow must not keep the process from ending."""
    before, loop = await _before(turn), asyncio.get_running_loop()
    fetched: asyncio.Future[Raw] = loop.create_future()

    def settle(raw: Raw | None, error: BaseException | None) -> None:
        if fetched.cancelled():
            return
        if raw is None:
            fetched.set_exception(error or RuntimeError("nothing was fetched"))
        else:
            fetched.set_result(raw)

    def run() -> None:
        raw, failed = None, None
        try:
            raw = fetch(turn.profile, before, clock=turn.clock)
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            failed = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, raw, failed)

    threading.Thread(target=run, name=f"fetch {turn.profile.name}", daemon=True).start()
    return await fetched


async def _before(turn: _Turn) -> Raw | None:
    """Return what was fetched of a site last, to ask whether it has changed."""
    if turn.profile.web is None:
        return None
    async with reading_from(turn.engine) as connection:
        return await store.last_raw(connection, turn.profile.name)


async def _failed(turn: _Turn, error: SourceError, raw: Raw | None) -> Synced:
    async with writing_alone(turn.engine) as connection:
        logged = replace(
            _log(turn, raw),
            finished_at=turn.clock(),
            outcome="failed",
            error=await scrubbed(connection, str(error), turn.name_key),
            http_status=raw.http_status if raw else error.http_status,
        )
        if raw is not None:  # what was refused is kept too: it is the evidence
            whole = not await withholds(connection, turn.profile.name)
            at = logged.finished_at
            await store.keep_raw(connection, raw.digest, raw.content, at, whole=whole)
        await store.add_fetch(connection, logged)
    return Synced(fetch=logged)


Also = Callable[[AsyncConnection, datetime], Awaitable[None]]


async def _nothing_else(_connection: AsyncConnection, _now: datetime) -> None:
    pass


async def _publish(
    turn: _Turn, raw: Raw, found: Reading, *, guarded: bool, also: Also = _nothing_else
) -> Synced:
    """Publish a reading; `guarded`: unless it trips the profile's guards. `also` writes in the same transaction."""
    kept = KeptOut(found)

    async def prepare() -> Stating:
        nonlocal kept
        async with writing_alone(turn.engine) as connection:
            kept = await keep_out(connection, found, turn.name_key, turn.clock())
        return _stating(turn, kept, guarded=guarded)

    async def log(connection: AsyncConnection, draft: Draft, now: datetime) -> store.Fetch:
        await turn.lease.confirm(connection, now)
        logged = replace(
            _log(turn, raw, kept.reading), finished_at=now, outcome=draft.outcome, error=draft.why
        )
        if not kept.whole:  # the address of a page may name a trainer too
            logged = replace(logged, validators=None)
        await store.keep_raw(connection, raw.digest, raw.content, now, whole=kept.whole)
        await store.add_fetch(connection, logged)
        await also(connection, now)
        return logged

    published = await publish(
        turn.engine, prepare, log, turn.name_key, turn.clock, herald=turn.herald
    )
    return Synced(
        fetch=published.fetch,
        reading=kept.reading,
        snapshot=published.snapshot,
        changes=published.changes,
    )


def _stating(turn: _Turn, kept: KeptOut, *, guarded: bool) -> Stating:
    profile, found = turn.profile, kept.reading

    def guard(before: Statements, today: date) -> Sequence[Trip]:
        return tripped(profile.guards, before, found, today, profile.term) if guarded else ()

    return Stating(
        terms=SourceState(
            source=profile.name,
            publisher=found.document.publisher,
            vouched_by=profile.vouched_by,
            as_of=found.as_of,
            max_age=profile.max_age,
            term=profile.term,
            coverage=found.coverage,
            statements={},
        ),
        restate=lambda before, today: statements_after(
            before, found.document, found.coverage, today, turn.name_key, kept.left_out
        ),
        erasures=kept.erasures,
        guard=guard,
    )


def _log(turn: _Turn, raw: Raw | None, found: Reading | None = None) -> store.Fetch:
    """Return the log of a reading, whose outcome is still to come."""
    return store.Fetch(
        id=new_id("fch"),
        source=turn.profile.name,
        started_at=turn.started,
        finished_at=turn.started,
        location=raw.location if raw else turn.profile.location,
        http_status=raw.http_status if raw else None,
        validators=msgspec.to_builtins(raw.validators) if raw else None,
        digest=raw.digest if raw else None,
        as_of=found.as_of if found else None,
        outcome="",
        error=None,
        counts=msgspec.to_builtins(found.counts) if found else None,
        rejected=msgspec.to_builtins(found.rejected) if found else None,
    )
