"""What stands on the page that is put on file, in words; `receipt.typ` sets it and `paper` makes the PDF.

Pure: no I/O, no clock. A trainer appears by reference or number, never by name.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from trivet.london import day_of
from trivet.register.records import VouchedBy
from trivet.verification.answer import ElementAnswer, ReasonAnswer, Verification
from trivet.verification.asked_in_words import (
    day_in_words,
    deliverer_named,
    named,
    scope_wanted,
    trainer_named,
)
from trivet.verification.checklist import CORE_STRATEGIES, EVIDENCE, NOT_PART_OF_THE_VERDICT
from trivet.verification.question import Question
from trivet.verification.reasons import Element, Evidence, Verdict

_LONDON = ZoneInfo("Europe/London")
_NOTHING = "–"
_NO_SNAPSHOT = "none yet"

_VERDICTS = {
    Verdict.PASS: "Pass",
    Verdict.FAIL: "Fail",
    Verdict.CANNOT_CONFIRM: "Cannot confirm",
}
_ELEMENTS = {
    Element.BODY: "Certification body",
    Element.PROVIDER: "Provider",
    Element.PROGRAMME: "Programme",
    Element.TRAINER: "Trainer",
    Element.DELIVERY: "Delivery",
    Element.SCOPE: "Scope",
}
_OFFERED = {
    Evidence.CERTIFICATE: "a certificate",
    Evidence.MEMBERSHIP: "membership of the Restraint Reduction Network",
    Evidence.ALIGNED: "wording such as “aligned to the Standards”",
    Evidence.LEGACY_SCHEME: "a certificate of the earlier scheme",
    Evidence.TRAIN_THE_TRAINER: "train-the-trainer courses",
    Evidence.APPLICATION: "an application for certification",
}
_VOUCHED_BY = {
    VouchedBy.REGISTER: "the register",
    VouchedBy.CERTIFIER_CONFIRMED: "the body, when asked",
    VouchedBy.PROVIDER_DECLARED: "the provider alone",
}


class Row(msgspec.Struct, frozen=True):
    """A label and what stands beside it."""

    label: str
    values: list[str]


class ReasonRow(msgspec.Struct, frozen=True):
    """Why, in words; and the code, rule and facts that go with it."""

    text: str
    facts: str


class ElementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One element in the table; the last day is still covered."""

    element: str
    verdict: Verdict
    verdict_in_words: str
    record: str
    first_day: str
    last_day: str
    vouched_by: str
    reasons: list[ReasonRow]
    candidates: list[str]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page, ready to be read: the template adds nothing but headings and fixed sentences."""

    verdict: Verdict
    verdict_in_words: str
    headline: str
    delivered_on: str
    asked: list[Row]
    answered: list[Row]
    elements: list[ElementRow]
    offered: list[ReasonRow]
    requirement: str
    requirement_source: str
    next_steps: list[str]
    caveats: list[str]
    not_part_of_the_verdict: str
    evidence: list[str]
    core_strategies: list[str]
    verification: str
    snapshot: str
    snapshot_digest: str
    receipt_digest: str
    address: str


def page_of(
    verification: Verification,
    question: Question,
    receipt: str,
    address: str,
    operator: str | None,
) -> Page:
    """Return what stands on the page of an answer, in characters that can be printed; see `paper.receipt_pdf`."""
    register = verification.register
    page = Page(
        verdict=verification.verdict,
        verdict_in_words=_VERDICTS[verification.verdict],
        headline=headline(verification),
        delivered_on=day_in_words(verification.delivered_on),
        asked=[*_asked(verification, question)],
        answered=[*_answered(verification, operator)],
        elements=[_element(judged, verification) for judged in verification.elements],
        offered=[_reason(reason) for reason in verification.reasons if reason.element is None],
        requirement=verification.requirement.text,
        requirement_source=verification.requirement.source,
        next_steps=[step.text for step in verification.next_steps],
        caveats=verification.caveats,
        not_part_of_the_verdict=NOT_PART_OF_THE_VERDICT,
        evidence=[item.text for item in EVIDENCE.values()],
        core_strategies=[item.text for item in CORE_STRATEGIES.values()],
        verification=verification.id,
        snapshot=register.snapshot or _NO_SNAPSHOT,
        snapshot_digest=register.digest or _NOTHING,
        receipt_digest=f"sha256:{hashlib.sha256(receipt.encode()).hexdigest()}",
        address=address,
    )
    return msgspec.convert(_printable(msgspec.to_builtins(page)), Page)


def headline(verification: Verification) -> str:
    """Return the sentence that says the verdict, and of a day to come that it is as recorded now."""
    if verification.verdict is Verdict.CANNOT_CONFIRM:
        return "Not confirmed. This is not a finding against the provider."
    ahead = verification.delivered_on > day_of(verification.checked_at)
    date_meant = "on this date, as recorded now" if ahead else "on this date"
    if verification.verdict is Verdict.FAIL:
        failed = (e.element for e in verification.elements if e.verdict is Verdict.FAIL)
        return f"Not certified {date_meant}: {_and(_ELEMENTS[e].lower() for e in failed)}."
    mirrored = _and(_first(3, [s.source for s in verification.register.sources]))
    as_of = _instant(verification.register.as_of or verification.known_at)
    return f"Certified {date_meant}, according to the mirror of {mirrored} as of {as_of}."


def _asked(verification: Verification, question: Question) -> Iterator[Row]:
    programme, deliverer = question.programme, question.delivered_by
    yield Row("Provider", [named(one.scheme, one.value) for one in question.providers])
    yield Row("Programme", [named(programme.scheme, programme.value)])
    yield Row("Trainer", [trainer_named(question.trainer or None)])
    yield Row("Delivered on", [day_in_words(verification.delivered_on)])
    yield Row("Delivered by", [deliverer_named(deliverer or None)])
    if verification.known_at != verification.checked_at:
        yield Row("As known at", [_instant(verification.known_at)])
    if question.max_age:
        yield Row("No older than", [f"{question.max_age} (ISO 8601)"])
    if question.scope:
        yield Row("Wanted for", [", ".join(scope_wanted(question.scope))])
    if question.evidence:
        offered = dict.fromkeys(question.evidence)
        yield Row("Offered as proof", [_and(_OFFERED[evidence] for evidence in offered)])


def _answered(verification: Verification, operator: str | None) -> Iterator[Row]:
    yield Row("Reference", [verification.reference or "none given"])
    yield Row("Purpose", [verification.purpose.value])
    yield Row("Checked at", [_instant(verification.checked_at)])
    yield Row("In London", [_in_london(verification.checked_at)])
    yield Row("Mirror run by", [operator or "an operator who has given no name"])
    sources = verification.register.sources
    mirrored = (f"{s.source}, {_instant(s.as_of)}{_old(stale=s.stale)}" for s in sources)
    yield Row("Mirror of, as of", [*mirrored] or [_NO_SNAPSHOT])


def _old(*, stale: bool) -> str:
    return " (older than is allowed)" if stale else ""


def _element(judged: ElementAnswer, verification: Verification) -> ElementRow:
    candidates = (c for c in verification.candidates if c.element is judged.element)
    reasons = (r for r in verification.reasons if r.element is judged.element)
    return ElementRow(
        element=_ELEMENTS[judged.element],
        verdict=judged.verdict,
        verdict_in_words=_VERDICTS[judged.verdict],
        record=judged.record or _NOTHING,
        first_day=_first_day(judged),
        last_day=_last_day(judged),
        vouched_by=_VOUCHED_BY[judged.provenance] if judged.provenance else _NOTHING,
        reasons=[_reason(reason) for reason in reasons],
        candidates=[f"{candidate.register}: {candidate.name}" for candidate in candidates],
    )


def _first_day(judged: ElementAnswer) -> str:
    if judged.valid_from is None:
        return "not recorded" if judged.valid_to else _NOTHING
    return day_in_words(judged.valid_from)


def _last_day(judged: ElementAnswer) -> str:
    if judged.valid_to is None:
        return "no end recorded" if judged.valid_from else _NOTHING
    before = date.fromordinal(max(judged.valid_to.toordinal() - 1, 1))
    return f"{day_in_words(before)} (assumed)" if judged.derived else day_in_words(before)


def _reason(reason: ReasonAnswer) -> ReasonRow:
    facts = "".join(f"; {name}: {value}" for name, value in reason.params.items())
    return ReasonRow(reason.text, f"{reason.code}, {reason.rule}{facts}")


def _instant(instant: datetime) -> str:
    return f"{day_in_words(instant.astimezone(UTC).date())}, {instant.astimezone(UTC):%H:%M:%S} UTC"


def _in_london(instant: datetime) -> str:
    local = instant.astimezone(_LONDON)
    return f"{day_in_words(local.date())}, {local:%H:%M:%S}"


def _first(most: int, names: Sequence[str]) -> list[str]:
    more = len(names) - most
    return [*names[:most], f"{more} more"] if more > 0 else [*names]


def _and(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


# What the fonts of the template can draw in every weight it uses. PDF/A allows no missing glyph, and what hides,
# stacks or reorders text has no place on file, so anything else is written as its code point.
_UNPRINTABLE = re.compile(
    "[^ -~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1e9b\u1ea0-\u1ef9"  # Latin, with Welsh and Gaelic
    "\u0391-\u03a1\u03a3-\u03ce\u0400-\u045f"  # Greek and Cyrillic
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a"  # Hebrew and Arabic letters
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u20ac\u2116\u2122]"  # punctuation and signs
)


def _printable(told: object) -> object:
    """Return what is told, through all its lists and fields, in characters that can be printed, on one line."""
    if isinstance(told, str):
        composed = " ".join(unicodedata.normalize("NFC", told).split())
        return _UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", composed)
    if isinstance(told, dict):
        return {name: _printable(value) for name, value in told.items()}
    return [_printable(value) for value in told] if isinstance(told, list) else told
