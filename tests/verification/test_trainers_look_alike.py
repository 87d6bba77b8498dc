"""Whom a question does not concern changes no byte of its answer: on registers at random, of one source and of two.

Of the authorisations a question concerns those with the provider it names, of the trainer it names, less those whose
family name differs; where equally vouched sources dispute any of it, by the word of one of them. Everybody else is
nobody.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.register.documents import document
from tests.registers import NAME_KEY, source_of
from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, World, same_id
from tests.verification.worlds import source_of_world
from trivet.register.index import Index, Known, Snapshot
from trivet.register.merge import Entry, Merged, SourceState, merge
from trivet.register.people import family_name_hash
from trivet.register.records import Authorisation, Kind, VouchedBy
from trivet.verification.answer import Asking, answer
from trivet.verification.question import Purpose, Question

EXAMPLES = settings(deadline=None, max_examples=40)
AGES = (timedelta(hours=1), timedelta(hours=1), at_random.MAX_AGE + timedelta(days=1))
BLANK = "…"


class Case(NamedTuple):
    """A register merged of its sources, with questions about its trainers."""

    merged: Merged
    questions: list[Json]


def case_of(seed: int, *, sources: int) -> Case:
    rng = random.Random(seed)  # noqa: S311 (nothing here is secret)
    world = at_random.world(rng)
    told = [source_of_world(world), second_opinion(rng, world)][:sources]
    questions = at_random.questions(rng, world)
    return Case(merge(told), [{**q, "trainer": somebody(rng, world)} for q in questions])


def second_opinion(rng: random.Random, world: World) -> SourceState:
    """Return a source that lists some of the same trainers otherwise: with whom, as whom, until when, by what name."""
    listed = world.register["authorisations"]
    providers = [provider["register"] for provider in world.register["providers"]]

    def otherwise(record: Json) -> Json:
        other = rng.choice(listed)
        fields = rng.sample(["trainer", "familyName", "role", "organisation", "periods"], 2)
        differing = {field: other[field] for field in fields}
        if rng.random() < 0.5:
            differing |= {"provider": rng.choice(providers), "programmes": "all"}
        return {**record, **differing}

    some = rng.sample(listed, rng.randint(1, len(listed)))
    covered = {"authorisations": rng.choice(["complete", "partial", "none"])}
    return source_of(
        document(covered, authorisations=[otherwise(record) for record in some]),
        first_seen=world.today,
        as_of=world.now - rng.choice(AGES),
        max_age=world.max_age,
        source="second",
        vouched_by=rng.choice([*VouchedBy]),
    )


def somebody(rng: random.Random, world: World) -> Json:
    """Return a trainer of any provider's, by reference or number, by their own name, another's or none."""
    field, scheme = rng.choice([("trainer", "register"), ("register", "authorisation")])
    authorisation = rng.choice(world.register["authorisations"])
    trainer = {"scheme": scheme, "value": authorisation[field]}
    names = [authorisation["familyName"], *at_random.FAMILIES, BLANK]
    name = rng.choice([None, *names]) if rng.random() < 0.5 else names[0]
    return {**trainer, "familyName": name} if name else trainer


SEEDS = st.integers(0, 2**40)
SOURCES = pytest.mark.parametrize("sources", [1, 2])


def answered(merged: Merged, question: Json) -> bytes:
    """Return the answer as it is sent, all but its receipt, whose only own word is the question."""
    index = Index(Snapshot("snp_test", "sha256:test", at_random.NOW), merged, NAME_KEY)
    asking = Asking(id="ver_test", now=at_random.NOW, purpose=Purpose.ORDER)
    asked = msgspec.convert(question, Question)
    return msgspec.json.encode(answer(asked, Known(index, at_random.NOW), asking).verification)


def provider_in(sent: bytes) -> str | None:
    """Return the id of the provider that an answer is about; None where it is not known which."""
    elements = msgspec.json.decode(sent)["elements"]
    found: str | None = next(e["record"] for e in elements if e["element"] == "provider")
    return found


def authorisations(merged: Merged) -> Iterator[tuple[str, Entry[Authorisation]]]:
    for key, entry in merged.entries[Kind.AUTHORISATIONS].items():
        yield key, cast("Entry[Authorisation]", entry)


def concerned(merged: Merged, question: Json, provider: str | None) -> Merged:
    """Return the register without the authorisations that a question about a provider does not concern."""
    asked = question["trainer"]
    name = family_name_hash(asked.get("familyName"), NAME_KEY)

    def concerns(entry: Entry[Authorisation]) -> bool:
        field = "trainer" if asked["scheme"] == "register" else "register"
        others = (other.value for other in entry.said["family_name"].others)
        return (
            provider is not None
            and any(same_id(stated, provider) for stated in entry.stated("provider"))
            and any(same_id(stated, asked["value"]) for stated in entry.stated(field))
            and (name is None or not {None, name}.isdisjoint((entry.family_name_hash, *others)))
        )

    left = {key: entry for key, entry in authorisations(merged) if concerns(entry)}
    return replace(merged, entries={**merged.entries, Kind.AUTHORISATIONS: left})


@SOURCES
def test_an_answer_is_the_same_to_the_byte_without_anybody_it_does_not_concern(
    sources: int,
) -> None:
    @EXAMPLES
    @given(SEEDS)
    def holds(seed: int) -> None:
        case = case_of(seed, sources=sources)
        for question in case.questions:
            sent = answered(case.merged, question)
            alone = concerned(case.merged, question, provider_in(sent))
            assert answered(alone, question) == sent

    holds()


@SOURCES
def test_whoever_a_question_does_not_concern_is_answered_for_as_nobody(sources: int) -> None:
    @EXAMPLES
    @given(SEEDS)
    def holds(seed: int) -> None:
        case = case_of(seed, sources=sources)
        for question in case.questions:
            sent = answered(case.merged, question)
            left = concerned(case.merged, question, provider_in(sent))
            if not left.entries[Kind.AUTHORISATIONS]:
                trainer = question["trainer"]
                nobody = {**trainer, "value": "nobody"}
                # The letters that an answer drafts say again who was asked about.
                echoed = sent.replace(trainer["value"].encode(), b"nobody")
                assert answered(case.merged, {**question, "trainer": nobody}) == echoed

    holds()


def test_the_questions_are_often_about_somebody_whom_they_do_not_concern() -> None:
    """The properties above would hold of questions about nobody, too."""
    met = {"another's": 0, "misnamed": 0, "provider unknown": 0, "concerned": 0}
    for seed in random.sample(range(2**40), 40):
        case = case_of(seed, sources=2)
        for question in case.questions:
            provider = provider_in(answered(case.merged, question))
            unnamed = {k: v for k, v in question["trainer"].items() if k != "familyName"}
            with_provider = concerned(case.merged, {**question, "trainer": unnamed}, provider)
            left = concerned(case.merged, question, provider)
            if provider is None:
                met["provider unknown"] += 1
            elif left.entries[Kind.AUTHORISATIONS]:
                met["concerned"] += 1
            elif with_provider.entries[Kind.AUTHORISATIONS]:
                met["misnamed"] += 1
            else:
                met["another's"] += 1
    assert min(met.values()) > 0.03 * sum(met.values()), met
