"""Commands that mirror the register and say how it stands."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from trivet.alerts.rounds import Rounds
from trivet.cli import COULD_NOT, CouldNot
from trivet.database import connect, reading
from trivet.london import day_of
from trivet.register import store
from trivet.register.changes import Change, ChangeKind
from trivet.register.contradictions import Contradiction, contradicted, contradictions
from trivet.register.guards import tripped
from trivet.register.merge import Merged, merge
from trivet.register.mirror import Synced
from trivet.register.mirror import sync as sync_source
from trivet.register.quarantine import Held, held
from trivet.register.records import Document, Kind
from trivet.register.sources import (
    Profile,
    Reading,
    fetch,
    load_profile,
    load_profiles,
    preview,
    read,
)
from trivet.settings import Settings, load_settings
from trivet.upgrading import upgrade

_SHOWN = 25
_NOTED = (
    ChangeKind.ENDED,
    ChangeKind.DELISTED,
    ChangeKind.DROPPED,
    ChangeKind.RELISTED,
    ChangeKind.CONTRADICTED,
    ChangeKind.AGREED,
)


def check(profile: Path) -> int:
    """Read a source through its profile and say what was found; nothing is stored."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    loaded = load_profile(profile)
    raw = fetch(loaded)
    found = read(loaded, raw)
    console.print(f"{loaded.name}: {raw.location}, as of {instant(found.as_of)}, {raw.digest}")
    _print_reading(console, found)
    _print_preview(console, found)
    trips = tripped(loaded.guards, {}, found, day_of(datetime.now(UTC)), loaded.term)
    for trip in trips:
        console.print(f"  guard {trip.guard}: {trip.sentence}")
    return COULD_NOT if found.rejected or trips else 0


def list_sources() -> None:
    """List the source profiles of TRIVET_SOURCES."""
    console = Console(markup=False, highlight=False)
    table = Table("source", "kind", "location", "vouched by", "maximum age", box=None)
    for profile in load_profiles(load_settings().sources_folder):
        table.add_row(
            profile.name,
            profile.kind,
            profile.location,
            profile.vouched_by.value,
            str(profile.max_age),
        )
    console.print(table)


def print_schema() -> None:
    """Print the JSON Schema of the interchange document."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "register/1",
        **msgspec.json.schema(Document),
    }
    print(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())


def sync(names: Sequence[str]) -> int:
    """Read the sources of these names, or all, and publish what is new in them."""
    settings = load_settings()
    profiles = _named(load_profiles(settings.sources_folder), names)
    results = asyncio.run(_sync_each(settings, profiles))
    return COULD_NOT if any(result.failed for result in results) else 0


def status() -> int:
    """Say which snapshot answers, how fresh its sources are, where they contradict each other, how they were read."""
    settings = load_settings()
    console = Console(markup=False, highlight=False, soft_wrap=True)
    return asyncio.run(_print_status(settings, console))


def _named(profiles: Sequence[Profile], names: Sequence[str]) -> Sequence[Profile]:
    known = {profile.name: profile for profile in profiles}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CouldNot(
            f"no source profile is named {', '.join(unknown)}; there are: {', '.join(known)}"
        )
    return [known[name] for name in names] if names else profiles


async def _sync_each(settings: Settings, profiles: Sequence[Profile]) -> list[Synced]:
    key = settings.key_pepper
    await upgrade(settings.database_url)
    engine = connect(settings.database_url)
    errors = _errors()
    results = []
    try:
        for profile in profiles:
            with errors.status(f"Reading {profile.name}"):
                result = await sync_source(
                    engine, profile, key, lambda: datetime.now(UTC), herald=Rounds(engine, key)
                )
            print_synced(result)
            results.append(result)
    finally:
        await engine.dispose()
    return results


def _errors() -> Console:
    return Console(stderr=True, markup=False, highlight=False, soft_wrap=True)


def print_synced(result: Synced) -> None:
    """Say what a sync came to: what is new on standard output, what went wrong in one line on standard error."""
    console, logged = Console(markup=False, highlight=False, soft_wrap=True), result.fetch
    if result.failed or result.reading is None:
        line = " ".join((logged.error or "").split())
        what = "was quarantined" if logged.outcome == "quarantined" else "could not be read"
        see = "; see `trivet quarantine list`" if logged.outcome == "quarantined" else ""
        _errors().print(f"trivet: {logged.source} {what}, nothing was changed: {line}{see}")
        return
    console.print(f"{logged.source}: {logged.outcome}, as of {instant(result.reading.as_of)}")
    _print_reading(console, result.reading)
    if result.snapshot:
        console.print(f"  snapshot {result.snapshot.id} {result.snapshot.digest}")
    _print_changes(console, result.changes)


def _print_reading(console: Console, found: Reading) -> None:
    for kind, counts in found.counts.items():
        if counts.read:
            console.print(
                f"  {kind.value}: {counts.read} rows read = {counts.records} records"
                f" + {counts.merged} merged + {counts.rejected} rejected"
                f" ({found.coverage.of(kind).value})"
            )
    for rejected in found.rejected[:_SHOWN]:
        field = f", {rejected.field}" if rejected.field else ""
        console.print(f"  rejected: {rejected.place}{field}: {rejected.reason}")
    if len(found.rejected) > _SHOWN:
        console.print(f"  … and {len(found.rejected) - _SHOWN} more rejected rows")


def _print_preview(console: Console, found: Reading) -> None:
    """Show the first records field by field, and which fields no record has."""
    for first in preview(found):
        for number, record in enumerate(first.records, 1):
            console.print(f"  {first.kind.value}, record {number}:")
            for field, value in record.items():
                console.print(f"    {field}: {'–' if value is None else value}")
        if first.unread:
            console.print(f"  {first.kind.value}: no record has {', '.join(first.unread)}")


def _print_changes(console: Console, changes: Sequence[Change]) -> None:
    """Summarise changes by kind of record; ends and disappearances are named, trainers' records only counted."""
    counted = Counter((change.kind, change.change) for change in changes)
    for kind in Kind:
        parts = [f"{counted[kind, c]} {c.value}" for c in ChangeKind if counted[kind, c]]
        if parts:
            console.print(f"  {kind.value}: {', '.join(parts)}")
    for what in _NOTED:
        named = [
            c.register for c in changes if c.change is what and c.kind is not Kind.AUTHORISATIONS
        ]
        if named:
            console.print(f"  {what.value}: {_shortened(named)}")


def _shortened(names: Sequence[str]) -> str:
    more = f" … and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


async def _print_status(settings: Settings, console: Console) -> int:
    await upgrade(settings.database_url)
    engine = connect(settings.database_url)
    try:
        async with reading(engine) as connection:
            latest = await store.latest_snapshot(connection)
            fetches = await store.last_fetch_of(connection)
            stated = await store.load_snapshot(connection, latest.number) if latest else None
            waiting = await held(connection)
    finally:
        await engine.dispose()
    if latest is None or stated is None:
        console.print("No snapshot has been published: run `trivet sync`.")
        _print_fetches(console, fetches, waiting)
        return COULD_NOT
    console.print(f"snapshot {latest.id}, published {instant(latest.published_at)}")
    console.print(f"digest {latest.digest}")
    merged = merge(stated.sources.values())
    for kind in Kind:
        coverage = merged.coverage(kind).value
        console.print(f"  {kind.value}: {len(merged.entries[kind])} ({coverage})")
    now = datetime.now(UTC)
    for state in merged.sources:
        stale = "STALE" if state.is_stale(now) else "fresh"
        fresh = stale if state.max_age is not None else "see `trivet confirmations list`"
        console.print(
            f"  {state.source}: as of {instant(state.as_of)}, {fresh}, {state.vouched_by.value}"
        )
    _print_contradictions(console, merged)
    _print_fetches(console, fetches, waiting)
    return 0


def _print_contradictions(console: Console, merged: Merged) -> None:
    """Count the records on which equally vouched sources contradict each other, and name all but trainers'."""
    found = {kind: contradicted(merged.entries[kind]) for kind in Kind}
    counts = [f"{len(records)} {kind.value}" for kind, records in found.items() if records]
    console.print(f"  contradicted by equally vouched sources: {', '.join(counts) or 'none'}")
    told = [
        f"    {one.kind.value} {one.register}, {one.field}: {_versions(one)}"
        for one in contradictions(found)
    ]
    for line in told[:_SHOWN]:
        console.print(line)
    if len(told) > _SHOWN:
        console.print(f"    … and {len(told) - _SHOWN} more")


def _versions(told: Contradiction) -> str:
    return " – ".join(f"{v.value} ({', '.join(v.sources)})" for v in told.versions)


def _print_fetches(
    console: Console, fetches: Iterable[store.Fetch], waiting: Iterable[Held]
) -> None:
    for logged in fetches:
        error = f": {' '.join(logged.error.split())}" if logged.error else ""
        console.print(
            f"  last reading of {logged.source}: {logged.outcome} at {instant(logged.finished_at)}{error}",
        )
    for one in waiting:
        console.print(
            f"  in quarantine since {instant(one.since)}: {one.id} of {one.source}; see `trivet quarantine list`"
        )


def instant(at: datetime) -> str:
    """Return an instant as it is shown, to the minute."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
