"""`trivet_trainers`: who teaches a course, which trainers they are, and the removal of a person's data."""

import argparse
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from trivet_openedx.configured import configured
from trivet_openedx.forgetting import forget
from trivet_openedx.granted import enter
from trivet_openedx.models import BoundCourse, TrainerMapping
from trivet_openedx.trainers import staff_of, unmapped


class Command(BaseCommand):
    """One subcommand for each thing to do. People are named by the platform's number."""

    help = "Say who teaches a course, which trainer each of them is, or forget a person."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Define the subcommands."""
        each = parser.add_subparsers(dest="what", required=True)
        unmapped = each.add_parser(
            "unmapped", help="who teaches a bound course and has no reference"
        )
        unmapped.set_defaults(run=self._unmapped)
        roles = each.add_parser(
            "roles",
            help="read roles that were given before the plugin was there, as csv, from standard input",
        )
        roles.set_defaults(run=self._roles)
        mapped = each.add_parser("map", help="say which trainer a person is; none: trains nobody")
        mapped.add_argument("staff_id", type=int)
        mapped.add_argument("reference", nargs="?", default="")
        mapped.add_argument("--course", default="", help="for this course alone")
        mapped.set_defaults(run=self._map)
        gone = each.add_parser("forget", help="delete what is held of a person as a trainer")
        gone.add_argument("staff_id", type=int)
        gone.set_defaults(run=self._forget)

    def handle(self, **options: Any) -> None:
        """Do what the subcommand says."""
        options["run"](**options)

    def _unmapped(self, **_: Any) -> None:
        roles = configured().teaching_roles
        for course in BoundCourse.objects.all():
            if not staff_of(course, roles):
                self.stdout.write(f"{course}: nobody is known to teach it")
            for each in unmapped(course, roles):
                self.stdout.write(f"{course}: {each}")

    def _roles(self, **_: Any) -> None:
        try:
            read = enter(sys.stdin)
        except ValueError as error:
            raise CommandError(f"Nothing was kept: {error}") from None
        self.stdout.write(f"{read} roles are known")

    def _map(self, *, staff_id: int, reference: str, course: str, **_: Any) -> None:
        found = TrainerMapping.objects.filter(staff_id=staff_id, course_key=course).first()
        mapping = found or TrainerMapping(staff_id=staff_id, course_key=course)
        mapping.reference = reference
        try:
            mapping.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        mapping.save()
        self.stdout.write(f"The reference of {staff_id} is kept")

    def _forget(self, *, staff_id: int, **_: Any) -> None:
        gone = forget(staff_id)
        self.stdout.write(", ".join(f"{count} {name}" for name, count in gone.items()) + " deleted")
