"""Settings that have to stand before Tryton is imported, a Tryton for each worker, and a service beside it."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from beside import Trivet, serving

import trivet_tryton.decision  # noqa: F401  # so that its files are found below

MODULE = Path(trivet_tryton.__file__).parent


def _made_of() -> str:
    """Return a digest of what a database with the module in it is made of."""
    files = sorted(each for each in MODULE.rglob("*") if each.is_file() and each.suffix != ".pyc")
    helpers = Path(__file__).with_name("orders.py")
    return hashlib.sha256(b"".join(each.read_bytes() for each in [*files, helpers])).hexdigest()[:16]


CACHE = Path(tempfile.gettempdir()) / f"trivet-tryton-{os.getuid()}-{_made_of()}"
CACHE.mkdir(exist_ok=True, mode=0o700)
os.environ.setdefault("TRYTOND_DATABASE_URI", "sqlite://")
os.environ.setdefault("DB_NAME", ":memory:")
os.environ.setdefault("DB_CACHE", str(CACHE))


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    """A service that mirrors the sample register."""
    with serving(tmp_path_factory.mktemp("trivet") / "service") as trivet:
        yield trivet


@pytest.fixture(scope="session")
def tryton() -> Any:
    """A Tryton in which this worker orders; one worker makes it, and the others take what it made."""
    import orders  # noqa: PLC0415  # Tryton reads the settings above when it is imported

    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return orders.tryton()
