"""Where confirmations are recorded and ended: one at a time, each published as a snapshot of a source of their own."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import reading
from trivet.ids import new_id
from trivet.leases import Lease, holding
from trivet.register import store
from trivet.register.current import CurrentRegister
from trivet.register.durations import Duration
from trivet.register.merge import SourceState
from trivet.register.publishing import Draft, Herald, Prepare, Restate, Stating
from trivet.register.records import CONFIRMATIONS, CoverageByKind, VouchedBy

PATIENCE = 10.0
"""How long to wait while another confirmation is being recorded, in seconds."""

_PUBLISHER = "the certification body, asked by the operator of this mirror"
_TERM = Duration.parse("P3Y")  # R11
Clock = Callable[[], datetime]


class Desk(msgspec.Struct, frozen=True):
    """Where confirmations are recorded: database, register, the key of names, a clock (UTC), who is told, whose key."""

    engine: AsyncEngine
    current: CurrentRegister
    name_key: bytes
    clock: Clock
    herald: Herald
    by: str | None = None

    def lease(self) -> AbstractAsyncContextManager[Lease]:
        """Hold what only one may do at a time; Taken if another does it for as long as PATIENCE."""
        return holding(self.engine, f"source {CONFIRMATIONS}", self.clock, PATIENCE)


def preparing(desk: Desk, restate: Restate) -> Prepare:
    """Return what prepares the statements of the source of confirmations."""

    async def prepare() -> Stating:
        async with reading(desk.engine) as connection:
            erasures = len(await store.erased_subjects(connection))
        terms = SourceState(
            source=CONFIRMATIONS,
            publisher=_PUBLISHER,
            vouched_by=VouchedBy.CERTIFIER_CONFIRMED,
            as_of=desk.clock(),
            max_age=None,
            term=_TERM,
            coverage=CoverageByKind(),  # a handful of confirmations proves nobody's absence
            statements={},
        )
        return Stating(terms=terms, restate=restate, erasures=erasures)

    return prepare


async def logged(
    connection: AsyncConnection, confirmation_id: str, draft: Draft, now: datetime
) -> store.Fetch:
    """Log where statements come from, as a reading is logged, at an instant (UTC)."""
    entry = store.Fetch(
        id=new_id("fch"),
        source=CONFIRMATIONS,
        started_at=now,
        finished_at=now,
        location=f"confirmation {confirmation_id}",
        http_status=None,
        validators=None,
        digest=None,
        as_of=now,
        outcome=draft.outcome,
        error=None,
        counts=None,
        rejected=None,
    )
    await store.add_fetch(connection, entry)
    return entry
