"""A site that misbehaves: each way has its outcome on record, none changes the register, and that goes stale."""

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.register.sources.sites import (
    FakeSite,
    Misbehaviour,
    Reply,
    drip,
    endless,
    gzipped,
    running_site,
)
from tests.service import Service
from trivet.database import reading
from trivet.register.mirror import Synced
from trivet.register.store import fetches, raw_documents, snapshots

PAGE = """<!doctype html><title>Certified training (fictional)</title>
<table class="register">
<tr><th>No.</th><th>Organisation</th><th>Since</th><th>Until</th></tr>
{rows}</table>"""
LISTED = [
    f"<tr><td>C-{n}</td><td>Fictional Training {n}</td><td>2025-01-01</td><td>2028-01-01</td></tr>"
    for n in range(1, 11)
]
LIST = PAGE.format(rows="\n".join(LISTED))
PROFILE = """kind = "html"
location = "{address}"
allow_http = true
vouched_by = "register"
max_age = "P1D"
publisher = "Body (fictional)"
ends = "exclusive"

[coverage]
bodies = "complete"
providers = "complete"

[limits]
total = "PT2S"
read = "PT1S"
max_bytes = 65536

[guards]
min_rows = 3
max_shrink = 0.3

[[records.bodies]]
register = "body"
name = "Body (fictional)"
licensed = {{ from = 2020-01-01 }}
accreditation = {{ from = 2020-01-01, number = "00001" }}

[[providers]]
rows = "table.register tr:has(td)"

[providers.fields]
register = {{ column = "No." }}
certificate = {{ column = "No." }}
name = {{ column = "Organisation" }}
body = {{ value = "body" }}
status = {{ value = "in_force" }}
from = {{ column = "Since" }}
to = {{ column = "Until" }}
"""
QUESTION = {
    "provider": {"scheme": "certificate", "value": "C-7"},
    "programme": {"scheme": "register", "value": "any"},
}


class Mirrored:
    """The service with one list of a site mirrored, and what becomes of it."""

    def __init__(self, service: Service, site: FakeSite, key: str) -> None:
        self.service, self.site, self.key = service, site, key

    async def read(self) -> Synced:
        return await self.service.sync(PROFILE.format(address=self.site.address()), "list")

    async def provider(self) -> dict[str, Any]:
        """Ask about a certified provider, and return how its element was judged."""
        answer = (await self.service.ask(QUESTION, self.key)).json()
        element: dict[str, Any] = next(e for e in answer["elements"] if e["element"] == "provider")
        return {**element, "stale": answer["register"]["stale"]}

    async def status(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        status: dict[str, Any] = (
            await self.service.http.get("/v1/register", headers=headers)
        ).json()
        return status


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with running_site() as running:
        yield running


@pytest.fixture
async def mirrored(service: Service, site: FakeSite) -> Mirrored:
    site.show("/list", LIST, etag='"1"')
    found = Mirrored(service, site, await service.key())
    assert (await found.read()).fetch.outcome == "updated"
    return found


async def _logged(service: Service) -> list[Any]:
    async with reading(service.engine) as connection:
        rows = await connection.execute(
            sa.select(fetches, raw_documents.c.content)
            .outerjoin_from(fetches, raw_documents)
            .order_by(fetches.c.id)
        )
        return [*rows]


async def _snapshots(service: Service) -> int:
    async with reading(service.engine) as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(snapshots)) or 0


async def test_a_304_is_evidence_that_the_list_still_stands(mirrored: Mirrored) -> None:
    before, service = await mirrored.status(), mirrored.service
    service.clock.now += timedelta(hours=23)
    again = await mirrored.read()
    after = await mirrored.status()
    service.clock.now += timedelta(hours=23)

    assert (again.fetch.outcome, again.fetch.http_status) == ("unchanged", 304)
    assert mirrored.site.asked[-1].headers["If-None-Match"] == '"1"'
    assert again.fetch.digest == (await _logged(service))[0].digest
    assert after["asOf"] > before["asOf"]
    assert after["digest"] == before["digest"]
    assert after["snapshot"] != before["snapshot"]
    assert (await mirrored.provider())["verdict"] == "pass"
    assert (await mirrored.provider())["stale"] is False


async def test_what_was_stale_then_stays_stale_then_though_a_304_came_later(
    mirrored: Mirrored,
) -> None:
    service = mirrored.service
    service.clock.now += timedelta(days=2)
    asked_at = service.clock.now.isoformat()
    assert (await mirrored.provider())["reasons"] == ["register_stale"]
    service.clock.now += timedelta(hours=1)
    await mirrored.read()
    assert (await mirrored.provider())["verdict"] == "pass"
    then = (await service.ask({**QUESTION, "knownAt": asked_at}, mirrored.key)).json()
    assert then["elements"][1]["reasons"] == ["register_stale"]
    assert then["register"]["stale"] is True


def _elsewhere(site: FakeSite) -> Reply:
    return Reply(status=302, headers={"Location": site.address(host="localhost")})


def _page(rows: list[str]) -> Reply:
    return Reply(PAGE.format(rows="\n".join(rows)).encode())


LOGIN = b"<!doctype html><title>Sign in</title><form><input name=user></form>"
NOTICE = b"<!doctype html><title>Closed</title><p>The list is being mended.</p>"
RENAMED = LIST.replace("No.", "Reference").replace("Organisation", "Certificate holder")

MISBEHAVING: dict[str, tuple[Callable[[FakeSite], Reply | Misbehaviour], str, int | None, str]] = {
    "a 500": (lambda _: Reply(b"oops", 500), "failed", 500, "answers 500"),
    "slow bytes": (
        lambda _: drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        "failed",
        None,
        "not all had come",
    ),
    "a truncated gzip": (
        lambda _: Reply(gzip.compress(LIST.encode())[:-20], headers={"Content-Encoding": "gzip"}),
        "failed",
        None,
        "breaks off",
    ),
    "a redirect to another host": (_elsewhere, "failed", None, "leads away from the site"),
    "an endless body": (lambda _: endless, "failed", None, "max_bytes"),
    "a bomb": (lambda _: gzipped(bytes(50 * 2**20)), "failed", None, "max_bytes"),
    "half the rows gone": (lambda _: _page(LISTED[:5]), "quarantined", 200, "are missing"),
    "renamed columns": (lambda _: Reply(RENAMED.encode()), "failed", 200, "No."),
    "a login page": (lambda _: Reply(LOGIN), "failed", 200, "table.register"),
    "a notice": (lambda _: Reply(NOTICE), "failed", 200, "table.register"),
    "an empty table": (lambda _: _page([]), "failed", 200, "table.register"),
}


@pytest.mark.parametrize("way", MISBEHAVING)
async def test_a_site_that_misbehaves_changes_nothing_and_what_it_did_is_recorded(
    mirrored: Mirrored, way: str
) -> None:
    replies, outcome, http_status, said = MISBEHAVING[way]
    service, site = mirrored.service, mirrored.site
    before = await mirrored.status()
    service.clock.now += timedelta(hours=1)
    site.pages["/list"] = replies(site)

    misread = await mirrored.read()
    after = await mirrored.status()
    judged = await mirrored.provider()
    logged = (await _logged(service))[-1]
    service.clock.now += timedelta(days=1)
    later = await mirrored.provider()
    stale = await service.http.get("/health/ready")

    assert (misread.fetch.outcome, misread.failed) == (outcome, True)
    assert said in (misread.fetch.error or "")
    assert (logged.outcome, logged.http_status) == (outcome, http_status)
    assert logged.finished_at >= logged.started_at
    assert (logged.content is not None) == (http_status == 200)  # what came whole is evidence
    assert await _snapshots(service) == 1
    assert after["sources"][0].pop("lastSync")["outcome"] == outcome
    assert len(after.pop("quarantine")) == (outcome == "quarantined")
    assert before.pop("quarantine") == []
    before["sources"][0].pop("lastSync")
    assert after == before
    assert (judged["verdict"], judged["stale"]) == ("pass", False)
    assert (later["verdict"], later["reasons"]) == ("cannot_confirm", ["register_stale"])
    assert later["stale"] is True
    assert stale.json()["status"] == "degraded"


async def test_a_site_that_recovers_is_fresh_again_at_once(mirrored: Mirrored) -> None:
    good = mirrored.site.pages["/list"]
    mirrored.site.pages["/list"] = Reply(b"oops", 500)
    mirrored.service.clock.now += timedelta(days=2)
    await mirrored.read()
    assert (await mirrored.provider())["reasons"] == ["register_stale"]
    mirrored.site.pages["/list"] = good
    recovered = await mirrored.read()
    assert (recovered.fetch.outcome, recovered.fetch.http_status) == ("unchanged", 304)
    assert (await mirrored.provider())["verdict"] == "pass"
