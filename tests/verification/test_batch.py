"""Many questions at once: each row answered and kept, in order, whoever sends slowly, reads late or goes away."""

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.problems import problem_of
from tests.register.documents import whole
from tests.service import Service
from trivet.verification import batch_api
from trivet.verification.batch_api import AT_ONCE
from trivet.verification.receipts import BatchReceipt, verify_any_receipt, verify_receipt

JSON, NDJSON, CSV = "application/json", "application/x-ndjson", "text/csv"
BATCH = "/v1/verifications/batch"
PROVIDER = {"scheme": "register", "value": "heron"}
QUESTION: dict[str, Any] = {
    "provider": PROVIDER,
    "programme": {"scheme": "register", "value": "heron-1"},
    "deliveredOn": "2026-03-12",
}


def lines(*rows: Any) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def numbered(count: int) -> list[dict[str, Any]]:
    return [{**QUESTION, "reference": f"PO-{n}"} for n in range(1, count + 1)]


@pytest.fixture
async def key(service: Service) -> str:
    await service.publish(whole())
    return await service.key()


async def send(
    service: Service,
    key: str,
    body: bytes | AsyncIterator[bytes],
    kind: str = NDJSON,
    accept: str = NDJSON,
    **headers: str,
) -> httpx.Response:
    given = {
        "Authorization": f"Bearer {key}",
        "Content-Type": kind,
        "Accept": accept,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await service.http.post(BATCH, content=body, headers=given)


def results(response: httpx.Response) -> tuple[list[Any], dict[str, Any]]:
    """Return the results of NDJSON, and the batch that ends them."""
    assert response.status_code == 200, response.text
    *rows, last = [json.loads(line) for line in response.text.splitlines()]
    return rows, last["batch"]


# ---- in and out


async def test_each_row_gets_its_result_in_order_with_its_number_and_reference(
    service: Service, key: str
) -> None:
    wrong = {**QUESTION, "reference": "odd", "nonsense": 1}
    never = {**QUESTION, "provider": {"scheme": "ods", "value": "!"}, "reference": "ill"}
    body = lines(*numbered(30), wrong, never) + b"not json\n\n" + lines(numbered(1)[0])

    rows, batch = results(await send(service, key, body))

    assert [row["row"] for row in rows] == list(range(1, 35))
    assert [row["reference"] for row in rows[:31]] == [f"PO-{n}" for n in range(1, 31)] + ["odd"]
    assert rows[30]["problem"]["errors"][0]["pointer"] == "/nonsense"
    assert rows[31]["problem"]["errors"][0]["pointer"] == "/provider/value"
    assert rows[31]["reference"] == "ill"
    assert "not JSON" in rows[32]["problem"]["detail"]
    assert rows[33]["verification"]["reference"] == "PO-1"
    counts = {name: batch[name] for name in ("state", "rows", "cannotConfirm", "problems")}
    assert counts == {"state": "complete", "rows": 34, "cannotConfirm": 31, "problems": 3}
    assert service.kept() == 31


async def test_a_row_is_answered_as_the_same_question_asked_alone(
    service: Service, key: str
) -> None:
    trainer = {"scheme": "register", "value": "nobody-1", "familyName": "Quillfeather"}
    questions = [
        QUESTION,
        {**QUESTION, "trainer": trainer},
        {**QUESTION, "deliveredOn": "2015-01-01"},
    ]

    rows, _ = results(await send(service, key, lines(*questions)))
    alone = [(await service.ask(question, key)).json() for question in questions]

    changing = ("id", "receipt", "knownAt", "checkedAt")
    for row, answer in zip(rows, alone, strict=True):
        given = row["verification"]
        letters = json.dumps(given).replace(given["id"], answer["id"])
        given = json.loads(letters)
        assert {k: v for k, v in given.items() if k not in changing} == {
            k: v for k, v in answer.items() if k not in changing
        }
    kept = await service.get(f"/v1/verifications/{rows[0]['verification']['id']}", key)
    assert kept.json() == rows[0]["verification"]
    assert b"uillfeather" not in service.held()


async def test_json_holds_the_rows_in_a_list_and_the_batch_beside_them(
    service: Service, key: str
) -> None:
    body = json.dumps({"items": numbered(3)}).encode()
    told = (await send(service, key, body, JSON, JSON)).json()
    assert [item["reference"] for item in told["items"]] == ["PO-1", "PO-2", "PO-3"]
    assert told["batch"]["rows"] == 3
    nothing = (await send(service, key, b'{"items": []}', JSON, JSON)).json()
    assert (nothing["items"], nothing["batch"]["state"]) == ([], "complete")


async def test_a_csv_file_is_read_as_spreadsheets_write_it_and_answered_in_plain_words(
    service: Service, key: str
) -> None:
    sheet = (
        "\ufeffreference,provider_scheme,provider,programme_scheme,programme,delivered_on\r\n"
        '"=1+1, ""quoted""",register,heron,register,heron-1,2026-03-12\r\n'
        ",register,heron,register,heron-1,12/03/2026\r\n"
        "short,row\r\n"
        '"over two\r\nlines",register,heron,register,heron-1,\r\n'
    )

    response = await send(service, key, sheet.encode(), CSV, CSV)

    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["verdict"] for row in rows] == [
        "cannot_confirm",
        "not_asked",
        "not_asked",
        "not_asked",
    ]
    assert rows[0]["reference"] == '\'=1+1, "quoted"'
    assert rows[0]["reasons"] == "trainer_not_named"
    assert "no trainer was named" in rows[0]["why"]
    assert "column delivered_on" in rows[1]["why"]
    assert "2 cells" in rows[2]["why"]
    assert (
        "column reference" in rows[3]["why"]
    )  # read as one cell, and no reference has a line feed
    batch = (await service.get(response.headers["Location"], key)).json()
    assert (batch["rows"], batch["problems"]) == (4, 3)


@pytest.mark.parametrize("first", "=+-@\t\r")
async def test_no_cell_of_a_result_is_a_formula(service: Service, key: str, first: str) -> None:
    if first in "\t\r":
        pytest.skip("a reference can't begin with it: refused as a control character")
    body = lines({**QUESTION, "reference": f"{first}cmd|' /C calc'!A0"})
    [row] = csv.DictReader(io.StringIO((await send(service, key, body, NDJSON, CSV)).text))
    assert row["reference"].startswith(f"'{first}")


@pytest.mark.parametrize(
    ("kind", "body", "status", "said"),
    [
        (JSON, b"[]", 400, "items"),
        (JSON, b'{"items": [], "more": 1}', 400, "items"),
        (JSON, b'{"items": ' + b"[1" + b",1" * 10_000 + b"]}", 400, "10001 items"),
        (CSV, b"", 400, "empty"),
        (CSV, b"provider,colour\n", 400, "colour"),
        ("text/plain", b"", 415, "application/x-ndjson"),
    ],
)
async def test_a_body_that_is_no_batch_is_refused_whole_and_nothing_is_kept(
    service: Service, key: str, kind: str, body: bytes, status: int, said: str
) -> None:
    response = await send(service, key, body, kind)
    assert said in problem_of(response, status)["detail"]
    assert service.kept() == 0


async def test_what_can_not_be_written_is_not_accepted(service: Service, key: str) -> None:
    problem_of(await send(service, key, lines(QUESTION), accept="image/png"), 406)


async def test_another_account_has_no_such_batch(service: Service, key: str) -> None:
    response = await send(service, key, lines(QUESTION))
    place = response.headers["Location"]
    theirs = await service.key(account="Another trust (fictional)")
    for path in (place, f"{place}/results", f"{BATCH}/bat_0", f"{BATCH}/%00"):
        problem_of(await service.get(path, theirs), 404, "not_found")
    assert (await service.get(f"{place}/results", key)).status_code == 200


# ---- proof


async def test_one_receipt_proves_what_was_asked_and_answered(service: Service, key: str) -> None:
    response = await send(service, key, lines(*numbered(60), {"nothing": 1}))

    rows, batch = results(response)

    jwks = (await service.http.get("/.well-known/jwks.json")).json()
    receipt = verify_any_receipt(batch["receipt"], jwks)
    assert isinstance(receipt, BatchReceipt)
    sent = response.content.rpartition(b'{"batch"')[0]
    assert receipt.results == f"sha256:{hashlib.sha256(sent).hexdigest()}"
    asked = service.rows("SELECT question FROM verifications ORDER BY batch_row")
    questions = "".join(f"{question}\n" for (question,) in asked) + "\n"
    assert receipt.questions == f"sha256:{hashlib.sha256(questions.encode()).hexdigest()}"
    assert (receipt.rows, receipt.cannot_confirm, receipt.problems) == (61, 60, 1)
    assert receipt.snapshot == rows[0]["verification"]["register"]["snapshot"]
    assert verify_receipt(rows[0]["verification"]["receipt"], jwks).verification
    again = await service.http.get(
        response.headers["Location"] + "/results",
        headers={"Authorization": f"Bearer {key}", "Accept": NDJSON},
    )
    assert again.content == response.content


async def test_every_row_is_answered_by_what_was_known_at_one_instant(
    service: Service, key: str
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield lines(*numbered(5))
        for _ in range(200):  # until the first rows were answered
            if service.kept() >= 5:
                break
            await asyncio.sleep(0.05)
        service.clock.now += timedelta(seconds=5)
        await service.publish(whole(providers=[], programmes=[], authorisations=[]))
        yield lines(*numbered(5))

    rows, batch = results(await send(service, key, slowly()))

    seen = {(r["verification"]["knownAt"], r["verification"]["register"]["snapshot"]) for r in rows}
    assert len(rows) == 10
    assert len(seen) == 1
    assert seen.pop()[0] == batch["knownAt"]
    later = (await service.ask(QUESTION, key)).json()
    assert later["verdict"] != rows[-1]["verification"]["verdict"] or later["reasons"] != []


# ---- repeats, interruptions, other callers


async def test_a_batch_that_is_sent_again_is_not_answered_again(service: Service, key: str) -> None:
    body = lines(*numbered(40))
    first = await send(service, key, body, Idempotency_Key="night-1")
    again = await send(service, key, body, Idempotency_Key="night-1")
    other = await send(service, key, body + lines(QUESTION), Idempotency_Key="night-1")

    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    problem_of(other, 422, "idempotency_key_reused")
    alone = {"Authorization": f"Bearer {key}", "Idempotency-Key": "night-1"}
    one = await service.http.post("/v1/verifications", json=QUESTION, headers=alone)
    problem_of(one, 422, "idempotency_key_reused")
    assert service.kept() == 40


async def test_a_batch_that_broke_off_is_begun_anew_under_the_same_key(
    service: Service, key: str
) -> None:
    class CutOff(Exception):
        pass

    async def cut_off() -> AsyncIterator[bytes]:
        yield lines(*numbered(30))
        for _ in range(200):
            if service.kept() >= 30:
                break
            await asyncio.sleep(0.05)
        raise CutOff

    if not service.in_two_processes:
        pytest.skip("a connection that breaks needs a socket")
    with pytest.raises(CutOff):
        await send(service, key, cut_off(), Idempotency_Key="night-1")

    async def broken_off() -> bool:
        return ("broken_off",) in service.rows("SELECT state FROM batches")

    await _until(broken_off)
    rows, batch = results(await send(service, key, lines(*numbered(30)), Idempotency_Key="night-1"))
    assert (len(rows), batch["state"]) == (30, "complete")


async def _until(condition: Callable[[], Any]) -> None:
    for _ in range(400):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come about in time")


async def test_who_sends_all_before_reading_anything_is_answered_in_full(
    service: Service, key: str
) -> None:
    """The results are larger than all that sockets hold: they wait in the database, not in each other's way."""
    rows, batch = results(await send(service, key, lines(*numbered(1500))))
    assert [row["row"] for row in rows] == list(range(1, 1501))
    assert batch["rows"] == 1500


async def test_others_are_answered_while_a_batch_runs(service: Service, key: str) -> None:
    running = asyncio.create_task(send(service, key, lines(*numbered(600))))
    waited = []
    loop = asyncio.get_running_loop()
    while not running.done():
        began = loop.time()
        assert (await service.ask(QUESTION, key)).status_code == 200
        waited.append(loop.time() - began)
    results(await running)
    assert len(waited) > 3, "nobody was answered meanwhile"


async def test_rows_about_unknown_trainers_are_counted_as_questions_asked_alone_are(
    service: Service, key: str
) -> None:
    await service.running.set(unknown_trainers_per_day=3)
    guesses: Iterable[dict[str, Any]] = (
        {**QUESTION, "trainer": {"scheme": "register", "value": f"guess-{n % 8}"}}
        for n in range(16)
    )

    rows, batch = results(await send(service, key, lines(*guesses)))

    answered = [row["row"] for row in rows if "verification" in row]
    assert answered == [1, 2, 3, 9, 10, 11]
    assert {r["problem"]["code"] for r in rows if "problem" in r} == {"unknown_trainers_spent"}
    assert batch["problems"] == 10
    assert service.rows("SELECT asked, unknown, refused FROM unknown_trainers") == [(6, 3, 10)]


async def test_a_test_key_s_rows_are_answered_from_the_sandbox(service: Service, key: str) -> None:
    test = await service.key(test=True)
    sandbox = {
        "provider": {"scheme": "certificate", "value": "SANDBOX-0001"},
        "programme": {"scheme": "register", "value": "heron-1"},
    }
    rows, _ = results(await send(service, test, lines(sandbox, QUESTION)))
    live, _ = results(await send(service, key, lines(QUESTION)))
    assert rows[1]["verification"]["verdict"] == "fail"
    assert live[0]["verification"]["verdict"] == "cannot_confirm"
    problem_of(await service.get(f"{BATCH}/{'bat_0'}", test), 404)


@pytest.mark.in_process("the places are of one process")
async def test_a_key_has_so_many_batches_at_once_and_takes_no_other_key_s_places(
    service: Service, key: str
) -> None:
    sent_all = asyncio.Event()

    async def held_open() -> AsyncIterator[bytes]:
        yield lines(*numbered(3))
        await sent_all.wait()
        yield lines(*numbered(3))

    running = [asyncio.create_task(send(service, key, held_open())) for _ in range(AT_ONCE)]

    async def begun() -> bool:
        return service.kept() == AT_ONCE * 3

    await _until(begun)
    one_more = await send(service, key, lines(QUESTION))
    other = await send(service, await service.key(), lines(QUESTION))
    sent_all.set()
    ended = await asyncio.gather(*running)

    assert problem_of(one_more, 429, "too_many_batches")
    assert one_more.headers["Retry-After"] == "10"
    assert results(other)[1]["state"] == "complete"
    assert [results(response)[1]["rows"] for response in ended] == [6] * AT_ONCE
    assert (await send(service, key, lines(QUESTION))).status_code == 200


@pytest.mark.in_process("the patience is set in this process")
async def test_a_batch_of_which_nothing_more_comes_is_broken_off_and_what_came_is_kept(
    service: Service, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_api, "_PATIENCE", 0.2)

    async def silent() -> AsyncIterator[bytes]:
        yield lines(*numbered(3))
        await asyncio.Event().wait()

    running = asyncio.create_task(send(service, key, silent()))

    async def broken_off() -> bool:
        return service.rows("SELECT state, rows FROM batches") == [("broken_off", 3)]

    await _until(broken_off)
    running.cancel()
    assert service.kept() == 3
    assert (await send(service, key, lines(QUESTION))).status_code == 200
