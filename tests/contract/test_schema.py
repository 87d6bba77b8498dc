"""What the OpenAPI document says is what the service does: asked with requests made from it, good and bad."""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    HealthCheck,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
)

from tests.conftest import DATA
from tests.databases import on_postgresql
from tests.service import running_service
from trivet.app import create_app
from trivet.cli.serving import openapi_document
from trivet.register.identifiers import FORMS, Scheme, ill_formed, unfit_text
from trivet.settings import Settings

UNTOLD = {
    ("?cursor", "invalid"): "a cursor is opaque: a list takes only one that it gave",
    ("?after", "invalid"): "the same",
    ("/deliveredOn", "out_of_range"): "how far a day may lie from today moves with today",
    ("/knownAt", "out_of_range"): "so does the instant after which nothing is known yet",
    ("/maxAge", "out_of_range"): "no time at all is a duration, and no age",
    ("/maxAge", "ill_formed"): "a duration may be longer than there is time",
    ("/scope/", "unknown_word"): "which words there are is for the register to say",
    ("/value", "ill_formed"): "a name of nothing but punctuation is none, which no pattern can say",
}
"""Why a request that the document allows may be refused all the same."""


pytestmark = pytest.mark.keeps


class Running:
    """The service that is running, for a document that is read before it runs."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on to it."""
        await self.app(scope, receive, send)


def documented(running: Running, examples: int) -> Any:
    """Return the service's document, from which so many requests are made: the same ones each time."""
    project = ProjectConfig(
        # What is at the bounds is judged before any database is asked: once is enough.
        phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=not on_postgresql())),
        generation=GenerationConfig(
            max_examples=examples,
            deterministic=True,
            database="none",
            with_security_parameters=False,  # the key is always sent, see ignored_auth for without
        ),
    )
    config = SchemathesisConfig(
        seed=1,
        projects=ProjectsConfig(default=project),
        # On a busy machine making them takes time, and forms that few texts have are made by trying.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    document = schemathesis.openapi.from_dict(json.loads(openapi_document()), config=config)
    document.app = running
    return document


async def mirrored(folder: Path) -> tuple[Settings, str]:
    """Mirror the register of the labelled cases in a folder; return how to open it, and a key."""
    register = json.loads((DATA / "cases" / "register.json").read_text())
    async with running_service(folder) as service:
        await service.publish(register)
        return service.settings, await service.key()


@schemathesis.serializer("application/x-ndjson")
def as_lines(_context: Any, value: Any) -> bytes:
    """Send what is made for a text as it is."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


running = Running()
VERIFIED: Counter[int] = Counter()
"""How questions were answered, by status."""

document, document_in_short = documented(running, 50), documented(running, 10)
# Days and instants of our lives: nearly all of the calendar is refused, so that no verdict was reached.
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
INSTANTS = st.dates(date(2020, 1, 1), date(2026, 1, 1))
schemathesis.openapi.format("date", DAYS.map(str))
schemathesis.openapi.format("date-time", INSTANTS.map(lambda day: f"{day}T12:00:00Z"))
schemathesis.openapi.format("duration", st.integers(1, 400).map(lambda days: f"P{days}D"))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The header with a key of the service, which runs for as long as it is asked."""
    settings, key = asyncio.run(mirrored(tmp_path_factory.mktemp("contract")))
    running.app = create_app(settings)
    yield {"Authorization": f"Bearer {key}"}
    shutdown_lifespans()
    # What is made from the document must come through to the rules, or it would show little.
    assert not VERIFIED or VERIFIED[200] > (5 if on_postgresql() else 20)


def untold(response: schemathesis.Response) -> bool:
    """Say whether a request was refused for nothing but what the document can't tell."""
    return response.status_code == 400 and all(
        any(part in error["pointer"] and error["code"] == code for part, code in UNTOLD)
        and ("/value" not in error["pointer"] or error["detail"] == "has no letter or digit")
        for error in response.json()["errors"]
    )


def no_columns(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Say whether csv was refused for its first row: the document can't tell what a text of csv has to begin with."""
    return case.media_type == "text/csv" and response.status_code == 400


def sent_for_the_first_time(case: schemathesis.Case) -> None:
    """Let no two requests bear the same Idempotency-Key: of two that differ the second is refused, as it should be."""
    given = case.headers["Idempotency-Key"] if "Idempotency-Key" in (case.headers or ()) else None
    if isinstance(given, str) and re.fullmatch("[!-~]{1,255}", given):
        one_of_its_own = uuid4().hex
        case.headers["Idempotency-Key"] = given[: 255 - len(one_of_its_own)] + one_of_its_own


def excused(case: schemathesis.Case, response: schemathesis.Response) -> list[Any]:
    """Return the checks that a response is let off, and why: all others are made."""
    checks: list[Any] = []
    if untold(response) or no_columns(case, response):
        checks.append(positive_data_acceptance)
    if case.media_type in ("application/x-ndjson", "text/csv"):
        # What is wrong with a line is a problem of that row, among the results.
        checks.append(negative_data_rejection)
    several = len(document.raw_schema["paths"][case.path]) > 1
    if case.method == "OPTIONS" and several:
        # The framework tells of one of their methods only. What is refused with 405 is told all.
        checks.append(allow_header_conformance)
    return checks


@document.parametrize()
def test_the_service_does_what_its_document_says(
    case: schemathesis.Case, key: dict[str, str]
) -> None:
    sent_for_the_first_time(case)
    response = case.call(headers=key)
    if case.operation.label == "POST /v1/verifications":
        VERIFIED[response.status_code] += 1

    case.validate_response(
        response,
        headers=key,
        excluded_checks=excused(case, response),
        transport_kwargs={"headers": key},
    )


@document_in_short.parametrize()
def test_nothing_but_what_is_public_is_done_without_a_key(
    case: schemathesis.Case, key: dict[str, str]
) -> None:
    public = case.operation.definition.raw.get("security") == [{}]

    response = case.call()

    assert (response.status_code == 401) is (not public and case.method != "OPTIONS") or (
        response.status_code in (404, 405) and case.method != case.operation.method.upper()
    )


def shape(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document.raw_schema["components"]["schemas"][name]
    return found


def test_the_pattern_of_a_text_takes_what_the_service_takes() -> None:
    pattern = re.compile(shape("Identifier")["properties"]["value"]["pattern"])
    surrogates = range(0xD800, 0xE000)  # of which JSON in UTF-8 has none
    for code_point in (*range(0x10000), 0x1F986, 0xE0001, 0xE007F, 0xF0000, sys.maxunicode):
        character = chr(code_point)
        if code_point not in surrogates:
            for text in (character, f"a{character}", f" {character} "):
                assert bool(pattern.fullmatch(text)) is (unfit_text(text) is None), hex(code_point)


@pytest.mark.parametrize("scheme", FORMS)
def test_the_form_of_a_scheme_takes_what_the_service_takes(scheme: Scheme) -> None:
    forms = {
        form["if"]["properties"]["scheme"]["const"]: form["then"]["properties"]["value"]["pattern"]
        for form in shape("Identifier")["allOf"]
    }
    values: tuple[str, ...] = (
        "",
        "1",
        "RX9",
        "10099901",
        "09990001",
        "SC123456",
        "sc012345",
        "NIC12345",
        "R0000001",
    )
    values += (
        "1234567",
        "123456-1",
        "a.b_c~d-e",
        "x" * 80,
        "x" * 81,
        "OC30000A",
        "AB12",
        "ßß",
        "٣٣٣",
    )
    values += tuple(
        f"{blank}RX9{blank}" for blank in (" ", "\u00a0", "\u3000", "\n", "\x1f", "\x85")
    )
    for value in values:
        assert bool(re.fullmatch(forms[scheme.value], value)) is (ill_formed(scheme, value) is None)


def test_a_shape_that_is_sent_takes_no_other_field() -> None:
    asked = ("Question", "Identifier", "ProgrammeReference", "TrainerReference", "Scope")
    confirmed = ("Confirming", "EndOfConfirmation", "Organisation")
    for name in (*asked, *confirmed):
        assert set(shape(name)["propertyNames"]["enum"]) == shape(name)["properties"].keys()


def test_no_parameter_is_said_to_take_null() -> None:
    for path in document.raw_schema["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                assert "null" not in json.dumps(parameter["schema"])
