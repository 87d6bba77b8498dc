"""Leases, the queue of jobs, and what became of quarantined readings."""

from typing import Any

import sqlalchemy as sa
from advanced_alchemy.types import GUID, DateTimeUTC, JsonB
from alembic import op

from trivet.database import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "quarantine_decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_quarantine_decisions")),
    )
    op.create_index(
        op.f("ix_quarantine_decisions_source_digest"), "quarantine_decisions", ["source", "digest"]
    )
    _create_queue()


def _create_queue() -> None:
    # The shape of litestar-queues 0.12's own models; a test holds the two against each other.
    op.create_table(
        "queue_task",
        sa.Column("id", GUID(length=16), nullable=False),
        sa.Column("task_name", sa.String(length=500), nullable=False),
        sa.Column("task_args", JsonB, nullable=False),
        sa.Column("task_kwargs", JsonB, nullable=False),
        sa.Column("queue", sa.String(length=255), nullable=False),
        sa.Column("execution_backend", sa.String(length=255), nullable=False),
        sa.Column("execution_profile", sa.String(length=255), nullable=True),
        sa.Column("execution_ref", sa.String(length=1000), nullable=True),
        sa.Column("worker_id", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("max_retries", sa.Integer(), nullable=False),
        sa.Column("retry_count", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatch_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", JsonB, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("task_key", sa.String(length=500), nullable=True),
        sa.Column("metadata", JsonB, nullable=False),
        *_audited(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_task")),
        sa.UniqueConstraint("task_key", name=op.f("uq_queue_task_task_key")),
    )
    for name, columns in _QUEUE_INDEXES.items():
        op.create_index(op.f(f"ix_queue_task_{name}"), "queue_task", columns)
    op.create_table(
        "queue_maintenance",
        sa.Column("id", GUID(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("token", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *_audited(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_maintenance")),
        sa.UniqueConstraint("name", name=op.f("uq_queue_maintenance_name")),
    )


def _audited() -> list[sa.Column[Any]]:
    return [
        sa.Column("sa_orm_sentinel", sa.Integer(), nullable=True),
        sa.Column("created_at", DateTimeUTC(timezone=True), nullable=False),
        sa.Column("updated_at", DateTimeUTC(timezone=True), nullable=False),
    ]


_QUEUE_INDEXES = {
    "execution": ["status", "execution_ref"],
    "dispatch_repair": ["execution_backend", "status", "dispatch_checked_at", "created_at", "id"],
    "pending": [
        "status",
        "queue",
        "scheduled_at",
        "expires_at",
        "priority",
        "queued_at",
        "created_at",
    ],
    "heartbeat": ["status", "heartbeat_at"],
}


def downgrade() -> None:
    """Take the tables back."""
    for table in ("queue_maintenance", "queue_task", "quarantine_decisions", "leases"):
        op.drop_table(table)
