"""Logs: one JSON object a line, with the ids of the request, and never a name, a secret or a query."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from trivet.settings import LogFormat


def log_to_stderr(form: LogFormat) -> None:
    """Send what this process and its libraries log to standard error, each record as one line of this form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.EventRenamer("message"),
    ]
    last: list[structlog.typing.Processor]
    if form == "json":
        last = [structlog.processors.dict_tracebacks, _without_locals, _JSON]
    else:
        last = [structlog.dev.ConsoleRenderer(event_key="message", colors=sys.stderr.isatty())]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in ("httpx", "alembic"):  # they tell each request, and each step of a migration
        logging.getLogger(name).setLevel(logging.WARNING)


_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


def _without_locals(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out what variables held where an error came from: it may be a person's."""
    for raised in event.get("exception") or ():
        for frame in raised.get("frames") or ():
            frame.pop("locals", None)
    return event
