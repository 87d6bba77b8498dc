"""`trivet_recheck`: asks anew about every bound course. For cron."""

from typing import Any

from django.core.management.base import BaseCommand

from trivet_openedx import clock
from trivet_openedx.configured import configured
from trivet_openedx.deciding import recheck
from trivet_openedx.models import BoundCourse


class Command(BaseCommand):
    """Asks anew, keeps what is answered, and prints what is on hold, without a trainer's reference."""

    help = "Ask anew whether the training of each bound course is certified, and say which are on hold."

    def handle(self, **_: Any) -> None:
        """Print one line for each course on hold, and how many there are."""
        held = 0
        asked = 0
        for course, line in recheck(BoundCourse.objects.whole(), configured(), clock.now()):
            asked += 1
            if not line:
                held += 1
                self.stdout.write(f"{course}: {line.outcome.value}")
        self.stdout.write(f"{asked} asked about, {held} on hold")
