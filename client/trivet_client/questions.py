"""A question, from the forms in which callers hold its parts. Nothing is guessed: what is doubtful is refused."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, NotRequired, Protocol, Required, TypedDict, TypeVar

from trivet_api.models import (
    Evidence,
    Identifier,
    ProgrammeReference,
    ProgrammeScheme,
    Purpose,
    Question,
    Scheme,
    Scope,
    TrainerReference,
    TrainerScheme,
    WatchedTrainer,
    WatchKind,
)
from trivet_api.models import (
    Watched as WatchedAsSent,
)
from trivet_api.types import UNSET, Unset
from trivet_client.problems import InvalidArgument

E = TypeVar("E", bound=Enum)
S = TypeVar("S", Question, WatchedAsSent)
_KEYS = frozenset({"scheme", "value", "familyName", "family_name"})


class Identified(Protocol):
    """Anything with a scheme and a value, such as the generated `Identifier`."""

    @property
    def scheme(self) -> str:
        """Where the value comes from."""

    @property
    def value(self) -> str:
        """The identifier itself."""


Named = str | tuple[str, str] | Mapping[str, str] | Identified
"""`"certificate:EX-1"`, `("certificate", "EX-1")`, `{"scheme": …, "value": …}` or an object with both."""


class Asked(TypedDict, total=False):
    """What `verify` takes; see `question`."""

    provider: Required[Named | Sequence[Named]]
    programme: Required[Named]
    trainer: NotRequired[Named | None]
    family_name: NotRequired[str | None]
    delivered_on: NotRequired[date | str | None]
    delivered_by: NotRequired[Named | None]
    known_at: NotRequired[datetime | str | None]
    max_age: NotRequired[str | None]
    scope: NotRequired[Scope | Mapping[str, Any] | None]
    evidence: NotRequired[Iterable[str] | None]
    reference: NotRequired[str | None]
    purpose: NotRequired[str | None]


class Watched(TypedDict, total=False):
    """What `watch` takes; see `watched`."""

    provider: Required[Named | Sequence[Named]]
    programme: NotRequired[Named | None]
    trainer: NotRequired[Named | None]
    delivered_by: NotRequired[Named | None]
    delivered_on: NotRequired[date | str | None]
    scope: NotRequired[Scope | Mapping[str, Any] | None]
    kind: NotRequired[str | None]
    reference: NotRequired[str | None]
    expiry_notice: NotRequired[Iterable[str]]


def question(  # noqa: PLR0913  # a question has this many parts, and each is named
    *,
    provider: Named | Sequence[Named],
    programme: Named,
    trainer: Named | None = None,
    family_name: str | None = None,
    delivered_on: date | str | None = None,
    delivered_by: Named | None = None,
    known_at: datetime | str | None = None,
    max_age: str | None = None,
    scope: Scope | Mapping[str, Any] | None = None,
    evidence: Iterable[str] | None = None,
    reference: str | None = None,
    purpose: str | None = None,
) -> Question:
    """Return the question as it is sent; None leaves a part out.

    A list of providers is several identifiers that must agree. `delivered_on` is a Europe/London day.
    `known_at` is an instant, with its offset from UTC; `max_age` an ISO 8601 duration such as P1D.

    Raises:
        InvalidArgument: a part is not in any form that can be asked about.
    """
    asked = Question(
        provider=_provider(provider),
        programme=ProgrammeReference(*_named("programme", programme, ProgrammeScheme)),
        trainer=_trainer(trainer, family_name),
        delivered_on=UNSET if delivered_on is None else day("delivered_on", delivered_on),
        delivered_by=UNSET if delivered_by is None else _organisation("delivered_by", delivered_by),
        known_at=UNSET if known_at is None else instant("known_at", known_at),
        max_age=UNSET if max_age is None else max_age,
        scope=UNSET if scope is None else _scope(scope),
        evidence=UNSET if evidence is None else [word("evidence", e, Evidence) for e in evidence],
        reference=UNSET if reference is None else reference,
        purpose=UNSET if purpose is None else word("purpose", purpose, Purpose),
    )
    return _sendable(asked)


def watched(  # noqa: PLR0913  # a watch has this many parts, and each is named
    *,
    provider: Named | Sequence[Named],
    programme: Named | None = None,
    trainer: Named | None = None,
    delivered_by: Named | None = None,
    delivered_on: date | str | None = None,
    scope: Scope | Mapping[str, Any] | None = None,
    kind: str | None = None,
    reference: str | None = None,
    expiry_notice: Iterable[str] = (),
) -> WatchedAsSent:
    """Return what is to be watched as it is sent; None leaves a part out.

    Without a `kind` it is a triple: what `verify` would be asked, of which a trainer may be missing (it can't pass
    then). Any other kind is said; nothing tells it from a triple that lacks something.

    Raises:
        InvalidArgument: a part is not in any form that can be watched.
    """
    asked = None if kind is None else word("kind", kind, WatchKind)
    if programme is None and asked in (None, WatchKind.TRIPLE):
        raise InvalidArgument(
            "programme",
            "a triple, which is watched unless another kind is said, names a programme",
        )
    if isinstance(expiry_notice, str):
        raise InvalidArgument("expiry_notice", "give a list of durations such as P30D")
    notices = list(expiry_notice)
    wanted = WatchedAsSent(
        provider=_provider(provider),
        kind=UNSET if asked is None else asked,
        programme=UNSET
        if programme is None
        else ProgrammeReference(*_named("programme", programme, ProgrammeScheme)),
        trainer=UNSET if trainer is None else _watched_trainer(trainer),
        delivered_by=UNSET if delivered_by is None else _organisation("delivered_by", delivered_by),
        delivered_on=UNSET if delivered_on is None else day("delivered_on", delivered_on),
        scope=UNSET if scope is None else _scope(scope),
        reference=UNSET if reference is None else reference,
        expiry_notice=notices or UNSET,
    )
    return _sendable(wanted, "watch")


def day(argument: str, given: object) -> date:
    """Return a day from a date or its ISO 8601 text; an instant is refused, for its day depends on where."""
    if isinstance(given, str):
        try:
            parsed = date.fromisoformat(given)
        except ValueError:
            parsed = None
        if parsed and parsed.isoformat() == given:
            return parsed
    elif isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise InvalidArgument(argument, "give a day, as a date or as text like 2026-03-12")


def instant(argument: str, given: datetime | str) -> datetime:
    """Return an instant from a datetime or its RFC 3339 text; one without an offset is refused."""
    try:
        parsed = datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        parsed = None
    if parsed is None or parsed.utcoffset() is None:
        raise InvalidArgument(
            argument, "give an instant with its offset, like 2026-03-01T09:00:00Z"
        )
    return parsed


def word(argument: str, given: str, words: type[E]) -> E:
    """Return the member of an enumeration that a word names."""
    try:
        return words(given)
    except ValueError:
        raise InvalidArgument(argument, f"use {_listed(words)}") from None


class _Trainer(TrainerReference):
    """The trainer asked about; a family name is sent, and shown nowhere."""

    def __repr__(self) -> str:
        return f"TrainerReference({self.scheme.value}:{self.value})"


def _provider(given: Named | Sequence[Named]) -> Identifier | list[Identifier]:
    if isinstance(given, list):  # not any sequence: a tuple is one identifier
        return [_organisation("provider", each) for each in given]
    return _organisation("provider", given)


def _organisation(argument: str, given: object) -> Identifier:
    return Identifier(*_named(argument, given, Scheme))


def _trainer(given: Named | None, family_name: str | None) -> TrainerReference | Unset:
    if given is None:
        if family_name is not None:
            raise InvalidArgument("family_name", "it goes with a trainer, and none is given")
        return UNSET
    name = _family_name(given) if family_name is None else family_name
    scheme, value = _named("trainer", given, TrainerScheme)
    return _Trainer(scheme, value, UNSET if name is None else name)


def _watched_trainer(given: Named) -> WatchedTrainer:
    if _family_name(given) is not None:
        raise InvalidArgument(
            "trainer", "a watch keeps no name: give the reference or number alone"
        )
    return WatchedTrainer(*_named("trainer", given, TrainerScheme))


def _family_name(trainer: Named) -> str | None:
    if isinstance(trainer, Mapping):
        return trainer.get("familyName", trainer.get("family_name"))
    name = getattr(trainer, "family_name", None)
    return name if isinstance(name, str) else None


def _scope(given: object) -> Scope:
    # A word that is no part of a scope is sent along, for the service to refuse: dropped, it would
    # not be judged, and its caller would think it was.
    if not isinstance(given, Scope | Mapping):
        raise InvalidArgument("scope", "give setting, nation, population and modules by name")
    return given if isinstance(given, Scope) else Scope.from_dict(given)


def _named(argument: str, given: object, schemes: type[E]) -> tuple[E, str]:
    scheme, value = _parts(given)
    if not isinstance(value, str) or not value.strip() or scheme not in [s.value for s in schemes]:
        raise InvalidArgument(argument, f"write it as scheme:value, the scheme {_listed(schemes)}")
    return schemes(scheme), value


def _parts(given: object) -> tuple[object, object]:
    if isinstance(given, str):
        scheme, _, value = given.partition(":")
        return scheme.strip(), value
    if isinstance(given, Mapping):
        # What would be left out would not be checked either: a family name under another key, say.
        return (
            (given.get("scheme"), given.get("value")) if _KEYS.issuperset(given) else (None, None)
        )
    if isinstance(given, tuple):
        return given if len(given) == 2 else (None, None)
    return getattr(given, "scheme", None), getattr(given, "value", None)


def _listed(words: type[Enum]) -> str:
    *most, last = (member.value for member in words)
    return f"{', '.join(most)} or {last}"


def _sendable(asked: S, what: str = "question") -> S:
    """Refuse what JSON can't carry; an error that quoted it might quote a name."""
    try:
        json.dumps(asked.to_dict(), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        raise InvalidArgument(what, "a part of it can't be sent as JSON") from None
    return asked
