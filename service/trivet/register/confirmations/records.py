"""Which record a confirmation is of: one that the mirror holds, as it stands, or one that nobody lists yet.

Of a record that is held, what the body was asked about is confirmed: whose it is and its timeline. What else the
provider says of itself (its scope, its identifiers) stays the provider's own word unless it is given.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from msgspec import UNSET
from msgspec.structs import replace

from trivet.register.confirmations.asked import FIELDS, Confirmable, Confirming, Fault, Refused
from trivet.register.confirmations.references import Timeline, known_providers, misreferred
from trivet.register.faults import Known, record_faults
from trivet.register.identifiers import comparable_id, comparable_name
from trivet.register.index import Index
from trivet.register.merge import Timed, by_scheme
from trivet.register.periods import Period, Status, continued
from trivet.register.records import RECORD_TYPES, CoverageByKind, Document, Provider

_WORDS = {
    Confirmable.PROVIDERS: "provider",
    Confirmable.PROGRAMMES: "programme",
    Confirmable.AUTHORISATIONS: "authorisation",
    Confirmable.AFFILIATIONS: "affiliation",
}
NEEDED = {
    Confirmable.PROVIDERS: ("name", "body"),
    Confirmable.PROGRAMMES: ("provider", "title"),
    Confirmable.AUTHORISATIONS: ("provider", "trainer", "role", "programmes"),
    Confirmable.AFFILIATIONS: ("provider", "organisation", "programmes"),
}
"""What has to be said of a record that nobody lists."""

ASKED_ABOUT = {
    **NEEDED,
    Confirmable.AUTHORISATIONS: (*NEEDED[Confirmable.AUTHORISATIONS], "organisation"),
}
"""What a body that confirms a record is asked about, beside its timeline."""

_ANYWHERE = Known(Document(format="register/1", publisher=""), CoverageByKind())
_PERIOD = re.compile(r"/periods/\d+")


def confirmed_record(asked: Confirming, index: Index, key: bytes) -> Timeline:
    """Return the record as the body confirmed it.

    `key` makes the id of a record that nobody lists and for which none is given: the same for the same record.

    Raises:
        Refused: it is not clear which record is meant, or it refers to something that the register does not hold.
    """
    register = asked.register or _derived(asked, index, key)
    held = held_record(asked.kind, index, register)
    _refuse(_missing(asked, held))
    _refuse(_timeline_faults(asked, held))
    record = _stated(asked, held, register)
    _refuse(_ill_formed(record))
    _refuse(misreferred(asked, index, held, record))
    if isinstance(record, Provider):
        return record
    (provider,) = known_providers(index, record.provider)
    return replace(record, provider=provider.record.register)


def held_record(kind: Confirmable, index: Index, register: str) -> Timed | None:
    """Return the record of this id as it is merged now, a provider by any of the ids that its sources have for it."""
    if kind is Confirmable.PROVIDERS:
        found = known_providers(index, register)
        return found[0] if len(found) == 1 else None
    entries: Mapping[str, Timed] = getattr(index, kind.value)
    return entries.get(comparable_id(register))


def _refuse(faults: Iterable[Fault]) -> None:
    found = [*faults]
    if found:
        raise Refused(*found)


def _derived(asked: Confirming, index: Index, key: bytes) -> str:
    """Return an id of our own: a keyed hash, so that it tells nothing of a person."""
    known = known_providers(index, asked.provider) if asked.provider else []
    provider = known[0].key if len(known) == 1 else asked.provider or ""
    organisation = asked.organisation
    borne = by_scheme(organisation.identifiers if organisation else ())
    parts = {
        Confirmable.PROVIDERS: (comparable_name(asked.name or ""),),
        Confirmable.PROGRAMMES: (provider, comparable_name(asked.title or "")),
        Confirmable.AUTHORISATIONS: (provider, comparable_id(asked.trainer or "")),
        Confirmable.AFFILIATIONS: (provider, *sorted(f"{s}:{min(v)}" for s, v in borne.items())),
    }
    text = "\n".join((asked.kind, *parts[asked.kind]))
    return f"confirmed-{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]}"


def _missing(asked: Confirming, held: Timed | None) -> Iterator[Fault]:
    """Return what has to be said and is not, of a record that the mirror does not hold."""
    missing = [f for f in NEEDED[asked.kind] if getattr(asked, f) is UNSET]
    if held is not None or not missing:
        return
    word = _WORDS[asked.kind]
    if asked.register:
        detail = (
            f"the mirror holds no {word} {asked.register!a}: check it, or give "
            f"{' and '.join(missing)} too, to record one that nobody lists"
        )
        yield Fault("/register", "unknown_reference", detail)
        return
    for field in missing:
        detail = f"is needed for a record ({word}) that nobody lists; or give the id of one that the mirror holds"
        yield Fault(f"/{field}", "missing", detail)


def _timeline_faults(asked: Confirming, held: Timed | None) -> Iterator[Fault]:
    changes = asked.status and held and held.record.periods[-1].status is not asked.status
    if changes and not asked.from_:
        detail = f"is needed: since when is it {asked.status}? What was before stays as it is"
        yield Fault("/from", "missing", detail)
    begins = asked.from_ or (held.record.periods[-1].from_ if held else None)
    if begins and asked.to and asked.to <= begins:
        detail = f"is before its beginning on {begins}: give the first day of what ends in `from`"
        yield Fault("/to", "out_of_range", detail)


def _stated(asked: Confirming, held: Timed | None, register: str) -> Timeline:
    """Return the record with what is given, and what the body was asked about as it is held."""
    of_kind, old = FIELDS[asked.kind] - {"family_name"}, held.record if held else None
    kept = {f: getattr(old, f) for f in ASKED_ABOUT[asked.kind]} if old else {}
    given = {f: getattr(asked, f) for f in of_kind if getattr(asked, f) is not UNSET}
    make = cast("Callable[..., Timeline]", RECORD_TYPES[asked.kind.of])
    return make(
        register=old.register if old else register,
        periods=_periods(asked, old.periods if old else ()),
        **{**kept, **given},
    )


def _periods(asked: Confirming, before: tuple[Period, ...]) -> tuple[Period, ...]:
    if before and not (asked.status or asked.from_ or asked.to):
        return before
    status = asked.status or Status.IN_FORCE
    if before and not asked.status and not asked.from_:
        status = before[-1].status
    return continued(before, status, asked.from_ or None, asked.to or None)


def _ill_formed(record: Timeline) -> Iterator[Fault]:
    for field, reason in record_faults(record, _ANYWHERE):
        path = re.sub(r"\[(\d+)\]", r"/\1", field).replace(".", "/")
        pointer = f"/{path}"
        if _PERIOD.match(pointer):
            pointer = "/to" if pointer.endswith("/to") else "/from"
        yield Fault(pointer, "ill_formed", reason)
