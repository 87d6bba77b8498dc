"""What goes on once an order was confirmed: asking again, by night and by news, and what is watched for it."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from trytond.i18n import gettext
from trytond.model import ModelView
from trytond.pool import Pool, PoolMeta

from trivet_tryton import watching
from trivet_tryton.asking import Asked
from trivet_tryton.exceptions import NotCertified
from trivet_tryton.purchase import OPEN

LONDON = ZoneInfo("Europe/London")

logger = logging.getLogger(__name__)


class Purchase(metaclass=PoolMeta):
    """An open order is asked about again, and marked where it lapsed."""

    __name__ = "purchase.purchase"

    @classmethod
    @ModelView.button
    def certification_check(cls, purchases: list[Any]) -> None:
        """Ask now, and add what came of it to the history.

        Raises:
            NotCertified: an open order could not be verified; it stands as it did.
        """
        Check = Pool().get("purchase.certification.check")
        asked = Asked(purchases)
        if not asked.complete:
            Check.keep_apart(asked.entries("asked"))
            raise NotCertified(gettext("trivet.msg_unchanged"), asked.words)
        Check.keep(asked.entries("asked"))

    @classmethod
    def certification_recheck(cls, purchases: list[Any], occasion: str) -> bool:
        """Ask about orders with one call, add what was answered to their history, and tell whether all of it was."""
        asked = Asked(purchases)
        Pool().get("purchase.certification.check").keep(asked.entries(occasion))
        return asked.complete

    @classmethod
    def certification_nightly(cls) -> None:
        """Ask about open orders with delivery to come, and put their watches in order: a cron job."""
        opened = cls.search([("state", "in", OPEN), ("certification_state", "not in", [None])])
        today = datetime.now(UTC).astimezone(LONDON).date()
        ahead = [purchase for purchase in opened if _is_ahead(purchase, today)]
        if not cls.certification_recheck(ahead, "nightly"):
            logger.warning("Not all open orders could be verified tonight; they stand as they did.")
        watching.reconcile([line for purchase in opened for line in purchase.certification_lines])

    @classmethod
    def certification_watch(cls, purchases: list[Any]) -> None:
        """Watch what open orders rely on, and end the watches of those that are open no longer."""
        watching.settle([line for purchase in purchases for line in purchase.certification_lines])

    @classmethod
    @ModelView.button
    def draft(cls, purchases: list[Any]) -> Any:
        """Go back to draft, and rely on nothing any longer."""
        return cls._and_settle(super().draft, purchases)

    @classmethod
    @ModelView.button
    def cancel(cls, purchases: list[Any]) -> Any:
        """Cancel, and rely on nothing any longer."""
        return cls._and_settle(super().cancel, purchases)

    @classmethod
    def do(cls, purchases: list[Any]) -> Any:
        """Be done, and rely on nothing any longer."""
        return cls._and_settle(super().do, purchases)

    @classmethod
    def _and_settle(cls, step: Callable[[list[Any]], Any], purchases: list[Any]) -> Any:
        relying = [
            each for each in purchases if each.certification_open and each.certification_lines
        ]
        result = step(purchases)
        if relying:
            cls.__queue__.certification_watch(relying)
        return result


def _is_ahead(purchase: Any, today: date) -> bool:
    """Tell whether a delivery is to come, or of no day that is known."""
    return any((line.certification_day or today) >= today for line in purchase.certification_lines)
