"""Webhooks as the service sends them: fictional organisations, and signed as Standard Webhooks has it."""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

SECRET = "whsec_ZmljdGlvbmFsIHNlY3JldCBmb3IgdGVzdHMgb25seSE="
OTHER = "whsec_YW5vdGhlciBmaWN0aW9uYWwgc2VjcmV0LCBhbHNvIGI="
ID = "evt_0123456789abcdef0123456789abcdef"

WATCH = {
    "id": "wat_1",
    "kind": "triple",
    "reference": "PO-1234",
    "trainer": {"scheme": "register", "value": "tr-1"},
    "before": "pass",
    "after": "fail",
}
SUBJECT = {
    "kind": "provider",
    "register": "heron",
    "name": "Heron Training (fictional)",
    "provider": "heron",
    "validFrom": "2024-01-01",
    "validTo": None,
}
REASON = {
    "code": "provider_suspended",
    "element": "provider",
    "rule": "R20",
    "text": "The provider's certification is suspended.",
}
SOURCE = {"source": "sample", "asOf": "2026-11-26T02:00:00Z", "why": "older than its limit"}


def event(kind: str = "certification.suspended", **data: Any) -> dict[str, Any]:
    """Return the body of an event, with every key, of which some are changed."""
    whole = {
        "id": ID,
        "type": kind,
        "version": "1",
        "timestamp": "2026-11-28T02:10:00.123456Z",
        "data": {
            "text": "The certification of Heron Training (fictional) was suspended.",
            "effectiveOn": "2026-11-27",
            "subject": SUBJECT,
            "status": {"before": "in_force", "after": "suspended"},
            "verdict": None,
            "reasons": [REASON],
            "expiry": None,
            "sources": [],
            "watches": [WATCH],
            "watchCount": 1,
            "corrects": None,
            "snapshot": "snp_1",
            "test": False,
            **data,
        },
    }
    return copy.deepcopy(whole)  # a test may change what is within


def text_of(body: object) -> bytes:
    """Return a body as it is sent: text as it is, anything else as JSON."""
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()


def signed(
    body: object, secret: str = SECRET, *, at: datetime | None = None, named: str = ID
) -> dict[str, str]:
    """Return the headers with which a body is sent."""
    at = at or datetime.now(UTC)
    return {
        "webhook-id": named,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(named, at, text_of(body).decode()),
    }


def changed(document: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """Return a document with some keys changed."""
    return {**document, **keys}
