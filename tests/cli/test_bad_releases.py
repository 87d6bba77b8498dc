"""A release that can't be read is refused, logged and told in one line; what was mirrored goes on answering (R21)."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Operator
from tests.databases import by_column, database_url
from tests.register.documents import authorisation, body, document, in_force, programme, provider
from tests.service import PROFILE, Service

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
}


def good(**records: Any) -> dict[str, Any]:
    return document(
        **{
            "bodies": [body()],
            "providers": [provider()],
            "programmes": [programme()],
            "authorisations": [authorisation(familyName="Wader")],
            **records,
        }
    )


def written(**records: Any) -> bytes:
    return json.dumps(good(**records)).encode()


def as_of(published_at: str) -> bytes:
    return json.dumps({**good(), "publishedAt": published_at}).encode()


OVERLAPPING = [*in_force("2024-01-01", "2025-01-01"), *in_force("2024-06-01")]

BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "register.json: is empty"),
    "half of it": (
        written()[:400],
        "where the text breaks off: fetch the file again",
    ),
    "another encoding": (
        json.dumps(good(providers=[provider(name="Caf\u00e9")]), ensure_ascii=False).encode(
            "latin-1"
        ),
        "register.json: is not UTF-8 at byte",
    ),
    "sixteen bits": (json.dumps(good()).encode("utf-16"), "register.json: is not UTF-8 at byte 0"),
    "a web page": (
        b"<!DOCTYPE html><title>Sign in</title>",
        "register.json: is a web page or XML, not JSON",
    ),
    "a list": (b"[]", "register.json: the document: Expected `object`, got `array`"),
    "another format": (b'{"format": "register/2"}', "register.json: format: Invalid enum value"),
    "an unknown field": (
        json.dumps(good() | {"trainers": []}).encode(),
        "register.json: the document: Object contains unknown field `trainers`",
    ),
    "a key twice": (
        b'{"format": "register/1", "format": "register/1"}',
        "has the key 'format' twice",
    ),
    "nested": (b"[" * 100_000, "register.json: is nested too deeply"),
    "overlapping periods": (
        written(providers=[provider(periods=OVERLAPPING)]),
        "providers[0].periods[1] ('heron'): begins on 2024-06-01, before the period ahead of it",
    ),
    "no period": (
        written(programmes=[programme(periods=[])]),
        "programmes[0].periods ('heron-1'): is empty",
    ),
    "a dangling reference": (
        written(programmes=[programme(), programme("p-2", provider="egret")]),
        "programmes[1].provider ('p-2'): names 'egret', which is not among the providers",
    ),
    "an unknown status": (
        written().replace(b'"in_force"', b'"good"', 1),
        "register.json: providers[0].periods[0].status: Invalid enum value 'good'",
    ),
    "a day that is none": (
        written(providers=[provider(periods=in_force("2025-02-29"))]),
        "register.json: providers[0].periods[0].from: Invalid RFC3339 encoded date",
    ),
    "still to come": (
        as_of("2126-11-01T09:00:00Z"),
        "published at 2126-11-01T09:00:00+00:00, which is still to come",
    ),
    "no time zone": (as_of("2026-11-01T09:00:00"), "register.json: publishedAt: "),
    "a name that hides": (
        written(authorisations=[authorisation(familyName="Dunlin\u202e")]),
        "authorisations[0].familyName ('AU-1'): has a control or bidirectional character",
    ),
}


def claiming(size: int) -> bytes:
    """Return a workbook whose one part says that it is this large once it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    content = bytearray(packed.getvalue())
    index = content.index(b"PK\x01\x02")
    content[index + 24 : index + 28] = size.to_bytes(4, "little")
    return bytes(content)


WORKBOOK = """\
kind = "xlsx"
location = "register.xlsx"
vouched_by = "register"
max_age = "P36500D"
ends = "inclusive"

[coverage]
providers = "complete"

[[providers]]
sheet = "Providers"

[providers.fields]
register = "Ref"
name = "Name"
body = { value = "body" }
"""


@pytest.fixture
def place(operator: Operator, service: Service) -> Callable[[bytes], None]:
    """Put a release in the place of the one that is mirrored."""
    file = operator.sources / "register.json"

    def put(content: bytes) -> None:
        file.write_bytes(content)

    return put


def logged(folder: Path) -> dict[str, Any]:
    """Return the last reading as the database has it."""
    (row,) = by_column(database_url(folder), "select * from fetches order by id desc limit 1")
    return row


async def answer(service: Service, key: str) -> dict[str, Any]:
    asked: dict[str, Any] = (await service.ask(QUESTION, key)).json()
    return {field: asked[field] for field in ("verdict", "elements", "reasons", "register")}


@pytest.mark.parametrize("bad", list(BAD))
async def test_a_bad_release_is_refused_in_one_line_and_the_last_good_one_goes_on_answering(
    bad: str, operator: Operator, service: Service, place: Callable[[bytes], None]
) -> None:
    content, reason = BAD[bad]
    await service.publish(good())
    key = await service.key()
    before = await answer(service, key)
    assert before["verdict"] == "pass"

    place(content)
    line = await asyncio.to_thread(operator.refused, "sync")

    assert line.startswith("cases could not be read, nothing was changed: ")
    assert reason in line
    assert "Dunlin" not in line
    told = logged(operator.folder)
    assert (told["outcome"], told["source"]) == ("failed", "cases")
    assert reason in told["error"]
    assert told["finished_at"] >= told["started_at"]
    assert await answer(service, key) == before
    assert await _counts(service) == 1

    place(written())
    again = await asyncio.to_thread(operator, "sync")
    assert (again.status, again.err) == (0, "")


async def _counts(service: Service) -> int:
    current = service.app.state.current
    await current.refresh()
    return int(current.index.snapshot.number)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (claiming(2**31), "it would grow beyond 10 MiB when unpacked"),
        (b"<html>Sign in</html>", "register.xlsx: "),
        (b"Ref,Name\r\n", "register.xlsx: "),
    ],
    ids=["claims 2 GiB", "a web page", "csv"],
)
async def test_what_is_no_safe_workbook_is_refused_in_one_line(
    content: bytes, reason: str, operator: Operator, service: Service
) -> None:
    await service.publish(good())
    (operator.sources / "book.toml").write_text(WORKBOOK)
    (operator.sources / "register.xlsx").write_bytes(content)
    line = await asyncio.to_thread(operator.refused, "sync", "book")
    assert line.startswith("book could not be read, nothing was changed: ")
    assert reason in line
    assert logged(operator.folder)["outcome"] == "failed"


async def test_a_refused_release_is_kept_as_it_came(
    operator: Operator, service: Service, place: Callable[[bytes], None]
) -> None:
    await service.publish(good())
    place(b"<html>Sign in</html>")
    for _ in range(2):
        await asyncio.to_thread(operator.refused, "sync")
    of = "select content from raw_documents where digest = ?"
    kept = service.rows(of, logged(operator.folder)["digest"])
    assert kept == [(b"<html>Sign in</html>",)]


async def test_one_bad_source_does_not_keep_another_from_being_mirrored(
    operator: Operator, service: Service
) -> None:
    (operator.sources / "a.toml").write_text(PROFILE.replace("register.json", "a.json"))
    (operator.sources / "a.json").write_text("")
    (operator.sources / "b.toml").write_text(PROFILE.replace("register.json", "b.json"))
    (operator.sources / "b.json").write_bytes(written())
    ran = await asyncio.to_thread(operator, "sync")
    assert ran.status == 3
    assert ran.err.count("\n") == 1
    assert "b: updated" in ran.out
    assert await _counts(service) == 1


def test_a_release_that_is_not_there_is_told_by_its_place(operator: Operator) -> None:
    (operator.sources / "cases.toml").write_text(PROFILE)
    line = operator.refused("sync")
    assert str(operator.sources / "register.json") in line
    assert "is missing: put the file there, or mend `location` in the profile" in line


async def test_a_date_that_utc_can_not_hold_is_refused(
    operator: Operator, service: Service, place: Callable[[bytes], None]
) -> None:
    await service.publish(good())
    place(as_of("0001-01-01T00:00:00+14:00"))
    await asyncio.to_thread(operator.refused, "sync")
