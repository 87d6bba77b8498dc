"""Where the service brings its news: `/<database>/trivet/webhook`."""

import logging
from typing import Any

from trytond.protocols.wrappers import HTTPStatus, Response, abort, with_pool, with_transaction
from trytond.wsgi import app

from trivet_client import NotConfigured, TrivetError
from trivet_client.webhooks import Event, Refused
from trivet_tryton import settings
from trivet_tryton.events import heed

logger = logging.getLogger(__name__)


@app.route("/<database_name>/trivet/webhook", methods=["POST"])
@with_pool
def webhook(request: Any, pool: Any) -> Any:
    """Take an event in. What is not genuine is refused before the database is touched.

    Where orders could not be verified the answer is 503, and the event comes again.
    """
    try:
        event = settings.receiver().event(dict(request.headers), request.data)
    except Refused as refused:
        abort(refused.status)
    except NotConfigured:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return _heeded(request, pool, event)


@with_transaction()
def _heeded(_request: Any, _pool: Any, event: Event) -> Any:
    try:
        verified = heed([event])
    except TrivetError as error:
        logger.warning("An event could not be read in full: %s", type(error).__name__)
        verified = False
    if not verified:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return Response(status=HTTPStatus.NO_CONTENT)
