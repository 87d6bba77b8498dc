"""Identifiers and names: which forms are well-formed, and when two are the same (R22)."""

import re
import unicodedata
from enum import StrEnum

import msgspec


class Scheme(StrEnum):
    """Where an organisation's identifier comes from."""

    CERTIFICATE = "certificate"
    REGISTER = "register"
    ODS = "ods"
    COMPANIES_HOUSE = "companies-house"
    UKPRN = "ukprn"
    CHARITY = "charity"
    NAME = "name"


class Identifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation's identifier as it was written."""

    scheme: Scheme
    value: str

    @property
    def comparable(self) -> tuple[Scheme, str]:
        """The form in which two identifiers are compared."""
        return self.scheme, comparable(self.scheme, self.value)


MAX_TEXT = 300
"""The longest name, title or opaque number that is taken, in characters."""

_REGISTER_ID = re.compile(r"[A-Za-z0-9._~-]{1,80}")
FORMS = {
    Scheme.REGISTER: (_REGISTER_ID, "1 to 80 letters, digits, '.', '_', '~' or '-'"),
    Scheme.ODS: (re.compile(r"[A-Za-z0-9]{2,12}"), "2 to 12 letters and digits, like RX9"),
    Scheme.COMPANIES_HOUSE: (
        re.compile(r"[0-9]{1,8}|[A-Za-z]{2}[0-9]{1,6}|[A-Za-z]{2}[0-9]{5}[A-Za-z]|[Rr][0-9]{7}"),
        "up to eight digits, or two letters and up to six digits",
    ),
    Scheme.UKPRN: (re.compile(r"[0-9]{8}"), "eight digits"),
    Scheme.CHARITY: (
        re.compile(r"[0-9]{6,7}(-[0-9]{1,3})?|[Ss][Cc]0?[0-9]{5,6}|[Nn][Ii][Cc][0-9]{5,6}"),
        "six or seven digits, or SC or NIC and digits",
    ),
}
"""The schemes with a fixed form, and the form in words. The patterns read the same in JSON Schema."""

_PREFIXED_COMPANY = re.compile(r"([a-z]{2})([0-9]{1,6})")
# Marks that reorder or hide text; a name that needs them is not one a register prints.
DIRECTIONAL = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_COMPANY_FORMS = frozenset({"ltd", "limited", "plc", "llp", "cic"})


def ill_formed(scheme: Scheme, value: str) -> str | None:
    """Say why `value` can't be an identifier of `scheme`, or None if it can."""
    fault = unfit_text(value)
    if fault:
        return fault
    form = FORMS.get(scheme)
    if form and not form[0].fullmatch(value.strip()):
        return f"is not a {scheme.value} identifier: expected {form[1]}"
    if scheme is Scheme.NAME:
        return _ill_formed_name(comparable_name(value))
    return None


def _ill_formed_name(compared: str) -> str | None:
    if not compared:
        return "has no letter or digit"
    # A single character may stand for a whole phrase: what is compared is bounded too.
    return "is too long once written out" if len(compared) > MAX_TEXT else None


def ill_formed_register_id(value: str) -> str | None:
    """Say why `value` can't be the id of a record, or None if it can."""
    return ill_formed(Scheme.REGISTER, value)


def unfit_text(value: str, longest: int = MAX_TEXT) -> str | None:
    """Say why `value` can't be a name, title or number, or None if it can.

    Control, surrogate and bidirectional characters are refused: they can make one name look like another.
    """
    if not value.strip():
        return "is empty"
    if len(value) > longest:
        return f"is longer than {longest} characters"
    if any(c in DIRECTIONAL or unicodedata.category(c) in ("Cc", "Cs") for c in value):
        return "has a control or bidirectional character"
    return None


def comparable(scheme: Scheme, value: str) -> str:
    """Return the form of `value` that equal identifiers share: trimmed, without case, company numbers padded."""
    if scheme is Scheme.NAME:
        return comparable_name(value)
    folded = value.strip().casefold()
    if scheme is Scheme.COMPANIES_HOUSE:
        prefixed = _PREFIXED_COMPANY.fullmatch(folded)
        return prefixed[1] + prefixed[2].zfill(6) if prefixed else folded.zfill(8)
    return folded


def comparable_id(register: str) -> str:
    """Return the form in which ids of records are compared."""
    return comparable(Scheme.REGISTER, register)


def comparable_name(name: str) -> str:
    """Return the form of a name that equal names share; empty if it has neither letter nor digit nor symbol."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    words = "".join(c for c in folded if not unicodedata.category(c).startswith("P")).split()
    while len(words) > 1 and words[-1] in _COMPANY_FORMS:
        words.pop()
    return " ".join(words)
