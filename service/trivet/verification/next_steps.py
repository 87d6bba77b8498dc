"""What a commissioner can do next: whom to ask, and for what.

Pure: no I/O, no clock. A contact or address stands here only where a published source gives it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from trivet.register.records import CONFIRMATIONS, Kind
from trivet.verification.reasons import REASONS, Element
from trivet.verification.rules import Given


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter ready to send: to whom, by name; where they are reached is for the sender to know."""

    to: str
    subject: str
    body: str


class NextStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to do: `code` is stable, `text` can be acted on as it stands.

    In an answer, the first step that asks somebody has a `letter` with all that they are asked there.
    """

    code: str
    text: str
    contact: str | None = None
    url: str | None = None
    letter: Letter | None = None


class Sector(StrEnum):
    """What decides, with the nation, who hears a concern about practice (R26)."""

    HEALTH_AND_CARE = "health_and_care"
    EDUCATION = "education"


# The body is a record with dates, so a step names today's only as an example.
BODY = "The certification body named on the certificate, for example Bild ACT"
PROVIDER = "The training provider"
_IN_WRITING = "Ask it to answer in writing, so that the answer can be recorded as a confirmation."


def _ask_body(code: str, text: str) -> NextStep:
    return NextStep(code=code, text=f"{text} {_IN_WRITING}", contact=BODY)


def _ask_provider(code: str, text: str) -> NextStep:
    return NextStep(code=code, text=text, contact=PROVIDER)


_ASK_THE_BODY = (
    _ask_body(
        "ask_body_to_confirm_provider",
        "Ask the certification body whether the provider was certified on the date of the "
        "training, under which certificate number, from when and until when.",
    ),
    _ask_body(
        "ask_body_to_confirm_programme",
        "Ask the certification body whether the programme was approved for this provider on the "
        "date of the training, under which title, from when and until when.",
    ),
    _ask_body(
        "ask_body_to_confirm_trainer",
        "Ask the certification body, through the provider if need be, whether the trainer was "
        "authorised by this provider on the date of the training, for which programmes, and as a "
        "senior or an associate trainer.",
    ),
    _ask_body(
        "ask_body_to_confirm_affiliation",
        "Ask the certification body whether the delivering organisation was an affiliate of this "
        "provider on the date of the training, and for which programmes.",
    ),
    _ask_body(
        "ask_body_to_confirm_scope",
        "Ask the certification body which settings, nations, populations and specialist modules "
        "the programme covers.",
    ),
    _ask_body(
        "ask_body_for_start_date",
        "Ask the certification body on which day the recorded status began.",
    ),
    _ask_body(
        "ask_body_why_delisted",
        "Ask the certification body why the entry is no longer listed, and whether and since when "
        "the status has changed.",
    ),
    _ask_body(
        "ask_body_to_settle_contradiction",
        "Ask the certification body which of the two accounts is right, and since when.",
    ),
)

_ASK_ABOUT_THE_BODY = (
    NextStep(
        code="ask_rrn_to_confirm_licence",
        text="Ask the Restraint Reduction Network whether it licensed this certification body on "
        "the date of the training.",
        contact="Restraint Reduction Network",
        url="https://restraintreductionnetwork.org/training-standards-further-guidance",
    ),
    NextStep(
        code="ask_ukas_to_confirm_accreditation",
        text="Ask UKAS whether this certification body was accredited to certify against the RRN "
        "Training Standards on the date of the training; give its UKAS customer number.",
        contact="UK Accreditation Service (UKAS)",
    ),
)

_ASK_THE_PROVIDER = (
    _ask_provider(
        "ask_provider_which_body",
        "Ask the provider which certification body issued its certificate, and for that body's "
        "UKAS customer number.",
    ),
    _ask_provider(
        "ask_provider_for_certificate_number",
        "Ask the provider for its certificate number and for the name and company number it is "
        "certified under, then verify again with them.",
    ),
    _ask_provider(
        "ask_provider_for_certificate_in_force",
        "Ask the provider for a certificate that is in force on the date of the training, with its "
        "number, start and end, then verify again. Until then do not count the training as "
        "certified.",
    ),
    _ask_provider(
        "ask_provider_which_programme",
        "Ask the provider which of its programmes are approved on the date of the training, with "
        "their register ids and exact titles, and which of them you would receive.",
    ),
    _ask_provider(
        "ask_provider_for_programme_in_scope",
        "Ask the provider for an approved programme whose recorded scope covers your setting, "
        "nation, population and specialist modules.",
    ),
    _ask_provider(
        "name_the_trainer",
        "Ask the provider who will deliver the training, and for the authorisation number; verify "
        "again with it before delivery.",
    ),
    _ask_provider(
        "ask_provider_which_trainer",
        "Ask the provider which trainer will deliver this programme on the date of the training, "
        "and for the number of the authorisation with this provider. An authorisation with "
        "another provider does not carry over.",
    ),
    _ask_provider(
        "ask_for_senior_trainer",
        "Ask the provider for a senior trainer, or for an associate trainer of the organisation "
        "that delivers the training.",
    ),
    _ask_provider(
        "arrange_certified_delivery",
        "Ask the provider to deliver the training with its own authorised trainers, or to show an "
        "affiliate arrangement for the delivering organisation that is in force on the date and "
        "covers the programme.",
    ),
)

_DO_IT_YOURSELF = (
    NextStep(
        code="choose_candidate",
        text="Choose the one you mean among the candidates, check it against the provider's "
        "certificate, and verify again with its register id.",
    ),
    NextStep(
        code="identify_delivery_organisation",
        text="Give an identifier of the organisation that delivers the training, such as its ODS "
        "code or company number, and verify again. A name alone is not enough.",
    ),
    NextStep(
        code="do_not_rely_on_membership",
        text="Do not rely on membership. Ask the provider for its certificate number, the approved "
        "programme and the authorised trainer, and verify those.",
        contact=PROVIDER,
    ),
    NextStep(
        code="wait_for_reinstatement",
        text="Do not count the training as certified while the suspension lasts. Set a watch to be "
        "told when it is lifted, or choose another provider, programme or trainer and verify that.",
    ),
    NextStep(
        code="choose_certified_training",
        text="Choose certified training from another provider, or ask this one whether it has been "
        "certified again, and verify before you rely on it.",
    ),
    NextStep(
        code="wait_for_register",
        text="Verify again once the register has been refreshed. If the training cannot wait, look "
        "at the certification body's own list.",
    ),
    NextStep(
        code="ask_from_first_snapshot",
        text="Ask again with a knownAt no earlier than the mirror's first snapshot, or with none.",
    ),
    NextStep(
        code="raise_concern_with_body",
        text="If the training is offered or delivered as certified all the same, tell the "
        "certification body. If you think that a crime has been committed, contact the police.",
        contact=BODY,
    ),
)

STEPS: Mapping[str, NextStep] = MappingProxyType(
    {
        step.code: step
        for step in (
            *_ASK_THE_BODY,
            *_ASK_ABOUT_THE_BODY,
            *_ASK_THE_PROVIDER,
            *_DO_IT_YOURSELF,
        )
    }
)
"""Every step that a reason can lead to, by its code."""


def _concern(code: str, practice: str, contact: str) -> NextStep:
    return NextStep(
        code=code, text=f"If practice in {practice} worries you, tell {contact}.", contact=contact
    )


_CQC = _concern(
    "raise_concern_with_cqc",
    "a health or adult social care service in England",
    "the Care Quality Commission (CQC)",
)
_LOCAL_AUTHORITY = _concern(
    "raise_concern_with_local_authority", "a school in England", "the local authority"
)
_HIW = _concern(
    "raise_concern_with_hiw",
    "a health care service in Wales",
    "Healthcare Inspectorate Wales (HIW)",
)
_EWC = _concern(
    "raise_concern_with_ewc", "a school in Wales", "the Education Workforce Council (EWC)"
)
_SCOTTISH_REGULATORS = _concern(
    "raise_concern_with_his_or_care_inspectorate",
    "a health or care service in Scotland",
    "Healthcare Improvement Scotland (health care) or the Care Inspectorate (care services)",
)
_EDUCATION_SCOTLAND = _concern(
    "raise_concern_with_education_scotland", "a school in Scotland", "Education Scotland"
)
_RQIA = _concern(
    "raise_concern_with_rqia",
    "a health or care service in Northern Ireland",
    "the Regulation and Quality Improvement Authority (RQIA)",
)
_ETI = _concern(
    "raise_concern_with_eti",
    "an education service in Northern Ireland",
    "the Education and Training Inspectorate (ETI)",
)

CONCERNS: Mapping[tuple[str, Sector], NextStep] = MappingProxyType(
    {
        ("england", Sector.HEALTH_AND_CARE): _CQC,
        ("england", Sector.EDUCATION): _LOCAL_AUTHORITY,
        ("wales", Sector.HEALTH_AND_CARE): _HIW,
        ("wales", Sector.EDUCATION): _EWC,
        ("scotland", Sector.HEALTH_AND_CARE): _SCOTTISH_REGULATORS,
        ("scotland", Sector.EDUCATION): _EDUCATION_SCOTLAND,
        ("northern_ireland", Sector.HEALTH_AND_CARE): _RQIA,
        ("northern_ireland", Sector.EDUCATION): _ETI,
    }
)
"""Who hears a concern about practice, by nation and sector (R26, the RRN's Q&A)."""

# The Q&A names no regulator for these; a wrong one would lead a concern astray.
_NO_REGULATOR_NAMED = frozenset(
    {("england", "childrens_home"), ("wales", "childrens_home"), ("wales", "social_care")}
)

# Reasons after which training may still be going on as if it were certified. A lapse of time, an
# unknown number or a scope that does not fit is put right with the provider first, and doubts about
# the body itself are not for the body to hear.
_CALLS_FOR_CONCERN = frozenset(
    {
        "provider_suspended",
        "provider_withdrawn",
        "programme_suspended",
        "programme_withdrawn",
        "trainer_suspended",
        "trainer_withdrawn",
        "train_the_trainer_is_not_certification",
        "affiliation_not_in_force",
        "associate_outside_own_organisation",
    }
)


def next_steps(
    reasons: Iterable[Given], *, nation: str | None, setting: str | None
) -> tuple[NextStep, ...]:
    """Return what to do about the reasons, in their order, each step once.

    `nation` and `setting` are scope words, None where not known. After a reason that leaves training
    running as if it were certified come the certification body and the nation's regulator for that
    kind of service (R26).
    Raises KeyError for a code that is not in `reasons.REASONS`.
    """
    given = tuple(reasons)
    steps = [step for reason in given for step in steps_for(reason)]
    if not _CALLS_FOR_CONCERN.isdisjoint(reason.code for reason in given):
        steps += [STEPS["raise_concern_with_body"], *_regulators(nation, setting)]
    return tuple(dict.fromkeys(steps))


_CONFIRMED_AGAIN = {
    Kind.PROVIDERS: "ask_body_to_confirm_provider",
    Kind.PROGRAMMES: "ask_body_to_confirm_programme",
    Kind.AUTHORISATIONS: "ask_body_to_confirm_trainer",
    Kind.AFFILIATIONS: "ask_body_to_confirm_affiliation",
}


def steps_for(reason: Given) -> tuple[NextStep, ...]:
    """Return what to do about one reason: where a confirmation is too old, the body is asked again."""
    usual = STEPS[REASONS[reason.code].next_step]
    if "goodUntil" not in reason.params:
        return (usual,)
    kinds = [Kind(kind) for kind in reason.params["records"].split(", ")]
    again = [STEPS[_CONFIRMED_AGAIN[kind]] for kind in kinds]
    if reason.element is Element.SCOPE:
        again.append(STEPS["ask_body_to_confirm_scope"])
    # No refreshed register brings a confirmation back.
    return (*again, *(() if reason.params["sources"] == CONFIRMATIONS else (usual,)))


def _regulators(nation: str | None, setting: str | None) -> list[NextStep]:
    if nation is None or (nation, setting) in _NO_REGULATOR_NAMED:
        return []
    concerns = (CONCERNS.get((nation, sector)) for sector in _sectors(setting))
    return [concern for concern in concerns if concern is not None]


def _sectors(setting: str | None) -> tuple[Sector, ...]:
    """Return the sector of a setting; both, where the setting is not known."""
    if setting is None:
        return tuple(Sector)
    return (Sector.EDUCATION,) if setting == "school" else (Sector.HEALTH_AND_CARE,)
