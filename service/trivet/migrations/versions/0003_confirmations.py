"""What the certification body confirmed to the operator."""

import sqlalchemy as sa
from alembic import op

from trivet.database import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("register", sa.String(length=100), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=40), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(op.f("ix_confirmations_kind_register"), "confirmations", ["kind", "register"])
    op.create_index(op.f("ix_confirmations_person"), "confirmations", ["person"])
    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("good_until", sa.Date(), nullable=True))
    with op.batch_alter_table("snapshot_sources") as table:
        table.alter_column("max_age_seconds", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take the tables back; a register with a confirmation in it can't be."""
    with op.batch_alter_table("snapshot_sources") as table:
        table.alter_column("max_age_seconds", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("statements") as table:
        table.drop_column("good_until")
        table.drop_column("confirmed_on")
    op.drop_table("confirmations")
