"""Receives what a trivet service tells of changes, and hands it on as typed events.

    from trivet_client.webhooks import Receiver, SeenInMemory, asgi

    def handle(event):
        for watch in event.watches:
            if not watch.permits:
                hold(watch.reference)

    application = asgi(Receiver("whsec_…"), handle, seen=SeenInMemory())

`Receiver` alone is for every other framework: headers and body in, an event out. Deliveries come at least once, and not
in order: an event says what the mirror learned and when. Ask the service before you rely on it.
"""

from trivet_client.webhooks.events import (
    Event,
    Expiring,
    Reason,
    RegisterEvent,
    Source,
    StandingChanged,
    Subject,
    Trainer,
    VerdictWord,
    VerificationChanged,
    Watch,
    WatchEnded,
)
from trivet_client.webhooks.over_asgi import asgi
from trivet_client.webhooks.over_django import django_view
from trivet_client.webhooks.receiver import Receiver
from trivet_client.webhooks.refusals import NotAnEvent, NotGenuine, Refused
from trivet_client.webhooks.repeats import AsyncSeen, InHand, Seen, SeenInMemory

__all__ = [
    "AsyncSeen",
    "Event",
    "Expiring",
    "InHand",
    "NotAnEvent",
    "NotGenuine",
    "Reason",
    "Receiver",
    "Refused",
    "RegisterEvent",
    "Seen",
    "SeenInMemory",
    "Source",
    "StandingChanged",
    "Subject",
    "Trainer",
    "VerdictWord",
    "VerificationChanged",
    "Watch",
    "WatchEnded",
    "asgi",
    "django_view",
]
