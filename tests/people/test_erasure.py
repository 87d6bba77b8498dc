"""An erased person is forgotten at every instant and by every process, and all that was signed still proves."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.databases import breaking
from tests.people.keeping import (
    KEY,
    about,
    answer_to,
    erase,
    gone,
    in_own_process,
    listed,
    of_trainer,
    register,
)
from tests.problems import problem_of
from tests.register.documents import authorisation, in_force, provider
from tests.register.test_mirror import dump
from tests.service import PROFILE, Service
from trivet.database import clear_journal, connect
from trivet.people import erasure
from trivet.people.erasure import NotNamed
from trivet.register.changes import register_digest
from trivet.register.current import CurrentRegister
from trivet.register.erasures import list_acts
from trivet.register.index import Index
from trivet.register.store import load_snapshot, snapshots
from trivet.verification.receipts import verify_receipt

NOT_CONFIRMED = ("cannot_confirm", ["trainer_not_confirmed"])
NAMES = [
    ("dunnock-1", "register"),
    ("AU-dunnock", "authorisation"),
    ("AU-dunnock-2", "authorisation"),
]


def ended(day: str, **fields: Any) -> dict[str, Any]:
    return register(
        authorisations=[
            authorisation("AU-dunnock", trainer="dunnock-1", periods=in_force("2024-01-01", day)),
            authorisation("AU-robin", trainer="robin-1", familyName="Robin"),
        ],
        **fields,
    )


HISTORY = [
    register(),
    ended("2026-11-01"),  # AU-dunnock changes, AU-dunnock-2 is delisted
    register(),  # and as before again
    ended("2026-12-01", providers=[provider(name="Renamed (fictional)"), provider("egret")]),
]


async def live_through(service: Service, history: list[dict[str, Any]] = HISTORY) -> None:
    for written in history:
        service.clock.now += timedelta(days=1)
        await service.publish(written)


def published_at(service: Service) -> list[str]:
    """Return the instants at which the snapshots were published."""
    published = service.rows("SELECT published_at FROM snapshots ORDER BY number")
    return [f"{at.replace(' ', 'T')}Z" for (at,) in published]


async def recomputed(service: Service) -> dict[str, tuple[str, str]]:
    """Return each snapshot's digest as it was published and as it is made of what is kept."""

    async def act(connection: AsyncConnection) -> dict[str, tuple[str, str]]:
        digests = {}
        for published in (await connection.execute(select(snapshots))).all():
            stated = await load_snapshot(connection, published.number)
            made = register_digest(stated.sources.values(), stated.digests.values())
            digests[published.id] = (published.digest, made)
        return digests

    return await in_own_process(service, act)


async def test_every_snapshot_s_digest_is_made_of_what_an_erasure_leaves(service: Service) -> None:
    await live_through(service)
    before = await recomputed(service)

    await erase(service, "dunnock-1")
    after = await recomputed(service)
    await service.publish(register(authorisations=[]))

    assert len(before) == len(HISTORY)
    assert all(published == made for published, made in before.values())
    assert after == before
    assert all(published == made for published, made in (await recomputed(service)).values())


# ---- what is answered


@pytest.mark.parametrize("provider", ["heron", "egret"])
@pytest.mark.parametrize(("trainer", "scheme"), NAMES)
async def test_an_erased_person_can_not_be_confirmed_by_any_name_with_any_provider_at_any_instant(
    trainer: str, scheme: str, provider: str, service: Service
) -> None:
    await live_through(service)
    key = await service.key()
    await erase(service, "Dunnock-1")

    for known_at in (*({"knownAt": at} for at in published_at(service)), {}):
        answer = await answer_to(service, about(trainer, scheme, provider), key, **known_at)
        assert of_trainer(answer) == NOT_CONFIRMED
        assert answer["verdict"] == "cannot_confirm"


async def test_with_no_such_provider_the_person_is_not_said_to_be_unauthorised(
    service: Service,
) -> None:
    await live_through(service)
    key = await service.key()
    await erase(service, "dunnock-1")

    for trainer, scheme in NAMES:
        answer = await answer_to(service, about(trainer, scheme, "nobody"), key)
        assert of_trainer(answer) == NOT_CONFIRMED
    others = await answer_to(service, about("robin-1", provider="nobody"), key)
    assert of_trainer(others) == ("fail", ["trainer_not_authorised"])


async def test_a_family_name_makes_no_difference(service: Service) -> None:
    await live_through(service)
    await erase(service, "dunnock-1")
    named = about("dunnock-1")
    named["trainer"]["familyName"] = "Dunnock"

    assert of_trainer(await answer_to(service, named, await service.key())) == NOT_CONFIRMED


def _without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what says which asking it was; its letters quote that too."""
    told = {k: v for k, v in answer.items() if k != "receipt"}
    masked: dict[str, Any] = json.loads(json.dumps(told).replace(answer["id"], "ver_"))
    return masked


async def test_nobody_else_is_answered_otherwise(service: Service) -> None:
    await live_through(service)
    key = await service.key()
    questions = [about("robin-1"), about("AU-robin", "authorisation"), about("nobody")]
    before = [await answer_to(service, question, key) for question in questions]
    await erase(service, "dunnock-1")
    after = [await answer_to(service, question, key) for question in questions]

    assert [_without_ids(a) for a in after] == [_without_ids(b) for b in before]
    assert [of_trainer(a)[0] for a in after] == ["pass", "pass", "fail"]


@pytest.mark.in_process("looks into the process that answers")
async def test_a_process_that_held_the_person_drops_every_index_that_knows_of_them(
    service: Service,
) -> None:
    await live_through(service)
    engine = connect(service.settings.database_url)
    other = CurrentRegister(engine, KEY)
    await other.refresh()
    key = await service.key()
    current: CurrentRegister = service.app.state.current
    first = published_at(service)[0]
    await answer_to(service, about("dunnock-1"), key, knownAt=first)
    stale = other.index
    assert stale is not None
    assert _references(stale) >= {"dunnock-1"}
    assert current._older

    await erase(service, "dunnock-1")

    for held in (current, other):
        assert await held.refresh()
        assert held.index is not None
        assert "dunnock-1" not in _references(held.index)
        assert held._older == {}
        assert not await held.refresh()
    other._take(stale)  # it had been read before the erasure, and was only now ready
    assert other.index is not stale
    await engine.dispose()


def _references(index: Index) -> set[str]:
    return {entry.record.trainer for entry in index.authorisations.values()}


async def test_an_answer_right_after_the_erasure_knows_of_it(service: Service) -> None:
    await live_through(service)
    key = await service.key()
    first = published_at(service)[0]
    for known_at in ({}, {"knownAt": first}):
        assert (
            of_trainer(await answer_to(service, about("dunnock-1"), key, **known_at))[0] == "pass"
        )

    await erase(service, "dunnock-1")

    for known_at in ({"knownAt": first}, {}):
        answer = await answer_to(service, about("dunnock-1"), key, **known_at)
        assert of_trainer(answer) == NOT_CONFIRMED


# ---- what is left


async def test_what_was_answered_is_gone_and_says_so_and_its_receipt_still_verifies(
    service: Service,
) -> None:
    await live_through(service)
    key = await service.key()
    asked = [await answer_to(service, about(*name), key, reference="PO-1") for name in NAMES]
    other = await answer_to(service, about("robin-1"), key)
    nobody = await answer_to(service, {**about("robin-1")} | {"purpose": "audit"}, key)

    await erase(service, "dunnock-1")

    jwks = (await service.http.get("/.well-known/jwks.json")).json()
    for given in asked:
        for path in (
            f"/v1/verifications/{given['id']}",
            f"/v1/verifications/{given['id']}/receipt",
        ):
            problem = await gone(service, path, key, "erased")
            assert given["checkedAt"][:10] in problem["detail"]
            assert problem["detail"].count("sha256:") == 2
        assert verify_receipt(given["receipt"], jwks).verification == given["id"]
    assert await listed(service, key) == [nobody["id"], other["id"]]
    left = service.rows(
        "SELECT question, answer, reference, naming, emptied_by, verdict, question_digest"
        " FROM verifications WHERE answer IS NULL",
    )
    assert len(left) == len(asked)
    for question, answer, reference, naming, emptied_by, verdict, digest in left:
        assert (question, answer, reference, naming) == (None, None, None, None)
        assert (emptied_by, verdict) == ("erasure", verdict)
        assert digest.startswith("sha256:")


async def test_another_account_is_not_told_that_something_is_gone(service: Service) -> None:
    await live_through(service)
    given = await answer_to(service, about("dunnock-1"), await service.key())
    await erase(service, "dunnock-1")
    stranger = {"Authorization": f"Bearer {await service.key(account='Stranger (fictional)')}"}

    response = await service.http.get(f"/v1/verifications/{given['id']}", headers=stranger)

    problem_of(response, 404, "not_found")


async def test_nothing_in_the_database_s_files_names_the_person(service: Service) -> None:
    await live_through(service)
    key = await service.key()
    for name in NAMES:
        await answer_to(service, about(*name), key)
    salts = [
        salt for (salt,) in service.rows("SELECT salt FROM statements WHERE key LIKE 'au-dun%'")
    ]
    hashes = service.rows(
        "SELECT DISTINCT family_name_hash FROM statements WHERE key = 'au-dunnock'"
    )
    assert salts

    await erase(service, "dunnock-1")
    assert clear_journal(service.settings.database_url)

    held = service.held()
    told = [b"dunnock", b"Dunnock", *salts, *(h.encode() for (h,) in hashes if h)]
    assert not [what for what in told if what in held]
    assert b"au-robin" in held


async def test_an_erasure_that_breaks_in_the_middle_leaves_all_as_it_was(service: Service) -> None:
    await live_through(service)
    await answer_to(service, about("dunnock-1"), await service.key())
    before = dump(service)
    for table in ("erasures", "verifications"):
        event = "INSERT" if table == "erasures" else "UPDATE"
        with (
            breaking(service.settings.database_url, event, table),
            pytest.raises(DBAPIError, match="broken"),
        ):
            await erase(service, "dunnock-1")

    assert dump(service) == before


# ---- later readings


async def test_a_later_reading_that_lists_the_person_does_not_bring_them_back(
    service: Service,
) -> None:
    guarded = PROFILE + "[guards]\nmax_shrink = 0.01\nmin_rows = { authorisations = 3 }\n"
    await service.publish(register(), guarded)
    key = await service.key()
    await erase(service, "dunnock-1")
    statements = service.rows("SELECT count(*) FROM statements")

    unchanged = await service.sync(guarded)
    changed = await service.publish(
        register(providers=[provider(name="Renamed (fictional)"), provider("egret")]), guarded
    )

    assert unchanged.fetch.outcome == "unchanged"
    assert changed.fetch.outcome == "updated"
    assert [(c.kind.value, c.register) for c in changed.changes] == [("providers", "heron")]
    assert service.rows("SELECT count(*) FROM statements") == [(statements[0][0] + 1,)]
    for name in NAMES:
        assert of_trainer(await answer_to(service, about(*name), key)) == NOT_CONFIRMED
    assert of_trainer(await answer_to(service, about("robin-1"), key))[0] == "pass"
    documents = service.rows("SELECT content, size > 0, emptied_by FROM raw_documents")
    assert documents == [(None, 1, "erasure")] * 2


async def test_a_reading_without_the_person_is_kept_whole_and_concludes_nothing_about_them(
    service: Service,
) -> None:
    await service.publish(register())
    await erase(service, "dunnock-1")

    robin = [authorisation("AU-robin", trainer="robin-1", familyName="Robin")]
    read = await service.publish(register(authorisations=robin))

    assert (read.fetch.outcome, read.changes) == ("unchanged", ())
    (content,) = service.rows(
        "SELECT content FROM raw_documents WHERE digest = ?", read.fetch.digest
    )[0]
    assert json.loads(content)["authorisations"]


async def test_a_new_number_of_the_person_is_not_somebody_unauthorised(service: Service) -> None:
    await service.publish(register())
    key = await service.key()
    await erase(service, "dunnock-1")
    anew = [authorisation("AU-anew", trainer="dunnock-1"), *register()["authorisations"][2:]]

    await service.publish(register(authorisations=anew))

    answer = await answer_to(service, about("AU-anew", "authorisation"), key)
    assert of_trainer(answer) == NOT_CONFIRMED
    assert service.rows("SELECT count(*) FROM statements WHERE key = 'au-anew'") == [(0,)]


async def test_a_new_reference_over_a_number_of_the_person_is_the_person(service: Service) -> None:
    await service.publish(register())
    key = await service.key()
    await erase(service, "dunnock-1")
    renamed = [
        authorisation("AU-dunnock", trainer="accentor-1"),
        authorisation("AU-accentor", trainer="accentor-1"),
        *register()["authorisations"][2:],
    ]

    await service.publish(register(authorisations=renamed))

    for name in (("accentor-1", "register"), ("AU-accentor", "authorisation")):
        assert of_trainer(await answer_to(service, about(*name), key)) == NOT_CONFIRMED
    assert service.rows("SELECT count(*) FROM statements WHERE key = 'au-accentor'") == [(0,)]


async def test_another_trainer_who_gets_a_number_of_the_person_keeps_their_own(
    service: Service,
) -> None:
    await service.publish(register())
    key = await service.key()
    await erase(service, "dunnock-1")
    reused = [
        authorisation("AU-dunnock", trainer="robin-1"),
        authorisation("AU-robin", trainer="robin-1", familyName="Robin"),
    ]

    await service.publish(register(authorisations=reused))

    assert of_trainer(await answer_to(service, about("robin-1"), key))[0] == "pass"
    answer = await answer_to(service, about("AU-dunnock", "authorisation"), key)
    assert of_trainer(answer) == NOT_CONFIRMED


@pytest.mark.parametrize("coverage", ["complete", "partial"])
async def test_another_s_number_that_becomes_the_person_s_is_the_other_s_no_more(
    coverage: str, service: Service
) -> None:
    covers = dict(register()["coverage"], authorisations=coverage)
    await service.publish(register() | {"coverage": covers})
    key = await service.key()
    await erase(service, "dunnock-1")
    moved = register(authorisations=[authorisation("AU-robin", trainer="dunnock-1")])
    service.clock.now += timedelta(days=1)

    await service.publish(moved | {"coverage": covers})

    today = {"deliveredOn": service.clock.now.date().isoformat()}
    for name in (("robin-1", "register"), ("AU-robin", "authorisation")):
        answer = await answer_to(service, about(*name), key, **today)
        assert of_trainer(answer) == ("cannot_confirm", ["trainer_delisted"])


async def test_a_reading_that_is_refused_is_logged_without_the_person_and_kept_by_digest(
    service: Service,
) -> None:
    await service.publish(register())
    await erase(service, "dunnock-1")
    dangling = [authorisation("AU-dunnock", trainer="dunnock-1", provider="nobody")]

    failed = await service.publish(register(authorisations=dangling))

    assert failed.failed
    assert "AU-dunnock" not in (failed.fetch.error or "")
    assert "names 'nobody'" in (failed.fetch.error or "")
    ((content, size),) = service.rows(
        "SELECT content, size FROM raw_documents WHERE digest = ?", failed.fetch.digest
    )
    assert content is None
    assert size > 0


# ---- who is meant


async def test_who_has_a_number_under_two_references_is_erased_only_if_both_are_named(
    service: Service,
) -> None:
    await service.publish(register())
    corrected = register()["authorisations"]
    corrected[0]["trainer"] = "accentor-1"
    await service.publish(register(authorisations=corrected))
    key = await service.key()

    with pytest.raises(NotNamed) as refused:
        await erase(service, "accentor-1")
    assert refused.value.references == {"dunnock-1"}
    assert of_trainer(await answer_to(service, about("accentor-1"), key))[0] == "pass"

    await erase(service, "accentor-1", "dunnock-1")
    for name in (("accentor-1", "register"), *NAMES):
        assert of_trainer(await answer_to(service, about(*name), key)) == NOT_CONFIRMED
    assert all(published == made for published, made in (await recomputed(service)).values())


async def test_what_is_held_of_a_person_is_counted_by_every_name(service: Service) -> None:
    await live_through(service)
    key = await service.key()
    asked = [await answer_to(service, about(*name), key) for name in NAMES]
    await answer_to(service, about("robin-1"), key)

    async def find(connection: AsyncConnection) -> erasure.Found:
        return await erasure.find(connection, {"dunnock-1"}, KEY)

    found = await in_own_process(service, find)
    assert found.verifications == [a["id"] for a in asked]
    assert found.person.numbers == {"au-dunnock", "au-dunnock-2"}
    assert (found.held.statements, found.held.changes) == (
        service.rows("SELECT count(*) FROM statements WHERE key LIKE 'au-dun%'")[0][0],
        service.rows("SELECT count(*) FROM changes WHERE register LIKE 'AU-dun%'")[0][0],
    )
    assert found.held.documents == 3  # the first and the third are the same bytes
    assert found.held.statements > 4

    await erase(service, "dunnock-1")
    again = await in_own_process(service, find)
    assert not again.anything
    assert again.held.documents == 0


async def test_what_was_asked_since_can_be_erased_again(service: Service) -> None:
    await service.publish(register())
    key = await service.key()
    await erase(service, "dunnock-1")
    since = [await answer_to(service, about(*name), key) for name in NAMES]

    await erase(service, "dunnock-1")

    for given in since:
        await gone(service, f"/v1/verifications/{given['id']}", key, "erased")


async def test_somebody_who_was_only_ever_asked_about_can_be_erased(service: Service) -> None:
    await service.publish(register())
    key = await service.key()
    given = await answer_to(service, about("wren-1"), key)

    await erase(service, "wren-1")

    await gone(service, f"/v1/verifications/{given['id']}", key, "erased")
    assert of_trainer(await answer_to(service, about("wren-1"), key)) == NOT_CONFIRMED


async def test_a_number_that_equals_a_reference_is_not_the_same_person(service: Service) -> None:
    same = [authorisation("7", trainer="12"), authorisation("12", trainer="40")]
    await service.publish(register(authorisations=same))
    key = await service.key()
    given = await answer_to(service, about("7"), key)

    await erase(service, "12")  # whose number is 7

    assert of_trainer(await answer_to(service, about("12", "authorisation"), key))[0] == "pass"
    assert of_trainer(await answer_to(service, about("7"), key))[0] == "fail"
    assert given["id"] in await listed(service, key)


async def test_the_erasures_tell_when_and_why_and_never_whom(service: Service) -> None:
    await service.publish(register())
    await erase(service, "dunnock-1")
    service.clock.now += timedelta(days=1)
    anew = [authorisation("AU-anew", trainer="dunnock-1")]
    await service.publish(register(authorisations=anew))
    await erase(service, "robin-1")

    acts = await in_own_process(service, list_acts)

    assert [(act.ground, act.subjects) for act in acts] == [
        ("request (fictional)", n) for n in (4, 2)
    ]
    held = str(service.rows("SELECT * FROM erasures")).casefold()
    assert not any(word in held for word in ("dunnock", "robin", "anew"))


# ---- the log of readings

CSV = """\
kind = "csv"
location = "trainers.csv"
vouched_by = "register"
max_age = "P36500D"
ends = "exclusive"

[coverage]
authorisations = "complete"

[[authorisations]]

[authorisations.fields]
register = "Number"
trainer = "Trainer"
provider = "Provider"
role = "Role"
programmes = "Programmes"
from = "From"
"""


async def read_table(service: Service, *lines: str) -> Any:
    """Read a table of trainers, in which a row without a number between 1 and 80 letters is rejected."""
    table = service.settings.sources_folder / "trainers.csv"
    table.write_text("\n".join(["Number,Trainer,Provider,Role,From,Programmes", *lines]) + "\n")
    return await service.sync(CSV, "trainers")


ROW = "AU-dunnock,dunnock-1,heron,senior,2024-01-01,all"
BAD_ROW = "AU-dunnock,dunnock-1,heron,chief,2024-01-01,all"
BAD_REFERENCE = "AU-other,dunnock-1,he ron,senior,2024-01-01,all"
OTHERS_ROW = "AU-robin,robin-1,heron,chief,2024-01-01,all"


async def test_rejected_rows_are_kept_without_the_person_before_and_after(service: Service) -> None:
    await service.publish(register())
    first = await read_table(service, BAD_ROW, OTHERS_ROW)
    assert [row["register"] for row in first.fetch.rejected] == ["AU-dunnock", "AU-robin"]

    erased = await erase(service, "dunnock-1")
    later = await read_table(service, BAD_ROW, OTHERS_ROW, "")

    assert erased.held.documents == 2
    logged = service.rows("SELECT rejected FROM fetches WHERE source = 'trainers' ORDER BY id")
    for (text,) in logged:
        assert [row["register"] for row in json.loads(text)] == [None, "AU-robin"]
        assert "dunnock" not in text
    assert [row.register for row in later.reading.rejected] == [None, "AU-robin"]
    documents = service.rows(
        "SELECT content FROM raw_documents JOIN fetches USING (digest) WHERE source = 'trainers'",
    )
    assert documents == [(None,), (None,)]


async def test_what_a_failed_reading_said_of_the_person_is_scrubbed(service: Service) -> None:
    await service.publish(register())
    dangling = [authorisation("AU-dunnock", trainer="dunnock-1", provider="nobody")]
    failed = await service.publish(register(authorisations=dangling))
    assert "AU-dunnock" in (failed.fetch.error or "")

    await erase(service, "dunnock-1")

    ((error,),) = service.rows("SELECT error FROM fetches WHERE outcome = 'failed'")
    assert "dunnock" not in error
    assert "names 'nobody'" in error


async def test_every_source_that_states_the_person_forgets_them_and_no_other_document_is_lost(
    service: Service,
) -> None:
    await service.publish(register())
    await read_table(service, ROW)
    await read_table(service, ROW, "AU-wren,wren-1,heron,senior,2024-01-01,all")
    listing = service.settings.sources_folder / "list.json"
    listing.write_text(json.dumps(register(authorisations=[])))
    await service.sync(PROFILE.replace("register.json", "list.json"), "list")
    key = await service.key()
    before = await answer_to(service, about("AU-dunnock", "authorisation"), key)
    assert of_trainer(before) == ("pass", [])

    erased = await erase(service, "dunnock-1")

    assert erased.held.documents == 3
    assert service.rows(
        "SELECT DISTINCT source FROM raw_documents JOIN fetches USING (digest) WHERE content IS NOT NULL",
    ) == [("list",)]
    answer = await answer_to(service, about("AU-dunnock", "authorisation"), key)
    assert of_trainer(answer) == NOT_CONFIRMED
    assert service.rows("SELECT count(*) FROM changes WHERE register LIKE 'AU-dun%'") == [(0,)]
    assert all(published == made for published, made in (await recomputed(service)).values())
