"""Looking at watches by one register: where each stands now, and what happened to it since. Pure."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from trivet.alerts.events import Affected
from trivet.alerts.movements import VERIFICATION_CHANGED, Happening, State, run
from trivet.alerts.standing import Standing, stand
from trivet.alerts.watches import Watch
from trivet.register.index import Index


class Looked(msgspec.Struct, frozen=True):
    """A watch that was looked at: what is to be remembered of it now, and what happened to it."""

    watch: Watch
    state: State
    affected: tuple[Affected, ...]


class Register(msgspec.Struct, frozen=True):
    """The register that watches are looked at by, as of a London day and an instant (UTC).

    `since` is the day up to which they were looked at before.
    """

    index: Index
    since: date
    today: date
    now: datetime

    def look(self, watches: Iterable[Watch]) -> list[Looked]:
        """Look at watches: what happened to each since it was looked at last."""
        return [self._look(watch) for watch in watches]

    def _look(self, watch: Watch) -> Looked:
        state, happened = run(
            watch.watched,
            watch.state,
            self.since,
            self.today,
            lambda day, before: stand(
                watch.watched,
                self.index,
                day,
                self.now,
                accepts_declared=watch.accepts_declared,
                before=before,
            ),
        )
        return Looked(watch, state, tuple(self._affected(watch, one) for one in happened))

    def _affected(self, watch: Watch, happening: Happening) -> Affected:
        corrects = None
        if happening.type == VERIFICATION_CHANGED:
            corrects = self._undone(watch, happening)
        return Affected(
            watch=watch.id,
            account=watch.account,
            watched=watch.watched,
            person=watch.person,
            happening=happening,
            corrects=corrects,
        )

    def _undone(self, watch: Watch, happening: Happening) -> str | None:
        """Return the event of the verdict's last turn if by what is known now it never turned."""
        turn = watch.state.turn
        if turn is None or turn.stale or happening.verdicts[1] is not turn.before:
            return None
        known_now = self.standing(watch, turn.on)
        return turn.event if known_now.verdict is turn.before else None

    def standing(self, watch: Watch, day: date) -> Standing:
        """Return where a watch stands as of a day by what is known now."""
        return stand(
            watch.watched,
            self.index,
            day,
            self.now,
            accepts_declared=watch.accepts_declared,
            before=watch.state.standing,
        )
