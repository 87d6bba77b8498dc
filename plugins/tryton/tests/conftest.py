"""Settings that have to stand before Tryton is imported, a Tryton for each worker, and a service beside it."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from beside import Trivet, serving

PLUGIN = Path(str(files("trivet_tryton")))


def _made_of() -> str:
    """Return a digest of what a database with the module in it is made of."""
    helpers = Path(__file__).with_name("orders.py")
    each = sorted(e for e in PLUGIN.rglob("*") if e.is_file() and e.suffix != ".pyc")
    return hashlib.sha256(b"".join(e.read_bytes() for e in [*each, helpers])).hexdigest()[:16]


DIGEST = _made_of()
CACHE = Path(tempfile.gettempdir()) / f"trivet-tryton-{os.getuid()}-{version('trytond')}"
CACHE.mkdir(exist_ok=True, mode=0o700)
os.environ.setdefault("TRYTOND_DATABASE_URI", "sqlite://")
os.environ.setdefault("XDG_RUNTIME_DIR", str(CACHE))  # where PostgreSQL's wheel keeps its lock
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
        return orders.tryton(DIGEST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each file on one worker, so that the server and each service are started once."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  # not needed without workers

    return LoadScopeScheduling(config, log)
