"""`trivet_trainers`: who teaches a course, which trainers they are, and the removal of a person's data."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from trivet_openedx.configured import configured
from trivet_openedx.forgetting import forget
from trivet_openedx.models import BoundCourse, Teaching, TrainerMapping
from trivet_openedx.trainers import staff_of


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
        role = each.add_parser(
            "role", help="enter a role that was given before the plugin was there"
        )
        role.add_argument("course")
        role.add_argument("staff_id", type=int)
        role.add_argument("role")
        role.set_defaults(run=self._role)
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
            staff = staff_of(course, roles)
            known = TrainerMapping.objects.filter(
                staff_id__in=staff, course_key__in=["", course.course_key]
            ).values_list("staff_id", flat=True)
            for each in sorted(set(staff) - set(known)):
                self.stdout.write(f"{course}: {each}")

    def _role(self, *, course: str, staff_id: int, role: str, **_: Any) -> None:
        Teaching.objects.get_or_create(course_key=course, staff_id=staff_id, role=role)
        self.stdout.write(f"{staff_id} has the role {role} in {course}")

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
