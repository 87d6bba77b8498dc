"""Who teaches in a row: by the file, or by a directory that knows the staff numbers. Pure.

What is not as it should be is told, and keeps the row from being asked about: a name must never be sent in the place of
a reference, and nobody is left out of a row unnoticed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trivet.cli.roster.mapping import References, RosterMapping
from trivet_client.gate import Trainer

UNREADABLE = Trainer("-")
"""A trainer of whom nothing is asked, because the reference can't be told."""


@dataclass(frozen=True)
class Member:
    """A member of staff as a directory has them."""

    staff: str
    references: tuple[str, ...]
    active: bool
    shown: tuple[str, ...] = field(repr=False)
    family_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Teaching:
    """Who teaches, and what is not as it should be about it."""

    trainers: tuple[Trainer, ...]
    faults: tuple[str, ...] = ()


class FromFile:
    """Takes references, and family names where they are to be compared, from the columns of the row."""

    def __init__(self, mapping: RosterMapping) -> None:
        self._columns, self._split = mapping.columns, mapping.split.trainers
        self._references = mapping.trainers

    def teaching(self, said: Mapping[str, str]) -> Teaching:
        """Return who teaches in a row; without a reference somebody of whom nothing can be asked."""
        found = parted(said.get("trainer", ""), self._split)
        if not found:
            return Teaching((Trainer(None),))
        names: Sequence[str | None] = [None] * len(found)
        if self._columns.family_name:
            names = parted(said.get("family_name", ""), self._split)
            if len(names) != len(found):
                told = (
                    f"There are {len(found)} references and {len(names)} family names to compare."
                )
                return Teaching((UNREADABLE,), (told,))
        return together(
            referred(self._references, reference, name)
            for reference, name in zip(found, names, strict=True)
        )


class FromDirectory:
    """Finds those whose staff numbers stand in the row."""

    def __init__(self, mapping: RosterMapping, members: Iterable[Member]) -> None:
        self._split, self._read = mapping.split.trainers, _OfMember(mapping)
        self._members: dict[str, list[Member]] = {}
        for member in members:
            self._members.setdefault(member.staff.casefold(), []).append(member)

    def teaching(self, said: Mapping[str, str]) -> Teaching:
        """Return who teaches in a row; whoever the directory does not tell is a fault of the row."""
        numbers = parted(said.get("staff", ""), self._split)
        if not numbers:
            return Teaching((Trainer(None),), ("The staff number is missing.",))
        return together(self._found(number) for number in numbers)

    def _found(self, number: str) -> Teaching:
        known = self._members.get(number.casefold(), [])
        found = [
            member for member in known if member.active
        ] or known  # who came back has two entries
        if len(found) == 1:
            return self._read(found[0])
        times = "twice or more" if found else "not"
        told = f"Staff number {number} is {times} in the directory."
        return Teaching((UNREADABLE,), (told,))


class OfTheirOwn:
    """Tells of each member of staff by what the directory says of them: a directory is the staff list."""

    def __init__(self, mapping: RosterMapping, members: Sequence[Member]) -> None:
        self._members, self._read = members, _OfMember(mapping)

    def teaching(self, said: Mapping[str, str]) -> Teaching:
        """Return the member whose place in the list the row says."""
        return self._read(self._members[int(said["member"])])


class _OfMember:
    """What a member of staff is asked about by."""

    def __init__(self, mapping: RosterMapping) -> None:
        self._references = mapping.trainers
        self._named = bool(mapping.scim and mapping.scim.family_name)

    def __call__(self, member: Member) -> Teaching:
        fault = self._fault(member)
        if fault:
            return Teaching((UNREADABLE,), (f"Staff number {member.staff} {fault}.",))
        return referred(self._references, member.references[0], member.family_name)

    def _fault(self, member: Member) -> str | None:
        if not member.active:
            return "is inactive in the directory"
        if len(member.references) != 1:
            return (
                f"has {len(member.references) or 'no'} references in the directory, and needs one"
            )
        if self._named and not member.family_name:
            return "has no family name in the directory to compare"
        return None


def referred(references: References, text: str, family_name: str | None) -> Teaching:
    """Return the trainer to whom a text refers, if it has the form of a reference: else it may be a name."""
    found = re.fullmatch(references.form, text)
    if not found:
        told = "What stands where a trainer's reference should does not look like one, and was not sent."
        return Teaching((UNREADABLE,), (told,))
    reference = found.group(found.re.groups)
    return Teaching((Trainer(f"{references.scheme}:{reference or ''}", family_name),))


def together(each: Iterable[Teaching]) -> Teaching:
    """Return all who teach together, each once, and all that is not as it should be."""
    trainers: dict[Trainer, None] = {}
    faults: dict[str, None] = {}
    for one in each:
        trainers.update(dict.fromkeys(one.trainers))
        faults.update(dict.fromkeys(one.faults))
    return Teaching(tuple(trainers), tuple(faults))


def parted(text: str, separators: Iterable[str]) -> list[str]:
    """Return the parts of a cell, without what is blank."""
    return [*_parts(text, [*separators])]


def _parts(text: str, separators: Sequence[str]) -> Iterator[str]:
    pattern = "|".join(map(re.escape, separators))
    for part in re.split(pattern, text) if separators else [text]:
        if part.strip():
            yield part.strip()
