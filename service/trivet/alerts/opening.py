"""Opening watches: answered at once, kept with what is remembered of them, one for each reference."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.access.keys import Caller
from trivet.alerts.movements import opened
from trivet.alerts.standing import stand
from trivet.alerts.watched import Watched, settled, watch_faults
from trivet.alerts.watches import Ending, Watch, add_watch, count_of, end_watch, find_by_reference
from trivet.database import one_at_a_time
from trivet.http.problems import FieldError, Problem
from trivet.london import day_of
from trivet.register.current import AskedOf
from trivet.register.index import Index, Known
from trivet.verification.api import nothing_mirrored
from trivet.verification.budget import Budget
from trivet.verification.naming import naming_of, person_of
from trivet.verification.question import Fault, Question
from trivet.verification.rules import judge_parts

MOST_WATCHES = 50_000
"""How many watches of one account go on at most: each is looked at with every snapshot."""


class Outcome(StrEnum):
    """What came of asking for a watch."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REFUSED = "refused"


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """For whom watches are opened, and by which register: `asked_of` says it for each."""

    caller: Caller
    asked_of: Callable[[Question], AskedOf]
    pepper: bytes
    unknown_per_day: int
    replace: bool = False

    async def known(self, connection: AsyncConnection, watched: Watched, now: datetime) -> Known:
        """Return what is known of what is watched; Problem of 503 before anything was mirrored."""
        known = await self.asked_of(watched.question).known(connection, None, now)
        if known is None:
            raise nothing_mirrored()
        return known

    async def begin(
        self, connection: AsyncConnection, coming: Iterable[Watched], now: datetime
    ) -> "Opener":
        """Begin to open some watches, in a transaction that writes, at an instant (UTC)."""
        await one_at_a_time(connection, f"watches of {self.caller.account}")
        namings = [] if self.caller.test else [*self._namings(coming)]
        budget = None
        if namings:
            budget = await Budget.opened(
                connection,
                key=self.caller.key,
                account=self.caller.account,
                namings=namings,
                now=now,
                per_day=self.unknown_per_day,
            )
        count = await count_of(connection, self.caller)
        return Opener(self, connection, now, budget, count)

    def _namings(self, coming: Iterable[Watched]) -> Iterator[str]:
        for watched in coming:
            naming = naming_of(watched.question, self.pepper)
            if naming is not None:
                yield naming


class Opener:
    """Opens the watches of one transaction."""

    def __init__(
        self,
        opening: Opening,
        connection: AsyncConnection,
        now: datetime,
        budget: Budget | None,
        count: int,
    ) -> None:
        """Take for whom, where, when (UTC), what may still be asked about trainers, and how many watches there are."""
        self._opening, self._connection, self._now = opening, connection, now
        self._budget, self._count, self._counted = budget, count, False

    async def open(self, watched: Watched, identity: str) -> tuple[Watch, Outcome] | None:
        """Open a watch, or find the one that there is.

        None: the key has asked about too many unknown trainers today, which is counted and nothing else done.

        Raises:
            Problem: of 400, it can't be watched; of 409, its reference is another watch's, or there are too many.
        """
        opening, connection = self._opening, self._connection
        known = await opening.known(connection, watched, self._now)
        index = _mirrored(known)
        _refuse(watch_faults(watched, day_of(known.at), index.words))
        watched = settled(watched)
        there = await self._there(watched)
        if there and there.watched == watched:
            return there, Outcome.UNCHANGED
        if not self._spent(watched, index, known.at):
            return None
        if there:
            await end_watch(connection, there.id, Ending.REPLACED, self._now)
        standing = stand(
            watched,
            index,
            day_of(known.at),
            known.at,
            accepts_declared=opening.caller.accepts_declared,
        )
        watch = await add_watch(
            connection,
            opening.caller,
            identity,
            watched,
            opened(watched, standing),
            person=person_of(watched.question, opening.pepper),
            now=self._now,
        )
        self._count += there is None
        return watch, Outcome.REPLACED if there else Outcome.CREATED

    async def close(self) -> None:
        """Keep what was counted of the budget."""
        if self._budget and self._counted:
            await self._budget.close(self._connection)

    async def _there(self, watched: Watched) -> Watch | None:
        """Return the watch that has the reference already; Problem of 409 if it may not be replaced."""
        there = None
        if watched.reference:
            there = await find_by_reference(
                self._connection, self._opening.caller, watched.reference
            )
        if there and there.watched != watched and not self._opening.replace:
            raise _taken(there)
        if there is None and self._count >= MOST_WATCHES:
            raise _too_many()
        return there

    def _spent(self, watched: Watched, index: Index, known_at: datetime) -> bool:
        """Count a watch on a trainer as a question about them, for so they could be guessed too; say if it may be."""
        naming = naming_of(watched.question, self._opening.pepper)
        if naming is None or self._budget is None:
            return True
        self._counted = True
        if self._budget.refuses(naming):
            self._budget.count_refusal()
            return False
        sought = judge_parts(watched, (), index, day_of(known_at), known_at).trainer
        self._budget.count_answer(naming, sought)
        return True


def _mirrored(known: Known) -> Index:
    if known.index is None:
        raise nothing_mirrored()
    return known.index


def _refuse(found: Iterable[Fault]) -> None:
    errors = [FieldError(pointer=f.pointer, code=f.code, detail=f.detail) for f in found]
    if errors:
        raise Problem(400, "invalid_watch", "This can't be watched; see errors.", errors=errors)


def _taken(there: Watch) -> Problem:
    detail = (
        f"{there.id} watches something else under this reference: end that one, use another reference, "
        "or send replace=true."
    )
    error = FieldError(pointer="/reference", code="taken", detail=f"is that of {there.id}")
    return Problem(409, "reference_taken", detail, errors=[error])


def _too_many() -> Problem:
    detail = f"The account has {MOST_WATCHES} watches, which is all it may have: end some."
    return Problem(409, "too_many_watches", detail)
