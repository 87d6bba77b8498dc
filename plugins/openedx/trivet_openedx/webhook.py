"""The address at which the service tells what moved."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from trivet_client.webhooks import Event, Receiver, django_view
from trivet_openedx import clock
from trivet_openedx.configured import configured
from trivet_openedx.models import HandledEvent
from trivet_openedx.moved import drop_moved


class _SeenInDatabase:
    """Knows what was handled, in the transaction in which it is handled."""

    @contextmanager
    def once(self, event_id: str) -> Iterator[bool]:
        """Give whether an event is new, and note it if what follows raises nothing."""
        with transaction.atomic():
            _, new = HandledEvent.objects.get_or_create(
                event=event_id, defaults={"at": clock.now()}
            )
            yield new


def _handle(event: Event) -> None:
    drop_moved(event)


@csrf_exempt  # what is signed needs no token
def webhook(request: HttpRequest) -> HttpResponse:
    """Take a webhook; 404 where no secret is set, for then nothing can be genuine."""
    secrets = configured().webhook_secrets
    if not secrets:
        return HttpResponse(status=404)
    view = django_view(Receiver(*secrets), _handle, seen=_SeenInDatabase())
    return view(request)
