"""What was found about awards: on a page for people, and as the rows of a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from trivet.cli.telling import Line, mirrored_at
from trivet.notices.judging import Finding, Outcome
from trivet.notices.picking import Pick, Picked
from trivet_client import RegisterStatus

NOTES = (
    "trivet is an unofficial mirror: it is neither the certification body nor the Restraint Reduction Network.",
    "The wording of a notice does not say whether the training falls under the Standards. Read the notice.",
    "No trainer is known at an award, so nothing here is a pass: ask again for each delivery, with the trainer.",
)
"""What is said beside everything that was found."""

COLUMNS = (
    "ocid",
    "award",
    "release",
    "title",
    "buyer",
    "picked",
    "picked_by",
    "supplier",
    "identifiers",
    "occasion",
    "day",
    "programme",
    "outcome",
    "why",
    "reasons",
    "candidates",
    "known_at",
    "verification",
    "please_note",
)
"""The columns of an output."""

WORDS: Mapping[Outcome, str] = {
    Outcome.STANDS: "with provider and programme standing",
    Outcome.FAIL: "not certified",
    Outcome.CANNOT_CONFIRM: "not confirmed",
    Outcome.PROVIDER_ONLY: "without a named programme",
    Outcome.NOT_RESOLVABLE: "not resolvable",
    Outcome.NO_DAY: "without a day",
    Outcome.NOT_VERIFIED: "could not be verified",
}
"""How outcomes are counted in a sentence."""

_STYLES = {Outcome.STANDS: "green", Outcome.FAIL: "red"}


def page(
    found: Picked, findings: Sequence[Finding], register: RegisterStatus | None
) -> Iterator[Line]:
    """Yield what was found, award by award, and then what was left out."""
    perhaps = sum(not pick.clear for pick in found.picks)
    doubt = f", {perhaps} of them perhaps" if perhaps else ""
    yield (
        f"{len(found.picks)} of {_count(found.awards, 'award')} picked as restrictive-practice training{doubt}.",
        "bold",
    )
    if register:
        yield mirrored_at(register), ""
    for _, of_award in groupby(findings, key=lambda finding: id(finding.check.pick)):
        yield from _award(list(of_award))
    if found.left:
        yield "", ""
        yield "Left out", "bold"
        yield from ((f"  {count} {why}", "") for why, count in found.left.items())
    yield "", ""
    yield "Please note", "bold"
    # Asked so, for an answer is true only for a pass.
    caveats = (c for f in findings if f.answer is not None for c in f.answer.caveats)
    yield from ((f"  {note}", "") for note in dict.fromkeys((*NOTES, *caveats)))


def _award(findings: Sequence[Finding]) -> Iterator[Line]:
    pick = findings[0].check.pick
    award = pick.award
    yield "", ""
    yield f"{award.ocid}, award {award.id}: {award.title or 'without a title'}", "bold"
    yield f"  Buyer: {award.buyer or 'not named'}", ""
    yield f"  Picked{'' if pick.clear else ', perhaps'}, by:", ""
    yield from ((f"    {ground}", "") for ground in _grounds(pick))
    for supplier, of_supplier in groupby(findings, key=lambda finding: finding.check.supplier):
        known = ", ".join((*supplier.identifiers, *supplier.others))
        yield f"  Supplier: {supplier.name or 'not named'}{f' ({known})' if known else ''}", ""
        for finding in _once(of_supplier):
            yield f"    {_occasion(finding)}{finding.words}", _STYLES.get(finding.outcome, "yellow")
            yield from (
                (f"      May be meant: {each.register}  {each.name}", "")
                for each in finding.candidates
            )


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, of those who can't be resolved only the first: another day says the same."""
    told = False
    for finding in findings:
        if finding.outcome is not Outcome.NOT_RESOLVABLE or not told:
            yield finding
        told = finding.outcome is Outcome.NOT_RESOLVABLE


def _occasion(finding: Finding) -> str:
    check = finding.check
    if finding.outcome is Outcome.NOT_RESOLVABLE:
        return ""
    day = f" {check.day.day}" if check.day.day else ""
    programme = f", {check.programme}" if check.programme else ""
    return f"{check.occasion.value.capitalize()}{day}{programme}: "


def _grounds(pick: Pick) -> Iterator[str]:
    return (f"{ground.what} in {ground.place} ({ground.reason})" for ground in pick.grounds)


def row(finding: Finding) -> tuple[Sequence[str], Mapping[str, Any]]:
    """Return a finding as a row of an output: its cells, and the same as a JSON object."""
    check, answer = finding.check, finding.answer
    award, day = check.award, check.day.day
    told: dict[str, Any] = {
        "ocid": award.ocid,
        "award": award.id,
        "release": award.release,
        "title": award.title,
        "buyer": award.buyer,
        "picked": "clear" if check.pick.clear else "perhaps",
        "picked_by": list(_grounds(check.pick)),
        "supplier": check.supplier.name,
        "identifiers": [*check.supplier.identifiers, *check.supplier.others],
        "occasion": check.occasion.value,
        "day": day.isoformat() if day else None,
        "programme": check.programme,
        "outcome": finding.outcome.value,
        "why": finding.words,
        "reasons": list(finding.reasons),
        "candidates": [f"{each.register} {each.name}" for each in finding.candidates],
        "known_at": answer.document["knownAt"] if answer is not None else None,
        "verification": answer.id if answer is not None else None,
        "please_note": [*NOTES, *(() if answer is None else answer.caveats)],
        "answer": None if answer is None else answer.document,
    }
    return [_cell(told[column]) for column in COLUMNS], told


def _cell(value: str | list[str] | None) -> str:
    return "; ".join(value) if isinstance(value, list) else value or ""


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each outcome."""
    counts = {outcome: sum(f.outcome is outcome for f in findings) for outcome in WORDS}
    return ", ".join(f"{count} {WORDS[outcome]}" for outcome, count in counts.items() if count)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
