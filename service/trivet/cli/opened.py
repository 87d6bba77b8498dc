"""The settings' database, opened for one command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from trivet.database import connect, writing_alone
from trivet.settings import load_settings
from trivet.upgrading import upgrade

T = TypeVar("T")


def with_database(act: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    """Do something with the settings' database, brought up to date."""
    url = load_settings().database_url

    async def run() -> T:
        await upgrade(url)
        engine = connect(url)
        try:
            return await act(engine)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def in_transaction(act: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Do something in one transaction of the settings' database."""

    async def run(engine: AsyncEngine) -> T:
        async with writing_alone(engine) as connection:
            return await act(connection)

    return with_database(run)
