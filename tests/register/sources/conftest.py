"""A site for every test that asks one."""

from collections.abc import Iterator

import pytest

from tests.register.sources.sites import FakeSite, running_site


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with running_site() as running:
        yield running
