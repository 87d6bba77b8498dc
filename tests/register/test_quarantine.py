"""A reading that trips a guard is kept whole and not believed; the last good register goes on answering."""

from typing import Any

from sqlalchemy import select

from tests.service import PROFILE, Service
from trivet.database import reading
from trivet.register.store import fetches, raw_documents

GUARDED = PROFILE + "[guards]\nmax_shrink = 0.4\n"
QUESTION = {
    "provider": {"scheme": "register", "value": "calm-harbour"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
}


async def test_half_the_rows_gone_is_not_believed_until_the_operator_says_so(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register, GUARDED)
    key = await service.key()
    before = (await service.ask(QUESTION, key)).json()
    gone = {**register, "authorisations": [], "affiliations": []}

    held = await service.publish(gone, GUARDED)
    after = (await service.ask(QUESTION, key)).json()
    released = await service.publish(gone, PROFILE)

    assert held.fetch.outcome == "quarantined"
    assert held.failed
    assert "authorisations" in (held.fetch.error or "")
    assert after["register"] == before["register"]
    assert after["verdict"] == "pass"
    assert released.fetch.outcome == "updated"


async def test_what_was_quarantined_is_kept_whole_and_the_register_says_so(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register, GUARDED)
    held = await service.publish({**register, "authorisations": [], "affiliations": []}, GUARDED)
    headers = {"Authorization": f"Bearer {await service.key()}"}

    status = (await service.http.get("/v1/register", headers=headers)).json()
    async with reading(service.engine) as connection:
        kept = await connection.scalar(
            select(raw_documents.c.content).join(fetches).where(fetches.c.id == held.fetch.id)
        )

    sandbox = {"Authorization": f"Bearer {await service.key(test=True)}"}
    elsewhere = (await service.http.get("/v1/register", headers=sandbox)).json()

    assert status["sources"][0]["lastSync"]["outcome"] == "quarantined"
    assert [waiting["reading"] for waiting in status["quarantine"]] == [held.fetch.id]
    assert status["quarantine"][0]["why"] == held.fetch.error
    assert elsewhere["quarantine"] == []
    assert kept == (service.settings.sources_folder / "register.json").read_bytes()
