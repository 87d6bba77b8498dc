"""What holds of every verdict, whatever the register and the question."""

import random
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.register.documents import affiliation, authorisation, programme, provider
from tests.verification import registers_at_random as at_random
from tests.verification.oracle import Json, Verdict, World
from tests.verification.worlds import ask, brief, day_asked, index_of_world
from trivet.verification.reasons import REASONS
from trivet.verification.reasons import Verdict as Verdicts
from trivet.verification.rules import Judged, Judgement

EXAMPLES = settings(deadline=None, max_examples=40)
PASS, FAIL, CANNOT_CONFIRM = Verdicts
TIMED = ("providers", "programmes", "authorisations", "affiliations")
LONG_AGO = date(1990, 6, 1)


class Case(NamedTuple):
    """A register with questions about it."""

    world: World
    questions: list[Json]

    def answers(self, world: World | None = None) -> Iterator[tuple[Json, Judgement]]:
        """Yield every question with its judgement, in this world or another."""
        world = world or self.world
        index = index_of_world(world)
        for question in self.questions:
            yield question, ask(world, index, question)


def case_of(seed: int) -> Case:
    rng = random.Random(seed)  # noqa: S311 (nothing here is secret)
    # Of lists alone: what the body confirmed of a record has properties of its own, in other files.
    world = replace(at_random.world(rng), confirmed={})
    return Case(world, list(at_random.questions(rng, world)))


CASES = st.integers(0, 2**40).map(case_of)


def changed(world: World, change: Callable[[Json], object]) -> World:
    """Return the world with its document changed."""
    document = deepcopy(world.register)
    change(document)
    return replace(world, register=document)


def with_records(world: World, **records: Json) -> World:
    """Return the world with one record more of each kind named, first seen long ago."""
    seen = {(kind, record["register"]): LONG_AGO for kind, record in records.items()}
    wider = changed(world, lambda doc: [doc[kind].append(r) for kind, r in records.items()])
    return replace(wider, first_seen={**world.first_seen, **seen})


def unrelated(register: str = "unrelated") -> dict[str, Json]:
    """Return a provider with all that it may have, that no question at random is about."""
    return {
        "providers": provider(register, certificate="UN-1", name="Unrelated (fictional)"),
        "programmes": programme("unrelated-1", provider=register, title="Refresher"),
        "authorisations": authorisation("AU-unrelated", trainer="tr-else", provider=register),
        "affiliations": affiliation("AF-unrelated", provider=register, programmes=["unrelated-1"]),
    }


def pairs(case: Case, other: World) -> Iterator[tuple[Verdict, Verdict]]:
    """Yield what is said of each question in the case's world and in another."""
    for (_, before), (_, after) in zip(case.answers(), case.answers(other), strict=True):
        yield brief(before), brief(after)


def judged(judgement: Judgement, element: str) -> Judged:
    return next(e for e in judgement.elements if e.element.value == element)


# What a verdict is made of


@EXAMPLES
@given(CASES)
def test_a_pass_has_every_element_passing_and_no_reason(case: Case) -> None:
    for _, said in case.answers():
        if said.verdict is PASS:
            assert {element.verdict for element in said.elements} == {PASS}
            assert not said.reasons


@EXAMPLES
@given(CASES)
def test_a_fail_has_a_failing_element_and_what_cannot_be_confirmed_has_none(case: Case) -> None:
    for _, said in case.answers():
        verdicts = {element.verdict for element in said.elements}
        assert (said.verdict is FAIL) == (FAIL in verdicts)
        assert said.verdict is not CANNOT_CONFIRM or CANNOT_CONFIRM in verdicts


@EXAMPLES
@given(CASES)
def test_an_element_is_as_bad_as_the_worst_of_its_reasons(case: Case) -> None:
    for _, said in case.answers():
        for element in said.elements:
            weights = {REASONS[reason.code].verdict for reason in element.reasons}
            assert (element.verdict is FAIL) == (FAIL in weights)
            assert element.verdict is not PASS or not weights


@EXAMPLES
@given(CASES)
def test_evidence_never_changes_a_verdict(case: Case) -> None:
    index = index_of_world(case.world)
    for question in case.questions:
        offered = ask(case.world, index, {**question, "evidence": [*at_random.EVIDENCE]})
        plain = ask(case.world, index, {k: v for k, v in question.items() if k != "evidence"})
        assert (offered.verdict, offered.elements) == (plain.verdict, plain.elements)


@EXAMPLES
@given(CASES)
def test_offered_evidence_that_is_no_certification_is_said_to_be_none_beside_all_but_a_pass(
    case: Case,
) -> None:
    for question, said in case.answers():
        offered = set(question.get("evidence", [])) - {"certificate"}
        codes = {reason.code for reason in said.reasons if reason.element is None}
        expected = offered if said.verdict is not PASS else set()
        assert codes == {f"{evidence}_is_not_certification" for evidence in expected}


# What a source covers, how old it is, and who vouches for it


@EXAMPLES
@given(CASES, st.sampled_from(at_random.KINDS), st.sampled_from(["partial", "none"]))
def test_to_cover_less_never_makes_a_pass_or_a_fail(case: Case, kind: str, less: str) -> None:
    assume(case.world.covers(kind) == "complete")
    narrower = changed(case.world, lambda doc: doc["coverage"].update({kind: less}))
    for before, after in pairs(case, narrower):
        assert after.verdict in {before.verdict, "cannot_confirm"}


@EXAMPLES
@given(CASES, st.integers(1, 400))
def test_an_older_source_never_makes_a_pass_or_a_fail(case: Case, days: int) -> None:
    older = replace(case.world, as_of=case.world.as_of - timedelta(days=days))
    for before, after in pairs(case, older):
        for element, (verdict, _) in after.elements.items():
            assert verdict in {before.elements[element][0], "cannot_confirm"}


@EXAMPLES
@given(CASES)
def test_a_stale_source_leaves_no_pass_and_no_fail_by_absence(case: Case) -> None:
    stale = replace(case.world, as_of=case.world.as_of - timedelta(days=40_000))
    for _, said in case.answers(stale):
        assert said.verdict is not PASS
        assert not {r.code for r in said.reasons if r.element} & {
            "provider_not_on_register",
            "programme_not_on_register",
            "trainer_not_authorised",
            "train_the_trainer_is_not_certification",
        }


@EXAMPLES
@given(CASES)
def test_the_providers_own_word_alone_never_passes_and_fails_no_less(case: Case) -> None:
    declared = replace(case.world, vouched_by="provider_declared")
    vouched = replace(case.world, vouched_by="register")
    for (_, by_register), (_, by_itself) in zip(
        case.answers(vouched), case.answers(declared), strict=True
    ):
        assert by_itself.verdict is not PASS
        assert (by_itself.verdict is FAIL) == (by_register.verdict is FAIL)


@EXAMPLES
@given(CASES)
def test_what_the_body_confirmed_counts_as_what_the_body_publishes(case: Case) -> None:
    confirmed = replace(case.world, vouched_by="certifier_confirmed")
    published = replace(case.world, vouched_by="register")
    for before, after in pairs(Case(published, case.questions), confirmed):
        assert before == after


# Time


@EXAMPLES
@given(CASES)
def test_what_passes_is_in_force_on_the_day_in_the_registers_own_words(case: Case) -> None:
    kinds = {"provider": "providers", "programme": "programmes", "trainer": "authorisations"}
    for question, said in case.answers():
        day = day_asked(case.world, question)
        for element, kind in kinds.items():
            found = judged(said, element)
            if found.verdict is PASS:
                record = next(r for r in case.world.register[kind] if r["register"] == found.record)
                seen = case.world.first_seen[kind, record["register"]]
                assert any(in_force_on(day, period, seen) for period in record["periods"])


def in_force_on(day: date, period: Json, seen: date) -> bool:
    begins = period["from"] or str(seen)
    return period["status"] == "in_force" and begins <= str(day) < (period["to"] or "9999")


@EXAMPLES
@given(CASES)
def test_a_day_before_everything_never_passes(case: Case) -> None:
    questions = [{**question, "deliveredOn": str(LONG_AGO)} for question in case.questions]
    for _, said in Case(case.world, questions).answers():
        for element in ("body", "provider", "programme", "trainer"):
            assert judged(said, element).verdict is not PASS


@EXAMPLES
@given(
    CASES,
    st.sampled_from(at_random.KINDS),
    st.integers(0, 20),
    st.sampled_from(at_random.DAYS),
)
def test_a_record_found_missing_changes_no_day_before(
    case: Case, kind: str, position: int, missed_on: date
) -> None:
    records = case.world.register[kind]
    assume(records)
    key = kind, records[position % len(records)]["register"]
    assume(key not in case.world.delisted)
    later = replace(case.world, delisted={**case.world.delisted, key: missed_on})
    for (question, before), (_, after) in zip(case.answers(), case.answers(later), strict=True):
        if day_asked(case.world, question) < missed_on:
            assert before == after
        elif after.verdict is not before.verdict:
            assert after.verdict is CANNOT_CONFIRM


# What is not certified


def suspended(document: Json, kind: str) -> None:
    """Suspend every record of a kind; of a body, end the licence."""
    for record in document[kind]:
        if kind == "bodies":
            record["licensed"] = {"from": "1980-01-01", "to": str(LONG_AGO)}
        for period in record.get("periods", []):
            period["status"] = "suspended"


@EXAMPLES
@given(CASES, st.sampled_from(["bodies", "providers", "programmes", "authorisations"]))
def test_without_any_one_leg_nothing_passes(case: Case, kind: str) -> None:
    lame = changed(case.world, lambda document: suspended(document, kind))
    for _, said in case.answers(lame):
        assert said.verdict is not PASS


@EXAMPLES
@given(CASES)
def test_without_affiliations_in_force_nobody_delivers_for_the_provider(case: Case) -> None:
    lame = changed(case.world, lambda document: suspended(document, "affiliations"))
    affiliations = {a["register"] for a in case.world.register["affiliations"]}
    for (_, before), (_, after) in zip(case.answers(), case.answers(lame), strict=True):
        if judged(before, "delivery").record in affiliations:
            assert after.verdict is not PASS


# Who and what is meant


@EXAMPLES
@given(CASES)
def test_a_name_alone_never_passes_and_never_fails(case: Case) -> None:
    names = [
        name
        for p in case.world.register["providers"]
        for name in (p["name"], *p["tradingNames"])
        if name != "..."
    ]
    given_names = [[{"scheme": "name", "value": name}] for name in [*names, "Nobody"]]
    questions = [
        {**question, "provider": named}
        for question, named in zip(case.questions, given_names, strict=False)
    ]
    for _, said in Case(case.world, questions).answers():
        assert said.verdict is CANNOT_CONFIRM
        assert judged(said, "provider").reasons[0].code == "provider_ambiguous"


@EXAMPLES
@given(CASES)
def test_a_delivering_organisation_known_by_name_alone_never_passes(case: Case) -> None:
    named = {"scheme": "name", "value": "Elm Row"}
    questions = [{**question, "deliveredBy": named} for question in case.questions]
    for _, said in Case(case.world, questions).answers():
        assert judged(said, "delivery").verdict is CANNOT_CONFIRM


@EXAMPLES
@given(CASES)
def test_an_unrelated_provider_changes_nothing_for_one_asked_by_register_id(case: Case) -> None:
    asked = [q for q in case.questions if "register" in schemes_of(q["provider"])]
    narrowed = Case(case.world, asked)
    for before, after in pairs(narrowed, with_records(case.world, **unrelated())):
        assert before == after


def schemes_of(identifiers: Json | list[Json]) -> set[str]:
    return {i["scheme"] for i in (identifiers if isinstance(identifiers, list) else [identifiers])}


@EXAMPLES
@given(CASES)
def test_an_unknown_trainer_another_providers_and_a_wrong_family_name_look_alike(
    case: Case,
) -> None:
    def named(document: Json) -> None:
        for record in document["authorisations"]:
            record["familyName"] = "Rightly"

    world = with_records(changed(case.world, named), **unrelated())
    index = index_of_world(world)
    for question in case.questions:
        if "trainer" in question and "unrelated" not in str(question["provider"]):
            of_nobody = {"scheme": "register", "value": "nobody"}
            of_another = {"scheme": "register", "value": "tr-else"}
            misnamed = {**question["trainer"], "familyName": "Wrongly"}
            answers = [
                ask(world, index, {**question, "trainer": trainer})
                for trainer in (of_nobody, of_another, misnamed)
            ]
            assert answers[0] == answers[1] == answers[2]


def rewritten(value: Any, how: Callable[[str, str], str]) -> Any:
    """Return a question with every identifier, title and family name written another way."""
    if isinstance(value, list):
        return [rewritten(one, how) for one in value]
    if not isinstance(value, dict):
        return value
    again = {key: rewritten(one, how) for key, one in value.items()}
    if "scheme" in value:
        again["value"] = how(value["scheme"], value["value"])
    if "familyName" in value:
        again["familyName"] = how("family name", value["familyName"])
    return again


def in_other_case(_: str, text: str) -> str:
    return text.swapcase()


def spaced(scheme: str, text: str) -> str:
    inside = text.replace(" ", "   ") if "name" in scheme or scheme == "title" else text
    return f"  {inside} "


def punctuated(scheme: str, text: str) -> str:
    return f"«{text}»…" if "name" in scheme or scheme == "title" else text


def as_a_company(scheme: str, text: str) -> str:
    return f"{text}, Ltd." if scheme in ("name", "title") else text


def zero_filled(scheme: str, text: str) -> str:
    return text.zfill(8) if scheme == "companies-house" and text.isdigit() else text


@pytest.mark.parametrize("how", [in_other_case, spaced, punctuated, as_a_company, zero_filled])
def test_how_identifiers_and_names_are_written_changes_nothing(
    how: Callable[[str, str], str],
) -> None:
    @EXAMPLES
    @given(CASES)
    def holds(case: Case) -> None:
        again = Case(case.world, [rewritten(question, how) for question in case.questions])
        for (_, one), (_, other) in zip(case.answers(), again.answers(), strict=True):
            assert one == other

    holds()


# The same question, the same answer


@EXAMPLES
@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_records_in_a_document_changes_nothing(case: Case, rng: random.Random) -> None:
    def shuffled(document: Json) -> None:
        for kind in at_random.KINDS:
            rng.shuffle(document[kind])

    again = changed(case.world, shuffled)
    assert answers(case.answers()) == answers(case.answers(again))


@EXAMPLES
@given(CASES)
def test_asked_twice_the_answer_is_the_same(case: Case) -> None:
    assert answers(case.answers()) == answers(case.answers(replace(case.world)))


@EXAMPLES
@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_a_providers_identifiers_changes_no_verdict(
    case: Case, rng: random.Random
) -> None:
    asked = [q for q in case.questions if isinstance(q["provider"], list)]
    turned = [{**q, "provider": rng.sample(q["provider"], len(q["provider"]))} for q in asked]
    for (_, one), (_, other) in zip(
        Case(case.world, asked).answers(), Case(case.world, turned).answers(), strict=True
    ):
        assert brief(one) == brief(other)


def answers(given_answers: Iterable[tuple[Json, Judgement]]) -> list[Judgement]:
    return [judgement for _, judgement in given_answers]
