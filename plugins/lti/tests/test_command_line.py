"""What an operator does by the command line."""

from pathlib import Path

import pytest

from trivet_lti.cli import main

ADD = [
    *("platforms", "add", "--issuer", "https://lms.example", "--client-id", "tool-1"),
    *("--deployment", "1", "--deployment", "2", "--auth-url", "https://lms.example/auth"),
    *("--token-url", "https://lms.example/token", "--jwks-url", "https://keys.lms.example/jwks"),
]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRIVET_LTI_URL", "https://lti.example/")
    monkeypatch.setenv("TRIVET_LTI_FOLDER", str(tmp_path / "data"))
    monkeypatch.delenv("TRIVET_LTI_ALLOW_LOOPBACK_HTTP", raising=False)


def test_a_platform_is_added_listed_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ADD) == 0
    added = capsys.readouterr().out.strip()
    assert main(["platforms", "list"]) == 0
    assert capsys.readouterr().out == f"{added}\thttps://lms.example\ttool-1\t1,2\n"
    assert main(["platforms", "remove", added]) == 0
    main(["platforms", "list"])
    assert capsys.readouterr().out == ""


def test_a_platform_is_registered_once(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADD)

    assert main(ADD) == 1
    assert "remove them first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("--auth-url", "http://lms.example/auth"),
        ("--token-url", "http://127.0.0.1/token"),
        ("--jwks-url", "file:///etc/passwd"),
        ("--jwks-url", "https://user:pass@lms.example/"),
        ("--origin", "https://lms.example; script-src *"),
        ("--origin", "*"),
    ],
)
def test_an_address_that_may_not_be_called_is_not_registered(
    field: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ADD, field, address]) == 1

    assert capsys.readouterr().err.startswith(f"trivet-lti: {field}: ")


def test_http_on_this_machine_is_taken_where_the_operator_allows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIVET_LTI_ALLOW_LOOPBACK_HTTP", "1")

    assert main([*ADD, "--token-url", "http://127.0.0.1:8000/token"]) == 0
    assert main([*ADD, "--client-id", "2", "--token-url", "http://10.0.0.1/token"]) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRIVET_LTI_URL", ""),
        ("TRIVET_LTI_URL", "http://lti.example"),
        ("TRIVET_LTI_URL", "https://trust.example/lti"),
        ("TRIVET_LTI_KEPT_HOURS", "soon"),
        ("TRIVET_LTI_CHECK_HOURS", "-1"),
        ("TRIVET_LTI_ALLOW_LOOPBACK_HTTP", "perhaps"),
    ],
)
def test_a_setting_that_cant_be_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)

    assert main(["config"]) == 1
    assert name in capsys.readouterr().err


def test_what_a_platform_has_to_know_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config"]) == 0

    assert '"target_link_uri": "https://lti.example/launch"' in capsys.readouterr().out


def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    main(["platforms", "list"])

    assert (tmp_path / "data" / "lti.db").stat().st_mode & 0o077 == 0
