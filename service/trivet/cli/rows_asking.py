"""Asking about many rows with one request, and again where the service can't be reached: nothing is asked twice."""

import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Any

from trivet_client import TrivetClient, TrivetError
from trivet_client.batches import Result

_LONGEST_PAUSE = 60.0

_PASSING = (None, 200, 409, 429, 503)
"""Statuses of what may go better a moment later. 409: what was cut off a moment ago still runs."""


def ask_until_heard(
    client: TrivetClient,
    rows: Sequence[Mapping[str, Any]],
    name: str,
    heard: list[Result],
    *,
    attempts: int,
) -> str:
    """Ask some rows under a name (an Idempotency-Key), so often at most, and return the receipt over all of them.

    `heard` takes the results; where this raises, those that came before the last attempt broke off.

    Raises:
        TrivetError: not all rows were answered.
    """
    for attempt in itertools.count(1):
        heard.clear()
        asked = client.verify_rows(rows, idempotency_key=name)
        try:
            for result in asked:
                heard.append(result)  # noqa: PERF402 - what came is wanted also where the rest does not come
        except TrivetError as error:
            if attempt == attempts or error.status not in _PASSING:
                raise
            time.sleep(min(max(error.retry_after or 0.0, 2.0**attempt / 4), _LONGEST_PAUSE))
        else:
            return asked.finished.receipt if asked.finished else ""
    raise AssertionError("it goes on until it returns or raises")
