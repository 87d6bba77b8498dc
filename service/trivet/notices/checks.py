"""What is to be looked at for each supplier of an award: on which day, and for which programme if one is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trivet.notices.awards import Award
from trivet.notices.days import Named
from trivet.notices.picking import Pick
from trivet.notices.suppliers import Supplier

Programmes = Mapping[str, Sequence[str]]
"""The programmes that were bought, as scheme:value, by ocid or by ocid/award; the latter goes before."""

NOBODY = Supplier("")


class Occasion(StrEnum):
    """Why a day is looked at."""

    AWARD = "award"
    END = "contract end"


@dataclass(frozen=True)
class Check:
    """One thing to look at. Without a programme only the provider can be looked at; without a day nothing can."""

    pick: Pick
    supplier: Supplier
    occasion: Occasion
    day: Named
    programme: str | None

    @property
    def award(self) -> Award:
        """The award that it is about."""
        return self.pick.award

    @property
    def reference(self) -> str:
        """What goes with the question, to find it again at the service."""
        return self.award.key[:200]


def checks_of(pick: Pick, programmes: Programmes) -> Iterator[Check]:
    """Yield the checks of an award: each supplier and programme, on the day of the award and at the contract's end."""
    award = pick.award
    bought: Sequence[str | None] = programmes.get(award.key) or programmes.get(award.ocid) or [None]
    for supplier in award.suppliers or [NOBODY]:
        for programme in bought:
            yield Check(pick, supplier, Occasion.AWARD, award.awarded, programme)
            yield Check(pick, supplier, Occasion.END, award.ends, programme)
