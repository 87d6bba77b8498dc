"""Events as they are told: what happened to the watches of one account, put together by what it happened to. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec

from trivet.alerts.movements import VERIFICATION_CHANGED, Happening
from trivet.alerts.standing import Leg, Stands, Subject
from trivet.alerts.watched import Watched, WatchedTrainer, WatchKind
from trivet.verification.reasons import REASONS, Element, Verdict
from trivet.verification.rules import Given

VERSION = "1"
"""The form of what is sent to endpoints that are made now."""

MOST_WATCHES = 1000
"""How many watches an event lists itself; all of them can be read at its address."""

REGISTER_LANE = "register"


class EventType(StrEnum):
    """What an event tells."""

    CERTIFICATION_GRANTED = "certification.granted"
    CERTIFICATION_LAPSED = "certification.lapsed"
    CERTIFICATION_SUSPENDED = "certification.suspended"
    CERTIFICATION_WITHDRAWN = "certification.withdrawn"
    CERTIFICATION_REINSTATED = "certification.reinstated"
    CERTIFICATION_EXPIRING = "certification.expiring"
    CERTIFICATION_RENEWED = "certification.renewed"
    CERTIFICATION_SHORTENED = "certification.shortened"
    CERTIFICATION_DELISTED = "certification.delisted"
    PROGRAMME_GRANTED = "programme.granted"
    PROGRAMME_LAPSED = "programme.lapsed"
    PROGRAMME_SUSPENDED = "programme.suspended"
    PROGRAMME_WITHDRAWN = "programme.withdrawn"
    PROGRAMME_REINSTATED = "programme.reinstated"
    PROGRAMME_EXPIRING = "programme.expiring"
    PROGRAMME_RENEWED = "programme.renewed"
    PROGRAMME_SHORTENED = "programme.shortened"
    PROGRAMME_DELISTED = "programme.delisted"
    AUTHORISATION_GRANTED = "authorisation.granted"
    AUTHORISATION_LAPSED = "authorisation.lapsed"
    AUTHORISATION_SUSPENDED = "authorisation.suspended"
    AUTHORISATION_WITHDRAWN = "authorisation.withdrawn"
    AUTHORISATION_REINSTATED = "authorisation.reinstated"
    AUTHORISATION_EXPIRING = "authorisation.expiring"
    AUTHORISATION_RENEWED = "authorisation.renewed"
    AUTHORISATION_SHORTENED = "authorisation.shortened"
    AUTHORISATION_DELISTED = "authorisation.delisted"
    AFFILIATION_GRANTED = "affiliation.granted"
    AFFILIATION_ENDED = "affiliation.ended"
    AFFILIATION_REINSTATED = "affiliation.reinstated"
    AFFILIATION_EXPIRING = "affiliation.expiring"
    AFFILIATION_RENEWED = "affiliation.renewed"
    AFFILIATION_SHORTENED = "affiliation.shortened"
    VERIFICATION_CHANGED = VERIFICATION_CHANGED
    REGISTER_STALE = "register.stale"
    REGISTER_RECOVERED = "register.recovered"
    REGISTER_QUARANTINED = "register.quarantined"
    WATCH_ENDED = "watch.ended"
    ENDPOINT_DISABLED = "endpoint.disabled"
    WEBHOOK_TEST = "webhook.test"


class _Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the shapes of an event have in common."""


class EventSubject(_Sent, frozen=True, kw_only=True):
    """The record that an event is about, and the half-open days [validFrom, validTo) of where it stands now.

    `provider` is the provider's id in the register. A trainer's authorisation has no name.
    """

    kind: Subject
    register: str
    name: str | None = None
    provider: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class StandsMoved(_Sent, frozen=True, kw_only=True):
    """Where a record stood before, and stands now."""

    before: Stands
    after: Stands


class VerdictMoved(_Sent, frozen=True, kw_only=True):
    """What the verdict was, and is now; only `pass` is permission."""

    before: Verdict
    after: Verdict


class EventReason(_Sent, frozen=True, kw_only=True):
    """Why: a code of `GET /v1/reasons`."""

    code: str
    element: Element | None
    rule: str
    text: str


class Expiry(_Sent, frozen=True, kw_only=True):
    """The end that comes near: the first day (London) on which it holds no more, and the notice that was asked for."""

    expires_on: date
    notice: str


class EventSource(_Sent, frozen=True, kw_only=True):
    """A source that an event of the register is about: as of when (UTC) it stands, and why."""

    source: str
    as_of: datetime | None = None
    why: str | None = None


class AffectedWatch(_Sent, frozen=True, kw_only=True):
    """A watch that an event affects, with its verdict before and after; `trainer` as the caller named them."""

    id: str
    kind: WatchKind
    reference: str | None = None
    trainer: WatchedTrainer | None = None
    before: Verdict
    after: Verdict


class EventData(_Sent, frozen=True, kw_only=True):
    """What an event says. What does not apply to its type is null or empty.

    `effectiveOn` is the Europe/London day from which it holds. `watches` are the first of `watchCount` that it affects.
    `corrects` is the earlier event that this one undoes.
    """

    text: str
    effective_on: date | None = None
    subject: EventSubject | None = None
    status: StandsMoved | None = None
    verdict: VerdictMoved | None = None
    reasons: list[EventReason] = []
    expiry: Expiry | None = None
    sources: list[EventSource] = []
    watches: list[AffectedWatch] = []
    watch_count: int = 0
    corrects: str | None = None
    snapshot: str | None = None
    test: bool = False


class Event(_Sent, frozen=True, kw_only=True):
    """One event, as it is listed and as it is sent; `timestamp` (UTC) is when the mirror learned it."""

    id: str
    type: EventType
    version: str
    timestamp: datetime
    data: EventData


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """A watch to which something happened, whose it is, and by which hash its trainer is found."""

    watch: str
    account: str
    watched: Watched
    person: str | None
    happening: Happening
    corrects: str | None = None


class Group(msgspec.Struct, frozen=True):
    """What happened to some watches of one account at once: it becomes one event."""

    account: str
    affected: tuple[Affected, ...]

    @property
    def happening(self) -> Happening:
        """What happened to each of them."""
        return self.affected[0].happening


_ORDER = {subject: position for position, subject in enumerate(Subject)}


def grouped(affected: Iterable[Affected]) -> list[Group]:
    """Put what happened together: an event an account for each move of a record, and for each way a verdict moved.

    In the order of days, then records before verdicts: what is told of one watch is told in the order in which it came.
    """
    groups: dict[tuple[object, ...], list[Affected]] = {}
    for one in affected:
        groups.setdefault(_together(one), []).append(one)
    found = [Group(members[0].account, tuple(members)) for members in groups.values()]
    return sorted(found, key=_when)


def _together(one: Affected) -> tuple[object, ...]:
    happening, leg = one.happening, one.happening.leg
    when = happening.day, happening.effective_on
    common = (one.account, happening.type, *when, happening.provider, one.corrects)
    if leg is None:
        codes = tuple(reason.code for reason in happening.reasons)
        return (*common, happening.verdicts, codes)
    return (*common, leg.register, leg.ends, happening.before, happening.after, happening.notice)


def _when(group: Group) -> tuple[date, str, bool, int, str]:
    """Return when a group is told: records before verdicts, and what comes near after all that happened."""
    happening = group.happening
    order = len(_ORDER) if happening.leg is None else _ORDER[happening.leg.subject]
    near = happening.notice is not None
    return happening.day, happening.provider or "", near, order, happening.type


def data_of(group: Group, *, corrects: bool) -> EventData:
    """Return what the event of a group says, without its watches: those are kept each for itself.

    `corrects`: it undoes an earlier one.
    """
    happening, leg = group.happening, group.happening.leg
    moved = happening.before, happening.after
    return EventData(
        text=f"{_text(group)} This corrects what was told before." if corrects else _text(group),
        effective_on=happening.effective_on,
        subject=_subject(leg, happening.provider) if leg and leg.register else None,
        status=StandsMoved(before=moved[0], after=moved[1]) if moved[0] and moved[1] else None,
        verdict=None
        if leg
        else VerdictMoved(before=happening.verdicts[0], after=happening.verdicts[1]),
        reasons=[*_reasons(happening.reasons)],
        expiry=_expiry(happening),
    )


def watch_of(one: Affected) -> AffectedWatch:
    """Return a watch as an event lists it."""
    before, after = one.happening.verdicts
    return AffectedWatch(
        id=one.watch,
        kind=one.watched.kind,
        reference=one.watched.reference or None,
        trainer=one.watched.trainer or None,
        before=before,
        after=after,
    )


def _subject(leg: Leg, provider: str | None) -> EventSubject:
    return EventSubject(
        kind=leg.subject,
        register=leg.register or "",
        name=leg.name,
        provider=provider,
        valid_from=leg.begins,
        valid_to=leg.ends,
    )


def _expiry(happening: Happening) -> Expiry | None:
    if happening.notice is None or happening.leg is None or happening.leg.ends is None:
        return None
    return Expiry(expires_on=happening.leg.ends, notice=f"P{happening.notice}D")


def _reasons(given: Sequence[Given]) -> Iterator[EventReason]:
    for reason in given:
        known = REASONS[reason.code]
        yield EventReason(
            code=reason.code, element=reason.element, rule=known.rule, text=known.text
        )


_CALLED: Mapping[Subject, str] = {
    Subject.PROVIDER: "the certification",
    Subject.PROGRAMME: "the approval of the programme",
    Subject.AUTHORISATION: "a trainer's authorisation",
    Subject.AFFILIATION: "the affiliation",
}
_SAID: Mapping[str, str] = {
    "granted": "is in force",
    "lapsed": "is in force no more",
    "suspended": "is suspended",
    "withdrawn": "is withdrawn",
    "reinstated": "is in force again",
    "renewed": "lasts longer than was recorded",
    "shortened": "ends sooner than was recorded",
    "delisted": "is not on the list any more, which is not a withdrawal",
    "ended": "is in force no more",
}
_VERDICTS: Mapping[Verdict, str] = {
    Verdict.PASS: "certified",
    Verdict.FAIL: "not certified",
    Verdict.CANNOT_CONFIRM: "not confirmed, which is not a finding against the provider",
}


def _text(group: Group) -> str:
    """Return the event as a sentence or two, without anybody's name but an organisation's or a programme's."""
    happening, leg = group.happening, group.happening.leg
    count = len(group.affected)
    affects = "1 watch is affected." if count == 1 else f"{count} watches are affected."
    if leg is None:
        before, after = (_VERDICTS[verdict].partition(",")[0] for verdict in happening.verdicts)
        said = f"What was {before} for {_day(happening.effective_on)} is now {after}."
        return f"{said} {affects}"
    what = _CALLED[leg.subject]
    what = f"{what} of {leg.name}" if leg.name else f"{what} ({leg.register})"
    return f"{_sentence(what, happening)} {affects}"


def _sentence(what: str, happening: Happening) -> str:
    leg, moved = happening.leg, happening.type.partition(".")[2]
    ends = _day(leg.ends) if leg and leg.ends else "no day that is recorded"
    if moved == "expiring":
        return f"{what[0].upper()}{what[1:]} ends on {ends}."
    said = f"{what[0].upper()}{what[1:]} {_SAID[moved]}"
    if moved in ("renewed", "shortened"):
        return f"{said}: until {ends}."
    return f"{said}, from {_day(happening.effective_on)}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
