"""Under more than it can answer the service says so at once, answers what it took, and says how it stands."""

import asyncio

import pytest

from tests.problems import problem_of
from tests.register.documents import whole
from tests.service import Service
from trivet.http.admission import Admission

QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
}


@pytest.mark.in_process("all of them have to meet in one process")
async def test_one_too_many_is_refused_and_every_other_is_answered_and_kept(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.publish(whole())
    key = await service.key()
    [admission] = [m for m in service.app.middleware if isinstance(m, Admission)]
    monkeypatch.setattr(admission, "_most", 10)

    answers = await asyncio.gather(*(service.ask(QUESTION, key) for _ in range(60)))

    answered = [a for a in answers if a.status_code == 200]
    refused = [a for a in answers if a.status_code != 200]
    assert len(answered) >= 10
    assert refused
    for each in refused:
        assert problem_of(each, 503, "overloaded")
        assert each.headers["Retry-After"] == "1"
    assert service.kept() == len(answered)
    assert (await service.ask(QUESTION, key)).status_code == 200


@pytest.mark.in_process("the limit is set in this process")
async def test_whether_it_is_alive_is_answered_however_busy_it_is(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    [admission] = [m for m in service.app.middleware if isinstance(m, Admission)]
    monkeypatch.setattr(admission, "_most", 0)
    key = await service.key()

    problem_of(await service.ask(QUESTION, key), 503, "overloaded")
    for path in ("/health/live", "/metrics"):
        assert (await service.http.get(path)).status_code == 200
