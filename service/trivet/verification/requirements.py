"""Who requires certified training: in which setting and nation, and since when (R23).

Pure: no I/O, no clock. A requirement stands beside a verdict and never changes it. Also the known
words of scope with their labels; the register's own vocabulary is open, so other words may occur.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import msgspec


class Basis(StrEnum):
    """What a requirement rests on, strongest first."""

    MANDATORY = "mandatory"
    CONTRACTUAL = "contractual"
    EXPECTED = "expected"
    BY_CHOICE = "by_choice"
    UNKNOWN = "unknown"


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """Whether certified training is required, for a commissioner to read.

    `from_` ("from" on the wire) is the first day on which it held, a day in Europe/London; None
    where no day applies, none was published, or the published ones conflict, as `text` then says.
    """

    basis: Basis
    text: str
    source: str
    from_: date | None = msgspec.field(name="from")


SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "mental_health_unit": "Mental health unit",
        "learning_disability": "Learning disability service",
        "acute_hospital": "Acute hospital",
        "community_health": "Community health service",
        "social_care": "Social care service",
        "childrens_home": "Children's home",
        "school": "School",
        "secure": "Secure service",
    }
)
NATIONS: Mapping[str, str] = MappingProxyType(
    {
        "england": "England",
        "wales": "Wales",
        "scotland": "Scotland",
        "northern_ireland": "Northern Ireland",
    }
)
POPULATIONS: Mapping[str, str] = MappingProxyType(
    {"adults": "Adults", "older_adults": "Older adults", "children": "Children"}
)
MODULES: Mapping[str, str] = MappingProxyType(
    {
        "seclusion": "Seclusion",
        "mechanical_restraint": "Mechanical restraint",
        "clinical_holding": "Clinical holding",
    }
)

_ENGLAND = frozenset({"england"})
_OTHER_NATIONS = frozenset(NATIONS) - _ENGLAND
_NHS_CONTRACT_SETTINGS = frozenset({"mental_health_unit", "learning_disability"})
_CQC_SETTINGS = _NHS_CONTRACT_SETTINGS | {"acute_hospital", "community_health", "social_care"}

# The first day for which the RRN says that anything was required.
_ANNOUNCED = date(2020, 4, 1)
# "From April 2021"; we read a month as its first day.
_CQC_EXPECTS = date(2021, 4, 1)
# The day on which section 5 of the Act (training) and the rest of section 11 (guidance) came into
# force. From here on all sources agree; before it they do not.
_UNDISPUTED = date(2022, 3, 31)

_RRN_QA = "Restraint Reduction Network, RRN Training Standards Q&A"
_RRN_GUIDANCE = (
    "Restraint Reduction Network, further guidance on the Training Standards "
    "(https://restraintreductionnetwork.org/training-standards-further-guidance)"
)
_RRN_STANDARDS = (
    "Restraint Reduction Network, on the Training Standards 2019 "
    "(https://restraintreductionnetwork.org/training-standards/)"
)
_STATUTORY_GUIDANCE = (
    "Statutory guidance to the Mental Health Units (Use of Force) Act 2018, as quoted by Bild ACT "
    "(https://bildact.org.uk/training-standards); on its dates also "
    f"{_RRN_GUIDANCE}; GOV.UK "
    "(https://www.gov.uk/government/publications/mental-health-units-use-of-force-act-2018); "
    "S.I. 2021/1372 (https://www.legislation.gov.uk/uksi/2021/1372/made)"
)
_CQC = (
    "Care Quality Commission, 7 August 2020, as published by the RRN "
    "(https://restraintreductionnetwork.org/cqc-expect-to-see-all-services-across-health-and-"
    "social-care-use-training-in-restrictive-practices-that-is-certified-as-complying-with-the-"
    "restraint-reduction-network-standards/); Bild ACT, frequently asked questions "
    "(https://bildact.org.uk/faq)"
)

_CONFLICTING_DATES = (
    "Sources disagree on when this became mandatory: the RRN says April 2020, Bild ACT dates the "
    "guidance 2021, the government published it on 7 December 2021, and the Act's section on "
    "training came into force on 31 March 2022."
)
_STILL_A_CONDITION = "A commissioner may still make it a condition of the contract."


class _Row(NamedTuple):
    """One requirement, and where and from which day it is the answer."""

    settings: frozenset[str]
    nations: frozenset[str]
    since: date
    requirement: Requirement

    def holds(self, setting: str, nation: str, on: date) -> bool:
        return setting in self.settings and nation in self.nations and on >= self.since


def _by_choice(text: str) -> Requirement:
    return Requirement(
        basis=Basis.BY_CHOICE, text=f"{text} {_STILL_A_CONDITION}", source=_RRN_QA, from_=None
    )


_MANDATORY = Requirement(
    basis=Basis.MANDATORY,
    text="Mandatory. Statutory guidance to the Mental Health Units (Use of Force) Act 2018 says "
    "that training providers must be certified to train staff of such a unit. The CQC "
    f"expects it and the NHS Standard Contract requires it as well. {_CONFLICTING_DATES}",
    source=_STATUTORY_GUIDANCE,
    from_=None,
)
_CONTRACTUAL_WHILE_DISPUTED = Requirement(
    basis=Basis.CONTRACTUAL,
    text="Required by contract where the NHS Standard Contract asks for certified training in "
    "mental health services: look in the contract in force on this date. The CQC has expected it "
    f"since April 2021. It may also have been mandatory already. {_CONFLICTING_DATES}",
    source=f"{_RRN_STANDARDS}; {_STATUTORY_GUIDANCE}",
    from_=None,
)
_CONTRACTUAL = Requirement(
    basis=Basis.CONTRACTUAL,
    text="Required by contract where a learning disability service is bought under the NHS "
    "Standard Contract: relevant staff must have certified training. The RRN announced this for "
    "April 2020; no dated clause was found, so look in the contract in force on this date. The "
    "CQC has expected certified training of such services since April 2021.",
    source=f"{_RRN_GUIDANCE}; {_RRN_STANDARDS}; {_CQC}",
    from_=None,
)
_EXPECTED = Requirement(
    basis=Basis.EXPECTED,
    text="Expected. Since April 2021 the CQC has expected the health and social care services that "
    "it regulates to use certified training. How firmly has been put in different words over time; "
    "Bild ACT says that the CQC may in some circumstances treat its absence as a breach of "
    "Regulation 18. It is not a duty under the Use of Force Act.",
    source=_CQC,
    from_=_CQC_EXPECTS,
)
_NOT_YET = _by_choice(
    "By choice. No requirement is known for this setting in England that had begun by this date."
)
_SECURE = _by_choice(
    "By choice. The RRN counts secure services among those that may choose certified training. A "
    "hospital ward in England that treats in-patients for mental disorder is a mental health unit, "
    "secure or not: ask about it as mental_health_unit."
)
_EDUCATION_AND_CHILDREN = _by_choice(
    "By choice. Neither the Use of Force Act nor the CQC's expectation of the services that it "
    "regulates is known to reach this setting."
)
_ELSEWHERE = _by_choice(
    "By choice. The Use of Force Act's guidance on training, the CQC's expectation and the NHS "
    "Standard Contract apply to England; no such requirement is known for this nation."
)

# The first row that holds is the answer, so the strongest basis stands first. Law binds whoever
# runs the service. A contract binds whoever signed it and can be enforced, so it comes before the
# regulator's expectation, which is weighed at inspection. Choice is what remains. Every text names
# the weaker bases that apply too, so that nothing is lost by showing one.
_ROWS = (
    _Row(frozenset({"mental_health_unit"}), _ENGLAND, _UNDISPUTED, _MANDATORY),
    _Row(frozenset({"mental_health_unit"}), _ENGLAND, _ANNOUNCED, _CONTRACTUAL_WHILE_DISPUTED),
    _Row(frozenset({"learning_disability"}), _ENGLAND, _ANNOUNCED, _CONTRACTUAL),
    _Row(_CQC_SETTINGS, _ENGLAND, _CQC_EXPECTS, _EXPECTED),
    _Row(_CQC_SETTINGS, _ENGLAND, date.min, _NOT_YET),
    _Row(frozenset({"secure"}), _ENGLAND, date.min, _SECURE),
    _Row(frozenset({"school", "childrens_home"}), _ENGLAND, date.min, _EDUCATION_AND_CHILDREN),
    _Row(frozenset(SETTINGS), _OTHER_NATIONS, date.min, _ELSEWHERE),
)

_NOT_ASKED = Requirement(
    basis=Basis.UNKNOWN,
    text="Not known: this depends on where the training is used. Give both a setting "
    f"({', '.join(SETTINGS)}) and a nation ({', '.join(NATIONS)}).",
    source=_RRN_QA,
    from_=None,
)
_NOT_KNOWN = Requirement(
    basis=Basis.UNKNOWN,
    text="Not known: nothing is recorded about who requires certified training in this setting and "
    "nation. Ask the service's regulator, or give one of the known words: a setting "
    f"({', '.join(SETTINGS)}) and a nation ({', '.join(NATIONS)}).",
    source=_RRN_QA,
    from_=None,
)


def requirement(setting: str | None, nation: str | None, on: date) -> Requirement:
    """Return the strongest requirement that held in a setting and nation on a day (R23).

    `setting` and `nation` are scope words, None where not given; `on` is a day in Europe/London.
    """
    if setting is None or nation is None:
        return _NOT_ASKED
    held = (row.requirement for row in _ROWS if row.holds(setting, nation, on))
    return next(held, _NOT_KNOWN)
