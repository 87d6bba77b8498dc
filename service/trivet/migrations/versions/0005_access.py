"""Keys that end and tell when they were used; requests counted and sent again; a log that can only be added to."""

import sqlalchemy as sa
from alembic import op

from trivet.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("keys") as keys:
        keys.add_column(sa.Column("expires_at", Instant(), nullable=True))
        keys.add_column(sa.Column("last_used_at", Instant(), nullable=True))
        keys.add_column(sa.Column("replaced_by", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_verifications_known_at"), "verifications", ["known_at"])
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("given", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("created", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", "given", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_at"), "idempotency_keys", ["at"])
    op.create_table(
        "request_counts",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("policy", sa.String(length=20), nullable=False),
        sa.Column("began", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "policy", "began", name=op.f("pk_request_counts")),
    )
    _create_batches()
    op.create_table(
        "acts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    for statement in _appended_only():
        op.execute(statement)


def _create_batches() -> None:
    with op.batch_alter_table("verifications") as verifications:
        verifications.add_column(sa.Column("batch", sa.String(length=40), nullable=True))
        verifications.add_column(sa.Column("batch_row", sa.Integer(), nullable=True))
    of_batch = sa.text("batch IS NOT NULL")
    op.create_index(
        op.f("ix_verifications_batch_batch_row"),
        "verifications",
        ["batch", "batch_row"],
        sqlite_where=of_batch,
        postgresql_where=of_batch,
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("known_at", Instant(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("body", sa.String(length=64), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_account_id"), "batches", ["account", "id"])
    op.create_table(
        "batch_problems",
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("batch_row", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "batch_row", name=op.f("pk_batch_problems")),
    )
    op.create_index(op.f("ix_batch_problems_at"), "batch_problems", ["at"])


_COUNTS = ("rows", "passed", "failed", "unconfirmed", "problems")

_LASTING: dict[str, tuple[str, ...]] = {
    "verifications": (
        "id",
        "account",
        "key",
        "test",
        "purpose",
        "verdict",
        "delivered_on",
        "known_at",
        "snapshot",
        "checked_at",
        "person",
        "question_digest",
        "answer_digest",
    ),
    "acts": ("id", "at", "act", "subject", "detail"),
}
"""What nobody may change of a log, or take away; what retention and erasure empty is not among it."""


def _appended_only() -> list[str]:
    if op.get_context().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            f"BEGIN SELECT raise(abort, '{table} are appended only'); END"
            for table, name, event in _refused()
        ]
    function = (
        "CREATE FUNCTION appended_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% are appended only', TG_TABLE_NAME; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION appended_only()"
            for table, name, event in _refused()
        ),
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
    suffix = "" if op.get_context().dialect.name == "sqlite" else " ON {}"
    for table, name, _ in _refused():
        op.execute(f"DROP TRIGGER {table}_{name}{suffix.format(table)}")
    if suffix:
        op.execute("DROP FUNCTION appended_only()")
    op.drop_table("acts")
    op.drop_table("batch_problems")
    op.drop_table("batches")
    op.drop_index(op.f("ix_verifications_batch_batch_row"), "verifications")
    with op.batch_alter_table("verifications") as verifications:
        verifications.drop_column("batch_row")
        verifications.drop_column("batch")
    op.drop_table("request_counts")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("ix_verifications_known_at"), "verifications")
    with op.batch_alter_table("keys") as keys:
        for column in ("expires_at", "last_used_at", "replaced_by"):
            keys.drop_column(column)
