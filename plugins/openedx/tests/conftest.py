"""A small platform and a real service, for all tests."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_folder = tempfile.TemporaryDirectory(prefix="platform-")
_database, _empty = (Path(_folder.name) / name for name in ("platform.db", "empty.db"))
os.environ["PLATFORM_DATABASE"] = str(_database)
os.environ["DJANGO_SETTINGS_MODULE"] = "platform_settings"

import django  # noqa: E402 - only now are its settings there

django.setup()

from courses import chosen, nobody_there  # noqa: E402  # after Django is set up
from django.contrib.contenttypes.models import ContentType  # noqa: E402  # after Django is set up
from django.core.management import call_command  # noqa: E402  # after Django is set up
from django.db import connection  # noqa: E402  # after Django is set up
from django.test import override_settings  # noqa: E402  # after Django is set up
from django.test.utils import setup_test_environment  # noqa: E402  # after Django is set up
from platform_settings import STEPS  # noqa: E402  # after Django is set up

from beside import Trivet, serving  # noqa: E402  # after Django is set up
from trivet_client import TrivetClient  # noqa: E402  # after Django is set up

ASK_NOBODY = {
    "test_broken.py",
    "test_days.py",
    "test_flights.py",
    "test_installed.py",
    "test_setting_up.py",
}


class _OneWorkerAsks(LoadScopeScheduling):
    """Has one worker run all that asks the service, so that it is started once."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0]).name
        return nodeid if file in ASK_NOBODY else "asks the service"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _OneWorkerAsks(config, log)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trivet]:
    """A service with the sample register. Whoever changes that puts it right."""
    with serving(tmp_path_factory.mktemp("trivet")) as service:
        yield service


@pytest.fixture
def trivet(running: Trivet) -> Iterator[Trivet]:
    """The service, asked by the platform. Without it the platform asks where nobody answers."""
    with chosen(URL=running.url, KEY=running.key):
        yield running


@pytest.fixture(scope="session")
def tables() -> Iterator[None]:
    """The tables, made once. Each test begins on a copy."""
    setup_test_environment(debug=False)
    call_command("migrate", verbosity=0)
    connection.close()
    shutil.move(_database, _empty)
    yield
    for each in gc.get_objects():  # a client lives as long as its process, and that ends here
        if isinstance(each, TrivetClient):
            each.close()


@pytest.fixture(autouse=True)
def platform(tables: None) -> Iterator[None]:
    """The platform as it is set up, and an empty database."""
    shutil.copy(_empty, _database)
    ContentType.objects.clear_cache()
    nobody = {"URL": nobody_there(), "KEY": "tvt_live_nobody_s", "TIME_LIMIT_SECONDS": 20}
    with override_settings(TRIVET_OPENEDX=nobody):
        yield
    connection.close()


@pytest.fixture(params=[True, False], ids=["silently", "loudly"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pipelines that fail silently, and pipelines that don't."""
    filters = {
        filter_type: {
            "pipeline": [f"trivet_openedx.steps.{step}"],
            "fail_silently": request.param,
        }
        for filter_type, step in STEPS.items()
    }
    with override_settings(OPEN_EDX_FILTERS_CONFIG=filters):
        yield
