"""What is answered over HTTP, how it is kept and found again, and what that costs the database."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from tests.databases import by_column
from tests.service import Service
from trivet.access.keys import Scope

PASS: dict[str, Any] = {
    "provider": {"scheme": "certificate", "value": "EX-0001"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
}
FAIL = PASS | {"programme": {"scheme": "register", "value": "ch-3"}}
CANNOT_CONFIRM = {name: PASS[name] for name in ("provider", "programme", "deliveredOn")}
ELEMENTS = ["body", "provider", "programme", "trainer", "delivery"]
MEMBERS = {
    "id": str,
    "verdict": str,
    "elements": list,
    "reasons": list,
    "candidates": list,
    "nextSteps": list,
    "requirement": dict,
    "caveats": list,
    "deliveredOn": str,
    "knownAt": str,
    "reference": (str, type(None)),
    "purpose": str,
    "register": dict,
    "checkedAt": str,
    "receipt": str,
}
ELEMENT = {
    "element": str,
    "verdict": str,
    "reasons": list,
    "record": (str, type(None)),
    "validFrom": (str, type(None)),
    "validTo": (str, type(None)),
    "provenance": (str, type(None)),
    "derived": bool,
}
REASON = {
    "code": str,
    "element": (str, type(None)),
    "rule": str,
    "text": str,
    "source": str,
    "params": dict,
}
REQUIREMENT = {"basis": str, "text": str, "source": str, "from": (str, type(None))}
REGISTER = {"snapshot": str, "digest": str, "asOf": str, "stale": bool, "sources": list}
SOURCE = {"source": str, "asOf": str, "stale": bool}
CANDIDATE = {"element": str, "register": str, "name": str}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
async def key(service: Service, register: dict[str, Any]) -> str:
    """A key to ask with; what was mirrored is the register of the labelled cases."""
    await service.publish(register)
    return await service.key()


async def get(service: Service, path: str, key: str, **headers: str) -> httpx.Response:
    return await service.http.get(path, headers={"Authorization": f"Bearer {key}"} | headers)


async def answer_to(service: Service, question: dict[str, Any], key: str) -> dict[str, Any]:
    response = await service.ask(question, key)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def has(told: dict[str, Any], members: dict[str, Any]) -> None:
    """See that an object has exactly these members, of these types."""
    assert told.keys() == members.keys()
    for name, kind in members.items():
        assert isinstance(told[name], kind), name


@pytest.mark.parametrize(
    ("question", "verdict"),
    [(PASS, "pass"), (FAIL, "fail"), (CANNOT_CONFIRM, "cannot_confirm")],
    ids=["pass", "fail", "cannot confirm"],
)
async def test_an_answer_has_every_member_of_the_contract(
    question: dict[str, Any], verdict: str, service: Service, key: str
) -> None:
    answer = await answer_to(service, question, key)

    has(answer, MEMBERS)
    assert answer["verdict"] == verdict
    assert re.fullmatch(r"ver_[0-9a-f]{32}", answer["id"])
    assert INSTANT.fullmatch(answer["checkedAt"])
    assert [element["element"] for element in answer["elements"]] == ELEMENTS
    for element in answer["elements"]:
        has(element, ELEMENT)
        assert element["verdict"] in ("pass", "fail", "cannot_confirm")
        assert set(element["reasons"]) <= {reason["code"] for reason in answer["reasons"]}
        assert bool(element["reasons"]) is (element["verdict"] != "pass")
    for reason in answer["reasons"]:
        has(reason, REASON)
        assert re.fullmatch(r"R\d+", reason["rule"].split(",")[0])
    has(answer["requirement"], REQUIREMENT)
    has(answer["register"], REGISTER)
    for source in answer["register"]["sources"]:
        has(source, SOURCE)
        assert INSTANT.fullmatch(source["asOf"])
    for step in answer["nextSteps"]:
        assert {"code", "text"} <= step.keys() <= {"code", "text", "contact", "url", "letter"}
        assert None not in step.values()
    assert bool(answer["nextSteps"]) is (verdict != "pass")


async def test_what_is_known_is_known_now_unless_asked_of_before(
    service: Service, key: str
) -> None:
    now = await answer_to(service, PASS, key)
    before = await answer_to(service, PASS | {"knownAt": "2026-01-01T10:00:00+01:00"}, key)

    assert now["knownAt"] == now["checkedAt"]
    assert before["knownAt"] == "2026-01-01T09:00:00Z"
    assert [reason["code"] for reason in before["reasons"]] == ["known_at_before_first_snapshot"]
    assert before["verdict"] == "cannot_confirm"


async def test_an_answer_is_read_again_as_it_was_given(service: Service, key: str) -> None:
    asked = await service.ask(PASS | {"reference": "PO-1234 é \U0001f986"}, key)

    assert asked.headers["Location"] == f"/v1/verifications/{asked.json()['id']}"
    again = await get(service, asked.headers["Location"], key)
    assert again.status_code == 200
    assert again.content == asked.content


async def test_an_answer_stays_what_it_was_when_the_register_moves_on(
    service: Service, key: str, register: dict[str, Any]
) -> None:
    asked = await service.ask(PASS, key)
    register["authorisations"][0]["periods"][0]["to"] = "2026-01-01"
    await service.publish(register)

    assert (await get(service, asked.headers["Location"], key)).content == asked.content
    assert (await answer_to(service, PASS, key))["verdict"] == "fail"


async def test_an_answer_names_the_snapshot_that_it_rests_on(service: Service, key: str) -> None:
    register = (await get(service, "/v1/register", key)).json()
    told = (await answer_to(service, PASS, key))["register"]

    assert {name: told[name] for name in ("snapshot", "digest", "asOf", "stale")} == {
        name: register[name] for name in ("snapshot", "digest", "asOf", "stale")
    }
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", told["digest"])


async def test_the_same_question_twice_is_two_verifications(service: Service, key: str) -> None:
    one, two = [await answer_to(service, PASS, key) for _ in range(2)]

    assert one.pop("id") != two.pop("id")
    assert one.pop("receipt") != two.pop("receipt")
    assert one == two


@pytest.mark.parametrize(
    ("now", "today"),
    [
        ("2026-07-01T22:59:59", "2026-07-01"),
        ("2026-07-01T23:00:00", "2026-07-02"),
        ("2026-12-01T23:59:59", "2026-12-01"),
        ("2026-12-02T00:00:00", "2026-12-02"),
    ],
)
async def test_the_day_is_today_in_london_unless_told(
    now: str, today: str, service: Service, register: dict[str, Any]
) -> None:
    service.clock.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    register["publishedAt"] = "2026-06-01T09:00:00Z"
    await service.publish(register)
    key = await service.key()
    question = {name: PASS[name] for name in ("provider", "programme", "trainer")}

    answer = await answer_to(service, question, key)

    assert answer["deliveredOn"] == today
    assert answer["checkedAt"] == f"{now}Z"


async def test_what_was_given_comes_back_and_the_rest_is_the_key_s(
    service: Service, key: str
) -> None:
    bare = await answer_to(service, PASS, key)
    full = await answer_to(service, PASS | {"reference": "PO-1", "purpose": "audit"}, key)

    assert (bare["reference"], bare["purpose"]) == (None, "order")
    assert (full["reference"], full["purpose"]) == ("PO-1", "audit")


async def test_white_space_around_an_identifier_is_nothing(service: Service, key: str) -> None:
    question = copy.deepcopy(PASS)
    for part in ("provider", "programme", "trainer"):
        question[part]["value"] = f"  {question[part]['value']}\u00a0"

    assert (await answer_to(service, question, key))["verdict"] == "pass"


EVIDENCE = ("membership", "aligned", "legacy_scheme", "train_the_trainer", "application")


async def test_evidence_is_answered_beside_any_verdict_but_a_pass(
    service: Service, key: str
) -> None:
    offered = {"evidence": ["certificate", *EVIDENCE]}

    for question in (FAIL, CANNOT_CONFIRM):
        bare = await answer_to(service, question, key)
        told = await answer_to(service, question | offered, key)

        added = [reason for reason in told["reasons"] if reason not in bare["reasons"]]
        assert {reason["code"] for reason in added} == {
            f"{evidence}_is_not_certification" for evidence in EVIDENCE
        }
        assert [reason["element"] for reason in added] == [None] * len(EVIDENCE)
        assert told["verdict"] == bare["verdict"]
        assert told["elements"] == bare["elements"]
    assert (await answer_to(service, PASS | offered, key))["reasons"] == []


async def test_evidence_never_makes_a_pass(service: Service, key: str) -> None:
    for question in (FAIL, CANNOT_CONFIRM):
        answer = await answer_to(service, question | {"evidence": ["certificate"]}, key)

        assert answer["verdict"] != "pass"


def said(answer: dict[str, Any], words: str) -> bool:
    return any(words in caveat for caveat in answer["caveats"])


async def test_every_answer_says_that_the_mirror_is_unofficial(service: Service, key: str) -> None:
    for question in (PASS, FAIL, CANNOT_CONFIRM):
        assert said(await answer_to(service, question, key), "unofficial mirror")


async def test_a_pass_says_that_it_is_of_training_and_not_of_practice(
    service: Service, key: str
) -> None:
    assert said(await answer_to(service, PASS, key), "practice in the service is good")
    assert not said(await answer_to(service, FAIL, key), "practice in the service is good")


async def test_a_pass_ahead_says_that_it_is_as_recorded_now(service: Service, key: str) -> None:
    service.clock.now = datetime(2026, 3, 12, 12, tzinfo=UTC)
    ahead = await answer_to(service, PASS | {"deliveredOn": "2026-03-13"}, key)
    on_the_day = await answer_to(service, PASS, key)
    ahead_and_failed = await answer_to(service, FAIL | {"deliveredOn": "2026-03-13"}, key)

    assert ahead["verdict"] == on_the_day["verdict"] == "pass"
    assert said(ahead, "as recorded now")
    assert not said(on_the_day, "as recorded now")
    assert not said(ahead_and_failed, "as recorded now")


async def test_an_assumed_end_is_said_to_be_assumed(service: Service, key: str) -> None:
    question = PASS | {
        "provider": {"scheme": "ods", "value": "RX9"},
        "programme": {"scheme": "register", "value": "nv-1"},
        "trainer": {"scheme": "authorisation", "value": "AU-4"},
    }
    answer = await answer_to(service, question, key)

    assert answer["verdict"] == "pass"
    assert [e["element"] for e in answer["elements"] if e["derived"]] == ["provider"]
    assert said(answer, "are assumed")
    assert not said(await answer_to(service, PASS, key), "are assumed")


async def test_a_required_certification_is_told_with_who_requires_it(
    service: Service, key: str
) -> None:
    scope = {"setting": "mental_health_unit", "nation": "england"}
    required = (await answer_to(service, PASS | {"scope": scope}, key))["requirement"]
    unknown = (await answer_to(service, PASS, key))["requirement"]
    of_its_own = await get(
        service,
        "/v1/requirements?setting=mental_health_unit&nation=england&on=2026-03-12",
        key,
    )

    assert required["basis"] == "mandatory"
    assert required == of_its_own.json()
    assert unknown["basis"] == "unknown"


async def test_an_asked_scope_is_an_element_and_an_unasked_one_is_none(
    service: Service, key: str
) -> None:
    asked = await answer_to(service, PASS | {"scope": {"nation": "england"}}, key)
    nothing = await answer_to(service, PASS | {"scope": {}}, key)

    assert [element["element"] for element in asked["elements"]] == [*ELEMENTS, "scope"]
    assert [element["element"] for element in nothing["elements"]] == ELEMENTS


async def test_an_ambiguous_organisation_is_told_with_candidates(
    service: Service, key: str
) -> None:
    question = PASS | {"provider": {"scheme": "name", "value": "Calm Harbor Training"}}
    answer = await answer_to(service, question, key)

    assert answer["verdict"] == "cannot_confirm"
    assert answer["candidates"]
    for candidate in answer["candidates"]:
        has(candidate, CANDIDATE)
        assert candidate["element"] == "provider"


NO_TRAINERS: list[dict[str, Any]] = [
    {"scheme": "authorisation", "value": "AU-999"},
    {"scheme": "authorisation", "value": "AU-4"},
    {"scheme": "authorisation", "value": "AU-1", "familyName": "Quillfeather"},
    {"scheme": "authorisation", "value": "au-5", "familyName": "Evans"},
    {"scheme": "register", "value": "tr-999"},
    {"scheme": "register", "value": "tr-4"},
    {"scheme": "register", "value": "tr-1", "familyName": "Quillfeather"},
    {"scheme": "register", "value": "tr"},
    {"scheme": "register", "value": "AU-1"},
]


async def test_trainers_who_are_none_of_this_provider_s_look_alike(
    service: Service, key: str
) -> None:
    answers = set()
    for trainer in NO_TRAINERS:
        response = await service.ask(PASS | {"trainer": trainer}, key)
        answer = response.json()
        assert [reason["code"] for reason in answer["reasons"]] == ["trainer_not_authorised"]
        assert answer["candidates"] == []
        assert f'"{trainer["value"]}"' not in response.text
        # The receipt is signed over the question, which names the trainer asked about, and the letter quotes it.
        letter = [s["letter"]["body"] for s in answer["nextSteps"] if "letter" in s]
        assert all(trainer["value"] in body for body in letter)
        own = (answer["id"].encode(), answer["receipt"].encode())
        rest = response.content.replace(own[0], b"").replace(own[1], b"")
        answers.add(re.sub(rb"Trainer: [^\\]*", b"", rest))

    assert len(answers) == 1


async def test_a_trainer_is_never_a_candidate(service: Service, key: str) -> None:
    for trainer in NO_TRAINERS:
        for provider in ({"scheme": "name", "value": "Calm"}, PASS["provider"]):
            question = PASS | {"trainer": trainer, "provider": provider}
            candidates = (await answer_to(service, question, key))["candidates"]

            assert "trainer" not in {candidate["element"] for candidate in candidates}


def writings(name: str) -> set[str]:
    """Return the ways in which a name could have been written down."""
    return {name, name.upper(), name.casefold(), ascii(name)[1:-1]}


async def test_a_family_name_is_left_nowhere(
    service: Service, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("Quillfeather", "ÖZDEMİR-Žižek", "O'Neill-Brightwater")
    for name in names:
        trainer = {"scheme": "authorisation", "value": "AU-1", "familyName": name}
        response = await service.ask(PASS | {"trainer": trainer, "reference": "PO-77"}, key)
        assert response.status_code == 200
        assert not any(written in response.text for written in writings(name))

    held = service.held()
    listed = (await get(service, "/v1/verifications", key)).text
    assert held.count(b"PO-77") >= len(names)
    for written in set.union(*map(writings, names)):
        assert not any(written.encode(encoding) in held for encoding in ("utf-8", "utf-16-le"))
        assert written not in listed
        assert written not in caplog.text


async def test_a_family_name_that_matches_is_not_kept_with_the_answer(
    service: Service, key: str
) -> None:
    trainer = {"scheme": "authorisation", "value": "AU-1", "familyName": "O'Neill"}
    answer = await answer_to(service, PASS | {"trainer": trainer}, key)
    assert answer["verdict"] == "pass"

    (row,) = kept(service)

    assert row["id"] == answer["id"]
    assert "AU-1" in row["question"]
    for written in writings("O'Neill"):
        assert not any(written in str(cell) for cell in row)


def kept(service: Service) -> list[dict[str, Any]]:
    """Return the verifications as the database has them."""
    return by_column(service.settings.database_url, "SELECT * FROM verifications")


@contextmanager
def statements_of(service: Service) -> Iterator[list[str]]:
    """Gather the statements that are sent to the database on behalf of what is asked meanwhile.

    The service looks for new snapshots beside that; those looks are not of the asker's context.
    """
    asking: ContextVar[bool] = ContextVar("asking", default=False)
    sent: list[str] = []
    engine = service.app.state.engine.sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if asking.get():
            sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    token = asking.set(True)
    yield sent
    asking.reset(token)
    event.remove(engine, "before_cursor_execute", note)


def told_apart(statements: list[str]) -> list[str]:
    """Return what each statement does to which table, transactions apart."""
    table = re.compile(
        r"(SELECT) .* FROM (\w+)|(INSERT) INTO (\w+)|(UPDATE) (\w+)|(DELETE) FROM (\w+)"
    )
    apart = [s for s in statements if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    return [" ".join(filter(None, m.groups())) if (m := table.match(s)) else s for s in apart]


ANSWERED = [
    "SELECT keys",
    "SELECT snapshots",  # is there a newer one, was anybody erased? Asked in the transaction that keeps the answer
    "INSERT verifications",
]
WITH_TRAINER = [
    *ANSWERED[:2],
    "SELECT unknown_trainers",  # what has the key asked today?
    "SELECT verifications",  # was this trainer asked about before?
    *ANSWERED[2:],
    "INSERT unknown_trainers",  # the count of the day; from the second question on it is an UPDATE
]


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        (PASS, WITH_TRAINER),
        (FAIL, WITH_TRAINER),
        (CANNOT_CONFIRM, ANSWERED),
        *((PASS | {"trainer": trainer}, WITH_TRAINER) for trainer in NO_TRAINERS),
    ],
    ids=["pass", "fail", "no trainer named", *(f"no such trainer {i}" for i in range(9))],
)
async def test_a_verification_reads_the_key_and_writes_the_answer_and_that_is_all(
    question: dict[str, Any], statements: list[str], service: Service, key: str
) -> None:
    with statements_of(service) as sent:
        response = await service.ask(question, key)
    with statements_of(service) as sent_again:
        await service.ask(question, key)

    assert response.status_code == 200
    assert told_apart(sent) == statements
    assert told_apart(sent_again) == [
        s.replace("INSERT unknown", "UPDATE unknown") for s in statements
    ]
    assert [s.split()[:2] for s in sent if s.startswith("BEGIN")] == [
        ["BEGIN"],
        ["BEGIN", "IMMEDIATE"],
    ]


async def test_a_question_that_can_not_be_asked_writes_nothing(service: Service, key: str) -> None:
    with statements_of(service) as sent:
        assert (await service.ask(PASS | {"reference": ""}, key)).status_code == 400

    assert told_apart(sent) == ["SELECT keys", "SELECT snapshots"]


async def test_reading_again_is_one_more_statement(service: Service, key: str) -> None:
    location = (await service.ask(PASS, key)).headers["Location"]
    for path in (location, "/v1/verifications?reference=x&verdict=pass"):
        with statements_of(service) as sent:
            assert (await get(service, path, key)).status_code == 200

        assert told_apart(sent) == ["SELECT keys", "SELECT verifications"]


async def test_a_question_about_providers_is_answered_from_memory(
    service: Service, key: str
) -> None:
    for path in ("/v1/providers?query=calm", "/v1/providers/calm-harbour"):
        with statements_of(service) as sent:
            assert (await get(service, path, key)).status_code == 200

        assert told_apart(sent) == ["SELECT keys"]


async def test_what_is_kept_tells_who_asked_and_what_for(service: Service, key: str) -> None:
    await service.ask(PASS | {"reference": "PO-1", "purpose": "award"}, key)

    (row,) = kept(service)

    assert row["key"] == key.split("_")[2]
    assert (row["reference"], row["purpose"], row["verdict"]) == ("PO-1", "award", "pass")
    assert row["delivered_on"] == "2026-03-12"
    assert "tr-1" not in row["person"]


async def walk(service: Service, key: str, query: str, limit: int) -> list[list[dict[str, Any]]]:
    """Return the pages of a list, asking something new between one and the next."""
    pages, cursor = [], ""
    while cursor is not None:
        page = (await get(service, f"/v1/verifications?limit={limit}{query}{cursor}", key)).json()
        assert page.keys() == {"items", "nextCursor"}
        pages.append(page["items"])
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"
        await service.ask(PASS | {"reference": "meanwhile"}, key)
    return pages


async def test_a_long_list_is_walked_whole_while_more_is_asked(service: Service, key: str) -> None:
    asked = []
    for i in range(120):
        question = (PASS, FAIL, CANNOT_CONFIRM)[i % 3] | {"reference": f"PO-{i % 2}"}
        asked.append(await answer_to(service, question, key))
    newest = asked[::-1]

    pages = await walk(service, key, "", 50)
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [item for page in pages for item in page] == newest

    for query, wanted in {
        "&reference=PO-1": [a for a in newest if a["reference"] == "PO-1"],
        "&verdict=fail": [a for a in newest if a["verdict"] == "fail"],
        "&verdict=pass&reference=PO-0": [
            a for a in newest if (a["verdict"], a["reference"]) == ("pass", "PO-0")
        ],
        "&reference=PO": [],
    }.items():
        assert [item for page in await walk(service, key, query, 7) for item in page] == wanted


async def test_a_page_that_is_just_full_is_the_last(service: Service, key: str) -> None:
    for _ in range(4):
        await service.ask(PASS, key)

    page = (await get(service, "/v1/verifications?limit=4", key)).json()

    assert len(page["items"]) == 4
    assert page["nextCursor"] is None


async def test_a_page_is_of_fifty_unless_told(service: Service, key: str) -> None:
    for _ in range(52):
        await service.ask(PASS, key)

    assert len((await get(service, "/v1/verifications", key)).json()["items"]) == 50
    assert len((await get(service, "/v1/verifications?limit=200", key)).json()["items"]) == 52


async def test_providers_are_walked_page_by_page(service: Service, key: str) -> None:
    found, cursor = [], ""
    while cursor is not None:
        page = (await get(service, f"/v1/providers?limit=2{cursor}", key)).json()
        found += page["items"]
        cursor = page["nextCursor"] and f"&cursor={page['nextCursor']}"

    assert found == (await get(service, "/v1/providers", key)).json()["items"]
    assert len(found) == 6
    assert [each["register"] for each in found] == sorted(each["register"] for each in found)


async def test_no_list_names_a_trainer(
    service: Service, key: str, register: dict[str, Any]
) -> None:
    wide = await service.key(*Scope)
    paths = ("/v1/register", "/v1/providers?limit=200", "/v1/providers/calm-harbour")
    over_time = [f"/v1/register/{of}" for of in ("snapshots", "changes", "contradictions")]
    for path in (*paths, *over_time):
        text = (await get(service, path, wide)).text
        for authorisation in register["authorisations"]:
            assert f'"{authorisation["register"]}"' not in text
            assert f'"{authorisation["trainer"]}"' not in text


async def test_every_reason_that_is_given_is_listed(service: Service, key: str) -> None:
    listed = {
        reason["code"]: reason
        for reason in (await get(service, "/v1/reasons", key)).json()["items"]
    }

    for question in (FAIL, CANNOT_CONFIRM, PASS | {"provider": {"scheme": "ods", "value": "ZZZ"}}):
        for reason in (await answer_to(service, question, key))["reasons"]:
            same = ("rule", "text", "source")
            assert {n: reason[n] for n in same} == {n: listed[reason["code"]][n] for n in same}


async def test_a_provider_stands_differently_on_different_days(service: Service, key: str) -> None:
    states = {}
    for day in (date(2022, 12, 31), date(2026, 1, 31), date(2026, 2, 1), date(2026, 9, 1)):
        provider = (await get(service, f"/v1/providers/willow-gate?on={day}", key)).json()
        assert provider["on"] == day.isoformat()
        states[day.isoformat()] = provider["standing"]["state"]

    assert states == {
        "2022-12-31": "not_yet",
        "2026-01-31": "in_force",
        "2026-02-01": "suspended",
        "2026-09-01": "withdrawn",
    }
