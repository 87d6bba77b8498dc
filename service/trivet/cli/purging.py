"""The command that empties what has been kept for long enough."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from trivet.cli.opened import with_database
from trivet.database import reading
from trivet.people.purging import What, due, purge_all
from trivet.people.retention import Retention
from trivet.settings import load_settings

_NAMES = {What.RAW_DOCUMENTS: "raw documents stored", What.QUESTIONS: "questions answered"}


def purge(*, dry_run: bool) -> None:
    """Empty what has been kept for longer than its retention, or say what that would be."""
    retention, now = Retention.of(load_settings()), datetime.now(UTC)
    errors = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)

    async def act(engine: AsyncEngine) -> Mapping[What, int]:
        if dry_run:
            async with reading(engine) as connection:
                return await due(connection, now, retention)
        emptied: Counter[What] = Counter()
        with errors.status("Purging"):
            for done in await purge_all(engine, now, retention):
                emptied[What(done.what)] += done.rows
        return emptied

    found = with_database(act)
    cutoffs = {
        What.RAW_DOCUMENTS: retention.raw.before(now),
        What.QUESTIONS: retention.questions.before(now),
    }
    for what, before in cutoffs.items():
        done = "would be emptied" if dry_run else "emptied"
        print(f"{_NAMES[what]} before {before:%Y-%m-%d %H:%M} UTC: {found.get(what, 0)} {done}")
