"""What the tests of the wire ask with."""

from typing import Any

import pytest

from tests.service import Service


@pytest.fixture
async def key(service: Service, register: dict[str, Any]) -> str:
    """A key to ask with, of a register that would answer."""
    await service.publish(register)
    return await service.key()
