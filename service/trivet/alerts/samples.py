"""Events as they might be, for tests of an endpoint. Every organisation is fictional. Pure."""

from datetime import date, datetime, timedelta

from trivet.alerts.events import (
    AffectedWatch,
    Event,
    EventData,
    EventReason,
    EventSource,
    EventSubject,
    EventType,
    Expiry,
    StandsMoved,
    VerdictMoved,
)
from trivet.alerts.standing import Stands, Subject
from trivet.alerts.watched import WatchedTrainer, WatchKind
from trivet.verification.question import TrainerScheme
from trivet.verification.reasons import REASONS, Verdict

_TEXT = "A test, sent because somebody asked for it: nothing has happened. Every organisation in it is fictional."
_SUBJECTS = {
    "certification": (Subject.PROVIDER, "sample-provider", "Sample Training (fictional)"),
    "programme": (Subject.PROGRAMME, "sample-programme", "Sample programme (fictional)"),
    "authorisation": (Subject.AUTHORISATION, "SAMPLE-1", None),
    "affiliation": (Subject.AFFILIATION, "sample-affiliation", "Sample Ward (fictional)"),
}
_LOST = {
    "lapsed": Stands.LAPSED,
    "suspended": Stands.SUSPENDED,
    "withdrawn": Stands.WITHDRAWN,
    "delisted": Stands.DELISTED,
    "ended": Stands.LAPSED,
}
_EXPIRED = {
    "certification": "provider_certification_expired",
    "programme": "programme_approval_expired",
    "authorisation": "trainer_authorisation_expired",
}
_ELEMENTS = {"certification": "provider", "programme": "programme", "authorisation": "trainer"}
_HELD_BEFORE = {
    "granted": Stands.NONE,
    "reinstated": Stands.SUSPENDED,
    "renewed": Stands.IN_FORCE,
    "shortened": Stands.IN_FORCE,
}


def sample(kind: EventType, identity: str, version: str, now: datetime, today: date) -> Event:
    """Return a whole event of a type, marked as a test, as if it had been learned at an instant (UTC)."""
    of, _, moved = kind.partition(".")
    data = EventData(text=_TEXT, effective_on=today, test=True)
    if of in _SUBJECTS:
        data = _of_record(of, moved, today)
    elif kind is EventType.VERIFICATION_CHANGED:
        data = EventData(
            text=_TEXT,
            effective_on=today,
            verdict=VerdictMoved(before=Verdict.PASS, after=Verdict.FAIL),
            reasons=[_reason("provider_suspended")],
            watches=[_watch(Verdict.PASS, Verdict.FAIL)],
            watch_count=1,
            test=True,
        )
    elif of == "register":
        source = EventSource(source="sample-register", as_of=now - timedelta(days=2))
        data = EventData(text=_TEXT, sources=[source], test=True)
    return Event(id=identity, type=kind, version=version, timestamp=now, data=data)


def _of_record(of: str, moved: str, today: date) -> EventData:
    kind, register, name = _SUBJECTS[of]
    after = _LOST.get(moved, Stands.IN_FORCE)
    before = _HELD_BEFORE.get(moved, Stands.IN_FORCE)
    ends = today + timedelta(days=30)
    near = moved == "expiring"
    verdicts = (
        Verdict.PASS if before is Stands.IN_FORCE else Verdict.FAIL,
        Verdict.PASS if after is Stands.IN_FORCE else Verdict.FAIL,
    )
    return EventData(
        text=_TEXT,
        effective_on=today,
        subject=EventSubject(
            kind=kind,
            register=register,
            name=name,
            provider="sample-provider",
            valid_from=today,
            valid_to=ends if after is Stands.IN_FORCE else None,
        ),
        status=None if near else StandsMoved(before=before, after=after),
        reasons=[_reason(_code(of, moved))] if moved in _LOST else [],
        expiry=Expiry(expires_on=ends, notice="P30D") if near else None,
        watches=[_watch(*verdicts)],
        watch_count=1,
        test=True,
    )


def _code(of: str, moved: str) -> str:
    if of == "affiliation":
        return "affiliation_not_in_force"
    return _EXPIRED[of] if moved == "lapsed" else f"{_ELEMENTS[of]}_{moved}"


def _watch(before: Verdict, after: Verdict) -> AffectedWatch:
    return AffectedWatch(
        id="wat_" + "0" * 32,
        kind=WatchKind.TRIPLE,
        reference="SAMPLE",
        trainer=WatchedTrainer(scheme=TrainerScheme.REGISTER, value="sample-trainer"),
        before=before,
        after=after,
    )


def _reason(code: str) -> EventReason:
    known = REASONS[code]
    return EventReason(code=code, element=known.element, rule=known.rule, text=known.text)
