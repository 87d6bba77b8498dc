"""The product asked about a world at random."""

from datetime import date

import msgspec
from msgspec.structs import replace

from tests.registers import index_of_sources, source_of
from tests.verification.oracle import Json, Verdict, Word, World
from trivet.register.durations import Duration
from trivet.register.index import Index
from trivet.register.merge import SourceState, Statement, StoodBy
from trivet.register.periods import Period
from trivet.register.records import CONFIRMATIONS, CoverageByKind, Kind, VouchedBy
from trivet.verification.question import Question, faults
from trivet.verification.rules import Judgement, judge


def index_of_world(world: World) -> Index:
    """Return the index of a world: a list, its records first seen and missed on days of their own, and letters."""
    return index_of_sources(*sources_of_world(world))


def source_of_world(world: World, name: str = "example") -> SourceState:
    """Return the list of a world under a name, whose records were first seen and missed on days of their own."""
    return sources_of_world(world, name)[0]


def sources_of_world(world: World, name: str = "example") -> list[SourceState]:
    """Return the list of a world, under a name, and its letters where there are any."""
    source = source_of(
        world.register,
        first_seen=world.today,
        as_of=world.as_of,
        source=name,
        max_age=world.max_age,
        vouched_by=VouchedBy(world.vouched_by),
        term=Duration.parse(f"P{world.term}Y") if world.term else None,
    )

    def as_known(kind: Kind, statement: Statement) -> Statement:
        key = kind.value, statement.record.register
        return replace(
            statement, first_seen=world.first_seen[key], absent_since=world.delisted.get(key)
        )

    statements = {
        kind: {key: as_known(kind, s) for key, s in of_kind.items()}
        for kind, of_kind in source.statements.items()
    }
    listed = {
        kind: {key: s for key, s in of_kind.items() if not _is_confirmed_alone(world, kind, s)}
        for kind, of_kind in statements.items()
    }
    sources = [replace(source, statements=listed)]
    if world.confirmed:
        sources.append(_confirmations(world, source, statements))
    return sources


def _is_confirmed_alone(world: World, kind: Kind, statement: Statement) -> bool:
    word = world.confirmed.get((kind.value, statement.record.register))
    return word is not None and word.periods is None


def _confirmations(
    world: World, source: SourceState, statements: dict[Kind, dict[str, Statement]]
) -> SourceState:
    """Return the source of what the body confirmed; of what a list has too, with periods of its own."""

    def confirmed(statement: Statement, word: Word) -> Statement:
        stood_by = StoodBy(word.on, word.until)
        if word.periods is None:
            return replace(statement, stood_by=stood_by)
        periods = msgspec.convert(word.periods, tuple[Period, ...])
        record = replace(statement.record, periods=periods)
        return Statement(record, first_seen=word.on, stood_by=stood_by)

    words = {
        kind: {
            key: confirmed(s, world.confirmed[kind.value, s.record.register])
            for key, s in of_kind.items()
            if (kind.value, s.record.register) in world.confirmed
        }
        for kind, of_kind in statements.items()
    }
    return replace(
        source,
        source=CONFIRMATIONS,
        vouched_by=VouchedBy.CERTIFIER_CONFIRMED,
        max_age=None,
        coverage=CoverageByKind(),
        statements=words,
    )


def ask(world: World, index: Index, question: Json) -> Judgement:
    """Return the product's judgement of a question that may be asked."""
    asked = msgspec.convert(question, Question)
    assert not faults(asked, world.today, index.words)
    return judge(asked, index, day_asked(world, question), world.now)


def day_asked(world: World, question: Json) -> date:
    """Return the London day of delivery."""
    return date.fromisoformat(question.get("deliveredOn", str(world.today)))


def brief(judgement: Judgement) -> Verdict:
    """Return verdict and reasons, of the whole and of each element."""
    return Verdict(
        judgement.verdict.value,
        {reason.code for reason in judgement.reasons},
        {
            judged.element.value: (judged.verdict.value, {r.code for r in judged.reasons})
            for judged in judgement.elements
        },
    )
