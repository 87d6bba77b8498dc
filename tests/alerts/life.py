"""A register's life, played fast: what is done on each day, and what every account is to be told of it.

What is to be told is written down by hand beside what is done. A watch is called by its reference, whose first letter
says whose it is; `T2:pf` is the watch T2, whose verdict was `pass` and is `fail`.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.register.documents import document
from tests.service import PEPPER, Service
from trivet.access.keys import Scope
from trivet.alerts.rounds import Rounds
from trivet.database import reading
from trivet.register import mirror, quarantine
from trivet.register.sources import load_profile

LONDON = ZoneInfo("Europe/London")
ACCOUNTS = {"T": "trust", "C": "council", "S": "school", "L": "college"}
"""Fictional; the college watches nothing, and has events sent to it all the same."""

AGED = 'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P10D"\n'
GUARDED = AGED + "[guards]\nmax_shrink = 0.5\n"
_VERDICTS = {"p": "pass", "f": "fail", "c": "cannot_confirm"}


def day(text: str) -> date:
    """Return a London day."""
    return date.fromisoformat(text)


def at(text: str, hour: int = 9, minute: int = 0) -> datetime:
    """Return the instant of a London day and time."""
    return datetime.combine(day(text), time(hour, minute), LONDON)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event of one account, as it is to be or as it came.

    `when` is the London minute at which it was told, `on` the day from which it holds, `corrects` says which event is
    undone in the words of `called`.
    """

    account: str
    type: str
    when: str
    subject: str | None = None
    moved: str | None = None
    on: str | None = None
    expiry: str | None = None
    watches: frozenset[str] = frozenset()
    corrects: str | None = None

    @property
    def called(self) -> str:
        """What tells it from every other event of the account that may be corrected."""
        return f"{self.when} {self.type} {self.subject} {self.on} {self.moved}"

    @property
    def references(self) -> Sequence[str]:
        """The watches that it is about; of one about none, what it is instead."""
        return [*(w.partition(" ")[0] for w in self.watches)] or ["the register"]


@dataclass(frozen=True)
class Expected:
    """What is to be told to whoever watches: by the references and verdicts in `to`, and when if not now."""

    type: str
    to: str
    subject: str | None = None
    moved: str | None = None
    on: str | None = None
    expiry: str | None = None
    seen: str | None = None
    corrects: str | None = None
    mark: str | None = None


def told(  # noqa: PLR0913 - what an event says
    kind: str,
    subject: str,
    moved: str,
    to: str,
    *,
    on: str,
    seen: str | None = None,
    corrects: str | None = None,
    mark: str | None = None,
) -> Expected:
    """Expect that a record moved, such as `suspended` from `in_force>suspended`.

    `mark` is a name that a later one `corrects`; `seen` the day, where the clock alone brings it, if it is not `on`.
    """
    kind = f"{_PREFIX[subject.partition(' ')[0]]}.{kind}"
    return Expected(kind, to, subject, moved, on, None, seen, corrects, mark)


def near(subject: str, to: str, *, ends: str, notice: str, seen: str) -> Expected:
    """Expect that an end comes near."""
    kind = f"{_PREFIX[subject.partition(' ')[0]]}.expiring"
    return Expected(kind, to, subject, None, seen, f"{ends} {notice}", seen)


def turned(
    moved: str,
    to: str,
    *,
    on: str,
    seen: str | None = None,
    corrects: str | None = None,
    mark: str | None = None,
) -> Expected:
    """Expect that a verdict moved, such as `p>f`, for a day."""
    before, _, after = moved.partition(">")
    moved = f"{_VERDICTS[before]}>{_VERDICTS[after]}"
    pairs = " ".join(f"{reference}:{before}{after}" for reference in to.split())
    return Expected("verification.changed", pairs, None, moved, on, None, seen, corrects, mark)


def of_register(kind: str, letters: str = "TCSL", seen: str | None = None) -> Expected:
    """Expect that something is told of the source itself, to these accounts."""
    return Expected(f"register.{kind}", letters, "source cases", seen=seen)


_PREFIX = {
    "provider": "certification",
    "programme": "programme",
    "authorisation": "authorisation",
    "affiliation": "affiliation",
}


def _minute(instant: datetime) -> str:
    return instant.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


def _each(expected: Expected, when: str, marks: Mapping[tuple[str, str], str]) -> Iterator[Told]:
    """Yield what is told to each account."""
    about: dict[str, set[str]] = {}
    for word in expected.to.split() if ":" in expected.to else expected.to:
        reference, _, verdicts = word.partition(":")
        of_account = about.setdefault(ACCOUNTS[reference[0]], set())
        if verdicts:
            before, after = (_VERDICTS[letter] for letter in verdicts)
            of_account.add(f"{reference} {before}>{after}")
    for account, watches in about.items():
        yield Told(
            account=account,
            type=expected.type,
            when=when,
            subject=expected.subject,
            moved=expected.moved,
            on=expected.on,
            expiry=expected.expiry,
            watches=frozenset(watches),
            corrects=marks[account, expected.corrects] if expected.corrects else None,
        )


def came(account: str, events: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Return events of an account as they were sent, in the words in which they are expected."""
    found: list[Told] = []
    by_id: dict[str, Told] = {}
    for event in events:
        one = _came(account, event)
        undone = event["data"]["corrects"]
        # What is undone came before what undoes it.
        one = replace(one, corrects=by_id[undone].called) if undone else one
        by_id[event["id"]] = one
        found.append(one)
    return found


def _came(account: str, event: Mapping[str, Any]) -> Told:
    data = event["data"]
    subject, moved, expiry = data["subject"], data["status"] or data["verdict"], data["expiry"]
    sources = [source["source"] for source in data["sources"]]
    assert data["watchCount"] == len(data["watches"])
    return Told(
        account=account,
        type=event["type"],
        when=_minute(datetime.fromisoformat(event["timestamp"])),
        subject=f"{subject['kind']} {subject['register']}"
        if subject
        else (f"source {' '.join(sources)}" if sources else None),
        moved=f"{moved['before']}>{moved['after']}" if moved else None,
        on=data["effectiveOn"],
        expiry=f"{expiry['expiresOn']} {expiry['notice']}" if expiry else None,
        watches=frozenset(f"{w['reference']} {w['before']}>{w['after']}" for w in data["watches"]),
    )


def by_reference(events: Iterable[Told]) -> dict[str, list[Told]]:
    """Return what was told of each watch, in order."""
    found: dict[str, list[Told]] = {}
    for event in events:
        for reference in event.references:
            found.setdefault(reference, []).append(event)
    return found


def compare(actual: Sequence[Told], expected: Sequence[Told]) -> None:
    """Make sure that each expected event came once, none else came, and those of each watch in order."""
    missing = Counter(expected) - Counter(actual)
    invented = Counter(actual) - Counter(expected)
    shown = [
        f"{word}: {one}"
        for word, many in (("missing", missing), ("invented", invented))
        for one in sorted(many.elements(), key=lambda one: (one.when, one.type))
    ]
    assert not shown, "\n".join(shown)
    assert by_reference(actual) == by_reference(expected)


@dataclass
class Life:
    """A service whose clock is played, the register that it mirrors, and what is to be told until now."""

    service: Service
    register: dict[str, dict[str, dict[str, Any]]]
    profile: str = GUARDED
    # London weekdays on which the source is read early in the morning; it says nothing new then.
    read_on: frozenset[int] = frozenset({0})
    # Whether there is a round on every day, or only where the clock is expected to bring something.
    daily: bool = False
    # Called before the clock moves on, with the instant that it is to show.
    meanwhile: Callable[[datetime], Awaitable[None]] | None = None
    expected: list[Told] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    watches: dict[str, str] = field(default_factory=dict)
    _marks: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The instant that is played, as London has it."""
        return self.service.clock().astimezone(LONDON)

    async def begin(self, instant: datetime) -> None:
        """Let it begin: accounts and a first reading."""
        self.service.clock.now = instant.astimezone(UTC)
        self._rounds = Rounds(self.service.engine, PEPPER.encode())
        for account in ACCOUNTS.values():
            self.keys[account] = await self.service.key(Scope.WATCH, Scope.READ, account=account)
        await self.read()

    async def watch(self, reference: str, verdict: str, **watched: Any) -> None:
        """Open a watch, whose verdict is answered at once."""
        account = ACCOUNTS[reference[0]]
        answer = await self.service.post(
            "/v1/watches", {"reference": reference, **watched}, self.keys[account]
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["standing"]["verdict"] == _VERDICTS[verdict], answer.text
        self.watches[reference] = answer.json()["id"]

    async def endpoint(self, account: str, url: str) -> dict[str, Any]:
        """Have the events of an account sent somewhere."""
        answer = await self.service.post("/v1/webhook-endpoints", {"url": url}, self.keys[account])
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def end_watch(self, reference: str) -> None:
        """Delete a watch."""
        headers = {"Authorization": f"Bearer {self.keys[ACCOUNTS[reference[0]]]}"}
        path = f"/v1/watches/{self.watches.pop(reference)}"
        assert (await self.service.http.delete(path, headers=headers)).status_code == 204

    def set(self, kind: str, register: str, **fields: Any) -> None:
        """Have the publisher change a record."""
        self.register[kind][register].update(fields)

    def _document(self) -> dict[str, Any]:
        records: dict[str, Any] = {k: [*of_kind.values()] for k, of_kind in self.register.items()}
        return {**document(**records), "publishedAt": self.now.isoformat()}

    async def read(self, *expected: Expected, outcome: str | None = None) -> None:
        """Read the source as it is now, and expect to tell this."""
        synced = await self.service.publish(json.loads(json.dumps(self._document())), self.profile)
        assert outcome is None or synced.fetch.outcome == outcome
        self.expect(*expected)

    async def release(self, *expected: Expected) -> None:
        """Have the operator believe what waits, and expect to tell this."""
        engine, key = self.service.engine, PEPPER.encode()
        profile = load_profile(self.service.settings.sources_folder / "cases.toml")
        async with reading(engine) as connection:
            waiting, *_ = await quarantine.held(connection)
        clock, herald = self.service.clock, self._rounds
        await mirror.release(engine, profile, waiting, key, clock, note="checked", herald=herald)
        await self.service.running.refresh()
        self.expect(*expected)

    def expect(self, *expected: Expected, when: str | None = None) -> None:
        """Expect that this is told now, in this order."""
        for one in expected:
            for each in _each(one, when or _minute(self.now), self._marks):
                self.expected.append(each)
                if one.mark:
                    self._marks[each.account, one.mark] = each.called

    async def until(self, last: str, *expected: Expected, hour: int = 9) -> None:
        """Play up to an hour of a London day, with a round early each day, and expect that the clock tells this."""
        for one in sorted(expected, key=lambda one: one.seen or one.on or ""):
            self.expect(one, when=f"{one.seen or one.on} 00:05")
        # What is told for days that nobody looked at is another test's.
        brings = {day(one.seen or one.on or last) for one in expected} | {day(last)}
        brings |= {one - timedelta(days=1) for one in brings}
        today = self.now.date() + timedelta(days=1)
        while today <= day(last):
            if self.daily or today in brings:
                await self.move(datetime.combine(today, time(0, 5), LONDON))
                await self.go_round()
            if today.weekday() in self.read_on:
                await self.move(datetime.combine(today, time(6), LONDON))
                await self.read()
            today += timedelta(days=1)
        await self.move(at(last, hour))

    async def move(self, instant: datetime) -> None:
        """Let the clock move on."""
        if self.meanwhile:
            await self.meanwhile(instant)
        self.service.clock.now = instant.astimezone(UTC)

    async def go_round(self) -> bool:
        """Look through the watches as the clock has it now."""
        return await self._rounds.go_round(self.service.clock())

    async def events(self, account: str, *, limit: int = 3) -> list[Told]:
        """Return what an account was told, read in small pages until one is not full."""
        return came(account, await self.listed(account, limit=limit))

    async def listed(self, account: str, *, limit: int = 3) -> list[dict[str, Any]]:
        """Return the events of an account as they are listed."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            answer = await self.service.get(f"/v1/events?limit={limit}{after}", self.keys[account])
            page = answer.json()
            found += page["items"]
            after = f"&after={page['nextCursor']}"
            if len(page["items"]) < limit:
                return found

    def expected_of(self, account: str) -> list[Told]:
        """Return what an account is to be told until now."""
        return [one for one in self.expected if one.account == account]
