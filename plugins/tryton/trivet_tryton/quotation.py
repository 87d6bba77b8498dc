"""How far training that suppliers quote for is certified, before it is ordered."""

from datetime import UTC, datetime
from typing import Any

from trytond.model import ModelView, fields
from trytond.pool import PoolMeta
from trytond.transaction import Transaction, without_check_access

from trivet_client.gate import Line
from trivet_tryton import settings
from trivet_tryton.check import OUTCOMES
from trivet_tryton.words import read_of


class Quotation(metaclass=PoolMeta):
    """A quotation can be asked about. It is not held up: without trainers nothing can be certified yet."""

    __name__ = "purchase.request.quotation"

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls._buttons.update(certification_check={})

    @classmethod
    @ModelView.button
    def certification_check(cls, quotations: list[Any]) -> None:
        """Ask about all lines for training with one call, and show where they stand."""
        lines = [line for each in quotations for line in each.lines if line.certification_bound]
        asked = [line.certification_line for line in lines]
        decision = settings.gate().decide(asked, datetime.now(UTC))
        for line, decided in zip(lines, decision, strict=True):
            line.certification_outcome = decided.outcome.value
            line.certification_words = read_of(decided)
        with without_check_access():
            for line in lines:
                line.save()


class QuotationLine(metaclass=PoolMeta):
    """Asks about supplier, programme and day; whose trainers come is not known yet."""

    __name__ = "purchase.request.quotation.line"

    certification_outcome = fields.Selection(OUTCOMES, "Certification", readonly=True, sort=False)
    certification_words = fields.Text("What It Means", readonly=True)

    @property
    def certification_bound(self) -> bool:
        """Whether it is for training that has to be certified."""
        return bool(self._named or (self.product and self.product.certification_bound))

    @property
    def certification_line(self) -> Line:
        """What is asked about it."""
        key = f"{Transaction().database.name}/{self.__name__},{self.id}"
        return Line(
            key=key,
            reference=key,
            provider=self.supplier.certification_provider() if self.supplier else None,
            programme=self._named,
            delivered_on=self.supply_date,
        )

    @property
    def _named(self) -> Any:
        named = self.product.certification_named() if self.product else None
        wanted: Any = self.request.origin if self.request else None
        own = getattr(wanted, "certification_programme", None)
        return named or (own and (wanted.certification_programme_scheme, own))
