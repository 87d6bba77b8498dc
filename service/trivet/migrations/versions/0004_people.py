"""Retention, erasure and the budget of unknown trainers."""

import sqlalchemy as sa
from alembic import op

from trivet.database import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "purges",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("before", Instant(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purges")),
    )
    op.create_table(
        "unknown_trainers",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "day", name=op.f("pk_unknown_trainers")),
    )
    with op.batch_alter_table("raw_documents") as table:
        table.add_column(sa.Column("emptied_by", sa.String(length=40), nullable=True))
    with op.batch_alter_table("verifications") as table:
        table.add_column(sa.Column("naming", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("emptied_by", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_verifications_account_naming"), "verifications", ["account", "naming"])
    op.create_index(
        op.f("ix_verifications_checked_at"),
        "verifications",
        ["checked_at"],
        sqlite_where=sa.text("answer IS NOT NULL"),
        postgresql_where=sa.text("answer IS NOT NULL"),
    )
    # Nothing has ever been erased before this.
    with op.batch_alter_table("erasures", recreate="always") as table:
        table.add_column(sa.Column("person", sa.String(length=64), nullable=False))
    op.create_index(op.f("ix_erasures_person"), "erasures", ["person"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index(op.f("ix_erasures_person"), "erasures")
    with op.batch_alter_table("erasures") as table:
        table.drop_column("person")
    op.drop_index(op.f("ix_verifications_checked_at"), "verifications")
    op.drop_index(op.f("ix_verifications_account_naming"), "verifications")
    with op.batch_alter_table("verifications") as table:
        table.drop_column("emptied_by")
        table.drop_column("naming")
    with op.batch_alter_table("raw_documents") as table:
        table.drop_column("emptied_by")
    op.drop_table("unknown_trainers")
    op.drop_table("purges")
