"""What an operator says of a confirmation, and what is wrong with it: a fault names its field and what to do."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from trivet.register.durations import Duration
from trivet.register.identifiers import (
    MAX_TEXT,
    Identifier,
    ill_formed_register_id,
    unfit_text,
)
from trivet.register.merge import StoodBy
from trivet.register.periods import Status
from trivet.register.records import Kind, Organisation, Role

LONGEST_NAME, LONGEST_NOTE = 200, 2000
GOOD_FOR, LONGEST = Duration.parse("P1Y"), Duration.parse("P3Y")
"""How long a confirmation is good unless it says, and at most: a certification lasts three years (R11)."""

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_EARLIEST = date(1900, 1, 1)
_STATUSES = (Status.IN_FORCE, Status.SUSPENDED, Status.WITHDRAWN, Status.APPLIED)


class Confirmable(StrEnum):
    """The kinds of record that a body confirms: a certification, an approval, an authorisation, an affiliation."""

    PROVIDERS = "providers"
    PROGRAMMES = "programmes"
    AUTHORISATIONS = "authorisations"
    AFFILIATIONS = "affiliations"

    @property
    def of(self) -> Kind:
        """The kind of record."""
        return Kind(self.value)


class Confirming(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What the body confirmed, when and how; what is left out of the record is taken from the register as it stands.

    Days are London days; `to` is the first day no longer covered, `good_until` the last on which the confirmation is
    good. `document` is the SHA-256 digest of the letter or mail.
    """

    kind: Confirmable
    confirmed_by: str
    confirmed_on: date
    document: str
    good_until: date | UnsetType = UNSET
    note: str | UnsetType = UNSET
    register: str | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    from_: date | UnsetType = msgspec.field(name="from", default=UNSET)
    to: date | UnsetType = UNSET
    provider: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    trainer: str | UnsetType = UNSET
    family_name: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    programmes: tuple[str, ...] | Literal["all"] | UnsetType = UNSET
    organisation: Organisation | UnsetType = UNSET
    name: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    certificate: str | UnsetType = UNSET
    identifiers: tuple[Identifier, ...] | UnsetType = UNSET
    settings: tuple[str, ...] | UnsetType = UNSET
    populations: tuple[str, ...] | UnsetType = UNSET
    nations: tuple[str, ...] | UnsetType = UNSET
    modules: tuple[str, ...] | UnsetType = UNSET

    @property
    def stood_by(self) -> StoodBy:
        """On which day the body confirmed it, and the last day for which that is good."""
        return StoodBy(self.confirmed_on, self.good_until or good_until(self.confirmed_on))


FIELDS = {
    Confirmable.PROVIDERS: {
        "name",
        "body",
        "certificate",
        "identifiers",
        "settings",
        "nations",
    },
    Confirmable.PROGRAMMES: {
        "provider",
        "title",
        "settings",
        "populations",
        "nations",
        "modules",
    },
    Confirmable.AUTHORISATIONS: {
        "provider",
        "trainer",
        "family_name",
        "role",
        "programmes",
        "organisation",
    },
    Confirmable.AFFILIATIONS: {"provider", "programmes", "organisation"},
}
"""What can be said of a record of each kind."""


class Fault(msgspec.Struct, frozen=True):
    """Why something can't be recorded: a JSON pointer (RFC 6901) to the field, a code and a sentence."""

    pointer: str
    code: str
    detail: str


class Refused(Exception):
    """What was asked can't be recorded; nothing was changed."""

    def __init__(self, *faults: Fault) -> None:
        """Take what is wrong, field by field."""
        super().__init__("; ".join(f"{fault.pointer} {fault.detail}" for fault in faults))
        self.faults = faults


def good_until(confirmed_on: date) -> date:
    """Return the last day for which a confirmation is good that does not say: the day before a year is over."""
    return _last_day(confirmed_on, GOOD_FOR)


def _last_day(since: date, length: Duration) -> date:
    return date.fromordinal(length.after(since).toordinal() - 1)


def faults(asked: Confirming, today: date) -> Iterator[Fault]:
    """Return what is wrong with what an operator says, whatever the register holds; `today` is the London day."""
    yield from _text("/confirmedBy", asked.confirmed_by, LONGEST_NAME)
    yield from _text("/note", asked.note, LONGEST_NOTE)
    yield from _text("/familyName", asked.family_name, MAX_TEXT)
    unfit = None if asked.register is UNSET else ill_formed_register_id(asked.register)
    if unfit:
        yield Fault("/register", "ill_formed", unfit)
    if not DIGEST.fullmatch(asked.document):
        detail = "is not a SHA-256 digest: sha256: and 64 digits and letters from a to f"
        yield Fault("/document", "ill_formed", detail)
    if asked.status and asked.status not in _STATUSES:
        detail = f"is not one of {', '.join(_STATUSES)}: of what has ended, give the end in `to`"
        yield Fault("/status", "invalid", detail)
    yield from _day_faults(asked, today)
    yield from _misplaced(asked)


def _text(pointer: str, text: str | UnsetType, longest: int) -> Iterator[Fault]:
    reason = None if text is UNSET else unfit_text(text, longest)
    if reason:
        yield Fault(pointer, "ill_formed", reason)


def _day_faults(asked: Confirming, today: date) -> Iterator[Fault]:
    given = asked.confirmed_on
    if not _EARLIEST <= given <= today:
        detail = f"{given} is still to come" if given > today else f"{given} is before {_EARLIEST}"
        yield Fault("/confirmedOn", "out_of_range", f"{detail}: give the day of the letter")
        return
    until, latest = asked.stood_by.until, _last_day(given, LONGEST)
    if until < given:
        detail = f"{until} is before the day of the confirmation, {given}"
        yield Fault("/goodUntil", "out_of_range", detail)
    if until > latest:
        detail = f"{until} is after {latest}: a certification lasts three years, ask again by then"
        yield Fault("/goodUntil", "out_of_range", detail)


def _misplaced(asked: Confirming) -> Iterator[Fault]:
    """Return the fields that no record of this kind has."""
    names = dict(zip(asked.__struct_fields__, asked.__struct_encode_fields__, strict=True))
    of_other_kinds = set().union(*FIELDS.values()) - FIELDS[asked.kind]
    for field, name in names.items():
        if field in of_other_kinds and getattr(asked, field) is not UNSET:
            detail = f"is not said of {asked.kind.value}: leave it out"
            yield Fault(f"/{name}", "misplaced", detail)
