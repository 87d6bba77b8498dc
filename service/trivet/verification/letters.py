"""Letters ready to send where an answer needs somebody's word: one to each whom it asks, with all that is asked.

Pure: no I/O, no clock. A letter names the trainer by reference or number, never by name, and invents no address: where
body and provider are reached is for the sender to know.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from trivet.register.identifiers import comparable_id
from trivet.register.index import Index
from trivet.register.records import Provider
from trivet.verification.asked_in_words import called, day_in_words, scope_wanted
from trivet.verification.next_steps import BODY, PROVIDER, Letter, NextStep, steps_for
from trivet.verification.question import Question, Scope
from trivet.verification.reasons import Element
from trivet.verification.rules import Judgement


class Matter(msgspec.Struct, frozen=True):
    """What a letter is about: a verification by its id, its question, how it was judged, and for which London day.

    `index` None: the question was about a time before the first snapshot.
    """

    verification: str
    question: Question
    judgement: Judgement
    on: date
    index: Index | None


def with_letters(steps: Iterable[NextStep], matter: Matter) -> list[NextStep]:
    """Return the steps, with a letter beside the first that asks the body, and the first that asks the provider."""
    letters = {BODY: _letter_to_body, PROVIDER: _letter_to_provider}
    told = []
    for step in steps:
        write = letters.pop(step.contact or "", None) if step.code in POINTS else None
        told.append(replace(step, letter=write(matter)) if write else step)
    return told


_WHOSE = {
    Element.BODY: "Your licence from the Restraint Reduction Network and your accreditation by UKAS",
    Element.PROVIDER: "The provider's certification",
    Element.PROGRAMME: "The programme's approval",
    Element.TRAINER: "The trainer's authorisation",
    Element.DELIVERY: "The affiliate arrangement",
    Element.SCOPE: "The programme's scope",
}
_PERIOD = (
    "its first and its last day; and whether and since when it has been suspended or withdrawn"
)

POINTS: Mapping[str, str] = MappingProxyType(
    {
        "ask_body_to_confirm_provider": "Provider: is its certification in force on that day? "
        f"Under which certificate number; {_PERIOD}.",
        "ask_body_to_confirm_programme": "Programme: is it approved for this provider on that day? "
        f"Its exact title, and its number or id with you; {_PERIOD}.",
        "ask_body_to_confirm_trainer": "Trainer: is the trainer authorised by this provider, for this "
        "programme, on that day? The number of the authorisation; for which programmes; whether as "
        f"a senior or an associate trainer, and an associate of which organisation; {_PERIOD}.",
        "ask_body_to_confirm_affiliation": "Delivery: is the organisation that delivers an approved "
        "affiliate of this provider on that day? Its name and its ODS code or company number; for "
        f"which programmes; {_PERIOD}.",
        "ask_body_to_confirm_scope": "Scope: which settings, nations, populations and specialist "
        "modules does the programme cover, and are those that we want among them?",
        "ask_body_for_start_date": "{whose}: on which day did what holds now begin?",
        "ask_body_why_delisted": "{whose}: it is listed no more. Does it still hold; if not, since "
        "when, and has it ended, been suspended or been withdrawn?",
        "ask_body_to_settle_contradiction": "{whose}: two accounts of it contradict each other. What "
        f"holds; {_PERIOD}?",
        "ask_provider_which_body": "Which certification body issued your certificate, and what is "
        "its UKAS customer number?",
        "ask_provider_for_certificate_number": "What is your certificate number, and under which "
        "name and company number are you certified?",
        "ask_provider_for_certificate_in_force": "Do you have a certificate that is in force on that "
        "day? Its number, its first and its last day.",
        "ask_provider_which_programme": "Which of your programmes are approved on that day, by exact "
        "title and id, and which of them would we receive?",
        "ask_provider_for_programme_in_scope": "Which approved programme of yours covers, by its "
        "recorded scope, what we want?",
        "name_the_trainer": "Who delivers the training: the number of the authorisation with you, "
        "and whether as a senior or an associate trainer?",
        "ask_provider_which_trainer": "Which trainer of yours is authorised to deliver this programme "
        "on that day: the number of the authorisation with you?",
        "ask_for_senior_trainer": "Can a senior trainer deliver it, or an associate trainer of the "
        "organisation that delivers it? The number of the authorisation.",
        "arrange_certified_delivery": "Can your own authorised trainers deliver it, or is the "
        "organisation that delivers it an affiliate of yours on that day, and for which programmes?",
        "do_not_rely_on_membership": "What are your certificate number, the approved programme, and "
        "the number of the trainer's authorisation? Membership of the Restraint Reduction Network "
        "does not show that training is certified.",
    }
)
"""What body or provider are asked, by the step that asks it."""


_HOW_THE_BODY_ANSWERS = (
    "Please answer in writing to the sender of this letter, and quote {reference}. To be recorded as a "
    "confirmation, the answer needs the desk or role that gives it (no person's name), its date, until "
    "when it may be relied on (one year, unless it says), and each period with its first and its last "
    "day. Please name no trainer: numbers and references are enough."
)
_HOW_THE_PROVIDER_ANSWERS = (
    "Please answer in writing to the sender of this letter, and quote {reference}. It is the "
    "certification body's word that counts: please send a copy of what it has given you, such as the "
    "certificate, with first and last days. Please name no trainer: numbers and references are enough."
)


def _letter_to_body(matter: Matter) -> Letter:
    named = _Named.of(matter)
    return Letter(
        to=named.body or "The certification body named on the provider's certificate",
        subject=f"Please confirm: training by {named.provider} on {day_in_words(matter.on)}",
        body=_written(
            "Dear Sir or Madam,",
            "We are checking whether the training below is certified against the RRN Training "
            "Standards. What we can look up does not settle it, which is no finding against anybody. "
            "Please tell us what your records say of that day.",
            _the_training(matter, named),
            _points(matter, BODY),
            _HOW_THE_BODY_ANSWERS.format(reference=_reference(matter)),
        ),
    )


def _letter_to_provider(matter: Matter) -> Letter:
    named = _Named.of(matter)
    return Letter(
        to=named.provider,
        subject=f"Your training on {day_in_words(matter.on)}: is it certified?",
        body=_written(
            "Dear Sir or Madam,",
            "We are checking whether the training below is certified against the RRN Training "
            "Standards. That takes a certified provider, an approved programme and an authorised "
            "trainer, and we need your help with it.",
            _the_training(matter, named),
            _points(matter, PROVIDER),
            _HOW_THE_PROVIDER_ANSWERS.format(reference=_reference(matter)),
        ),
    )


def _written(*paragraphs: str) -> str:
    return "\n\n".join((*paragraphs, "Thank you for your help.", "Yours faithfully")) + "\n"


def _reference(matter: Matter) -> str:
    own = matter.question.reference
    return f"{_on_one_line(own)} ({matter.verification})" if own else matter.verification


def _the_training(matter: Matter, named: "_Named") -> str:
    question = matter.question
    lines = (
        ("Provider", named.provider_in_full),
        ("Programme", named.programme),
        ("Trainer", _trainer(question)),
        ("Delivered on", day_in_words(matter.on)),
        ("Delivered by", _deliverer(question)),
        ("Wanted for", ", ".join(scope_wanted(question.scope or Scope()))),
    )
    return "\n".join(f"  {label}: {_on_one_line(text)}" for label, text in lines if text)


def _trainer(question: Question) -> str:
    trainer = question.trainer
    return called(trainer.scheme, trainer.value) if trainer else "not named yet"


def _deliverer(question: Question) -> str:
    deliverer = question.delivered_by
    return called(deliverer.scheme, deliverer.value) if deliverer else "the provider itself"


def _points(matter: Matter, asked: str) -> str:
    """Return what an addressee is asked, numbered, each point once."""
    points = dict.fromkeys(
        POINTS[step.code].format(whose=_WHOSE[reason.element or Element.PROVIDER])
        for reason in matter.judgement.reasons
        for step in steps_for(reason)
        if step.contact == asked and step.code in POINTS
    )
    return "\n".join(f"  {number}. {point}" for number, point in enumerate(points, 1))


class _Named(msgspec.Struct, frozen=True):
    """How a letter names provider, programme and body: as the register has them, else as they were asked for."""

    provider: str
    provider_in_full: str
    programme: str
    body: str | None

    @classmethod
    def of(cls, matter: Matter) -> "_Named":
        asked = ", ".join(called(i.scheme, i.value) for i in matter.question.providers)
        programme = called(matter.question.programme.scheme, matter.question.programme.value)
        provider = _provider(matter)
        if provider is None or matter.index is None:
            unknown = f"The training provider ({_on_one_line(asked)})"
            return cls(unknown, asked, programme, None)
        title = _title(matter, provider)
        body = matter.index.bodies.get(comparable_id(provider.body))
        return cls(
            _on_one_line(provider.name),
            f"{provider.name} ({asked})",
            f"{title} ({programme})" if title else programme,
            _on_one_line(body.record.name) if body else None,
        )


def _provider(matter: Matter) -> Provider | None:
    found = matter.index and matter.index.providers.get(_record(matter, Element.PROVIDER))
    return found.record if found else None


def _title(matter: Matter, provider: Provider) -> str | None:
    """Return the title of the programme asked about, if it is one of the provider's."""
    found = matter.index and matter.index.programmes.get(_record(matter, Element.PROGRAMME))
    if not found or comparable_id(found.record.provider) != comparable_id(provider.register):
        return None
    return found.record.title


def _record(matter: Matter, element: Element) -> str:
    rests_on = (e.record for e in matter.judgement.elements if e.element is element)
    return comparable_id(next(rests_on, None) or "")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
