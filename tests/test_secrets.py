"""What must not be told: a key's secret, the pepper, a family name. Planted, used every way, looked for everywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Operator
from tests.databases import held, settings_of
from tests.processes import served
from tests.register.documents import authorisation, whole
from tests.service import PEPPER, PROFILE

NAME = "Quillfeather-Planted"
QUESTION = {
    "provider": {"scheme": "register", "value": "heron"},
    "programme": {"scheme": "register", "value": "heron-1"},
    "trainer": {"scheme": "register", "value": "planted-1", "familyName": NAME},
    "reference": "PO-77",
}
ILL_FORMED: list[dict[str, Any]] = [
    {"scheme": "register", "value": "planted-1", "familyName": [NAME]},
    {"scheme": "register", "value": "planted-1", "familyName": f"{NAME}\x00"},
    {"scheme": "register", "value": "planted-1", "familyName": NAME * 40},
    {"scheme": "register", "value": "planted-1", "surname": NAME},
]
BATCH = "/v1/verifications/batch"


@pytest.fixture
def mirrored(operator: Operator) -> Operator:
    listed = authorisation("AU-planted", trainer="planted-1", familyName=NAME)
    (operator.sources / "register.json").write_text(json.dumps(whole(authorisations=[listed])))
    (operator.sources / "list.toml").write_text(PROFILE)
    operator.done("sync")
    return operator


def told_by_a_service(operator: Operator, key: str) -> dict[str, str]:
    """Use the secrets every way there is; return all that a service told of it but the answers to their holder."""
    wrong = key[:-4] + "0000"
    told = {}
    with served(operator.folder, log="planted.log") as service, service.client(key) as client:
        client.post("/v1/verifications", json=QUESTION)
        client.post("/v1/verifications", json=QUESTION, headers={"Idempotency-Key": f"x-{NAME}"})
        for n, question in enumerate(
            (
                {**QUESTION, "trainer": {**QUESTION["trainer"], "scheme": NAME}},  # type: ignore[dict-item]
                {**QUESTION, "trainer": NAME},
                {**QUESTION, "deliveredOn": 7},
                {**QUESTION, "knownAt": "2999-01-01T00:00:00Z"},
            )
        ):
            refused = client.post("/v1/verifications", json=question)
            assert refused.status_code == 400
            told[f"problem {n}"] = refused.text.replace(NAME, "") if n < 2 else refused.text
        rows = (QUESTION, *({**QUESTION, "trainer": trainer} for trainer in ILL_FORMED))
        lines = "\n".join(map(json.dumps, rows))
        headers = {"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"}
        assert client.post(BATCH, content=lines, headers=headers).status_code == 200
        client.get("/v1/providers", params={"query": NAME})
        client.get(f"/v1/verifications/{NAME}")
        told["a wrong key"] = client.get(
            "/v1/register", headers={"Authorization": f"Bearer {wrong}"}
        ).text
        for path in ("/metrics", "/health/ready", "/health/live", "/v1/register", "/openapi.json"):
            told[path] = client.get(path).text
    told["log"] = (operator.folder / "planted.log").read_text()
    return told


def test_no_secret_and_no_name_is_in_a_log_a_metric_an_error_or_the_database(
    mirrored: Operator,
) -> None:
    key = mirrored.key()
    secret = key.rpartition("_")[2]

    told = told_by_a_service(mirrored, key)
    told["keys list"] = mirrored.done("keys", "list")
    told["accounts"] = mirrored.done("accounts", "list")
    told["acts"] = mirrored.done("audit", "acts")

    assert "request" in told["log"]
    for place, text in told.items():
        for planted in (secret, secret[:-4], PEPPER, NAME, NAME.casefold()):
            assert planted not in text, place
    kept = held(settings_of(mirrored.folder)["TRIVET_DATABASE_URL"])
    for planted in (secret, PEPPER):
        assert planted.encode() not in kept


def test_a_family_name_is_in_the_database_in_nothing_but_the_document_that_names_it(
    mirrored: Operator, tmp_path: Path
) -> None:
    told_by_a_service(mirrored, mirrored.key())
    document = (mirrored.sources / "register.json").read_bytes()

    export = tmp_path / "audit.ndjson"
    mirrored.done("audit", "export", str(export))
    copy = tmp_path / "copy.db"
    mirrored.done("backup", str(copy))  # one file, without a journal

    assert NAME not in export.read_text()
    assert copy.read_bytes().count(NAME.encode()) == document.count(NAME.encode())
