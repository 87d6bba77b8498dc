"""Secrets of webhooks: random, encrypted under a key of the operator's, and readable while that key is changed."""

import base64
from pathlib import Path

import pytest

from tests.service import environment_in
from trivet.alerts.sealing import Sealing, Unsealed, new_webhook_secret, sealing
from trivet.settings import SettingError, load_settings

OLD, NEW = (base64.b64encode(bytes([byte]) * 32) for byte in (251, 255))


def test_a_secret_is_32_random_bytes_as_the_standard_writes_it() -> None:
    secrets = {new_webhook_secret() for _ in range(100)}
    assert len(secrets) == 100
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_what_is_sealed_opens_under_its_key_alone() -> None:
    sealed = Sealing([OLD]).seal("whsec_x")
    assert "whsec_x" not in sealed
    assert Sealing([OLD]).open(sealed) == "whsec_x"
    for wrong in (sealed[:-4] + "AAA=", "", "whsec_x"):
        with pytest.raises(Unsealed):
            Sealing([OLD]).open(wrong)
    with pytest.raises(Unsealed, match="TRIVET_SECRETS_KEY"):
        Sealing([NEW]).open(sealed)


def test_a_key_is_changed_by_listing_the_new_one_first() -> None:
    before = Sealing([OLD]).seal("old")
    both = Sealing([NEW, OLD])
    after = both.seal("new")
    assert (both.open(before), both.open(after)) == ("old", "new")
    assert Sealing([NEW]).open(after) == "new"
    with pytest.raises(Unsealed):
        Sealing([OLD]).open(after)


def test_the_setting_takes_several_keys_and_says_what_is_wrong_with_one(tmp_path: Path) -> None:
    environ = environment_in(tmp_path)
    both = f"{NEW.decode()}, {OLD.decode()}"
    settings = load_settings({**environ, "TRIVET_SECRETS_KEY": both})
    assert sealing(settings).open(Sealing([OLD]).seal("x")) == "x"
    for wrong in ("short", OLD.decode()[:-8], f"{OLD.decode()},", "ü" * 44):
        settings = load_settings({**environ, "TRIVET_SECRETS_KEY": wrong})
        with pytest.raises(SettingError, match="TRIVET_SECRETS_KEY") as refused:
            sealing(settings)
        assert wrong not in str(refused.value)


def test_without_a_setting_the_key_lies_beside_the_sqlite_file_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    environ = {"TRIVET_DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'trivet.db'}"}
    first, second = (sealing(load_settings(environ)) for _ in range(2))
    assert second.open(first.seal("x")) == "x"
    assert (tmp_path / "new" / "secrets-key").stat().st_mode & 0o077 == 0


def test_several_processes_need_the_setting() -> None:
    settings = load_settings({"TRIVET_DATABASE_URL": "postgresql://host/trivet"})
    with pytest.raises(SettingError, match="TRIVET_SECRETS_KEY is not set"):
        sealing(settings)
