"""The metrics say how fresh the mirror is, what was answered, how fast, and what waits; nothing of who or whom."""

import re

from tests.register.documents import whole
from tests.service import Service

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "trainer": {"scheme": "register", "value": "wader-1", "familyName": "Quillfeather"},
    "reference": "PO-77-secret",
}


async def metrics(service: Service) -> dict[str, float]:
    """Return the samples by name and labels."""
    text = (await service.http.get("/metrics")).text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


async def test_they_say_how_fresh_the_mirror_is(service: Service) -> None:
    assert not [name for name in await metrics(service) if "stale" in name]

    synced = await service.publish(whole())

    told = await metrics(service)
    assert told['trivet_source_stale{source="cases"}'] == 0
    as_of = told['trivet_source_as_of_timestamp_seconds{source="cases"}']
    assert as_of == synced.fetch.as_of.timestamp()  # type: ignore[union-attr]
    read = told['trivet_source_last_reading_timestamp_seconds{outcome="updated",source="cases"}']
    assert read == synced.fetch.finished_at.timestamp()


async def test_they_count_verdicts_and_requests_by_route_and_tell_of_nobody(
    service: Service,
) -> None:
    await service.publish(whole())
    key = await service.key()
    for _ in range(20):  # whichever process answers
        await service.ask(QUESTION, key)

    text = (await service.http.get("/metrics")).text

    counted = re.search(r'trivet_verdicts_total\{test="false",verdict="fail"\} (\d+)', text)
    assert counted
    assert float(counted[1]) >= 1
    assert 'route="/v1/verifications"' in text
    told = ("wader", "uillfeather", "PO-77", key.split("_")[2], key.split("_")[3], "heron")
    assert not [word for word in told if word in text]
