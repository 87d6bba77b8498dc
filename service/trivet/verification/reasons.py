"""Why a verdict is not a pass: every reason code of the contract, as data.

Pure: no I/O, no clock. The texts are written for a commissioner. "Approved" is said only of a
programme, "authorised" only of a trainer.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import msgspec


class Verdict(StrEnum):
    """What is answered, for an element and for the whole; only `pass` is permission."""

    PASS = "pass"  # noqa: S105 (a verdict, not a password)
    FAIL = "fail"
    CANNOT_CONFIRM = "cannot_confirm"


class Element(StrEnum):
    """What a verdict is made of (R1), in the order in which it is shown."""

    BODY = "body"
    PROVIDER = "provider"
    PROGRAMME = "programme"
    TRAINER = "trainer"
    DELIVERY = "delivery"
    SCOPE = "scope"


class Evidence(StrEnum):
    """What a supplier offered as proof; it never changes a verdict (R2)."""

    CERTIFICATE = "certificate"
    MEMBERSHIP = "membership"
    ALIGNED = "aligned"
    LEGACY_SCHEME = "legacy_scheme"
    TRAIN_THE_TRAINER = "train_the_trainer"
    APPLICATION = "application"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason code, with what a commissioner is told about it.

    `element` is None where any element may carry the code, or none does. `verdict` is what the
    code makes of its element, and None where only offered evidence gives it, which changes no
    verdict. `rule` is the id of the domain's rule. `source` names where that rule was published,
    or says that it is trivet's reading. `next_step` is a code of `next_steps.STEPS`.
    """

    code: str
    element: Element | None
    verdict: Verdict | None
    rule: str
    text: str
    source: str
    next_step: str


_RRN_QA = "Restraint Reduction Network, RRN Training Standards Q&A"
_COMMISSIONING_ARTICLE = (
    "Timian (a training provider), article for commissioners on Bild ACT and RRN; and "
    "Maybo, affiliate form (https://maybo.tfaforms.net/341769)"
)
_TRAINER_SPECIFICATION = (
    "NAPPI UK, trainer specification, on section 4 of the RRN Training Standards "
    "(https://www.nappiuk.com/courses/view-your-requirements/supporting-organisations/"
    "rrn-test/trainer-specification)"
)
_AFFILIATE_FORM = "Maybo, affiliate form (https://maybo.tfaforms.net/341769)"
_CERTIFICATION_PROCESS = (
    "Bild ACT, certification process (https://bildact.org.uk/certification-process)"
)
_ELIGIBILITY_FORM = "Bild ACT, eligibility form (https://www.tfaforms.com/5177433)"
_STATUTORY_GUIDANCE = (
    "Statutory guidance to the Mental Health Units (Use of Force) Act 2018, as quoted by Bild ACT "
    "(https://bildact.org.uk/training-standards)"
)
_LEGACY_SCHEME = (
    "British Institute of Learning Disabilities, the earlier scheme and its replacement "
    "(http://www.bild.org.uk/our-services/pitrainingaccreditation/certification-homepage/)"
)

# Inferences of ours, said to be so: the scheme publishes no rule on these points.
_READING_OF_DATES = (
    "trivet's reading of how product certification treats dates, suspension and withdrawal, for "
    "example BSI's policies (https://www.bsigroup.com/th-TH/Our-services/Product-certification/"
    "product-certification-policies/)"
)
_READING_OF_TERM = (
    f"trivet's reading of {_CERTIFICATION_PROCESS}, which gives a term of three years"
)
_READING_OF_APPLICATION = f"trivet's reading of {_CERTIFICATION_PROCESS}"
_READING_OF_ABSENCE = (
    "trivet's reading of how public registers are kept: an absence has many causes"
)
_READING_OF_NAMES = "trivet's reading of how public registers identify organisations"
_READING_OF_ELEMENTS = f"trivet's reading of {_RRN_QA}: an element that is not known is not there"
_READING_OF_DECLARATION = f"trivet's reading of {_AFFILIATE_FORM}: the body must agree as well"
_OWN_RULE = "trivet's reading of what a mirror may say: only what it held, and as of when"


class _Row(NamedTuple):
    """What is particular to one code; `text` is what is missing where nothing can be confirmed."""

    code: str
    rule: str
    text: str
    source: str
    next_step: str


_BODY_FAILS = (
    _Row(
        code="body_not_licensed",
        rule="R14",
        text="The register shows no licence from the Restraint Reduction Network to this "
        "certification body on this date. Certification counts only from a licensed body.",
        source=_RRN_QA,
        next_step="ask_rrn_to_confirm_licence",
    ),
    _Row(
        code="body_not_accredited",
        rule="R14",
        text="The register shows no UKAS accreditation of this certification body on this date. "
        "Certification counts only from a body that UKAS has accredited.",
        source=_STATUTORY_GUIDANCE,
        next_step="ask_ukas_to_confirm_accreditation",
    ),
)
_BODY_NOT_CONFIRMED = (
    _Row(
        code="body_unknown",
        rule="R14",
        text="no record describes the certification body, so its licence and its accreditation "
        "by UKAS on this date cannot be checked",
        source=_STATUTORY_GUIDANCE,
        next_step="ask_provider_which_body",
    ),
)

_PROVIDER_FAILS = (
    _Row(
        code="provider_not_on_register",
        rule="R1",
        text="No provider with the identifiers given is on the register, whose list of providers "
        "is stated to be complete.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    _Row(
        code="provider_not_yet_certified",
        rule="R20",
        text="The provider's certification had not begun on this date, according to the register.",
        source=_READING_OF_DATES,
        next_step="ask_provider_for_certificate_in_force",
    ),
    _Row(
        code="provider_certification_expired",
        rule="R11",
        text="The provider's certification had ended by this date, according to the register. "
        "No renewal that covers the date is recorded.",
        source=_CERTIFICATION_PROCESS,
        next_step="ask_provider_for_certificate_in_force",
    ),
    _Row(
        code="provider_suspended",
        rule="R20",
        text="The provider's certification was suspended on this date, according to the register. "
        "Training is not certified while the suspension lasts.",
        source=_READING_OF_DATES,
        next_step="wait_for_reinstatement",
    ),
    _Row(
        code="provider_withdrawn",
        rule="R20",
        text="The provider's certification had been withdrawn by this date, according to the "
        "register. Training delivered before the withdrawal is judged on its own date.",
        source=_READING_OF_DATES,
        next_step="choose_certified_training",
    ),
    _Row(
        code="application_is_not_certification",
        rule="R12",
        text="To have applied for certification, or to be going through the process, is not to be "
        "certified. What is needed is a certification in force on the date of the training.",
        source=_READING_OF_APPLICATION,
        next_step="ask_provider_for_certificate_in_force",
    ),
)
_PROVIDER_NOT_CONFIRMED = (
    _Row(
        code="provider_ambiguous",
        rule="R22",
        text="what was given does not single out one provider on the register, and a name "
        "alone is not enough",
        source=_READING_OF_NAMES,
        next_step="choose_candidate",
    ),
    _Row(
        code="provider_not_confirmed",
        rule="R21",
        text="the provider was not found, but the list that was searched may leave out "
        "certified providers or the identifiers they are known by",
        source=_READING_OF_ABSENCE,
        next_step="ask_body_to_confirm_provider",
    ),
    _Row(
        code="provider_term_elapsed",
        rule="R11",
        text="the register gives no end date, and the usual term of certification, counted "
        "from the recorded start, was over by this date",
        source=_READING_OF_TERM,
        next_step="ask_body_to_confirm_provider",
    ),
    _Row(
        code="provider_delisted",
        rule="R21",
        text="the provider was on the register and has since disappeared from it, and no "
        "withdrawal is recorded",
        source=_READING_OF_ABSENCE,
        next_step="ask_body_why_delisted",
    ),
    _Row(
        code="provider_source_missing",
        rule="R1",
        text="the mirror holds no source that lists certified providers",
        source=_READING_OF_ELEMENTS,
        next_step="ask_body_to_confirm_provider",
    ),
    _Row(
        code="provider_declared_only",
        rule="R10",
        text="that the provider was certified rests on its own word alone, and nothing from "
        "the certification body bears it out yet",
        source=_READING_OF_DECLARATION,
        next_step="ask_body_to_confirm_provider",
    ),
)

_PROGRAMME_FAILS = (
    _Row(
        code="programme_not_on_register",
        rule="R4",
        text="The programme is not on the register for this provider, and the list of programmes "
        "is stated to be complete. Not all training by a certified provider is certified.",
        source=_RRN_QA,
        next_step="ask_provider_which_programme",
    ),
    _Row(
        code="programme_of_another_provider",
        rule="R4",
        text="The register holds this programme under another provider. A programme is approved "
        "for the provider that holds it, and for no other.",
        source=_RRN_QA,
        next_step="ask_provider_which_programme",
    ),
    _Row(
        code="programme_not_yet_approved",
        rule="R20",
        text="The programme was not yet approved on this date, according to the register.",
        source=_READING_OF_DATES,
        next_step="ask_provider_which_programme",
    ),
    _Row(
        code="programme_approval_expired",
        rule="R20",
        text="The programme was no longer approved on this date, according to the register: its "
        "last recorded period had ended.",
        source=_READING_OF_DATES,
        next_step="ask_provider_which_programme",
    ),
    _Row(
        code="programme_suspended",
        rule="R20",
        text="The programme was suspended on this date, according to the register. Training in it "
        "is not certified while the suspension lasts.",
        source=_READING_OF_DATES,
        next_step="wait_for_reinstatement",
    ),
    _Row(
        code="programme_withdrawn",
        rule="R20",
        text="The programme had been withdrawn by this date, according to the register. Training "
        "delivered before the withdrawal is judged on its own date.",
        source=_READING_OF_DATES,
        next_step="ask_provider_which_programme",
    ),
)
_PROGRAMME_NOT_CONFIRMED = (
    _Row(
        code="programme_ambiguous",
        rule="R22",
        text="several of the provider's programmes match the title given",
        source=_READING_OF_NAMES,
        next_step="choose_candidate",
    ),
    _Row(
        code="programme_not_confirmed",
        rule="R4",
        text="what the mirror holds does not settle whether this programme was approved for "
        "this provider on this date",
        source=_RRN_QA,
        next_step="ask_body_to_confirm_programme",
    ),
    _Row(
        code="programme_delisted",
        rule="R21",
        text="the programme was on the register and has since disappeared from it, and no "
        "withdrawal is recorded",
        source=_READING_OF_ABSENCE,
        next_step="ask_body_why_delisted",
    ),
    _Row(
        code="programme_source_missing",
        rule="R4",
        text="the mirror holds no source that lists approved programmes",
        source=_READING_OF_ELEMENTS,
        next_step="ask_body_to_confirm_programme",
    ),
    _Row(
        code="programme_declared_only",
        rule="R10",
        text="that the programme was approved rests on the provider's own word alone, and "
        "nothing from the certification body bears it out yet",
        source=_READING_OF_DECLARATION,
        next_step="ask_body_to_confirm_programme",
    ),
)

_TRAINER_FAILS = (
    # One code and one text for an unknown reference, another provider's trainer and a family name
    # that differs: to tell them apart would tell a guesser what is on the register.
    _Row(
        code="trainer_not_authorised",
        rule="R6",
        text="The register holds no authorisation of a trainer with this provider that matches "
        "what was given, and its list of authorisations is stated to be complete.",
        source=_TRAINER_SPECIFICATION,
        next_step="ask_provider_which_trainer",
    ),
    _Row(
        code="trainer_not_authorised_for_programme",
        rule="R5",
        text="The register shows no authorisation of this trainer by this provider that covers "
        "this programme.",
        source=_RRN_QA,
        next_step="ask_provider_which_trainer",
    ),
    _Row(
        code="trainer_not_yet_authorised",
        rule="R10",
        text="The trainer was not yet authorised on this date, according to the register.",
        source=_AFFILIATE_FORM,
        next_step="ask_provider_which_trainer",
    ),
    _Row(
        code="trainer_authorisation_expired",
        rule="R20",
        text="The trainer was no longer authorised on this date, according to the register: the "
        "last recorded period had ended.",
        source=_READING_OF_DATES,
        next_step="ask_provider_which_trainer",
    ),
    _Row(
        code="trainer_suspended",
        rule="R20",
        text="The trainer's authorisation was suspended on this date, according to the register. "
        "Training by this trainer is not certified while the suspension lasts.",
        source=_READING_OF_DATES,
        next_step="wait_for_reinstatement",
    ),
    _Row(
        code="trainer_withdrawn",
        rule="R20",
        text="The trainer's authorisation had been withdrawn by this date, according to the "
        "register. Training delivered before the withdrawal is judged on its own date.",
        source=_READING_OF_DATES,
        next_step="ask_provider_which_trainer",
    ),
)
_TRAINER_NOT_CONFIRMED = (
    _Row(
        code="trainer_not_named",
        rule="R5",
        text="no trainer was named, and training is certified only if its trainer is authorised",
        source=_RRN_QA,
        next_step="name_the_trainer",
    ),
    _Row(
        code="trainer_not_confirmed",
        rule="R5",
        text="what the mirror holds does not settle whether this trainer was authorised by this "
        "provider, for this programme, on this date",
        source=_RRN_QA,
        next_step="ask_body_to_confirm_trainer",
    ),
    _Row(
        code="trainer_delisted",
        rule="R21",
        text="the trainer's authorisation was on the register and has since disappeared from "
        "it, and no withdrawal is recorded",
        source=_READING_OF_ABSENCE,
        next_step="ask_body_why_delisted",
    ),
    _Row(
        code="trainer_source_missing",
        rule="R5",
        text="the mirror holds no source that lists authorised trainers",
        source=_READING_OF_ELEMENTS,
        next_step="ask_body_to_confirm_trainer",
    ),
    _Row(
        code="trainer_declared_only",
        rule="R10",
        text="that the trainer was authorised rests on the provider's own word alone, and "
        "nothing from the certification body bears it out yet",
        source=_READING_OF_DECLARATION,
        next_step="ask_body_to_confirm_trainer",
    ),
)

_DELIVERY_FAILS = (
    # Also given for offered evidence, where nothing need be known of any arrangement: the text
    # says what is needed, not that it is absent.
    _Row(
        code="train_the_trainer_is_not_certification",
        rule="R8",
        text="To have staff trained as trainers does not make an organisation's own delivery "
        "certified. What is needed is an affiliate arrangement with the certified provider, in "
        "force on the date and covering the programme.",
        source=_COMMISSIONING_ARTICLE,
        next_step="arrange_certified_delivery",
    ),
    _Row(
        code="affiliation_not_in_force",
        rule="R8",
        text="The delivering organisation's affiliate arrangement with this provider was not in "
        "force on this date, according to the register.",
        source=_COMMISSIONING_ARTICLE,
        next_step="arrange_certified_delivery",
    ),
    _Row(
        code="affiliation_does_not_cover_programme",
        rule="R8",
        text="The delivering organisation had an affiliate arrangement with this provider on this "
        "date, but according to the register it does not cover this programme.",
        source=_COMMISSIONING_ARTICLE,
        next_step="arrange_certified_delivery",
    ),
    _Row(
        code="associate_outside_own_organisation",
        rule="R7",
        text="The trainer is an associate, who may deliver only within their own organisation, "
        "and this training is delivered by another.",
        source=_TRAINER_SPECIFICATION,
        next_step="ask_for_senior_trainer",
    ),
)
_DELIVERY_NOT_CONFIRMED = (
    _Row(
        code="affiliation_source_missing",
        rule="R8",
        text="no complete list of this provider's affiliates is held, so the mirror cannot tell "
        "whether an arrangement covered this delivery",
        source=_COMMISSIONING_ARTICLE,
        next_step="ask_body_to_confirm_affiliation",
    ),
    _Row(
        code="affiliation_delisted",
        rule="R21",
        text="the affiliate arrangement was on the register and has since disappeared from it, "
        "and no withdrawal is recorded",
        source=_READING_OF_ABSENCE,
        next_step="ask_body_why_delisted",
    ),
    _Row(
        code="affiliation_declared_only",
        rule="R10",
        text="the affiliate arrangement rests on the provider's own word alone, and nothing "
        "from the certification body bears it out yet",
        source=_READING_OF_DECLARATION,
        next_step="ask_body_to_confirm_affiliation",
    ),
    _Row(
        code="delivery_organisation_ambiguous",
        rule="R22",
        text="what was given does not settle which organisation delivers the training, or "
        "whether it is the one on the record",
        source=_READING_OF_NAMES,
        next_step="identify_delivery_organisation",
    ),
)

_SCOPE_FAILS = (
    _Row(
        code="outside_setting",
        rule="R16",
        text="The setting asked about is not among the settings recorded for this training.",
        source=_ELIGIBILITY_FORM,
        next_step="ask_provider_for_programme_in_scope",
    ),
    _Row(
        code="outside_nation",
        rule="R16",
        text="The nation asked about is not among the nations recorded for this training.",
        source=_ELIGIBILITY_FORM,
        next_step="ask_provider_for_programme_in_scope",
    ),
    _Row(
        code="outside_population",
        rule="R16",
        text="The population asked about is not among those recorded for this programme.",
        source=_ELIGIBILITY_FORM,
        next_step="ask_provider_for_programme_in_scope",
    ),
    _Row(
        code="outside_modules",
        rule="R16",
        text="Not every specialist module asked about is among those recorded for this programme.",
        source=_ELIGIBILITY_FORM,
        next_step="ask_provider_for_programme_in_scope",
    ),
)
_SCOPE_NOT_CONFIRMED = (
    _Row(
        code="scope_not_recorded",
        rule="R16",
        text="the register does not record the scope that was asked about",
        source=_ELIGIBILITY_FORM,
        next_step="ask_body_to_confirm_scope",
    ),
)

_FROM_EVIDENCE = (
    _Row(
        code="membership_is_not_certification",
        rule="R3",
        text="Membership of the Restraint Reduction Network is a pledge or an action plan. It "
        "does not show that any training is certified.",
        source=_RRN_QA,
        next_step="do_not_rely_on_membership",
    ),
    _Row(
        code="aligned_is_not_certification",
        rule="R2",
        text="Training is certified or it is not. To call it aligned to the RRN Training "
        "Standards, or say that it meets them, does not show that it is certified.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    _Row(
        code="legacy_scheme_is_not_certification",
        rule="R19",
        text="The BILD PITAS accreditation was an earlier, different scheme. A number or "
        "certificate from it does not show certification under the RRN Training Standards.",
        source=_LEGACY_SCHEME,
        next_step="ask_provider_for_certificate_number",
    ),
)

_ANY_NOT_CONFIRMED = (
    _Row(
        code="register_stale",
        rule="R21",
        text="what the mirror holds is older than is allowed for this answer, and may have "
        "changed since",
        source=_OWN_RULE,
        next_step="wait_for_register",
    ),
    _Row(
        code="start_not_recorded",
        rule="R20",
        text="the register does not say when this began, and the date asked about is earlier "
        "than the first day on which the mirror saw it",
        source=_READING_OF_DATES,
        next_step="ask_body_for_start_date",
    ),
    _Row(
        code="sources_contradict",
        rule="R1",
        text="two sources that carry equal weight contradict each other on this point",
        source=_READING_OF_ELEMENTS,
        next_step="ask_body_to_settle_contradiction",
    ),
    _Row(
        code="known_at_before_first_snapshot",
        rule="R31",
        text="the question asks what was known before the mirror held any register",
        source=_OWN_RULE,
        next_step="ask_from_first_snapshot",
    ),
)

_TABLE: tuple[tuple[Element | None, Verdict | None, tuple[_Row, ...]], ...] = (
    (Element.BODY, Verdict.FAIL, _BODY_FAILS),
    (Element.BODY, Verdict.CANNOT_CONFIRM, _BODY_NOT_CONFIRMED),
    (Element.PROVIDER, Verdict.FAIL, _PROVIDER_FAILS),
    (Element.PROVIDER, Verdict.CANNOT_CONFIRM, _PROVIDER_NOT_CONFIRMED),
    (Element.PROGRAMME, Verdict.FAIL, _PROGRAMME_FAILS),
    (Element.PROGRAMME, Verdict.CANNOT_CONFIRM, _PROGRAMME_NOT_CONFIRMED),
    (Element.TRAINER, Verdict.FAIL, _TRAINER_FAILS),
    (Element.TRAINER, Verdict.CANNOT_CONFIRM, _TRAINER_NOT_CONFIRMED),
    (Element.DELIVERY, Verdict.FAIL, _DELIVERY_FAILS),
    (Element.DELIVERY, Verdict.CANNOT_CONFIRM, _DELIVERY_NOT_CONFIRMED),
    (Element.SCOPE, Verdict.FAIL, _SCOPE_FAILS),
    (Element.SCOPE, Verdict.CANNOT_CONFIRM, _SCOPE_NOT_CONFIRMED),
    (None, None, _FROM_EVIDENCE),
    (None, Verdict.CANNOT_CONFIRM, _ANY_NOT_CONFIRMED),
)


def _reason(element: Element | None, verdict: Verdict | None, row: _Row) -> Reason:
    return Reason(
        code=row.code,
        element=element,
        verdict=verdict,
        rule=row.rule,
        text=_no_finding(element, row.text) if verdict is Verdict.CANNOT_CONFIRM else row.text,
        source=row.source,
        next_step=row.next_step,
    )


def _no_finding(element: Element | None, missing: str) -> str:
    """Word what is missing so that nobody can take it for a finding."""
    whom = "the provider or the trainer" if element is Element.TRAINER else "the provider"
    return f"Not confirmed: {missing}. This is not a finding against {whom}."


REASONS: Mapping[str, Reason] = MappingProxyType(
    {row.code: _reason(element, verdict, row) for element, verdict, rows in _TABLE for row in rows}
)
"""Every reason by its code, in the order of the contract's table."""

EVIDENCE_REASONS: Mapping[Evidence, str] = MappingProxyType(
    {
        evidence: f"{evidence}_is_not_certification"
        for evidence in Evidence
        if evidence is not Evidence.CERTIFICATE
    }
)
"""The code that each kind of offered evidence adds; a certificate adds none."""
