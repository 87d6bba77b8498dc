"""What to look at again after a confirmation was recorded: it is recorded all the same."""

from collections.abc import Iterator
from datetime import date

import msgspec

from trivet.register.confirmations.asked import FIELDS, Confirming
from trivet.register.confirmations.records import ASKED_ABOUT
from trivet.register.confirmations.references import Timeline
from trivet.register.identifiers import Identifier, comparable_id
from trivet.register.merge import Timed
from trivet.register.people import family_name_hash
from trivet.register.periods import Period
from trivet.register.records import (
    CONFIRMATIONS,
    Affiliation,
    Authorisation,
    Organisation,
    Programme,
    Provider,
    VouchedBy,
)


class Doubt(msgspec.Struct, frozen=True):
    """Something to look at again: a stable code and a sentence."""

    code: str
    detail: str


def doubts(
    asked: Confirming,
    record: Timeline,
    before: Timed | None,
    after: Timed,
    *,
    today: date,
    name_key: bytes,
) -> Iterator[Doubt]:
    """Return what an operator should look at again.

    `record` is what was recorded, `before` and `after` the merged record without and with it, `today` the London day,
    and `name_key` the key under which family names are hashed.
    """
    until = asked.stood_by.until
    if until < today:
        detail = f"it was good until {until}: nothing of a later day rests on it"
        yield Doubt("confirmation_over", detail)
    yield from _only_declared(asked, record, before)
    yield from _lost(asked, before, after)
    yield from _differing(record, after)
    held = before.family_name_hash if before else None
    given = family_name_hash(asked.family_name or None, name_key)
    if held and given and held != given:
        yield Doubt("family_name_differs", "the family name is not the one that was on record")


def _only_declared(asked: Confirming, record: Timeline, before: Timed | None) -> Iterator[Doubt]:
    """Return what was taken over from the provider's own word alone."""
    if before is None:
        return
    taken = [
        field
        for field in ASKED_ABOUT[asked.kind]
        if getattr(asked, field, None) in (None, msgspec.UNSET)
        and getattr(record, field)
        and before.said[field].vouched_by is VouchedBy.PROVIDER_DECLARED
    ]
    if taken:
        words = "; ".join(f"{_word(field)} {shown(getattr(record, field))}" for field in taken)
        detail = f"until now only the provider said so, and the letter has to say so too: {words}"
        yield Doubt("was_declared_only", detail)


def _lost(asked: Confirming, before: Timed | None, after: Timed) -> Iterator[Doubt]:
    """Return what was on record and is no more: what a letter does not name is not confirmed by it."""
    if before is None:
        return
    for field in sorted(FIELDS[asked.kind] - {"family_name"}):
        was, given = getattr(before.record, field), getattr(asked, field)
        held = getattr(after.record, field)
        if given is msgspec.UNSET and was not in (None, ()) and held in (None, ()):
            detail = (
                f"{_word(field)} {shown(was)} is on record no more: give it if the letter says so"
            )
            yield Doubt("no_longer_on_record", detail)


def _differing(record: Timeline, after: Timed) -> Iterator[Doubt]:
    """Return where others say otherwise: better vouched sources are believed, equal ones leave it open."""
    for field in record.__struct_fields__:
        stated, said = getattr(record, field), after.said[field]
        if stated in (None, ()) or field == "register":
            continue
        if said.contradicted:
            detail = (
                f"another source, which counts as much, says otherwise of {_word(field)}: nobody "
                "is believed on it until one of them gives way"
            )
            yield Doubt("contradicted", detail)
        elif CONFIRMATIONS not in said.sources and not _same(stated, getattr(after.record, field)):
            detail = (
                f"{', '.join(sorted(said.sources))} says otherwise of {_word(field)}, and is "
                f"believed: {shown(getattr(after.record, field))}, not {shown(stated)}"
            )
            yield Doubt("register_differs", detail)


def _same(one: object, other: object) -> bool:
    return _compared(one) == _compared(other)


def _compared(value: object) -> object:
    if isinstance(value, tuple) and all(isinstance(word, str) for word in value):
        return frozenset(map(comparable_id, value))
    return comparable_id(value) if isinstance(value, str) else value


def in_words(record: Timeline) -> dict[str, str]:
    """Return what is recorded of a record, field by field, as people write it; a trainer by reference."""
    said = ((field, getattr(record, field)) for field in record.__struct_fields__)
    return {
        _word(field).removeprefix("the "): shown(value)
        for field, value in said
        if value not in (None, ())
    }


def subject_of(record: Timeline) -> str:
    """Return what people call a record: a name or title, a trainer's reference, an affiliate's name."""
    match record:
        case Provider():
            return record.name
        case Programme():
            return record.title
        case Authorisation():
            return record.trainer
        case Affiliation():
            return record.organisation.name


def _word(field: str) -> str:
    return "the period" if field == "periods" else field.replace("_", " ")


def shown(value: object) -> str:
    """Return what a record says, as people write it; the last day of a period is still covered."""
    if isinstance(value, Organisation):
        known = " ".join(f"{i.scheme}:{i.value}" for i in value.identifiers)
        return f"{value.name} ({known})" if known else value.name
    if isinstance(value, Period):
        return _shown_period(value)
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    if isinstance(value, Identifier):
        return f"{value.scheme}:{value.value}"
    return str(value)


def _shown_period(period: Period) -> str:
    begins = f"from {period.from_}" if period.from_ else "from a day not recorded"
    ends = f" to {date.fromordinal(period.to.toordinal() - 1)}" if period.to else ""
    return f"{period.status.replace('_', ' ')} {begins}{ends}"
