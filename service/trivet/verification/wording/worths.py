"""What the phrases of suppliers are worth, by rules R1, R2, R3, R8, R12, R14, R19 and R24: none is a certification.

Pure data.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from trivet.verification.reasons import REASONS


class Worth(NamedTuple):
    """What a phrase is worth: `code` is stable, `rule` is the domain's, `next_step` a code of `next_steps.STEPS`."""

    code: str
    rule: str
    text: str
    source: str
    next_step: str


CLAIMED, DENIED = "certification_claimed", "certification_denied"

_RRN_QA = REASONS["aligned_is_not_certification"].source
_READING_OF_RRN_QA = f"trivet's reading of {_RRN_QA}"

_OF_REASONS = (
    "aligned_is_not_certification",
    "membership_is_not_certification",
    "legacy_scheme_is_not_certification",
    "train_the_trainer_is_not_certification",
    "application_is_not_certification",
)
_OF_CLAIMS = (
    Worth(
        code=CLAIMED,
        rule="R1",
        text="This claims certification, or a part in someone else's. In a supplier's own words it is "
        "worth nothing until it is verified: ask for the certificate number, and verify the provider, "
        "the approved programme and the authorised trainer.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code=DENIED,
        rule="R2",
        text="By its own words the supplier has no certification here, or has it no longer. Words "
        "settle nothing either way: only a certification in force on the date of the training counts.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_in_force",
    ),
    Worth(
        code="bild_membership_is_not_certification",
        rule="R2",
        text="Training is certified or it is not. To be a member of Bild or of Bild ACT does not "
        "show that any training is certified.",
        source=_READING_OF_RRN_QA,
        next_step="do_not_rely_on_membership",
    ),
    Worth(
        code="other_scheme_is_not_certification",
        rule="R2",
        text="This speaks of another scheme. Whatever it is worth there, it does not show "
        "certification against the RRN Training Standards.",
        source=_READING_OF_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code="endorsement_is_not_given",
        rule="R24",
        text="The Restraint Reduction Network puts its name to nobody's training: it endorses no provider "
        "and no product. It licenses the bodies that certify, and only their certification counts.",
        source=_RRN_QA,
        next_step="ask_provider_for_certificate_number",
    ),
    Worth(
        code="ukas_accredits_bodies_not_training",
        rule="R14",
        text="UKAS accredits certification bodies, not training. That a body is accredited does not "
        "show that it has certified this training.",
        source=REASONS["body_not_accredited"].source,
        next_step="ask_provider_which_body",
    ),
    Worth(
        code="no_technique_is_less_restrictive",
        rule="R24",
        text="To the Restraint Reduction Network no technique counts as less restrictive than another. "
        "The wording shows nothing about certification.",
        source=_RRN_QA,
        next_step="ask_provider_which_programme",
    ),
)


def _of_reason(code: str) -> Worth:
    reason = REASONS[code]
    return Worth(code, reason.rule, reason.text, reason.source, reason.next_step)


WORTHS: Mapping[str, Worth] = MappingProxyType(
    {worth.code: worth for worth in (*map(_of_reason, _OF_REASONS), *_OF_CLAIMS)}
)
"""What every phrase is worth, by its code. None is worth a certification."""
