"""Disputes at random: what another source, as well vouched, says of a register instead."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any, NamedTuple

from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, World, comparable_name

FIELDS = {
    "bodies": ("licensed",),
    "providers": (
        "name",
        "tradingNames",
        "certificate",
        "identifiers",
        "identifiers",
        "periods",
        "body",
        "settings",
    ),
    "programmes": ("title", "title", "provider", "provider", "periods", "settings"),
    "authorisations": (
        "trainer",
        "provider",
        "familyName",
        "role",
        "organisation",
        "programmes",
        "periods",
    ),
    "affiliations": ("organisation", "organisation", "provider", "programmes", "periods"),
}


class Dispute(NamedTuple):
    """What one source says of a field of a record, where another says something else."""

    kind: str
    position: int
    field: str
    instead: Any


def disputes(rng: Random, world: World, most: int = 3) -> list[Dispute]:
    """Return what another list says instead, at most one thing of each field of each record."""
    found: dict[tuple[str, int, str], Dispute] = {}
    for _ in range(rng.randint(1, most)):
        for dispute in _dispute(rng, world.register):
            found[dispute[:3]] = dispute
    return list(found.values())


def said_instead(world: World, disputed: Sequence[Dispute]) -> World:
    """Return the world as the source tells it that says all these things instead."""
    document = deepcopy(world.register)
    for kind, position, field, instead in disputed:
        document[kind][position][field] = instead
    return replace(world, register=document)


def whoever_is_right(world: World, disputed: Sequence[Dispute]) -> Iterator[World]:
    """Yield the world in each way in which the disputes can be settled."""
    for right in product((True, False), repeat=len(disputed)):
        yield said_instead(
            world, [d for d, instead in zip(disputed, right, strict=True) if instead]
        )


def _dispute(rng: Random, register: Json) -> Iterator[Dispute]:
    kind = rng.choice([k for k in FIELDS if register[k]])
    position, field = rng.randrange(len(register[kind])), rng.choice(FIELDS[kind])
    said = register[kind][position].get(field)
    instead = _instead(rng, register, kind, field, said) if _states(field, said) else None
    if instead and instead != said:
        yield Dispute(kind, position, field, instead)


WORDS: dict[str, Sequence[str]] = {
    "title": at_random.TITLES,
    "name": at_random.NAMES,
    "body": ("body-0", "body-1", "body-unlisted"),
    "certificate": ("EX-0000", "EX-0001", "EX-0002", "EX-0009"),
    "familyName": [name for name in at_random.FAMILIES if name and comparable_name(name)],
    "role": ("senior", "associate"),
}
"""What may be said of a field; of the others, what is said of another record."""


def _states(field: str, said: Any) -> bool:
    """Say whether a field is stated: another source's word disputes nothing that is left out."""
    return bool(comparable_name(said or "") if field == "familyName" else said)


def _instead(rng: Random, register: Json, kind: str, field: str, said: Any) -> Any:
    """Return what may be said of a field that is stated."""
    if field == "identifiers":
        return _other_numbers(rng, said)
    stated = [record[field] for record in register[kind] if record.get(field)]
    return deepcopy(rng.choice(WORDS.get(field, stated)))


def _other_numbers(rng: Random, said: list[Json]) -> list[Json]:
    """Return the identifiers with those of one scheme replaced by another that none of them is."""
    scheme = rng.choice(said)["scheme"]
    known = {i["value"] for i in said if i["scheme"] == scheme}
    others = [value for value in at_random.VALUES[scheme] if value not in known]
    kept = [i for i in said if i["scheme"] != scheme]
    return [*kept, {"scheme": scheme, "value": rng.choice(others)}]
