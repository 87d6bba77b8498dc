"""What the service tells of: each piece of news has the orders that it is about asked about anew.

An event itself changes no standing. What an order stands by is always an answer with a receipt, so it plays no part
in which order events come, how often, or which of the two ways they take: the webhook, or this reading.
"""

import logging
from collections.abc import Iterable, Iterator

from trytond.model import ModelSingleton, ModelSQL, fields
from trytond.pool import Pool

from trivet_client import NotConfigured, TrivetError
from trivet_client.webhooks import Event
from trivet_tryton import settings, watching

logger = logging.getLogger(__name__)


class Cursor(ModelSingleton, ModelSQL):
    """How far events were read."""

    __name__ = "purchase.certification.cursor"

    after = fields.Char("Read up to")

    @classmethod
    def read_events(cls) -> None:
        """Read the events that came since, and keep how far: a cron job.

        Where the service can't be asked, or could not verify an order, the rest is read the next time.
        """
        cursor = cls(1)
        try:
            while (page := settings.client().events(cursor.after)).items:
                if not heed(page.items):
                    logger.warning(
                        "Orders that events are about could not be verified; they come again."
                    )
                    return
                cursor.after = page.next_cursor
                cursor.save()
        except NotConfigured:
            return
        except TrivetError as error:
            logger.warning("Events could not be read: %s", type(error).__name__)


def heed(events: Iterable[Event]) -> bool:
    """Ask about the open orders that events are about, and tell whether all of them could be verified.

    Raises:
        TrivetError: an event is about more watches than it holds, and the others could not be read.
    """
    lines = {line for event in events if not event.test for line in _lines(event)}
    pool = Pool()
    found = pool.get("purchase.line").search([("id", "in", list(lines))])
    opened = {line.purchase for line in found if line.purchase.certification_open}
    return bool(pool.get("purchase.purchase").certification_recheck(list(opened), "event"))


def _lines(event: Event) -> Iterator[int]:
    whole = len(event.watches) == event.watch_count
    for watch in event.watches if whole else settings.client().event_watches(event.id):
        line = watching.line_of(watch.reference)
        if line is not None:
            yield line
