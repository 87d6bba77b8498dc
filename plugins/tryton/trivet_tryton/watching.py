"""The watches that the service keeps for open orders, one for each trainer of a line."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from trytond.transaction import Transaction

from trivet_client import InvalidArgument, NotConfigured, TrivetClient, TrivetError
from trivet_client.gate import Line
from trivet_client.questions import Watched, watched
from trivet_tryton import settings

logger = logging.getLogger(__name__)


def settle(lines: Iterable[Any]) -> None:
    """Watch what lines of open orders rely on, and end the watches of the others.

    Where the service can't be asked, the nightly job makes up for it.
    """
    lines = list(lines)
    wanted = [row for line in lines if line.purchase.certification_open for row in _rows(line)]
    ended = [line for line in lines if not line.purchase.certification_open]
    try:
        client = settings.client()
        _put(client, wanted)
        for reference in (reference for line in ended for reference in _references(line)):
            for watching in list(client.watches(reference)):
                client.end_watch(watching.id)
    except NotConfigured:
        return
    except TrivetError as error:
        logger.warning("Watches could not be put in order: %s", type(error).__name__)


def reconcile(lines: Iterable[Any]) -> None:
    """Have exactly these lines watched, of all of this database: what was missed is made up for."""
    wanted = {row["reference"]: row for line in lines for row in _rows(line)}
    try:
        client = settings.client()
        theirs = [each for each in client.watches() if line_of(each.reference) is not None]
        _put(client, list(wanted.values()))
        for watching in theirs:
            if watching.reference not in wanted:
                client.end_watch(watching.id)
    except NotConfigured:
        return
    except TrivetError as error:
        logger.warning("Watches could not be put in order: %s", type(error).__name__)


def line_of(reference: str | None) -> int | None:
    """Return the id of the line that a watch of this database is for; None for a watch of anybody else's."""
    database, _, rest = (reference or "").rpartition("/purchase.line,")
    line, _, trainer = rest.partition("/")
    if database != Transaction().database.name or not (line.isdecimal() and trainer.isdecimal()):
        return None
    return int(line)


def _put(client: TrivetClient, rows: list[Watched]) -> None:
    refused = [row for row in client.watch_many(rows, replace=True) if row.problem] if rows else []
    for row in refused:
        logger.warning(
            "A watch was refused: %s %s", row.reference, row.problem and row.problem.code
        )


def _rows(line: Any) -> Iterator[Watched]:
    """Yield what is to be watched of a line; what can't be asked about can't be watched."""
    asked: Line = line.certification_line
    for reference, trainer in zip(_references(line), asked.trainers or (None,), strict=True):
        row: Watched = {
            "provider": asked.provider or [],
            "programme": asked.programme or "",
            "trainer": trainer.reference if trainer else None,
            "delivered_on": asked.delivered_on,
            "delivered_by": asked.delivered_by,
            "reference": reference,
        }
        try:
            watched(**row)
        except InvalidArgument:
            continue
        yield row


def _references(line: Any) -> list[str]:
    trainers = [trainer.id for trainer in line.certification_trainers] or [0]
    return [f"{line.certification_key}/{trainer}" for trainer in trainers]
