"""`trivet_events`: reads what the service tells, and drops the kept answers that moved. For cron."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from trivet_client import TrivetClient, TrivetError
from trivet_openedx import clock
from trivet_openedx.asking import client_of
from trivet_openedx.configured import configured
from trivet_openedx.models import Cursor, HandledEvent
from trivet_openedx.moved import drop_moved
from trivet_openedx.watching import keep_watches

PAGE = 200
SENT_AGAIN = timedelta(days=30)
"""After this a webhook that was handled is forgotten; the service sends again for some days."""


class Command(BaseCommand):
    """Watches what bound courses rest on, and follows the events from where it stopped the last time."""

    help = "Watch what bound courses rest on, read the service's events, and drop kept answers that moved."

    def handle(self, **_: Any) -> None:
        """Print how many events were read and how many kept answers dropped.

        Raises:
            CommandError: the service could not be asked; what was read until then is kept.
        """
        settings = configured()
        try:
            client = client_of(settings.url, settings.key)
            today = clock.day_of(clock.now())
            for course in keep_watches(client, settings.teaching_roles, today):
                self.stderr.write(f"{course}: the service does not watch this course")
            read, dropped = _follow(client)
        except TrivetError as error:
            raise CommandError(f"The service's events could not be read: {error}") from error
        HandledEvent.forget_before(clock.now() - SENT_AGAIN)
        self.stdout.write(f"{read} events read, {dropped} kept answers dropped")


def _follow(client: TrivetClient) -> tuple[int, int]:
    """Read to the end, page by page; the cursor moves in the step that drops."""
    read = dropped = 0
    while True:
        page = client.events(Cursor.position(), limit=PAGE)
        with transaction.atomic():
            dropped += sum(drop_moved(event) for event in page.items)
            Cursor.move(page.next_cursor)
        read += len(page.items)
        if len(page.items) < PAGE:
            return read, dropped
