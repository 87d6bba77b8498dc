"""An event from the body of a webhook. What is known is as the contract says, or refused.

A newer service may add types, keys and words: none of them makes a receiver fail.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from trivet_client.webhooks.events import (
    Event,
    Expiring,
    Reason,
    RegisterEvent,
    Source,
    StandingChanged,
    Subject,
    Trainer,
    VerdictWord,
    VerificationChanged,
    Watch,
    WatchEnded,
)
from trivet_client.webhooks.refusals import NotAnEvent

T = TypeVar("T")


class Fields:
    """The fields of one object of a body, each read as what it has to be.

    What is missing reads as null does. NotAnEvent names the field that is anything else.
    """

    def __init__(self, found: object, where: str = "the body") -> None:
        if not isinstance(found, dict):
            raise NotAnEvent(f"{where} is no object")
        self.found: Mapping[str, Any] = found
        self._where = where

    def _read(self, name: str, kind: type[T]) -> T | None:
        value = self.found.get(name)
        if value is None or (isinstance(value, kind) and type(value) is not bool):
            return value
        raise self.wrong(name)

    def wrong(self, name: str) -> NotAnEvent:
        """Return what to raise about a field."""
        return NotAnEvent(f"{self._within(name)} is not as it is in an event")

    def _within(self, name: str) -> str:
        return name if self._where == "the body" else f"{self._where}.{name}"

    def needed(self, name: str, value: T | None) -> T:
        """Return what was read of a field that can't be left out; NotAnEvent if it was."""
        if value is None:
            raise self.wrong(name)
        return value

    def text(self, name: str) -> str:
        """Return a text that is there."""
        return self.needed(name, self.text_or_none(name))

    def text_or_none(self, name: str) -> str | None:
        """Return a text."""
        return self._read(name, str)

    def verdict(self, name: str) -> VerdictWord | None:
        """Return a word for a verdict, whichever it is."""
        word = self.text_or_none(name)
        return None if word is None else VerdictWord(word)

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        return self._read(name, int)

    def flag(self, name: str) -> bool:
        """Return whether something is so; what is not said is not."""
        value = self.found.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(name)

    def day(self, name: str) -> date | None:
        """Return a day."""
        return self._parsed(name, date.fromisoformat)

    def instant(self, name: str) -> datetime | None:
        """Return an instant, in UTC; one without an offset is none."""
        return self._parsed(name, _instant)

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self.text_or_none(name)
        try:
            return None if text is None else parse(text)
        except (ValueError, OverflowError) as error:
            raise self.wrong(name) from error

    def within(self, name: str) -> "Fields | None":
        """Return the fields of an object."""
        found = self._read(name, dict)
        return None if found is None else Fields(found, self._within(name))

    def each(self, name: str) -> list["Fields"]:
        """Return the fields of each object of a list."""
        return [Fields(one, self._within(name)) for one in self._read(name, list) or ()]


def event_of(body: str) -> Event:
    """Return the event that a body tells of.

    Raises:
        NotAnEvent: it tells of none.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnEvent("the body is no JSON") from error
    return event_from(document)


def event_from(told: object) -> Event:
    """Return the event that the document of a body tells of.

    What it was about is gone once the person was erased: then it is an `Event` and no more, whatever its type.

    Raises:
        NotAnEvent: it tells of none.
    """
    document = Fields(told)
    data = document.needed("data", document.within("data"))
    watches = tuple(_watch(one) for one in data.each("watches"))
    count = data.number("watchCount")
    common: dict[str, Any] = {
        "id": document.text("id"),
        "type": document.text("type"),
        "version": document.text("version"),
        "timestamp": document.needed("timestamp", document.instant("timestamp")),
        "text": data.text("text"),
        "test": data.flag("test"),
        "effective_on": data.day("effectiveOn"),
        "reasons": tuple(_reason(one) for one in data.each("reasons")),
        "watches": watches,
        "watch_count": len(watches) if count is None else count,
        "corrects": data.text_or_none("corrects"),
        "snapshot": data.text_or_none("snapshot"),
        "raw": document.found,
    }
    read = _READERS.get(common["type"], _any)
    if read in _ABOUT_A_RECORD and _is_emptied(data):
        read = _any
    return read(data, common)


def watches_from(told: object) -> list[Watch]:
    """Return the watches that a list tells of, as those of an event; NotAnEvent if it is no such list."""
    return [_watch(one) for one in Fields({"watches": told}).each("watches")]


def _is_emptied(data: Fields) -> bool:
    """Tell whether an event says no more what it was about; one that says a part of it is malformed."""
    return all(data.found.get(name) is None for name in ("subject", "status", "verdict", "expiry"))


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no offset from UTC")
    return instant.astimezone(UTC)


def _any(_data: Fields, common: dict[str, Any]) -> Event:
    return Event(**common)


def _standing(data: Fields, common: dict[str, Any]) -> Event:
    status = data.within("status")
    return StandingChanged(
        **common,
        subject=_subject(data),
        before=status.text_or_none("before") if status else None,
        after=status.text_or_none("after") if status else None,
    )


def _expiring(data: Fields, common: dict[str, Any]) -> Event:
    expiry = data.needed("expiry", data.within("expiry"))
    return Expiring(
        **common,
        subject=_subject(data),
        expires_on=expiry.needed("expiresOn", expiry.day("expiresOn")),
        notice=expiry.text_or_none("notice"),
    )


def _verification(data: Fields, common: dict[str, Any]) -> Event:
    verdict = data.needed("verdict", data.within("verdict"))
    return VerificationChanged(
        **common,
        before=verdict.needed("before", verdict.verdict("before")),
        after=verdict.needed("after", verdict.verdict("after")),
    )


def _register(data: Fields, common: dict[str, Any]) -> Event:
    return RegisterEvent(**common, sources=tuple(_source(one) for one in data.each("sources")))


def _ended(_data: Fields, common: dict[str, Any]) -> Event:
    return WatchEnded(**common)


def _subject(data: Fields) -> Subject:
    found = data.needed("subject", data.within("subject"))
    return Subject(
        kind=found.text("kind"),
        register=found.text("register"),
        name=found.text_or_none("name"),
        provider=found.text_or_none("provider"),
        valid_from=found.day("validFrom"),
        valid_to=found.day("validTo"),
    )


def _reason(found: Fields) -> Reason:
    return Reason(
        code=found.text("code"),
        element=found.text_or_none("element"),
        rule=found.text_or_none("rule"),
        text=found.text("text"),
    )


def _watch(found: Fields) -> Watch:
    trainer = found.within("trainer")
    return Watch(
        id=found.text("id"),
        kind=found.text("kind"),
        reference=found.text_or_none("reference"),
        trainer=Trainer(trainer.text("scheme"), trainer.text("value")) if trainer else None,
        before=found.verdict("before"),
        after=found.verdict("after"),
    )


def _source(found: Fields) -> Source:
    return Source(
        source=found.text("source"), as_of=found.instant("asOf"), why=found.text_or_none("why")
    )


_ABOUT_A_RECORD = (_standing, _expiring, _verification)
_ALWAYS = ("granted", "reinstated", "renewed", "shortened")
_RECORDS = {
    "certification": (*_ALWAYS, "lapsed", "suspended", "withdrawn", "delisted"),
    "programme": (*_ALWAYS, "lapsed", "suspended", "withdrawn", "delisted"),
    "authorisation": (*_ALWAYS, "lapsed", "suspended", "withdrawn", "delisted"),
    "affiliation": (*_ALWAYS, "ended"),
}

_READERS: Mapping[str, Callable[[Fields, dict[str, Any]], Event]] = {
    **{f"{record}.{word}": _standing for record, words in _RECORDS.items() for word in words},
    **{f"{record}.expiring": _expiring for record in _RECORDS},
    "verification.changed": _verification,
    **{f"register.{word}": _register for word in ("stale", "recovered", "quarantined")},
    "watch.ended": _ended,
}
"""How each type that is known is read; any other is an `Event` and no more."""
