"""Watches, events, and the endpoints that events are sent to."""

import sqlalchemy as sa
from alembic import op

from trivet.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    _create_watches()
    _create_events()
    _create_deliveries()
    for statement in _appended_only():
        op.execute(statement)


def _create_watches() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("watched", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_index(op.f("ix_watches_account_id"), "watches", ["account", "id"])
    op.create_index(op.f("ix_watches_ended_at"), "watches", ["ended_at"])
    op.create_index(
        "ix_watches_live_reference",
        "watches",
        ["account", "test", "reference"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_watches_person"), "watches", ["person"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=True),
        sa.Column("erasures", sa.Integer(), nullable=False),
        sa.Column("stale", sa.JSON(), nullable=False),
        sa.Column("quarantined", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=100), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("before", sa.String(length=20), nullable=True),
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("corrects", sa.String(length=40), nullable=True),
        sa.Column("snapshot", sa.String(length=40), nullable=True),
        sa.Column("watch_count", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
    op.create_index(op.f("ix_events_account_number"), "events", ["account", "number"])
    op.create_index(
        op.f("ix_events_account_subject_kind_subject"),
        "events",
        ["account", "subject_kind", "subject"],
    )
    op.create_index(op.f("ix_events_person"), "events", ["person"])
    op.create_table(
        "event_watches",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("watch", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("trainer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.number"], name=op.f("fk_event_watches_event")),
        sa.PrimaryKeyConstraint("event", "position", name=op.f("pk_event_watches")),
    )
    op.create_index(op.f("ix_event_watches_person"), "event_watches", ["person"])
    op.create_index(op.f("ix_event_watches_watch"), "event_watches", ["watch"])


def _create_deliveries() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=True),
        sa.Column("types", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("disabled_by", sa.String(length=20), nullable=True),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("failed_at", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(op.f("ix_webhook_endpoints_account_id"), "webhook_endpoints", ["account", "id"])
    op.create_table(
        "webhook_secrets",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("endpoint", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["webhook_endpoints.id"], name=op.f("fk_webhook_secrets_endpoint")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhook_secrets")),
    )
    op.create_index(op.f("ix_webhook_secrets_endpoint"), "webhook_secrets", ["endpoint"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.String(length=40), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_now", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["webhook_endpoints.id"], name=op.f("fk_deliveries_endpoint")
        ),
        sa.ForeignKeyConstraint(["event"], ["events.number"], name=op.f("fk_deliveries_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["endpoint", "due_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_deliveries_ended_at"), "deliveries", ["ended_at"])
    op.create_index(
        op.f("ix_deliveries_endpoint_event"), "deliveries", ["endpoint", "event"], unique=True
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["endpoint", "lane", "event"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "delivery_tries",
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.id"], name=op.f("fk_delivery_tries_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery", "number", name=op.f("pk_delivery_tries")),
    )


_LASTING: dict[str, tuple[str, ...]] = {
    "events": (
        "number",
        "id",
        "account",
        "type",
        "at",
        "effective_on",
        "lane",
        "corrects",
        "snapshot",
    ),
    "event_watches": ("event", "position", "watch", "kind", "before", "after"),
}
"""What nobody may change of what was told, or take away; what retention and erasure empty is not among it."""


def _appended_only() -> list[str]:
    if op.get_context().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            f"BEGIN SELECT raise(abort, '{table} are appended only'); END"
            for table, name, event in _refused()
        ]
    return [  # the function is there since 0005
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION appended_only()"
        for table, name, event in _refused()
    ]


def _refused() -> list[tuple[str, str, str]]:
    return [
        refused
        for table, columns in _LASTING.items()
        for refused in (
            (table, "stay", "DELETE"),
            (table, "last", f"UPDATE OF {', '.join(columns)}"),
        )
    ]


def downgrade() -> None:
    """Take the tables back."""
    for table in ("delivery_tries", "deliveries", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table)
    for table in ("event_watches", "events", "rounds", "watches"):
        op.drop_table(table)
