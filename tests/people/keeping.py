"""What tests about people do to a running service, and what they look up in its database."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from tests.problems import problem_of
from tests.register.documents import authorisation, body, document, programme, provider
from tests.service import PEPPER, Service
from trivet.database import connect, writing_alone
from trivet.people import erasure
from trivet.people.erasure import Found

T = TypeVar("T")
KEY = PEPPER.encode()


def register(**records: Any) -> dict[str, Any]:
    """Return a complete register: two providers, and trainers of whom one (dunnock-1) has two authorisations."""
    return document(
        **{
            "bodies": [body()],
            "providers": [provider(), provider("egret")],
            "programmes": [programme(), programme("egret-1", provider="egret")],
            "authorisations": [
                authorisation("AU-dunnock", trainer="dunnock-1", familyName="Dunnock"),
                authorisation("AU-dunnock-2", trainer="dunnock-1", provider="egret"),
                authorisation("AU-robin", trainer="robin-1", familyName="Robin"),
            ],
            **records,
        }
    )


def about(trainer: str, scheme: str = "register", provider: str = "heron") -> dict[str, Any]:
    """Return a question that passes if this trainer is authorised by the provider."""
    return {
        "provider": {"scheme": "register", "value": provider},
        "programme": {"scheme": "register", "value": f"{provider}-1"},
        "trainer": {"scheme": scheme, "value": trainer},
        "deliveredOn": "2026-03-12",
    }


async def in_own_process(service: Service, act: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Do something in a transaction of one's own, as another process does."""
    engine = connect(service.settings.database_url)
    try:
        async with writing_alone(engine) as connection:
            return await act(connection)
    finally:
        await engine.dispose()


async def erase(service: Service, *references: str) -> Found:
    """Erase a person as the operator does, beside the running service."""
    now, ground = service.clock(), "request (fictional)"
    return await in_own_process(
        service, lambda c: erasure.erase(c, frozenset(references), ground, KEY, now)
    )


async def answer_to(
    service: Service, question: Mapping[str, Any], key: str, **changed: Any
) -> dict[str, Any]:
    response = await service.ask({**question, **changed}, key)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def of_trainer(answer: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the verdict and the reasons of an answer's trainer."""
    (element,) = (e for e in answer["elements"] if e["element"] == "trainer")
    return element["verdict"], element["reasons"]


async def gone(service: Service, path: str, key: str, code: str) -> dict[str, Any]:
    """See that what was given is gone, and return the problem that says so."""
    response = await service.http.get(path, headers={"Authorization": f"Bearer {key}"})
    return problem_of(response, 410, code)


async def listed(service: Service, key: str) -> list[str]:
    """Return the ids of the verifications that an account may list."""
    headers = {"Authorization": f"Bearer {key}"}
    page = (await service.http.get("/v1/verifications?limit=200", headers=headers)).json()
    return [item["id"] for item in page["items"]]
