"""Two clocks: the same question with the same clocks gets the same answer, whatever the register says later."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.service import Service
from trivet.database import reading
from trivet.verification.store import verifications

QUESTION = {
    "provider": {"scheme": "register", "value": "calm-harbour"},
    "programme": {"scheme": "register", "value": "ch-1"},
    "trainer": {"scheme": "authorisation", "value": "AU-1"},
    "deliveredOn": "2026-03-12",
}
LASTING = ("verdict", "elements", "reasons", "deliveredOn", "knownAt", "register")


def _periods(register: dict[str, Any], *periods: dict[str, Any]) -> dict[str, Any]:
    register["providers"][0]["periods"] = list(periods)
    return register


async def _asked(service: Service, key: str, **changed: Any) -> dict[str, Any]:
    response = await service.ask({**QUESTION, **changed}, key)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_back_dated_withdrawal_changes_today_s_answer_and_not_what_was_known(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    key = await service.key()
    before = await _asked(service, key)
    service.clock.now += timedelta(days=30)
    withdrawn = {"status": "withdrawn", "from": "2026-01-01", "to": None}
    await service.publish(
        _periods(
            register, {"status": "in_force", "from": "2022-03-01", "to": "2026-01-01"}, withdrawn
        )
    )

    now = await _asked(service, key)
    then = await _asked(service, key, knownAt=before["knownAt"])

    assert (before["verdict"], now["verdict"], then["verdict"]) == ("pass", "fail", "pass")
    assert [then[field] for field in LASTING] == [before[field] for field in LASTING]


async def test_what_is_stale_now_was_fresh_when_it_was_asked(
    service: Service, register: dict[str, Any]
) -> None:
    day = 'kind = "json"\nlocation = "register.json"\nvouched_by = "register"\nmax_age = "P1D"\n'
    register["publishedAt"] = service.clock.now.isoformat()
    await service.publish(register, day)
    key = await service.key()
    today = {"deliveredOn": service.clock.now.date().isoformat()}
    fresh = await _asked(service, key, **today)
    service.clock.now += timedelta(days=3)

    again = await _asked(service, key, knownAt=fresh["knownAt"], **today)
    late = await _asked(service, key, deliveredOn=service.clock.now.date().isoformat())

    assert fresh["verdict"] == again["verdict"] == "pass"
    assert late["verdict"] == "cannot_confirm"
    assert {reason["code"] for reason in late["reasons"]} == {"register_stale"}


async def test_before_the_first_snapshot_nothing_can_be_confirmed_and_that_is_the_only_reason(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    early = (service.clock.now - timedelta(days=1)).isoformat()

    answer = await _asked(service, await service.key(), knownAt=early, evidence=["membership"])

    assert {element["verdict"] for element in answer["elements"]} == {"cannot_confirm"}
    assert [reason["code"] for reason in answer["reasons"]] == ["known_at_before_first_snapshot"]
    assert answer["register"]["snapshot"] is None


async def test_the_day_of_delivery_is_by_default_the_london_day_of_what_was_known(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    known_at = service.clock.now
    service.clock.now += timedelta(days=40)

    answer = await _asked_without_day(service, known_at.isoformat())

    assert answer["deliveredOn"] == known_at.date().isoformat()


async def _asked_without_day(service: Service, known_at: str) -> dict[str, Any]:
    question = {k: v for k, v in QUESTION.items() if k != "deliveredOn"} | {"knownAt": known_at}
    answer: dict[str, Any] = (await service.ask(question, await service.key())).json()
    return answer


async def test_an_instant_to_come_and_one_without_a_zone_can_t_be_asked(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    key = await service.key()
    later = (service.clock.now + timedelta(seconds=1)).isoformat()

    for known_at in (later, "2026-03-01T09:00:00"):
        response = await service.ask({**QUESTION, "knownAt": known_at}, key)
        assert response.status_code == 400
        assert response.json()["errors"][0]["pointer"] == "/knownAt"


async def test_a_caller_s_own_maximum_age_is_kept(
    service: Service, register: dict[str, Any]
) -> None:
    register["publishedAt"] = (service.clock.now - timedelta(hours=30)).isoformat()
    await service.publish(register)
    key, today = await service.key(), service.clock.now.date().isoformat()

    fresh = await _asked(service, key, deliveredOn=today, maxAge="P2D")
    stale = await _asked(service, key, deliveredOn=today, maxAge="P1D")

    assert fresh["verdict"] == "pass"
    assert {reason["code"] for reason in stale["reasons"]} == {"register_stale"}


async def test_a_clock_set_back_does_not_forget_what_was_published(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    service.clock.now -= timedelta(hours=1)

    answer = await _asked(service, await service.key())

    assert answer["verdict"] == "pass"
    assert answer["register"]["snapshot"] is not None


async def test_the_instant_known_is_kept_with_the_answer(
    service: Service, register: dict[str, Any]
) -> None:
    await service.publish(register)
    answer = await _asked(service, await service.key())

    async with reading(service.engine) as connection:
        kept = await connection.scalar(select(verifications.c.known_at))

    assert kept == service.clock.now
    assert answer["knownAt"] == answer["checkedAt"]
