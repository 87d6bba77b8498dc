"""What is told of any timeline: each change once, whether it is looked at day by day or after a while."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.documents import authorisation, body, document, in_force, programme, provider
from tests.registers import index_of
from trivet.alerts.movements import MOST_DAYS_MISSED, Happening, State, opened, run
from trivet.alerts.standing import Standing, stand
from trivet.alerts.watched import Watched, WatchedTrainer
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.index import Index
from trivet.verification.question import ProgrammeReference, ProgrammeScheme, TrainerScheme

FIRST = date(2026, 9, 1)
DAYS = 120
LAST = FIRST + timedelta(days=DAYS)
HERON = Identifier(scheme=Scheme.REGISTER, value="heron")

Timeline = list[dict[str, Any]]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Return periods around the days that are played: with gaps and without, the last one open or not."""
    cuts = sorted(draw(st.sets(st.integers(-60, DAYS + 60), min_size=2, max_size=8)))
    days = [(FIRST + timedelta(days=cut)).isoformat() for cut in cuts]
    statuses = st.sampled_from(["in_force", "in_force", "in_force", "suspended", "withdrawn"])
    periods: Timeline = [
        {"status": draw(statuses), "from": begins, "to": ends}
        for begins, ends in pairwise(days)
        if draw(st.integers(0, 4))
    ]
    if draw(st.booleans()):
        applied = {"status": "applied", "from": "2025-01-01", "to": days[0]}
        periods.insert(0, applied)
    if not periods or draw(st.booleans()):
        last = draw(st.sampled_from(["in_force", "withdrawn", "expired", "suspended"]))
        periods.append({"status": last, "from": days[-1], "to": None})
    return periods


NOTICES = st.lists(st.sampled_from([1, 3, 7, 30, 45, 90]), max_size=4, unique=True)


def naive(timeline: Timeline, day: date) -> str:
    """Read where a record stands on a day, plainly."""
    text = day.isoformat()
    begun = [period for period in timeline if period["from"] <= text]
    inside = [period for period in begun if period["to"] is None or text < period["to"]]
    if inside:
        status = str(inside[0]["status"])
        return {"applied": "none", "expired": "lapsed"}.get(status, status)
    if begun and begun[-1]["status"] == "withdrawn":
        return "withdrawn"
    return "lapsed" if any(period["status"] == "in_force" for period in begun) else "none"


def naive_end(timeline: Timeline, day: date) -> date | None:
    """Return the first day after a day in force that is not, by trying each; None if none of the next 400 is."""
    days = (day + timedelta(days=n) for n in range(1, 400))
    return next((one for one in days if naive(timeline, one) != "in_force"), None)


def mirrored(timeline: Timeline) -> Index:
    """Return a register with one programme of this timeline; its provider and trainer stay as they are."""
    written = document(
        bodies=[body()],
        providers=[provider("heron", periods=in_force("2024-01-01", "2031-01-01"))],
        programmes=[programme("h-1", periods=timeline)],
        authorisations=[authorisation("AU-1", trainer="tr-1")],
    )
    as_of = datetime.combine(FIRST, time(), UTC)
    return index_of(written, first_seen=FIRST, as_of=as_of, max_age=timedelta(days=9999))


class Looking:
    """A triple that is watched by a register that stays as it is: only the days go by."""

    def __init__(self, timeline: Timeline, notices: Sequence[int] = ()) -> None:
        self._index = mirrored(timeline)
        self._watched = Watched(
            provider=HERON,
            programme=ProgrammeReference(scheme=ProgrammeScheme.REGISTER, value="h-1"),
            trainer=WatchedTrainer(scheme=TrainerScheme.REGISTER, value="tr-1"),
            expiry_notice=tuple(f"P{notice}D" for notice in notices),
        )
        self.state = opened(self._watched, self._stand(FIRST, None))

    def _stand(self, day: date, before: Standing | None) -> Standing:
        now = datetime.combine(day, time(12), UTC)
        return stand(self._watched, self._index, day, now, accepts_declared=False, before=before)

    def look(self, today: date) -> list[Happening]:
        """Look on a day, and return what is told then."""
        since = self.state.standing.day
        self.state, told = run(self._watched, self.state, since, today, self._stand)
        return told

    def daily(self, last: date = LAST) -> list[Happening]:
        """Look every day, and return all that is told."""
        days = (last - self.state.standing.day).days
        begins = self.state.standing.day
        return [told for n in range(1, days + 1) for told in self.look(begins + timedelta(days=n))]


@settings(max_examples=30, deadline=None)
@given(timelines(), NOTICES)
def test_day_by_day_tells_what_one_look_after_all_those_days_tells(
    timeline: Timeline, notices: list[int]
) -> None:
    daily, late = Looking(timeline, notices), Looking(timeline, notices)
    assert daily.daily() == late.look(LAST)
    assert daily.state == late.state


@settings(max_examples=30, deadline=None)
@given(timelines(), NOTICES, st.integers(0, DAYS))
def test_a_second_look_tells_nothing(timeline: Timeline, notices: list[int], after: int) -> None:
    looking, today = Looking(timeline, notices), FIRST + timedelta(days=after)
    looking.look(today)
    state: State = looking.state
    assert looking.look(today) == []
    assert looking.state == state


@settings(max_examples=30, deadline=None)
@given(timelines())
def test_every_change_of_a_record_is_told_once_and_nothing_else(timeline: Timeline) -> None:
    told = Looking(timeline).daily()
    moves = [one for one in told if one.leg is not None]
    verdicts = [one for one in told if one.leg is None]
    days = [FIRST + timedelta(days=n) for n in range(DAYS + 1)]
    changes = [
        (naive(timeline, before), naive(timeline, after), after)
        for before, after in pairwise(days)
        # What was bad and is not even begun any more is no news.
        if naive(timeline, before) != naive(timeline, after) != "none"
    ]
    assert [(str(m.before), str(m.after), m.effective_on) for m in moves] == changes
    assert [m.type for m in moves] == [f"programme.{called(*change)}" for change in changes]
    turns = [(a == "in_force", day) for b, a, day in changes if "in_force" in (a, b)]
    assert [(v.verdicts[1] == "pass", v.effective_on) for v in verdicts] == turns


def called(before: str, after: str, _: date) -> str:
    """Return what a change is called."""
    if after == "in_force":
        return "granted" if before == "none" else "reinstated"
    return after


@settings(max_examples=30, deadline=None)
@given(timelines(), NOTICES)
def test_each_end_is_told_at_each_notice_once_and_never_after_it(
    timeline: Timeline, notices: list[int]
) -> None:
    told = [one for one in Looking(timeline, notices).daily() if one.notice is not None]
    given = [(one.leg.ends, one.notice) for one in told if one.leg]
    assert len(given) == len(set(given))
    for one in told:
        assert one.leg
        assert one.leg.ends
        assert one.day < one.leg.ends == naive_end(timeline, one.day)
        assert naive(timeline, one.day) == "in_force"
    due = {
        (end, notice, day)
        for n in range(1, DAYS + 1)
        if naive(timeline, day := FIRST + timedelta(days=n)) == "in_force"
        and (end := naive_end(timeline, day))
        for notice in notices
        if end - timedelta(days=notice) == day
    }
    assert due <= {(one.leg.ends, one.notice, one.day) for one in told if one.leg}
    begun_late = [
        day
        for n in range(1, DAYS + 1)
        if naive(timeline, day := FIRST + timedelta(days=n))
        == "in_force"
        != naive(timeline, day - timedelta(days=1))
        and (end := naive_end(timeline, day))
        and any(end - timedelta(days=notice) < day for notice in notices)
    ]
    # What holds again so late that a notice was due before it did is told of at once.
    assert set(begun_late) <= {one.day for one in told}


@settings(max_examples=8, deadline=None)
@given(timelines())
def test_after_a_longer_stop_than_is_gone_through_day_by_day_the_last_standing_is_still_told(
    timeline: Timeline,
) -> None:
    looking = Looking(timeline)
    last = FIRST + timedelta(days=MOST_DAYS_MISSED + 34)
    told = [one for one in looking.look(last) if one.leg is not None]
    before, after = naive(timeline, FIRST), naive(timeline, last)
    assert after in ("none", str(told[-1].after) if told else before)
