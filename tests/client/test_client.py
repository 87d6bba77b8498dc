"""The client and the real service, over a socket."""

import runpy
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.client.answering import PASSES, Answering
from tests.client.scripted import KEY, Scripted, answer, problem, says
from trivet_client import (
    AsyncTrivetClient,
    Forbidden,
    InvalidArgument,
    InvalidQuestion,
    NotFound,
    Retries,
    TrivetClient,
    Unauthenticated,
    UnexpectedAnswer,
    Unreachable,
    Verdict,
    __version__,
)

README = Path(__file__).parents[2] / "client" / "README.md"


@pytest.fixture
def trivet(answering: Answering) -> Iterator[TrivetClient]:
    with TrivetClient(answering.url, answering.key) as made:
        yield made


def test_certified_training_passes(trivet: TrivetClient) -> None:
    answer = trivet.verify(**PASSES)
    assert answer
    assert answer.caveats
    assert not answer.reasons


def test_a_fail_says_why_and_what_to_do(trivet: TrivetClient) -> None:
    answer = trivet.verify(
        provider="certificate:SAMPLE-0006",
        programme="register:fa-roots",
        trainer="authorisation:AUTH-11",
    )
    assert answer.failed
    assert [reason.code for reason in answer.reasons] == ["provider_withdrawn"]
    assert answer.next_steps[0].text


def test_a_doubt_is_no_permission_and_names_candidates(trivet: TrivetClient) -> None:
    answer = trivet.verify(
        provider="name:Lanternfold (fictional)", programme="register:lf-foundation"
    )
    assert answer.unconfirmed
    assert not answer
    assert "lanternfold" in [candidate.register for candidate in answer.candidates]


def test_a_family_name_is_compared(trivet: TrivetClient) -> None:
    assert trivet.verify(**PASSES, family_name="Lampwright")
    assert trivet.verify(**PASSES, family_name="Another").failed


def test_day_organisation_scope_evidence_reference_and_purpose_are_taken(
    trivet: TrivetClient,
) -> None:
    answer = trivet.verify(
        provider=["certificate:SAMPLE-0001", "ukprn:19990001"],
        programme="title:Steady Lantern Foundation",
        trainer={"scheme": "authorisation", "value": "AUTH-02"},
        delivered_on="2026-05-01",
        delivered_by=("ods", "ZZ9M1"),
        scope={"setting": "school", "nation": "scotland"},
        evidence=["membership"],
        reference="PO-everything",
        purpose="award",
    )
    assert answer.failed
    assert {reason.code for reason in answer.reasons} == {
        "outside_setting",
        "outside_nation",
        "membership_is_not_certification",
    }
    assert (answer.reference, answer.purpose.value) == ("PO-everything", "award")


def test_a_verification_can_be_read_again(trivet: TrivetClient) -> None:
    answer = trivet.verify(**PASSES)
    assert trivet.get(answer.id).document == answer.document


def test_verifications_are_listed_from_page_to_page(trivet: TrivetClient) -> None:
    asked = [trivet.verify(**PASSES, reference="PO-pages").id for _ in range(51)]
    listed = [answer.id for answer in trivet.verifications(reference="PO-pages")]
    assert listed == asked[::-1]


def test_verifications_are_listed_by_verdict(trivet: TrivetClient) -> None:
    trivet.verify(**PASSES, reference="PO-verdicts")
    failed = trivet.verify(**PASSES, family_name="Another", reference="PO-verdicts")
    listed = trivet.verifications(reference="PO-verdicts", verdict="fail")
    assert [answer.id for answer in listed] == [failed.id]
    with pytest.raises(InvalidArgument, match="verdict"):
        trivet.verifications(verdict="maybe")


def test_what_changed_is_read_on_from_where_it_was_left(trivet: TrivetClient) -> None:
    first = trivet.changes(limit=2)
    rest = trivet.changes(first.next_cursor)
    assert len(first.items) == 2
    assert rest.items
    assert not {c.id for c in first.items} & {c.id for c in rest.items}
    assert trivet.changes(rest.next_cursor).items == []
    assert all(c.kind.value != "authorisations" for c in [*first.items, *rest.items])


def test_the_register_its_providers_and_the_rules_can_be_read(trivet: TrivetClient) -> None:
    assert [source.source for source in trivet.register().sources] == ["sample"]
    assert [found.register for found in trivet.providers("lanternfold (fic")] == ["lanternfold"]
    assert len([*trivet.providers()]) == trivet.register().counts.additional_properties["providers"]
    lanternfold = trivet.provider("lanternfold", on="2026-05-01")
    mirrored = trivet.register().published_at
    assert trivet.provider("lanternfold", known_at=mirrored).register == "lanternfold"
    with pytest.raises(NotFound, match="Nothing had been mirrored"):
        next(trivet.providers(known_at=mirrored - timedelta(days=1)))
    assert "lf-foundation" in [programme.register for programme in lanternfold.programmes]
    assert "trainer_not_named" in [reason.code for reason in trivet.reasons()]
    needed = trivet.requirement(setting="mental_health_unit", nation="england", on="2026-05-01")
    assert needed.basis.value == "mandatory"


def test_what_the_service_refuses_is_raised(trivet: TrivetClient, answering: Answering) -> None:
    with pytest.raises(NotFound):
        trivet.get("ver_none")
    with pytest.raises(NotFound):
        trivet.provider("nobody")
    with pytest.raises(InvalidQuestion) as refused:
        trivet.verify(**PASSES, delivered_by="ods:?", scope={"setting": "moon"})
    assert {error.pointer for error in refused.value.errors} == {
        "/deliveredBy/value",
        "/scope/setting",
    }
    with TrivetClient(answering.url, KEY) as stranger, pytest.raises(Unauthenticated):
        stranger.verify(**PASSES)
    with TrivetClient(answering.url, answering.watching_key) as watcher, pytest.raises(Forbidden):
        watcher.verify(**PASSES)


@pytest.mark.parametrize("record", ["", " ", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_refused(record: str, trivet: TrivetClient) -> None:
    with pytest.raises(InvalidArgument):
        trivet.get(record)
    with pytest.raises(InvalidArgument):
        trivet.provider(record)


def test_another_address_of_the_service_gives_no_answer(answering: Answering) -> None:
    with (
        TrivetClient(f"{answering.url}/elsewhere", answering.key) as lost,
        pytest.raises(NotFound),
    ):
        lost.verify(**PASSES)


def test_it_says_who_it_is(scripted: Scripted, client: TrivetClient) -> None:
    scripted.will(says(answer()))
    client.verify(**PASSES)
    assert scripted.requests[0].headers["user-agent"] == f"trivet-client/{__version__}"


def test_the_readme_example_works(
    answering: Answering,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRIVET_URL", answering.url)
    monkeypatch.setenv("TRIVET_API_KEY", answering.key)
    example = tmp_path / "example.py"
    example.write_text(README.read_text().split("```python\n")[1].split("```")[0])
    runpy.run_path(str(example))
    assert capsys.readouterr().out.startswith("Certified")


async def test_the_awaited_client_answers_alike(answering: Answering) -> None:
    async with AsyncTrivetClient(answering.url, answering.key) as trivet:
        answer = await trivet.verify(**PASSES, reference="PO-awaited")
        assert answer
        assert (await trivet.get(answer.id)).document == answer.document
        listed = [item.id async for item in trivet.verifications(reference="PO-awaited")]
        assert listed == [answer.id]
        assert [found.register async for found in trivet.providers("lanternfold (fic")]
        assert (await trivet.provider("lanternfold")).programmes
        assert not (await trivet.register()).stale
        assert await trivet.reasons()
        assert (await trivet.requirement()).basis.value == "unknown"


async def test_the_awaited_client_retries_and_raises_alike(scripted: Scripted) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    patient = Retries(jitter=lambda: 1.0)
    async with AsyncTrivetClient(scripted.url, KEY, retries=patient, sleep=sleep) as trivet:
        scripted.will(problem(429, "too_many_requests", Retry_After="2"), says(answer()))
        assert await trivet.verify(**PASSES)
        assert pauses == [2.0]
        scripted.will(problem(403, "scope_missing"))
        with pytest.raises(Forbidden):
            await trivet.verify(**PASSES)
        scripted.will(says("<html></html>", kind="text/html"))
        with pytest.raises(UnexpectedAnswer):
            await trivet.verify(**PASSES)
        assert KEY not in f"{trivet!r} {vars(trivet)!r}"


async def test_the_awaited_client_knows_when_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    once = Retries(attempts=1)
    async with AsyncTrivetClient(url, KEY, retries=once) as trivet:
        with pytest.raises(Unreachable):
            await trivet.verify(**PASSES)


def test_every_word_for_a_verdict_can_be_listed_by(trivet: TrivetClient) -> None:
    for word in Verdict:
        assert isinstance([*trivet.verifications(reference="PO-nobody", verdict=word)], list)
