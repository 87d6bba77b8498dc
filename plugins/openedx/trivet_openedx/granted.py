"""Roles that were given before this plugin was there, from a csv of the platform's table: no event tells of them."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from trivet_openedx.models import Teaching

_COLUMN_OF = {"course_key": "course_id", "staff_id": "user_id", "role": "role"}
"""What the platform's table calls it."""


@transaction.atomic
def enter(lines: Iterable[str]) -> int:
    """Keep who has which role, and return how many rows were read; nothing is kept if one can't be.

    A role in no one course, such as one in all courses of an organisation, is passed over, as where an event tells it.

    Raises:
        ValueError: it names the line and says what is wrong with it.
    """
    read = 0
    for number, row in _rows(lines):
        try:
            Teaching(**row).full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            wrong = " and ".join(_COLUMN_OF[name] for name in error.message_dict)
            raise ValueError(f"line {number}: {wrong} can't be read") from None
        Teaching.objects.get_or_create(**row)
        read += 1
    return read


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    table = csv.DictReader(lines)
    lacking = [name for name in _COLUMN_OF.values() if name not in (table.fieldnames or ())]
    if lacking:
        raise ValueError(
            f"line 1: {' and '.join(lacking)} is missing; the first line names the columns"
        )
    for row in table:
        said = {name: (row[column] or "").strip() for name, column in _COLUMN_OF.items()}
        if said["course_key"]:
            yield table.line_num, said
