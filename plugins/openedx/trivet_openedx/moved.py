"""What becomes of kept answers when the service tells that something moved."""

from django.db import transaction

from trivet_client.webhooks import Event, RegisterEvent, WatchEnded
from trivet_openedx.models import KeptVerdict, Watched


@transaction.atomic
def drop_moved(event: Event) -> int:
    """Delete the kept answers of the courses that an event concerns, to be asked about anew; return how many.

    An event is no verdict: it says what the mirror learned. One of the register concerns every course, and so does one
    that lists fewer watches than it concerns.
    """
    if event.test:
        return 0
    watches = [watch.id for watch in event.watches]
    moved = KeptVerdict.objects.all()
    if not isinstance(event, RegisterEvent) and event.watch_count <= len(watches):
        moved = moved.filter(course__watches__watch__in=watches)
    dropped = moved.delete()[0]
    if isinstance(event, WatchEnded):
        Watched.objects.filter(watch__in=watches).delete()
    return dropped
