"""How Alembic reaches the database: the tables of every room, in one transaction that writes."""

import asyncio
from typing import TYPE_CHECKING, cast

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

import trivet.access.acts
import trivet.access.limits
import trivet.access.store
import trivet.alerts.tables
import trivet.http.repeats
import trivet.leases
import trivet.people.purging
import trivet.register.confirmations.table
import trivet.register.quarantine
import trivet.register.store
import trivet.verification.budget
import trivet.verification.store  # noqa: F401 - a room's tables join the metadata when its store is imported
from trivet.database import metadata, writing_alone

if TYPE_CHECKING:
    from advanced_alchemy.alembic.commands import AlembicCommandConfig

config = cast("AlembicCommandConfig", context.config)


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing; SQLite's tables change within the transaction like its rows."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=config.render_as_batch,
        version_table=config.version_table_name,
    )
    context.run_migrations()


async def run() -> None:
    """Take the writer's turn, so that of several processes that start at once one migrates."""
    engine = cast("AsyncEngine", config.engine)
    async with writing_alone(engine) as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(run())
