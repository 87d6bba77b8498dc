"""What the OpenAPI document says is what the service does: asked thousands of questions made from it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.conftest import DATA
from tests.service import running_service
from trivet.app import create_app
from trivet.cli.serving import openapi_document
from trivet.settings import Settings

EXAMPLES = 60


class Running:
    """The service that is running, for a document that is read before it runs."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on to it."""
        await self.app(scope, receive, send)


def documented(running: Running) -> Any:
    """Return the service's document, from which requests are made: always the same ones."""
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True)
    project = ProjectConfig(generation=generation)
    config = SchemathesisConfig(seed=1, projects=ProjectsConfig(default=project))
    document = schemathesis.openapi.from_dict(json.loads(openapi_document()), config=config)
    document.app = running
    return document


async def mirrored(folder: Path) -> tuple[Settings, str]:
    """Mirror the register of the labelled cases in a folder; return how to open it, and a key."""
    register = json.loads((DATA / "cases" / "register.json").read_text())
    async with running_service(folder) as service:
        await service.publish(register)
        return service.settings, await service.key()


running = Running()
document = documented(running)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The header with a key of the service, which runs as long as it is asked."""
    settings, key = asyncio.run(mirrored(tmp_path_factory.mktemp("contract")))
    running.app = create_app(settings)
    yield {"Authorization": f"Bearer {key}"}
    shutdown_lifespans()


UNTOLD = {
    ("?cursor", "invalid"): "a cursor is opaque: a list takes only one that it gave",
    ("/deliveredOn", "out_of_range"): "how far a day may lie from today moves with today",
    ("/scope", "unknown_word"): "which words there are is the register's to say, not the document's",
    ("/value", "ill_formed"): "a name of nothing but punctuation; no pattern says that in all languages",
}
"""Why a request may be refused though the document allows it."""


def untold(response: schemathesis.Response) -> bool:
    """Say whether a request was refused for nothing but what the document can't tell."""
    if response.status_code != 400:
        return False
    return all(
        any(part in error["pointer"] and error["code"] == code for part, code in UNTOLD)
        and (error["code"] != "ill_formed" or error["detail"] == "has no letter or digit")
        for error in response.json()["errors"]
    )


@document.parametrize()
def test_the_service_does_what_its_document_says(
    case: schemathesis.Case, key: dict[str, str]
) -> None:
    response = case.call(headers=key)
    case.validate_response(
        response,
        headers=key,
        excluded_checks=[positive_data_acceptance] if untold(response) else [],
        transport_kwargs={"headers": key},
    )
    if __import__("os").environ.get("SHOW"):
        open("/tmp/work/wire/seen.txt","a").write(f"{case.method} {case.path} {response.status_code} {case.meta.generation.mode.value} {case.meta.phase.name.value}\n")
