"""Keys that end and tell when they were used; requests counted, and requests sent again."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index(op.f("ix_verifications_known_at"), "verifications", ["known_at"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index(op.f("ix_verifications_known_at"), "verifications")
