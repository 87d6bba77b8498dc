"""What a commissioner asks for beside a verification: evidence about the training, and the work around it (R29, R30).

Pure: no I/O, no clock. Nothing here is judged, counted or ticked by trivet, and no verdict depends on it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask about: `code` is stable, `rule` is the domain's, `source` names who published it."""

    code: str
    text: str
    rule: str
    source: str


NOT_PART_OF_THE_VERDICT = (
    "This is for the commissioner to go through with the provider. It is not part of the verdict, "
    "and trivet neither knows nor weighs the answers."
)
"""The sentence that goes wherever the lists are shown."""

_COMMISSIONING_ARTICLE = (
    "Timian (a training provider), article for commissioners on Bild ACT and RRN"
)
_SIX_STRATEGIES = (
    "Restraint Reduction Network, RRN Training Standards Q&A; the six are those of K. A. Huckshorn "
    "for the National Association of State Mental Health Program Directors, as listed by NAPPI UK "
    "(https://www.nappiuk.com/courses/view-your-requirements/supporting-organisations/rrn-test/"
    "restraint-reduction-planning-checklist)"
)


def _evidence(code: str, text: str) -> Item:
    return Item(code=code, text=text, rule="R29", source=_COMMISSIONING_ARTICLE)


def _strategy(code: str, text: str) -> Item:
    return Item(code=code, text=text, rule="R30", source=_SIX_STRATEGIES)


def _by_code(*items: Item) -> Mapping[str, Item]:
    return MappingProxyType({item.code: item for item in items})


EVIDENCE: Mapping[str, Item] = _by_code(
    _evidence(
        "needs_analysis",
        "A written analysis of what our staff need, drawn from our own incidents and the people we "
        "support, on which the training was chosen.",
    ),
    _evidence(
        "prevention_and_de_escalation",
        "A plan of the sessions: preventing and calming distress first, physical techniques no "
        "further than the need that was shown.",
    ),
    _evidence(
        "competent_authorised_trainers",
        "For every trainer, the authorisation for this programme and what shows that they are "
        "competent to teach it.",
    ),
    _evidence(
        "evaluation_and_refresher",
        "How it is checked that staff use what they learned, and when each of them is due for a "
        "refresher.",
    ),
    _evidence(
        "legal_ethical_human_rights",
        "Where the training teaches the law, ethics and the human rights of the people it may be "
        "used on.",
    ),
)
"""What the training should be shown to rest on, by code, in the order in which it is asked (R29)."""

CORE_STRATEGIES: Mapping[str, Item] = _by_code(
    _strategy("leadership", "leaders who set the aim and change how the organisation works"),
    _strategy("data", "figures on every restraint, used to change practice"),
    _strategy("workforce_development", "staff who are trained, supervised and supported"),
    _strategy("prevention_tools", "tools that prevent, from risk assessment to personal plans"),
    _strategy("lived_experience", "a part for people with lived experience and their families"),
    _strategy("debriefing", "a review after every restraint, with the person and the staff"),
)
"""The six core strategies of restraint reduction, by code: training is one piece of one of them (R30)."""
