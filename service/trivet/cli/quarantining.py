"""Commands for readings that tripped a guard: what waits, and what is decided of it."""

from datetime import UTC, datetime

from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.alerts.rounds import Rounds
from trivet.cli import COULD_NOT, CouldNot
from trivet.cli.mirroring import instant, print_synced
from trivet.cli.opened import with_database
from trivet.database import reading, writing_alone
from trivet.register import mirror, quarantine
from trivet.register.quarantine import Decision, Held
from trivet.register.sources import load_profiles
from trivet.settings import load_settings

_LONGEST_NOTE = 2000


def list_held() -> None:
    """List what waits, with why it was not believed."""
    console = Console(markup=False, highlight=False, soft_wrap=True)

    async def listed(engine: AsyncEngine) -> list[Held]:
        async with reading(engine) as connection:
            return [*await quarantine.held(connection)]

    waiting = with_database(listed)
    if not waiting:
        console.print("Nothing is in quarantine.")
    for one in waiting:
        console.print(f"{one.id}  {one.source}, held since {instant(one.since)}")
        console.print(f"  as of {instant(one.as_of)}, {one.digest}")
        console.print(f"  {one.why}")


def release(reading_id: str, note: str) -> int:
    """Publish a document after all."""
    settings, why = load_settings(), _note(note)
    profiles = {profile.name: profile for profile in load_profiles(settings.sources_folder)}

    async def released(engine: AsyncEngine) -> mirror.Synced:
        waiting = await _find(engine, reading_id)
        if waiting.source not in profiles:
            raise CouldNot(
                f"{reading_id}: no profile of TRIVET_SOURCES is named {waiting.source}: "
                "it says how the document is read"
            )
        key = settings.key_pepper
        return await mirror.release(
            engine,
            profiles[waiting.source],
            waiting,
            key,
            _now,
            note=why,
            herald=Rounds(engine, key),
        )

    synced = with_database(released)
    print_synced(synced)
    return COULD_NOT if synced.failed else 0


def drop(reading_id: str, note: str) -> None:
    """Decide that a document is not to be believed."""
    why = _note(note)

    async def dropped(engine: AsyncEngine) -> Held:
        waiting = await _find(engine, reading_id)
        async with writing_alone(engine) as connection:
            await quarantine.decide(connection, waiting, Decision.DROPPED, why, _now())
        return waiting

    waiting = with_database(dropped)
    print(f"{waiting.id} of {waiting.source} is dropped; the last good register goes on answering.")


async def _find(engine: AsyncEngine, reading_id: str) -> Held:
    async with reading(engine) as connection:
        waiting = await quarantine.held(connection)
    found = next((one for one in waiting if one.id == reading_id), None)
    if found is None:
        raise CouldNot(f"{reading_id!a} does not wait in quarantine: see `trivet quarantine list`")
    return found


def _note(note: str) -> str:
    why = note.strip()
    if not why or len(why) > _LONGEST_NOTE:
        raise CouldNot(f"--note: say why in 1 to {_LONGEST_NOTE} characters")
    return why


def _now() -> datetime:
    return datetime.now(UTC)
