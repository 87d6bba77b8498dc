"""Asking about orders with one call, and what is written down of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from trytond.pool import Pool

from trivet_client.gate import Decision
from trivet_tryton import settings
from trivet_tryton.check import answered_now
from trivet_tryton.words import read_of, told


class Asked:
    """Orders and what was decided about their lines: one call for all of them, each judged by its own lines."""

    def __init__(self, purchases: Iterable[Any]) -> None:
        """Ask about those of the orders that have a line that is bound; without any nobody is asked."""
        self.purchases = [purchase for purchase in purchases if purchase.certification_lines]
        lines = [line for purchase in self.purchases for line in purchase.certification_lines]
        self._decision = _decided(self.purchases, lines) if lines else Decision(())

    @property
    def held(self) -> list[Any]:
        """The orders that may not go ahead."""
        return [
            purchase
            for purchase in self.purchases
            if not all(
                self._decision[line.certification_key] for line in purchase.certification_lines
            )
        ]

    def entries(self, occasion: str) -> list[dict[str, Any]]:
        """Return what is added to the lines' history.

        Of an open order only what was answered now: an outage marks nothing as lapsed, and nothing as certified.
        """
        Check = Pool().get("purchase.certification.check")
        return [
            Check.values_of(line.id, self._decision[line.certification_key], occasion)
            for purchase in self.purchases
            for line in purchase.certification_lines
            if not purchase.certification_open or self._answered(line)
        ]

    @property
    def complete(self) -> bool:
        """Whether every line of an open order was answered about."""
        return all(
            self._answered(line)
            for purchase in self.purchases
            if purchase.certification_open
            for line in purchase.certification_lines
        )

    @property
    def words(self) -> str:
        """What people read of the lines that hold orders up."""
        lines = [line for purchase in self.held for line in purchase.certification_lines]
        decided = [(line, self._decision[line.certification_key]) for line in lines]
        return told((line, read_of(found)) for line, found in decided if not found)

    def _answered(self, line: Any) -> bool:
        return answered_now(self._decision[line.certification_key])


def _decided(purchases: Iterable[Any], lines: list[Any]) -> Decision:
    checks = [check.as_shown for line in lines for check in line.certification_checks]
    decisions = [each for purchase in purchases for each in purchase.certification_decisions]
    return settings.gate().decide(
        [line.certification_line for line in lines],
        datetime.now(UTC),
        kept=[kept for shown in checks if shown for kept in shown.kept],
        overrides=[found for each in decisions if (found := each.as_override)],
    )
