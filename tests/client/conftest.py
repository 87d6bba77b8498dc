"""Fixtures for tests of the client: a server that follows a script, and the real service."""

from collections.abc import Iterator

import pytest

from tests.client.answering import Answering, answering_service
from tests.client.scripted import KEY, Scripted, scripted_server
from trivet_client import Retries, TrivetClient


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """A server that replies as the test scripts it."""
    with scripted_server() as script:
        yield script


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    """The real service, with the sample register and two keys."""
    with answering_service(tmp_path_factory.mktemp("answering")) as service:
        yield service


@pytest.fixture
def pauses() -> list[float]:
    """How long the client would have waited, each time that it did."""
    return []


@pytest.fixture
def client(scripted: Scripted, pauses: list[float]) -> Iterator[TrivetClient]:
    """A client of the scripted server; it notes its pauses and takes none."""
    retries = Retries(jitter=lambda: 1.0)
    with TrivetClient(scripted.url, KEY, retries=retries, sleep=pauses.append) as made:
        yield made
