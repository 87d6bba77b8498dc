"""A confirmation answers for its own record: whatever else is asked gets the answer that it got without one."""

import dataclasses
import random
from collections import Counter
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from tests.registers import index_of_sources
from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, Verdict, World, same_id
from tests.verification.worlds import ask, brief, index_of_world
from trivet.register.index import Index
from trivet.register.merge import NEVER, SourceState, Statement, StoodBy
from trivet.register.periods import Period
from trivet.register.records import (
    CONFIRMATIONS,
    RECORD_TYPES,
    Authorisation,
    CoverageByKind,
    Kind,
    Programme,
    VouchedBy,
)

CONFIRMED = (Kind.PROGRAMMES, Kind.AUTHORISATIONS)


class Compared(NamedTuple):
    """A question of a register, and how it was answered without and with a confirmation of a record."""

    seed: int
    question: Json
    record: Programme | Authorisation
    without: Verdict
    beside: Verdict


def _letter(rng: random.Random, world: World, index: Index) -> SourceState:
    """Return the confirmation of one record: one of the register's with a timeline of its own, or a new one."""
    kind = rng.choice(CONFIRMED)
    listed = world.register[kind.value] or world.register["authorisations"]
    kind = kind if world.register[kind.value] else Kind.AUTHORISATIONS
    record = msgspec.convert(rng.choice(listed), RECORD_TYPES[kind])
    periods = at_random._Register(rng).periods()
    record = replace(record, periods=msgspec.convert(periods, tuple[Period, ...]))
    if rng.random() < 0.4:
        record = replace(record, register="confirmed-1", **_named_anew(record))
    on = rng.choice([day for day in at_random.DAYS if day <= world.today])
    word = StoodBy(on, on + timedelta(days=rng.choice([0, 30, 364, 900])))
    absent = rng.choice([None] * 4 + [world.today, NEVER])
    statement = Statement(record, on, absent_since=absent, stood_by=word)
    terms = next(iter(index.sources.values()))
    return replace(
        terms,
        source=CONFIRMATIONS,
        vouched_by=VouchedBy.CERTIFIER_CONFIRMED,
        max_age=None,
        coverage=CoverageByKind(),
        statements={kind: {record.register.casefold(): statement}},
    )


def _named_anew(record: Any) -> dict[str, str]:
    if isinstance(record, Programme):
        return {"title": "A programme that nobody lists"}
    return {"trainer": "tr-nobody-lists"}


def _is_concerned(question: Json, record: Programme | Authorisation, index: Index) -> bool:
    """Say whether a question may be about the record that was confirmed."""
    programme, trainer = question["programme"], question.get("trainer")
    if isinstance(record, Programme):
        by_id = programme["scheme"] == "register" and same_id(programme["value"], record.register)
        titled = programme["scheme"] == "title" and any(
            same_id(p.record.register, record.register) for p in index.titled(programme["value"])
        )
        return by_id or titled
    return trainer is not None and any(
        same_id(trainer["value"], own) for own in (record.register, record.trainer)
    )


def _compared(seed: int) -> list[Compared]:
    rng = random.Random(seed)  # noqa: S311 (nothing here is secret)
    world = dataclasses.replace(at_random.world(rng), confirmed={})
    index = index_of_world(world)
    letter = _letter(rng, world, index)
    beside = index_of_sources(*index.sources.values(), letter)
    (record,) = (s.record for of_kind in letter.statements.values() for s in of_kind.values())
    assert isinstance(record, Programme | Authorisation)
    return [
        Compared(seed, q, record, brief(ask(world, index, q)), brief(ask(world, beside, q)))
        for q in at_random.questions(rng, world)
        if not _is_concerned(q, record, beside)
    ]


@pytest.fixture(scope="module")
def run() -> list[Compared]:
    first = random.getrandbits(40)
    return [one for seed in range(first, first + 250) for one in _compared(seed)]


def test_what_a_confirmation_does_not_concern_is_answered_as_without_it(
    run: list[Compared],
) -> None:
    assert next((one for one in run if one.without != one.beside), None) is None


def test_such_questions_come_to_every_verdict(run: list[Compared]) -> None:
    assert Counter(one.beside.verdict for one in run).keys() == {"pass", "fail", "cannot_confirm"}
    assert len(run) > 1000
