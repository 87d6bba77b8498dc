"""Where the keys that sign receipts are kept."""

from pathlib import Path

from sqlalchemy import make_url

from trivet.private_files import write
from trivet.settings import SettingError, Settings
from trivet.verification.receipts import BadKey, SigningKeys


def signing_keys(settings: Settings) -> SigningKeys:
    """Return the keys of TRIVET_SIGNING_KEY; SettingError says what is wrong with the file.

    Where it is not set, they are kept beside the SQLite file, made at the first start: a receipt has to verify with the
    same key after the next.
    """
    if settings.signing_key is not None:
        return read_keys(settings.signing_key)
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise SettingError(
            "TRIVET_SIGNING_KEY is not set: every process has to sign with the same key; make it with "
            "`trivet keys signing-key FILE` and give the file to each of them"
        )
    database = url.database
    if not database or database == ":memory:":
        return SigningKeys.new()
    beside = Path(database).with_name("signing-key.json")
    if not beside.exists():
        write_keys(beside, SigningKeys.new())
    return read_keys(beside)


def read_keys(file: Path) -> SigningKeys:
    """Read keys from a file; SettingError says what is wrong with it."""
    try:
        return SigningKeys.parse(file.read_text())
    except OSError as error:
        raise SettingError(f"TRIVET_SIGNING_KEY: {file} can't be read: {error.strerror}") from None
    except (BadKey, UnicodeDecodeError) as error:
        raise SettingError(f"TRIVET_SIGNING_KEY: {file}: {error}") from None


def write_keys(file: Path, keys: SigningKeys) -> None:
    """Write keys whole, for their owner alone to read."""
    write(file, keys.secret() + "\n")
