"""Watches from a file over HTTP: as often as one likes, and a bad row is a problem of its own row alone."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import httpx

from tests.alerts.watching import (
    PROVIDER,
    TRIPLE,
    all_watches,
    call,
    ready,
    watch,
)
from tests.problems import problem_of
from tests.service import Service
from trivet.access.keys import Scope
from trivet.alerts.bulk import COLUMNS, MOST_ROWS

HEADER = [
    "provider_scheme",
    "provider",
    "programme_scheme",
    "programme",
    "trainer_scheme",
    "trainer",
    "reference",
]
OF_HERON = ["register", "heron", "register", "heron-1", "register", "tr-1"]


def file_of(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """Return a csv file as a spreadsheet writes it."""
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    return written.getvalue().encode()


def numbered(count: int) -> bytes:
    return file_of([[*OF_HERON, f"PO-{n}"] for n in range(count)])


async def send_csv(
    service: Service, key: str, content: bytes, query: str = "", kind: str = "text/csv"
) -> httpx.Response:
    path = f"/v1/watches/batch{query}"
    return await call(service, "POST", path, key, content=content, headers={"Content-Type": kind})


async def told(service: Service, key: str, content: bytes, query: str = "") -> Any:
    response = await send_csv(service, key, content, query)
    assert response.status_code == 200, response.text
    return response.json()


def counts(answer: Any) -> dict[str, int]:
    return {
        outcome: answer[outcome]
        for outcome in ("created", "unchanged", "replaced", "refused")
        if answer[outcome]
    }


async def test_each_row_becomes_a_watch_and_says_where_it_stands(service: Service) -> None:
    key = await ready(service)

    answer = await told(service, key, numbered(30))

    assert counts(answer) == {"created": 30}
    assert [row["row"] for row in answer["items"]] == [*range(1, 31)]
    assert [row["reference"] for row in answer["items"]] == [f"PO-{n}" for n in range(30)]
    assert {row["verdict"] for row in answer["items"]} == {"pass"}
    kept = {w["reference"]: w["id"] for w in await all_watches(service, key)}
    assert kept == {row["reference"]: row["watch"] for row in answer["items"]}


async def test_the_same_file_can_be_sent_as_often_as_one_likes(service: Service) -> None:
    key = await ready(service)
    first = await told(service, key, numbered(3))
    again = await told(service, key, numbered(4))
    assert counts(again) == {"unchanged": 3, "created": 1}
    assert [r["watch"] for r in again["items"][:3]] == [r["watch"] for r in first["items"]]


async def test_json_and_csv_say_the_same(service: Service) -> None:
    key = await ready(service)
    by_csv = await told(service, key, numbered(2))
    items = [{**TRIPLE, "reference": f"PO-{n}"} for n in range(2)]

    by_json = await service.post("/v1/watches/batch", {"items": items}, key)

    assert counts(by_json.json()) == {"unchanged": 2}
    assert [r["watch"] for r in by_json.json()["items"]] == [r["watch"] for r in by_csv["items"]]


async def test_every_column_can_be_given(service: Service) -> None:
    key = await ready(service)
    row = dict.fromkeys(COLUMNS, "") | {
        "kind": "delivery",
        "provider_scheme": "register",
        "provider": "heron",
        "delivered_by_scheme": "ods",
        "delivered_by": "ZZ1",
        "reference": "PO-1",
        "expiry_notice": "P90D P2W",
    }
    dated = dict.fromkeys(COLUMNS, "") | {
        **dict(zip(HEADER, [*OF_HERON, "PO-2"], strict=True)),
        "delivered_on": "2026-12-24",
    }
    answer = await told(service, key, file_of([[*row.values()], [*dated.values()]], [*COLUMNS]))
    assert counts(answer) == {"created": 2}, answer
    second, first = await all_watches(service, key)
    assert first["kind"] == "delivery"
    assert first["expiryNotice"] == ["P90D", "P14D"]
    assert first["deliveredBy"] == {"scheme": "ods", "value": "ZZ1"}
    assert (second["kind"], second["deliveredOn"]) == ("triple", "2026-12-24")


async def test_a_reference_that_is_taken_is_a_problem_of_its_row_unless_it_may_be_replaced(
    service: Service,
) -> None:
    key = await ready(service)
    before = await watch(service, key, {"kind": "provider", "provider": PROVIDER}, reference="PO-1")

    refused = await told(service, key, numbered(3))
    kept = {w["reference"]: w["id"] for w in await all_watches(service, key)}
    replaced = await told(service, key, numbered(3), "?replace=true")

    assert counts(refused) == {"created": 2, "refused": 1}
    assert refused["items"][1]["problem"]["code"] == "reference_taken"
    assert kept["PO-1"] == before["id"]
    assert counts(replaced) == {"unchanged": 2, "replaced": 1}
    after = {w["reference"]: w["id"] for w in await all_watches(service, key)}
    assert after["PO-1"] == replaced["items"][1]["watch"] != before["id"]


async def test_a_reference_twice_in_one_file_is_one_watch(service: Service) -> None:
    key = await ready(service)
    another = ["register", "heron", "register", "heron-1", "", "", "PO-1"]
    rows = [[*OF_HERON, "PO-1"], [*OF_HERON, " PO-1 "], another]

    answer = await told(service, key, file_of(rows))

    assert [row["outcome"] for row in answer["items"]] == ["created", "unchanged", "refused"]
    assert answer["items"][2]["problem"]["code"] == "reference_taken"
    assert len(await all_watches(service, key)) == 1


async def test_a_bad_row_names_its_columns_and_ends_nothing_else(service: Service) -> None:
    key = await ready(service)
    header = [*HEADER, "kind", "expiry_notice", "delivered_on"]
    good = [*OF_HERON, "PO-0", "", "", ""]

    def row(**changed: str) -> list[str]:
        return [*{**dict(zip(header, good, strict=True)), **changed}.values()]

    bad: list[tuple[list[str], str | None]] = [
        (row(reference=""), "column reference"),
        (row(reference="PO\x7f-1"), "column reference"),
        (row(provider_scheme="ukprn", reference="1"), "column provider"),
        (row(provider_scheme="vat", reference="2"), "column provider_scheme"),
        (row(provider="", reference="3"), "column provider"),
        (row(provider_scheme="", reference="4"), "column provider_scheme"),
        (row(provider="", provider_scheme="", reference="5"), "column provider"),
        (row(kind="provider", programme="", programme_scheme="", reference="6"), "column trainer"),
        (row(programme="", programme_scheme="", reference="7"), "column programme"),
        (row(kind="all", reference="8"), "column kind"),
        (row(expiry_notice="P7D P1M", reference="9"), "column expiry_notice"),
        (row(delivered_on="24/12/2026", reference="10"), "column delivered_on"),
        ([*OF_HERON, "11"], None),
    ]

    answer = await told(service, key, file_of([*(r for r, _ in bad), good], header))

    assert [one["outcome"] for one in answer["items"]] == ["refused"] * len(bad) + ["created"]
    named = [
        {error["pointer"] for error in one["problem"]["errors"]} for one in answer["items"][:-1]
    ]
    assert named == [{column} if column else set() for _, column in bad]
    assert all(one["problem"]["code"] and one["problem"]["detail"] for one in answer["items"][:-1])
    assert all(one["watch"] is one["verdict"] is None for one in answer["items"][:-1])
    assert [one["reference"] for one in answer["items"][2:4]] == ["1", "2"]
    assert len(await all_watches(service, key)) == 1


async def test_a_bad_row_of_json_points_into_itself(service: Service) -> None:
    key = await ready(service)
    items = [
        {**TRIPLE, "reference": "1"},
        {**TRIPLE},
        {
            **TRIPLE,
            "reference": "2",
            "trainer": {**TRIPLE["trainer"], "familyName": "Quillfeather"},
        },
        "not a watch",
        None,
        {**TRIPLE, "reference": "3", "expiryNotice": ["P7D", "P1M"]},
        {**TRIPLE, "reference": ["4"]},
    ]
    answer = (await service.post("/v1/watches/batch", {"items": items}, key)).json()
    pointers = [
        [e["pointer"] for e in row["problem"]["errors"]] if row["problem"] else None
        for row in answer["items"]
    ]
    assert pointers == [
        None, ["/reference"], ["/trainer/familyName"], [""], [""], ["/expiryNotice/1"],
        ["/reference"],
    ]  # fmt: skip
    assert b"Quillfeather" not in service.held()
    assert counts(answer) == {"created": 1, "refused": 6}


async def test_a_file_as_spreadsheets_write_it_is_read(service: Service) -> None:
    key = await ready(service)
    written = (
        "\ufeffProvider_Scheme, PROVIDER ,programme_scheme,programme,trainer_scheme,trainer,reference"
        '\r\nregister,"heron",register,"heron-1",register,tr-1,"PO ""1"", building 2"\r\n'
        "\r\n"
        "register,heron,register,heron-1,register,tr-1,Käferstraße 🦆\r\n"
    )
    answer = await told(service, key, written.encode())
    assert counts(answer) == {"created": 2}
    kept = {w["reference"] for w in await all_watches(service, key)}
    assert kept == {'PO "1", building 2', "Käferstraße 🦆"}


async def test_a_reference_that_looks_like_a_formula_is_kept_as_it_is(service: Service) -> None:
    key = await ready(service)
    references = ["=1+1", "+44 20", "-1", "@SUM(A1)", "' OR 1=1 --", "../../etc", "{{7*7}}", "%00"]
    answer = await told(service, key, file_of([[*OF_HERON, one] for one in references]))
    assert counts(answer) == {"created": len(references)}
    assert {w["reference"] for w in await all_watches(service, key)} == {*references}
    assert [row["reference"] for row in answer["items"]] == references


async def test_a_file_that_can_not_be_read_watches_nothing(service: Service) -> None:
    key = await ready(service)
    twice = [*HEADER, "reference"]
    files: dict[str, bytes] = {
        "empty": b"",
        "no rows named": b"\r\n\r\n",
        "no reference column": file_of([OF_HERON], HEADER[:-1]),
        "an unknown column": file_of([[*OF_HERON, "1", "x"]], [*HEADER, "trainer_family_name"]),
        "a column twice": file_of([[*OF_HERON, "1", "2"]], twice),
        "other separators": numbered(2).replace(b",", b";"),
        "a quote that never ends": numbered(1) + b'"register,heron',
        "another encoding": numbered(2) + "Ä".encode("latin-1"),
        "UTF-16": numbered(2).decode().encode("utf-16"),
        "too many rows": numbered(MOST_ROWS + 1),
    }
    for name, content in files.items():
        problem = problem_of(await send_csv(service, key, content), 400)
        assert problem["code"] == "invalid_body", name
    impossible: list[Any] = [{}, {"items": {}}, {"items": [], "more": 1}, [], 0, {"rows": []}]
    for wrong in impossible:
        problem_of(await service.post("/v1/watches/batch", wrong, key), 400)
    too_many = {"items": [0] * (MOST_ROWS + 1)}
    problem_of(await service.post("/v1/watches/batch", too_many, key), 400)
    assert await all_watches(service, key) == []


async def test_a_file_of_headings_alone_is_a_file_of_nothing(service: Service) -> None:
    key = await ready(service)
    assert counts(await told(service, key, file_of([]))) == {}


async def test_watches_are_sent_as_json_or_csv_and_as_nothing_else(service: Service) -> None:
    key = await ready(service)
    for kind in ("application/x-ndjson", "text/plain", "application/xml", "multipart/form-data"):
        problem_of(await send_csv(service, key, numbered(1), kind=kind), 415)
    answer = await send_csv(service, key, numbered(1), kind="text/csv; charset=utf-8")
    assert answer.status_code == 200


async def test_what_breaks_half_way_keeps_some_rows_and_the_file_sent_again_completes_it(
    service: Service,
) -> None:
    key = await ready(service)
    # The second of these two rows can't be written: as if the process had ended there.
    broken = "CASE WHEN reference IN ('PO-40', 'PO-41') THEN 1 END"
    service.execute(f"CREATE UNIQUE INDEX breaks ON watches (({broken}))")
    response = await send_csv(service, key, numbered(90))
    service.execute("DROP INDEX breaks")
    kept = {w["reference"]: w["id"] for w in await all_watches(service, key)}

    answer = await told(service, key, numbered(90))

    assert response.status_code >= 500
    assert "PO-0" in kept
    assert "PO-40" not in kept
    assert counts(answer) == {"unchanged": len(kept), "created": 90 - len(kept)}
    after = {w["reference"]: w["id"] for w in await all_watches(service, key)}
    assert after.keys() == {f"PO-{n}" for n in range(90)}
    assert kept.items() <= after.items()


async def test_another_account_s_references_are_its_own(service: Service) -> None:
    key = await ready(service)
    other = await service.key(Scope.WATCH, account="Another trust (fictional)")
    mine = await told(service, key, numbered(2))
    theirs = await told(service, other, numbered(2), "?replace=true")
    assert counts(theirs) == {"created": 2}
    assert {w["id"] for w in await all_watches(service, key)} == {
        row["watch"] for row in mine["items"]
    }
