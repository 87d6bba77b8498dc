"""What an answer says of an award, and what it does not: no trainer is known there, so nothing ever passes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trivet.london import day_of
from trivet.notices.checks import Check
from trivet_api.models import Element, ProviderListed, ProviderWithProgrammes, ReasonAnswer, Verdict
from trivet_client import Answer

TRAINER_NOT_NAMED = "trainer_not_named"


class Outcome(StrEnum):
    """What came of a check, what says most against it first. Only `STANDS` holds nothing up, and it is no pass."""

    FAIL = "fail"
    CANNOT_CONFIRM = "cannot_confirm"
    NOT_VERIFIED = "not_verified"
    """The service could not be asked, or did not take the question: neither a fail nor a pass."""
    NOT_RESOLVABLE = "not_resolvable"
    """The notice names no supplier, or none by an identifier that the register could know."""
    NO_DAY = "no_day"
    """The notice does not say the day."""
    PROVIDER_ONLY = "provider_only"
    """The notice names no programme: the register's list of providers was looked at, which is no verdict."""
    STANDS = "stands"
    """Provider and programme stand on the day. Trainers are to be checked before delivery."""


@dataclass(frozen=True)
class Candidate:
    """A provider on the register that may be meant, and may not."""

    register: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of a check, in words for people, with the codes of the reasons and the id of the answer."""

    check: Check
    outcome: Outcome
    words: str
    reasons: Sequence[str] = ()
    candidates: Sequence[Candidate] = ()
    answer: Answer | None = None


def of_answer(check: Check, answer: Answer) -> Finding:
    """Return what a verdict without a trainer says (R1: without a trainer it is no pass).

    Raises:
        ValueError: the service says pass, which it can't of a question without a trainer.
    """
    if answer.passed:
        raise ValueError("a question without a trainer was answered with a pass")
    when = _when(answer.delivered_on, day_of(answer.checked_at))
    if _stands(answer):
        words = f"Provider and programme stand {when}; trainers are to be checked before delivery."
        return Finding(check=check, outcome=Outcome.STANDS, words=words, answer=answer)
    against = [reason for reason in answer.reasons if reason.code != TRAINER_NOT_NAMED]
    if answer.failed:
        failed = ", ".join(e.element.value for e in answer.elements if e.verdict is Verdict.FAIL)
        outcome, words = Outcome.FAIL, f"Not certified {when}: {failed}."
    else:
        outcome = Outcome.CANNOT_CONFIRM
        words = f"Not confirmed {when}. This is not a finding against the provider."
    return Finding(
        check=check,
        outcome=outcome,
        words=" ".join((words, *_texts(against))),
        reasons=tuple(dict.fromkeys(reason.code for reason in against)),
        candidates=[Candidate(c.register, c.name) for c in answer.candidates],
        answer=answer,
    )


def _stands(answer: Answer) -> bool:
    """Tell whether nothing but the trainer, whom nobody named, keeps it from passing."""
    others = (each for each in answer.elements if each.element is not Element.TRAINER)
    codes = {reason.code for reason in answer.reasons}
    return codes == {TRAINER_NOT_NAMED} and all(e.verdict is Verdict.PASS for e in others)


def _texts(reasons: Iterable[ReasonAnswer]) -> Iterable[str]:
    return dict.fromkeys(reason.text for reason in reasons)


def _when(day: date, today: date) -> str:
    return "on this date, as recorded now" if day > today else "on this date"


_STATES = {
    "in_force": "in force",
    "applied": "applied for only",
    "not_yet": "not yet in force",
    "suspended": "suspended",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "start_not_recorded": "of a start that is not recorded",
    "term_elapsed": "without a recorded end, and its usual term is over",
    "delisted": "no longer listed",
    "confirmation_over": "confirmed until an earlier day only",
}


def of_listing(
    check: Check, listed: ProviderWithProgrammes, today: date, *, stale: bool
) -> Finding:
    """Return what the register's list says of a provider on a day, where no programme is named: less than a verdict.

    `stale`: the register has not been read for longer than it may be, and what it lists may hold no more.
    """
    state = _STATES.get(listed.standing.state, listed.standing.state)
    words = (
        f"The programme is not named, so only the provider was looked at: the register lists the certification of "
        f"{listed.name} ({listed.register}) as {state} {_when(listed.on, today)}. This is no verdict: neither its body "
        f"nor its programme was judged."
    )
    if stale:
        words += " The register is stale: what it lists may hold no more."
    approved = [p for p in listed.programmes if p.standing.state == "in_force"]
    if approved and listed.standing.state == "in_force":
        titles = "; ".join(f"register:{p.register} ({p.title})" for p in approved)
        words += (
            f" Say with --programmes which was bought. Listed as approved for it then: {titles}."
        )
    return Finding(
        check=check,
        outcome=Outcome.PROVIDER_ONLY,
        words=words,
        reasons=(f"provider_listed_{listed.standing.state}",),
    )


def of_no_listing(check: Check, found: Sequence[ProviderListed]) -> Finding:
    """Return what it says that no provider on the list bears the identifiers, or that several do."""
    begins = "The programme is not named, so only the provider was looked at: "
    if found:
        words = (
            "the identifiers are borne by several providers on the register. Which one is meant?"
        )
    else:
        words = (
            "no provider on the register bears the identifier. Not every provider is listed with one, so this is not a "
            "finding against anybody."
        )
    return Finding(
        check=check,
        outcome=Outcome.PROVIDER_ONLY,
        words=begins + words,
        reasons=("provider_ambiguous" if found else "provider_not_confirmed",),
        candidates=[Candidate(each.register, each.name) for each in found],
    )


def not_resolvable(check: Check, candidates: Sequence[Candidate]) -> Finding:
    """Return that the notice does not say who the supplier is in a way that the register knows."""
    supplier = check.supplier
    if not supplier.name and not supplier.others:
        words = "The notice names no supplier."
    else:
        given = f" It gives {', '.join(supplier.others)}." if supplier.others else ""
        words = (
            f"Not resolvable: the notice gives no identifier by which the register can be asked.{given} A name alone "
            "never settles who is meant. Ask the supplier for its certificate number. This is not a finding against "
            "anybody."
        )
    return Finding(
        check=check, outcome=Outcome.NOT_RESOLVABLE, words=words, candidates=list(candidates)
    )


def no_day(check: Check) -> Finding:
    """Return that there is no day to ask about."""
    words = f"Not looked at: {check.day.lack}."
    return Finding(check=check, outcome=Outcome.NO_DAY, words=words)


def not_verified(check: Check, cause: str) -> Finding:
    """Return that no answer could be had, and why."""
    words = f"Could not be verified: {cause}. This is neither a fail nor a pass."
    return Finding(check=check, outcome=Outcome.NOT_VERIFIED, words=words)
