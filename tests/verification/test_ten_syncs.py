"""A register's life in ten syncs: whatever was answered on the way is answered alike for ever after."""

import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tests.register.documents import (
    affiliation,
    authorisation,
    body,
    document,
    identifier,
    in_force,
    period,
    programme,
    provider,
)
from tests.service import PROFILE, Service, running_service
from trivet.alerts.rounds import Rounds
from trivet.database import reading
from trivet.register import quarantine
from trivet.register.mirror import release
from trivet.register.sources import load_profile

GUARDED = PROFILE + "[guards]\nmax_shrink = 0.5\n"
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
OLD = "2025-01-01"


class Life:
    """The register of one body as it is written down, day by day."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.records: dict[str, list[dict[str, Any]]] = {
            "bodies": [body()],
            "providers": [
                provider(
                    name,
                    certificate=f"C-{name}",
                    identifiers=[identifier("ods", f"Z{n}Z")],
                    settings=["mental_health_unit", "secure"],
                    nations=["england"],
                    periods=in_force(OLD, "2028-01-01"),
                )
                for n, name in enumerate(("heron", "egret"))
            ],
            "programmes": [
                programme(f"{name}-{n}", provider=name, periods=in_force(OLD))
                for name in ("heron", "egret")
                for n in (1, 2)
            ],
            "authorisations": [
                authorisation("AU-1", trainer="tr-1", periods=in_force(OLD)),
                authorisation(
                    "AU-2", trainer="tr-2", provider="egret", familyName="Wader", role="associate"
                ),
            ],
            "affiliations": [affiliation(periods=in_force(OLD))],
        }

    def record(self, kind: str, register: str) -> dict[str, Any]:
        return next(r for r in self.records[kind] if r["register"] == register)

    async def publish(self, **stated: Any) -> str:
        today = self.service.clock.now.isoformat()
        written = {**document(None, **self.records), "publishedAt": today, **stated}
        return (await self.service.publish(written, GUARDED)).fetch.outcome


Sync = Callable[[Life], Awaitable[str]]


async def added(life: Life) -> str:
    life.records["authorisations"].append(
        authorisation("AU-3", trainer="tr-3", periods=in_force(OLD, "2026-02-01"))
    )
    return await life.publish()


async def expired(life: Life) -> str:
    life.record("authorisations", "AU-3")["periods"] = [
        *in_force(OLD, "2026-01-07"),
        period("expired", "2026-01-07"),
    ]
    return await life.publish()


async def suspended(life: Life) -> str:
    life.record("providers", "egret")["periods"] = [
        *in_force(OLD, "2026-01-07"),
        period("suspended", "2026-01-07"),
    ]
    return await life.publish()


async def back_dated_withdrawal(life: Life) -> str:
    life.record("programmes", "heron-2")["periods"] = [
        *in_force(OLD, "2025-06-01"),
        period("withdrawn", "2025-06-01"),
    ]
    return await life.publish()


async def reinstated(life: Life) -> str:
    life.record("providers", "egret")["periods"] = [
        *in_force(OLD, "2026-01-07"),
        period("suspended", "2026-01-07", "2026-01-08"),
        period("in_force", "2026-01-08", "2028-01-01"),
    ]
    return await life.publish()


async def delisted(life: Life) -> str:
    life.gone = life.records["authorisations"].pop(0)  # type: ignore[attr-defined]  # for `relisted`
    return await life.publish()


async def relisted(life: Life) -> str:
    life.records["authorisations"].insert(0, life.gone)  # type: ignore[attr-defined]
    return await life.publish()


async def corrected(life: Life) -> str:
    life.record("providers", "heron")["identifiers"] = [identifier("ods", "Z5Z")]
    life.record("affiliations", "AF-1")["programmes"] = ["heron-1"]
    return await life.publish()


async def quarantined_then_released(life: Life) -> str:
    service = life.service
    kept = [a for a in life.records["authorisations"] if a["register"] == "AU-2"]
    assert await life.publish(authorisations=kept) == "quarantined"
    engine = service.engine
    async with reading(engine) as connection:
        [held] = await quarantine.held(connection)
    profile = load_profile(service.settings.sources_folder / "cases.toml")
    key = service.settings.key_pepper
    note, herald = "Confirmed by telephone", Rounds(engine, key)
    synced = await release(engine, profile, held, key, service.clock, note=note, herald=herald)
    await service.running.refresh()
    return synced.fetch.outcome


async def contradicted(life: Life) -> str:
    service = life.service
    other = document(
        coverage={"bodies": "partial", "providers": "partial"},
        bodies=[body()],
        providers=[provider("heron", periods=[period("withdrawn", OLD)])],
        publishedAt=service.clock.now.isoformat(),
    )
    (service.settings.sources_folder / "other.json").write_text(json.dumps(other))
    profile = PROFILE.replace("register.json", "other.json")
    return (await service.sync(profile, "other")).fetch.outcome


LIFE: list[Sync] = [
    added,
    expired,
    suspended,
    back_dated_withdrawal,
    reinstated,
    delisted,
    relisted,
    corrected,
    quarantined_then_released,
    contradicted,
]

QUESTIONS: list[dict[str, Any]] = [
    {
        "provider": provider_asked,
        "programme": {"scheme": "register", "value": programme_asked},
        "trainer": trainer,
        **({"deliveredOn": on} if on else {}),
        **more,
    }
    for (provider_asked, programme_asked), trainer, on, more in itertools.product(
        [
            ({"scheme": "certificate", "value": "C-heron"}, "heron-1"),
            ({"scheme": "ods", "value": "Z0Z"}, "heron-2"),
            ({"scheme": "register", "value": "egret"}, "egret-1"),
        ],
        [
            {"scheme": "register", "value": "tr-1"},
            {"scheme": "authorisation", "value": "AU-3"},
            {"scheme": "register", "value": "tr-2", "familyName": "Wader"},
        ],
        [None, "2025-07-01", "2026-01-08"],
        [{}, {"deliveredBy": {"scheme": "ods", "value": "ZZ1"}, "scope": {"setting": "secure"}}],
    )
]
"""Fifty-four questions that each of the ten syncs may or may not concern."""


def judged(answer: dict[str, Any]) -> dict[str, Any]:
    """Return all of an answer that is the same for ever: what is left out says which asking it was."""
    own = ("checkedAt", "receipt", "caveats")
    told = json.dumps({k: v for k, v in answer.items() if k not in own})
    masked: dict[str, Any] = json.loads(told.replace(answer["id"], "ver_"))  # letters quote it
    return masked


class Recorded(msgspec.Struct):
    """A question with what was answered, and when."""

    question: dict[str, Any]
    answer: dict[str, Any]

    @property
    def again(self) -> dict[str, Any]:
        return {**self.question, "knownAt": self.answer["knownAt"]}


async def ask_all(service: Service, key: str) -> list[Recorded]:
    return [Recorded(q, (await service.ask(q, key)).json()) for q in QUESTIONS]


async def live(service: Service, key: str) -> list[list[Recorded]]:
    """Live through the ten syncs, half a day apart, and ask every question after each."""
    life, recorded = Life(service), []
    service.clock.now = BEGAN
    assert await life.publish() == "updated"
    recorded.append(await ask_all(service, key))
    for sync in LIFE:
        service.clock.now += timedelta(hours=12)
        assert await sync(life) == "updated", sync.__name__
        service.clock.now += timedelta(minutes=1)
        recorded.append(await ask_all(service, key))
    return recorded


async def differing(service: Service, key: str, recorded: list[Recorded]) -> list[Any]:
    """Ask everything again with its own clocks, and return what is answered otherwise."""
    found = []
    for one in recorded:
        again = (await service.ask(one.again, key)).json()
        if judged(again) != judged(one.answer):
            found.append((one.again, judged(one.answer), judged(again)))
    return found


def told(answers: list[dict[str, Any]]) -> list[Any]:
    """Return of each answer what a commissioner acts on."""
    return [
        (a["verdict"], [r["code"] for r in a["reasons"]], [e["record"] for e in a["elements"]])
        for a in answers
    ]


async def test_ten_syncs_later_every_question_is_answered_as_it_was(tmp_path: Path) -> None:
    async with running_service(tmp_path) as service:
        key = await service.key()
        stages = await live(service, key)
        every = list(itertools.chain(*stages))
        assert len(every) >= 500
        before = [judged(one.answer) for one in stages[0]]
        for stage, sync in zip(stages[1:], LIFE, strict=True):
            after = [judged(one.answer) for one in stage]
            assert told(after) != told(before), f"{sync.__name__} concerned nobody who asked"
            before = after
        service.clock.now += timedelta(days=400)
        assert await differing(service, key, every) == []


async def test_a_service_that_starts_anew_answers_as_the_one_before_it_did(tmp_path: Path) -> None:
    async with running_service(tmp_path) as service:
        key = await service.key()
        every = list(itertools.chain(*await live(service, key)))
    async with running_service(tmp_path) as later:
        # Backwards, so that each snapshot is loaded, forgotten and loaded again.
        assert await differing(later, key, every[::-1]) == []
