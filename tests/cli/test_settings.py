"""Settings that are missing or wrong: one line on standard error that names the setting, and nothing done."""

import os

import pytest

from tests.commands import Operator
from tests.service import PROFILE

PEPPERED = [["sync"], ["keys", "create", "--account", "A"], ["serve", "--port", "0"]]


@pytest.mark.parametrize("command", PEPPERED, ids=" ".join)
@pytest.mark.parametrize(
    ("pepper", "said"),
    [("", "TRIVET_KEY_PEPPER is not set"), ("x" * 31, "TRIVET_KEY_PEPPER is too short")],
)
def test_a_missing_or_short_pepper_is_told_and_never_repeated(
    operator: Operator, command: list[str], pepper: str, said: str
) -> None:
    operator.set("TRIVET_KEY_PEPPER", pepper)
    (operator.sources / "cases.toml").write_text(PROFILE)
    line = operator.refused(*command)
    assert line.startswith(said)
    assert "at least 32 characters" in line
    assert not pepper or pepper not in line
    assert not (operator.folder / "trivet.db").exists()


COMMANDS = [*PEPPERED, ["register", "status"], ["keys", "list"], ["database", "upgrade"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("url", ["mysql://localhost/trivet", "trivet.db", "sqlite:"])
def test_a_database_of_another_engine_is_told(
    operator: Operator, command: list[str], url: str
) -> None:
    operator.set("TRIVET_DATABASE_URL", url)
    (operator.sources / "cases.toml").write_text(PROFILE)
    assert operator.refused(*command).startswith("TRIVET_DATABASE_URL begins with ")


SECRETS = ["TRIVET_KEY_PEPPER", "TRIVET_DATABASE_URL"]


def test_secrets_are_read_from_the_files_that_are_named(operator: Operator) -> None:
    key = operator.key()
    for name in SECRETS:
        file = operator.folder / name.lower()
        file.write_text(os.environ[name] + "\n")
        operator.set(f"{name}_FILE", str(file))
        operator.set(name, "")
    known = operator.done("keys", "list")
    assert key.split("_")[2] in known
    assert operator.key()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (None, "{0}_FILE: {1} can't be read: No such file or directory"),
        (b"\xff", "{0}_FILE: {1} holds no text"),
        (b"\n", "{0}_FILE: {1} is empty"),
    ],
)
def test_a_secrets_file_without_a_secret_is_told(
    operator: Operator, command: list[str], name: str, kept: bytes | None, said: str
) -> None:
    file = operator.folder / "secret"
    if kept is not None:
        file.write_bytes(kept)
    operator.set(name, "")
    operator.set(f"{name}_FILE", str(file))
    assert operator.refused(*command) == said.format(name, file)
    assert not (operator.folder / "trivet.db").exists()


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_given_twice_is_told_and_never_repeated(
    operator: Operator, name: str
) -> None:
    file = operator.folder / "secret"
    file.write_text(os.environ[name])
    operator.set(f"{name}_FILE", str(file))
    line = operator.refused("keys", "list")
    assert line == f"{name} and {name}_FILE are both set: keep one of them"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("place", ["folder", "text", "text/trivet.db"])
def test_a_database_file_that_can_not_be_one_is_told(
    operator: Operator, command: list[str], place: str
) -> None:
    (operator.folder / "folder").mkdir()
    (operator.folder / "text").write_text("This is no database, however long one looks at it." * 20)
    file = operator.folder / place
    operator.set("TRIVET_DATABASE_URL", f"sqlite:///{file}")
    (operator.sources / "cases.toml").write_text(PROFILE)
    line = operator.refused(*command)
    assert line.startswith("TRIVET_DATABASE_URL: ")
    assert str(file) in line


@pytest.mark.parametrize("command", [["sync"], ["sources", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("", "TRIVET_SOURCES is not set: name the folder that holds the source profiles"),
        ("nowhere", "TRIVET_SOURCES: {0}/nowhere is not a folder"),
    ],
)
def test_a_missing_folder_of_sources_is_told(
    operator: Operator, command: list[str], folder: str, said: str
) -> None:
    operator.set("TRIVET_SOURCES", str(operator.folder / folder) if folder else "")
    assert operator.refused(*command) == said.format(operator.folder)


def test_an_unknown_source_is_told_with_those_that_there_are(operator: Operator) -> None:
    for name in ("one", "two"):
        (operator.sources / f"{name}.toml").write_text(PROFILE)
    line = operator.refused("sync", "one", "three")
    assert line == "no source profile is named three; there are: one, two"


def test_a_folder_without_profiles_is_told(operator: Operator) -> None:
    assert operator.refused("sync").startswith("sources: holds no source profile")


@pytest.mark.parametrize(
    "command",
    [["sing"], ["keys", "sing"], ["sync", "--loudly"], ["sources", "check"]],
    ids=" ".join,
)
def test_a_command_that_there_is_not_is_told(operator: Operator, command: list[str]) -> None:
    assert operator.refused(*command)


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"]], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("TRIVET_WEBHOOK_PORTS", "9010-9000"),
        ("TRIVET_WEBHOOK_PORTS", "0"),
        ("TRIVET_WEBHOOK_PORTS", "443,https"),
        ("TRIVET_WEBHOOK_PORTS", "65536"),
        ("TRIVET_WEBHOOK_NETWORKS", "10.20.0.5/16"),
        ("TRIVET_WEBHOOK_NETWORKS", "the ward's"),
        ("TRIVET_SECRETS_KEY", "c2hvcnQ="),
    ],
)
def test_nothing_starts_that_could_send_no_webhook(
    operator: Operator, command: list[str], name: str, given: str
) -> None:
    operator.set(name, given)
    assert operator.refused(*command).startswith(f"{name} " if "KEY" in name else f"{name}: ")
